//! What is durable of an event, as the auditor reads it.

use tiketi_engine::domain::change::Record;
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::journal::ChainHash;
use tiketi_engine::ports::Journal;

/// Batches read at a time.
const PAGE: u32 = 1_000;

/// A whole journal.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    /// Every record.
    pub(crate) records: Vec<Record>,
    /// Of each batch, in order.
    pub(crate) fences: Vec<Fence>,
}

impl Durable {
    /// Reads it, and checks its chain and numbers.
    ///
    /// # Errors
    /// If it cannot be read, has a gap or a broken link.
    pub(crate) async fn read(store: &impl Journal, event: EventId) -> anyhow::Result<Self> {
        let (mut seq, mut hash) = (Seq(0), ChainHash::default());
        let mut durable = Self::default();
        loop {
            let batches = store.batches(event, seq, PAGE).await?;
            for batch in &batches {
                durable.records.extend(batch.open(seq, hash)?);
                durable.fences.push(batch.fence);
                (seq, hash) = (batch.last, batch.hash);
            }
            if batches.is_empty() {
                return Ok(durable);
            }
        }
    }
}
