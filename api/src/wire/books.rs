//! One sale as those see it who run it: who holds places and for how long, how orders stand, where
//! the money is.

use serde::{Deserialize, Serialize};
use tiketi_engine::books::{AgeGroup, Books, HeldPlaces, Sum, Unpaid, Unsettled};
use tiketi_engine::domain::ids::{EventId, scoped};
use tiketi_engine::domain::order::{OrderState, PaymentState};
use tiketi_engine::domain::time::Timestamp;
use utoipa::ToSchema;

use super::operators::OverviewView;
use super::orders::{OrderStateView, PaymentStateView};

/// One sale.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SaleFrame {
    /// When.
    pub at: String,
    /// Its event.
    pub event: String,
    /// How it stands; null if its owner did not say.
    pub sale: Option<SaleBooksView>,
}

/// How a sale stands, all of it at one record of its journal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SaleBooksView {
    /// As a whole.
    pub overview: OverviewView,
    /// From when on places can be held.
    pub opens_at: String,
    /// From when on not any more.
    pub closes_at: String,
    /// ISO 4217.
    pub currency: String,
    /// Decimal digits of the currency's smallest unit.
    pub currency_decimals: u32,
    /// Live holds by age, the youngest first.
    pub ages: Vec<AgeView>,
    /// The oldest live holds.
    pub holds: Vec<HeldView>,
    /// Orders by state; states that none is in are absent.
    pub orders: Vec<OrderSumView>,
    /// The oldest orders that await payment.
    pub unpaid: Vec<UnpaidView>,
    /// Payments by state, with what was captured; states that none is in are absent.
    pub payments: Vec<PaymentSumView>,
    /// The oldest payments whose outcome is open, or whose money is owed back.
    pub unsettled: Vec<UnsettledView>,
    /// Places taken off sale.
    pub blocked: usize,
    /// Fans called in a minute at most; any number if null.
    pub admission_rate: Option<u32>,
    /// What those in line are told; null if nothing.
    pub notice: Option<String>,
}

/// Holds of about one age.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AgeView {
    /// They are younger than so many seconds; as old as any if null.
    pub under_s: Option<u64>,
    /// How many there are.
    pub holds: usize,
    /// Their places.
    pub places: usize,
}

/// A live hold.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HeldView {
    /// Its id.
    pub id: String,
    /// Whose account.
    pub fan: String,
    /// How many places it has.
    pub places: usize,
    /// When it was placed.
    pub placed_at: String,
    /// When it ends by itself.
    pub expires_at: String,
    /// Whether an order was made of it: then the order is cancelled, not the hold released.
    pub ordered: bool,
}

/// Orders in one state.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderSumView {
    /// Where they stand.
    pub state: OrderStateView,
    /// How many.
    pub count: usize,
    /// What they cost.
    pub amount_minor: i64,
}

/// An order that awaits payment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct UnpaidView {
    /// Its id.
    pub id: String,
    /// Whose account.
    pub fan: String,
    /// How many places it has.
    pub places: usize,
    /// What it costs.
    pub total_minor: i64,
    /// When it was placed.
    pub placed_at: String,
}

/// Payments in one state.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PaymentSumView {
    /// Where their money is.
    pub state: PaymentStateView,
    /// How many.
    pub count: usize,
    /// What was captured.
    pub amount_minor: i64,
}

/// A payment that something is still to be done about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct UnsettledView {
    /// Its id.
    pub id: String,
    /// The order that it pays.
    pub order: String,
    /// Where its money is.
    pub state: PaymentStateView,
    /// What was captured, or is to be.
    pub amount_minor: i64,
    /// Since when its money has been there.
    pub since: String,
}

impl SaleFrame {
    pub(crate) fn of(at: Timestamp, event: EventId, books: Option<&Books>) -> Self {
        let sale = books.map(|books| SaleBooksView::of(event, books));
        Self { at: at.to_string(), event: event.to_string(), sale }
    }
}

impl SaleBooksView {
    fn of(event: EventId, books: &Books) -> Self {
        let terms = &books.overview.terms;
        let currency = terms.prices.currency();
        Self {
            overview: (&books.overview).into(),
            opens_at: terms.rules.opens_at.to_string(),
            closes_at: terms.rules.closes_at.to_string(),
            currency: currency.code().to_owned(),
            currency_decimals: currency.decimals(),
            ages: books.ages.iter().map(AgeView::from).collect(),
            holds: books.holds.iter().map(|hold| HeldView::of(event, hold)).collect(),
            orders: books.orders.iter().map(OrderSumView::from).collect(),
            unpaid: books.unpaid.iter().map(|order| UnpaidView::of(event, order)).collect(),
            payments: books.payments.iter().map(PaymentSumView::from).collect(),
            unsettled: books.unsettled.iter().map(|open| UnsettledView::of(event, open)).collect(),
            blocked: books.blocked,
            admission_rate: books.rate,
            notice: books.notice.as_ref().map(|notice| notice.as_str().to_owned()),
        }
    }
}

impl From<&AgeGroup> for AgeView {
    fn from(group: &AgeGroup) -> Self {
        let under_s = group.under.map(|under| under.as_secs());
        Self { under_s, holds: group.holds, places: group.places }
    }
}

impl HeldView {
    fn of(event: EventId, hold: &HeldPlaces) -> Self {
        Self {
            id: scoped(event, hold.hold),
            fan: hold.fan.to_string(),
            places: hold.places,
            placed_at: hold.placed_at.to_string(),
            expires_at: hold.expires_at.to_string(),
            ordered: hold.ordered,
        }
    }
}

impl From<&(OrderState, Sum)> for OrderSumView {
    fn from((state, sum): &(OrderState, Sum)) -> Self {
        Self { state: (*state).into(), count: sum.count, amount_minor: sum.amount_minor }
    }
}

impl UnpaidView {
    fn of(event: EventId, order: &Unpaid) -> Self {
        Self {
            id: scoped(event, order.order),
            fan: order.fan.to_string(),
            places: order.places,
            total_minor: order.total_minor,
            placed_at: order.placed_at.to_string(),
        }
    }
}

impl From<&(PaymentState, Sum)> for PaymentSumView {
    fn from((state, sum): &(PaymentState, Sum)) -> Self {
        Self { state: (*state).into(), count: sum.count, amount_minor: sum.amount_minor }
    }
}

impl UnsettledView {
    fn of(event: EventId, open: &Unsettled) -> Self {
        Self {
            id: scoped(event, open.payment),
            order: scoped(event, open.order),
            state: open.state.into(),
            amount_minor: open.amount_minor,
            since: open.since.to_string(),
        }
    }
}
