//! Venues, and whose plan is whose.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::chart::ChartHash;
use tiketi_engine::domain::ids::VenueId;
use tiketi_engine::ports::{Removal, Venue};

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::{Body, Query};
use super::{ids, images};
use crate::auth::Operator;
use crate::problem::Problem;
use crate::programme::differences;
use crate::roster::{self, Of};
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::roster::{
    AddVenueBody, ChangeVenueBody, ChartVenueBody, RemovalQuery, VenueBody, VenueView,
};

/// Venues that a list shows.
pub(super) const LISTED_MAX: u32 = 1_000;

/// Venues by name, 1,000 at most.
#[utoipa::path(get, path = "/api/v1/operator/venues", tag = "operators",
    operation_id = "list_venues",
    responses((status = 200, body = Vec<VenueView>), (status = 403, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Json<Vec<VenueView>>, Problem> {
    let venues = state.roster.venues(LISTED_MAX).await?;
    Ok(Json(venues.iter().map(VenueView::from).collect()))
}

/// Add a venue.
#[utoipa::path(post, path = "/api/v1/operator/venues", tag = "operators",
    operation_id = "add_venue", request_body = AddVenueBody,
    responses((status = 201, body = VenueView), (status = 403, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn add(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<AddVenueBody>,
) -> Result<(StatusCode, Json<VenueView>), Problem> {
    let reason = reason_of(&body.reason, false)?;
    let now = state.clock.now();
    let id = VenueId::new(crate::bootstrap::new_id(now));
    let venue = judged(&state, &body.venue, (id, 1, now)).await?;
    let target = format!("{id}: {}", venue.name.ko);
    let adding = async { state.roster.add_venue(&venue).await.map_err(Problem::from) };
    logged(&state, doing(operator, "add_venue", target, reason), adding).await?;
    Ok((StatusCode::CREATED, Json((&venue).into())))
}

/// Put another version in place of a venue. Its events have it at once.
#[utoipa::path(patch, path = "/api/v1/operator/venues/{venue}", tag = "operators",
    operation_id = "change_venue", params(("venue" = String, Path)),
    request_body = ChangeVenueBody,
    responses((status = 200, body = VenueView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn change(
    State(state): State<AppState>,
    operator: Operator,
    Path(venue): Path<String>,
    Body(body): Body<ChangeVenueBody>,
) -> Result<Json<VenueView>, Problem> {
    let reason = reason_of(&body.reason, false)?;
    let old = seen(&state, &venue, body.version).await?;
    let new = judged(&state, &body.venue, (old.id, old.version + 1, old.created_at)).await?;
    let changed = differences(&VenueBody::from(&old), &VenueBody::from(&new));
    if changed.is_empty() {
        return Ok(Json((&old).into()));
    }
    let target = format!("{}\n{changed}", old.id);
    let replacing = async {
        let replaced = state.roster.replace_venue(&new).await?;
        if replaced { Ok(()) } else { Err(Problem::changed_since()) }
    };
    logged(&state, doing(operator, "change_venue", target, reason), replacing).await?;
    Ok(Json((&new).into()))
}

/// Remove a venue that no event is at. Its plans stay, as nobody's.
#[utoipa::path(delete, path = "/api/v1/operator/venues/{venue}", tag = "operators",
    operation_id = "remove_venue", params(("venue" = String, Path), RemovalQuery),
    responses((status = 204), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn remove(
    State(state): State<AppState>,
    operator: Operator,
    Path(venue): Path<String>,
    Query(query): Query<RemovalQuery>,
) -> Result<StatusCode, Problem> {
    let reason = reason_of(&query.reason, false)?;
    let old = seen(&state, &venue, query.version).await?;
    let target = format!("{}: {} → removed", old.id, old.name.ko);
    let removing = async { removed(state.roster.remove_venue(old.id, old.version).await?) };
    logged(&state, doing(operator, "remove_venue", target, reason), removing).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say whose plan a chart is.
#[utoipa::path(patch, path = "/api/v1/operator/charts/{hash}", tag = "operators",
    operation_id = "set_chart_venue", params(("hash" = String, Path)),
    request_body = ChartVenueBody,
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(super) async fn assign(
    State(state): State<AppState>,
    operator: Operator,
    Path(hash): Path<String>,
    Body(body): Body<ChartVenueBody>,
) -> Result<StatusCode, Problem> {
    let reason = reason_of(&body.reason, false)?;
    let hash: ChartHash = hash.parse().map_err(|_| Problem::unknown("chart"))?;
    let charts = state.catalog.charts().await?;
    let old = charts.into_iter().find(|chart| chart.hash == hash);
    let old = old.ok_or_else(|| Problem::unknown("chart"))?;
    let venue = match &body.venue {
        Some(venue) => Some(venue_of(&state, venue).await?.id),
        None => None,
    };
    let whose = |venue: Option<VenueId>| venue.map_or("nobody's".to_owned(), |of| of.to_string());
    let target = format!("{} {hash}: {} → {}", old.name, whose(old.venue), whose(venue));
    let setting = async {
        let set = state.roster.set_chart_venue(hash, venue).await?;
        if set { Ok(()) } else { Err(Problem::unknown("venue")) }
    };
    logged(&state, doing(operator, "set_chart_venue", target, reason), setting).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came of a removal, as an answer.
pub(super) fn removed(removal: Removal) -> Result<(), Problem> {
    match removal {
        Removal::Removed => Ok(()),
        Removal::InUse => Err(Problem::in_use()),
        Removal::Changed => Err(Problem::changed_since()),
    }
}

fn doing(by: Operator, action: &'static str, target: String, reason: String) -> Doing {
    Doing { by: by.0, event: None, action, target, reason }
}

async fn judged(state: &AppState, body: &VenueBody, of: Of<VenueId>) -> Result<Venue, Problem> {
    let image = images::named(state, body.picture.as_ref()).await?;
    roster::venue(body, image.as_deref(), of).map_err(|faults| Problem::faulty(&faults))
}

async fn venue_of(state: &AppState, venue: &str) -> Result<Venue, Problem> {
    let venue = state.roster.venue(ids::venue(venue)?).await?;
    venue.ok_or_else(|| Problem::unknown("venue"))
}

/// A venue, if it is the version that was seen.
async fn seen(state: &AppState, venue: &str, version: u32) -> Result<Venue, Problem> {
    let venue = venue_of(state, venue).await?;
    if venue.version == version { Ok(venue) } else { Err(Problem::changed_since()) }
}
