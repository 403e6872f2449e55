//! What a command changes. A change that is journaled is a record; records are the truth.
//!
//! Changes are self-contained: whoever reads the journal (the feed, the audit, statistics) finds
//! in them which places and whose money moved, without having to know the state before. Variants
//! and fields are only ever added at the end; a change of meaning is a new variant.

use serde::{Deserialize, Serialize};

use super::chart::PlaceIx;
use super::command::{Origin, Reply, RequestKey};
use super::hold::Item;
use super::ids::{FanId, HoldId, OrderId, PaymentId, Seq, TicketId};
use super::terms::{SaleStatus, Terms};
use super::time::Timestamp;
use super::waiting_room::{Notice, QueueNumber};

/// A change with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its place: 1, 2, 3 …
    pub seq: Seq,
    /// When it was decided; never earlier than the record before.
    pub at: Timestamp,
    /// Who asked for it.
    pub by: Origin,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The sale exists. Always the first record, and only that.
    SaleOpened {
        /// Under these terms.
        terms: Box<Terms>,
    },
    /// Other terms from now on.
    TermsChanged {
        /// All of them, old and new.
        terms: Box<Terms>,
    },
    /// The sale was paused, resumed or closed.
    StatusChanged {
        /// What it is now.
        status: SaleStatus,
    },
    /// A fan stands in line.
    Joined {
        /// Who.
        fan: FanId,
        /// Where.
        number: QueueNumber,
    },
    /// A fan gave up place, turn or session.
    Left {
        /// Who.
        fan: FanId,
    },
    /// It is the turn of these fans.
    Called {
        /// Who, first come first.
        fans: Vec<FanId>,
        /// Until when they may claim it.
        claim_by: Timestamp,
    },
    /// A fan took the turn. The record's sequence is the fan's entry token.
    Claimed {
        /// Who.
        fan: FanId,
        /// Until when places can be held.
        until: Timestamp,
    },
    /// A called fan did not claim in time.
    ClaimLapsed {
        /// Who.
        fan: FanId,
    },
    /// A session is over: its time ran out, or the fan has bought.
    SessionEnded {
        /// Whose.
        fan: FanId,
    },
    /// Places are held. The record's sequence is the hold's number.
    HoldPlaced {
        /// By whom.
        fan: FanId,
        /// The entry token under which.
        entry: Seq,
        /// Which places, at which prices.
        items: Vec<Item>,
        /// Until when.
        expires_at: Timestamp,
    },
    /// A hold has other places.
    HoldChanged {
        /// Whose.
        fan: FanId,
        /// Which hold.
        hold: HoldId,
        /// New ones, at which prices.
        added: Vec<Item>,
        /// Those given back.
        removed: Vec<PlaceIx>,
    },
    /// A hold lasts longer.
    HoldExtended {
        /// Whose.
        fan: FanId,
        /// Which hold.
        hold: HoldId,
        /// Until when.
        expires_at: Timestamp,
    },
    /// A hold was given back.
    HoldReleased {
        /// Whose.
        fan: FanId,
        /// Which hold.
        hold: HoldId,
        /// Its places.
        places: Vec<PlaceIx>,
    },
    /// A hold ran out, and the order made of it with it.
    HoldExpired {
        /// Whose.
        fan: FanId,
        /// Which hold.
        hold: HoldId,
        /// Its places.
        places: Vec<PlaceIx>,
    },
    /// A hold became an order of the same number.
    OrderPlaced {
        /// Whose.
        fan: FanId,
        /// Which hold.
        hold: HoldId,
        /// What it costs, fees included.
        total_minor: i64,
    },
    /// An order was given up, and its hold with it.
    OrderCancelled {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// The places of its hold.
        places: Vec<PlaceIx>,
    },
    /// An attempt to pay began. The record's sequence is the payment's number.
    PaymentStarted {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
    },
    /// The provider declined an attempt.
    PaymentDeclined {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// Which attempt.
        payment: PaymentId,
        /// Why.
        code: String,
    },
    /// The provider captured the money and the order is paid: its tickets are issued, numbered on
    /// from the last one, one for each item in order.
    OrderPaid {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// What paid it; none if it cost nothing.
        payment: Option<Capture>,
        /// What it bought.
        items: Vec<Item>,
        /// The first of its tickets.
        first_ticket: TicketId,
    },
    /// The provider captured money for which there are no tickets to be had: it is owed back.
    PaymentStranded {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// What was captured.
        payment: Capture,
    },
    /// A paid order was returned: its tickets are void, its places free, its money owed back.
    OrderReturned {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// What it had bought.
        items: Vec<Item>,
    },
    /// A payment's money went back.
    PaymentRefunded {
        /// Whose.
        fan: FanId,
        /// Which order.
        order: OrderId,
        /// Which attempt.
        payment: PaymentId,
        /// How much.
        amount_minor: i64,
    },
    /// The bearer of a ticket was let in.
    TicketRedeemed {
        /// Whose.
        fan: FanId,
        /// Which.
        ticket: TicketId,
        /// Where.
        gate: String,
    },
    /// A request with a key was answered; a repeat of it gets the same answer.
    Answered {
        /// The key.
        key: RequestKey,
        /// The answer.
        reply: Reply,
    },
    /// Free places were taken off sale.
    PlacesBlocked {
        /// Which.
        places: Vec<PlaceIx>,
    },
    /// Blocked places are on sale again.
    PlacesFreed {
        /// Which.
        places: Vec<PlaceIx>,
    },
    /// How many fans are called in a minute has another bound.
    RateChanged {
        /// At most so many; any number if none.
        per_minute: Option<u32>,
    },
    /// Those in line are told something else.
    NoticeChanged {
        /// What; nothing any more if none.
        notice: Option<Notice>,
    },
}

