//! From one node to the node that owns an event.

use std::time::Duration;

use async_trait::async_trait;

use super::Member;
use crate::errand::{Call, Missed, Told};

/// Asks other nodes.
#[async_trait]
pub trait Peers: Send + Sync + 'static {
    /// Has a node run an errand.
    ///
    /// # Errors
    /// [`PeerError`].
    async fn call(&self, to: &Member, call: &Call, within: Duration) -> Result<Told, PeerError>;
}

/// Why a node gave no answer to an errand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// It said why.
    #[error(transparent)]
    Missed(#[from] Missed),
    /// It was not reached: the errand was not run.
    #[error("the node cannot be reached: {0}")]
    Unreached(String),
    /// Its answer was lost, or did not come in time: whether the errand was run is unknown.
    #[error("the node's answer was lost: {0}")]
    Lost(String),
}
