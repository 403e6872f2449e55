//! What has been decided and is not durable yet, with whoever waits for it.

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;
use tracing::Span;

use crate::domain::change::Record;
use crate::errand::{EngineError, Missed, Told};

/// Somebody who waits for an answer. Dropping it tells them that there will be none.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) respond: oneshot::Sender<Result<Told, Missed>>,
    /// Its share of the bound on what may wait; given back with the answer.
    pub(super) permit: OwnedSemaphorePermit,
    /// When it began to wait.
    pub(super) since: Instant,
    /// Ends with the answer; none if the errand is not traced.
    pub(super) span: Span,
}

impl Waiter {
    pub(super) fn answer(self, answer: Result<Told, EngineError>) {
        self.respond(answer.map_err(Missed::from));
    }

    pub(super) fn respond(self, answer: Result<Told, Missed>) {
        drop(self.permit);
        // Whoever asked may be gone; the outcome stands all the same.
        drop(self.respond.send(answer));
    }
}

/// Records and answers that leave together, once the records are durable.
#[derive(Debug, Default)]
pub(super) struct Batched {
    pub(super) records: Vec<Record>,
    /// The room frame of the state after the records, if one is due.
    pub(super) room: Option<Bytes>,
    answers: Vec<(Waiter, Result<Told, EngineError>)>,
    /// From when it is shipped, if an errand in it is traced.
    pub(super) span: Option<Span>,
}

impl Batched {
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.answers.is_empty()
    }

    /// Adds an answer that may be given once everything decided before it is durable.
    pub(super) fn add(&mut self, waiter: Waiter, answer: Result<Told, EngineError>) {
        self.answers.push((waiter, answer));
    }

    /// The spans of the errands in it, traced or not.
    pub(super) fn spans(&self) -> impl Iterator<Item = &Span> {
        self.answers.iter().map(|(waiter, _)| &waiter.span)
    }

    pub(super) fn release(self) {
        for (waiter, answer) in self.answers {
            waiter.answer(answer);
        }
    }

    /// Nothing of it is durable, or it is not known whether it is.
    pub(super) fn fail(self, missed: &Missed) {
        for (waiter, _) in self.answers {
            waiter.respond(Err(missed.clone()));
        }
    }
}
