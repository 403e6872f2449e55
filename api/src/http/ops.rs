//! Pages for those who run an on-sale.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;

use super::extract::Query;
use super::ids;
use super::upgrade::Handshake;
use crate::auth::{Operator, Viewer};
use crate::ops::Topic;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::ops::OpsFrame;
use crate::wire::settings::SettingsView;
use crate::wire::watch::{LiveQuery, TopicName};

/// The settings that are in force on the node that answers. Secrets are not shown.
#[utoipa::path(get, path = "/api/v1/ops/settings", tag = "operators",
    responses((status = 200, body = SettingsView), (status = 403, body = ProblemDetails)))]
pub(super) async fn settings(State(state): State<AppState>, _: Operator) -> Json<SettingsView> {
    Json(SettingsView::of(state.engine.me().id, &state.settings))
}

/// A page's figures, once a second, as JSON text. The socket ends when an access token would: who
/// looks on is looked at again.
#[utoipa::path(get, path = "/api/v1/ops/live", tag = "operators", operation_id = "watch_ops",
    params(LiveQuery),
    responses((status = 101, description = "WebSocket (RFC 6455) of such frames", body = OpsFrame),
        (status = 403, body = ProblemDetails), (status = 426, body = ProblemDetails)))]
pub(super) async fn live(
    State(state): State<AppState>,
    _: Viewer,
    Query(query): Query<LiveQuery>,
    mut request: Request,
) -> Result<Response, Problem> {
    let handshake = Handshake::check(request.headers(), &state)?;
    let topic = match query.topic {
        TopicName::Overview => Topic::Overview,
        TopicName::Nodes => Topic::Nodes,
        TopicName::Streams => Topic::Streams,
        TopicName::Actors => Topic::Actors(query.actors().map_err(Problem::malformed_query)?),
        TopicName::Sale => Topic::Sale(ids::event(query.event.as_deref().unwrap_or_default())?),
        TopicName::Actor => Topic::Actor(ids::event(query.event.as_deref().unwrap_or_default())?),
    };
    let upgrade = handshake.upgrade(&mut request)?;
    let frames = state.feed.watch(topic).ok_or_else(Problem::too_many_sockets)?;
    let (ttl, stopping) = (state.access.ttl(), state.tasks.stopping().clone());
    Ok(upgrade.accept(&state.tasks, async move |opened| {
        if let Some((stream, read)) = opened {
            crate::ws::watch(frames, stream, read, ttl, stopping).await;
        }
    }))
}
