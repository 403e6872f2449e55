//! Orders and payments.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::command::{Command, Reply, Request};
use tiketi_engine::domain::ids::{EventId, OrderId, scoped};
use tiketi_engine::domain::order::{Order, PaymentState};
use tiketi_engine::domain::time::Timestamp;

use super::extract::{Body, Keyed, Nothing, PageQuery, Query};
use super::ids;
use crate::auth::SignedIn;
use crate::catalog::ShelvedEvent;
use crate::payments::{Payments, WebhookBody};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::orders::{ConfirmBody, OrderView, PaymentStartedView};
use crate::wire::{Page, ProblemDetails};

/// Make an order of a hold. One that was ordered already gives that order.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/order", tag = "orders",
    operation_id = "place_order",
    params(("hold" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderView), (status = 404, body = ProblemDetails)))]
pub(super) async fn place(
    State(state): State<AppState>,
    Path(hold): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<OrderView>, Problem> {
    let (event, hold) = ids::hold(&hold)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("hold"))?;
    let order = run(&state, event, request.as_fan(Command::PlaceOrder(hold))).await?;
    Ok(Json(OrderView::of(&shelved, &order, state.clock.now())))
}

/// The fan's orders, newest first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", operation_id = "list_orders",
    params(PageQuery),
    responses((status = 200, body = Page<OrderView>), (status = 401, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    who: SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<OrderView>>, Problem> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(read_cursor);
    let before = before.map(|cursor| cursor.ok_or_else(Problem::malformed_cursor)).transpose()?;
    let mut rows = state.ledger.orders_of(who.fan(), before, limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| {
        format!("{}~{}", row.order.placed_at.as_millis(), scoped(row.event, row.order.id))
    });
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(shelved) = state.shelf.event(row.event).await? {
            items.push(OrderView::of(&shelved, &row.order, state.clock.now()));
        }
    }
    Ok(Json(Page { items, next }))
}

fn read_cursor(text: &str) -> Option<(Timestamp, EventId, OrderId)> {
    let (at, order) = text.split_once('~')?;
    let (event, order) = ids::order(order).ok()?;
    Some((Timestamp::from_millis(at.parse().ok()?), event, order))
}

/// An order of the fan's.
#[utoipa::path(get, path = "/api/v1/orders/{order}", tag = "orders", operation_id = "show_order",
    params(("order" = String, Path)),
    responses((status = 200, body = OrderView), (status = 404, body = ProblemDetails)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(order): Path<String>,
    who: SignedIn,
) -> Result<Json<OrderView>, Problem> {
    let (event, order) = ids::order(&order)?;
    let (shelved, order) = own_order(&state, event, order, who).await?;
    Ok(Json(OrderView::of(&shelved, &order, state.clock.now())))
}

/// Give up an order that is not paid; its places are free again.
#[utoipa::path(post, path = "/api/v1/orders/{order}/cancel", tag = "orders",
    params(("order" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderView), (status = 409, body = ProblemDetails)))]
pub(super) async fn cancel(
    State(state): State<AppState>,
    Path(order): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<OrderView>, Problem> {
    act(&state, &order, &request, Command::CancelOrder).await
}

/// Return a paid order: its tickets are void, its money goes back.
#[utoipa::path(post, path = "/api/v1/orders/{order}/return", tag = "orders",
    params(("order" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderView), (status = 409, body = ProblemDetails)))]
pub(super) async fn give_back(
    State(state): State<AppState>,
    Path(order): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<OrderView>, Problem> {
    let view = act(&state, &order, &request, Command::ReturnOrder).await?;
    if let Some(payments) = &state.payments {
        payments.wake();
    }
    Ok(view)
}

async fn act(
    state: &AppState,
    order: &str,
    request: &Keyed<Nothing>,
    command: impl Fn(OrderId) -> Command,
) -> Result<Json<OrderView>, Problem> {
    let (event, order) = ids::order(order)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("order"))?;
    let order = run(state, event, request.as_fan(command(order))).await?;
    Ok(Json(OrderView::of(&shelved, &order, state.clock.now())))
}

/// Begin to pay: the answer says where to send the browser. An attempt whose outcome is open is
/// given instead of a second one.
#[utoipa::path(post, path = "/api/v1/orders/{order}/payments", tag = "orders",
    params(("order" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PaymentStartedView), (status = 409, body = ProblemDetails)))]
pub(super) async fn start_payment(
    State(state): State<AppState>,
    Path(order): Path<String>,
    request: Keyed<Nothing>,
) -> Result<Json<PaymentStartedView>, Problem> {
    let (event, order) = ids::order(&order)?;
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("order"))?;
    let payments = payments_of(&state, &shelved)?;
    let order = run(&state, event, request.as_fan(Command::StartPayment(order))).await?;
    let open = order.payments.iter().find(|payment| payment.state == PaymentState::Started);
    let payment = open.ok_or_else(|| Problem::unknown("payment"))?.id;
    let window_url = payments.window_url(&state.public_url, &shelved, &order, payment);
    Ok(Json(PaymentStartedView {
        order: OrderView::of(&shelved, &order, state.clock.now()),
        payment: scoped(event, payment),
        window_url,
    }))
}

