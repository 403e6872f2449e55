//! One event's sale: everything the engine decides on.
//!
//! [`Sale::decide`] says what a command changes and changes nothing. [`Sale::apply`] changes the
//! state by one record and decides nothing; replaying a journal is applying its records. Start
//! with [`Sale::execute`], which does both for one request.
//!
//! The rules live by subject: [`queue`] (join, call, claim, leave), [`holds`], [`orders`] (orders,
//! payments, tickets), [`blocking`] (places off sale) and [`operations`] (status and terms).

mod answers;
mod apply;
mod blocking;
mod holds;
mod operations;
mod orders;
mod queue;
mod snapshot;

pub use snapshot::SnapshotError;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use self::answers::Answers;
use super::change::{Change, Record};
use super::chart::{Chart, Place, PlaceIx};
use super::command::{Command, Origin, Reply, Request, StandingView};
use super::hold::Hold;
use super::ids::{EventId, FanId, HoldId, OrderId, Seq, TicketId};
use super::inventory::{Inventory, PlaceState};
use super::order::Order;
use super::rejection::Rejection;
use super::seating::Seating;
use super::terms::{SaleStatus, Terms};
use super::ticket::Ticket;
use super::time::Timestamp;
use super::waiting_room::{Notice, Rate, Standing, WaitingRoom};

/// The state of one event's sale.
#[derive(Debug, Clone)]
pub struct Sale {
    event: EventId,
    chart: Arc<Chart>,
    seating: Arc<Seating>,
    seq: Seq,
    at: Timestamp,
    terms: Terms,
    status: SaleStatus,
    inventory: Inventory,
    room: WaitingRoom,
    rate: Option<Rate>,
    notice: Option<Notice>,
    baskets: IndexMap<FanId, Basket, FxBuildHasher>,
    holds: BTreeMap<HoldId, Hold>,
    orders: BTreeMap<OrderId, Order>,
    tickets: Vec<Ticket>,
    answers: Answers,
    deadlines: BTreeSet<(Timestamp, Deadline)>,
    /// Follows from chart, prices and inventory.
    offered: usize,
}

/// What a fan has of this event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
struct Basket {
    hold: Option<HoldId>,
    bought: u32,
}

/// Something that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    Hold(HoldId),
    Claim(FanId),
    Session(FanId),
}

/// What a command changes and which answer follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What changes, in order; nothing if the command was a repeat.
    pub changes: Vec<Change>,
    /// What to answer once they are applied.
    pub answer: Answer,
}

/// Which part of the state answers a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// None.
    Done,
    /// Where the fan stands.
    Standing(FanId),
    /// The hold.
    Hold(HoldId),
    /// The order.
    Order(OrderId),
    /// The ticket.
    Ticket(TicketId),
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// What to journal; nothing if the request was a repeat.
    pub records: Vec<Record>,
    /// What to answer once that is durable.
    pub reply: Reply,
}

impl Sale {
    /// A new sale, from its first record.
    ///
    /// # Panics
    /// If the record is not [`Change::SaleOpened`] for this chart with the sequence 1.
    pub fn open(event: EventId, chart: Arc<Chart>, record: &Record) -> Self {
        let Change::SaleOpened { terms } = &record.change else {
            panic!("a journal begins with SaleOpened");
        };
        assert_eq!(record.seq, Seq(1), "a journal begins with 1");
        assert_eq!(terms.chart, chart.hash(), "the journal is of another chart");
        let inventory = Inventory::new(chart.capacity());
        Self {
            event,
            seating: Arc::new(Seating::of(&chart)),
            offered: count_for_sale(&chart, terms, &inventory),
            inventory,
            seq: record.seq,
            at: record.at,
            chart,
            terms: (**terms).clone(),
            status: SaleStatus::Open,
            room: WaitingRoom::default(),
            rate: None,
            notice: None,
            baskets: IndexMap::default(),
            holds: BTreeMap::new(),
            orders: BTreeMap::new(),
            tickets: Vec::new(),
            answers: Answers::default(),
            deadlines: BTreeSet::new(),
        }
    }

