//! Which nodes live, and where they can be reached.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A process that takes part, drawn at random when it starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node#{self}")
    }
}

/// A node as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub id: NodeId,
    /// Host and port where other nodes reach it.
    pub address: String,
    /// What it does.
    pub roles: Roles,
    /// It is about to leave: it takes nothing more over.
    pub draining: bool,
}

/// What a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// It serves fans.
    pub gateway: bool,
    /// It owns events.
    pub engine: bool,
    /// It relays, counts and settles.
    pub worker: bool,
}

impl Roles {
    /// Everything.
    pub const ALL: Self = Self { gateway: true, engine: true, worker: true };
}

/// The list cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the list of nodes is unavailable: {0}")]
pub struct MembersError(pub String);

/// Knows which nodes live.
#[async_trait]
pub trait Members: Send + Sync + 'static {
    /// Says that a node lives, which is believed for `ttl`, and hears which nodes do, itself
    /// among them, in the order of their ids.
    ///
    /// # Errors
    /// [`MembersError`].
    async fn beat(&self, node: &Member, ttl: Duration) -> Result<Vec<Member>, MembersError>;

    /// Says that a node is gone.
    ///
    /// # Errors
    /// [`MembersError`].
    async fn leave(&self, node: NodeId) -> Result<(), MembersError>;
}
