//! Between the domain's types and the columns that hold them.

use std::borrow::Cow;

use serde_json::{Value, json};
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{EventId, OrderId, TicketId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{OrderState, PaymentState};
use tiketi_engine::domain::pricing::{Price, TicketTypeIx};
use tiketi_engine::domain::rows::PlaceRow;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::ticket::TicketState;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{
    ImageKind, ListingState, Picture, RehearsalState, Removal, Role, StoreError,
};

use crate::columns::{Fault, breaks_a_reference};

/// A column holds what no release ever wrote there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column} holds {value:?}")]
pub(crate) struct BadColumn {
    pub(crate) column: &'static str,
    pub(crate) value: String,
}

fn bad(column: &'static str, value: &(impl ToString + ?Sized)) -> BadColumn {
    BadColumn { column, value: value.to_string() }
}

/// A count that a column holds as a signed number.
pub(crate) fn unsigned<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, BadColumn> {
    T::try_from(value).map_err(|_| bad(column, &value))
}

/// A number as a column holds it: counts here stay far below 2^63.
pub(crate) fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn digest(column: &'static str, bytes: &[u8]) -> Result<[u8; 32], BadColumn> {
    bytes.try_into().map_err(|_| bad(column, &format!("{} bytes", bytes.len())))
}

/// The `(starts_at, id)` that listings come after; before all of them if there is none.
pub(crate) fn listed_after(after: Option<(Timestamp, EventId)>) -> (i64, i64) {
    after.map_or((i64::MIN, i64::MIN), |(at, id)| (at.as_millis(), id.number().cast_signed()))
}

/// The `(placed_at, event, number)` that orders come before; after all of them if there is none.
pub(crate) fn ordered_before(before: Option<(Timestamp, EventId, OrderId)>) -> (i64, i64, i64) {
    before.map_or((i64::MAX, i64::MAX, i64::MAX), |(at, event, order)| {
        (at.as_millis(), event.number().cast_signed(), order.number().cast_signed())
    })
}

/// Places as a JSON list of `[place, state, hold, ticket, fan, version]`.
pub(crate) fn places(rows: &[PlaceRow]) -> String {
    let row = |row: &PlaceRow| {
        let (state, hold, ticket) = match row.state {
            PlaceState::Free => ("free", None, None),
            PlaceState::Held(hold) => ("held", Some(hold.number()), None),
            PlaceState::Sold(ticket) => ("sold", None, Some(ticket.number())),
            PlaceState::Blocked => ("blocked", None, None),
        };
        let fan = row.fan.map(tiketi_engine::domain::ids::Id::number);
        json!([row.place.0, state, hold, ticket, fan, row.version.0])
    };
    Value::Array(rows.iter().map(row).collect()).to_string()
}

/// Items as a JSON list of `{"place", "ticket_type", "amount_minor", "fee_minor"}`.
pub(crate) fn items(items: &[Item]) -> String {
    let item = |item: &Item| {
        json!({
            "place": item.place.0,
            "ticket_type": item.ticket_type.0,
            "amount_minor": item.price.amount_minor,
            "fee_minor": item.price.fee_minor,
        })
    };
    Value::Array(items.iter().map(item).collect()).to_string()
}

/// Reads what [`items`] wrote.
pub(crate) fn read_items(text: &str) -> Result<Vec<Item>, BadColumn> {
    let wrong = || bad("items", text);
    let list: Vec<Value> = serde_json::from_str(text).map_err(|_| wrong())?;
    let read = |value: &Value| {
        let number = |name: &str| value.get(name).and_then(Value::as_i64);
        Some(Item {
            place: PlaceIx(u32::try_from(number("place")?).ok()?),
            ticket_type: TicketTypeIx(u8::try_from(number("ticket_type")?).ok()?),
            price: Price { amount_minor: number("amount_minor")?, fee_minor: number("fee_minor")? },
        })
    };
    list.iter().map(|value| read(value).ok_or_else(wrong)).collect()
}

/// Ticket numbers between commas, in whatever order, as a list in the order of issue.
pub(crate) fn read_tickets(text: &str) -> Result<Vec<TicketId>, BadColumn> {
    let numbers = text.split(',').filter(|number| !number.is_empty());
    let tickets = numbers.map(|number| number.parse().map(TicketId::new));
    let mut tickets: Vec<TicketId> =
        tickets.collect::<Result<_, _>>().map_err(|_| bad("tickets", text))?;
    tickets.sort_unstable();
    Ok(tickets)
}

/// A text as every database takes it: Postgres refuses the character 0, which a payment company
/// or a gate might send, and a row that is refused would end the sale.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

pub(crate) const fn ticket_state(state: &TicketState) -> &'static str {
    match state {
        TicketState::Valid => "valid",
        TicketState::Redeemed { .. } => "redeemed",
        TicketState::Void => "void",
    }
}

