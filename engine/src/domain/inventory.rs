//! Who has each place right now: free, held, sold or blocked. Seats, tables and general admission
//! alike.

use serde::{Deserialize, Serialize};

use super::bitset::BitSet;
use super::chart::{Block, PlaceIx};
use super::ids::{HoldId, TicketId};

/// Who has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PlaceState {
    /// Nobody.
    Free,
    /// A hold.
    Held(HoldId),
    /// A ticket.
    Sold(TicketId),
    /// Nobody, and nobody can: an operator took it off sale.
    Blocked,
}

/// How many places are in each state; the rest of the capacity is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Nobody has them.
    pub free: usize,
    /// In holds.
    pub held: usize,
    /// In tickets.
    pub sold: usize,
}

/// The state of every place of a chart.
#[derive(Debug, Clone)]
pub struct Inventory {
    states: Vec<PlaceState>,
    free: BitSet,
    counts: Counts,
    blocked: usize,
}

impl Inventory {
    /// Every place free.
    pub fn new(capacity: usize) -> Self {
        Self::from_states(vec![PlaceState::Free; capacity])
    }

    /// With given states, by place.
    pub fn from_states(states: Vec<PlaceState>) -> Self {
        let mut this = Self {
            free: BitSet::new(states.len()),
            counts: Counts::default(),
            blocked: 0,
            states: Vec::new(),
        };
        for (index, state) in states.iter().enumerate() {
            *this.count(*state) += 1;
            if *state == PlaceState::Free {
                this.free.insert(index);
            }
        }
        this.states = states;
        this
    }

    /// The state of every place, by place.
    pub fn states(&self) -> &[PlaceState] {
        &self.states
    }

    /// The state of one place.
    ///
    /// # Panics
    /// If the place is not one of the chart's.
    pub fn state(&self, place: PlaceIx) -> PlaceState {
        self.states[place.index()]
    }

    /// The free places as a set.
    pub fn free(&self) -> &BitSet {
        &self.free
    }

    /// How many places are in each state but blocked.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many places are blocked.
    pub fn blocked(&self) -> usize {
        self.blocked
    }

    /// The lowest `quantity` free places of a block; fewer if there are not as many.
    pub fn lowest_free(&self, block: &Block, quantity: usize) -> Vec<PlaceIx> {
        let range = block.range();
        self.free
            .iter(range.start as usize..range.end as usize)
            .take(quantity)
            .filter_map(|index| u32::try_from(index).ok().map(PlaceIx))
            .collect()
    }

    /// The lowest `quantity` blocked places of a block; fewer if there are not as many.
    pub fn lowest_blocked(&self, block: &Block, quantity: usize) -> Vec<PlaceIx> {
        let blocked = |place: &PlaceIx| self.state(*place) == PlaceState::Blocked;
        block.places().filter(blocked).take(quantity).collect()
    }

    /// Moves a place to another state.
    ///
    /// # Panics
    /// If the place is not in the state that it is said to leave: a seat would have two owners.
    pub fn set(&mut self, place: PlaceIx, from: PlaceState, to: PlaceState) {
        let state = &mut self.states[place.index()];
        assert_eq!(*state, from, "{place:?} is not what the record says");
        *state = to;
        *self.count(from) -= 1;
        *self.count(to) += 1;
        if to == PlaceState::Free {
            self.free.insert(place.index());
        } else {
            self.free.remove(place.index());
        }
    }

    fn count(&mut self, state: PlaceState) -> &mut usize {
        match state {
            PlaceState::Free => &mut self.counts.free,
            PlaceState::Held(_) => &mut self.counts.held,
            PlaceState::Sold(_) => &mut self.counts.sold,
            PlaceState::Blocked => &mut self.blocked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_counted_once_in_every_state() {
        let mut inventory = Inventory::new(10);
        let (hold, ticket) = (HoldId::new(1), TicketId::new(1));
        inventory.set(PlaceIx(3), PlaceState::Free, PlaceState::Held(hold));
        inventory.set(PlaceIx(4), PlaceState::Free, PlaceState::Held(hold));
        inventory.set(PlaceIx(4), PlaceState::Held(hold), PlaceState::Sold(ticket));
        inventory.set(PlaceIx(6), PlaceState::Free, PlaceState::Blocked);
        assert_eq!(inventory.counts(), Counts { free: 7, held: 1, sold: 1 });
        assert_eq!(inventory.blocked(), 1);
        let free = |place| inventory.free().contains(place);
        assert_eq!([3, 5, 6].map(free), [false, true, false]);
    }

    #[test]
    #[should_panic(expected = "not what the record says")]
    fn a_place_cannot_be_taken_from_somebody_else() {
        let mut inventory = Inventory::new(1);
        let held = |id| PlaceState::Held(HoldId::new(id));
        inventory.set(PlaceIx(0), PlaceState::Free, held(1));
        inventory.set(PlaceIx(0), held(2), PlaceState::Free);
    }
}
