//! How far each journal has been relayed to the stream.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::ids::{EventId, Seq};

/// Remembers the last record of each event that the stream has acknowledged.
#[async_trait]
pub trait RelayPositions: Send + Sync + 'static {
    /// Events whose journal goes further than what was acknowledged, at most `limit`; never a
    /// rehearsal.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn behind(&self, limit: u32) -> Result<Vec<Behind>, StoreError>;

    /// Moves an event's position on; false if it is not at `from`: another relay has moved it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn acknowledge(&self, event: EventId, from: Seq, to: Seq) -> Result<bool, StoreError>;
}

/// An event with records that are still to be relayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Which.
    pub event: EventId,
    /// The last record that was acknowledged; 0 for none.
    pub acknowledged: Seq,
    /// The last record of the journal.
    pub last: Seq,
}
