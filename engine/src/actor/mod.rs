//! The async shell around a sale: one actor for each event that somebody asks for.
//!
//! Commands in, decisions in memory, one durable batch at a time, then replies and publications.
//! actix lives in this module and nowhere else. Read [`event_actor`] first.

mod appending;
mod batch;
mod event_actor;
mod metrics;
mod recovery;
mod registry;
mod spans;
mod vitals;

pub use metrics::{EngineMetrics, Rejections, Unowned, Violations};
pub(crate) use registry::Registry;
pub use vitals::ActorReading;

use std::sync::Arc;
use std::time::Duration;

use crate::ports::{Bus, Catalog, Clock, Journal};

/// What actors need from outside.
#[derive(Clone)]
pub struct ActorPorts {
    /// Where records go.
    pub journal: Arc<dyn Journal>,
    /// Where charts come from.
    pub catalog: Arc<dyn Catalog>,
    /// Where publications go.
    pub bus: Arc<dyn Bus>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Bounds of the actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineConfig {
    /// Threads that actors live on: at least 1.
    pub arbiters: usize,
    /// Commands of one event that are waiting or in flight; one more is refused.
    pub commands_per_event_max: usize,
    /// How often what has changed is published.
    pub tick: Duration,
    /// Records after which a snapshot is saved.
    pub snapshot_every: u64,
    /// How long an actor that nobody asks anything stays in memory.
    pub passivate_after: Duration,
    /// How long a command may wait for its answer.
    pub answer_within: Duration,
    /// How long an append in doubt is tried to be settled.
    pub settle_within: Duration,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            arbiters: 2,
            commands_per_event_max: 4_096,
            tick: Duration::from_millis(100),
            // While a snapshot is made everybody waits, tens of milliseconds in a full arena; so many
            // records are replayed in less than a quarter of a second.
            snapshot_every: 500_000,
            passivate_after: Duration::from_mins(5),
            answer_within: Duration::from_secs(10),
            settle_within: Duration::from_secs(8),
        }
    }
}
