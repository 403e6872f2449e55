//! Holds what clients were told against the journal.

use std::collections::{BTreeMap, BTreeSet};

use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::ids::{FanId, HoldKind, OrderKind, parse_scoped};

use super::books::Books;
use super::findings::{Findings, Kind};
use super::history::{History, Moment, ToldPlace};

/// Everything that clients were told otherwise than the journal has it, or each other.
pub fn judge(history: &History, records: &[Record]) -> Findings {
    let books = Books::of(records);
    let mut findings = Findings::default();
    told(history, &books, &mut findings);
    double_sold(history, &mut findings);
    phantoms(history, &books, &mut findings);
    numbered(&history.places, &mut findings);
    called(&history.places, records, &mut findings);
    money(history, &books, &mut findings);
    if history.paid.is_empty() {
        findings.add(Kind::NothingSold, "no client was told of a ticket".to_owned());
    }
    findings
}

/// The number of a hold; none if the id is not one.
fn hold(id: &str) -> Option<u64> {
    parse_scoped::<HoldKind>(id).ok().map(|(_, hold)| hold.number())
}

/// The number of an order; none if the id is not one.
fn order(id: &str) -> Option<u64> {
    parse_scoped::<OrderKind>(id).ok().map(|(_, order)| order.number())
}

fn told(history: &History, books: &Books, findings: &mut Findings) {
    for place in &history.places {
        findings.told(books.joined.contains(&(place.fan, place.number)), || {
            format!("{} was told number {} in line", place.fan, place.number)
        });
    }
    for (id, acked) in &history.holds {
        let number = hold(id).unwrap_or(0);
        let there = books.holds.get(&number);
        findings.told(there == Some(&acked.places), || {
            format!("hold {id} (record {number}) of places {:?}: {there:?}", acked.places)
        });
        if acked.released {
            let is_there = books.released.contains(&number);
            findings.told(is_there, || format!("hold {id} (record {number}) was released"));
        }
    }
    for (id, acked) in &history.paid {
        let there = order(id).and_then(|number| books.orders.get(&number)?.tickets);
        findings.told(there.map(|(tickets, _)| tickets) == Some(acked.tickets), || {
            format!("order {id} of {} tickets: {there:?}", acked.tickets)
        });
    }
    for id in history.returned.keys() {
        let there = order(id).and_then(|number| books.orders.get(&number));
        let is_there = there.is_some_and(|order| order.returned);
        findings.told(is_there, || format!("order {id} was returned"));
    }
}

/// From when, until when, and by which hold a place was a client's.
type Had<'a> = (Moment, Option<Moment>, &'a str);

/// Clients who had the same place at the same time, as they were told.
fn double_sold(history: &History, findings: &mut Findings) {
    let mut by_place: BTreeMap<u32, Vec<Had<'_>>> = BTreeMap::new();
    for (id, hold) in &history.holds {
        for place in &hold.places {
            by_place.entry(*place).or_default().push((hold.from, hold.until, id));
        }
    }
    for (place, mut holds) in by_place {
        holds.sort_unstable();
        let mut last: Option<(Option<Moment>, &str)> = None;
        for (from, until, id) in holds {
            if let Some((until, other)) = last
                && until.is_none_or(|until| until > from)
            {
                findings.add(Kind::DoubleSold, format!("place {place} by {other} and {id}"));
            }
            // A hold without an end outlasts all others.
            let end = |until: Option<Moment>| until.unwrap_or(Moment::MAX);
            last = match last {
                Some((lasts, other)) if end(lasts) > end(until) => Some((lasts, other)),
                _ => Some((until, id)),
            };
        }
    }
}

/// Holds that nobody was told of, or not before they stood in the way, but for as many as there
/// were operations without an answer.
fn phantoms(history: &History, books: &Books, findings: &mut Findings) {
    let told = history.holds.keys().filter(|id| !history.strangers.contains(*id));
    let known: BTreeSet<u64> = told.filter_map(|id| hold(id)).collect();
    let unknown = usize::try_from(history.unknown).unwrap_or(usize::MAX);
    let since = books.holds.range(history.began_after + 1..);
    let strangers = since.filter(|(number, _)| !known.contains(number));
    for (number, places) in strangers.skip(unknown) {
        findings.add(Kind::Phantom, format!("record {number} holds places {places:?}"));
    }
}

/// Whoever knew a number before somebody else asked for one has the lower of the two.
fn numbered(places: &[ToldPlace], findings: &mut Findings) {
    let (mut by_told, mut by_asked) = (places.to_vec(), places.to_vec());
    by_told.sort_unstable_by_key(|place| place.told);
    by_asked.sort_unstable_by_key(|place| place.asked);
    let mut earlier = by_told.iter().peekable();
    let mut highest: Option<&ToldPlace> = None;
    for place in &by_asked {
        while let Some(before) = earlier.next_if(|before| before.told < place.asked) {
            if highest.is_none_or(|highest| before.number > highest.number) {
                highest = Some(before);
            }
        }
        if let Some(before) = highest.filter(|before| before.number > place.number) {
            let (fan, number) = (place.fan, place.number);
            let what = format!("{fan} got {number} after {} had {}", before.fan, before.number);
            findings.add(Kind::OutOfOrder, what);
        }
    }
}

