//! What consumers of the record stream could not read. The messages themselves are not shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ops::{Letter, Letters};

/// Messages that a consumer could not read, the oldest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DeadLettersView {
    /// False if no worker was reached: whether there are any is not known.
    pub reached: bool,
    /// False if they are kept in memory alone, as on a node without others.
    pub lasting: bool,
    /// The oldest of them.
    pub letters: Vec<DeadLetterView>,
    /// Whether there are more.
    pub more: bool,
}

/// A message that a consumer could not read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DeadLetterView {
    /// Names it: the consumer and where in the stream it was.
    pub position: String,
    /// The event that it was sent for, if it said so.
    pub event: Option<String>,
    /// Which record it said it was.
    pub seq: Option<u64>,
    /// Why it could not be read.
    pub reason: String,
    /// When that was found.
    pub buried_at: String,
}

impl DeadLettersView {
    /// If no worker was reached.
    pub(crate) fn out_of_reach() -> Self {
        Self { reached: false, lasting: true, letters: Vec::new(), more: false }
    }

    pub(crate) fn of(Letters { lasting, letters }: Letters, limit: usize) -> Self {
        let view = |letter: Letter| DeadLetterView {
            position: letter.position,
            event: letter.event.map(|event| event.to_string()),
            seq: letter.seq.map(|seq| seq.0),
            reason: letter.reason,
            buried_at: letter.buried_at.to_string(),
        };
        let more = letters.len() > limit;
        let letters = letters.into_iter().take(limit).map(view).collect();
        Self { reached: true, lasting, letters, more }
    }
}
