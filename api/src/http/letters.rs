//! What operators do to messages that a consumer of the record stream could not read.

use axum::Json;
use axum::extract::State;
use tiketi_engine::ports::{DeadLetter, DeadLetters, StreamError};

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::Body;
use crate::auth::Operator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::letters::{ReplayBody, ReplayView};

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
    let doing = Doing {
        by: operator.0,
        event: letter.event,
        action: "replay_dead_letter",
        target: letter.position.clone(),
        reason,
    };
    let replaying = async {
        let replayed = dead.replay(std::slice::from_ref(&letter)).await;
        replayed.map_err(|error| problem(&error))
    };
    logged(&state, doing, replaying).await?;
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
        StreamError::Unavailable(_) | StreamError::TakenOver => Problem::stream(error),
    }
}
