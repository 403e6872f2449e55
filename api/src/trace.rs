//! Spans where traces come in and go out: requests, calls between nodes, the payment company, the
//! record stream.
//!
//! Each of these is made only if it is sampled or if what it is part of is: see
//! [`tiketi_engine::trace`]. A request's own `traceparent` gives the trace its name and no more:
//! whoever sends it cannot have it sampled. That of a signed call, or of the stream, is followed.

use std::sync::OnceLock;

use axum::http::{HeaderMap, Method};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, trace::Status};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::Message;
use tiketi_engine::trace::{TARGET, TraceParent, current};
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The header that names a span (W3C Trace Context).
pub(crate) const TRACE_PARENT: &str = "traceparent";
/// Spans that one other is linked to, at most.
const LINKS_MAX: usize = 32;

/// Of so many things that begin a trace, the part that does. Of the process, like its subscriber;
/// not set if nothing is traced.
static RATIO: OnceLock<f64> = OnceLock::new();

/// Begins to trace: what begins from now on is sampled.
pub(crate) fn start(ratio: f64) {
    // A second start has no subscriber either.
    RATIO.get_or_init(|| ratio);
}

/// Whether what begins now is to be traced.
fn samples() -> bool {
    RATIO.get().is_some_and(|ratio| rand::random::<f64>() < *ratio)
}

/// A request, if it is sampled.
pub(crate) fn request(method: &Method, route: Option<&str>, headers: &HeaderMap, id: &str) -> Span {
    if !samples() {
        return Span::none();
    }
    let span = info_span!(
        target: TARGET, parent: None, "request",
        otel.name = %format_args!("{method} {}", route.unwrap_or("other")), otel.kind = "server",
        http.request.method = %method, http.route = route, request.id = id,
        http.response.status_code = tracing::field::Empty
    );
    if let Some(parent) = named(headers) {
        follow(&span, parent);
    }
    span
}

/// What a request was answered with.
pub(crate) fn answered(request: &Span, status: axum::http::StatusCode) {
    if request.is_none() {
        return;
    }
    request.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        request.set_status(Status::error(""));
    }
}

/// A call to another node, in the trace that is current.
pub(crate) fn call(address: &str) -> Span {
    let parent = current();
    if parent.is_none() {
        return parent;
    }
    info_span!(
        target: TARGET, parent: &parent, "call", otel.kind = "client", server.address = address
    )
}

/// The errand of another node's call, if that is traced.
pub(crate) fn called(headers: &HeaderMap) -> Span {
    let Some(parent) = RATIO.get().and_then(|_| named(headers)) else { return Span::none() };
    let span = info_span!(target: TARGET, parent: None, "errand", otel.kind = "server");
    follow(&span, parent);
    span
}

/// A question to the payment company, in the trace that is current.
pub(crate) fn payment(step: &'static str) -> Span {
    let parent = current();
    if parent.is_none() {
        return parent;
    }
    info_span!(
        target: TARGET, parent: &parent, "payment", otel.kind = "client", payment.step = step
    )
}

/// Messages on their way to the stream, if some of their batches were traced: in the trace of the
/// first, linked to the others.
pub(crate) fn publish(event: EventId, messages: &[Message], batches: &[TraceParent]) -> Span {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else {
        return Span::none();
    };
    if batches.is_empty() {
        return Span::none();
    }
    let span = info_span!(
        target: TARGET, parent: None, "publish", otel.kind = "producer", event.id = %event,
        seq.first = first.seq.0, seq.last = last.seq.0, messages = messages.len()
    );
    follow_all(&span, batches);
    span
}

/// Messages that a consumer was handed out, of which those with a parent are traced: it is in the
/// trace of the first, and linked to the others.
pub(crate) fn consume(
    consumer: &'static str,
    messages: usize,
    parents: impl Iterator<Item = TraceParent>,
) -> Span {
    let mut distinct: Vec<TraceParent> = Vec::new();
    for parent in parents.filter(|_| RATIO.get().is_some()) {
        if distinct.last() != Some(&parent) {
            distinct.push(parent);
        }
    }
    if distinct.is_empty() {
        return Span::none();
    }
    let span = info_span!(
        target: TARGET, parent: None, "consume", otel.kind = "consumer", consumer, messages
    );
    follow_all(&span, &distinct);
    span
}

/// How a span is named to others; `None` of no span.
pub(crate) fn parent_of(span: &Span) -> Option<TraceParent> {
    if span.is_none() {
        return None;
    }
    let context = span.context();
    let of = context.span().span_context().clone();
    let (trace, span) = (of.trace_id().to_bytes(), of.span_id().to_bytes());
    let named = TraceParent { trace: u128::from_be_bytes(trace), span: u64::from_be_bytes(span) };
    of.is_valid().then_some(named)
}

/// The trace that a span is of, as logs have it.
pub(crate) fn id_of(span: &Span) -> Option<String> {
    parent_of(span).map(|parent| format!("{:032x}", parent.trace))
}

/// The span that headers name; several name none.
fn named(headers: &HeaderMap) -> Option<TraceParent> {
    let mut all = headers.get_all(TRACE_PARENT).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_some() { None } else { first.parse().ok() }
}

fn follow(span: &Span, parent: TraceParent) {
    let context = Context::new().with_remote_span_context(remote(parent));
    // Without an exporter there is no trace to be part of.
    span.set_parent(context).ok();
}

/// In the trace of the first, linked to the others.
fn follow_all(span: &Span, parents: &[TraceParent]) {
    let Some((first, others)) = parents.split_first() else { return };
    follow(span, *first);
    for other in others.iter().take(LINKS_MAX) {
        span.add_link(remote(*other));
    }
}

fn remote(TraceParent { trace, span }: TraceParent) -> SpanContext {
    let (trace, span) = (TraceId::from(trace), SpanId::from(span));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE)
}
