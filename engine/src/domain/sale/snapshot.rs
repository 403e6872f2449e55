//! The state as bytes, and back. What follows from the rest is worked out again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answers::Answers;
use super::{Basket, Deadline, Sale, count_for_sale};
use crate::domain::chart::Chart;
use crate::domain::hold::Hold;
use crate::domain::ids::{EventId, FanId, HoldId, OrderId, Seq};
use crate::domain::inventory::{Inventory, PlaceState};
use crate::domain::order::Order;
use crate::domain::seating::Seating;
use crate::domain::terms::{SaleStatus, Terms};
use crate::domain::ticket::Ticket;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::{Standing, WaitingRoom};

/// The layout of [`Kept`]; another one is refused, and the journal replayed instead.
const VERSION: u8 = 1;

/// What a snapshot keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    event: EventId,
    seq: Seq,
    at: Timestamp,
    terms: Terms,
    status: SaleStatus,
    states: Vec<PlaceState>,
    room: WaitingRoom,
    baskets: IndexMap<FanId, Basket, FxBuildHasher>,
    holds: BTreeMap<HoldId, Hold>,
    orders: BTreeMap<OrderId, Order>,
    tickets: Vec<Ticket>,
    answers: Answers,
}

/// Why bytes are not a snapshot of this sale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// They were written by another release.
    #[error("the snapshot has another version")]
    Version,
    /// They are damaged.
    #[error("the snapshot is damaged")]
    Corrupt,
    /// They are of another event or chart.
    #[error("the snapshot is of another sale")]
    Foreign,
}

impl Sale {
    /// The state as bytes.
    ///
    /// # Panics
    /// Never: a state has nothing that cannot be encoded.
    pub fn snapshot(&self) -> Vec<u8> {
        let kept = Kept {
            event: self.event,
            seq: self.seq,
            at: self.at,
            terms: self.terms.clone(),
            status: self.status,
            states: self.inventory.states().to_vec(),
            room: self.room.clone(),
            baskets: self.baskets.clone(),
            holds: self.holds.clone(),
            orders: self.orders.clone(),
            tickets: self.tickets.clone(),
            answers: self.answers.clone(),
        };
        postcard::to_extend(&kept, vec![VERSION]).expect("a state can be encoded")
    }

    /// The state from the bytes of [`Self::snapshot`].
    ///
    /// # Errors
    /// [`SnapshotError`] if they cannot be those of this event and chart.
    pub fn restore(event: EventId, chart: Arc<Chart>, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let Some((&VERSION, body)) = bytes.split_first() else {
            return Err(SnapshotError::Version);
        };
        let kept: Kept = postcard::from_bytes(body).map_err(|_| SnapshotError::Corrupt)?;
        let foreign = kept.event != event || kept.terms.chart != chart.hash();
        if foreign || kept.states.len() != chart.capacity() {
            return Err(SnapshotError::Foreign);
        }
        let inventory = Inventory::from_states(kept.states);
        Ok(Self {
            event,
            seating: Arc::new(Seating::of(&chart)),
            deadlines: deadlines_of(&kept.holds, &kept.room),
            offered: count_for_sale(&chart, &kept.terms, &inventory),
            chart,
            seq: kept.seq,
            at: kept.at,
            terms: kept.terms,
            status: kept.status,
            inventory,
            room: kept.room,
            baskets: kept.baskets,
            holds: kept.holds,
            orders: kept.orders,
            tickets: kept.tickets,
            answers: kept.answers,
        })
    }

    /// SHA-256 over the snapshot: two sales with one hash are in the same state.
    pub fn state_hash(&self) -> [u8; 32] {
        Sha256::digest(self.snapshot()).into()
    }
}

fn deadlines_of(
    holds: &BTreeMap<HoldId, Hold>,
    room: &WaitingRoom,
) -> BTreeSet<(Timestamp, Deadline)> {
    let of_holds = holds.values().map(|hold| (hold.expires_at, Deadline::Hold(hold.id)));
    let of_room = room.standings().filter_map(|(fan, standing)| match standing {
        Standing::Waiting { .. } => None,
        Standing::Called { claim_by } => Some((claim_by, Deadline::Claim(fan))),
        Standing::Admitted { until, .. } => Some((until, Deadline::Session(fan))),
    });
    of_holds.chain(of_room).collect()
}