/// Nobody is called while somebody waits who was told a lower number.
fn called(places: &[ToldPlace], records: &[Record], findings: &mut Findings) {
    let told: BTreeSet<(FanId, u64)> =
        places.iter().map(|place| (place.fan, place.number)).collect();
    let (mut line, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for record in records {
        match &record.change {
            Change::Joined { fan, number } if told.contains(&(*fan, number.0)) => {
                line.insert(number.0, *fan);
                numbers.insert(*fan, number.0);
            }
            Change::Left { fan } => {
                numbers.remove(fan).and_then(|number| line.remove(&number));
            }
            Change::Called { fans, .. } => {
                for fan in fans {
                    let Some(number) = numbers.remove(fan) else { continue };
                    line.remove(&number);
                    if let Some((lower, first)) =
                        line.first_key_value().filter(|(n, _)| **n < number)
                    {
                        let what = format!(
                            "record {}: {fan} with {number} called before {first} with {lower}",
                            record.seq
                        );
                        findings.add(Kind::OutOfOrder, what);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What was charged is what was captured, what was captured is what tickets and fees come to, and
/// what is not kept went back.
fn money(history: &History, books: &Books, findings: &mut Findings) {
    let journaled = |id: &str| order(id).and_then(|number| books.orders.get(&number));
    for (id, acked) in &history.paid {
        let Some(order) = journaled(id) else { continue };
        if order.paid_minor != acked.charged_minor {
            let (charged, paid) = (acked.charged_minor, order.paid_minor);
            let what = format!("order {id}: charged {charged}, journaled {paid}");
            findings.add(Kind::WrongMoney, what);
        }
    }
    for (id, acked) in &history.returned {
        let Some((order, told)) = journaled(id).zip(acked.refunded_minor) else { continue };
        if order.refunded_minor != told {
            let back = order.refunded_minor;
            let what = format!("order {id}: told of {told} back, journaled {back}");
            findings.add(Kind::WrongMoney, what);
        }
    }
    for (number, order) in &books.orders {
        if order.paid_minor != order.price_minor() {
            let (paid, price) = (order.paid_minor, order.price_minor());
            let what = format!("order {number}: captured {paid}, tickets and fees {price}");
            findings.add(Kind::WrongMoney, what);
        }
        let due = order.refund_minor();
        if order.refunded_minor < due {
            let owed = due - order.refunded_minor;
            findings.add(Kind::RefundOwed, format!("order {number}: {owed} not refunded"));
        } else if order.refunded_minor > due {
            let much = order.refunded_minor - due;
            let what = format!("order {number}: {much} refunded too much");
            findings.add(Kind::WrongMoney, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::ids::{EventId, HoldId, OrderId, scoped};

    use super::super::{AckedHold, AckedOrder, AckedReturn};
    use super::*;

    /// Which places, from when, until when.
    type Held<'a> = (&'a [u32], Moment, Option<Moment>);

    fn history(holds: &[Held<'_>]) -> History {
        let named = |(number, (places, from, until)): (u64, &Held<'_>)| {
            let (places, from, until) = (places.to_vec(), *from, *until);
            let hold = AckedHold { places, from, until, released: false };
            (scoped(EventId::new(1), HoldId::new(number)), hold)
        };
        History { holds: (1..).zip(holds).map(named).collect(), ..History::default() }
    }

    #[test]
    fn a_place_that_two_had_at_once_was_sold_twice() {
        let cases: [(&[Held<'_>], usize); 5] = [
            (&[(&[5], 0, Some(2)), (&[5], 2, None)], 0),
            (&[(&[5], 0, Some(3)), (&[5], 2, None)], 1),
            (&[(&[5], 0, None), (&[4, 5], 2, Some(3))], 1),
            (&[(&[5], 0, None), (&[6], 0, None)], 0),
            // The first outlasts the second, and is still there when the third comes.
            (&[(&[5], 0, None), (&[5], 2, Some(3)), (&[5], 4, None)], 2),
        ];
        for (holds, twice) in cases {
            assert_eq!(judge(&history(holds), &[]).count(Kind::DoubleSold), twice);
        }
    }

    #[test]
    fn a_hold_that_stood_in_the_way_before_it_was_told_is_a_phantom() {
        let mut history = history(&[(&[5], 0, None)]);
        let id = scoped(EventId::new(1), HoldId::new(1));
        let mut books = Books::default();
        books.holds.insert(1, vec![5]);
        for (strangers, expected) in [(BTreeSet::new(), 0), (BTreeSet::from([id]), 1)] {
            history.strangers = strangers;
            let mut findings = Findings::default();
            phantoms(&history, &books, &mut findings);
            assert_eq!(findings.count(Kind::Phantom), expected);
        }
    }

    #[test]
    fn what_was_held_before_the_run_is_no_phantom() {
        let mut books = Books::default();
        books.holds.insert(7, vec![5]);
        for (began_after, expected) in [(0, 1), (6, 1), (7, 0)] {
            let history = History { began_after, ..History::default() };
            let mut findings = Findings::default();
            phantoms(&history, &books, &mut findings);
            assert_eq!(findings.count(Kind::Phantom), expected);
        }
    }

    #[test]
    fn what_the_journal_does_not_have_is_lost() {
        let mut history = history(&[(&[5], 0, None)]);
        let order = scoped(EventId::new(1), OrderId::new(7));
        history.paid.insert(order.clone(), AckedOrder { tickets: 1, charged_minor: 5 });
        history.returned.insert(order, AckedReturn::default());
        let findings = judge(&history, &[]);
        assert_eq!((findings.acked, findings.count(Kind::AckLost)), (3, 3));
    }

    #[test]
    fn two_who_asked_at_the_same_time_may_have_any_order() {
        let place =
            |fan, number, asked, told| ToldPlace { fan: FanId::new(fan), number, asked, told };
        let cases = [
            ([place(1, 2, 0, 5), place(2, 1, 4, 6)], 0),
            ([place(1, 2, 0, 5), place(2, 1, 6, 7)], 1),
        ];
        for (places, wrong) in cases {
            let history = History { places: places.to_vec(), ..History::default() };
            assert_eq!(judge(&history, &[]).count(Kind::OutOfOrder), wrong);
        }
    }
}
