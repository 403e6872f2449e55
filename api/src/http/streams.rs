//! What consumers of the record stream could not read.

use axum::Json;
use axum::extract::State;

use crate::auth::Viewer;
use crate::ops::{LettersMissed, LettersQuestion};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::streams::DeadLettersView;

/// The most letters of one answer.
const LETTERS_MAX: u32 = 100;

/// Messages that a consumer of the record stream could not read, the oldest first.
#[utoipa::path(get, path = "/api/v1/ops/dead-letters", tag = "operators",
    operation_id = "dead_letters",
    responses((status = 200, body = DeadLettersView), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(super) async fn dead_letters(
    State(state): State<AppState>,
    _: Viewer,
) -> Result<Json<DeadLettersView>, Problem> {
    let oldest = LettersQuestion::Oldest(LETTERS_MAX + 1);
    match state.feed.desk().letters().ask(&oldest).await {
        Ok(letters) => Ok(Json(DeadLettersView::of(letters, LETTERS_MAX as usize))),
        Err(LettersMissed::NoWorker) => Ok(Json(DeadLettersView::out_of_reach())),
        Err(error) => Err(Problem::letters(&error)),
    }
}
