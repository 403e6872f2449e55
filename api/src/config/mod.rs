//! Every setting, its default and its bounds.
//!
//! Defaults, then a TOML file, then the environment (`TIKETI_PAYMENTS__PROVIDER` is
//! `payments.provider`), then flags. An unknown name is an error. Secrets come from a file or the
//! environment; none has a default.

mod cluster;
mod origin;
mod secret;
mod tracing;

pub use cluster::{ClusterSettings, ContextUrls};
pub use origin::{Origin, Setting, in_force};
pub use secret::Secret;
pub use tracing::TracingSettings;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Data, Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use tiketi_engine::actor::EngineConfig;
use tiketi_engine::ports::Roles;

use self::secret::is_placeholder;
use crate::auth::keys::KeyFolder;
use crate::cli::{Serve, Settings};

/// Every setting.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address for metrics and health; port 0 takes a free one.
    pub metrics_listen: SocketAddr,
    /// The address for operators, port 0 takes a free one: what is theirs is found there alone then. Without it, it
    /// is found where fans are.
    pub operators_listen: Option<SocketAddr>,
    /// Where browsers find the server; `http://` and the address if empty.
    pub public_url: String,
    /// Where the browsers of operators do; `http://` and the address if empty.
    pub operators_url: String,
    /// Whether fans come through a proxy that proves what it is (`X-Edge-Auth`).
    pub edge: EdgeMode,
    /// The folder for the database and the keys of a node that runs alone.
    pub data_dir: PathBuf,
    /// The folder with the keys; `keys` in the data folder if empty. Nodes of a cluster are given
    /// the same.
    pub keys_dir: PathBuf,
    /// What this node does: `gateway` serves fans, `engine` owns events, `worker` relays and counts.
    pub roles: Vec<Role>,
    /// Other nodes and the services between them.
    pub cluster: ClusterSettings,
    /// Logging.
    pub log: LogConfig,
    /// Traces.
    pub tracing: TracingSettings,
    /// The actors.
    pub engine: EngineSettings,
    /// Sessions.
    pub sessions: SessionConfig,
    /// Sockets and connections.
    pub limits: LimitConfig,
    /// Payments.
    pub payments: PaymentConfig,
}

/// How fans reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeMode {
    /// Directly: what a request says of where it comes from is not believed.
    Off,
    /// Through the edge alone: what does not prove to come from there is refused.
    Required,
}

/// Something that a node does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It serves fans.
    Gateway,
    /// It owns events.
    Engine,
    /// It relays, counts and settles.
    Worker,
}

/// Logging.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// What to log, as `tracing` writes filters: `info`, `tiketi=debug` …
    pub filter: String,
    /// How.
    pub format: LogFormat,
}

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines: one JSON object a line.
    Json,
}

/// The actors.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineSettings {
    /// Threads that actors live on.
    pub arbiters: usize,
    /// Commands of one event that may wait; one more is refused.
    pub commands_per_event_max: usize,
    /// How often changes are pushed, in milliseconds.
    pub tick_ms: u64,
    /// Records after which a snapshot is saved.
    pub snapshot_every: u64,
    /// Seconds after which an actor that nobody asks leaves memory.
    pub passivate_after_s: u64,
    /// Milliseconds that a command may wait for its answer.
    pub answer_within_ms: u64,
}

/// Sessions.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionConfig {
    /// Seconds that an access token is good for.
    pub access_ttl_s: u64,
    /// Seconds after which one has to sign in again.
    pub refresh_ttl_s: u64,
}

/// Sockets and connections.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitConfig {
    /// Open connections, sockets included; one more is closed at once.
    pub connections_max: usize,
    /// Live sockets of one account.
    pub sockets_per_account_max: usize,
    /// Seconds that a request may take.
    pub request_timeout_s: u64,
    /// What one account may ask for in a minute; 0 for no bound. Reading counts 1, whatever changes
    /// something 25, whatever has to do with passwords 50.
    pub account_per_minute: u32,
    /// What one address may ask for in a minute, counted likewise. Many fans may share one.
    pub address_per_minute: u32,
}

/// Payments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentConfig {
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// The provider's API, such as `https://api.tosspayments.com`.
    pub api_url: String,
    /// The page that the browser is sent to.
    pub window_url: String,
    /// The key that the browser may know.
    pub client_key: String,
    /// The key that only the server knows.
    pub secret_key: Secret,
    /// A file with that key, in place of `secret_key`.
    pub secret_key_file: Option<PathBuf>,
    /// Milliseconds to wait for the provider's answer.
    pub timeout_ms: u64,
}

