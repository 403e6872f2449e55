//! The upgrade to a live socket.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::ids;
use crate::auth::MaybeSignedIn;
use crate::middleware::is_own;
use crate::problem::Problem;
use crate::server::Place;
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
    mut request: Request<Body>,
) -> Result<Response, Problem> {
    let event = ids::event(&event)?;
    let accept = accept_key(request.headers())?;
    if !is_own(request.headers(), &state) {
        return Err(Problem::cross_site());
    }
    state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(Problem::not_a_websocket)?;
    let fan = identity.map(|identity| identity.account);
    if !state.hub.reserve(fan) {
        return Err(Problem::too_many_sockets());
    }
    let place = request.extensions_mut().remove::<Place>();
    let hub = state.hub.clone();
    state.hub.tasks().spawn("socket", async move {
        match upgrade.await.ok().and_then(into_stream) {
            Some((stream, read)) => crate::ws::serve(hub, event, fan, stream, read).await,
            None => hub.give_back(fan),
        }
        drop(place);
    });
    let headers = [
        (CONNECTION, "upgrade".to_owned()),
        (UPGRADE, "websocket".to_owned()),
        (SEC_WEBSOCKET_ACCEPT, accept),
    ];
    Ok((StatusCode::SWITCHING_PROTOCOLS, headers).into_response())
}

/// The socket itself and what was read of it beyond the handshake: copied, because the library's
/// buffer of 8 KiB would live as long as any part of it.
fn into_stream(upgraded: Upgraded) -> Option<(TcpStream, Vec<u8>)> {
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some((parts.io.into_inner(), parts.read_buf.to_vec()))
}

/// What to answer the handshake with (RFC 6455 §4.2).
fn accept_key(headers: &HeaderMap) -> Result<String, Problem> {
    let is = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|v| v.trim().eq_ignore_ascii_case(wanted))
    };
    let lawful =
        is(CONNECTION, "upgrade") && is(UPGRADE, "websocket") && is(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| lawful && key.len() == 24);
    key.map(|key| derive_accept_key(key.as_bytes())).ok_or_else(Problem::not_a_websocket)
}
