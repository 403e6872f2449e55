//! A small engine that speaks the journal, and its clients: sound, or with one bug planted.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use tiketi_engine::domain::change::{Capture, Change, Record};
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::command::Origin;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{
    EventId, FanId, HoldId, OrderId, PaymentId, Seq, TicketId, scoped,
};
use tiketi_engine::domain::pricing::{Price, TicketTypeIx};
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::waiting_room::QueueNumber;
use tiketi_engine::testing::dice::Dice;
use tiketi_engine::testing::sample;

use super::{AckedHold, AckedOrder, AckedReturn, Finding, History, Kind, Moment, ToldPlace, judge};

const EVENT: EventId = EventId::new(1);
const PLACES: u32 = 60;
const FANS: u64 = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bug {
    None,
    SellsTwice,
    LosesHolds,
    LosesReleases,
    LosesReturns,
    HoldsForNobody,
    NumbersOutOfOrder,
    CallsOutOfOrder,
    CapturesTooMuch,
    ChargesOtherThanJournaled,
    ForgetsRefunds,
    RefundsTooMuch,
    SellsNothing,
}

/// The engine with its clients: each thing done takes one tick.
struct Fake {
    bug: Bug,
    dice: Dice,
    terms: Terms,
    now: Moment,
    seq: u64,
    taken: BTreeSet<u32>,
    line: VecDeque<(FanId, u64)>,
    tickets: u64,
    records: Vec<Record>,
    history: History,
}

impl Fake {
    /// A whole sale.
    fn run(bug: Bug, seed: u64) -> Self {
        let terms = sample::terms(&sample::chart(4, 10, 10));
        let mut fake = Self {
            bug,
            dice: Dice::new(seed),
            terms,
            now: 0,
            seq: 0,
            taken: BTreeSet::new(),
            line: VecDeque::new(),
            tickets: 0,
            records: Vec::new(),
            history: History::default(),
        };
        let opened = Change::SaleOpened { terms: Box::new(fake.terms.clone()) };
        fake.journal(opened);
        let mut joined = 0;
        while joined < FANS || !fake.line.is_empty() {
            if joined < FANS && (fake.line.len() < 3 || fake.dice.once_in(2)) {
                joined += 1;
                fake.join(joined);
            } else {
                fake.serve();
            }
        }
        fake
    }

    fn journal(&mut self, change: Change) -> u64 {
        self.seq += 1;
        let at = sample::OPENS_AT.after(Duration::from_micros(self.now));
        self.records.push(Record { seq: Seq(self.seq), at, by: Origin::Clock, change });
        self.seq
    }

    fn tick(&mut self) -> Moment {
        self.now += 1;
        self.now
    }

    fn join(&mut self, joined: u64) {
        let fan = FanId::new(joined);
        let asked = self.tick();
        let number = if self.bug == Bug::NumbersOutOfOrder { 2 * FANS - joined } else { joined };
        self.journal(Change::Joined { fan, number: QueueNumber(number) });
        let told = self.tick();
        self.history.places.push(ToldPlace { fan, number, asked, told });
        self.line.push_back((fan, number));
    }

    /// Lets somebody in, who holds and then lets go, buys, or gives back.
    fn serve(&mut self) {
        let next = if self.bug == Bug::CallsOutOfOrder {
            self.line.pop_back()
        } else {
            self.line.pop_front()
        };
        let Some((fan, _)) = next else { return };
        self.journal(Change::Called { fans: vec![fan], claim_by: sample::OPENS_AT });
        self.tick();
        let Some((hold, item)) = self.hold(fan) else { return };
        if self.dice.once_in(3) || self.bug == Bug::SellsNothing {
            self.release(fan, hold, item);
        } else {
            self.buy(fan, hold, item);
        }
    }

    fn hold(&mut self, fan: FanId) -> Option<(u64, Item)> {
        let twice = self.bug == Bug::SellsTwice;
        let place = (0..PLACES).find(|place| twice || !self.taken.contains(place))?;
        self.taken.insert(place);
        let price = Price { amount_minor: 100_000, fee_minor: 1_000 };
        let item = Item { place: PlaceIx(place), ticket_type: TicketTypeIx(0), price };
        let placed = Change::HoldPlaced {
            fan,
            entry: Seq(self.seq),
            items: vec![item],
            expires_at: sample::OPENS_AT,
        };
        let lost = self.bug == Bug::LosesHolds && self.dice.once_in(3);
        // The client is told of a record that is never written.
        let hold = if lost { 1_000_000 + self.seq } else { self.journal(placed) };
        let from = self.tick();
        if self.bug != Bug::HoldsForNobody || !self.dice.once_in(3) {
            let acked = AckedHold { places: vec![place], from, until: None, released: false };
            self.history.holds.insert(scoped(EVENT, HoldId::new(hold)), acked);
        }
        Some((hold, item))
    }

    /// The client asks to let go of a hold.
    fn let_go(&mut self, hold: u64, released: bool, place: PlaceIx) {
        let now = self.tick();
        if let Some(acked) = self.history.holds.get_mut(&scoped(EVENT, HoldId::new(hold))) {
            (acked.until, acked.released) = (Some(now), released);
        }
        self.taken.remove(&place.0);
    }

    fn release(&mut self, fan: FanId, hold: u64, item: Item) {
        self.let_go(hold, true, item.place);
        if self.bug != Bug::LosesReleases {
            let places = vec![item.place];
            self.journal(Change::HoldReleased { fan, hold: HoldId::new(hold), places });
        }
    }

