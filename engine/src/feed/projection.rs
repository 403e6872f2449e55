//! The public side of one sale, kept by its actor.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::PublicState;
use super::frame::{self, RoomFrame, marks};
use crate::domain::change::{Change, Record};
use crate::domain::chart::PlaceIx;
use crate::domain::ids::{FanId, Fence, Seq};
use crate::domain::inventory::PlaceState;
use crate::domain::sale::Sale;
use crate::domain::time::Timestamp;

/// What one tick publishes of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The owner's fence.
    pub epoch: Fence,
    /// What it follows on.
    pub before: Seq,
    /// The last record that is in it.
    pub after: Seq,
    /// The places that changed, ascending, each once.
    pub changed: Vec<(PlaceIx, PublicState)>,
    /// The delta frame over them.
    pub delta: Bytes,
    /// The room frame, if the waiting room changed.
    pub room: Option<Bytes>,
    /// Fans whose own things changed.
    pub fans: Vec<FanId>,
}

impl Publication {
    /// Whether it says no more than how far the feed is.
    pub fn is_beat(&self) -> bool {
        self.before == self.after && self.room.is_none()
    }
}

/// Public states of durable records, and what of them has not been published yet.
#[derive(Debug)]
pub struct Projection {
    epoch: Fence,
    /// Everything up to here has been taken in.
    seq: Seq,
    /// Everything up to here has been published.
    published: Seq,
    states: Vec<PublicState>,
    /// Those of the places that are not for sale whatever their price.
    blocked: BTreeSet<PlaceIx>,
    changed: BTreeSet<PlaceIx>,
    fans: BTreeMap<FanId, Seq>,
    room: Option<Bytes>,
    room_published: Bytes,
}

impl Projection {
    /// Of a sale all of whose records are durable.
    pub fn of(sale: &Sale, epoch: Fence, now: Timestamp) -> Self {
        let states = sale
            .inventory()
            .states()
            .iter()
            .zip(0..)
            .map(|(state, index)| public(sale, PlaceIx(index), *state))
            .collect();
        let places = sale.inventory().states().iter().zip(0..);
        let blocked = places.filter(|(state, _)| **state == PlaceState::Blocked);
        Self {
            epoch,
            seq: sale.seq(),
            published: sale.seq(),
            states,
            blocked: blocked.map(|(_, index)| PlaceIx(index)).collect(),
            changed: BTreeSet::new(),
            fans: BTreeMap::new(),
            room: None,
            room_published: room_frame(sale, epoch, now),
        }
    }

    /// Takes in records that have just become durable; `sale` may be further on already.
    pub fn take_in(&mut self, sale: &Sale, records: &[Record]) {
        for record in records {
            self.seq = record.seq;
            for fan in record.change.fans() {
                self.fans.insert(*fan, record.seq);
            }
            self.take_in_places(sale, &record.change);
        }
    }

    fn take_in_places(&mut self, sale: &Sale, change: &Change) {
        match change {
            Change::HoldPlaced { items, .. } => {
                for item in items {
                    self.set(item.place, PublicState::Held);
                }
            }
            Change::HoldChanged { added, removed, .. } => {
                self.free(sale, removed);
                for item in added {
                    self.set(item.place, PublicState::Held);
                }
            }
            Change::HoldReleased { places, .. }
            | Change::HoldExpired { places, .. }
            | Change::OrderCancelled { places, .. } => self.free(sale, places),
            Change::OrderReturned { .. } => self.free(sale, &change.places()),
            Change::OrderPaid { items, .. } => {
                for item in items {
                    self.set(item.place, PublicState::Sold);
                }
            }
            Change::TermsChanged { .. } => self.reprice(sale),
            Change::PlacesBlocked { places } => {
                self.blocked.extend(places);
                for place in places {
                    self.set(*place, PublicState::NotForSale);
                }
            }
            Change::PlacesFreed { places } => {
                for place in places {
                    self.blocked.remove(place);
                }
                self.free(sale, places);
            }
            Change::SaleOpened { .. }
            | Change::StatusChanged { .. }
            | Change::Joined { .. }
            | Change::Left { .. }
            | Change::Called { .. }
            | Change::Claimed { .. }
            | Change::ClaimLapsed { .. }
            | Change::SessionEnded { .. }
            | Change::HoldExtended { .. }
            | Change::OrderPlaced { .. }
            | Change::PaymentStarted { .. }
            | Change::PaymentDeclined { .. }
            | Change::PaymentStranded { .. }
            | Change::PaymentRefunded { .. }
            | Change::TicketRedeemed { .. }
            | Change::Answered { .. }
            | Change::RateChanged { .. }
            | Change::NoticeChanged { .. } => {}
        }
    }

