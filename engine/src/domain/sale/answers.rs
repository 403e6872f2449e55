//! Answers to keyed requests, kept so that a repeat gets the first answer and does nothing.

use std::collections::VecDeque;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::domain::command::{Reply, RequestKey};
use crate::domain::limits::{ANSWER_TTL, ANSWERS_MAX};
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;

/// Answers by key, the oldest forgotten after [`ANSWER_TTL`] or beyond [`ANSWERS_MAX`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Answers {
    by_key: IndexMap<u128, (u64, Reply), FxBuildHasher>,
    oldest_first: VecDeque<(Timestamp, u128)>,
}

impl Answers {
    /// The answer to a repeat; `None` if the key is new.
    pub(super) fn find(&self, key: RequestKey) -> Result<Option<Reply>, Rejection> {
        match self.by_key.get(&key.key) {
            None => Ok(None),
            Some((fingerprint, reply)) if *fingerprint == key.fingerprint => {
                Ok(Some(reply.clone()))
            }
            Some(_) => Err(Rejection::KeyReused),
        }
    }

    pub(super) fn keep(&mut self, at: Timestamp, key: RequestKey, reply: Reply) {
        self.by_key.insert(key.key, (key.fingerprint, reply));
        self.oldest_first.push_back((at, key.key));
        while let Some(&(kept_at, oldest)) = self.oldest_first.front() {
            let fresh = at.since(kept_at) < ANSWER_TTL;
            if fresh && self.oldest_first.len() <= ANSWERS_MAX {
                break;
            }
            self.oldest_first.pop_front();
            self.by_key.swap_remove(&oldest);
        }
    }
}
