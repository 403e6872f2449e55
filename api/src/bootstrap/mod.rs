//! Puts the parts together: the only place that knows which adapters there are.

mod sharing;
mod store;
mod stream;

pub(crate) use store::{Store, postgres_config};
pub(crate) use stream::dead_letters;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use prometheus::Registry;
use tiketi_engine::actor::{ActorPorts, EngineMetrics};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::{Engine, EngineParts};
use tiketi_engine::ports::{Clock, NodeId, Resource, Role, TraceNotes};
use tiketi_engine::replay::{ReplayConfig, Replays};
use tokio::net::TcpListener;

use self::sharing::{Sharing, answer_others, follow_clock, until_stopped};
use self::stream::RecordStream;
use crate::auth::cookies::Cookies;
use crate::auth::passwords::Passwords;
use crate::auth::tokens::AccessTokens;
use crate::catalog::Shelf;
use crate::config::{Config, EdgeMode, PaymentProvider, Setting};
use crate::disk;
use crate::http::{setup_link, status_router};
use crate::metrics::Metrics;
use crate::middleware::{Edge, HttpMetrics, Rates, follow_edge};
use crate::ops::{Desk, DeskParts, Feed};
use crate::payments::{PaymentMetrics, Payments, TossClient};
use crate::peers::HttpPeers;
use crate::server::{Door, Protocol, app, bind, serve};
use crate::state::{AppState, Dead, Parts};
use crate::task::Tasks;
use crate::telemetry::NotingJournal;
use crate::ticket_code::TicketCodes;
use crate::workers::{Relay, RelayPorts, StatsPorts, StatsWorker, WorkerMetrics, follow_lag};
use crate::ws::{Hub, SocketMetrics};

/// How long the engine may take to finish what it has accepted.
const ENGINE_STOP_WITHIN: Duration = Duration::from_secs(20);
/// How long events may take to be handed over to other nodes.
const DRAIN_WITHIN: Duration = Duration::from_secs(20);

/// A server that runs.
pub(crate) struct Running {
    pub(crate) state: AppState,
    pub(crate) public_url: String,
    pub(crate) metrics_address: SocketAddr,
    store: Store,
    tasks: Tasks,
}

/// A new number for an event or account: 41 bits of milliseconds since 2020, then 22 random bits,
/// so that numbers grow with time. Whoever stores it notices if it is taken.
pub(crate) fn new_id(now: Timestamp) -> u64 {
    const YEAR_2020: i64 = 1_577_836_800_000;
    let millis = u64::try_from(now.as_millis() - YEAR_2020).unwrap_or(0) & ((1 << 41) - 1);
    millis << 22 | u64::from(rand::random::<u32>() >> 10)
}

