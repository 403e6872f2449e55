//! What a batch writes through as rows, for people who ask in SQL and as the last guard.
//!
//! Rows follow from the state after the batch; the journal remains the truth.

use std::collections::BTreeSet;

use super::change::{Change, Record};
use super::chart::PlaceIx;
use super::ids::{FanId, HoldId, OrderId, Seq, TicketId};
use super::inventory::PlaceState;
use super::order::Order;
use super::sale::Sale;
use super::terms::{SaleStatus, Terms};
use super::ticket::Ticket;
use super::time::Timestamp;

/// The rows that a batch changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// One for each place touched.
    pub places: Vec<PlaceRow>,
    /// One for each order touched, with its payments.
    pub orders: Vec<Order>,
    /// One for each ticket touched.
    pub tickets: Vec<Ticket>,
    /// The sale as a whole.
    pub summary: Summary,
    /// The terms, if they changed.
    pub terms: Option<Terms>,
}

/// A place after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceRow {
    /// Which.
    pub place: PlaceIx,
    /// Who has it.
    pub state: PlaceState,
    /// Whose hold or ticket that is.
    pub fan: Option<FanId>,
    /// The last record that touched it: the version of the row.
    pub version: Seq,
}

/// A sale at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The last record that is in it.
    pub seq: Seq,
    /// Whether the sale runs, as operators set it.
    pub status: SaleStatus,
    /// See [`super::terms::Rules::lobby_opens_at`].
    pub lobby_opens_at: Timestamp,
    /// See [`super::terms::Rules::opens_at`].
    pub opens_at: Timestamp,
    /// See [`super::terms::Rules::closes_at`].
    pub closes_at: Timestamp,
    /// Places of the chart that have a price and are not blocked.
    pub for_sale: usize,
    /// Places nobody has.
    pub free: usize,
    /// Places held.
    pub held: usize,
    /// Places sold.
    pub sold: usize,
    /// Places taken off sale.
    pub blocked: usize,
}

impl Summary {
    /// Of a sale as it is.
    pub fn of(sale: &Sale) -> Self {
        let rules = &sale.terms().rules;
        let counts = sale.inventory().counts();
        Self {
            seq: sale.seq(),
            status: sale.status(),
            lobby_opens_at: rules.lobby_opens_at,
            opens_at: rules.opens_at,
            closes_at: rules.closes_at,
            for_sale: sale.places_for_sale(),
            free: counts.free,
            held: counts.held,
            sold: counts.sold,
            blocked: sale.inventory().blocked(),
        }
    }
}

impl Rows {
    /// What `records` touched, as `sale` has it after them.
    pub fn of(sale: &Sale, records: &[Record]) -> Self {
        let mut touched = Touched::default();
        for record in records {
            touched.note(record);
        }
        let places = touched.places;
        let place_row = |(place, version)| {
            let state = sale.inventory().state(place);
            let fan = match state {
                PlaceState::Free | PlaceState::Blocked => None,
                PlaceState::Held(hold) => sale.hold(hold).map(|hold| hold.fan),
                PlaceState::Sold(ticket) => sale.ticket(ticket).map(|ticket| ticket.fan),
            };
            PlaceRow { place, state, fan, version }
        };
        let orders = touched.orders.into_iter();
        let mut tickets = touched.tickets;
        let orders: Vec<Order> = orders.filter_map(|id| sale.order(id).cloned()).collect();
        tickets.extend(orders.iter().flat_map(|order| order.tickets.iter().copied()));
        Self {
            places: latest(places).into_iter().map(place_row).collect(),
            tickets: tickets.into_iter().filter_map(|id| sale.ticket(id).cloned()).collect(),
            orders,
            summary: Summary::of(sale),
            terms: touched.terms.then(|| sale.terms().clone()),
        }
    }
}

#[derive(Default)]
struct Touched {
    places: Vec<(PlaceIx, Seq)>,
    orders: BTreeSet<OrderId>,
    tickets: BTreeSet<TicketId>,
    terms: bool,
}

impl Touched {
    fn note(&mut self, record: &Record) {
        for place in record.change.places() {
            self.places.push((place, record.seq));
        }
        match &record.change {
            Change::OrderPlaced { hold, .. } | Change::HoldExpired { hold, .. } => {
                self.orders.insert(order_of(*hold));
            }
            Change::OrderCancelled { order, .. }
            | Change::PaymentStarted { order, .. }
            | Change::PaymentDeclined { order, .. }
            | Change::OrderPaid { order, .. }
            | Change::PaymentStranded { order, .. }
            | Change::OrderReturned { order, .. }
            | Change::PaymentRefunded { order, .. } => {
                self.orders.insert(*order);
            }
            Change::TicketRedeemed { ticket, .. } => {
                self.tickets.insert(*ticket);
            }
            Change::SaleOpened { .. } | Change::TermsChanged { .. } => self.terms = true,
            Change::StatusChanged { .. }
            | Change::Joined { .. }
            | Change::Left { .. }
            | Change::Called { .. }
            | Change::Claimed { .. }
            | Change::ClaimLapsed { .. }
            | Change::SessionEnded { .. }
            | Change::HoldPlaced { .. }
            | Change::HoldChanged { .. }
            | Change::HoldExtended { .. }
            | Change::HoldReleased { .. }
            | Change::Answered { .. }
            | Change::PlacesBlocked { .. }
            | Change::PlacesFreed { .. }
            | Change::RateChanged { .. }
            | Change::NoticeChanged { .. } => {}
        }
    }
}

/// An order has the number of its hold; a hold that was never ordered has none.
fn order_of(hold: HoldId) -> OrderId {
    OrderId::new(hold.number())
}

/// Each place once, with its latest version.
fn latest(mut places: Vec<(PlaceIx, Seq)>) -> Vec<(PlaceIx, Seq)> {
    places.sort_unstable_by_key(|(place, seq)| (*place, std::cmp::Reverse(*seq)));
    places.dedup_by_key(|(place, _)| *place);
    places
}
