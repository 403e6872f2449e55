//! What operators do to messages that a consumer of the record stream could not read.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use tiketi_engine::errand::EngineError;
use tiketi_engine::ports::{DeadLetter, DeadLetters, Deed, StreamError};

use super::actions::reason_of;
use super::extract::Body;
use crate::auth::Operator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::letters::{ReplayBody, ReplayView};

/// When to ask again if the stream did not answer.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Publish a dead letter again, for every consumer, and list it no more; or ask what it is.
#[utoipa::path(post, path = "/api/v1/ops/dead-letters/actions", tag = "operators",
    operation_id = "replay_dead_letter", request_body = ReplayBody,
    responses((status = 200, body = ReplayView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn replay(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<ReplayBody>,
) -> Result<Json<ReplayView>, Problem> {
    let reason = reason_of(&body.reason, body.preview)?;
    let out_of_reach = || Problem::invalid("position", "this node does not reach the stream");
    let dead = state.dead.as_ref().map(|dead| &*dead.letters).ok_or_else(out_of_reach)?;
    let letter = letter(dead, &body.position).await?;
    if body.preview {
        return Ok(Json(ReplayView::of(&letter, false)));
    }
    let deed = |outcome: &str| Deed {
        at: state.clock.now(),
        by: operator.0,
        event: letter.event.unwrap_or(Deed::NO_EVENT),
        action: "replay_dead_letter".to_owned(),
        target: letter.position.clone(),
        reason: reason.clone(),
        outcome: outcome.to_owned(),
    };
    state.audit_log.add(&deed("asked")).await?;
    let replayed = dead.replay(std::slice::from_ref(&letter)).await;
    let replayed = replayed.map_err(|error| problem(&error));
    let outcome = replayed.as_ref().err().map_or("done", Problem::code);
    state.audit_log.add(&deed(outcome)).await?;
    replayed?;
    Ok(Json(ReplayView::of(&letter, true)))
}

async fn letter(dead: &dyn DeadLetters, position: &str) -> Result<DeadLetter, Problem> {
    let letters = dead.list(usize::MAX).await.map_err(|error| problem(&error))?;
    let found = letters.into_iter().find(|letter| letter.position == position);
    found.ok_or_else(|| Problem::unknown("dead letter"))
}

fn problem(error: &StreamError) -> Problem {
    match error {
        StreamError::Refused(why) => Problem::invalid("position", why),
        StreamError::Unavailable(_) | StreamError::TakenOver => {
            tracing::warn!(%error, "dead letters are out of reach");
            let error = EngineError::Unavailable { retry_after: ASK_AGAIN_AFTER };
            Problem::engine(Deed::NO_EVENT, &error)
        }
    }
}
