//! What of an actor's work shows in a trace: each errand, and the batches that traced errands are in.

use tracing::{Span, info_span};

use crate::domain::ids::EventId;
use crate::errand::Errand;
use crate::journal::Batch;
use crate::trace::{self, TARGET};

/// From an errand's arrival at its actor to its answer; none if it is not traced.
pub(super) fn errand(event: EventId, errand: &Errand) -> Span {
    let parent = trace::current();
    if parent.is_none() {
        return parent;
    }
    match errand {
        Errand::Submit(_) => {
            info_span!(target: TARGET, parent: &parent, "command", event.id = %event)
        }
        Errand::Ask(_) => {
            info_span!(target: TARGET, parent: &parent, "question", event.id = %event)
        }
        Errand::HandOver | Errand::HandOverTo(_) | Errand::TakeOver => {
            info_span!(target: TARGET, parent: &parent, "hand-over", event.id = %event)
        }
    }
}

/// A batch, from when it is sealed to when it is durable: in the trace of the first traced errand
/// in it, and linked to all of them. None if none is traced.
pub(super) fn batch<'a>(batch: &Batch, errands: impl Iterator<Item = &'a Span>) -> Span {
    let mut traced = errands.filter(|span| !span.is_none()).peekable();
    let Some(first) = traced.peek() else { return Span::none() };
    let span = info_span!(
        target: TARGET, parent: *first, "batch",
        event.id = %batch.event, seq.first = batch.first.0, seq.last = batch.last.0
    );
    for errand in traced {
        span.follows_from(errand);
    }
    span
}

/// Appending a batch, until it is known what became of it.
pub(super) fn append(of: &Span, batch: &Batch) -> Span {
    if of.is_none() {
        return Span::none();
    }
    info_span!(
        target: TARGET, parent: of, "append",
        event.id = %batch.event, fence = batch.fence.0, bytes = batch.body.len()
    )
}
