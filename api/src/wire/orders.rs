//! Orders, payments and tickets.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::ids::scoped;
use tiketi_engine::domain::order::{Order, OrderState, Payment, PaymentState};
use tiketi_engine::domain::ticket::{Ticket, TicketClaim, TicketState};
use tiketi_engine::domain::time::Timestamp;
use utoipa::ToSchema;

use super::holds::{ItemView, ticket_type_key};
use super::roster::ImageView;
use crate::catalog::ShelvedEvent;
use crate::ticket_code::TicketCodes;

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// Its id.
    pub id: String,
    /// The event.
    pub event: EventRef,
    /// Where it stands.
    pub state: OrderStateView,
    /// The places.
    pub items: Vec<ItemView>,
    /// ISO 4217.
    pub currency: String,
    /// Decimal digits of the currency's smallest unit.
    pub currency_decimals: u32,
    /// What all of it costs, fees included.
    pub total_minor: i64,
    /// When it was placed.
    pub placed_at: String,
    /// When it came to stand where it stands.
    pub changed_at: String,
    /// Every attempt to pay it, oldest first.
    pub payments: Vec<PaymentView>,
    /// Ids of its tickets.
    pub tickets: Vec<String>,
    /// Whether the fan can still return it.
    pub returnable: bool,
}

/// The event that something belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventRef {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub venue: String,
    /// When it begins.
    pub starts_at: String,
    /// What stands for it.
    pub poster: Option<ImageView>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStateView {
    /// Its places are held until the hold expires.
    AwaitingPayment,
    /// Paid; its tickets are issued.
    Paid,
    /// Its hold expired before it was paid.
    Expired,
    /// Given up before paying.
    Cancelled,
    /// Its tickets are void and its money goes back.
    Returned,
}

/// An attempt to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentView {
    /// Its id.
    pub id: String,
    /// Where its money is.
    pub state: PaymentStateView,
    /// When it was started.
    pub started_at: String,
    /// Why the provider declined; empty if it did not.
    pub decline_code: String,
    /// What was captured.
    pub captured_minor: i64,
}

/// Where a payment's money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStateView {
    /// Unknown yet.
    Started,
    /// With the fan: the provider declined.
    Declined,
    /// With us.
    Captured,
    /// With us, and owed back.
    RefundDue,
    /// Back with the fan.
    Refunded,
}

/// An attempt to pay that has begun, and where to send the browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentStartedView {
    /// The order.
    pub order: OrderView,
    /// The attempt's id: the provider's `orderId`.
    pub payment: String,
    /// The provider's page, with everything that it needs.
    pub window_url: String,
}

/// What the provider's page gave the browser to bring back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// The provider's name for the payment.
    pub payment_key: String,
    /// How much, as the provider's page says.
    pub amount_minor: i64,
}

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketView {
    /// Its id.
    pub id: String,
    /// Its number at the event.
    pub number: u64,
    /// The order that it was issued for.
    pub order: String,
    /// The event.
    pub event: EventRef,
    /// The section.
    pub section: String,
    /// The row, table or area.
    pub block: String,
    /// The seat; empty for general admission.
    pub seat: String,
    /// The way in, or empty.
    pub entrance: String,
    /// As what it was bought: the key of a ticket type.
    pub ticket_type: String,
    /// What it is good for.
    pub state: TicketStateView,
    /// When it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redeemed_at: Option<String>,
    /// Where it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// What its QR shows.
    pub code: String,
}

/// What a ticket is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketStateView {
    /// One entry.
    Valid,
    /// Nothing more.
    Redeemed,
    /// Nothing: its order was returned.
    Void,
}

/// The keys that a gate checks tickets with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketKeysView {
    /// Ed25519 public keys as base64url, the current one first.
    pub keys: Vec<String>,
}

/// A ticket shown at a gate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemBody {
    /// What the QR shows.
    pub code: String,
    /// Where.
    pub gate: String,
}

impl EventRef {
    pub(crate) fn of(event: &ShelvedEvent) -> Self {
        Self {
            id: event.listing.id.to_string(),
            title: event.title().into_owned(),
            venue: event.listing.venue.ko.clone(),
            starts_at: event.listing.starts_at.to_string(),
            poster: event.listing.poster.as_ref().map(ImageView::from),
        }
    }
}

impl OrderView {
    pub(crate) fn of(event: &ShelvedEvent, order: &Order, now: Timestamp) -> Self {
        let id = event.listing.id;
        let currency = event.terms.prices.currency();
        Self {
            id: scoped(id, order.id),
            event: EventRef::of(event),
            state: order.state.into(),
            items: order.items.iter().map(|item| ItemView::of(event, item)).collect(),
            currency: currency.code().to_owned(),
            currency_decimals: currency.decimals(),
            total_minor: order.total_minor,
            placed_at: order.placed_at.to_string(),
            changed_at: order.changed_at.to_string(),
            payments: order.payments.iter().map(|of| PaymentView::of(event, of)).collect(),
            tickets: order.tickets.iter().map(|ticket| scoped(id, *ticket)).collect(),
            returnable: order.state == OrderState::Paid && now <= event.terms.rules.refunds_until,
        }
    }
}

impl PaymentView {
    fn of(event: &ShelvedEvent, payment: &Payment) -> Self {
        Self {
            id: scoped(event.listing.id, payment.id),
            state: payment.state.into(),
            started_at: payment.started_at.to_string(),
            decline_code: payment.decline_code.clone(),
            captured_minor: payment.captured_minor,
        }
    }
}

impl TicketView {
    pub(crate) fn of(event: &ShelvedEvent, ticket: &Ticket, codes: &TicketCodes) -> Self {
        let chart = &event.chart.chart;
        let block = chart.block_of(ticket.place);
        let section = chart.section_of(block);
        let id = event.listing.id;
        let (state, redeemed_at, gate) = match &ticket.state {
            TicketState::Valid => (TicketStateView::Valid, None, None),
            TicketState::Void => (TicketStateView::Void, None, None),
            TicketState::Redeemed { at, gate } => {
                (TicketStateView::Redeemed, Some(at.to_string()), Some(gate.clone()))
            }
        };
        let claim = TicketClaim {
            event: id,
            ticket: ticket.id,
            place: ticket.place,
            issued_at: ticket.issued_at,
        };
        Self {
            id: scoped(id, ticket.id),
            number: ticket.id.number(),
            order: scoped(id, ticket.order),
            event: EventRef::of(event),
            section: section.label.clone(),
            block: block.label.clone(),
            seat: chart.places()[ticket.place.index()].label.clone(),
            entrance: section.entrance.clone(),
            ticket_type: ticket_type_key(event, ticket.ticket_type),
            state,
            redeemed_at,
            gate,
            code: codes.sign(&claim),
        }
    }
}

impl From<OrderState> for OrderStateView {
    fn from(state: OrderState) -> Self {
        match state {
            OrderState::AwaitingPayment => Self::AwaitingPayment,
            OrderState::Paid => Self::Paid,
            OrderState::Expired => Self::Expired,
            OrderState::Cancelled => Self::Cancelled,
            OrderState::Returned => Self::Returned,
        }
    }
}

impl From<PaymentState> for PaymentStateView {
    fn from(state: PaymentState) -> Self {
        match state {
            PaymentState::Started => Self::Started,
            PaymentState::Declined => Self::Declined,
            PaymentState::Captured => Self::Captured,
            PaymentState::RefundDue => Self::RefundDue,
            PaymentState::Refunded => Self::Refunded,
        }
    }
}
