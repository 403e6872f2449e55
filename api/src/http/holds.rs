//! Holds.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::command::{Command, Reply, Request};
use tiketi_engine::domain::ids::EventId;

use super::extract::{Keyed, Nothing};
use super::ids;
use crate::catalog::ShelvedEvent;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::holds::{ChangeHoldBody, HoldView, SelectionBody};

/// Hold places: all that are asked for, or none. Whoever holds them already gets that hold.
#[utoipa::path(post, path = "/api/v1/events/{event}/holds", tag = "holds",
    operation_id = "place_hold",
    params(("event" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = SelectionBody,
    responses((status = 200, body = HoldView), (status = 403, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn place(
    State(state): State<AppState>,
    Path(event): Path<String>,
    mut request: Keyed<SelectionBody>,
) -> Result<Json<HoldView>, Problem> {
    let event = ids::event(&event)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let none = SelectionBody::Places { items: Vec::new() };
    let selection = std::mem::replace(&mut request.body, none).selection(&shelved)?;
    run(&state, event, &shelved, request.as_fan(Command::PlaceHold(selection))).await
}

/// Add places to a hold and give some back: all of it or nothing.
#[utoipa::path(patch, path = "/api/v1/holds/{hold}", tag = "holds",
    params(("hold" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ChangeHoldBody,
    responses((status = 200, body = HoldView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn change(
    State(state): State<AppState>,
    Path(hold): Path<String>,
    mut request: Keyed<ChangeHoldBody>,
) -> Result<Json<HoldView>, Problem> {
    let (event, hold) = ids::hold(&hold)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("hold"))?;
    let add = std::mem::take(&mut request.body.add).into_iter();
    let add = add.map(|wanted| wanted.wanted(&shelved)).collect();
    let remove = request.body.remove.iter().copied().map(PlaceIx).collect();
    let command = Command::ChangeHold { hold, add, remove };
    run(&state, event, &shelved, request.as_fan(command)).await
}

/// Extend a hold, once.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/extend", tag = "holds",
    params(("hold" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HoldView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn extend(
    State(state): State<AppState>,
    Path(hold): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<HoldView>, Problem> {
    let (event, hold) = ids::hold(&hold)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("hold"))?;
    run(&state, event, &shelved, request.as_fan(Command::ExtendHold(hold))).await
}

/// Give a hold back.
#[utoipa::path(delete, path = "/api/v1/holds/{hold}", tag = "holds",
    params(("hold" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn release(
    State(state): State<AppState>,
    Path(hold): Path<String>,
    request: Keyed<Nothing>,
) -> Result<StatusCode, Problem> {
    let (event, hold) = ids::hold(&hold)?;
    state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("hold"))?;
    let reply = state.engine.submit(event, request.as_fan(Command::ReleaseHold(hold))).await;
    reply.map_err(|error| Problem::engine(event, &error))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn run(
    state: &AppState,
    event: EventId,
    shelved: &ShelvedEvent,
    request: Request,
) -> Result<Json<HoldView>, Problem> {
    let reply = state.engine.submit(event, request).await;
    match reply.map_err(|error| Problem::engine(event, &error))? {
        Reply::Hold(hold) => Ok(Json(HoldView::of(shelved, &hold))),
        Reply::Done | Reply::Standing(_) | Reply::Order(_) | Reply::Ticket(_) => {
            Err(Problem::unknown("hold"))
        }
    }
}