    /// The first record of a new sale.
    ///
    /// # Errors
    /// [`Rejection::UnlawfulTerms`] if the rules contradict themselves or the chart is another.
    pub fn opening(now: Timestamp, chart: &Chart, terms: Terms) -> Result<Record, Rejection> {
        operations::check_terms(chart, &terms)?;
        let change = Change::SaleOpened { terms: Box::new(terms) };
        Ok(Record { seq: Seq(1), at: now, by: Origin::Clock, change })
    }

    /// Decides a request, applies what it changes, and renders the answer.
    ///
    /// Time does not run backwards within a sale: `now` counts as the time of the last record if
    /// it is earlier.
    ///
    /// # Errors
    /// The [`Rejection`]; nothing has changed then.
    pub fn execute(&mut self, now: Timestamp, request: &Request) -> Result<Executed, Rejection> {
        let now = now.max(self.at);
        if let Some(key) = request.key
            && let Some(reply) = self.answers.find(key)?
        {
            return Ok(Executed { records: Vec::new(), reply });
        }
        let decision = self.decide(now, request.by, &request.command)?;
        let mut records = Vec::with_capacity(decision.changes.len() + 1);
        for change in decision.changes {
            records.push(self.commit(now, request.by, change));
        }
        let reply = self.render(decision.answer);
        if let Some(key) = request.key
            && !records.is_empty()
        {
            let change = Change::Answered { key, reply: reply.clone() };
            records.push(self.commit(now, request.by, change));
        }
        Ok(Executed { records, reply })
    }

    /// What a command would change, and what it would be answered.
    ///
    /// # Errors
    /// The [`Rejection`], the first that applies in their declared order.
    pub fn decide(
        &self,
        now: Timestamp,
        by: Origin,
        command: &Command,
    ) -> Result<Decision, Rejection> {
        match command {
            Command::Tick => Ok(self.tick(now)),
            Command::Join => self.join(now, fan_of(by)?),
            Command::Leave => self.leave(fan_of(by)?),
            Command::Claim => self.claim(now, fan_of(by)?),
            Command::PlaceHold(selection) => self.place_hold(now, fan_of(by)?, selection),
            Command::ChangeHold { hold, add, remove } => {
                self.change_hold(now, by, *hold, add, remove)
            }
            Command::ExtendHold(hold) => self.extend_hold(now, by, *hold),
            Command::ReleaseHold(hold) => self.release_hold(now, by, *hold),
            Command::PlaceOrder(hold) => self.place_order(now, by, *hold),
            Command::CancelOrder(order) => self.cancel_order(by, *order),
            Command::StartPayment(order) => self.start_payment(now, by, *order),
            Command::SettlePayment { order, payment, outcome } => {
                self.settle_payment(*order, *payment, outcome)
            }
            Command::SettleRefund { order, payment } => self.settle_refund(*order, *payment),
            Command::ReturnOrder(order) => self.return_order(now, by, *order),
            Command::RedeemTicket { ticket, gate } => self.redeem_ticket(*ticket, gate),
            Command::SetStatus(status) => self.set_status(*status),
            Command::SetTerms(terms) => self.set_terms(terms),
            Command::SetAdmittedMax(most) => self.set_admitted_max(*most),
            Command::BlockPlaces(lots) => self.block_places(lots),
            Command::FreePlaces(lots) => self.free_places(lots),
            Command::SetRate(per_minute) => self.set_rate(*per_minute),
            Command::SetNotice(notice) => Ok(self.set_notice(notice.as_ref())),
        }
    }

    fn commit(&mut self, at: Timestamp, by: Origin, change: Change) -> Record {
        let record = Record { seq: self.seq.next(), at, by, change };
        self.apply(&record);
        record
    }

