//! What others read in the record stream: one message for each record of a journal that concerns
//! them.
//!
//! Messages are made of the record, the chart and the terms alone, so that a record that is
//! published twice has the same bytes twice. Places are named as people name them. What a sale
//! answered to a request stays within: sequence numbers skip there. So do keys of requests, entry
//! tokens, and the payment company's own names for payments.
//!
//! The layout is version 1. Kinds and fields are added within a version, so readers ignore those
//! that they do not know; anything else is a new version.

mod naming;
mod reading;
#[cfg(test)]
mod tests;

pub use naming::{Naming, NotPublishable};
pub use reading::{Received, ReceivedChange, Unreadable};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::charts::BlockKindView;
use super::operators::StatusView;

/// The layout of messages.
pub const VERSION: u32 = 1;

/// One record of an event's journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordMessage {
    /// The layout: 1. A reader that does not know it leaves the message alone.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u32,
    /// The event.
    pub event: String,
    /// The record's place in the event's journal. Numbers grow and may skip; the same number is
    /// the same message.
    #[schema(minimum = 1)]
    pub seq: u64,
    /// When it was decided.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who asked for it.
    pub by: OriginView,
    /// What changed.
    #[serde(flatten)]
    pub change: ChangeView,
}

/// Who asked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginView {
    /// Nobody: time passed.
    Clock,
    /// A fan.
    Fan,
    /// An operator.
    Operator,
    /// The payment company.
    Provider,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum ChangeView {
    /// The sale exists; always the first record.
    SaleOpened(TermsRecord),
    /// Other terms from now on.
    TermsChanged(TermsRecord),
    /// The sale was paused, resumed or closed.
    StatusChanged(StatusRecord),
    /// A fan stands in line.
    Joined(JoinedRecord),
    /// A fan gave up place, turn or session.
    Left(FanRecord),
    /// It is the turn of these fans.
    Called(CalledRecord),
    /// A fan took the turn.
    Claimed(ClaimedRecord),
    /// A called fan did not claim in time.
    ClaimLapsed(FanRecord),
    /// A session is over: its time ran out, or the fan has bought.
    SessionEnded(FanRecord),
    /// Places are held.
    HoldPlaced(HoldPlacedRecord),
    /// A hold has other places.
    HoldChanged(HoldChangedRecord),
    /// A hold lasts longer.
    HoldExtended(HoldExtendedRecord),
    /// A hold was given back.
    HoldReleased(HoldEndedRecord),
    /// A hold ran out, and the order made of it with it.
    HoldExpired(HoldEndedRecord),
    /// A hold became an order.
    OrderPlaced(OrderPlacedRecord),
    /// An order was given up before it was paid, and its hold with it.
    OrderCancelled(OrderCancelledRecord),
    /// An attempt to pay began.
    PaymentStarted(PaymentStartedRecord),
    /// The payment company declined an attempt.
    PaymentDeclined(PaymentDeclinedRecord),
    /// An order is paid and its tickets are issued.
    OrderPaid(OrderPaidRecord),
    /// Money was taken for which there are no tickets to be had: it is owed back.
    PaymentStranded(PaymentAmountRecord),
    /// A paid order was returned: its tickets are void and its money is owed back.
    OrderReturned(OrderReturnedRecord),
    /// A payment's money went back.
    PaymentRefunded(PaymentAmountRecord),
    /// The bearer of a ticket was let in.
    TicketRedeemed(TicketRedeemedRecord),
    /// Free places were taken off sale.
    PlacesBlocked(PlacesRecord),
    /// Places that were taken off sale are free again.
    PlacesFreed(PlacesRecord),
    /// How many fans are called in a minute has another bound.
    RateChanged(RateRecord),
    /// Those in line are told something else.
    NoticeChanged(NoticeRecord),
}

/// The terms of a sale, all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsRecord {
    /// The hash of the chart that is sold.
    pub chart: String,
    /// ISO 4217; the same for the life of the sale.
    pub currency: String,
    /// What an order costs beside its places.
    pub order_fee_minor: i64,
    /// As what a place can be bought.
    pub ticket_types: Vec<TicketTypeRecord>,
    /// What places cost; what is not listed is not for sale.
    pub prices: Vec<PriceRecord>,
    /// From when on fans may stand in line.
    #[schema(format = DateTime)]
    pub lobby_opens_at: String,
    /// From when on places can be held.
    #[schema(format = DateTime)]
    pub opens_at: String,
    /// From when on not any more.
    #[schema(format = DateTime)]
    pub closes_at: String,
    /// Until when fans may return tickets.
    #[schema(format = DateTime)]
    pub refunds_until: String,
    /// Places in one hold.
    pub places_per_hold_max: u32,
    /// Places of one fan.
    pub places_per_fan_max: u32,
    /// How long a hold lasts, in milliseconds.
    pub hold_ttl_ms: u64,
    /// By how much it can be extended, once, in milliseconds.
    pub hold_extension_ms: u64,
    /// Fans called or admitted at one time.
    pub admitted_max: u32,
    /// How long a called fan has to claim the turn, in milliseconds.
    pub claim_ttl_ms: u64,
    /// How long an admitted fan may hold places, in milliseconds.
    pub session_ttl_ms: u64,
}