impl Change {
    /// What it is, in a stable word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SaleOpened { .. } => "sale_opened",
            Self::TermsChanged { .. } => "terms_changed",
            Self::StatusChanged { .. } => "status_changed",
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Called { .. } => "called",
            Self::Claimed { .. } => "claimed",
            Self::ClaimLapsed { .. } => "claim_lapsed",
            Self::SessionEnded { .. } => "session_ended",
            Self::HoldPlaced { .. } => "hold_placed",
            Self::HoldChanged { .. } => "hold_changed",
            Self::HoldExtended { .. } => "hold_extended",
            Self::HoldReleased { .. } => "hold_released",
            Self::HoldExpired { .. } => "hold_expired",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::PaymentStarted { .. } => "payment_started",
            Self::PaymentDeclined { .. } => "payment_declined",
            Self::OrderPaid { .. } => "order_paid",
            Self::PaymentStranded { .. } => "payment_stranded",
            Self::OrderReturned { .. } => "order_returned",
            Self::PaymentRefunded { .. } => "payment_refunded",
            Self::TicketRedeemed { .. } => "ticket_redeemed",
            Self::Answered { .. } => "answered",
            Self::PlacesBlocked { .. } => "places_blocked",
            Self::PlacesFreed { .. } => "places_freed",
            Self::RateChanged { .. } => "rate_changed",
            Self::NoticeChanged { .. } => "notice_changed",
        }
    }

    /// The places whose state this changes.
    pub fn places(&self) -> Vec<PlaceIx> {
        let of_items = |items: &[Item]| items.iter().map(|item| item.place).collect::<Vec<_>>();
        match self {
            Self::HoldPlaced { items, .. }
            | Self::OrderPaid { items, .. }
            | Self::OrderReturned { items, .. } => of_items(items),
            Self::HoldChanged { added, removed, .. } => {
                let mut places = of_items(added);
                places.extend_from_slice(removed);
                places
            }
            Self::HoldReleased { places, .. }
            | Self::HoldExpired { places, .. }
            | Self::OrderCancelled { places, .. }
            | Self::PlacesBlocked { places }
            | Self::PlacesFreed { places } => places.clone(),
            Self::SaleOpened { .. }
            | Self::TermsChanged { .. }
            | Self::StatusChanged { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::Called { .. }
            | Self::Claimed { .. }
            | Self::ClaimLapsed { .. }
            | Self::SessionEnded { .. }
            | Self::HoldExtended { .. }
            | Self::OrderPlaced { .. }
            | Self::PaymentStarted { .. }
            | Self::PaymentDeclined { .. }
            | Self::PaymentStranded { .. }
            | Self::PaymentRefunded { .. }
            | Self::TicketRedeemed { .. }
            | Self::Answered { .. }
            | Self::RateChanged { .. }
            | Self::NoticeChanged { .. } => Vec::new(),
        }
    }

    /// The fans whose own view of the event this changes.
    pub fn fans(&self) -> &[FanId] {
        match self {
            Self::Called { fans, .. } => fans,
            Self::Joined { fan, .. }
            | Self::Left { fan }
            | Self::Claimed { fan, .. }
            | Self::ClaimLapsed { fan }
            | Self::SessionEnded { fan }
            | Self::HoldPlaced { fan, .. }
            | Self::HoldChanged { fan, .. }
            | Self::HoldExtended { fan, .. }
            | Self::HoldReleased { fan, .. }
            | Self::HoldExpired { fan, .. }
            | Self::OrderPlaced { fan, .. }
            | Self::OrderCancelled { fan, .. }
            | Self::PaymentStarted { fan, .. }
            | Self::PaymentDeclined { fan, .. }
            | Self::OrderPaid { fan, .. }
            | Self::PaymentStranded { fan, .. }
            | Self::OrderReturned { fan, .. }
            | Self::PaymentRefunded { fan, .. }
            | Self::TicketRedeemed { fan, .. } => std::slice::from_ref(fan),
            Self::SaleOpened { .. }
            | Self::TermsChanged { .. }
            | Self::StatusChanged { .. }
            | Self::Answered { .. }
            | Self::PlacesBlocked { .. }
            | Self::PlacesFreed { .. }
            | Self::RateChanged { .. }
            | Self::NoticeChanged { .. } => &[],
        }
    }
}

/// Money that the provider took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// By which attempt.
    pub payment: PaymentId,
    /// The provider's name for it.
    pub reference: String,
    /// How much, in the sale's currency.
    pub amount_minor: i64,
}
