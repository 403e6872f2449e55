//! Events and charts.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use tiketi_engine::domain::chart::ChartHash;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::rows::Summary;

use super::extract::{PageQuery, Query};
use super::ids;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::charts::ChartView;
use crate::wire::events::{EventCard, EventView, cursor_of, read_cursor};
use crate::wire::{Page, ProblemDetails};

/// What is stale for a moment may be kept by whoever is in between.
const FOR_A_MOMENT: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=1");

/// Published events, by when they begin.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", operation_id = "list_events",
    params(PageQuery),
    responses((status = 200, body = Page<EventCard>), (status = 400, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let limit = query.limit()?;
    let after = query.cursor.as_deref().map(read_cursor);
    let after = after.map(|cursor| cursor.ok_or_else(Problem::malformed_cursor)).transpose()?;
    let mut listings = state.catalog.events(after, limit + 1).await?;
    let more = listings.len() > limit as usize;
    listings.truncate(limit as usize);
    let events: Vec<EventId> = listings.iter().map(|listing| listing.id).collect();
    let sales: BTreeMap<EventId, Summary> =
        state.ledger.summaries(&events).await?.into_iter().collect();
    let now = state.clock.now();
    let next = listings.last().filter(|_| more).map(cursor_of);
    let card = |listing| {
        let summary = sales.get(&tiketi_engine::ports::Listing::clone(listing).id)?;
        Some(EventCard::of(listing, summary, now))
    };
    let items: Vec<EventCard> = listings.iter().filter_map(card).collect();
    Ok(([FOR_A_MOMENT], Json(Page { items, next })).into_response())
}

/// An event.
#[utoipa::path(get, path = "/api/v1/events/{event}", tag = "events", operation_id = "show_event",
    params(("event" = String, Path)),
    responses((status = 200, body = EventView), (status = 404, body = ProblemDetails)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(event): Path<String>,
) -> Result<Response, Problem> {
    let event = ids::event(&event)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let summaries = state.ledger.summaries(&[event]).await?;
    let (_, summary) = summaries.first().ok_or_else(|| Problem::unknown("event"))?;
    let view = EventView::of(&shelved, summary, state.clock.now());
    Ok(([FOR_A_MOMENT], Json(view)).into_response())
}

/// A chart, for drawing. It never changes.
#[utoipa::path(get, path = "/api/v1/charts/{hash}", tag = "events",
    params(("hash" = String, Path)),
    responses((status = 200, body = ChartView), (status = 404, body = ProblemDetails)))]
pub(super) async fn chart(
    State(state): State<AppState>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hash: ChartHash = hash.parse().map_err(|_| Problem::unknown("chart"))?;
    let shelved = state.shelf.chart(hash).await?.ok_or_else(|| Problem::unknown("chart"))?;
    let always = [
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (CONTENT_TYPE, "application/json"),
        (VARY, "accept-encoding"),
    ];
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("gzip")) {
        let gzip = [(CONTENT_ENCODING, "gzip")];
        return Ok((always, gzip, shelved.gzip.clone()).into_response());
    }
    Ok((always, shelved.plain.clone()).into_response())
}
