//! The upgrade to a live socket of an event.

use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::ids;
use super::upgrade::Handshake;
use crate::auth::MaybeSignedIn;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;

/// Live frames of an event, binary, as described in the protocol's document. Anybody may watch; a
/// signed-in fan is told when something of the fan's own changed.
#[utoipa::path(get, path = "/api/v1/events/{event}/live", tag = "events",
    params(("event" = String, Path)),
    responses((status = 101, description = "WebSocket (RFC 6455)"),
        (status = 404, body = ProblemDetails), (status = 426, body = ProblemDetails)))]
pub(super) async fn live(
    State(state): State<AppState>,
    Path(event): Path<String>,
    MaybeSignedIn(identity): MaybeSignedIn,
    mut request: Request,
) -> Result<Response, Problem> {
    let event = ids::event(&event)?;
    let handshake = Handshake::check(request.headers(), &state)?;
    state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let upgrade = handshake.upgrade(&mut request)?;
    let fan = identity.map(|identity| identity.account);
    if !state.hub.reserve(fan) {
        return Err(Problem::too_many_sockets());
    }
    let hub = state.hub.clone();
    Ok(upgrade.accept(&state.tasks, async move |opened| match opened {
        Some((stream, read)) => crate::ws::serve(hub, event, fan, stream, read).await,
        None => hub.give_back(fan),
    }))
}
