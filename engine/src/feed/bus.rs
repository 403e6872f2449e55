//! The bus within one process.

use std::sync::Arc;

use async_trait::async_trait;
use dashmap::DashMap;
use tokio::sync::broadcast;

use super::Publication;
use crate::domain::ids::EventId;
use crate::ports::{Bus, Subscription};

/// Publications kept for a slow subscriber; beyond that it has lagged and begins anew.
const PUBLICATIONS_MAX: usize = 64;

/// One bounded channel for each event that somebody watches.
#[derive(Debug, Default)]
pub struct LocalBus {
    channels: DashMap<EventId, broadcast::Sender<Arc<Publication>>>,
}

#[async_trait]
impl Bus for LocalBus {
    fn publish(&self, event: EventId, publication: Arc<Publication>) {
        let unheard = match self.channels.get(&event) {
            None => return,
            Some(channel) => channel.send(publication).is_err(),
        };
        if unheard {
            self.channels.remove_if(&event, |_, channel| channel.receiver_count() == 0);
        }
    }

    async fn subscribe(&self, event: EventId) -> Subscription {
        let channel = self.channels.entry(event);
        let channel = channel.or_insert_with(|| broadcast::channel(PUBLICATIONS_MAX).0);
        Subscription::new(channel.subscribe())
    }
}
