//! The waiting room: first come, first served, with a bound on how many are inside.
//!
//! A fan is in at most one of three standings: waiting with a number, called and expected to claim
//! the turn, or admitted. This module keeps who stands where; when fans may join, are called and
//! must go is decided in [`super::sale`]. Another way of ordering the line (a lottery) replaces
//! how numbers are given out, and nothing else.

mod line;
mod notice;
mod rate;

pub use line::Line;
pub use notice::Notice;
pub use rate::Rate;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::ids::{FanId, Seq};
use super::time::Timestamp;

/// A place in line: numbers grow in the order of joining and are never given twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct QueueNumber(pub u64);

/// Where a fan stands in the waiting room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// In line.
    Waiting {
        /// The place.
        number: QueueNumber,
    },
    /// It is the fan's turn.
    Called {
        /// After this the turn is gone.
        claim_by: Timestamp,
    },
    /// Inside: may hold places.
    Admitted {
        /// Proof of admission: the sequence of the record that admitted the fan.
        entry: Seq,
        /// After this the session is over.
        until: Timestamp,
    },
}

/// Who stands where.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct WaitingRoom {
    line: Line,
    standings: IndexMap<FanId, Standing, FxBuildHasher>,
    /// Fans called or admitted.
    inside: u32,
}

impl WaitingRoom {
    /// Where a fan stands, if anywhere.
    pub fn standing(&self, fan: FanId) -> Option<Standing> {
        self.standings.get(&fan).copied()
    }

    /// Every fan who stands anywhere.
    pub fn standings(&self) -> impl Iterator<Item = (FanId, Standing)> {
        self.standings.iter().map(|(fan, standing)| (*fan, *standing))
    }

    /// The line itself.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Fans called or admitted.
    pub fn inside(&self) -> u32 {
        self.inside
    }

    /// The number that the next fan to join will get.
    pub fn next_number(&self) -> QueueNumber {
        self.line.next_number()
    }

    /// Puts a fan at the end of the line.
    ///
    /// # Panics
    /// If the fan stands somewhere already, or the number is not the next one.
    pub fn join(&mut self, fan: FanId, number: QueueNumber) {
        self.line.push(fan, number);
        let before = self.standings.insert(fan, Standing::Waiting { number });
        assert!(before.is_none(), "{fan} joined twice");
    }

    /// Takes a fan from the line and expects a claim.
    ///
    /// # Panics
    /// If the fan is not waiting.
    pub fn call(&mut self, fan: FanId, claim_by: Timestamp) {
        let before = self.standings.insert(fan, Standing::Called { claim_by });
        let Some(Standing::Waiting { number }) = before else { panic!("{fan} was not waiting") };
        self.line.remove(number);
        self.inside += 1;
    }

    /// Lets a called fan in.
    ///
    /// # Panics
    /// If the fan was not called.
    pub fn admit(&mut self, fan: FanId, entry: Seq, until: Timestamp) {
        let before = self.standings.insert(fan, Standing::Admitted { entry, until });
        assert!(matches!(before, Some(Standing::Called { .. })), "{fan} was not called");
    }

    /// Takes a fan out of the waiting room, wherever the fan stands; says where that was.
    pub fn leave(&mut self, fan: FanId) -> Option<Standing> {
        let standing = self.standings.swap_remove(&fan)?;
        match standing {
            Standing::Waiting { number } => self.line.remove(number),
            Standing::Called { .. } | Standing::Admitted { .. } => self.inside -= 1,
        }
        Some(standing)
    }
}
