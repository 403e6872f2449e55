//! The auditor finds every planted violation, and names the record.
#![cfg(test)]

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::audit::{Auditor, Rule};
use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::chart::{Chart, PlaceIx};
use tiketi_engine::domain::command::{
    BestAvailable, Command, Lot, Origin, PaymentOutcome, Reply, Request, Selection,
};
use tiketi_engine::domain::ids::{AccountId, EventId, FanId, PaymentId, Seq, TicketId};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::domain::waiting_room::QueueNumber;
use tiketi_engine::testing::sample;

/// A sound journal in which everything happens once: two fans, one of whom buys, is let in at the
/// gate, buys again and returns that; the other's hold runs out while a payment is under way.
struct Story {
    sale: Sale,
    records: Vec<Record>,
    now: Timestamp,
}

impl Story {
    fn told() -> (Arc<Chart>, Vec<Record>) {
        let chart = Arc::new(sample::chart(4, 8, 20));
        let mut terms = sample::terms(&chart);
        terms.rules.admitted_max = 1;
        let first = Sale::opening(sample::OPENS_AT, &chart, terms).unwrap();
        let sale = Sale::open(EventId::new(1), Arc::clone(&chart), &first);
        let mut story = Self { sale, records: vec![first], now: sample::OPENS_AT };
        story.buys(FanId::new(1), 2);
        let redeem = Command::RedeemTicket { ticket: TicketId::new(1), gate: "A".to_owned() };
        story.run(Origin::Operator(AccountId::new(9), None), redeem);
        let returned = story.buys(FanId::new(1), 3);
        story.run(Origin::Fan(FanId::new(1)), Command::ReturnOrder(returned.0));
        let refund = Command::SettleRefund { order: returned.0, payment: returned.1 };
        story.run(Origin::Provider, refund);
        story.enters(FanId::new(2));
        story.run(Origin::Fan(FanId::new(3)), Command::Join);
        story.run(Origin::Fan(FanId::new(4)), Command::Join);
        let (order, payment) = story.begins_to_pay(FanId::new(2), 2);
        story.now = story.now.after(Duration::from_mins(30));
        story.run(Origin::Clock, Command::Tick);
        let outcome =
            PaymentOutcome::Captured { reference: "late".to_owned(), amount_minor: 302_500 };
        story.run(Origin::Provider, Command::SettlePayment { order, payment, outcome });
        let operator = Origin::Operator(AccountId::new(9), None);
        let lots = |places: &[u32]| places.iter().copied().map(PlaceIx).map(Lot::Seat).collect();
        story.run(operator, Command::BlockPlaces(lots(&[24, 25])));
        story.run(operator, Command::FreePlaces(lots(&[24])));
        story.run(Origin::Fan(FanId::new(3)), Command::Leave);
        story.run(operator, Command::SetRate(Some(1)));
        story.run(Origin::Clock, Command::Tick);
        story.run(Origin::Fan(FanId::new(4)), Command::Leave);
        story.run(Origin::Fan(FanId::new(5)), Command::Join);
        story.now = story.now.after(Duration::from_mins(1));
        story.run(Origin::Clock, Command::Tick);
        (chart, story.records)
    }

    fn run(&mut self, by: Origin, command: Command) -> Reply {
        self.now = self.now.after(Duration::from_secs(1));
        let request = Request { by, key: None, command };
        let executed = self.sale.execute(self.now, &request).unwrap();
        self.records.extend(executed.records);
        executed.reply
    }

    fn enters(&mut self, fan: FanId) {
        self.run(Origin::Fan(fan), Command::Join);
        self.run(Origin::Fan(fan), Command::Claim);
    }

