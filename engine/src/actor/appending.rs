//! Appending a batch until it is known what became of it.
//!
//! An append whose answer is lost has happened or not. Guessing either way would lose what was
//! acknowledged or do things twice, and reading alone does not tell: the old statement may still
//! be on its way. Taking the event over again does: it waits for that statement and shuts it out.
//! If the batch ends the journal then, it happened; if the batch before does, it is appended
//! again; if neither, somebody else owns the event. Without a valid lease nothing is tried: the
//! next owner finds out what happened.

use std::time::Duration;

use super::{ActorPorts, EngineMetrics};
use crate::cluster::Held;
use crate::domain::ids::Fence;
use crate::journal::Append;
use crate::planted::Bug;
use crate::ports::JournalError;

/// Between attempts; doubled each time up to [`RETRY_MAX`].
const RETRY_MIN: Duration = Duration::from_millis(20);
const RETRY_MAX: Duration = Duration::from_millis(500);

/// Appends, and gives the fence under which the event is owned afterwards.
///
/// # Errors
/// [`JournalError::Fenced`] if somebody else owns the event; [`JournalError::Unavailable`] if the
/// outcome could not be found out within `settle_within`: the state in memory must be dropped then.
pub(super) async fn append(
    ports: &ActorPorts,
    metrics: &EngineMetrics,
    held: &Held,
    mut append: Append,
    settle_within: Duration,
) -> Result<Fence, JournalError> {
    let started = ports.clock.now();
    let mut pause = RETRY_MIN;
    loop {
        let lost = match ports.journal.append(&append).await {
            Ok(()) => return Ok(append.batch.fence),
            Err(JournalError::Unavailable(_)) if Bug::DoubtAsSuccess.is_planted() => {
                return Ok(append.batch.fence);
            }
            Err(lost) if Bug::DoubtAsFailure.is_planted() => return Err(lost),
            Err(JournalError::Unavailable(lost)) => lost,
            Err(error) => {
                metrics.fenced_appends.inc_by(u64::from(error == JournalError::Fenced));
                return Err(error);
            }
        };
        metrics.in_doubt.inc();
        tracing::warn!(event.id = %append.batch.event, seq = %append.batch.last, %lost, "append in doubt");
        let taken = loop {
            let now = ports.clock.now();
            if now.since(started) >= settle_within || !held.is_valid(now) {
                return Err(JournalError::Unavailable(lost));
            }
            match ports.journal.take_over(append.batch.event).await {
                Ok(taken) => break taken,
                Err(JournalError::Unavailable(_)) => ports.clock.sleep(pause).await,
                Err(error) => return Err(error),
            }
            pause = (pause * 2).min(RETRY_MAX);
        };
        if taken.hash == append.batch.hash {
            return Ok(taken.fence);
        }
        if taken.hash != append.batch.prev_hash {
            return Err(JournalError::Fenced);
        }
        append.batch.fence = taken.fence;
    }
}
