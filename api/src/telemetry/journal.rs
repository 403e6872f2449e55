//! A journal that notes by which span a batch was written, so that its relay can go on with the trace.

use std::sync::Arc;

use async_trait::async_trait;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::journal::{Append, Batch};
use tiketi_engine::ports::{
    Journal, JournalError, Recovered, StoredSnapshot, TakenOver, TraceNotes,
};
use tiketi_engine::trace::{TraceParent, current};
use tokio::sync::mpsc;

use crate::trace;

/// Notes that may wait; one more is not made.
const WAITING_MAX: usize = 1_024;

/// See the module. An append never waits for a note.
pub(crate) struct NotingJournal {
    journal: Arc<dyn Journal>,
    notes: mpsc::Sender<(EventId, Seq, TraceParent)>,
}

impl NotingJournal {
    /// Over another journal; what makes the notes is to be run beside it.
    pub(crate) fn over(
        journal: Arc<dyn Journal>,
        kept: Arc<dyn TraceNotes>,
    ) -> (Self, impl Future<Output = ()>) {
        let (notes, mut waiting) = mpsc::channel(WAITING_MAX);
        let noting = async move {
            while let Some((event, last, by)) = waiting.recv().await {
                kept.note(event, last, by).await;
            }
        };
        (Self { journal, notes }, noting)
    }
}

#[async_trait]
impl Journal for NotingJournal {
    async fn create(&self, first: &Append) -> Result<(), JournalError> {
        self.journal.create(first).await
    }

    async fn take_over(&self, event: EventId) -> Result<TakenOver, JournalError> {
        self.journal.take_over(event).await
    }

    async fn recover(&self, event: EventId) -> Result<Recovered, JournalError> {
        self.journal.recover(event).await
    }

    async fn append(&self, append: &Append) -> Result<(), JournalError> {
        if let Some(by) = trace::parent_of(&current()) {
            // Without a note the trace ends here.
            self.notes.try_send((append.batch.event, append.batch.last, by)).ok();
        }
        self.journal.append(append).await
    }

    async fn save_snapshot(
        &self,
        event: EventId,
        snapshot: &StoredSnapshot,
    ) -> Result<(), JournalError> {
        self.journal.save_snapshot(event, snapshot).await
    }

    async fn batches(
        &self,
        event: EventId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Batch>, JournalError> {
        self.journal.batches(event, after, limit).await
    }

    async fn batch_with(&self, event: EventId, record: Seq) -> Result<Batch, JournalError> {
        self.journal.batch_with(event, record).await
    }

    async fn snapshot(&self, event: EventId) -> Result<Option<StoredSnapshot>, JournalError> {
        self.journal.snapshot(event).await
    }
}
