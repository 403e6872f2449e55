//! The auditor's seat map: who has each place, and which hold has which places.

use std::collections::{BTreeMap, BTreeSet};

use super::room::Door;
use super::{Page, Rule};
use crate::domain::change::Change;
use crate::domain::chart::PlaceIx;
use crate::domain::hold::Item;
use crate::domain::ids::FanId;
use crate::domain::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Nobody,
    Hold(u64),
    Order(u64),
    Operator,
}

#[derive(Debug)]
struct Held {
    fan: FanId,
    places: BTreeSet<PlaceIx>,
    expires_at: Timestamp,
    extended: bool,
}

/// Who has each place.
#[derive(Debug)]
pub(super) struct Floor {
    owners: Vec<Owner>,
    holds: BTreeMap<u64, Held>,
    bought: BTreeMap<FanId, usize>,
}

impl Floor {
    pub(super) fn new(capacity: usize) -> Self {
        let owners = vec![Owner::Nobody; capacity];
        Self { owners, holds: BTreeMap::new(), bought: BTreeMap::new() }
    }

    /// Places that nobody has, that are held, that are sold, that are taken off sale.
    pub(super) fn counts(&self) -> (usize, usize, usize, usize) {
        let count = |kind: fn(&Owner) -> bool| self.owners.iter().filter(|o| kind(o)).count();
        (
            count(|owner| matches!(owner, Owner::Nobody)),
            count(|owner| matches!(owner, Owner::Hold(_))),
            count(|owner| matches!(owner, Owner::Order(_))),
            count(|owner| matches!(owner, Owner::Operator)),
        )
    }

    pub(super) fn read(&mut self, page: &mut Page<'_>, door: &Door, change: &Change) {
        match change {
            Change::HoldPlaced { fan, entry, items, expires_at } => {
                let admitted = door.admits(*fan, Some(*entry), page.at);
                page.check(Rule::Entry, admitted, || format!("{fan} held without entry"));
                let promised = page.at.after(page.terms.rules.hold_ttl) <= *expires_at;
                page.check(Rule::Time, promised, || "a hold is too short".to_owned());
                let one = self.holds.values().all(|hold| hold.fan != *fan);
                page.check(Rule::LegalStep, one, || format!("{fan} has two holds"));
                let held = Held {
                    fan: *fan,
                    places: BTreeSet::new(),
                    expires_at: *expires_at,
                    extended: false,
                };
                self.holds.insert(page.seq.0, held);
                self.take(page, page.seq.0, items);
            }
            Change::HoldChanged { fan, hold, added, removed } => {
                let admitted = added.is_empty() || door.admits(*fan, None, page.at);
                page.check(Rule::Entry, admitted, || format!("{fan} added without entry"));
                self.give_back(page, hold.number(), removed);
                self.take(page, hold.number(), added);
            }
            Change::HoldExtended { hold, expires_at, .. } => {
                self.extend(page, hold.number(), *expires_at);
            }
            Change::HoldReleased { hold, places, .. } => self.end(page, hold.number(), places),
            Change::OrderCancelled { order, places, .. } => {
                self.end(page, order.number(), places);
            }
            Change::HoldExpired { hold, places, .. } => {
                let due = self.holds.get(&hold.number()).is_some_and(|h| h.expires_at <= page.at);
                page.check(Rule::Time, due, || format!("{hold:?} expired too early"));
                self.end(page, hold.number(), places);
            }
            Change::OrderPaid { fan, order, .. } => {
                self.sell(page, *fan, order.number(), &change.places());
            }
            Change::OrderReturned { fan, order, items } => {
                self.move_all(page, &change.places(), Owner::Order(order.number()), Owner::Nobody);
                let bought = self.bought.entry(*fan).or_default();
                *bought = bought.saturating_sub(items.len());
            }
            Change::PlacesBlocked { places } => {
                self.move_all(page, places, Owner::Nobody, Owner::Operator);
            }
            Change::PlacesFreed { places } => {
                self.move_all(page, places, Owner::Operator, Owner::Nobody);
            }
            _ => {}
        }
    }

