//! Random but lawful-looking requests: what fans, operators, the clock and a payment provider ask
//! of a sale, driven by [`Dice`] and by what the sale shows.

use std::time::Duration;

use super::dice::Dice;
use crate::domain::chart::{BlockIx, BlockKind, CategoryIx, PlaceIx};
use crate::domain::command::{
    BestAvailable, Command, Lot, Origin, PaymentOutcome, Request, RequestKey, Selection, Wanted,
};
use crate::domain::hold::Hold;
use crate::domain::ids::{AccountId, DeedNumber, FanId, HoldId, OrderId, PaymentId, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::{Order, PaymentState};
use crate::domain::pricing::TicketTypeIx;
use crate::domain::sale::Sale;
use crate::domain::terms::SaleStatus;
use crate::domain::waiting_room::{Notice, Standing};

/// How far apart requests are, at most.
const STEP_MS_MAX: u64 = 6_000;

/// A source of requests.
#[derive(Debug)]
pub struct Workload {
    dice: Dice,
    fans: u64,
    last: Option<Request>,
}

impl Workload {
    /// Of `fans` fans, all determined by a seed.
    pub fn new(seed: u64, fans: u64) -> Self {
        Self { dice: Dice::new(seed), fans, last: None }
    }

    /// The time until the next request.
    pub fn pause(&mut self) -> Duration {
        // Now and then nothing happens for longer than a hold lasts.
        let bound = if self.dice.once_in(60) { 120 * STEP_MS_MAX } else { STEP_MS_MAX };
        Duration::from_millis(self.dice.below(bound))
    }

    /// The next request to a sale in this state. One in twenty is the last one again,
    /// and some of those with another body under the same key.
    pub fn next(&mut self, sale: &Sale) -> Request {
        if let Some(last) = &self.last
            && self.dice.once_in(20)
        {
            let mut again = last.clone();
            if let Some(key) = &mut again.key
                && self.dice.once_in(4)
            {
                key.fingerprint ^= 1;
            }
            return again;
        }
        let (by, command) = self.command(sale);
        let key = self.dice.once_in(2).then(|| RequestKey {
            key: u128::from(self.dice.roll()),
            fingerprint: self.dice.roll(),
        });
        let request = Request { by, key, command };
        self.last = Some(request.clone());
        request
    }

    fn command(&mut self, sale: &Sale) -> (Origin, Command) {
        let fan = FanId::new(1 + self.dice.below(self.fans));
        let by = Origin::Fan(fan);
        match self.dice.below(100) {
            0..10 => (Origin::Clock, Command::Tick),
            10..20 => (by, Command::Join),
            20..22 => (by, Command::Leave),
            22..32 => (self.somebody_inside(sale).unwrap_or(by), Command::Claim),
            32..52 => {
                let by = self.somebody_inside(sale).unwrap_or(by);
                (by, Command::PlaceHold(self.selection(sale)))
            }
            52..79 => self.on_hold(sale, by),
            79..93 => self.by_provider(sale),
            93..97 => self.on_order(sale, by),
            _ => self.by_operator(sale),
        }
    }

    /// Mostly somebody called or admitted, if there is one.
    fn somebody_inside(&mut self, sale: &Sale) -> Option<Origin> {
        let inside = sale.room().standings().filter(|(_, standing)| match standing {
            Standing::Called { .. } | Standing::Admitted { .. } => true,
            Standing::Waiting { .. } => false,
        });
        let fans: Vec<FanId> = inside.map(|(fan, _)| fan).collect();
        let fan = self.dice.pick(&fans).copied()?;
        (!self.dice.once_in(5)).then_some(Origin::Fan(fan))
    }

    fn selection(&mut self, sale: &Sale) -> Selection {
        if self.dice.once_in(2) {
            let categories =
                if self.dice.once_in(3) { vec![CategoryIx(self.small(4))] } else { Vec::new() };
            return Selection::BestAvailable(BestAvailable {
                quantity: 1 + u32::from(self.small(9)),
                accessible: u32::from(self.dice.once_in(10)),
                categories,
                section: None,
                ticket_type: self.ticket_type(),
            });
        }
        Selection::Wanted(self.wanted(sale))
    }

    fn wanted(&mut self, sale: &Sale) -> Vec<Wanted> {
        let count = self.dice.below(4);
        (0..count).map(|_| self.one_wanted(sale)).collect()
    }

    fn one_wanted(&mut self, sale: &Sale) -> Wanted {
        let ticket_type = self.ticket_type();
        let blocks = sale.chart().blocks();
        let block = BlockIx(u16::try_from(self.dice.below(blocks.len() as u64 + 1)).unwrap_or(0));
        let kind = blocks.get(usize::from(block.0)).map(|block| block.kind);
        match kind {
            Some(BlockKind::WholeTable) => Wanted::Table { block, ticket_type },
            Some(BlockKind::Area) => {
                let quantity = u32::from(self.small(6));
                Wanted::Units { block, quantity, ticket_type }
            }
            Some(BlockKind::Row | BlockKind::Table) | None => {
                Wanted::Seat { place: self.place(sale), ticket_type }
            }
        }
    }

    fn on_hold(&mut self, sale: &Sale, by: Origin) -> (Origin, Command) {
        let holds: Vec<&Hold> = sale.holds().collect();
        let Some(&hold) = self.dice.pick(&holds) else { return (by, Command::Claim) };
        // Now and then somebody tries another's hold.
        let by = if self.dice.once_in(20) { by } else { Origin::Fan(hold.fan) };
        let id = if self.dice.once_in(50) { HoldId::new(self.dice.below(99)) } else { hold.id };
        let command = match self.dice.below(10) {
            0 => Command::ReleaseHold(id),
            1 => Command::ExtendHold(id),
            2..4 => {
                let mut remove = Vec::new();
                if self.dice.once_in(2) {
                    let places = hold.places();
                    remove.extend(self.dice.pick(&places).copied());
                }
                Command::ChangeHold { hold: id, add: self.wanted(sale), remove }
            }
            4..7 => Command::PlaceOrder(id),
            _ => Command::StartPayment(OrderId::new(id.number())),
        };
        (by, command)
    }

    fn on_order(&mut self, sale: &Sale, by: Origin) -> (Origin, Command) {
        let orders: Vec<&Order> = sale.orders().collect();
        let Some(&order) = self.dice.pick(&orders) else { return (by, Command::Join) };
        let by = if self.dice.once_in(10) { by } else { Origin::Fan(order.fan) };
        match self.dice.below(3) {
            0 => (by, Command::CancelOrder(order.id)),
            1 => (by, Command::ReturnOrder(order.id)),
            _ => (by, Command::PlaceOrder(order.hold)),
        }
    }

    fn by_provider(&mut self, sale: &Sale) -> (Origin, Command) {
        let attempts: Vec<(OrderId, PaymentId, PaymentState, i64)> = sale
            .orders()
            .flat_map(|order| {
                let payments = order.payments.iter();
                payments.map(|payment| (order.id, payment.id, payment.state, order.total_minor))
            })
            .collect();
        // Mostly what is open; now and then a late or repeated message.
        let open = |(_, _, state, _): &&(OrderId, PaymentId, PaymentState, i64)| match state {
            PaymentState::Started | PaymentState::RefundDue => true,
            PaymentState::Declined | PaymentState::Captured | PaymentState::Refunded => false,
        };
        let open: Vec<_> = attempts.iter().filter(open).copied().collect();
        let from = if open.is_empty() || self.dice.once_in(8) { &attempts } else { &open };
        let Some(&(order, payment, state, total_minor)) = self.dice.pick(from) else {
            return (Origin::Clock, Command::Tick);
        };
        if state == PaymentState::RefundDue {
            return (Origin::Provider, Command::SettleRefund { order, payment });
        }
        let outcome = if self.dice.once_in(4) {
            PaymentOutcome::Declined { code: "REJECT_CARD_PAYMENT".to_owned() }
        } else {
            let wrong = i64::from(self.dice.once_in(50));
            let reference = format!("key-{}", payment.number());
            PaymentOutcome::Captured { reference, amount_minor: total_minor + wrong }
        };
        (Origin::Provider, Command::SettlePayment { order, payment, outcome })
    }

    fn by_operator(&mut self, sale: &Sale) -> (Origin, Command) {
        let by = Origin::Operator(AccountId::new(1), Some(DeedNumber(sale.seq().0)));
        let command = match self.dice.below(10) {
            0 => Command::SetStatus(SaleStatus::Paused),
            1 => Command::SetStatus(SaleStatus::Open),
            2 => {
                let mut terms = sale.terms().clone();
                terms.rules.admitted_max = 1 + u32::from(self.small(60));
                Command::SetTerms(Box::new(terms))
            }
            3 => Command::BlockPlaces(self.lots(sale)),
            4..6 => Command::FreePlaces(self.blocked_lots(sale)),
            6 => {
                let some = self.dice.once_in(2);
                Command::SetRate(some.then(|| 1 + u32::from(self.small(9))))
            }
            7 => {
                let number = self.small(3);
                let text = format!("The doors open {number} minutes late.");
                Command::SetNotice(Notice::new(&text).filter(|_| number > 0))
            }
            _ => {
                let ticket = TicketId::new(self.dice.below(sale.tickets().len() as u64 + 2));
                Command::RedeemTicket { ticket, gate: "Gate 3".to_owned() }
            }
        };
        (by, command)
    }

    fn lots(&mut self, sale: &Sale) -> Vec<Lot> {
        let count = self.dice.below(4);
        let lot = |wanted: Wanted| match wanted {
            Wanted::Seat { place, .. } => Lot::Seat(place),
            Wanted::Table { block, .. } => Lot::Table(block),
            Wanted::Units { block, quantity, .. } => Lot::Units { block, quantity },
        };
        (0..count).map(|_| lot(self.one_wanted(sale))).collect()
    }

    /// Some that are blocked, mostly.
    fn blocked_lots(&mut self, sale: &Sale) -> Vec<Lot> {
        let states = sale.inventory().states().iter().zip(0..);
        let blocked = states.filter(|(state, _)| **state == PlaceState::Blocked);
        let blocked: Vec<PlaceIx> = blocked.map(|(_, index)| PlaceIx(index)).collect();
        let Some(&place) = self.dice.pick(&blocked) else { return self.lots(sale) };
        if self.dice.once_in(6) {
            return self.lots(sale);
        }
        let block = sale.chart().places()[place.index()].block;
        vec![match sale.chart().block_of(place).kind {
            BlockKind::Row | BlockKind::Table => Lot::Seat(place),
            BlockKind::WholeTable => Lot::Table(block),
            BlockKind::Area => Lot::Units { block, quantity: 1 },
        }]
    }

    fn place(&mut self, sale: &Sale) -> PlaceIx {
        let bound = sale.chart().capacity() as u64 + 1;
        PlaceIx(u32::try_from(self.dice.below(bound)).unwrap_or(u32::MAX))
    }

    fn ticket_type(&mut self) -> TicketTypeIx {
        TicketTypeIx(if self.dice.once_in(30) { 7 } else { self.small(2) })
    }

    fn small(&mut self, bound: u64) -> u8 {
        u8::try_from(self.dice.below(bound)).unwrap_or(0)
    }
}