/// As what a place can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketTypeRecord {
    /// Stable name.
    pub key: String,
    /// What a fan reads.
    pub label: String,
}

/// What a place of a category costs as one ticket type.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceRecord {
    /// The key of the category.
    pub category: String,
    /// The key of the ticket type.
    pub ticket_type: String,
    /// For the place.
    pub amount_minor: i64,
    /// For the service, on top.
    pub fee_minor: i64,
}

/// Whether a sale runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusRecord {
    /// What it is now.
    pub status: StatusView,
}

/// A fan in line.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedRecord {
    /// Who.
    pub fan: String,
    /// Where: numbers grow in the order of joining.
    pub number: u64,
}

/// Something about one fan.
#[derive(Debug, Serialize, ToSchema)]
pub struct FanRecord {
    /// Who.
    pub fan: String,
}

/// Fans whose turn it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalledRecord {
    /// Who, first come first.
    pub fans: Vec<String>,
    /// Until when they may claim it.
    #[schema(format = DateTime)]
    pub claim_by: String,
}

/// A fan inside.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimedRecord {
    /// Who.
    pub fan: String,
    /// Until when places can be held.
    #[schema(format = DateTime)]
    pub until: String,
}

/// A place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PlaceRecord {
    /// What block it belongs to.
    pub kind: BlockKindView,
    /// The section's label.
    pub section: String,
    /// The label of the row, table or area.
    pub block: String,
    /// The seat's label; empty for general admission.
    pub seat: String,
    /// The key of its category.
    pub category: String,
}

/// A place with what it costs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ItemRecord {
    /// The place.
    pub place: PlaceRecord,
    /// As what: the key of a ticket type.
    pub ticket_type: String,
    /// For the place.
    pub amount_minor: i64,
    /// For the service, on top.
    pub fee_minor: i64,
}

/// A new hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldPlacedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub hold: String,
    /// What it holds.
    pub items: Vec<ItemRecord>,
    /// ISO 4217.
    pub currency: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// What changed of a hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldChangedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub hold: String,
    /// What was added.
    pub added: Vec<ItemRecord>,
    /// What was given back.
    pub removed: Vec<PlaceRecord>,
    /// ISO 4217.
    pub currency: String,
}

/// A hold that lasts longer.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldExtendedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub hold: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// A hold that is no more.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldEndedRecord {
    /// Whose it was.
    pub fan: String,
    /// Its id.
    pub hold: String,
    /// The places, which are free now.
    pub places: Vec<PlaceRecord>,
}

/// A new order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPlacedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub order: String,
    /// The hold that it was made of.
    pub hold: String,
    /// What it costs, fees included.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// An order that was given up.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderCancelledRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub order: String,
    /// The places, which are free now.
    pub places: Vec<PlaceRecord>,
}

/// An attempt to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentStartedRecord {
    /// Whose.
    pub fan: String,
    /// The order.
    pub order: String,
    /// The attempt.
    pub payment: String,
}

/// An attempt to pay that was declined.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentDeclinedRecord {
    /// Whose.
    pub fan: String,
    /// The order.
    pub order: String,
    /// The attempt.
    pub payment: String,
    /// Why, in the payment company's words.
    pub code: String,
}

/// A paid order with its tickets.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderPaidRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub order: String,
    /// The attempt that paid it; absent if it cost nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// What was paid, the order's own fee included.
    pub paid_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// What was bought.
    pub items: Vec<ItemRecord>,
    /// The tickets, one for each item, in the same order.
    pub tickets: Vec<String>,
}

/// A returned order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderReturnedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub order: String,
    /// What was given back.
    pub items: Vec<ItemRecord>,
    /// ISO 4217.
    pub currency: String,
}

/// Money of one payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentAmountRecord {
    /// Whose.
    pub fan: String,
    /// The order.
    pub order: String,
    /// The attempt.
    pub payment: String,
    /// How much.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// A ticket that was used.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketRedeemedRecord {
    /// Whose.
    pub fan: String,
    /// Its id.
    pub ticket: String,
    /// Where.
    pub gate: String,
}

/// Places that an operator took off sale or put back.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacesRecord {
    /// Which.
    pub places: Vec<PlaceRecord>,
}

/// How fast fans are called.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateRecord {
    /// So many in a minute at most; null if any number.
    pub per_minute: Option<u32>,
}

/// What those in line are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeRecord {
    /// Plain text; null if nothing.
    pub text: Option<String>,
}

impl RecordMessage {
    /// As it is published.
    ///
    /// # Panics
    /// Never: there is nothing in it that JSON does not have.
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a message has nothing that JSON does not have")
    }
}
