//! New events, and how their sales stand. The domain judges the terms.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::ids::EventId;

use super::deeds::{Doing, logged};
use super::drafts::Named;
use super::extract::Body;
use super::ids;
use crate::auth::{Operator, Viewer};
use crate::problem::Problem;
use crate::programme::{Unpriced, judge};
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::operators::{ChartEntryView, NewEventBody, NewEventView, OverviewView, SalesView};

/// Add an event and open its sale.
#[utoipa::path(post, path = "/api/v1/operator/events", tag = "operators",
    request_body = NewEventBody,
    responses((status = 201, body = NewEventView), (status = 422, body = ProblemDetails)))]
pub(super) async fn create_event(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<NewEventBody>,
) -> Result<(StatusCode, Json<NewEventView>), Problem> {
    let event = body.into();
    let named = Named::by(&state, &event).await?;
    let shelved = named.chart.clone().ok_or_else(|| Problem::unknown("chart"))?;
    let sound = judge(&event, named.known(), Unpriced::Allowed);
    let sound = sound.map_err(|faults| Problem::faulty(&faults))?;
    let now = state.clock.now();
    let id = EventId::new(crate::bootstrap::new_id(now));
    let showing = sound.showing(id, now);
    let doing = Doing {
        by: operator.0,
        event: Some(id),
        action: "create_event",
        target: showing.listing.title.clone(),
        reason: String::new(),
    };
    let publishing = async {
        crate::catalog::publish(&state, showing, &shelved.chart, sound.terms)
            .await
            .map_err(|error| error.problem(id))
    };
    logged(&state, doing, publishing).await?;
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
        venue: entry.venue.map(|venue| venue.to_string()),
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
