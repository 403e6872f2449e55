//! From the owner of an event to every node that has sockets of it.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::broadcast;

use crate::domain::ids::EventId;
use crate::feed::Publication;

/// Carries publications, in order, to whoever subscribed. It may lose some: the receiver can tell.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Hands a publication on; never waits.
    fn publish(&self, event: EventId, publication: Arc<Publication>);

    /// Everything published from when this returns.
    async fn subscribe(&self, event: EventId) -> Subscription;
}

/// The receiver of one event's publications.
#[derive(Debug)]
pub struct Subscription {
    receiver: broadcast::Receiver<Arc<Publication>>,
}

/// Publications were lost, or the bus is gone: begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("publications were lost")]
pub struct Lagged;

impl Subscription {
    /// Over a channel.
    pub fn new(receiver: broadcast::Receiver<Arc<Publication>>) -> Self {
        Self { receiver }
    }

    /// The next publication.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Lagged`] if some were lost.
    pub async fn next(&mut self) -> Result<Arc<Publication>, Lagged> {
        self.receiver.recv().await.map_err(|_| Lagged)
    }
}
