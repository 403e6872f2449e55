//! New events, and how their sales stand. The domain judges the terms.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::chart::{Chart, ChartHash};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::limits::LABEL_BYTES_MAX;
use tiketi_engine::domain::pricing::{Price, PriceEntry, PriceTable, TicketType, TicketTypeIx};
use tiketi_engine::domain::terms::{Rules, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Listing, ListingState};

use super::extract::Body;
use super::ids;
use crate::auth::{Operator, Viewer};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::operators::{ChartEntryView, NewEventBody, NewEventView, OverviewView, SalesView};

/// The longest description, in bytes.
const DESCRIPTION_BYTES_MAX: usize = 4_000;

/// Add an event and open its sale.
#[utoipa::path(post, path = "/api/v1/operator/events", tag = "operators",
    request_body = NewEventBody,
    responses((status = 201, body = NewEventView), (status = 422, body = ProblemDetails)))]
pub(super) async fn create_event(
    State(state): State<AppState>,
    _: Operator,
    Body(body): Body<NewEventBody>,
) -> Result<(StatusCode, Json<NewEventView>), Problem> {
    let hash: ChartHash = body.chart.parse().map_err(|_| Problem::unknown("chart"))?;
    let shelved = state.shelf.chart(hash).await?.ok_or_else(|| Problem::unknown("chart"))?;
    let terms = terms_of(&body, &shelved.chart, hash)?;
    let now = state.clock.now();
    let listing = Listing {
        id: EventId::new(crate::bootstrap::new_id(now)),
        title: text("title", &body.title, LABEL_BYTES_MAX)?,
        description: optional_text("description", &body.description, DESCRIPTION_BYTES_MAX)?,
        venue: text("venue", &body.venue, LABEL_BYTES_MAX)?,
        starts_at: time("starts_at", &body.starts_at)?,
        chart: hash,
        state: ListingState::Draft,
        created_at: now,
    };
    let id = listing.id;
    crate::catalog::publish(&state.engine, &*state.catalog, listing, &shelved.chart, terms)
        .await
        .map_err(|error| error.problem(id))?;
    Ok((StatusCode::CREATED, Json(NewEventView { id: id.to_string() })))
}

/// Every imported chart, newest first.
#[utoipa::path(get, path = "/api/v1/operator/charts", tag = "operators",
    responses((status = 200, body = Vec<ChartEntryView>)))]
pub(super) async fn charts(
    State(state): State<AppState>,
    _: Viewer,
) -> Result<Json<Vec<ChartEntryView>>, Problem> {
    let entries = state.catalog.charts().await?.into_iter();
    let view = |entry: tiketi_engine::ports::ChartEntry| ChartEntryView {
        hash: entry.hash.to_string(),
        name: entry.name,
        places: entry.places,
        created_at: entry.created_at.to_string(),
    };
    Ok(Json(entries.map(view).collect()))
}

/// A sale as operators see it.
#[utoipa::path(get, path = "/api/v1/operator/events/{event}", tag = "operators",
    params(("event" = String, Path)),
    responses((status = 200, body = OverviewView), (status = 404, body = ProblemDetails)))]
pub(super) async fn overview(
    State(state): State<AppState>,
    _: Viewer,
    Path(event): Path<String>,
) -> Result<Json<OverviewView>, Problem> {
    let event = ids::event(&event)?;
    let overview = state.engine.overview(event).await;
    let overview = overview.map_err(|error| Problem::engine(event, &error))?;
    Ok(Json((&overview).into()))
}

/// An event's sales, as they have been counted so far.
#[utoipa::path(get, path = "/api/v1/operator/events/{event}/sales", tag = "operators",
    params(("event" = String, Path)),
    responses((status = 200, body = SalesView), (status = 404, body = ProblemDetails)))]
pub(super) async fn sales(
    State(state): State<AppState>,
    _: Viewer,
    Path(event): Path<String>,
) -> Result<Json<SalesView>, Problem> {
    let event = ids::event(&event)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let lines = state.stats.sales(event).await?;
    Ok(Json(SalesView::of(shelved.terms.prices.currency(), lines)))
}

fn terms_of(body: &NewEventBody, chart: &Chart, hash: ChartHash) -> Result<Terms, Problem> {
    let opens_at = time("opens_at", &body.opens_at)?;
    let closes_at = time("closes_at", &body.closes_at)?;
    let lobby = body.lobby_opens_at.as_deref().map(|text| time("lobby_opens_at", text));
    let refunds = body.refunds_until.as_deref().map(|text| time("refunds_until", text));
    Ok(Terms {
        chart: hash,
        prices: prices_of(body, chart)?,
        rules: Rules {
            lobby_opens_at: lobby.transpose()?.unwrap_or(opens_at),
            opens_at,
            closes_at,
            places_per_hold_max: body.places_per_hold_max,
            places_per_fan_max: body.places_per_fan_max,
            hold_ttl: Duration::from_secs(body.hold_ttl_s),
            hold_extension: Duration::from_secs(body.hold_extension_s),
            admitted_max: body.admitted_max,
            claim_ttl: Duration::from_secs(body.claim_ttl_s),
            session_ttl: Duration::from_secs(body.session_ttl_s),
            refunds_until: refunds.transpose()?.unwrap_or(closes_at),
        },
    })
}

fn prices_of(body: &NewEventBody, chart: &Chart) -> Result<PriceTable, Problem> {
    let wrong = |detail: String| Problem::invalid("prices", detail);
    let currency = body.currency.parse();
    let currency = currency.map_err(|_| Problem::invalid("currency", "not one that is known"))?;
    let types = body.ticket_types.iter();
    let types: Vec<TicketType> =
        types.map(|of| TicketType { key: of.key.clone(), label: of.label.clone() }).collect();
    let mut entries = Vec::with_capacity(body.prices.len());
    for price in &body.prices {
        let category = chart.categories().iter().zip(0..).find(|(c, _)| c.key == price.category);
        let ticket_type = types.iter().zip(0..).find(|(t, _)| t.key == price.ticket_type);
        let (Some((_, category)), Some((_, ticket_type))) = (category, ticket_type) else {
            let (category, of) = (&price.category, &price.ticket_type);
            return Err(wrong(format!("no category {category:?} or no ticket type {of:?}")));
        };
        entries.push(PriceEntry {
            category: tiketi_engine::domain::chart::CategoryIx(category),
            ticket_type: TicketTypeIx(ticket_type),
            price: Price { amount_minor: price.amount_minor, fee_minor: price.fee_minor },
        });
    }
    let categories = chart.categories().len();
    PriceTable::new(currency, types, entries, body.order_fee_minor, categories)
        .map_err(|fault| wrong(fault.to_string()))
}

fn time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|error: tiketi_engine::domain::time::NotATime| {
        Problem::invalid(field, error.to_string())
    })
}

fn text(field: &str, text: &str, bytes_max: usize) -> Result<String, Problem> {
    let trimmed = optional_text(field, text, bytes_max)?;
    if trimmed.is_empty() { Err(Problem::invalid(field, "must not be empty")) } else { Ok(trimmed) }
}

fn optional_text(field: &str, text: &str, bytes_max: usize) -> Result<String, Problem> {
    let trimmed = text.trim();
    let lawful = |c: char| !c.is_control() || c == '\n';
    if trimmed.len() > bytes_max || !trimmed.chars().all(lawful) {
        return Err(Problem::invalid(field, format!("at most {bytes_max} printable bytes")));
    }
    Ok(trimmed.to_owned())
}
