//! A sale in figures, for those who run it: who holds places and for how long, how orders stand,
//! where the money is. Made of the state when somebody asks; nothing is counted on the way.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::hold::Hold;
use crate::domain::ids::{FanId, HoldId, OrderId, PaymentId};
use crate::domain::order::{Order, OrderState, Payment, PaymentState};
use crate::domain::sale::Sale;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::Notice;
use crate::errand::Overview;

/// The ages that holds are grouped by.
const AGES: [Duration; 4] = [
    Duration::from_mins(1),
    Duration::from_mins(2),
    Duration::from_mins(5),
    Duration::from_mins(10),
];
/// Holds, orders and payments that are named one by one, of each the oldest.
const NAMED_MAX: usize = 20;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// The sale as a whole.
    pub overview: Overview,
    /// Live holds by age, the youngest first.
    pub ages: Vec<AgeGroup>,
    /// The oldest live holds.
    pub holds: Vec<HeldPlaces>,
    /// Orders by state; states that none is in are absent.
    pub orders: Vec<(OrderState, Sum)>,
    /// The oldest orders that await payment.
    pub unpaid: Vec<Unpaid>,
    /// Payments by state, with what was captured; states that none is in are absent.
    pub payments: Vec<(PaymentState, Sum)>,
    /// The oldest payments whose outcome is open, or whose money is owed back.
    pub unsettled: Vec<Unsettled>,
    /// Places taken off sale.
    pub blocked: usize,
    /// Fans called in a minute at most; any number if none.
    pub rate: Option<u32>,
    /// What those in line are told.
    pub notice: Option<Notice>,
}

/// Holds of about one age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeGroup {
    /// They are younger than this; as old as any if there is no bound.
    pub under: Option<Duration>,
    /// How many there are.
    pub holds: usize,
    /// Their places.
    pub places: usize,
}

/// How many there are, and what they come to in the sale's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// What they come to.
    pub amount_minor: i64,
}

/// A live hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPlaces {
    /// Its number.
    pub hold: HoldId,
    /// Whose it is.
    pub fan: FanId,
    /// How many places it has.
    pub places: usize,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether an order was made of it.
    pub ordered: bool,
}

/// An order that awaits payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpaid {
    /// Its number.
    pub order: OrderId,
    /// Whose it is.
    pub fan: FanId,
    /// How many places it has.
    pub places: usize,
    /// What it costs.
    pub total_minor: i64,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// A payment that something is still to be done about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    /// Its number.
    pub payment: PaymentId,
    /// What it pays.
    pub order: OrderId,
    /// Where its money is.
    pub state: PaymentState,
    /// What was captured, or is to be.
    pub amount_minor: i64,
    /// Since when its money has been there.
    pub since: Timestamp,
}

impl Books {
    /// Of a sale, at a moment.
    pub fn of(sale: &Sale, overview: Overview, now: Timestamp) -> Self {
        let mut books = Self {
            overview,
            ages: AGES.into_iter().map(Some).chain([None]).map(AgeGroup::new).collect(),
            holds: sale.holds().take(NAMED_MAX).map(HeldPlaces::of).collect(),
            orders: Vec::new(),
            unpaid: Vec::new(),
            payments: Vec::new(),
            unsettled: Vec::new(),
            blocked: sale.inventory().blocked(),
            rate: sale.rate(),
            notice: sale.notice().cloned(),
        };
        for hold in sale.holds() {
            let age = now.since(hold.placed_at);
            let fits = |group: &&mut AgeGroup| group.under.is_none_or(|under| age < under);
            if let Some(group) = books.ages.iter_mut().find(fits) {
                group.holds += 1;
                group.places += hold.items.len();
            }
        }
        for order in sale.orders() {
            books.enter(order);
        }
        books.orders.sort_unstable_by_key(|(state, _)| *state);
        books.payments.sort_unstable_by_key(|(state, _)| *state);
        books
    }

    fn enter(&mut self, order: &Order) {
        add(&mut self.orders, order.state, order.total_minor);
        if order.state == OrderState::AwaitingPayment && self.unpaid.len() < NAMED_MAX {
            self.unpaid.push(Unpaid::of(order));
        }
        for payment in &order.payments {
            add(&mut self.payments, payment.state, payment.captured_minor);
            let open = matches!(payment.state, PaymentState::Started | PaymentState::RefundDue);
            if open && self.unsettled.len() < NAMED_MAX {
                self.unsettled.push(Unsettled::of(order, payment));
            }
        }
    }
}

fn add<S: PartialEq>(sums: &mut Vec<(S, Sum)>, state: S, amount_minor: i64) {
    let index = sums.iter().position(|(known, _)| *known == state).unwrap_or_else(|| {
        sums.push((state, Sum::default()));
        sums.len() - 1
    });
    let sum = &mut sums[index].1;
    sum.count += 1;
    sum.amount_minor = sum.amount_minor.saturating_add(amount_minor);
}

impl AgeGroup {
    fn new(under: Option<Duration>) -> Self {
        Self { under, holds: 0, places: 0 }
    }
}

impl HeldPlaces {
    fn of(hold: &Hold) -> Self {
        Self {
            hold: hold.id,
            fan: hold.fan,
            places: hold.items.len(),
            placed_at: hold.placed_at,
            expires_at: hold.expires_at,
            ordered: hold.ordered,
        }
    }
}

impl Unpaid {
    fn of(order: &Order) -> Self {
        Self {
            order: order.id,
            fan: order.fan,
            places: order.items.len(),
            total_minor: order.total_minor,
            placed_at: order.placed_at,
        }
    }
}

impl Unsettled {
    fn of(order: &Order, payment: &Payment) -> Self {
        let captured = payment.state == PaymentState::RefundDue;
        Self {
            payment: payment.id,
            order: order.id,
            state: payment.state,
            amount_minor: if captured { payment.captured_minor } else { order.total_minor },
            since: payment.changed_at,
        }
    }
}
