//! Puts the parts together: the only place that knows which adapters there are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use prometheus::Registry;
use tiketi_engine::actor::{ActorPorts, EngineMetrics};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::{Engine, EngineParts};
use tiketi_engine::feed::LocalBus;
use tiketi_engine::ports::{Accounts as _, Clock, Role};
use tiketi_persistence::{Embedded, embedded};

use crate::auth::cookies::Cookies;
use crate::auth::passwords::Passwords;
use crate::auth::tokens::{AccessTokens, opaque_token};
use crate::catalog::Shelf;
use crate::clock::SystemClock;
use crate::config::{Config, PaymentProvider};
use crate::http::status_router;
use crate::payments::{Payments, TossClient};
use crate::server::{app, bind, serve};
use crate::state::{AppState, Parts};
use crate::task::Tasks;
use crate::ticket_code::TicketCodes;
use crate::ws::{Hub, SocketMetrics};

/// How long a link that makes an operator is good for.
const SETUP_LINK_TTL: Duration = Duration::from_mins(30);
/// How long the engine may take to finish what it has accepted.
const ENGINE_STOP_WITHIN: Duration = Duration::from_secs(20);

/// A server that runs.
pub(crate) struct Running {
    pub(crate) state: AppState,
    pub(crate) public_url: String,
    pub(crate) metrics_address: SocketAddr,
    store: Embedded,
    tasks: Tasks,
}

/// A new number for an event or account: 41 bits of milliseconds since 2020, then 22 random bits,
/// so that numbers grow with time. Whoever stores it notices if it is taken.
pub(crate) fn new_id(now: Timestamp) -> u64 {
    const YEAR_2020: i64 = 1_577_836_800_000;
    let millis = u64::try_from(now.as_millis() - YEAR_2020).unwrap_or(0) & ((1 << 41) - 1);
    millis << 22 | u64::from(rand::random::<u32>() >> 10)
}

/// Opens the data folder and its database.
pub(crate) async fn open_store(config: &Config) -> anyhow::Result<Embedded> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    Ok(embedded(&config.database()).await?)
}

/// Starts everything; the server answers when this returns.
pub(crate) async fn start(config: &Config) -> anyhow::Result<Running> {
    let store = open_store(config).await?;
    let registry = Registry::new();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let shared = || Arc::new(store.clone());
    let ports = ActorPorts {
        journal: shared(),
        catalog: shared(),
        bus: Arc::new(LocalBus::default()),
        clock: Arc::clone(&clock),
    };
    let metrics = EngineMetrics::register(&registry)?;
    let engine = Engine::start(EngineParts::alone(ports, config.engine(), metrics)).await?;
    let listener = bind(config.listen, "--listen").await?;
    let status_listener = bind(config.metrics_listen, "--metrics-listen").await?;
    let metrics_address = status_listener.local_addr()?;
    let public_url = match config.public_url.as_str() {
        "" => format!("http://{}", listener.local_addr()?),
        url => url.to_owned(),
    };
    let tasks = Tasks::default();
    let sockets = SocketMetrics::register(&registry)?;
    let per_fan_max = config.limits.sockets_per_account_max;
    let hub = Hub::new(engine.clone(), Arc::clone(&clock), tasks.clone(), sockets, per_fan_max);
    let state = AppState::new(Parts {
        engine: engine.clone(),
        catalog: shared(),
        ledger: shared(),
        accounts: shared(),
        shelf: Shelf::new(shared(), shared(), Arc::clone(&clock)),
        hub,
        access: AccessTokens::load(
            &config.keys(),
            Duration::from_secs(config.sessions.access_ttl_s),
        )?,
        cookies: Cookies::new(public_url.starts_with("https://")),
        passwords: Passwords::new()?,
        refresh_ttl: Duration::from_secs(config.sessions.refresh_ttl_s),
        ticket_codes: TicketCodes::load(&config.keys())?,
        payments: payments(config)?,
        clock: Arc::clone(&clock),
        public_url: public_url.clone(),
        tasks: tasks.clone(),
    });
    if let Some(payments) = state.payments.clone() {
        let run = payments.run(engine, shared(), clock, tasks.stopping().clone());
        tasks.spawn("payments", run);
    }
    let app = app(state.clone(), Duration::from_secs(config.limits.request_timeout_s));
    let connections_max = config.limits.connections_max;
    tasks.spawn("server", serve(listener, app, tasks.clone(), connections_max));
    let status = status_router(registry).with_state(state.clone());
    tasks.spawn("status", serve(status_listener, status, tasks.clone(), 64));
    Ok(Running { state, public_url, metrics_address, store, tasks })
}

fn payments(config: &Config) -> anyhow::Result<Option<Payments>> {
    match config.payments.provider {
        PaymentProvider::None => Ok(None),
        PaymentProvider::Toss => Ok(Some(Payments::new(TossClient::new(&config.payments)?))),
    }
}

/// A link that makes one operator, in place of older ones.
pub(crate) async fn setup_link(store: &Embedded, public_url: &str) -> anyhow::Result<String> {
    let (token, hash) = opaque_token();
    let expires_at = SystemClock::start().now().after(SETUP_LINK_TTL);
    store.put_setup_link(hash, expires_at).await?;
    // After the sign of a fragment, so that no server or log ever sees the token.
    Ok(format!("{public_url}/setup#{token}"))
}

impl Running {
    /// A link that makes the first operator; `None` if there is one.
    pub(crate) async fn first_setup_link(&self) -> anyhow::Result<Option<String>> {
        if self.store.has_role(Role::Operator).await? {
            return Ok(None);
        }
        setup_link(&self.store, &self.public_url).await.map(Some)
    }

    /// Stops accepting, finishes what was begun, saves what the engine has, closes the database.
    pub(crate) async fn stop(self) {
        self.tasks.stop().await;
        let engine = self.state.engine.stop();
        if tokio::time::timeout(ENGINE_STOP_WITHIN, engine).await.is_err() {
            tracing::warn!("the engine did not finish in time; its journal is whole all the same");
        }
        self.store.close().await;
    }
}
