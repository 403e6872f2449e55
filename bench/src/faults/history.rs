//! What clients were told, whether it is in the journal, and whether two were told the same seat.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::ids::{HoldKind, OrderKind, parse_scoped};

/// Everything that was acknowledged to the clients of one event.
#[derive(Debug, Default, Clone)]
pub(super) struct History {
    /// Holds by id.
    pub(super) holds: BTreeMap<String, AckedHold>,
    /// Orders that were paid, and how many tickets each got.
    pub(super) paid: BTreeMap<String, usize>,
    /// Orders that were given back.
    pub(super) returned: BTreeSet<String>,
    /// Operations that ended without an answer that tells what became of them.
    pub(super) unknown: u64,
    /// What a client that tries again saw all the same: no repeat helped.
    pub(super) errors: Vec<String>,
    /// When each acknowledgement came, in order.
    pub(super) acked_at: Vec<Instant>,
}

/// A hold that a client was told it has.
#[derive(Debug, Clone)]
pub(super) struct AckedHold {
    /// Which places.
    pub(super) places: Vec<u32>,
    /// When the answer came: it was held by then.
    pub(super) from: Instant,
    /// When the client asked to let go of it, by release or return: it may be free from then on.
    pub(super) until: Option<Instant>,
    /// Whether its release was acknowledged.
    pub(super) released: bool,
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// Acknowledgements that were looked for.
    pub(super) acked: usize,
    /// Those that the journal does not have, or has otherwise.
    pub(super) acked_lost: usize,
    /// Pairs of clients who were told the same place for the same time.
    pub(super) double_sold: usize,
    /// Holds in the journal that no client asked for.
    pub(super) phantoms: usize,
}

impl History {
    /// Notes that an acknowledgement has just come.
    pub(super) fn acknowledged(&mut self) {
        self.acked_at.push(Instant::now());
    }

    /// The longest time without any acknowledgement that began after `from`, or lasted then.
    pub(super) fn longest_gap(&self, from: Instant) -> std::time::Duration {
        let around = self.acked_at.windows(2).filter(|pair| pair[1] > from);
        around.map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// Holds the history against the journal.
    pub(super) fn compare(&self, records: &[Record]) -> Compared {
        let journal = Journaled::of(records);
        let hold = |id: &str| parse_scoped::<HoldKind>(id).map(|(_, hold)| hold.number());
        let order = |id: &str| parse_scoped::<OrderKind>(id).map(|(_, order)| order.number());
        let (mut acked, mut acked_lost) = (0, 0);
        let mut told = |is_there: bool| {
            acked += 1;
            acked_lost += usize::from(!is_there);
        };
        for (id, acked) in &self.holds {
            let number = hold(id).unwrap_or(0);
            told(journal.holds.get(&number) == Some(&acked.places));
            if acked.released {
                told(journal.released.contains(&number));
            }
        }
        for (id, tickets) in &self.paid {
            told(journal.paid.get(&order(id).unwrap_or(0)) == Some(tickets));
        }
        for id in &self.returned {
            told(journal.returned.contains(&order(id).unwrap_or(0)));
        }
        let known: BTreeSet<u64> = self.holds.keys().filter_map(|id| hold(id).ok()).collect();
        let strangers = journal.holds.keys().filter(|number| !known.contains(number)).count();
        let phantoms = strangers.saturating_sub(usize::try_from(self.unknown).unwrap_or(0));
        Compared { acked, acked_lost, double_sold: self.double_sold(), phantoms }
    }

    /// Two clients who had the same place at the same time, as they were told.
    fn double_sold(&self) -> usize {
        let mut by_place: BTreeMap<u32, Vec<(Instant, Option<Instant>)>> = BTreeMap::new();
        for hold in self.holds.values() {
            for place in &hold.places {
                by_place.entry(*place).or_default().push((hold.from, hold.until));
            }
        }
        let overlaps = |times: &mut Vec<(Instant, Option<Instant>)>| {
            times.sort_unstable();
            times.windows(2).filter(|pair| pair[0].1.is_none_or(|until| until > pair[1].0)).count()
        };
        by_place.values_mut().map(overlaps).sum()
    }
}

/// What the journal says of the same things.
#[derive(Debug, Default)]
struct Journaled {
    holds: BTreeMap<u64, Vec<u32>>,
    released: BTreeSet<u64>,
    paid: BTreeMap<u64, usize>,
    returned: BTreeSet<u64>,
}

impl Journaled {
    fn of(records: &[Record]) -> Self {
        let mut found = Self::default();
        for record in records {
            match &record.change {
                Change::HoldPlaced { items, .. } => {
                    let places = items.iter().map(|item| item.place.0).collect();
                    found.holds.insert(record.seq.0, places);
                }
                Change::HoldReleased { hold, .. } => {
                    found.released.insert(hold.number());
                }
                Change::OrderPaid { order, items, .. } => {
                    found.paid.insert(order.number(), items.len());
                }
                Change::OrderReturned { order, .. } => {
                    found.returned.insert(order.number());
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tiketi_engine::domain::ids::{EventId, HoldId, OrderId, scoped};

    use super::*;

    /// A hold of these places, from and until so many seconds after `start`.
    fn hold(start: Instant, places: &[u32], from: u64, until: Option<u64>) -> AckedHold {
        let at = |seconds| start + Duration::from_secs(seconds);
        let (from, until) = (at(from), until.map(at));
        AckedHold { places: places.to_vec(), from, until, released: false }
    }

    fn history(holds: Vec<AckedHold>) -> History {
        let named = |(number, hold)| (scoped(EventId::new(1), HoldId::new(number)), hold);
        History { holds: (1..).zip(holds).map(named).collect(), ..History::default() }
    }

    #[test]
    fn a_place_that_two_had_at_once_was_sold_twice() {
        let start = Instant::now();
        let cases = [
            (vec![hold(start, &[5], 0, Some(2)), hold(start, &[5], 2, None)], 0),
            (vec![hold(start, &[5], 0, Some(3)), hold(start, &[5], 2, None)], 1),
            (vec![hold(start, &[5], 0, None), hold(start, &[4, 5], 2, Some(3))], 1),
            (vec![hold(start, &[5], 0, None), hold(start, &[6], 0, None)], 0),
        ];
        for (holds, twice) in cases {
            assert_eq!(history(holds).compare(&[]).double_sold, twice);
        }
    }

    #[test]
    fn what_the_journal_does_not_have_is_lost() {
        let mut history = history(vec![hold(Instant::now(), &[5], 0, None)]);
        let order = scoped(EventId::new(1), OrderId::new(7));
        history.paid.insert(order.clone(), 1);
        history.returned.insert(order);
        let compared = history.compare(&[]);
        assert_eq!((compared.acked, compared.acked_lost), (3, 3));
    }
}
