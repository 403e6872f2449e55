//! What operators do to a dead letter, each with a reason.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ops::Letter;

/// A dead letter to publish again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayBody {
    /// Which, as lists name it: consumer, partition, offset.
    pub position: String,
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what would be published.
    #[serde(default)]
    pub preview: bool,
}

/// A dead letter that is published again, for every consumer, and listed no more.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayView {
    /// Which.
    pub position: String,
    /// Of which event; empty if it does not say.
    pub event: String,
    /// The record that it says it is.
    pub seq: Option<u64>,
    /// Why it could not be read.
    pub reason: String,
    /// Its bytes.
    pub bytes: u64,
    /// Whether it was published; not if it was only asked about.
    pub done: bool,
}

impl ReplayView {
    pub(crate) fn of(letter: &Letter, done: bool) -> Self {
        Self {
            position: letter.position.clone(),
            event: letter.event.map(|event| event.to_string()).unwrap_or_default(),
            seq: letter.seq.map(|seq| seq.0),
            reason: letter.reason.clone(),
            bytes: letter.bytes,
            done,
        }
    }
}
