//! Time, health and metrics.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use prometheus::{Encoder, TextEncoder};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

/// The server's time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimeView {
    /// Milliseconds since 1970.
    now_ms: i64,
}

/// The server's time, for countdowns.
#[utoipa::path(get, path = "/api/v1/time", tag = "events",
    responses((status = 200, body = TimeView)))]
pub(super) async fn time(State(state): State<AppState>) -> Json<TimeView> {
    Json(TimeView { now_ms: state.clock.now().as_millis() })
}

/// What the listener for operators serves: `/healthz`, `/readyz`, `/metrics`.
pub(crate) fn status_router(registry: prometheus::Registry) -> Router<AppState> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(move || std::future::ready(metrics(&registry))))
}

/// Whether requests can be served: the store answers, and the server is not stopping.
async fn ready(State(state): State<AppState>) -> Response {
    if state.tasks.stopping().is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match state.catalog.events(None, 1).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "store unavailable\n").into_response(),
    }
}

fn metrics(registry: &prometheus::Registry) -> Response {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    match encoder.encode(&registry.gather(), &mut text) {
        Ok(()) => ([(CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
