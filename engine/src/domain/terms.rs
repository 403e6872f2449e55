//! The terms of one event's sale: when, how much per fan, how long a hold lasts, at what price.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::chart::ChartHash;
use super::pricing::PriceTable;
use super::time::Timestamp;

/// What an event sells and under which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The layout; fixed for the life of the sale.
    pub chart: ChartHash,
    /// What places cost; its currency is fixed for the life of the sale.
    pub prices: PriceTable,
    /// Everything else.
    pub rules: Rules,
}

impl Terms {
    /// As bytes, for a row.
    ///
    /// # Panics
    /// Never: terms have nothing that cannot be encoded.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("terms can be encoded")
    }

    /// From the bytes of [`Self::encode`]; `None` if they are damaged.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The rules that the engine judges every command by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// From when on fans may stand in line; not after `opens_at`.
    pub lobby_opens_at: Timestamp,
    /// From when on fans are admitted and places held.
    pub opens_at: Timestamp,
    /// From when on nobody joins and nothing more is held.
    pub closes_at: Timestamp,
    /// Places in one hold: 1 to 500.
    pub places_per_hold_max: u32,
    /// Places that one fan holds and has bought, together: at least `places_per_hold_max`.
    pub places_per_fan_max: u32,
    /// How long a hold lasts.
    pub hold_ttl: Duration,
    /// By how much a fan can extend a hold, once; zero if not at all.
    pub hold_extension: Duration,
    /// Fans called or admitted at one time.
    pub admitted_max: u32,
    /// How long a called fan has to claim the turn.
    pub claim_ttl: Duration,
    /// How long an admitted fan may hold places.
    pub session_ttl: Duration,
    /// Until when a fan may return tickets for a refund.
    pub refunds_until: Timestamp,
}

/// Why rules are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// The times are not in order.
    #[error("lobby_opens_at, opens_at and closes_at must be in this order")]
    Window,
    /// A limit is out of bounds.
    #[error("places_per_hold_max must be 1 to 500 and not above places_per_fan_max")]
    Limits,
    /// A duration is out of bounds.
    #[error("hold_ttl, claim_ttl and session_ttl must be 1 second to 24 hours")]
    Durations,
    /// Nobody could ever be admitted.
    #[error("admitted_max must be at least 1")]
    Admission,
}

impl Rules {
    /// Whether the rules make sense together.
    ///
    /// # Errors
    /// The first of the [`Self::faults`].
    pub fn check(&self) -> Result<(), RuleFault> {
        self.faults().next().map_or(Ok(()), Err)
    }

    /// Everything that does not make sense.
    pub fn faults(&self) -> impl Iterator<Item = RuleFault> + use<> {
        let window = self.lobby_opens_at <= self.opens_at && self.opens_at < self.closes_at;
        let limits = (1..=500).contains(&self.places_per_hold_max)
            && self.places_per_fan_max >= self.places_per_hold_max;
        let lawful = Duration::from_secs(1)..=Duration::from_hours(24);
        let durations =
            [self.hold_ttl, self.claim_ttl, self.session_ttl].iter().all(|d| lawful.contains(d))
                && self.hold_extension <= Duration::from_hours(24);
        let all = [
            (window, RuleFault::Window),
            (limits, RuleFault::Limits),
            (durations, RuleFault::Durations),
            (self.admitted_max > 0, RuleFault::Admission),
        ];
        all.into_iter().filter(|(sound, _)| !sound).map(|(_, fault)| fault)
    }
}

/// Whether the sale runs, as operators set it; the window is judged beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SaleStatus {
    /// On sale within its window.
    Open,
    /// Nobody is admitted and nothing more is held for now; what is held can be paid.
    Paused,
    /// Over, for good; what is held can be paid.
    Closed,
}

impl SaleStatus {
    /// Whether operators may move it there: from open to paused and back, and from both to closed.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Open, Self::Paused | Self::Closed)
            | (Self::Paused, Self::Open | Self::Closed) => true,
            (Self::Open, Self::Open)
            | (Self::Paused, Self::Paused)
            | (Self::Closed, Self::Open | Self::Paused | Self::Closed) => false,
        }
    }

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Closed => "closed",
        }
    }
}