/// Take the money that the fan has agreed to on the provider's page. If the provider does not
/// answer in time the payment stays open, and is settled as soon as the provider does.
#[utoipa::path(post, path = "/api/v1/orders/{order}/payments/{payment}/confirm", tag = "orders",
    params(("order" = String, Path), ("payment" = String, Path)), request_body = ConfirmBody,
    responses((status = 200, body = OrderView), (status = 409, body = ProblemDetails)))]
pub(super) async fn confirm(
    State(state): State<AppState>,
    Path((order, payment)): Path<(String, String)>,
    request: Keyed<ConfirmBody>,
) -> Result<Json<OrderView>, Problem> {
    let ((event, order), (of, payment)) = (ids::order(&order)?, ids::payment(&payment)?);
    let (shelved, before) = own_order(&state, event, order, request.who).await?;
    let payments = payments_of(&state, &shelved)?;
    let attempt = before.payment(payment).filter(|_| of == event);
    let attempt = attempt.ok_or_else(|| Problem::unknown("payment"))?;
    if request.body.amount_minor != before.total_minor {
        return Err(Problem::amount_mismatch());
    }
    if attempt.state == PaymentState::Started {
        let key = &request.body.payment_key;
        payments.confirm(&state.engine, event, &before, payment, key).await;
    }
    let (_, after) = own_order(&state, event, order, request.who).await?;
    Ok(Json(OrderView::of(&shelved, &after, state.clock.now())))
}

/// Ask the provider what became of a payment: the fan came back without having paid.
#[utoipa::path(post, path = "/api/v1/orders/{order}/payments/{payment}/resolve", tag = "orders",
    params(("order" = String, Path), ("payment" = String, Path)),
    responses((status = 200, body = OrderView), (status = 404, body = ProblemDetails)))]
pub(super) async fn resolve(
    State(state): State<AppState>,
    Path((order, payment)): Path<(String, String)>,
    who: SignedIn,
) -> Result<Json<OrderView>, Problem> {
    let ((event, order), (of, payment)) = (ids::order(&order)?, ids::payment(&payment)?);
    let (shelved, before) = own_order(&state, event, order, who).await?;
    let payments = payments_of(&state, &shelved)?;
    let attempt = before.payment(payment).filter(|_| of == event);
    if attempt.ok_or_else(|| Problem::unknown("payment"))?.state == PaymentState::Started {
        payments.give_up(&state.engine, event, order, payment).await;
    }
    let (_, after) = own_order(&state, event, order, who).await?;
    Ok(Json(OrderView::of(&shelved, &after, state.clock.now())))
}

/// The provider says that a payment changed. It does not sign that, so the provider is asked.
#[utoipa::path(post, path = "/api/v1/webhooks/toss", tag = "orders",
    request_body = WebhookBody, responses((status = 204)))]
pub(super) async fn toss_webhook(
    State(state): State<AppState>,
    Body(body): Body<WebhookBody>,
) -> Result<StatusCode, Problem> {
    let payments = payments(&state)?;
    if let Ok((event, payment)) = ids::payment(&body.data.order_id) {
        payments.heard_of(event, payment);
    }
    Ok(StatusCode::NO_CONTENT)
}

fn payments(state: &AppState) -> Result<&Payments, Problem> {
    state.payments.as_ref().ok_or_else(Problem::payments_off)
}

/// Who takes the money for an event; for a rehearsal only somebody who takes none.
fn payments_of<'a>(state: &'a AppState, event: &ShelvedEvent) -> Result<&'a Payments, Problem> {
    let payments = payments(state)?;
    let lawful = !event.rehearsal || payments.is_sandbox();
    if lawful { Ok(payments) } else { Err(Problem::rehearsal_payments()) }
}

async fn run(state: &AppState, event: EventId, request: Request) -> Result<Order, Problem> {
    let reply = state.engine.submit(event, request).await;
    match reply.map_err(|error| Problem::engine(event, &error))? {
        Reply::Order(order) => Ok(*order),
        Reply::Done | Reply::Standing(_) | Reply::Hold(_) | Reply::Ticket(_) => {
            Err(Problem::unknown("order"))
        }
    }
}

/// An order, if it is the fan's.
async fn own_order(
    state: &AppState,
    event: EventId,
    order: OrderId,
    who: SignedIn,
) -> Result<(std::sync::Arc<ShelvedEvent>, Order), Problem> {
    let missing = || Problem::unknown("order");
    let shelved = state.shelf.event(event).await?.ok_or_else(missing)?;
    let order = state.ledger.order(event, order).await?;
    let order = order.filter(|order| order.fan == who.fan()).ok_or_else(missing)?;
    Ok((shelved, order))
}