    fn take(&mut self, page: &mut Page<'_>, hold: u64, items: &[Item]) {
        page.check(Rule::Terms, items.is_empty() || page.on_sale(), || {
            "places held outside the sale".to_owned()
        });
        for item in items {
            let place = page.chart.place(item.place);
            let price =
                place.and_then(|place| page.terms.prices.price(place.category, item.ticket_type));
            page.check(Rule::Terms, price == Some(item.price), || {
                format!("place {} held at another price", item.place.0)
            });
            self.move_one(page, item.place, Owner::Nobody, Owner::Hold(hold));
        }
        let Some(held) = self.holds.get_mut(&hold) else {
            page.check(Rule::LegalStep, false, || format!("no hold {hold}"));
            return;
        };
        held.places.extend(items.iter().map(|item| item.place));
        let (size, fan) = (held.places.len(), held.fan);
        let bought = self.bought.get(&fan).copied().unwrap_or(0);
        let rules = &page.terms.rules;
        let within = size <= rules.places_per_hold_max as usize
            && (items.is_empty() || size + bought <= rules.places_per_fan_max as usize);
        page.check(Rule::Terms, within, || format!("{fan} has {size} held and {bought} bought"));
    }

    fn give_back(&mut self, page: &mut Page<'_>, hold: u64, places: &[PlaceIx]) {
        self.move_all(page, places, Owner::Hold(hold), Owner::Nobody);
        if let Some(held) = self.holds.get_mut(&hold) {
            held.places.retain(|place| !places.contains(place));
        }
    }

    fn extend(&mut self, page: &mut Page<'_>, hold: u64, expires_at: Timestamp) {
        let lawful = self.holds.get_mut(&hold).is_some_and(|held| {
            let once = !std::mem::replace(&mut held.extended, true);
            let longer = expires_at >= std::mem::replace(&mut held.expires_at, expires_at);
            once && longer
        });
        page.check(Rule::LegalStep, lawful, || format!("hold {hold} was extended twice"));
    }

    fn end(&mut self, page: &mut Page<'_>, hold: u64, places: &[PlaceIx]) {
        let all = self
            .holds
            .remove(&hold)
            .is_some_and(|held| held.places.iter().copied().eq(sorted(places)));
        page.check(Rule::LegalStep, all, || format!("hold {hold} ended with other places"));
        self.move_all(page, places, Owner::Hold(hold), Owner::Nobody);
    }

    fn sell(&mut self, page: &mut Page<'_>, fan: FanId, order: u64, places: &[PlaceIx]) {
        // A late payment finds its places free; otherwise they are in the order's own hold.
        let from = match self.holds.remove(&order) {
            Some(_) => Owner::Hold(order),
            None => Owner::Nobody,
        };
        self.move_all(page, places, from, Owner::Order(order));
        let bought = self.bought.entry(fan).or_default();
        *bought += places.len();
        let within = *bought <= page.terms.rules.places_per_fan_max as usize;
        page.check(Rule::Terms, within, || format!("{fan} bought too many places"));
    }

    fn move_all(&mut self, page: &mut Page<'_>, places: &[PlaceIx], from: Owner, to: Owner) {
        for place in places {
            self.move_one(page, *place, from, to);
        }
    }

    fn move_one(&mut self, page: &mut Page<'_>, place: PlaceIx, from: Owner, to: Owner) {
        let owner = self.owners.get_mut(place.index());
        let before = owner.map(|owner| std::mem::replace(owner, to));
        page.check(Rule::OneOwner, before == Some(from), || {
            format!("place {} went to {to:?} from {before:?}, not from {from:?}", place.0)
        });
    }
}

fn sorted(places: &[PlaceIx]) -> BTreeSet<PlaceIx> {
    places.iter().copied().collect()
}
