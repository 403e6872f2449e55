//! Who owns which event, on one node or many.
//!
//! A [`Keeper`] keeps the leases of this node alive and knows to the moment when one may have
//! ended. [`Membership`] knows which nodes live; [`placement`] says which of them should own an
//! event. The [`Router`] brings a request to the owner, wherever that is, and the [`balance`] loop
//! hands events over when nodes come and go. None of this makes a write safe: the fence does.

mod alone;
pub(crate) mod balance;
mod keeper;
mod leader;
mod membership;
pub mod placement;
mod router;

pub use alone::{Alone, LocalLeases};
pub(crate) use keeper::{Held, Keeper, Taking};
pub(crate) use leader::lead;
pub(crate) use membership::Membership;
pub(crate) use router::Router;

use std::sync::Arc;
use std::time::Duration;

use crate::ports::{Leases, Members, Peers};

/// What a node needs to share events with others.
#[derive(Clone)]
pub struct ClusterPorts {
    /// Who should own what.
    pub leases: Arc<dyn Leases>,
    /// Who lives.
    pub members: Arc<dyn Members>,
    /// How to ask another.
    pub peers: Arc<dyn Peers>,
}

impl ClusterPorts {
    /// Of a node that has no others.
    pub fn alone() -> Self {
        Self {
            leases: Arc::new(LocalLeases::default()),
            members: Arc::new(Alone),
            peers: Arc::new(Alone),
        }
    }
}

/// Bounds of sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClusterConfig {
    /// How long a lease lasts, and a node is believed to live, without word from it.
    pub ttl: Duration,
    /// Errands of this node that other nodes are running; one more is refused.
    pub remote_max: usize,
    /// How long another node may take for an errand.
    pub call_within: Duration,
}

impl ClusterConfig {
    /// Of a node without others: nobody can take its events, so that its leases need no end.
    pub fn alone() -> Self {
        Self { ttl: Duration::from_hours(24 * 365), ..Self::default() }
    }
}

impl Default for ClusterConfig {
    fn default() -> Self {
        Self {
            ttl: Duration::from_secs(3),
            remote_max: 16_384,
            call_within: Duration::from_secs(8),
        }
    }
}
