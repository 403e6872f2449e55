//! A lawful no. Every rejection has a stable code, and an order in which they are judged.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::chart::{BlockIx, PlaceIx};
use super::ids::HoldId;
use super::time::Timestamp;

/// Why a command was refused. Nothing changed.
///
/// When several apply, the one listed first is given: what is malformed before what is unknown,
/// before the state of the sale, the turn, the limits, the state of the thing itself, and at last
/// who else has the places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Rejection {
    /// The key was used for something else.
    #[error("the key was used for another request")]
    KeyReused,
    /// Nothing was asked for.
    #[error("at least one place must be asked for")]
    NothingWanted,
    /// A place, table or area is asked for twice.
    #[error("a place is asked for twice")]
    WantedTwice,
    /// The chart has no such place.
    #[error("the chart has no place {}", .0.0)]
    UnknownPlace(PlaceIx),
    /// The chart has no such table or area, or it is of another kind.
    #[error("the chart has no such table or area {}", .0.0)]
    UnknownBlock(BlockIx),
    /// The chart has no such category.
    #[error("the chart has no such category")]
    UnknownCategory,
    /// The chart has no such section.
    #[error("the chart has no such section")]
    UnknownSection,
    /// The price table has no such ticket type.
    #[error("the price table has no such ticket type")]
    UnknownTicketType,
    /// A seat of a table that is sold as a whole, or a unit of an area, was asked for by itself.
    #[error("place {} is not sold by itself", .0.0)]
    NotSoldAlone(PlaceIx),
    /// More wheelchair places than places.
    #[error("more accessible places than places")]
    TooManyAccessible,
    /// There is no such hold of this fan, or not any more.
    #[error("no such hold")]
    UnknownHold,
    /// There is no such order of this fan.
    #[error("no such order")]
    UnknownOrder,
    /// There is no such payment of this order.
    #[error("no such payment")]
    UnknownPayment,
    /// There is no such ticket.
    #[error("no such ticket")]
    UnknownTicket,
    /// Terms that cannot be: see the reason.
    #[error("{0}")]
    UnlawfulTerms(Cow<'static, str>),
    /// The sale is over.
    #[error("the sale is closed")]
    SaleClosed,
    /// The sale, or its lobby, has not begun.
    #[error("the sale has not opened yet")]
    SaleNotOpen {
        /// When it will.
        opens_at: Timestamp,
    },
    /// The sale is paused.
    #[error("the sale is paused")]
    SalePaused,
    /// The fan is not in the waiting room.
    #[error("not in line")]
    NotInLine,
    /// It is not the fan's turn yet.
    #[error("it is not your turn yet")]
    NotCalled,
    /// The fan has not been admitted.
    #[error("not admitted")]
    NotAdmitted,
    /// The hold would have too many places.
    #[error("a hold has at most {max} places")]
    HoldLimit {
        /// The limit.
        max: u32,
    },
    /// The fan would have too many places of this event.
    #[error("a fan has at most {max} places")]
    FanLimit {
        /// The limit.
        max: u32,
    },
    /// The fan holds other places already.
    #[error("you hold other places already")]
    HoldExists(HoldId),
    /// The hold's order is being paid, so its places are fixed.
    #[error("the hold has been ordered")]
    HoldOrdered,
    /// A hold cannot be emptied, only released.
    #[error("a hold keeps at least one place; release it instead")]
    HoldEmptied,
    /// The hold does not have a place that is to be removed.
    #[error("the hold does not have place {}", .0.0)]
    NotInHold(PlaceIx),
    /// The hold was extended before, or the rules allow no extension.
    #[error("a hold can be extended once")]
    ExtensionUsed,
    /// The order is not waiting to be paid.
    #[error("the order is not awaiting payment")]
    OrderNotPayable,
    /// An attempt to pay is under way whose outcome is not known yet.
    #[error("a payment is under way")]
    PaymentPending,
    /// The payment has been settled otherwise.
    #[error("the payment was settled otherwise")]
    PaymentSettled,
    /// The order is not paid, or its return is too late, or a ticket was used.
    #[error("the order cannot be returned")]
    NotReturnable,
    /// The ticket was used.
    #[error("the ticket was used")]
    TicketUsed {
        /// When.
        at: Timestamp,
        /// Where.
        gate: String,
    },
    /// The ticket is void.
    #[error("the ticket is void")]
    TicketVoid,
    /// A sale does not move from its status to that one.
    #[error("the sale cannot change to that status")]
    StatusConflict,
    /// Nothing of it has a price.
    #[error("not for sale")]
    NotForSale,
    /// Somebody else has these places, or the area has too few left.
    #[error("no longer available")]
    Taken {
        /// Which of those asked for.
        places: Vec<PlaceIx>,
    },
    /// There are not enough places that fit.
    #[error("not enough places that fit")]
    NotEnough,
    /// A place that is to be put back on sale is not blocked, or its area has too few that are.
    #[error("place {} is not blocked", .0.0)]
    NotBlocked(PlaceIx),
}