pub(crate) fn read_order_state(text: &str) -> Result<OrderState, BadColumn> {
    const ALL: [OrderState; 5] = [
        OrderState::AwaitingPayment,
        OrderState::Paid,
        OrderState::Expired,
        OrderState::Cancelled,
        OrderState::Returned,
    ];
    ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| bad("state", text))
}

pub(crate) fn read_payment_state(text: &str) -> Result<PaymentState, BadColumn> {
    const ALL: [PaymentState; 5] = [
        PaymentState::Started,
        PaymentState::Declined,
        PaymentState::Captured,
        PaymentState::RefundDue,
        PaymentState::Refunded,
    ];
    ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| bad("state", text))
}

pub(crate) fn read_sale_status(text: &str) -> Result<SaleStatus, BadColumn> {
    const ALL: [SaleStatus; 3] = [SaleStatus::Open, SaleStatus::Paused, SaleStatus::Closed];
    ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| bad("status", text))
}

pub(crate) fn read_role(text: &str) -> Result<Role, BadColumn> {
    Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| bad("role", text))
}

/// The number of an event that may be none.
pub(crate) fn event_or_none(event: Option<EventId>) -> i64 {
    event.map_or(0, |event| event.number().cast_signed())
}

pub(crate) const fn image_kind(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Png => "png",
        ImageKind::Jpeg => "jpeg",
        ImageKind::Webp => "webp",
        ImageKind::Avif => "avif",
    }
}

pub(crate) fn read_image_kind(text: &str) -> Result<ImageKind, BadColumn> {
    let all = [ImageKind::Png, ImageKind::Jpeg, ImageKind::Webp, ImageKind::Avif];
    all.into_iter().find(|kind| image_kind(*kind) == text).ok_or_else(|| bad("kind", text))
}

/// An image in its place as columns hold it: which, and its texts.
pub(crate) fn picture(of: Option<&Picture>) -> (Option<Vec<u8>>, &str, &str) {
    of.map_or((None, "", ""), |of| (Some(of.hash.0.to_vec()), &of.alt.ko, &of.alt.en))
}

/// What came of a statement that removes one version of something, by how many rows it wrote.
pub(crate) fn removal(removed: Result<u64, sqlx::Error>) -> Result<Removal, StoreError> {
    match removed {
        Ok(0) => Ok(Removal::Changed),
        Ok(_) => Ok(Removal::Removed),
        Err(error) if breaks_a_reference(&error) => Ok(Removal::InUse),
        Err(error) => Err(Fault::from(error).into()),
    }
}

pub(crate) const fn listing_state(state: ListingState) -> &'static str {
    match state {
        ListingState::Draft => "draft",
        ListingState::Published => "published",
    }
}

pub(crate) fn read_rehearsal_state(text: &str) -> Result<RehearsalState, BadColumn> {
    let mut all = RehearsalState::ALL.into_iter();
    all.find(|state| state.as_str() == text).ok_or_else(|| bad("state", text))
}

pub(crate) fn read_listing_state(text: &str) -> Result<ListingState, BadColumn> {
    let all = [ListingState::Draft, ListingState::Published];
    all.into_iter().find(|state| listing_state(*state) == text).ok_or_else(|| bad("state", text))
}
