//! Orders and their payments: what follows a hold, and every legal step in two tables.
//!
//! An order says what was bought; its payments say where the money is. Every interleaving ends in
//! one of two ways: tickets issued and the money captured once, or everything returned.

use serde::{Deserialize, Serialize};

use super::hold::Item;
use super::ids::{FanId, HoldId, OrderId, PaymentId, TicketId};
use super::time::Timestamp;

/// What was bought, or was going to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number within the event.
    pub id: OrderId,
    /// Whose it is.
    pub fan: FanId,
    /// The hold that it was made of.
    pub hold: HoldId,
    /// The places with their frozen prices.
    pub items: Vec<Item>,
    /// What all of it costs, fees included, in the sale's currency.
    pub total_minor: i64,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Where it stands.
    pub state: OrderState,
    /// When it came to stand there.
    pub changed_at: Timestamp,
    /// Every attempt to pay it, oldest first.
    pub payments: Vec<Payment>,
    /// The tickets issued for it, one for each item.
    pub tickets: Vec<TicketId>,
}

impl Order {
    /// The payment with this number.
    pub fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == id)
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderState {
    /// Its places are held until the hold expires.
    AwaitingPayment,
    /// Paid; its tickets are issued.
    Paid,
    /// Its hold expired before it was paid.
    Expired,
    /// The fan gave it up before paying.
    Cancelled,
    /// Its tickets are void and its money goes back.
    Returned,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStep {
    /// The money is there and the places are its own.
    Pay,
    /// The hold ran out.
    Expire,
    /// The fan gives up.
    Cancel,
    /// The fan or an operator returns the tickets.
    Return,
}

/// Every legal transition of an order. What is not listed is refused.
pub const ORDER_TRANSITIONS: [(OrderState, OrderStep, OrderState); 5] = [
    (OrderState::AwaitingPayment, OrderStep::Pay, OrderState::Paid),
    (OrderState::AwaitingPayment, OrderStep::Expire, OrderState::Expired),
    (OrderState::AwaitingPayment, OrderStep::Cancel, OrderState::Cancelled),
    // The money came after the hold had expired, and the places were still free.
    (OrderState::Expired, OrderStep::Pay, OrderState::Paid),
    (OrderState::Paid, OrderStep::Return, OrderState::Returned),
];

impl OrderState {
    /// Where a step leads, by [`ORDER_TRANSITIONS`]; `None` if it is not legal.
    pub fn step(self, step: OrderStep) -> Option<Self> {
        ORDER_TRANSITIONS
            .iter()
            .find(|(from, by, _)| *from == self && *by == step)
            .map(|(_, _, to)| *to)
    }

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }
}

/// One attempt to pay an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its number within the event.
    pub id: PaymentId,
    /// When it was started.
    pub started_at: Timestamp,
    /// Where its money is.
    pub state: PaymentState,
    /// When it came to be there.
    pub changed_at: Timestamp,
    /// The provider's name for it, once the provider has told it; empty before.
    pub reference: String,
    /// What was captured; zero before.
    pub captured_minor: i64,
    /// Why the provider declined, in the provider's words; empty if it did not.
    pub decline_code: String,
}

/// Where a payment's money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PaymentState {
    /// Unknown yet: the provider has been or will be asked.
    Started,
    /// With the fan: the provider declined.
    Declined,
    /// With us, for the order's tickets.
    Captured,
    /// With us, and owed back to the payer.
    RefundDue,
    /// Back with the payer.
    Refunded,
}

/// What can happen to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentStep {
    /// The provider took the money, and the order gets its tickets for it.
    Capture,
    /// The provider took the money, and there are no tickets to be had for it.
    Strand,
    /// The provider refused.
    Decline,
    /// The order was returned.
    Return,
    /// The provider gave the money back.
    Refund,
}

/// Every legal transition of a payment. What is not listed is refused.
pub const PAYMENT_TRANSITIONS: [(PaymentState, PaymentStep, PaymentState); 7] = [
    (PaymentState::Started, PaymentStep::Capture, PaymentState::Captured),
    (PaymentState::Started, PaymentStep::Strand, PaymentState::RefundDue),
    (PaymentState::Started, PaymentStep::Decline, PaymentState::Declined),
    // A provider may change its mind after it was thought to have declined.
    (PaymentState::Declined, PaymentStep::Capture, PaymentState::Captured),
    (PaymentState::Declined, PaymentStep::Strand, PaymentState::RefundDue),
    (PaymentState::Captured, PaymentStep::Return, PaymentState::RefundDue),
    (PaymentState::RefundDue, PaymentStep::Refund, PaymentState::Refunded),
];

impl PaymentState {
    /// Where a step leads, by [`PAYMENT_TRANSITIONS`]; `None` if it is not legal.
    pub fn step(self, step: PaymentStep) -> Option<Self> {
        PAYMENT_TRANSITIONS
            .iter()
            .find(|(from, by, _)| *from == self && *by == step)
            .map(|(_, _, to)| *to)
    }

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Declined => "declined",
            Self::Captured => "captured",
            Self::RefundDue => "refund_due",
            Self::Refunded => "refunded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER_STATES: [OrderState; 5] = [
        OrderState::AwaitingPayment,
        OrderState::Paid,
        OrderState::Expired,
        OrderState::Cancelled,
        OrderState::Returned,
    ];
    const ORDER_STEPS: [OrderStep; 4] =
        [OrderStep::Pay, OrderStep::Expire, OrderStep::Cancel, OrderStep::Return];

    #[test]
    fn an_order_moves_only_as_listed() {
        let moves = ORDER_STATES
            .iter()
            .flat_map(|state| ORDER_STEPS.iter().filter_map(|&step| state.step(step)))
            .count();
        assert_eq!(moves, ORDER_TRANSITIONS.len());
        assert_eq!(OrderState::Cancelled.step(OrderStep::Pay), None);
        assert_eq!(OrderState::Returned.step(OrderStep::Return), None);
    }

    #[test]
    fn captured_money_always_has_a_way_to_end() {
        // From every state that holds money there is a path to Refunded.
        let mut reach = vec![PaymentState::Captured];
        while let Some(state) = reach.pop() {
            if state == PaymentState::Refunded {
                return;
            }
            reach.extend(
                PAYMENT_TRANSITIONS.iter().filter(|(from, ..)| *from == state).map(|row| row.2),
            );
        }
        panic!("captured money cannot be returned");
    }
}