impl Rejection {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyReused => "idempotency_key_reused",
            Self::NothingWanted => "nothing_wanted",
            Self::WantedTwice => "wanted_twice",
            Self::UnknownPlace(_) => "unknown_place",
            Self::UnknownBlock(_) => "unknown_block",
            Self::UnknownCategory => "unknown_category",
            Self::UnknownSection => "unknown_section",
            Self::UnknownTicketType => "unknown_ticket_type",
            Self::NotSoldAlone(_) => "not_sold_alone",
            Self::TooManyAccessible => "too_many_accessible",
            Self::UnknownHold => "unknown_hold",
            Self::UnknownOrder => "unknown_order",
            Self::UnknownPayment => "unknown_payment",
            Self::UnknownTicket => "unknown_ticket",
            Self::UnlawfulTerms(_) => "unlawful_terms",
            Self::SaleClosed => "sale_closed",
            Self::SaleNotOpen { .. } => "sale_not_open",
            Self::SalePaused => "sale_paused",
            Self::NotInLine => "not_in_line",
            Self::NotCalled => "not_called",
            Self::NotAdmitted => "not_admitted",
            Self::HoldLimit { .. } => "hold_limit",
            Self::FanLimit { .. } => "fan_limit",
            Self::HoldExists(_) => "hold_exists",
            Self::HoldOrdered => "hold_ordered",
            Self::HoldEmptied => "hold_emptied",
            Self::NotInHold(_) => "not_in_hold",
            Self::ExtensionUsed => "extension_used",
            Self::OrderNotPayable => "order_not_payable",
            Self::PaymentPending => "payment_pending",
            Self::PaymentSettled => "payment_settled",
            Self::NotReturnable => "not_returnable",
            Self::TicketUsed { .. } => "ticket_used",
            Self::TicketVoid => "ticket_void",
            Self::StatusConflict => "status_conflict",
            Self::NotForSale => "not_for_sale",
            Self::Taken { .. } => "taken",
            Self::NotEnough => "not_enough",
            Self::NotBlocked(_) => "not_blocked",
        }
    }

    /// Every code, in the order in which they are judged.
    pub const CODES: [&'static str; 39] = [
        "idempotency_key_reused",
        "nothing_wanted",
        "wanted_twice",
        "unknown_place",
        "unknown_block",
        "unknown_category",
        "unknown_section",
        "unknown_ticket_type",
        "not_sold_alone",
        "too_many_accessible",
        "unknown_hold",
        "unknown_order",
        "unknown_payment",
        "unknown_ticket",
        "unlawful_terms",
        "sale_closed",
        "sale_not_open",
        "sale_paused",
        "not_in_line",
        "not_called",
        "not_admitted",
        "hold_limit",
        "fan_limit",
        "hold_exists",
        "hold_ordered",
        "hold_emptied",
        "not_in_hold",
        "extension_used",
        "order_not_payable",
        "payment_pending",
        "payment_settled",
        "not_returnable",
        "ticket_used",
        "ticket_void",
        "status_conflict",
        "not_for_sale",
        "taken",
        "not_enough",
        "not_blocked",
    ];
}
