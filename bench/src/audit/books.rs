//! What the journal says of the things that clients are told.

use std::collections::{BTreeMap, BTreeSet};

use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::FanId;

/// Holds, orders and numbers in line, by number.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) holds: BTreeMap<u64, Vec<u32>>,
    pub(super) released: BTreeSet<u64>,
    pub(super) orders: BTreeMap<u64, Order>,
    pub(super) joined: BTreeSet<(FanId, u64)>,
    /// What an order costs beside its tickets, under the terms that were last read.
    order_fee_minor: i64,
}

/// An order that cost or got something.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The fee for the whole order, from when it was placed.
    fee_minor: i64,
    /// What its tickets cost, fees included; nothing before it is paid.
    pub(super) tickets: Option<(usize, i64)>,
    /// What was captured for tickets.
    pub(super) paid_minor: i64,
    /// What was captured when there were no tickets to be had.
    stranded_minor: i64,
    pub(super) refunded_minor: i64,
    pub(super) returned: bool,
}

impl Order {
    /// What must go back: all of it once it was returned, and what bought no tickets.
    pub(super) fn refund_minor(&self) -> i64 {
        self.stranded_minor + if self.returned { self.paid_minor } else { 0 }
    }

    /// What its tickets and fees come to, returned or not; nothing before it is paid.
    pub(super) fn price_minor(&self) -> i64 {
        self.tickets.map_or(0, |(_, price)| price + self.fee_minor)
    }
}

impl Books {
    pub(super) fn of(records: &[Record]) -> Self {
        let mut books = Self::default();
        for record in records {
            books.read_holds(record.seq.0, &record.change);
            books.read_orders(&record.change);
        }
        books
    }

    fn read_holds(&mut self, seq: u64, change: &Change) {
        match change {
            Change::Joined { fan, number } => {
                self.joined.insert((*fan, number.0));
            }
            Change::HoldPlaced { items, .. } => {
                self.holds.insert(seq, items.iter().map(|item| item.place.0).collect());
            }
            Change::HoldReleased { hold, .. } => {
                self.released.insert(hold.number());
            }
            _ => {}
        }
    }

    fn read_orders(&mut self, change: &Change) {
        match change {
            Change::SaleOpened { terms } | Change::TermsChanged { terms } => {
                self.order_fee_minor = terms.prices.order_fee_minor();
            }
            Change::OrderPlaced { hold, .. } => {
                self.orders.entry(hold.number()).or_default().fee_minor = self.order_fee_minor;
            }
            Change::OrderPaid { order, items, payment, .. } => {
                let order = self.orders.entry(order.number()).or_default();
                let price = |item: &Item| item.price.total_minor();
                order.tickets = Some((items.len(), items.iter().map(price).sum()));
                order.paid_minor += payment.as_ref().map_or(0, |payment| payment.amount_minor);
            }
            Change::PaymentStranded { order, payment, .. } => {
                let order = self.orders.entry(order.number()).or_default();
                order.stranded_minor += payment.amount_minor;
            }
            Change::OrderReturned { order, .. } => {
                self.orders.entry(order.number()).or_default().returned = true;
            }
            Change::PaymentRefunded { order, amount_minor, .. } => {
                self.orders.entry(order.number()).or_default().refunded_minor += amount_minor;
            }
            _ => {}
        }
    }
}
