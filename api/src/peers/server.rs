//! Answers other nodes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::errand::{Call, Missed, Told};
use tiketi_engine::ports::Clock;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::{ASKED_AT, BODY_MAX, NodeKeys, PATH, SIGNATURE, WITHIN};
use crate::trace;

/// What answering needs.
#[derive(Clone)]
struct Node {
    engine: Engine,
    keys: NodeKeys,
    clock: Arc<dyn Clock>,
}

/// The interface for other nodes.
pub(crate) fn router(engine: Engine, keys: NodeKeys, clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route(PATH, post(answer))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Node { engine, keys, clock })
}

async fn answer(State(node): State<Node>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let asked_at = header(ASKED_AT).and_then(|text| text.parse().ok());
    let within_ms = header(WITHIN).and_then(|text| text.parse().ok());
    let (Some(signature), Some(asked_at), Some(within_ms)) =
        (header(SIGNATURE), asked_at, within_ms)
    else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let asked_at = Timestamp::from_millis(asked_at);
    if !node.keys.asked(signature, asked_at, within_ms, &body, node.clock.now()) {
        tracing::warn!("a call that no node signed was refused");
        return StatusCode::FORBIDDEN.into_response();
    }
    // Of a release that asks for something this one does not know: nothing was done.
    let Ok(call) = postcard::from_bytes::<Call>(&body) else {
        return signed(&node.keys, signature, &Err(Missed::Unable));
    };
    let traced = trace::called(&headers);
    let trace_id = trace::id_of(&traced);
    let span = tracing::info_span!("errand", event.id = %call.event, trace_id);
    let running = node.engine.run_here(call).instrument(traced).instrument(span);
    match timeout(Duration::from_millis(within_ms), running).await {
        Ok(told) => signed(&node.keys, signature, &told),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

fn signed(keys: &NodeKeys, question: &str, told: &Result<Told, Missed>) -> Response {
    let body = postcard::to_stdvec(told).unwrap_or_default();
    let signature = HeaderValue::from_str(&keys.answer(question, &body));
    let Ok(signature) = signature else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    ([(HeaderName::from_static(SIGNATURE), signature)], body).into_response()
}
