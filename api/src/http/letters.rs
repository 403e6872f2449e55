//! What operators do to messages that a consumer of the record stream could not read.

use axum::Json;
use axum::extract::State;

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::Body;
use crate::auth::Operator;
use crate::ops::{Letter, LettersMissed, LettersQuestion};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::letters::{ReplayBody, ReplayView};

/// Publish a dead letter again, for every consumer, and list it no more; or ask what it is.
#[utoipa::path(post, path = "/api/v1/ops/dead-letters/actions", tag = "operators",
    operation_id = "replay_dead_letter", request_body = ReplayBody,
    responses((status = 200, body = ReplayView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(super) async fn replay(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<ReplayBody>,
) -> Result<Json<ReplayView>, Problem> {
    let reason = reason_of(&body.reason, body.preview)?;
    let letter = one(&state, LettersQuestion::At(body.position)).await?;
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
    let replaying = one(&state, LettersQuestion::Replay(letter.position));
    let letter = logged(&state, doing, replaying).await?;
    Ok(Json(ReplayView::of(&letter, true)))
}

async fn one(state: &AppState, question: LettersQuestion) -> Result<Letter, Problem> {
    let found = state.feed.desk().letters().ask(&question).await;
    let mut found = found.map_err(|error| Problem::letters(&error))?;
    found.letters.pop().ok_or_else(|| Problem::letters(&LettersMissed::Unknown))
}
