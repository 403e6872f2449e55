//! Keeps the leases of this node alive, and knows when one may have ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::watch;

use crate::domain::time::Timestamp;
use crate::ports::{Acquired, Clock, Lease, LeaseError, Leases, NodeId, Resource};

/// Leases renewed at the same time.
const RENEWALS_MAX: usize = 256;

/// What has become of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Valid,
    /// It may be another's by now.
    Ended,
    /// It was given back, as far as that could be told.
    Released,
}

/// A lease that this node has, or had.
#[derive(Debug)]
pub(crate) struct Held {
    lease: Lease,
    /// Milliseconds since the epoch, as the [`Clock`] counts them.
    valid_until: AtomicI64,
    stage: watch::Sender<Stage>,
}

impl Held {
    fn new(lease: Lease, valid_until: Timestamp) -> Self {
        let stage = watch::Sender::new(Stage::Valid);
        Self { lease, valid_until: AtomicI64::new(valid_until.as_millis()), stage }
    }

    /// Whether nobody else can have the lease.
    pub(crate) fn is_valid(&self, now: Timestamp) -> bool {
        let until = self.valid_until.load(Ordering::Acquire);
        now.as_millis() < until && *self.stage.borrow() == Stage::Valid
    }

    /// How long nobody else can have the lease.
    pub(crate) fn left(&self, now: Timestamp) -> Duration {
        let until = Timestamp::from_millis(self.valid_until.load(Ordering::Acquire));
        if self.is_valid(now) { until.since(now) } else { Duration::ZERO }
    }

    /// Waits until the lease may have ended.
    pub(crate) async fn ended(&self) {
        self.reached(Stage::Ended).await;
    }

    /// Waits until the lease was given back.
    pub(crate) async fn released(&self) {
        self.reached(Stage::Released).await;
    }

    async fn reached(&self, stage: Stage) {
        // The sender is in `self`, so that it cannot be gone.
        drop(self.stage.subscribe().wait_for(|now| *now >= stage).await);
    }

    fn move_to(&self, stage: Stage) {
        self.stage.send_if_modified(|now| {
            let later = *now < stage;
            *now = (*now).max(stage);
            later
        });
    }
}

/// What came of asking for a lease.
#[derive(Debug)]
pub(crate) enum Taking {
    /// It is kept alive from now on.
    Held(Arc<Held>),
    /// Another node has it.
    Elsewhere { by: NodeId, remaining: Duration },
}

/// See the module.
pub(crate) struct Keeper {
    leases: Arc<dyn Leases>,
    clock: Arc<dyn Clock>,
    node: NodeId,
    ttl: Duration,
    held: DashMap<Resource, Arc<Held>>,
}

impl Keeper {
    pub(crate) fn new(
        leases: Arc<dyn Leases>,
        clock: Arc<dyn Clock>,
        node: NodeId,
        ttl: Duration,
    ) -> Self {
        Self { leases, clock, node, ttl, held: DashMap::new() }
    }

    /// Asks for a lease, and keeps it if it was given.
    pub(crate) async fn take(&self, resource: Resource) -> Result<Taking, LeaseError> {
        let asked_at = self.clock.now();
        match self.leases.acquire(resource, self.node, self.ttl).await? {
            Acquired::Taken(lease) => {
                let held = Arc::new(Held::new(lease, self.valid_until(asked_at)));
                if let Some(older) = self.held.insert(resource, Arc::clone(&held)) {
                    older.move_to(Stage::Ended);
                }
                Ok(Taking::Held(held))
            }
            Acquired::Held { by, remaining } => Ok(Taking::Elsewhere { by, remaining }),
        }
    }

    /// Counted from before the lease was asked for, and a tenth early: whoever keeps the leases
    /// may have a faster clock.
    fn valid_until(&self, asked_at: Timestamp) -> Timestamp {
        asked_at.after(self.ttl / 10 * 9)
    }

    /// Gives a lease back. If that cannot be told to whoever keeps them, it ends by itself.
    pub(crate) async fn give_back(&self, held: &Held) {
        held.move_to(Stage::Ended);
        self.held.remove_if(&held.lease.resource, |_, kept| kept.lease == held.lease);
        if let Err(error) = self.leases.release(&held.lease).await {
            tracing::debug!(resource = ?held.lease.resource, %error, "lease not given back");
        }
        held.move_to(Stage::Released);
    }

    /// Renews, for ever.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut pause = self.ttl / 3;
        loop {
            self.clock.sleep(pause).await;
            let held: Vec<_> = self.held.iter().map(|kept| Arc::clone(kept.value())).collect();
            let renewals = held.iter().map(|held| self.renew(held));
            let all_went_well =
                stream::iter(renewals).buffer_unordered(RENEWALS_MAX).all(async |ok| ok).await;
            pause = if all_went_well { self.ttl / 3 } else { self.ttl / 12 };
        }
    }

    /// False if whether it was renewed is unknown.
    async fn renew(&self, held: &Held) -> bool {
        let asked_at = self.clock.now();
        let renewed = self.leases.renew(&held.lease, self.ttl).await;
        match &renewed {
            Ok(true) => {
                let until = self.valid_until(asked_at).as_millis();
                held.valid_until.fetch_max(until, Ordering::AcqRel);
            }
            Ok(false) => tracing::warn!(resource = ?held.lease.resource, "lease lost"),
            Err(error) => tracing::warn!(resource = ?held.lease.resource, %error, "not renewed"),
        }
        if renewed == Ok(false) || !held.is_valid(self.clock.now()) {
            held.move_to(Stage::Ended);
            self.held.remove_if(&held.lease.resource, |_, kept| kept.lease == held.lease);
        }
        renewed.is_ok()
    }
}
