//! Journals, read a page at a time.

use tiketi_engine::domain::change::Record;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::journal::BatchError;
use tiketi_engine::ports::{Journal, JournalError};

/// Batches of one page.
const BATCHES: u32 = 256;

/// Some batches of a journal, unpacked.
#[derive(Debug)]
pub(super) struct Page {
    /// What is in them, in order.
    pub(super) records: Vec<Record>,
    /// The last of the records.
    pub(super) last: Seq,
    /// The last record of each batch.
    pub(super) ends: Vec<Seq>,
}

/// Why a page cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The journal did not give it.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A batch is not whole, or does not follow on the one before.
    #[error(transparent)]
    Batch(#[from] BatchError),
}

/// What comes after a record that ends a batch; `None` at the end of the journal.
///
/// # Errors
/// [`PageError`].
pub(super) async fn page(
    journal: &dyn Journal,
    event: EventId,
    after: Seq,
) -> Result<Option<Page>, PageError> {
    let batches = journal.batches(event, after, BATCHES).await?;
    let Some(first) = batches.first() else { return Ok(None) };
    let (mut last, mut hash, mut records) = (after, first.prev_hash, Vec::new());
    for batch in &batches {
        records.extend(batch.open(last, hash)?);
        (last, hash) = (batch.last, batch.hash);
    }
    let ends = batches.iter().map(|batch| batch.last).collect();
    Ok(Some(Page { records, last, ends }))
}
