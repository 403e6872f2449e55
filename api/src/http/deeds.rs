//! What is done is in the audit log before it is done, and again with what came of it.

use tiketi_engine::domain::ids::{AccountId, DeedNumber, EventId};
use tiketi_engine::ports::Deed;

use crate::problem::Problem;
use crate::state::AppState;

/// Something that is about to be done.
pub(super) struct Doing {
    pub(super) by: AccountId,
    pub(super) event: Option<EventId>,
    pub(super) action: &'static str,
    pub(super) target: String,
    pub(super) reason: String,
}

/// Does it, with its entries in the audit log.
pub(super) async fn logged<T>(
    state: &AppState,
    doing: Doing,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    numbered(state, doing, |_| work).await
}

/// The same, of work that says which deed it is.
pub(super) async fn numbered<T, W: Future<Output = Result<T, Problem>>>(
    state: &AppState,
    doing: Doing,
    work: impl FnOnce(DeedNumber) -> W,
) -> Result<T, Problem> {
    let deed = |outcome: &str| Deed {
        at: state.clock.now(),
        by: doing.by,
        event: doing.event,
        action: doing.action.to_owned(),
        target: doing.target.clone(),
        reason: doing.reason.clone(),
        outcome: outcome.to_owned(),
    };
    let entry = state.audit_log.add(&deed("asked")).await?;
    let done = work(DeedNumber(entry.number)).await;
    let outcome = done.as_ref().err().map_or("done", Problem::code);
    state.audit_log.add(&deed(outcome)).await?;
    done
}