/// Starts everything; the server answers when this returns.
pub(crate) async fn start(
    config: &Config,
    settings: Vec<Setting>,
    node: NodeId,
    metrics: Metrics,
    registry: Registry,
) -> anyhow::Result<Running> {
    let counted = counted(&metrics);
    let mut store = Store::open(config, node).await?;
    let tasks = Tasks::default();
    let own_clock = sharing::clock(&store).await?;
    let clock: Arc<dyn Clock> = Arc::clone(&own_clock) as _;
    let stream = record_stream(config, node, &clock).await?;
    let mut sharing = if config.cluster.is_given() {
        let stopping = tasks.stopping().clone();
        let follow = follow_clock(own_clock, store.clone(), metrics.clock, stopping);
        tasks.spawn("clock", follow);
        Sharing::with_others(node, config, Arc::clone(&clock), &tasks).await?
    } else {
        let watch = disk::watch(config.data_dir.clone(), metrics.disk, tasks.stopping().clone());
        tasks.spawn("disk", watch);
        Sharing::alone(node, config)
    };
    let listening = sharing.take_listener();
    let trace_notes = note_traces(config, &mut store, &sharing, &tasks);
    let peers = sharing.nodes.clone();
    let engine = start_engine(config, &store, sharing, &clock, metrics.engine).await?;
    let dead = stream.as_ref().map(|stream| stream.dead.clone());
    let desk = desk(&engine, &store, &clock, (peers, dead), counted);
    answer_others(listening, &engine, Arc::clone(&desk), Arc::clone(&clock), &tasks);
    let feed = Feed::new(desk);
    tasks.spawn("feed", feed.clone().run(tasks.stopping().clone()));
    let status_listener = bind(config.metrics_listen, "--metrics-listen").await?;
    let metrics_address = status_listener.local_addr()?;
    let doors = Doors::open(config).await?;
    let public_url = doors.public_url.clone();
    let keys = config.keys();
    let state = AppState::new(Parts {
        engine: engine.clone(),
        catalog: Arc::clone(&store.catalog),
        roster: Arc::clone(&store.roster),
        ledger: Arc::clone(&store.ledger),
        stats: Arc::clone(&store.stats),
        accounts: Arc::clone(&store.accounts),
        audit_log: Arc::clone(&store.audit_log),
        rehearsals: Arc::clone(&store.rehearsals),
        shelf: shelf(&store, &clock),
        hub: hub(config, &engine, &clock, &tasks, metrics.sockets),
        feed,
        replays: replays(&store),
        access: AccessTokens::load(&keys, Duration::from_secs(config.sessions.access_ttl_s))?,
        cookies: Cookies::new(public_url.starts_with("https://")),
        passwords: Passwords::new()?,
        rates: Rates::new(&config.limits),
        refresh_ttl: Duration::from_secs(config.sessions.refresh_ttl_s),
        ticket_codes: TicketCodes::load(&keys)?,
        payments: payments(config, &store, &clock, metrics.payments)?,
        clock,
        public_url: public_url.clone(),
        operators_url: doors.operators_url.clone(),
        journal_file: journal_file(config)?,
        settings,
        tasks: tasks.clone(),
    });
    if let Some(stream) = stream {
        start_workers(&state, &store, stream, trace_notes, metrics.workers).await?;
    }
    doors.serve(config, &state, &metrics.http)?;
    let status = status_router(registry).with_state(state.clone());
    let serving = serve(status_listener, Protocol::Http1, status, tasks.clone(), 64);
    tasks.spawn("status", serving);
    Ok(Running { state, public_url, metrics_address, store, tasks })
}

/// What a desk reads.
type Counted = (EngineMetrics, HttpMetrics, SocketMetrics, WorkerMetrics);

fn counted(metrics: &Metrics) -> Counted {
    let Metrics { engine, http, sockets, workers, .. } = metrics;
    (engine.clone(), http.clone(), sockets.clone(), workers.clone())
}

