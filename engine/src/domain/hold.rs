//! A hold: places taken for one fan for a while, at the price found when they were taken.

use serde::{Deserialize, Serialize};

use super::chart::PlaceIx;
use super::ids::{FanId, HoldId};
use super::pricing::{Price, TicketTypeIx};
use super::time::Timestamp;

/// One place of a hold or an order, with what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The place.
    pub place: PlaceIx,
    /// What it is bought as.
    pub ticket_type: TicketTypeIx,
    /// What it costs, frozen.
    pub price: Price,
}

/// Places taken for one fan for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its number within the event.
    pub id: HoldId,
    /// Whose it is.
    pub fan: FanId,
    /// The places, in the order in which they were added; never empty.
    pub items: Vec<Item>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it ends unless it is paid.
    pub expires_at: Timestamp,
    /// Whether the one extension has been used.
    pub extended: bool,
    /// Whether an order was made of it; no place can be added or removed then.
    pub ordered: bool,
}

impl Hold {
    /// The places alone.
    pub fn places(&self) -> Vec<PlaceIx> {
        self.items.iter().map(|item| item.place).collect()
    }
}