    fn buy(&mut self, fan: FanId, hold: u64, item: Item) {
        let total = item.price.total_minor() + self.terms.prices.order_fee_minor();
        let order = OrderId::new(hold);
        let hold_id = HoldId::new(hold);
        self.journal(Change::OrderPlaced { fan, hold: hold_id, total_minor: total });
        let payment = PaymentId::new(self.journal(Change::PaymentStarted { fan, order }));
        let amount_minor = total + i64::from(self.bug == Bug::CapturesTooMuch);
        let capture = Capture { payment, reference: "key".to_owned(), amount_minor };
        self.tickets += 1;
        self.journal(Change::OrderPaid {
            fan,
            order,
            payment: Some(capture),
            items: vec![item],
            first_ticket: TicketId::new(self.tickets),
        });
        let charged_minor = amount_minor + i64::from(self.bug == Bug::ChargesOtherThanJournaled);
        let name = scoped(EVENT, order);
        self.history.paid.insert(name.clone(), AckedOrder { tickets: 1, charged_minor });
        if !self.dice.once_in(2) {
            return;
        }
        self.let_go(hold, false, item.place);
        if self.bug != Bug::LosesReturns {
            self.journal(Change::OrderReturned { fan, order, items: vec![item] });
        }
        let amount_minor = amount_minor + i64::from(self.bug == Bug::RefundsTooMuch);
        if !matches!(self.bug, Bug::ForgetsRefunds | Bug::LosesReturns) {
            self.journal(Change::PaymentRefunded { fan, order, payment, amount_minor });
        }
        let refunded_minor = (self.bug != Bug::LosesReturns).then_some(amount_minor);
        self.history.returned.insert(name, AckedReturn { refunded_minor });
    }

    fn kinds(&self) -> BTreeSet<Kind> {
        judge(&self.history, &self.records).all.iter().map(|finding| finding.kind).collect()
    }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for seed in 0..200 {
        let fake = Fake::run(Bug::None, seed);
        let findings = judge(&fake.history, &fake.records);
        assert_eq!(findings.all, Vec::<Finding>::new(), "seed {seed}");
        let FakeDid { paid, returned, released } = FakeDid::of(&fake.history);
        assert!(paid > 5 && returned > 1 && released > 1, "seed {seed} did too little");
        assert!(findings.acked > 100, "seed {seed} looked at {}", findings.acked);
    }
}

/// What a run exercised.
struct FakeDid {
    paid: usize,
    returned: usize,
    released: usize,
}

impl FakeDid {
    fn of(history: &History) -> Self {
        let released = history.holds.values().filter(|hold| hold.released).count();
        Self { paid: history.paid.len(), returned: history.returned.len(), released }
    }
}

#[test]
fn every_planted_bug_is_found() {
    let cases = [
        (Bug::SellsTwice, Kind::DoubleSold),
        (Bug::LosesHolds, Kind::AckLost),
        (Bug::LosesReleases, Kind::AckLost),
        (Bug::LosesReturns, Kind::AckLost),
        (Bug::HoldsForNobody, Kind::Phantom),
        (Bug::NumbersOutOfOrder, Kind::OutOfOrder),
        (Bug::CallsOutOfOrder, Kind::OutOfOrder),
        (Bug::CapturesTooMuch, Kind::WrongMoney),
        (Bug::ChargesOtherThanJournaled, Kind::WrongMoney),
        (Bug::ForgetsRefunds, Kind::RefundOwed),
        (Bug::RefundsTooMuch, Kind::WrongMoney),
        (Bug::SellsNothing, Kind::NothingSold),
    ];
    for (bug, kind) in cases {
        for seed in 0..50 {
            let kinds = Fake::run(bug, seed).kinds();
            assert!(kinds.contains(&kind), "{bug:?}, seed {seed}: {kinds:?}");
        }
    }
}

#[test]
fn a_bug_is_not_taken_for_another() {
    for seed in 0..50 {
        for (bug, kind) in [
            (Bug::SellsTwice, Kind::DoubleSold),
            (Bug::LosesReleases, Kind::AckLost),
            (Bug::HoldsForNobody, Kind::Phantom),
            (Bug::CallsOutOfOrder, Kind::OutOfOrder),
            (Bug::CapturesTooMuch, Kind::WrongMoney),
            (Bug::ForgetsRefunds, Kind::RefundOwed),
            (Bug::SellsNothing, Kind::NothingSold),
        ] {
            let fake = Fake::run(bug, seed);
            let kinds: Vec<Kind> = fake.kinds().into_iter().collect();
            // What was told of a refund differs from the journal too.
            let expected = match bug {
                Bug::ForgetsRefunds => vec![Kind::WrongMoney, kind],
                _ => vec![kind],
            };
            assert_eq!(kinds, expected, "{bug:?}, seed {seed}");
        }
    }
}

#[test]
fn histories_of_several_processes_are_one() {
    let fake = Fake::run(Bug::None, 7);
    let (mut one, mut two) = (fake.history.clone(), History::default());
    two.places = one.places.split_off(20);
    two.holds = one.holds.split_off(&scoped(EVENT, HoldId::new(60)));
    two.paid = std::mem::take(&mut one.paid);
    assert!(!two.holds.is_empty() && !one.holds.is_empty());
    let text = serde_json::to_string(&two).expect("a history is JSON");
    one.merge(serde_json::from_str(&text).expect("it reads back"));
    assert_eq!(one, fake.history);
    assert_eq!(judge(&one, &fake.records).all, []);
}
