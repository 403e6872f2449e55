//! A sale that a story is told of.

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::chart::{BlockIx, BlockKind, Chart, PlaceIx};
use tiketi_engine::domain::command::{
    BestAvailable, Command, Origin, PaymentOutcome, Reply, Request, Selection, StandingView, Wanted,
};
use tiketi_engine::domain::hold::Hold;
use tiketi_engine::domain::ids::{AccountId, EventId, FanId, PaymentId};
use tiketi_engine::domain::order::Order;
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::rejection::Rejection;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::testing::sample;

pub(crate) const ADULT: TicketTypeIx = TicketTypeIx(0);

/// A sale of a small room, and a clock that the story moves.
pub(crate) struct Story {
    pub(crate) sale: Sale,
    pub(crate) now: Timestamp,
}

impl Story {
    pub(crate) fn with(change: impl FnOnce(&mut Terms)) -> Self {
        let chart = Arc::new(sample::chart(6, 8, 10));
        let mut terms = sample::terms(&chart);
        change(&mut terms);
        let now = terms.rules.lobby_opens_at;
        let first = Sale::opening(now, &chart, terms).unwrap();
        Self { sale: Sale::open(EventId::new(1), chart, &first), now }
    }

    pub(crate) fn plain() -> Self {
        Self::with(|_| ())
    }

    pub(crate) fn ask(&mut self, by: Origin, command: Command) -> Result<Reply, Rejection> {
        let request = Request { by, key: None, command };
        self.sale.execute(self.now, &request).map(|executed| executed.reply)
    }

    pub(crate) fn fan(&mut self, fan: u64, command: Command) -> Result<Reply, Rejection> {
        self.ask(by(fan), command)
    }

    pub(crate) fn tick_after(&mut self, while_: Duration) {
        self.now = self.now.after(while_);
        self.ask(Origin::Clock, Command::Tick).unwrap();
    }

    pub(crate) fn enter(&mut self, fan: u64) {
        self.fan(fan, Command::Join).unwrap();
        self.fan(fan, Command::Claim).unwrap();
    }

    pub(crate) fn hold(&mut self, fan: u64, places: &[u32]) -> Result<Hold, Rejection> {
        match self.fan(fan, Command::PlaceHold(seats(places)))? {
            Reply::Hold(hold) => Ok(hold),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn order(&mut self, fan: u64, hold: &Hold) -> Result<Order, Rejection> {
        match self.fan(fan, Command::PlaceOrder(hold.id))? {
            Reply::Order(order) => Ok(*order),
            other => panic!("{other:?}"),
        }
    }

    /// Enters, holds, orders and begins to pay.
    pub(crate) fn at_the_till(&mut self, fan: u64, places: &[u32]) -> (Order, PaymentId) {
        self.enter(fan);
        let hold = self.hold(fan, places).unwrap();
        let order = self.order(fan, &hold).unwrap();
        let Reply::Order(started) = self.fan(fan, Command::StartPayment(order.id)).unwrap() else {
            panic!("an order");
        };
        (order, started.payments[0].id)
    }

    pub(crate) fn capture(&mut self, order: &Order, payment: PaymentId, minor: i64) -> Order {
        let reference = format!("ref-{}", payment.number());
        let outcome = PaymentOutcome::Captured { reference, amount_minor: minor };
        let command = Command::SettlePayment { order: order.id, payment, outcome };
        match self.ask(Origin::Provider, command).unwrap() {
            Reply::Order(order) => *order,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn ahead(&self, fan: u64) -> Option<u32> {
        match self.sale.standing(FanId::new(fan)) {
            StandingView::Waiting { ahead, .. } => Some(ahead),
            _ => None,
        }
    }
}

pub(crate) fn by(fan: u64) -> Origin {
    Origin::Fan(FanId::new(fan))
}

pub(crate) fn operator() -> Origin {
    Origin::Operator(AccountId::new(1), None)
}

pub(crate) fn seats(places: &[u32]) -> Selection {
    let seat = |place: &u32| Wanted::Seat { place: PlaceIx(*place), ticket_type: ADULT };
    Selection::Wanted(places.iter().map(seat).collect())
}

pub(crate) fn best(quantity: u32) -> Command {
    Command::PlaceHold(Selection::BestAvailable(BestAvailable {
        quantity,
        accessible: 0,
        categories: Vec::new(),
        section: None,
        ticket_type: ADULT,
    }))
}

pub(crate) fn block(chart: &Chart, kind: BlockKind) -> BlockIx {
    let at = chart.blocks().iter().position(|block| block.kind == kind).unwrap();
    BlockIx(u16::try_from(at).unwrap())
}