/// The record stream, if this node works on it.
async fn record_stream(
    config: &Config,
    node: NodeId,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<RecordStream>> {
    if !config.roles().worker {
        return Ok(None);
    }
    Ok(Some(RecordStream::open(config, node, Arc::clone(clock)).await?))
}

fn desk(
    engine: &Engine,
    store: &Store,
    clock: &Arc<dyn Clock>,
    (peers, dead): (Option<Arc<HttpPeers>>, Option<Dead>),
    (counted, http, sockets, workers): Counted,
) -> Arc<Desk> {
    Arc::new(Desk::new(DeskParts {
        engine: engine.clone(),
        catalog: Arc::clone(&store.catalog),
        rehearsals: Arc::clone(&store.rehearsals),
        clock: Arc::clone(clock),
        peers,
        counted,
        http,
        sockets,
        workers,
        dead,
    }))
}

fn hub(
    config: &Config,
    engine: &Engine,
    clock: &Arc<dyn Clock>,
    tasks: &Tasks,
    metrics: SocketMetrics,
) -> Hub {
    let per_fan_max = config.limits.sockets_per_account_max;
    Hub::new(engine.clone(), Arc::clone(clock), tasks.clone(), metrics, per_fan_max)
}

fn replays(store: &Store) -> Replays {
    let (journal, catalog) = (Arc::clone(&store.journal), Arc::clone(&store.catalog));
    Replays::new(journal, catalog, ReplayConfig::default())
}

fn shelf(store: &Store, clock: &Arc<dyn Clock>) -> Shelf {
    let (catalog, roster) = (Arc::clone(&store.catalog), Arc::clone(&store.roster));
    let rehearsals = Arc::clone(&store.rehearsals);
    Shelf::new(catalog, roster, rehearsals, Arc::clone(&store.ledger), Arc::clone(clock))
}

fn journal_file(config: &Config) -> std::io::Result<Option<String>> {
    if config.cluster.is_given() {
        return Ok(None);
    }
    Ok(Some(std::path::absolute(config.database())?.display().to_string()))
}

/// Where browsers are answered, and what for.
struct Doors {
    /// None if this node is no gateway.
    fans: Option<TcpListener>,
    public_url: String,
    /// None if operators come in where fans do.
    operators: Option<TcpListener>,
    operators_url: String,
}

impl Doors {
    async fn open(config: &Config) -> anyhow::Result<Self> {
        let url = |given: &str, listener: &TcpListener| match given {
            "" => listener.local_addr().map(|address| format!("http://{address}")),
            given => Ok(given.to_owned()),
        };
        if !config.roles().gateway {
            let operators_url = config.operators_url().to_owned();
            let public_url = config.public_url.clone();
            return Ok(Self { fans: None, public_url, operators: None, operators_url });
        }
        let fans = bind(config.listen, "--listen").await?;
        let public_url = url(&config.public_url, &fans)?;
        let (operators, operators_url) = match config.operators_listen {
            Some(address) => {
                let operators = bind(address, "operators_listen").await?;
                let operators_url = url(&config.operators_url, &operators)?;
                (Some(operators), operators_url)
            }
            None => (None, public_url.clone()),
        };
        Ok(Self { fans: Some(fans), public_url, operators, operators_url })
    }

    /// Begins to answer.
    fn serve(self, config: &Config, state: &AppState, metrics: &HttpMetrics) -> anyhow::Result<()> {
        let Some(fans) = self.fans else { return Ok(()) };
        let edge = match config.edge {
            EdgeMode::Off => Edge::Off,
            EdgeMode::Required => Edge::required(&config.keys())?,
        };
        let stopping = || state.tasks.stopping().clone();
        state.tasks.spawn("edge", follow_edge(edge.clone(), config.keys(), stopping()));
        state.tasks.spawn("rates", state.rates.clone().sweep(stopping()));
        let request_timeout = Duration::from_secs(config.limits.request_timeout_s);
        let serving = |name, listener, door| {
            let app = app(state.clone(), metrics.clone(), request_timeout, door);
            let connections_max = config.limits.connections_max;
            let tasks = state.tasks.clone();
            let serving = serve(listener, Protocol::Http1, app, tasks, connections_max);
            state.tasks.spawn(name, serving);
        };
        match self.operators {
            Some(operators) => {
                serving("operators", operators, Door::Operators);
                serving("server", fans, Door::Fans(edge));
            }
            None => serving("server", fans, Door::All(edge)),
        }
        Ok(())
    }
}

/// Has what the journal writes noted, if anything is traced; where the notes are.
fn note_traces(
    config: &Config,
    store: &mut Store,
    sharing: &Sharing,
    tasks: &Tasks,
) -> Option<Arc<dyn TraceNotes>> {
    config.tracing.given()?;
    let notes = Arc::clone(&sharing.trace_notes);
    let (journal, noting) = NotingJournal::over(Arc::clone(&store.journal), Arc::clone(&notes));
    store.journal = Arc::new(journal);
    tasks.spawn("trace notes", until_stopped(tasks.stopping().clone(), noting));
    Some(notes)
}

async fn start_engine(
    config: &Config,
    store: &Store,
    sharing: Sharing,
    clock: &Arc<dyn Clock>,
    metrics: EngineMetrics,
) -> anyhow::Result<Engine> {
    let engine = Engine::start(EngineParts {
        ports: ActorPorts {
            journal: Arc::clone(&store.journal),
            catalog: Arc::clone(&store.catalog),
            bus: sharing.bus,
            clock: Arc::clone(clock),
        },
        cluster: sharing.ports,
        me: sharing.me,
        config: config.engine(),
        sharing: sharing.config,
        metrics,
    });
    Ok(engine.await?)
}

async fn start_workers(
    state: &AppState,
    store: &Store,
    stream: RecordStream,
    trace_notes: Option<Arc<dyn TraceNotes>>,
    metrics: WorkerMetrics,
) -> anyhow::Result<()> {
    let stopping = || state.tasks.stopping().clone();
    let ports = StatsPorts {
        stats: Arc::clone(&store.stats),
        readers: stream.readers,
        clock: Arc::clone(&state.clock),
    };
    // Before the relay begins: within one process the stream keeps nothing for later consumers.
    let stats = StatsWorker::subscribe(ports, metrics.clone()).await?;
    state.tasks.spawn("stats", stats.run(stopping()));
    let (gauge, clock) = (metrics.stats_lag.clone(), Arc::clone(&state.clock));
    state.tasks.spawn("lag", follow_lag(stream.lags, gauge, clock, stopping()));
    let ports = RelayPorts {
        journal: Arc::clone(&store.journal),
        positions: Arc::clone(&store.relay_positions),
        ledger: Arc::clone(&store.ledger),
        catalog: Arc::clone(&store.catalog),
        stream: stream.writer,
        trace_notes,
        clock: Arc::clone(&state.clock),
    };
    let relay = Relay::new(ports, metrics);
    state.tasks.spawn("relay", relay.run(state.engine.lead(Resource::Relay), stopping()));
    if let Some(payments) = state.payments.clone() {
        let leads = state.engine.lead(Resource::Settlement);
        let (engine, ledger) = (state.engine.clone(), Arc::clone(&store.ledger));
        state.tasks.spawn("payments", payments.run(engine, ledger, leads, stopping()));
    }
    Ok(())
}

fn payments(
    config: &Config,
    store: &Store,
    clock: &Arc<dyn Clock>,
    metrics: PaymentMetrics,
) -> anyhow::Result<Option<Payments>> {
    match config.payments.provider {
        PaymentProvider::None => Ok(None),
        PaymentProvider::Toss => {
            let toss = TossClient::new(&config.payments)?;
            let log = Arc::clone(&store.payment_log);
            Ok(Some(Payments::new(toss, log, Arc::clone(clock), metrics)))
        }
    }
}

impl Running {
    /// A link that makes the first administrator; `None` if there is one.
    pub(crate) async fn first_setup_link(&self) -> anyhow::Result<Option<String>> {
        let (accounts, role) = (&*self.store.accounts, Role::Administrator);
        if accounts.has_role(role).await? {
            return Ok(None);
        }
        let now = self.state.clock.now();
        Ok(Some(setup_link(accounts, role, &self.state.operators_url, now).await?))
    }

    /// Hands events over to other nodes, stops accepting, finishes what was begun, saves what the
    /// engine has, closes the database.
    pub(crate) async fn stop(self) {
        if tokio::time::timeout(DRAIN_WITHIN, self.state.engine.drain()).await.is_err() {
            tracing::warn!("not everything was handed over in time; others will take it over");
        }
        self.tasks.stop().await;
        if tokio::time::timeout(ENGINE_STOP_WITHIN, self.state.engine.stop()).await.is_err() {
            tracing::warn!("the engine did not finish in time; its journal is whole all the same");
        }
        self.store.close().await;
    }
}
