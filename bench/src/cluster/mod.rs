//! Several nodes of one cluster on this machine, as processes of their own.

pub mod command;
mod front;
mod link;
mod node;
mod services;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use futures_util::future::try_join_all;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::sleep;

pub use front::front;
pub use link::{Link, Mode};
pub use node::{Node, NodeSetup, ServiceLinks, free_address};
pub use services::Services;

/// How often is looked who owns an event.
const LOOK: Duration = Duration::from_millis(20);
/// How long it may take until a node journals something.
const JOURNALS_WITHIN: Duration = Duration::from_mins(2);

/// What a cluster is made of.
#[derive(Debug, Clone)]
pub struct ClusterSetup {
    /// The binary.
    pub tiketi: PathBuf,
    /// How many nodes.
    pub nodes: usize,
    /// Whether the first puts the demo's events on sale.
    pub demo: bool,
    /// Settings for every node, as `TIKETI_…`.
    pub environment: BTreeMap<String, String>,
    /// Whether nodes reach Postgres and Redis by links that can be cut.
    pub linked: bool,
    /// The library that lets wall clocks of nodes be stepped, if they are to be.
    pub fake_time: Option<PathBuf>,
}

/// Nodes, what they share, and the payment company that moves no money.
#[derive(Debug)]
pub struct Cluster {
    /// The nodes, in the order in which they were started first.
    pub nodes: Vec<Node>,
    /// Where they keep everything: `postgres://…` of a database of this cluster alone.
    pub database: String,
    /// What `tiketi` needs to run a command beside the nodes.
    pub environment: BTreeMap<String, String>,
    tiketi: PathBuf,
    /// Where its database was made, if it has one.
    services: Option<Services>,
    _sandbox: Child,
    _folder: TempDir,
}

impl Cluster {
    /// Makes a database, keys and a payment sandbox, and starts the nodes; all of them answer.
    ///
    /// # Errors
    /// If a service cannot be reached or a process does not start.
    pub async fn start(services: &Services, setup: &ClusterSetup) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let logs = folder.path().to_owned();
        let name = format!("tiketi_{:08x}", rand::random::<u32>());
        let database = services.create_database(&name).await?;
        let keys = folder.path().join("keys");
        let (sandbox, mut environment) = start_sandbox(&setup.tiketi).await?;
        environment.extend(unbounded());
        let of_cluster = [
            ("KEYS_DIR", keys.display().to_string()),
            ("CLUSTER__POSTGRES_URL", database.clone()),
            ("CLUSTER__REDIS_URL", services.redis.clone()),
            ("CLUSTER__KAFKA_BROKERS", services.kafka.clone()),
            ("CLUSTER__PREFIX", name),
        ];
        environment.extend(of_cluster.map(|(key, value)| (format!("TIKETI_{key}"), value)));
        environment.extend(setup.environment.clone());
        let mut cluster = Self {
            nodes: Vec::new(),
            database,
            environment,
            tiketi: setup.tiketi.clone(),
            services: Some(services.clone()),
            _sandbox: sandbox,
            _folder: folder,
        };
        cluster.command([OsStr::new("make-keys"), keys.as_os_str()]).await?;
        cluster.command(["migrate"]).await?;
        for number in 0..setup.nodes {
            let log = logs.join(format!("node-{}.log", number + 1));
            let node = NodeSetup {
                tiketi: setup.tiketi.clone(),
                demo: setup.demo && number == 0,
                environment: cluster.environment.clone(),
                linked: setup.linked,
                fake_time: setup.fake_time.clone(),
                log,
            };
            cluster.nodes.push(Node::new(node).await?);
        }
        // The first alone: it may have a demo to put on sale.
        let (first, others) = cluster.nodes.split_at_mut(1);
        try_join_all(first.iter_mut().map(Node::start)).await?;
        try_join_all(others.iter_mut().map(Node::start)).await?;
        Ok(cluster)
    }

    /// One node that keeps everything in a folder, and works together with no other.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn alone(tiketi: &Path, data: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (sandbox, mut environment) = start_sandbox(tiketi).await?;
        environment.extend(unbounded());
        environment.insert("TIKETI_DATA_DIR".to_owned(), data.display().to_string());
        let setup = NodeSetup {
            tiketi: tiketi.to_owned(),
            demo: false,
            environment: environment.clone(),
            linked: false,
            fake_time: None,
            log: folder.path().join("node.log"),
        };
        let mut node = Node::new(setup).await?;
        node.start().await?;
        Ok(Self {
            nodes: vec![node],
            database: String::new(),
            environment,
            tiketi: tiketi.to_owned(),
            services: None,
            _sandbox: sandbox,
            _folder: folder,
        })
    }

    /// Runs a command of the binary to its end with the settings of the cluster; what it printed.
    ///
    /// # Errors
    /// If it does not succeed, with what it said.
    pub async fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> anyhow::Result<String> {
        let output = Command::new(&self.tiketi)
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "{printed}{said}");
        Ok(printed.into_owned())
    }

    /// Which node owns the only event that is on sale: the one that journals.
    ///
    /// # Errors
    /// If none does in two minutes.
    pub async fn owner(&self) -> anyhow::Result<usize> {
        let nodes = &self.nodes;
        let mut before = Vec::new();
        for node in nodes {
            before.push(node.metric("tiketi_engine_records_total").await.unwrap_or(0.0));
        }
        let give_up_at = Instant::now() + JOURNALS_WITHIN;
        while Instant::now() < give_up_at {
            sleep(LOOK).await;
            for (node, before) in before.iter().enumerate() {
                let now = nodes[node].metric("tiketi_engine_records_total").await;
                if now.is_ok_and(|now| now > before + 5.0) {
                    return Ok(node);
                }
            }
        }
        bail!("no node journals anything");
    }

    /// Ends every node as Kubernetes does, one after the other, and removes the database.
    ///
    /// # Errors
    /// If one did not end well.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        for node in &mut self.nodes {
            node.terminate().await?;
        }
        match &self.services {
            Some(services) => services.drop_database(&self.database).await,
            None => Ok(()),
        }
    }
}

/// The payment company, and what points a node to it.
/// Load comes from few addresses, and few accounts: it is let through.
fn unbounded() -> [(String, String); 2] {
    ["ACCOUNT", "ADDRESS"]
        .map(|whose| (format!("TIKETI_LIMITS__{whose}_PER_MINUTE"), "0".to_owned()))
}

async fn start_sandbox(tiketi: &Path) -> anyhow::Result<(Child, BTreeMap<String, String>)> {
    let secret = format!("test_sk_{:032x}", rand::random::<u128>());
    let mut child = Command::new(tiketi)
        .args(["payment-sandbox", "--with-parent"])
        .env("TIKETI_SANDBOX_SECRET", &secret)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // ^C is for who started it.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}: build it first", tiketi.display()))?;
    let output = child.stdout.take().context("the payment sandbox says nothing")?;
    let first = BufReader::new(output).lines().next_line().await?;
    let url = first.context("the payment sandbox ended at once")?;
    let settings = [
        ("PROVIDER", "toss".to_owned()),
        ("WINDOW_URL", format!("{url}/window")),
        ("API_URL", url),
        ("CLIENT_KEY", "test_ck_sandbox".to_owned()),
        ("SECRET_KEY", secret),
        ("TIMEOUT_MS", "3000".to_owned()),
    ];
    let named = |(name, value)| (format!("TIKETI_PAYMENTS__{name}"), value);
    Ok((child, settings.map(named).into()))
}
