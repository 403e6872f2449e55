//! One node: a process that can be killed, frozen, ended and started again.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Link;

/// How long a node may take to start.
const START_WITHIN: Duration = Duration::from_mins(3);
/// How long a node may take to end: longer than any grace period it gives itself.
const STOP_WITHIN: Duration = Duration::from_mins(3);

/// How a node is started, every time.
#[derive(Debug, Clone)]
pub struct NodeSetup {
    /// The binary.
    pub tiketi: PathBuf,
    /// Whether it puts the demo's events on sale.
    pub demo: bool,
    /// Its settings, as `TIKETI_…`.
    pub environment: BTreeMap<String, String>,
    /// Whether it reaches Postgres and Redis by links that can be cut.
    pub linked: bool,
    /// The library that lets its wall clock be stepped, if it is to be.
    pub fake_time: Option<PathBuf>,
    /// What it logs is added to this file.
    pub log: PathBuf,
}

/// What stands between a node and what it keeps elsewhere.
#[derive(Debug)]
pub struct ServiceLinks {
    /// To Postgres.
    pub postgres: Link,
    /// To Redis.
    pub redis: Link,
}

/// See the module. It is killed when it goes out of scope.
#[derive(Debug)]
pub struct Node {
    /// Where fans find it.
    pub listen: SocketAddr,
    /// Where metrics are.
    pub metrics: SocketAddr,
    /// The link by which other nodes reach it.
    pub peers: Link,
    /// The links by which it reaches Postgres and Redis, if it has any.
    pub services: Option<ServiceLinks>,
    setup: NodeSetup,
    process: Option<Child>,
    draining: JoinSet<()>,
}

impl Node {
    /// A node that is not running yet.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn new(mut setup: NodeSetup) -> anyhow::Result<Self> {
        let (listen, metrics, node) = (free_address()?, free_address()?, free_address()?);
        let peers = Link::open(&node.to_string()).await?;
        let addresses = [
            ("LISTEN", listen.to_string()),
            ("METRICS_LISTEN", metrics.to_string()),
            ("CLUSTER__NODE_LISTEN", node.to_string()),
            ("CLUSTER__NODE_ADDRESS", peers.address.to_string()),
        ];
        setup.environment.extend(addresses.map(|(key, value)| (format!("TIKETI_{key}"), value)));
        let services = if setup.linked {
            let postgres = link(&mut setup, "TIKETI_CLUSTER__POSTGRES_URL").await?;
            let redis = link(&mut setup, "TIKETI_CLUSTER__REDIS_URL").await?;
            Some(ServiceLinks { postgres, redis })
        } else {
            None
        };
        Ok(Self {
            listen,
            metrics,
            peers,
            services,
            setup,
            process: None,
            draining: JoinSet::new(),
        })
    }

    /// Sets its wall clock so many seconds beside the machine's, at once.
    ///
    /// # Errors
    /// If it was not started with a clock that can be stepped.
    pub fn step_clock(&self, seconds: i32) -> anyhow::Result<()> {
        ensure!(self.setup.fake_time.is_some(), "the node's clock cannot be stepped");
        Ok(std::fs::write(self.clock_file(), format!("{seconds:+}\n"))?)
    }

    fn clock_file(&self) -> PathBuf {
        self.setup.log.with_extension("clock")
    }

    /// Where fans find it, for HTTP.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// The number of its process.
    ///
    /// # Errors
    /// If it is not running.
    pub fn pid(&mut self) -> anyhow::Result<u32> {
        self.process()?.id().context("the node has ended")
    }

    /// A figure that it gives.
    ///
    /// # Errors
    /// If it gives none.
    pub async fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let url = format!("http://{}/metrics", self.metrics);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(1)).build()?;
        let text = http.get(url).send().await?.text().await?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("no {name}"))?.parse()?)
    }

    /// Starts it; it answers when this returns.
    ///
    /// # Errors
    /// If it does not start, with what it said.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(&self.setup.log)?;
        let mut command = Command::new(&self.setup.tiketi);
        command
            .arg("serve")
            .args(self.setup.demo.then_some("--demo"))
            .env_clear()
            .envs(&self.setup.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            // ^C is for who started it.
            .process_group(0)
            .kill_on_drop(true);
        if let Some(library) = &self.setup.fake_time {
            self.step_clock(0)?;
            command
                .env("LD_PRELOAD", library)
                .env("FAKETIME_TIMESTAMP_FILE", self.clock_file())
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        let mut child = command.spawn()?;
        let output = child.stdout.take().context("the node has no output")?;
        let mut lines = BufReader::new(output).lines();
        let read = async {
            while let Some(line) = lines.next_line().await? {
                // It is the last that every node prints.
                if line.trim().starts_with("Metrics") {
                    return Ok(true);
                }
            }
            anyhow::Ok(false)
        };
        if !timeout(START_WITHIN, read).await.context("the node did not start in time")?? {
            let log = std::fs::read_to_string(&self.setup.log).unwrap_or_default();
            bail!("the node did not start: {log}");
        }
        // What else it prints must go somewhere.
        self.draining.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.process = Some(child);
        Ok(())
    }

    fn process(&mut self) -> anyhow::Result<&mut Child> {
        self.process.as_mut().context("the node is not running")
    }

    /// Kills it, as a crash does.
    ///
    /// # Errors
    /// If it is not running.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process()?.kill().await?;
        self.process = None;
        Ok(())
    }

    /// Sends a signal, by its name: `STOP`, `CONT`, `TERM` …
    ///
    /// # Errors
    /// If it is not running.
    pub async fn signal(&mut self, signal: &str) -> anyhow::Result<()> {
        let pid = self.pid()?;
        let sent =
            Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().await?;
        ensure!(sent.success(), "the node was not there to be told");
        Ok(())
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// If it does not end in time, or not well.
    pub async fn terminate(&mut self) -> anyhow::Result<()> {
        self.signal("TERM").await?;
        let ended = timeout(STOP_WITHIN, self.process()?.wait()).await;
        let status = ended.context("the node did not end in time")??;
        self.process = None;
        ensure!(status.success(), "the node ended with {status}");
        Ok(())
    }
}

/// Puts a link between a node and the URL of a setting.
async fn link(setup: &mut NodeSetup, setting: &str) -> anyhow::Result<Link> {
    let url = setup.environment.get(setting).with_context(|| format!("{setting} is not set"))?;
    let (scheme, rest) = url.split_once("://").context("a URL without a scheme")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, target) = authority.rsplit_once('@').unwrap_or(("", authority));
    let link = Link::open(target).await?;
    let through = format!("{scheme}://{user}@{}{path}", link.address);
    setup.environment.insert(setting.to_owned(), through);
    Ok(link)
}

/// A free port that no outgoing connection takes, and that is not handed out again.
///
/// # Errors
/// If there is none.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let next = NEXT.get_or_init(|| AtomicU16::new(rand::random_range(20_000..30_000)));
    loop {
        let address = SocketAddr::from(([127, 0, 0, 1], next.fetch_add(1, Ordering::Relaxed)));
        ensure!(address.port() < 32_000, "no port is free");
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
}
