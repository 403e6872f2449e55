//! Who should own something now. A lease makes one node try; it never makes a write safe: that is
//! the fence's part.

use std::time::Duration;

use async_trait::async_trait;

use super::NodeId;
use crate::domain::ids::EventId;

/// What there is one owner of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The sale of an event.
    Event(EventId),
    /// The relay from the journals to the stream.
    Relay,
    /// Asking the payment company about what is open.
    Settlement,
}

/// A lease that was taken. The token tells it from every other lease of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Of what.
    pub resource: Resource,
    /// Whose.
    pub holder: NodeId,
    /// Random, new each time that a lease is taken.
    pub token: u64,
}

/// What came of trying to take a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquired {
    /// It is the caller's, for the time asked, counted from before the call.
    Taken(Lease),
    /// Another node has it.
    Held {
        /// Which.
        by: NodeId,
        /// How long it lasts unless it is renewed.
        remaining: Duration,
    },
}

/// The keeper of leases cannot be reached, or did not answer in time: the outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("leases unavailable: {0}")]
pub struct LeaseError(pub String);

/// Gives leases that end by themselves.
#[async_trait]
pub trait Leases: Send + Sync + 'static {
    /// Takes a lease that nobody has. A node that has it already, perhaps without knowing because
    /// an answer was lost, gets a new one in its place.
    ///
    /// # Errors
    /// [`LeaseError`].
    async fn acquire(
        &self,
        resource: Resource,
        holder: NodeId,
        ttl: Duration,
    ) -> Result<Acquired, LeaseError>;

    /// Makes a lease last for `ttl` from now; false if it has ended, or is another's by now.
    ///
    /// # Errors
    /// [`LeaseError`].
    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<bool, LeaseError>;

    /// Gives a lease back; one that is another's by now is left alone.
    ///
    /// # Errors
    /// [`LeaseError`].
    async fn release(&self, lease: &Lease) -> Result<(), LeaseError>;
}
