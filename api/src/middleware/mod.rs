//! What every request passes on its way in and every answer on its way out.

mod edge;
mod metrics;
mod rates;
mod rehearsals;

pub(crate) use edge::{Edge, Peer, follow_edge, from_edge};
pub(crate) use metrics::{HOLD_SECONDS, HttpMetrics};
pub(crate) use rates::{Rates, cost, within_rate};
pub(crate) use rehearsals::{know_bots, rehearsals_apart};

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use crate::problem::Problem;
use crate::state::AppState;
use crate::trace;

/// What the web app may do in a browser: its own files and its own server, nothing inline.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    object-src 'none'; require-trusted-types-for 'script'; trusted-types app";

/// The API's page needs no trusted types: its script builds its own page from text.
const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; object-src 'none'";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that every answer has.
const SECURITY: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// The outermost layer: names the request, logs and counts it, and renders every error as a problem.
pub(crate) async fn answer(
    State(metrics): State<HttpMetrics>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = format!("req_{:016x}", rand::random::<u64>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    let docs = request.uri().path().starts_with("/docs");
    let traced = trace::request(&method, route, request.headers(), &id);
    let trace_id = trace::id_of(&traced);
    let span = tracing::info_span!("request", request.id = %id, %method, route, trace_id);
    let response = next.run(request).instrument(traced.clone()).instrument(span.clone()).await;
    let mut response = span.in_scope(|| finish(response, &id));
    trace::answered(&traced, response.status());
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let policy = if docs { DOCS_CSP } else { CSP };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    metrics.answered(route, &method, response.status(), started.elapsed());
    response
}

/// Renders the problem that a handler left, or makes one of a library's bare error.
fn finish(response: Response, id: &str) -> Response {
    let problem = response.extensions().get::<Problem>().cloned();
    let problem = problem.or_else(|| Problem::of_bare(response.status()));
    let Some(problem) = problem else { return response };
    if response.status().is_server_error() {
        tracing::warn!(code = problem.code(), status = response.status().as_u16(), "refused");
    } else {
        tracing::debug!(code = problem.code(), status = response.status().as_u16(), "refused");
    }
    let mut rendered = problem.render(id);
    for (name, value) in response.headers() {
        // Cookies that are taken away, and what a refusal allows instead.
        if name == "set-cookie" || name == "allow" {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    rendered
}

/// Refuses a request that does not name its host exactly once (RFC 9112 §3.2).
pub(crate) async fn one_host(request: Request, next: Next) -> Response {
    if request.headers().get_all(HOST).iter().count() != 1 {
        return Problem::malformed_host().into_response();
    }
    next.run(request).await
}

/// Finds nothing of what is for operators.
pub(crate) async fn no_operators(request: Request, next: Next) -> Response {
    /// Where their pages and their part of the interface are.
    const THEIRS: [&str; 6] =
        ["/api/v1/operator", "/api/v1/ops", "/api/v1/setup", "/operator", "/setup", "/ops"];
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let path = request.uri().path();
    let is_theirs = |path: &str| THEIRS.iter().any(|prefix| path.starts_with(prefix));
    if is_theirs(path) || route.is_some_and(is_theirs) {
        return Problem::no_such_page().into_response();
    }
    next.run(request).await
}

/// Refuses what another site's page would have this browser do.
///
/// A browser says where a request comes from (`Sec-Fetch-Site`, and `Origin` with every request
/// that is not a plain read); what says neither is not a browser and has no cookies to abuse.
pub(crate) async fn same_site(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !is_own(request.headers(), &state) {
        return Problem::cross_site().into_response();
    }
    next.run(request).await
}

/// Whether a request comes from the server's own pages, as far as a browser says.
pub(crate) fn is_own(headers: &HeaderMap, state: &AppState) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match headers.get(ORIGIN) {
        Some(origin) => [&state.public_url, &state.operators_url].iter().any(|own| origin == own),
        None => true,
    }
}

/// Gives a request a limit; what it asked for may happen all the same.
pub(crate) async fn in_time(
    State(limit): State<Duration>,
    request: Request<Body>,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::too_slow().into_response(),
    }
}