    fn render(&self, answer: Answer) -> Reply {
        match answer {
            Answer::Done => Reply::Done,
            Answer::Standing(fan) => Reply::Standing(self.standing(fan)),
            Answer::Hold(id) => self.holds.get(&id).cloned().map_or(Reply::Done, Reply::Hold),
            Answer::Order(id) => self
                .orders
                .get(&id)
                .cloned()
                .map_or(Reply::Done, |order| Reply::Order(Box::new(order))),
            Answer::Ticket(id) => self.ticket(id).cloned().map_or(Reply::Done, Reply::Ticket),
        }
    }

    /// Whose sale it is.
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The layout.
    pub fn chart(&self) -> &Arc<Chart> {
        &self.chart
    }

    /// The sequence of the last record.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The time of the last record.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The terms in force.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether the sale runs, as operators set it.
    pub fn status(&self) -> SaleStatus {
        self.status
    }

    /// Who has each place.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The waiting room.
    pub fn room(&self) -> &WaitingRoom {
        &self.room
    }

    /// How many fans are called in a minute at most; any number if none.
    pub fn rate(&self) -> Option<u32> {
        self.rate.as_ref().map(Rate::per_minute)
    }

    /// What those in line are told.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Where a fan stands.
    pub fn standing(&self, fan: FanId) -> StandingView {
        match self.room.standing(fan) {
            None => StandingView::Outside,
            Some(Standing::Waiting { number }) => {
                StandingView::Waiting { number, ahead: self.room.line().ahead_of(number) }
            }
            Some(Standing::Called { claim_by }) => StandingView::Called { claim_by },
            Some(Standing::Admitted { until, .. }) => StandingView::Admitted { until },
        }
    }

    /// Every live hold, oldest first.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.values()
    }

    /// A hold that has not ended.
    pub fn hold(&self, id: HoldId) -> Option<&Hold> {
        self.holds.get(&id)
    }

    /// Whether a place has a price.
    ///
    /// # Panics
    /// If the place is not one of the chart's.
    pub fn sells(&self, place: PlaceIx) -> bool {
        let category = self.chart.places()[place.index()].category;
        self.terms.prices.sells(category)
    }

    /// How many places have a price and are not blocked.
    pub fn places_for_sale(&self) -> usize {
        self.offered
    }

    /// A fan's live hold.
    pub fn hold_of(&self, fan: FanId) -> Option<&Hold> {
        self.holds.get(&self.baskets.get(&fan)?.hold?)
    }

    /// Every order, oldest first.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// An order.
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Every ticket, in the order of issue.
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    /// A ticket.
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        let index = usize::try_from(id.number().checked_sub(1)?).ok()?;
        self.tickets.get(index)
    }

    /// Places that a fan has bought and not returned.
    pub fn bought(&self, fan: FanId) -> u32 {
        self.baskets.get(&fan).map_or(0, |basket| basket.bought)
    }

    fn decision(changes: Vec<Change>, answer: Answer) -> Decision {
        Decision { changes, answer }
    }

    /// The number of what the change at this index of a decision would create.
    fn number_of(&self, index: u64) -> u64 {
        self.seq.0 + 1 + index
    }
}

fn count_for_sale(chart: &Chart, terms: &Terms, inventory: &Inventory) -> usize {
    let for_sale = |(place, state): &(&Place, &PlaceState)| {
        **state != PlaceState::Blocked && terms.prices.sells(place.category)
    };
    chart.places().iter().zip(inventory.states()).filter(for_sale).count()
}

fn fan_of(by: Origin) -> Result<FanId, Rejection> {
    match by {
        Origin::Fan(fan) => Ok(fan),
        Origin::Clock | Origin::Operator(..) | Origin::Provider => Err(Rejection::NotInLine),
    }
}

/// Whether whoever asks may act on what belongs to a fan.
fn may_act_for(by: Origin, owner: FanId) -> bool {
    match by {
        Origin::Fan(fan) => fan == owner,
        Origin::Operator(..) => true,
        Origin::Clock | Origin::Provider => false,
    }
}