    fn free(&mut self, sale: &Sale, places: &[PlaceIx]) {
        for place in places {
            let state = public(sale, *place, PlaceState::Free);
            self.set(*place, state);
        }
    }

    fn reprice(&mut self, sale: &Sale) {
        for index in 0..self.states.len() {
            let place = PlaceIx(u32::try_from(index).unwrap_or(u32::MAX));
            if self.blocked.contains(&place) {
                continue;
            }
            match self.states[index] {
                PublicState::Free | PublicState::NotForSale => {
                    self.set(place, public(sale, place, PlaceState::Free));
                }
                PublicState::Held | PublicState::Sold => {}
            }
        }
    }

    fn set(&mut self, place: PlaceIx, state: PublicState) {
        if std::mem::replace(&mut self.states[place.index()], state) != state {
            self.changed.insert(place);
        }
    }

    /// Takes in the room frame of a state all of which has just become durable.
    pub fn take_in_room(&mut self, room: Bytes) {
        self.room = Some(room);
    }

    /// What has changed since the last call; `None` if nothing has.
    pub fn publish(&mut self) -> Option<Publication> {
        if self.seq == self.published && self.room.is_none() {
            return None;
        }
        let changed: Vec<_> = std::mem::take(&mut self.changed)
            .into_iter()
            .map(|place| (place, self.states[place.index()]))
            .collect();
        let before = std::mem::replace(&mut self.published, self.seq);
        if let Some(room) = &self.room {
            self.room_published = room.clone();
        }
        Some(Publication {
            epoch: self.epoch,
            before,
            after: self.seq,
            delta: frame::delta(self.epoch, before, self.seq, &changed),
            changed,
            room: self.room.take(),
            fans: std::mem::take(&mut self.fans).into_keys().collect(),
        })
    }

    /// That nothing has changed since the last call of [`Self::publish`].
    pub fn beat(&self) -> Publication {
        Publication {
            epoch: self.epoch,
            before: self.published,
            after: self.published,
            changed: Vec::new(),
            delta: Bytes::new(),
            room: None,
            fans: Vec::new(),
        }
    }

    /// The published state, to begin a [`super::Replica`] with.
    ///
    /// # Panics
    /// If something has been taken in since the last [`Self::publish`].
    pub fn start(&self) -> (Fence, Seq, Vec<PublicState>, Bytes) {
        assert_eq!(self.seq, self.published, "publish before a replica starts");
        (self.epoch, self.published, self.states.clone(), self.room_published.clone())
    }
}

/// The frame of a sale's waiting room.
pub fn room_frame(sale: &Sale, epoch: Fence, now: Timestamp) -> Bytes {
    let line = sale.room().line();
    let at_mark = |ahead| line.nth(ahead).map(|(number, _)| number);
    let frame = RoomFrame {
        epoch,
        seq: sale.seq(),
        at: now,
        status: sale.status(),
        inside: sale.room().inside(),
        waiting: line.len(),
        next_number: line.next_number(),
        marks: marks().map_while(at_mark).collect(),
        per_minute: sale.rate(),
        notice: sale.notice().cloned(),
    };
    frame.encode()
}

fn public(sale: &Sale, place: PlaceIx, state: PlaceState) -> PublicState {
    match state {
        PlaceState::Held(_) => PublicState::Held,
        PlaceState::Sold(_) => PublicState::Sold,
        PlaceState::Free if sale.sells(place) => PublicState::Free,
        PlaceState::Free | PlaceState::Blocked => PublicState::NotForSale,
    }
}
