//! Which span wrote a batch: kept for a while, for whoever relays it.

use async_trait::async_trait;

use crate::domain::ids::{EventId, Seq};
use crate::trace::TraceParent;

/// Keeps notes for some minutes at most. What is lost costs the rest of a trace and nothing else, so
/// that nothing here is an error.
#[async_trait]
pub trait TraceNotes: Send + Sync + 'static {
    /// A span wrote the batch that ends with this record.
    async fn note(&self, event: EventId, last: Seq, by: TraceParent);

    /// What was noted of batches that end with these records, in their order; nothing of most.
    async fn noted(&self, event: EventId, lasts: &[Seq]) -> Vec<TraceParent>;
}