    fn begins_to_pay(
        &mut self,
        fan: FanId,
        quantity: u32,
    ) -> (tiketi_engine::domain::ids::OrderId, PaymentId) {
        let party = BestAvailable {
            quantity,
            accessible: 0,
            categories: Vec::new(),
            section: None,
            ticket_type: TicketTypeIx(0),
        };
        let by = Origin::Fan(fan);
        let hold = Command::PlaceHold(Selection::BestAvailable(party));
        let Reply::Hold(hold) = self.run(by, hold) else { panic!("a hold") };
        self.run(by, Command::ExtendHold(hold.id));
        let Reply::Order(order) = self.run(by, Command::PlaceOrder(hold.id)) else {
            panic!("an order")
        };
        let Reply::Order(order) = self.run(by, Command::StartPayment(order.id)) else {
            panic!("an order")
        };
        (order.id, order.payments[0].id)
    }

    fn buys(
        &mut self,
        fan: FanId,
        quantity: u32,
    ) -> (tiketi_engine::domain::ids::OrderId, PaymentId) {
        self.enters(fan);
        let (order, payment) = self.begins_to_pay(fan, quantity);
        let amount_minor = self.sale.order(order).unwrap().total_minor;
        let outcome = PaymentOutcome::Captured { reference: "ref".to_owned(), amount_minor };
        self.run(Origin::Provider, Command::SettlePayment { order, payment, outcome });
        (order, payment)
    }
}

fn audit(chart: &Arc<Chart>, records: &[Record]) -> Vec<(Rule, Seq)> {
    let mut auditor = Auditor::new(Arc::clone(chart));
    for record in records {
        auditor.read(record);
    }
    auditor.finish().violations.into_iter().map(|v| (v.rule, v.seq)).collect()
}

/// Alters the first record that `change` takes, and says which.
fn plant(records: &mut [Record], change: impl Fn(&mut Change) -> bool) -> Seq {
    let found =
        records.iter_mut().find_map(|record| change(&mut record.change).then_some(record.seq));
    found.expect("the story has such a record")
}

