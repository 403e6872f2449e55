//! `tiketi-bench cluster`: a cluster to try, until Ctrl-C.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use super::{Cluster, ClusterSetup, Services, front};

/// What to start.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the nodes.
    #[arg(long, default_value = "target/debug/tiketi")]
    pub tiketi: PathBuf,
    /// How many nodes.
    #[arg(long, default_value_t = 3)]
    pub nodes: usize,
    /// Where fans are to find the cluster.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Starts nodes with the demo on sale and a front before them, and waits to be told to stop.
///
/// # Errors
/// If something does not start, or a node does not end well.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let services = Services::from_env()?;
    let listener = TcpListener::bind(args.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let environment = BTreeMap::from([("TIKETI_PUBLIC_URL".to_owned(), url.clone())]);
    let setup = ClusterSetup {
        tiketi: args.tiketi.clone(),
        nodes: args.nodes,
        demo: true,
        environment,
        linked: false,
        fake_time: None,
    };
    let cluster = Cluster::start(&services, &setup).await?;
    let mut fronting = JoinSet::new();
    fronting.spawn(front(listener, cluster.nodes.iter().map(|node| node.listen).collect()));
    let mut out = io::stdout();
    writeln!(out, "{} nodes are serving\n  Fans      {url}/", args.nodes)?;
    for node in &cluster.nodes {
        writeln!(out, "  Node      {}/ metrics http://{}/metrics", node.url(), node.metrics)?;
    }
    writeln!(out, "  Operator  {}", cluster.command(["operator-link"]).await?.trim())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    fronting.shutdown().await;
    cluster.stop().await
}
