//! What consumers of the record stream could not read. The messages themselves are not shown.

use serde::Serialize;
use tiketi_engine::ports::DeadLetter;
use utoipa::ToSchema;

/// Messages that a consumer could not read, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLettersView {
    /// False if this node is no worker: it does not reach the stream.
    pub reached: bool,
    /// False if they are kept in memory alone, as on a node without others.
    pub lasting: bool,
    /// The oldest of them.
    pub letters: Vec<DeadLetterView>,
    /// Whether there are more.
    pub more: bool,
}

/// A message that a consumer could not read.
#[derive(Debug, Serialize, ToSchema)]
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
    /// Of a node that does not reach the stream.
    pub(crate) fn out_of_reach() -> Self {
        Self { reached: false, lasting: true, letters: Vec::new(), more: false }
    }

    pub(crate) fn of(letters: &[DeadLetter], limit: usize, lasting: bool) -> Self {
        let view = |letter: &DeadLetter| DeadLetterView {
            position: letter.position.clone(),
            event: letter.event.map(|event| event.to_string()),
            seq: letter.seq.map(|seq| seq.0),
            reason: letter.reason.clone(),
            buried_at: letter.buried_at.to_string(),
        };
        let more = letters.len() > limit;
        let letters = letters.iter().take(limit).map(view).collect();
        Self { reached: true, lasting, letters, more }
    }
}