#[test]
fn a_sound_journal_has_no_violation() {
    let (chart, records) = Story::told();
    assert_eq!(audit(&chart, &records), []);
    let mut kinds: Vec<_> = Vec::new();
    for record in &records {
        let kind = std::mem::discriminant(&record.change);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    assert!(kinds.len() >= 14, "the story is too short: {} kinds", kinds.len());
}

type Planted = (&'static str, Rule, fn(&mut Change) -> bool);

const PLANTED: [Planted; 17] = [
    ("a place sold to two", Rule::OneOwner, |change| match change {
        Change::HoldPlaced { items, .. } if items.len() == 3 => {
            // A place of the first fan's ticket.
            items[0].place = PlaceIx(3);
            true
        }
        _ => false,
    }),
    ("a price that is not the table's", Rule::Terms, |change| match change {
        Change::HoldPlaced { items, .. } => {
            items[0].price.amount_minor -= 1;
            true
        }
        _ => false,
    }),
    ("a hold without entry", Rule::Entry, |change| match change {
        Change::HoldPlaced { entry, .. } => {
            *entry = Seq(1);
            true
        }
        _ => false,
    }),
    ("a hold that is too short", Rule::Time, |change| match change {
        Change::HoldPlaced { expires_at, .. } => {
            *expires_at = sample::OPENS_AT;
            true
        }
        _ => false,
    }),
    ("somebody called before others", Rule::Admission, |change| match change {
        Change::Called { fans, .. } if fans == &[FanId::new(3)] => {
            *fans = vec![FanId::new(4)];
            true
        }
        _ => false,
    }),
    ("more inside than admitted", Rule::Admission, |change| match change {
        Change::Called { fans, .. } if fans == &[FanId::new(3)] => {
            fans.push(FanId::new(4));
            true
        }
        _ => false,
    }),
    ("a number out of order", Rule::Admission, |change| match change {
        Change::Joined { number, .. } => {
            *number = QueueNumber(7);
            true
        }
        _ => false,
    }),
    ("an order for another sum", Rule::Money, |change| match change {
        Change::OrderPlaced { total_minor, .. } => {
            *total_minor += 1;
            true
        }
        _ => false,
    }),
    ("an order paid with less", Rule::Money, |change| match change {
        Change::OrderPaid { payment: Some(payment), .. } => {
            payment.amount_minor -= 1;
            true
        }
        _ => false,
    }),
    ("a refund of more", Rule::Money, |change| match change {
        Change::PaymentRefunded { amount_minor, .. } => {
            *amount_minor += 1;
            true
        }
        _ => false,
    }),
    ("another order paid", Rule::LegalStep, |change| match change {
        Change::OrderPaid { order, .. } => {
            *order = tiketi_engine::domain::ids::OrderId::new(9_999);
            true
        }
        _ => false,
    }),
    ("a void ticket let in", Rule::LegalStep, |change| match change {
        Change::TicketRedeemed { ticket, .. } => {
            *ticket = TicketId::new(99);
            true
        }
        _ => false,
    }),
    ("a hold ended with other places", Rule::LegalStep, |change| match change {
        Change::HoldExpired { places, .. } => {
            places.pop();
            true
        }
        _ => false,
    }),
    ("a hold extended twice", Rule::LegalStep, |change| match change {
        Change::HoldExtended { hold, .. } => {
            *hold = tiketi_engine::domain::ids::HoldId::new(9_999);
            true
        }
        _ => false,
    }),
    ("a place blocked that somebody has", Rule::OneOwner, |change| match change {
        Change::PlacesBlocked { places } => {
            places[0] = PlaceIx(3);
            true
        }
        _ => false,
    }),
    ("a place put back that was not blocked", Rule::OneOwner, |change| match change {
        Change::PlacesFreed { places } => {
            places[0] = PlaceIx(26);
            true
        }
        _ => false,
    }),
    ("a rate that cannot be", Rule::Terms, |change| match change {
        Change::RateChanged { per_minute } => {
            *per_minute = Some(0);
            true
        }
        _ => false,
    }),
];

#[test]
fn every_planted_violation_is_found_where_it_is() {
    for (what, rule, change) in PLANTED {
        let (chart, mut records) = Story::told();
        let seq = plant(&mut records, change);
        let found = audit(&chart, &records);
        assert!(found.contains(&(rule, seq)), "{what} at {seq}: {found:?}");
    }
}

#[test]
fn a_record_left_out_or_moved_in_time_is_found() {
    let (chart, mut records) = Story::told();
    records.remove(5);
    assert!(audit(&chart, &records).contains(&(Rule::Order, Seq(7))), "record 6 is missing");
    let (chart, mut records) = Story::told();
    records[9].at = sample::OPENS_AT;
    assert!(audit(&chart, &records).contains(&(Rule::Order, Seq(10))), "record 10 is too old");
}

#[test]
fn an_early_expiry_is_found() {
    let (chart, mut records) = Story::told();
    let expiry = records
        .iter()
        .position(|record| matches!(record.change, Change::HoldExpired { .. }))
        .unwrap();
    let at = records[expiry - 1].at;
    records[expiry].at = at;
    let seq = records[expiry].seq;
    assert!(audit(&chart, &records).contains(&(Rule::Time, seq)));
}

#[test]
fn a_call_that_comes_too_soon_for_the_rate_is_found() {
    let (chart, mut records) = Story::told();
    let last = records.iter().rposition(|record| matches!(record.change, Change::Called { .. }));
    let last = last.unwrap();
    assert_eq!(records[last].change.fans(), [FanId::new(5)]);
    records[last].at = records[last - 1].at;
    assert_eq!(audit(&chart, &records), [(Rule::Admission, records[last].seq)]);
}

#[test]
fn money_kept_without_a_ticket_is_found() {
    let (chart, mut records) = Story::told();
    // The captured payment of the returned order is never given back to the books.
    let at = records
        .iter()
        .position(|record| matches!(record.change, Change::OrderReturned { .. }))
        .unwrap();
    records.truncate(at + 1);
    let places = records[at].change.places();
    let (fan, hold) = (FanId::new(1), tiketi_engine::domain::ids::HoldId::new(3));
    records[at].change = Change::HoldExpired { fan, hold, places };
    assert!(!audit(&chart, &records).is_empty());
}
