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
use crate::domain::waiting_room::{Notice, Rate, Standing, WaitingRoom};

/// The layout: [`Kept`], and [`Added`] after it.
const VERSION: u8 = 2;
/// The layout before: [`Kept`] alone. Any other is refused, and the journal replayed instead.
const VERSION_BEFORE: u8 = 1;

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

/// What a snapshot keeps since [`VERSION`]; nothing of it was there before.
#[derive(Default, Serialize, Deserialize)]
struct Added {
    rate: Option<Rate>,
    notice: Option<Notice>,
}

impl Added {
    fn of(sale: &Sale) -> Self {
        Self { rate: sale.rate.clone(), notice: sale.notice.clone() }
    }
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
        postcard::to_extend(&kept, vec![VERSION])
            .and_then(|bytes| postcard::to_extend(&Added::of(self), bytes))
            .expect("a state can be encoded")
    }

    /// The state from the bytes of [`Self::snapshot`].
    ///
    /// # Errors
    /// [`SnapshotError`] if they cannot be those of this event and chart.
    pub fn restore(event: EventId, chart: Arc<Chart>, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let Some((&version @ (VERSION | VERSION_BEFORE), body)) = bytes.split_first() else {
            return Err(SnapshotError::Version);
        };
        let damaged = |_| SnapshotError::Corrupt;
        let (kept, rest): (Kept, _) = postcard::take_from_bytes(body).map_err(damaged)?;
        let added = match version {
            VERSION_BEFORE => Added::default(),
            _ => postcard::from_bytes(rest).map_err(damaged)?,
        };
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
            rate: added.rate,
            notice: added.notice,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::history::history;

    #[test]
    fn a_snapshot_of_the_release_before_is_read() {
        let (event, mut read) = (EventId::new(3), 0);
        for seed in 0..40 {
            let history = history(event, seed, 100);
            let added = postcard::to_stdvec(&Added::of(&history.sale)).unwrap();
            if added != postcard::to_stdvec(&Added::default()).unwrap() {
                continue;
            }
            let mut bytes = history.sale.snapshot();
            bytes[0] = VERSION_BEFORE;
            bytes.truncate(bytes.len() - added.len());
            let sale = Sale::restore(event, Arc::clone(&history.chart), &bytes).unwrap();
            assert_eq!(sale.state_hash(), history.sale.state_hash());
            read += 1;
        }
        assert!(read > 5, "{read}");
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        let history = history(EventId::new(3), 1, 100);
        let restore = |bytes: &[u8]| {
            Sale::restore(EventId::new(3), Arc::clone(&history.chart), bytes).map(drop)
        };
        let mut bytes = history.sale.snapshot();
        assert_eq!(restore(&bytes[..bytes.len() - 1]), Err(SnapshotError::Corrupt));
        assert_eq!(restore(&[]), Err(SnapshotError::Version));
        bytes[0] = VERSION + 1;
        assert_eq!(restore(&bytes), Err(SnapshotError::Version));
    }
}
