//! The ordered log of each event: the truth.

use async_trait::async_trait;

use crate::domain::ids::{EventId, Fence, Seq};
use crate::journal::{Append, Batch, ChainHash};

/// Stores batches, in order, from the one owner that holds the highest fence.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Begins a journal with its first batch, whose fence is 0 and which begins with 1.
    ///
    /// # Errors
    /// [`JournalError::Exists`] if there is one already.
    async fn create(&self, first: &Append) -> Result<(), JournalError>;

    /// Raises the fence: whoever owned the event before can append no more once this returns, and
    /// everything that it did append is in the answer. An append of the caller's own whose outcome
    /// was unknown is settled by it: either it ends the journal, or it never will.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] if the event has no journal, or was buried.
    async fn take_over(&self, event: EventId) -> Result<TakenOver, JournalError>;

    /// Everything needed to rebuild the state: the latest snapshot and the batches after it.
    ///
    /// Call it after [`Self::take_over`] has returned, or the old owner's last batch may be missed.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] if the event has no journal.
    async fn recover(&self, event: EventId) -> Result<Recovered, JournalError>;

    /// Appends one batch and its rows: all of it or nothing, durable when this returns.
    ///
    /// # Errors
    /// [`JournalError::Fenced`] if another owner has taken over: nothing was written.
    /// [`JournalError::Unavailable`] if the outcome is unknown: [`Self::take_over`] settles it.
    async fn append(&self, append: &Append) -> Result<(), JournalError>;

    /// Keeps a snapshot, in place of older ones; none of an event that was buried.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`]; the older one is still there then.
    async fn save_snapshot(
        &self,
        event: EventId,
        snapshot: &StoredSnapshot,
    ) -> Result<(), JournalError>;

    /// The batches whose first record is after `after`, at most `limit` of them, in order.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] if the event has no journal.
    async fn batches(
        &self,
        event: EventId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Batch>, JournalError>;

    /// The batch that has a record, or the last one if the journal does not go that far.
    ///
    /// # Errors
    /// [`JournalError::NotFound`] if the event has no journal, or the record is 0.
    async fn batch_with(&self, event: EventId, record: Seq) -> Result<Batch, JournalError>;

    /// The latest snapshot, if one was saved.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    async fn snapshot(&self, event: EventId) -> Result<Option<StoredSnapshot>, JournalError>;
}

/// Where a journal stood when it was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOver {
    /// The new owner's fence.
    pub fence: Fence,
    /// The last record.
    pub seq: Seq,
    /// The hash of the last batch.
    pub hash: ChainHash,
}

/// A snapshot as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The last record that is in it.
    pub seq: Seq,
    /// The hash of the batch that ended with that record.
    pub hash: ChainHash,
    /// The state.
    pub state: Vec<u8>,
}

/// See [`Journal::recover`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The latest snapshot, if one was saved.
    pub snapshot: Option<StoredSnapshot>,
    /// Every batch after it, in order.
    pub batches: Vec<Batch>,
}

/// Why a journal did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The event has no journal.
    #[error("the event has no journal")]
    NotFound,
    /// The event has a journal already.
    #[error("the event has a journal already")]
    Exists,
    /// Another owner has taken over, or the batch does not follow on the last one.
    #[error("another owner has taken over")]
    Fenced,
    /// No answer, or not in time: whether anything was written is unknown.
    #[error("journal unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be read.
    #[error("the journal is damaged: {0}")]
    Corrupt(String),
}
