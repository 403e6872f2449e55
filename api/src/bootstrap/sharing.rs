//! How this node shares events with others, or that there are none.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tiketi_engine::cluster::{ClusterConfig, ClusterPorts};
use tiketi_engine::engine::Engine;
use tiketi_engine::feed::LocalBus;
use tiketi_engine::ports::{Bus, Clock, Member, NodeId, TraceNotes};
use tiketi_engine::trace::LocalNotes;
use tiketi_persistence::{Redis, RedisBus, RedisConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Store;
use crate::clock::{ClockMetrics, SystemClock};
use crate::config::Config;
use crate::ops::Desk;
use crate::peers::{self, HttpPeers, NodeKeys};
use crate::server::{Protocol, bind, serve};
use crate::task::Tasks;

/// How often this node's clock is compared with the cluster's.
const CLOCK_EVERY: Duration = Duration::from_secs(10);
/// By how many milliseconds it may be off before somebody should hear of it.
const CLOCK_OFF_MS: u64 = 500;
/// A time that took longer to ask for says too little.
const CLOCK_WITHIN: Duration = Duration::from_millis(200);
/// Connections from other nodes; each has one.
const NODES_MAX: usize = 1_024;

/// What is there before the engine.
pub(super) struct Sharing {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) ports: ClusterPorts,
    pub(super) me: Member,
    pub(super) config: ClusterConfig,
    pub(super) trace_notes: Arc<dyn TraceNotes>,
    /// How to ask another node about itself.
    pub(super) nodes: Option<Arc<HttpPeers>>,
    listening: Option<(TcpListener, NodeKeys)>,
}

impl Sharing {
    /// Of a node without others.
    pub(super) fn alone(node: NodeId, config: &Config) -> Self {
        let me =
            Member { id: node, address: String::new(), roles: config.roles(), draining: false };
        Self {
            bus: Arc::new(LocalBus::default()),
            ports: ClusterPorts::alone(),
            me,
            config: ClusterConfig::alone(),
            trace_notes: Arc::new(LocalNotes::default()),
            nodes: None,
            listening: None,
        }
    }

    /// Of a node of a cluster.
    pub(super) async fn with_others(
        node: NodeId,
        config: &Config,
        clock: Arc<dyn Clock>,
        tasks: &Tasks,
    ) -> anyhow::Result<Self> {
        let settings = &config.cluster;
        let keys = NodeKeys::load(&config.keys())?;
        let urls = settings.redis_urls();
        let redis = Redis::connect(&RedisConfig { urls, prefix: settings.prefix.clone() })
            .await
            .context("set cluster.redis_url to a Redis that can be reached")?;
        let (bus, publishing, incoming) = RedisBus::new(&redis);
        tasks.spawn("publishing", until_stopped(tasks.stopping().clone(), publishing));
        tasks.spawn("incoming", until_stopped(tasks.stopping().clone(), incoming));
        let redis = Arc::new(redis);
        let listener = bind(settings.node_listen, "--node-listen").await?;
        let address = match settings.node_address.as_str() {
            "" => listener.local_addr()?.to_string(),
            address => address.to_owned(),
        };
        let me = Member { id: node, address, roles: config.roles(), draining: false };
        let peers = Arc::new(HttpPeers::new(keys.clone(), clock, settings.lease_ttl())?);
        Ok(Self {
            bus: Arc::new(bus),
            ports: ClusterPorts {
                leases: Arc::clone(&redis) as _,
                members: Arc::clone(&redis) as _,
                peers: Arc::clone(&peers) as _,
            },
            me,
            trace_notes: redis,
            config: ClusterConfig { ttl: settings.lease_ttl(), ..ClusterConfig::default() },
            nodes: Some(peers),
            listening: Some((listener, keys)),
        })
    }
}

/// Begins to answer other nodes.
pub(super) fn answer_others(
    listening: Option<(TcpListener, NodeKeys)>,
    engine: &Engine,
    desk: Arc<Desk>,
    clock: Arc<dyn Clock>,
    tasks: &Tasks,
) {
    let Some((listener, keys)) = listening else { return };
    let router = peers::router(engine.clone(), keys, clock, desk);
    tasks.spawn("node", serve(listener, Protocol::Http2, router, tasks.clone(), NODES_MAX));
}

impl Sharing {
    pub(super) fn take_listener(&mut self) -> Option<(TcpListener, NodeKeys)> {
        self.listening.take()
    }
}

pub(super) async fn until_stopped(stopping: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = stopping.cancelled() => {}
        () = work => {}
    }
}

/// The clock that this node goes by: its own, or Postgres's as it was just told.
pub(super) async fn clock(store: &Store) -> anyhow::Result<Arc<SystemClock>> {
    let asked_at = Instant::now();
    let told = store.now().await.context("the time cannot be asked for")?;
    let clock = told.map_or_else(SystemClock::start, |told| {
        SystemClock::start_at(told.after(asked_at.elapsed() / 2))
    });
    Ok(Arc::new(clock))
}

/// Keeps this node's clock close to the one that all nodes go by.
pub(super) async fn follow_clock(
    clock: Arc<SystemClock>,
    store: Store,
    metrics: ClockMetrics,
    stopping: CancellationToken,
) {
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(CLOCK_EVERY) => {}
        }
        let asked_at = Instant::now();
        let Ok(Some(told)) = store.now().await else { continue };
        let took = asked_at.elapsed();
        if took > CLOCK_WITHIN {
            continue;
        }
        let behind_ms = clock.correct(told.after(took / 2));
        metrics.found_behind_ms(behind_ms);
        if behind_ms.unsigned_abs() > CLOCK_OFF_MS {
            tracing::warn!(behind_ms, "this node's clock is off; it is corrected slowly");
        }
    }
}
