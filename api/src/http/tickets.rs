//! Tickets, and the gate.

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::domain::command::{Command, Reply};
use tiketi_engine::domain::limits::REFERENCE_BYTES_MAX;

use super::extract::Keyed;
use super::ids;
use crate::auth::{Operator, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::orders::{RedeemBody, TicketKeysView, TicketView};

/// A ticket of the fan's, with its code.
#[utoipa::path(get, path = "/api/v1/tickets/{ticket}", tag = "tickets",
    operation_id = "show_ticket",
    params(("ticket" = String, Path)),
    responses((status = 200, body = TicketView), (status = 404, body = ProblemDetails)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(ticket): Path<String>,
    who: SignedIn,
) -> Result<Json<TicketView>, Problem> {
    let (event, ticket) = ids::ticket(&ticket)?;
    let missing = || Problem::unknown("ticket");
    let shelved = state.shelf.event(event).await?.ok_or_else(missing)?;
    let ticket = state.ledger.ticket(event, ticket).await?;
    let ticket = ticket.filter(|ticket| ticket.fan == who.fan()).ok_or_else(missing)?;
    Ok(Json(TicketView::of(&shelved, &ticket, &state.ticket_codes)))
}

/// The keys that a gate needs to check tickets without a network.
#[utoipa::path(get, path = "/api/v1/ticket-keys", tag = "tickets",
    responses((status = 200, body = TicketKeysView)))]
pub(super) async fn keys(State(state): State<AppState>) -> Json<TicketKeysView> {
    Json(TicketKeysView { keys: state.ticket_codes.public_keys() })
}

/// Let the bearer of a ticket in. A second time is refused, with when and where the first was.
#[utoipa::path(post, path = "/api/v1/gate/redeem", tag = "tickets",
    params(("Idempotency-Key" = Option<String>, Header)), request_body = RedeemBody,
    responses((status = 200, body = TicketView), (status = 409, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn redeem(
    State(state): State<AppState>,
    _: Operator,
    request: Keyed<RedeemBody>,
) -> Result<Json<TicketView>, Problem> {
    let claim = state.ticket_codes.verify(&request.body.code);
    let claim = claim.ok_or_else(Problem::bad_ticket_code)?;
    let gate = request.body.gate.trim().to_owned();
    if gate.is_empty() || gate.len() > REFERENCE_BYTES_MAX {
        let detail = format!("1 to {REFERENCE_BYTES_MAX} bytes");
        return Err(Problem::invalid("gate", detail));
    }
    let missing = || Problem::unknown("ticket");
    let shelved = state.shelf.event(claim.event).await?.ok_or_else(missing)?;
    if shelved.rehearsal {
        return Err(Problem::rehearsal_ticket());
    }
    let command = Command::RedeemTicket { ticket: claim.ticket, gate };
    let reply = state.engine.submit(claim.event, request.as_operator(command)).await;
    match reply.map_err(|error| Problem::engine(claim.event, &error))? {
        Reply::Ticket(ticket) => Ok(Json(TicketView::of(&shelved, &ticket, &state.ticket_codes))),
        Reply::Done | Reply::Standing(_) | Reply::Hold(_) | Reply::Order(_) => Err(missing()),
    }
}
