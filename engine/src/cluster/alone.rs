//! A node without others: leases within the process, nobody to ask.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rustc_hash::FxHashMap;
use tokio::time::Instant;

use crate::errand::{Call, Told};
use crate::ports::{
    Acquired, Lease, LeaseError, Leases, Member, Members, MembersError, NodeId, PeerError, Peers,
    Resource,
};

/// Leases within one process.
#[derive(Debug, Default)]
pub struct LocalLeases {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    leases: FxHashMap<Resource, (Lease, Instant)>,
    tokens: u64,
}

impl LocalLeases {
    fn with<T>(&self, then: impl FnOnce(&mut Inner) -> T) -> T {
        then(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Leases for LocalLeases {
    async fn acquire(
        &self,
        resource: Resource,
        holder: NodeId,
        ttl: Duration,
    ) -> Result<Acquired, LeaseError> {
        let now = Instant::now();
        Ok(self.with(|inner| {
            if let Some((lease, until)) = inner.leases.get(&resource)
                && lease.holder != holder
                && now < *until
            {
                return Acquired::Held { by: lease.holder, remaining: *until - now };
            }
            inner.tokens += 1;
            let lease = Lease { resource, holder, token: inner.tokens };
            inner.leases.insert(resource, (lease, now + ttl));
            Acquired::Taken(lease)
        }))
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<bool, LeaseError> {
        let now = Instant::now();
        Ok(self.with(|inner| match inner.leases.get_mut(&lease.resource) {
            Some((held, until)) if held == lease && now < *until => {
                *until = now + ttl;
                true
            }
            _ => false,
        }))
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.with(|inner| {
            if inner.leases.get(&lease.resource).is_some_and(|(held, _)| held == lease) {
                inner.leases.remove(&lease.resource);
            }
        });
        Ok(())
    }
}

/// The only node there is.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

#[async_trait]
impl Members for Alone {
    async fn beat(&self, node: &Member, _: Duration) -> Result<Vec<Member>, MembersError> {
        Ok(vec![node.clone()])
    }

    async fn leave(&self, _: NodeId) -> Result<(), MembersError> {
        Ok(())
    }
}

#[async_trait]
impl Peers for Alone {
    async fn call(&self, _: &Member, _: &Call, _: Duration) -> Result<Told, PeerError> {
        Err(PeerError::Unreached("there is no other node".to_owned()))
    }
}