/// Who takes the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentProvider {
    /// Nobody: only what costs nothing can be ordered.
    None,
    /// Toss Payments, or something that speaks its protocol.
    Toss,
}

impl Default for Config {
    fn default() -> Self {
        let engine = EngineConfig::default();
        let whole = |millis: u128| u64::try_from(millis).unwrap_or(u64::MAX);
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            operators_listen: None,
            public_url: String::new(),
            operators_url: String::new(),
            edge: EdgeMode::Off,
            data_dir: PathBuf::from(DATA_DIR),
            keys_dir: PathBuf::new(),
            roles: vec![Role::Gateway, Role::Engine, Role::Worker],
            cluster: ClusterSettings::default(),
            log: LogConfig { filter: "info".to_owned(), format: LogFormat::Pretty },
            tracing: TracingSettings::default(),
            engine: EngineSettings {
                arbiters: engine.arbiters,
                commands_per_event_max: engine.commands_per_event_max,
                tick_ms: whole(engine.tick.as_millis()),
                snapshot_every: engine.snapshot_every,
                passivate_after_s: engine.passivate_after.as_secs(),
                answer_within_ms: whole(engine.answer_within.as_millis()),
            },
            sessions: SessionConfig { access_ttl_s: 600, refresh_ttl_s: 14 * 24 * 3600 },
            limits: LimitConfig {
                connections_max: 18_000,
                sockets_per_account_max: 8,
                request_timeout_s: 20,
                account_per_minute: 3_000,
                address_per_minute: 60_000,
            },
            payments: PaymentConfig {
                provider: PaymentProvider::None,
                api_url: String::new(),
                window_url: String::new(),
                client_key: String::new(),
                secret_key: Secret::default(),
                secret_key_file: None,
                timeout_ms: 10_000,
            },
        }
    }
}

/// Why the configuration cannot be used: a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, of the wrong type, or its name is unknown.
    #[error("{0}")]
    Value(String),
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Two requests that have to do with passwords.
const RATE_MIN: u32 = 100;
/// Where a node that runs alone keeps everything.
const DATA_DIR: &str = "data";
/// The file that is read if no other is named.
const DEFAULT_FILE: &str = "tiketi.toml";

