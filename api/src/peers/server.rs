//! Answers other nodes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Serialize;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::errand::{Call, Missed, Told};
use tiketi_engine::ports::Clock;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::signature::Purpose;
use super::{
    ASKED_AT, BODY_MAX, LETTERS_PATH, NodeKeys, ORDER_PATH, PATH, REPORT_PATH, SIGNATURE, WITHIN,
};
use crate::ops::{Desk, LettersQuestion, NodeOrder, NodeQuestion};
use crate::trace;

/// What answering needs.
#[derive(Clone)]
struct Node {
    engine: Engine,
    keys: NodeKeys,
    clock: Arc<dyn Clock>,
    desk: Arc<Desk>,
}

/// The interface for other nodes.
pub(crate) fn router(
    engine: Engine,
    keys: NodeKeys,
    clock: Arc<dyn Clock>,
    desk: Arc<Desk>,
) -> Router {
    Router::new()
        .route(PATH, post(answer))
        .route(REPORT_PATH, post(report))
        .route(ORDER_PATH, post(order))
        .route(LETTERS_PATH, post(letters))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Node { engine, keys, clock, desk })
}

/// A question that a node signed, just now.
struct Signed {
    signature: String,
    within: Duration,
}

impl Node {
    fn check(&self, purpose: Purpose, headers: &HeaderMap, body: &[u8]) -> Option<Signed> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let asked_at = header(ASKED_AT).and_then(|text| text.parse().ok())?;
        let within_ms = header(WITHIN).and_then(|text| text.parse().ok())?;
        let (signature, asked_at) = (header(SIGNATURE)?, Timestamp::from_millis(asked_at));
        let asked = (asked_at, within_ms);
        if !self.keys.asked(purpose, signature, asked, body, self.clock.now()) {
            tracing::warn!("a call that no node signed was refused");
            return None;
        }
        let within = Duration::from_millis(within_ms);
        Some(Signed { signature: signature.to_owned(), within })
    }
}

async fn answer(State(node): State<Node>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(Signed { signature, within }) = node.check(Purpose::Errand, &headers, &body) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    // Of a release that asks for something this one does not know: nothing was done.
    let Ok(call) = Call::received(&body) else {
        return signed(&node.keys, &signature, &Err::<Told, _>(Missed::Unable));
    };
    let traced = trace::called(&headers);
    let trace_id = trace::id_of(&traced);
    let span = tracing::info_span!("errand", event.id = %call.event, trace_id);
    let running = node.engine.run_here(call).instrument(traced).instrument(span);
    match timeout(within, running).await {
        Ok(told) => signed(&node.keys, &signature, &told),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

async fn report(State(node): State<Node>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(Signed { signature, within }) = node.check(Purpose::Report, &headers, &body) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let Ok(question) = postcard::from_bytes::<NodeQuestion>(&body) else {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    match timeout(within, node.desk.report(&question)).await {
        Ok(report) => signed(&node.keys, &signature, &report),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

async fn order(State(node): State<Node>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(Signed { signature, within }) = node.check(Purpose::Order, &headers, &body) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let Ok(order) = postcard::from_bytes::<NodeOrder>(&body) else {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    match timeout(within, node.desk.obey(order)).await {
        Ok(()) => signed(&node.keys, &signature, &true),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

async fn letters(State(node): State<Node>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(Signed { signature, within }) = node.check(Purpose::Letters, &headers, &body) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let Ok(question) = postcard::from_bytes::<LettersQuestion>(&body) else {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    match timeout(within, node.desk.letters().answer(&question)).await {
        Ok(letters) => signed(&node.keys, &signature, &letters),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

fn signed(keys: &NodeKeys, question: &str, answer: &impl Serialize) -> Response {
    let body = postcard::to_stdvec(answer).unwrap_or_default();
    let signature = HeaderValue::from_str(&keys.answer(question, &body));
    let Ok(signature) = signature else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    ([(HeaderName::from_static(SIGNATURE), signature)], body).into_response()
}
