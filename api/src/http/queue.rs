//! The waiting room.

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::domain::command::{Command, Reply, StandingView};

use super::extract::{Keyed, Nothing};
use super::ids;
use crate::auth::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::holds::HoldView;
use crate::wire::queue::{MeView, StandingBody};

/// Stand in line. Whoever stands already keeps the place.
#[utoipa::path(post, path = "/api/v1/events/{event}/queue", tag = "queue",
    params(("event" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StandingBody), (status = 403, body = ProblemDetails)))]
pub(super) async fn join(
    State(state): State<AppState>,
    Path(event): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<StandingBody>, Problem> {
    stand(&state, &event, &request, Command::Join).await
}

/// Give up the place in line, the turn or the session.
#[utoipa::path(delete, path = "/api/v1/events/{event}/queue", tag = "queue",
    params(("event" = String, Path)),
    responses((status = 200, body = StandingBody), (status = 403, body = ProblemDetails)))]
pub(super) async fn leave(
    State(state): State<AppState>,
    Path(event): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<StandingBody>, Problem> {
    stand(&state, &event, &request, Command::Leave).await
}

/// Take the turn.
#[utoipa::path(post, path = "/api/v1/events/{event}/queue/claim", tag = "queue",
    params(("event" = String, Path)),
    responses((status = 200, body = StandingBody), (status = 403, body = ProblemDetails)))]
pub(super) async fn claim(
    State(state): State<AppState>,
    Path(event): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<StandingBody>, Problem> {
    stand(&state, &event, &request, Command::Claim).await
}

async fn stand(
    state: &AppState,
    event: &str,
    request: &Keyed<Nothing>,
    command: Command,
) -> Result<Json<StandingBody>, Problem> {
    let event = ids::event(event)?;
    state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let reply = state.engine.submit(event, request.as_fan(command)).await;
    match reply.map_err(|error| Problem::engine(event, &error))? {
        Reply::Standing(view) => Ok(Json(view.into())),
        Reply::Done | Reply::Hold(_) | Reply::Order(_) | Reply::Ticket(_) => {
            Ok(Json(StandingView::Outside.into()))
        }
    }
}

/// What the fan has of an event: standing, hold, places bought.
#[utoipa::path(get, path = "/api/v1/events/{event}/me", tag = "queue",
    params(("event" = String, Path)),
    responses((status = 200, body = MeView), (status = 401, body = ProblemDetails)))]
pub(super) async fn me(
    State(state): State<AppState>,
    Path(event): Path<String>,
    who: SignedIn,
) -> Result<Json<MeView>, Problem> {
    let event = ids::event(&event)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let fan = state.engine.fan(event, who.fan()).await;
    let fan = fan.map_err(|error| Problem::engine(event, &error))?;
    Ok(Json(MeView {
        standing: fan.standing.into(),
        hold: fan.hold.map(|hold| HoldView::of(&shelved, &hold)),
        bought: fan.bought,
    }))
}