impl Config {
    /// Reads the settings of a command.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(settings: &Settings) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some((_, text)) = file(settings)? {
            figment = figment.merge(text);
        }
        figment = figment.merge(environment());
        let mut config: Self =
            figment.extract().map_err(|error| ConfigError::Value(explain(&error)))?;
        if let Some(data_dir) = &settings.data_dir {
            config.data_dir.clone_from(data_dir);
        }
        config.read_secrets()?;
        Ok(config)
    }

    /// Reads the settings of a command that opens the store.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load_checked(settings: &Settings) -> Result<Self, ConfigError> {
        let config = Self::load(settings)?;
        config.check()?;
        Ok(config)
    }

    /// Reads the settings of the server.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load_for(serve: &Serve) -> Result<Self, ConfigError> {
        let mut config = Self::load(&serve.settings)?;
        if let Some(listen) = serve.listen {
            config.listen = listen;
        }
        if let Some(listen) = serve.metrics_listen {
            config.metrics_listen = listen;
        }
        if let Some(url) = &serve.public_url {
            config.public_url.clone_from(url);
        }
        if !serve.roles.is_empty() {
            config.roles.clone_from(&serve.roles);
        }
        if let Some(listen) = serve.node_listen {
            config.cluster.node_listen = listen;
        }
        if let Some(address) = &serve.node_address {
            config.cluster.node_address.clone_from(address);
        }
        config.check()?;
        Ok(config)
    }

    fn read_secrets(&mut self) -> Result<(), ConfigError> {
        let PaymentConfig { secret_key, secret_key_file, .. } = &mut self.payments;
        secret_key.read_file("payments.secret_key", secret_key_file.as_deref())?;
        self.cluster.read_secrets()
    }

    /// Whether the settings make sense together.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Value(text.to_owned()));
        self.check_addresses()?;
        if self.engine.arbiters == 0 || self.engine.arbiters > 256 {
            return wrong("engine.arbiters must be 1 to 256");
        }
        if self.engine.commands_per_event_max == 0 || self.engine.tick_ms == 0 {
            return wrong("engine.commands_per_event_max and engine.tick_ms must be at least 1");
        }
        if self.sessions.access_ttl_s < 30 || self.sessions.refresh_ttl_s < 60 {
            return wrong("sessions.access_ttl_s must be at least 30, refresh_ttl_s at least 60");
        }
        if self.limits.connections_max == 0 || self.limits.request_timeout_s == 0 {
            return wrong("limits.connections_max and request_timeout_s must be at least 1");
        }
        let rates = [self.limits.account_per_minute, self.limits.address_per_minute];
        if rates.iter().any(|rate| (1..RATE_MIN).contains(rate)) {
            return wrong(
                "limits.account_per_minute and address_per_minute must be at least 100, or 0 for \
                 no bound",
            );
        }
        self.tracing.check()?;
        self.check_together()?;
        self.payments.check()
    }

    fn check_addresses(&self) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError::Value(text));
        let addresses = [
            ("", Some(self.listen), "public_url", &self.public_url),
            ("operators_", self.operators_listen, "operators_url", &self.operators_url),
        ];
        for (whose, listen, name, url) in addresses {
            let web = url.starts_with("http://") || url.starts_with("https://");
            if !url.is_empty() && (!web || url.ends_with('/')) {
                return wrong(format!(
                    "{name} must begin with http:// or https:// and have no path"
                ));
            }
            if url.is_empty() && listen.is_some_and(|listen| !listen.ip().is_loopback()) {
                return wrong(format!(
                    "{whose}listen is open to the network: set {name} to what browsers use"
                ));
            }
        }
        if self.operators_listen.is_none() && !self.operators_url.is_empty() {
            return wrong("operators_url is for operators_listen: set that too".to_owned());
        }
        Ok(())
    }

    /// Alone or together with others, never a mixture.
    fn check_together(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Value(text.to_owned()));
        self.cluster.check()?;
        if self.roles.is_empty() {
            return wrong("roles is empty: name at least one of gateway, engine and worker");
        }
        if self.cluster.is_given() {
            if self.data_dir != Path::new(DATA_DIR) {
                return wrong("nodes of a cluster keep nothing in data_dir: remove that setting");
            }
            if self.keys_dir.as_os_str().is_empty() {
                return wrong(
                    "nodes of a cluster share their keys: make them once with `tiketi make-keys \
                     DIR`, give every node the same, and name the folder in keys_dir",
                );
            }
        } else if self.roles() != Roles::ALL {
            return wrong(
                "a node that runs alone does everything: remove roles, or set \
                 cluster.postgres_url, cluster.redis_url and cluster.kafka_brokers",
            );
        }
        Ok(())
    }

    /// Where operators find the server; empty if that is known once it listens.
    pub(crate) fn operators_url(&self) -> &str {
        if self.operators_listen.is_some() { &self.operators_url } else { &self.public_url }
    }

    /// What this node does.
    pub fn roles(&self) -> Roles {
        let has = |role| self.roles.contains(&role);
        Roles { gateway: has(Role::Gateway), engine: has(Role::Engine), worker: has(Role::Worker) }
    }

    /// The engine's part.
    pub fn engine(&self) -> EngineConfig {
        EngineConfig {
            arbiters: self.engine.arbiters,
            commands_per_event_max: self.engine.commands_per_event_max,
            tick: Duration::from_millis(self.engine.tick_ms),
            snapshot_every: self.engine.snapshot_every,
            passivate_after: Duration::from_secs(self.engine.passivate_after_s),
            answer_within: Duration::from_millis(self.engine.answer_within_ms),
            ..EngineConfig::default()
        }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("tiketi.db")
    }

    /// The keys: this node's own, made on the first start, or those that all nodes share.
    pub(crate) fn keys(&self) -> KeyFolder {
        match self.keys_dir.as_os_str() {
            path if self.cluster.is_given() => KeyFolder::shared(path),
            path if path.is_empty() => KeyFolder::own(self.data_dir.join("keys")),
            path => KeyFolder::own(path),
        }
    }
}

/// The file with settings, if there is one, and what it is called.
fn file(settings: &Settings) -> Result<Option<(String, Data<Toml>)>, ConfigError> {
    if let Some(file) = &settings.config {
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::File { path: file.clone(), source })?;
        return Ok(Some((file.display().to_string(), Toml::string(&text))));
    }
    let there = Path::new(DEFAULT_FILE).exists();
    Ok(there.then(|| (DEFAULT_FILE.to_owned(), Toml::file(DEFAULT_FILE))))
}

/// `TIKETI_CONFIG` names the file itself, `TIKETI_SANDBOX_…` belongs to the sandbox.
fn environment() -> Env {
    Env::prefixed("TIKETI_")
        .filter(|name| name != "config" && !name.as_str().starts_with("sandbox_"))
        .split("__")
}

