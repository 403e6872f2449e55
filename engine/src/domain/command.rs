//! What can be asked of a sale, and what is answered.

use serde::{Deserialize, Serialize};

use super::chart::{BlockIx, CategoryIx, PlaceIx, SectionIx};
use super::hold::Hold;
use super::ids::{AccountId, DeedNumber, FanId, HoldId, OrderId, PaymentId, TicketId};
use super::order::Order;
use super::pricing::TicketTypeIx;
use super::terms::{SaleStatus, Terms};
use super::ticket::Ticket;
use super::time::Timestamp;
use super::waiting_room::{Notice, QueueNumber};

/// A command with who asks it and under which key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks.
    pub by: Origin,
    /// The key that makes repeats harmless, if the caller gave one.
    pub key: Option<RequestKey>,
    /// What is asked.
    pub command: Command,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// The engine itself: time passed.
    Clock,
    /// A fan.
    Fan(FanId),
    /// An operator, and the deed of the audit log that it is. The deed is kept beside what is encoded
    /// (see [`crate::errand::Call`] and [`crate::journal::Batch`]), where older releases do not look.
    Operator(AccountId, #[serde(skip)] Option<DeedNumber>),
    /// What the payment provider said, as this server found out.
    Provider,
}

impl Origin {
    /// The deed of the audit log that it is, if it is one.
    pub const fn deed(self) -> Option<DeedNumber> {
        match self {
            Self::Operator(_, deed) => deed,
            Self::Clock | Self::Fan(_) | Self::Provider => None,
        }
    }

    /// The same, as this deed of the audit log; nobody but operators does any.
    #[must_use]
    pub const fn as_deed(self, deed: DeedNumber) -> Self {
        match self {
            Self::Operator(account, _) => Self::Operator(account, Some(deed)),
            Self::Clock | Self::Fan(_) | Self::Provider => self,
        }
    }
}

/// A caller's key for one request: a repeat with the same key and fingerprint gets the first
/// answer, a repeat with another fingerprint is refused (draft-ietf-httpapi-idempotency-key-header).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestKey {
    /// Hash over who asks and the key.
    pub key: u128,
    /// Hash over everything that was asked.
    pub fingerprint: u64,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Time passed: expire what is due, call who is next.
    Tick,
    /// Stand in line. A fan who stands somewhere keeps that standing.
    Join,
    /// Give up the place in line, the turn or the session.
    Leave,
    /// Take the turn.
    Claim,
    /// Hold places. A fan whose hold has them already gets that hold.
    PlaceHold(Selection),
    /// Add and remove places, all or none.
    ChangeHold {
        /// Which hold.
        hold: HoldId,
        /// What to add.
        add: Vec<Wanted>,
        /// What to give back.
        remove: Vec<PlaceIx>,
    },
    /// Extend a hold, once.
    ExtendHold(HoldId),
    /// Give a hold back.
    ReleaseHold(HoldId),
    /// Make an order of a hold. A hold that is ordered already gives that order.
    PlaceOrder(HoldId),
    /// Give up an order that is not paid.
    CancelOrder(OrderId),
    /// Begin an attempt to pay. An attempt whose outcome is open is given instead of a second one.
    StartPayment(OrderId),
    /// What the provider said of an attempt.
    SettlePayment {
        /// Whose.
        order: OrderId,
        /// Which attempt.
        payment: PaymentId,
        /// What was said.
        outcome: PaymentOutcome,
    },
    /// The provider gave an attempt's money back.
    SettleRefund {
        /// Whose.
        order: OrderId,
        /// Which attempt.
        payment: PaymentId,
    },
    /// Return a paid order: tickets become void, places free, the money goes back.
    ReturnOrder(OrderId),
    /// Let the bearer of a ticket in.
    RedeemTicket {
        /// Which.
        ticket: TicketId,
        /// Where.
        gate: String,
    },
    /// Pause, resume or close the sale.
    SetStatus(SaleStatus),
    /// Change prices or rules; what is held keeps its price and its time.
    SetTerms(Box<Terms>),
    /// Change how many fans may be called or admitted at one time, and nothing else.
    SetAdmittedMax(u32),
    /// Take free places off sale, all or none.
    BlockPlaces(Vec<Lot>),
    /// Put blocked places back on sale, all or none.
    FreePlaces(Vec<Lot>),
    /// Call at most so many fans in a minute; any number if none.
    SetRate(Option<u32>),
    /// Tell those in line something; nothing any more if none.
    SetNotice(Option<Notice>),
}

/// Places that are taken off sale or put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lot {
    /// A seat.
    Seat(PlaceIx),
    /// All seats of a table that is sold as a whole.
    Table(BlockIx),
    /// Units of a general-admission area; which ones does not matter.
    Units {
        /// Which area.
        block: BlockIx,
        /// How many: at least 1.
        quantity: u32,
    },
}

/// Which places to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    /// These.
    Wanted(Vec<Wanted>),
    /// The best there are.
    BestAvailable(BestAvailable),
}

/// Something that can be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// A seat.
    Seat {
        /// Which.
        place: PlaceIx,
        /// As what.
        ticket_type: TicketTypeIx,
    },
    /// All seats of a table that is sold as a whole.
    Table {
        /// Which.
        block: BlockIx,
        /// As what.
        ticket_type: TicketTypeIx,
    },
    /// Units of a general-admission area; which ones does not matter.
    Units {
        /// Which area.
        block: BlockIx,
        /// How many: at least 1.
        quantity: u32,
        /// As what.
        ticket_type: TicketTypeIx,
    },
}

/// A party to find the best places for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BestAvailable {
    /// How many places: at least 1.
    pub quantity: u32,
    /// How many of them for wheelchair users.
    pub accessible: u32,
    /// Only these categories; any if empty.
    pub categories: Vec<CategoryIx>,
    /// Only this section.
    pub section: Option<SectionIx>,
    /// As what.
    pub ticket_type: TicketTypeIx,
}

/// What the payment provider said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentOutcome {
    /// It took the money.
    Captured {
        /// Its name for the payment.
        reference: String,
        /// How much, in the sale's currency.
        amount_minor: i64,
    },
    /// It did not, and never will for this attempt.
    Declined {
        /// Its reason.
        code: String,
    },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing to say.
    Done,
    /// Where the fan stands.
    Standing(StandingView),
    /// A hold as it is now.
    Hold(Hold),
    /// An order as it is now.
    Order(Box<Order>),
    /// A ticket as it is now.
    Ticket(Ticket),
}

/// Where a fan stands, with what the fan cannot work out alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StandingView {
    /// Nowhere.
    Outside,
    /// In line.
    Waiting {
        /// The place.
        number: QueueNumber,
        /// How many wait before it.
        ahead: u32,
    },
    /// It is the fan's turn.
    Called {
        /// After this the turn is gone.
        claim_by: Timestamp,
    },
    /// Inside.
    Admitted {
        /// After this the session is over.
        until: Timestamp,
    },
}