impl PaymentConfig {
    fn check(&self) -> Result<(), ConfigError> {
        let given = [&self.api_url, &self.window_url, &self.client_key];
        let secret = self.secret_key.expose();
        match self.provider {
            PaymentProvider::None if given.iter().any(|text| !text.is_empty()) => {
                Err(ConfigError::Value(
                    "payments are half configured: set payments.provider to \"toss\", or remove \
                     the other payments settings"
                        .to_owned(),
                ))
            }
            PaymentProvider::Toss if given.iter().any(|text| text.is_empty()) => {
                Err(ConfigError::Value(
                    "payments.provider is \"toss\": set payments.api_url, window_url and \
                     client_key too"
                        .to_owned(),
                ))
            }
            PaymentProvider::Toss if secret.len() < 16 || is_placeholder(secret) => {
                Err(ConfigError::Value(
                    "payments.secret_key is missing, too short or a placeholder: put the \
                     provider's key into a file and name it in payments.secret_key_file"
                        .to_owned(),
                ))
            }
            PaymentProvider::None | PaymentProvider::Toss => Ok(()),
        }
    }
}

/// One sentence for each fault, with where the value came from.
fn explain(error: &figment::Error) -> String {
    let sentence = |error: figment::Error| {
        let at = error.path.join(".");
        let from = error.metadata.as_ref().map_or_else(String::new, |m| format!(" ({})", m.name));
        if at.is_empty() {
            format!("{}{from}", error.kind)
        } else {
            format!("{at}: {}{from}", error.kind)
        }
    };
    error.clone().into_iter().map(sentence).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Config)) -> Result<(), String> {
        let mut config = Config::default();
        change(&mut config);
        config.check().map_err(|error| error.to_string())
    }

    fn toss(config: &mut Config) {
        config.payments.provider = PaymentProvider::Toss;
        config.payments.api_url = "https://api.example.com".to_owned();
        config.payments.window_url = "https://pay.example.com".to_owned();
        config.payments.client_key = "test_ck_1".to_owned();
        config.payments.secret_key = Secret::new("test_sk_0123456789abcdef");
    }

    fn cluster(config: &mut Config) {
        config.cluster.postgres_url = Secret::new("postgres://db/tiketi");
        config.cluster.redis_url = Secret::new("redis://one");
        config.cluster.kafka_brokers = "one:9092".to_owned();
    }

    #[test]
    fn the_defaults_are_complete() {
        assert_eq!(with(|_| ()), Ok(()));
        assert_eq!(with(toss), Ok(()));
    }

    #[test]
    fn half_given_settings_are_refused_with_what_to_do() {
        type Change = fn(&mut Config);
        let cases: [(Change, &str); 15] = [
            (|c| c.listen = ([0, 0, 0, 0], 80).into(), "set public_url"),
            (|c| c.operators_listen = Some(([0, 0, 0, 0], 80).into()), "set operators_url"),
            (|c| c.operators_url = "http://ops.example.com".to_owned(), "operators_listen"),
            (|c| c.limits.account_per_minute = 99, "at least 100"),
            (|c| c.public_url = "tickets.example.com".to_owned(), "must begin with http"),
            (|c| c.engine.arbiters = 0, "engine.arbiters"),
            (|c| c.roles.clear(), "roles is empty"),
            (|c| c.roles = vec![Role::Engine], "does everything"),
            (cluster, "make-keys"),
            (
                |c| {
                    cluster(c);
                    c.data_dir = PathBuf::from("elsewhere");
                },
                "data_dir",
            ),
            (|c| c.sessions.access_ttl_s = 1, "access_ttl_s"),
            (|c| c.payments.client_key = "k".to_owned(), "half configured"),
            (
                |c| {
                    toss(c);
                    c.payments.window_url.clear();
                },
                "window_url",
            ),
            (
                |c| {
                    toss(c);
                    c.payments.secret_key = Secret::default();
                },
                "secret_key_file",
            ),
            (
                |c| {
                    toss(c);
                    c.payments.secret_key = Secret::new("changeme-changeme-1");
                },
                "placeholder",
            ),
        ];
        for (change, says) in cases {
            let said = with(change).unwrap_err();
            assert!(said.contains(says), "{said:?} does not say {says:?}");
        }
    }

    #[test]
    fn a_secret_is_never_shown() {
        let mut config = Config::default();
        toss(&mut config);
        assert!(!format!("{config:?}").contains("0123456789abcdef"));
    }
}
