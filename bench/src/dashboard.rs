//! `tiketi-bench dashboard`: what it costs a node that owns thousands of events to be watched.
//!
//! The node is alone, and its actors do nothing but say now and then that they live. For each way to
//! watch, some seconds: the CPU time of the process, and the bytes that each watcher is sent.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tiketi_engine::testing::plans::room;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::cluster::Cluster;
use crate::size::{ONLY_TRIED, Size};
use crate::stage::Signing;
use crate::usage;

/// Requests that set the node up at the same time.
const AT_ONCE: usize = 16;
/// Rows of a page of the table of actors.
const ROWS: usize = 25;
/// Watchers, where there are several.
const MANY: usize = 20;

/// What to watch.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the node: a release build.
    #[arg(long, default_value = "target/release/tiketi")]
    pub tiketi: PathBuf,
    /// Events, each with its actor.
    #[arg(long, default_value_t = 10_000)]
    pub actors: usize,
    /// Seconds for each way to watch.
    #[arg(long, default_value_t = 15)]
    pub seconds: u32,
    /// Only try whether it works, with any build: the figures mean nothing.
    #[arg(long)]
    pub smoke: bool,
}

/// Measures, and prints a table.
///
/// # Errors
/// If the node does not start, or somebody is not let in or sent nothing.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let size = Size::of(args.smoke)?;
    let actors = size.pick(args.actors, 2 * ROWS);
    let seconds = size.pick(args.seconds, 2);
    ensure!(actors > 0 && seconds > 0, "there must be something to measure");
    let folder = tempfile::tempdir()?;
    let mut cluster = Cluster::alone(&args.tiketi, folder.path()).await?;
    let signing = Signing::read(&folder.path().join("keys/access.key"))?;
    let node = Watched {
        address: cluster.nodes[0].listen,
        pid: cluster.nodes[0].pid()?,
        cookie: HeaderValue::from_str(&signing.operator(1)?)?,
    };
    let plan = folder.path().join("plan.json");
    std::fs::write(&plan, room(2, 4).to_string())?;
    let import = [OsStr::new("plan"), OsStr::new("import"), plan.as_os_str()];
    let imported = cluster.command(import).await?;
    let chart = imported.split_whitespace().last().context("no chart was imported")?;
    node.own(actors, chart).await?;
    let mut out = io::stdout();
    writeln!(out, "{actors} actors, {seconds} s each")?;
    writeln!(out, "| who looks | ms of CPU a second | bytes for each watcher and second |")?;
    writeln!(out, "|---|---|---|")?;
    for (who, topics) in ways(actors) {
        let (busy_ms, bytes) = node.watch(&topics, seconds).await?;
        writeln!(out, "| {who} | {busy_ms:.0} | {bytes} |")?;
    }
    if size == Size::Smoke {
        writeln!(out, "{ONLY_TRIED}")?;
    }
    cluster.stop().await
}

/// Who looks at what.
fn ways(actors: usize) -> Vec<(&'static str, Vec<String>)> {
    let table = |page: usize| format!("topic=actors&sort=rate&offset={}", page * ROWS);
    let pages = actors.div_ceil(ROWS);
    let overview = || "topic=overview".to_owned();
    vec![
        ("nobody", Vec::new()),
        ("1 at the table of actors", vec![table(0)]),
        ("20 at the same table", vec![table(0); MANY]),
        ("20 at 20 different pages of it", (0..MANY).map(|page| table(page % pages)).collect()),
        ("1 at the overview", vec![overview()]),
        ("20 at the overview", vec![overview(); MANY]),
    ]
}

/// The node that is watched, and an operator's way in.
struct Watched {
    address: SocketAddr,
    pid: u32,
    cookie: HeaderValue,
}

impl Watched {
    /// Puts so many events on sale, and has the node own each of them.
    async fn own(&self, actors: usize, chart: &str) -> anyhow::Result<()> {
        let headers = HeaderMap::from_iter([(COOKIE, self.cookie.clone())]);
        let http = reqwest::Client::builder().default_headers(headers).build()?;
        let url = format!("http://{}/api/v1/operator/events", self.address);
        let event = json!({
            "title": "A night", "venue": "A small room", "starts_at": "2030-01-01T20:00:00+09:00",
            "chart": chart, "currency": "KRW", "order_fee_minor": 500,
            "ticket_types": [{"key": "adult", "label": "Adult"}],
            "prices": [{"category": "a", "ticket_type": "adult", "amount_minor": 100_000}],
            "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2029-12-31T00:00:00Z",
        });
        let owned = (0..actors).map(|_| async {
            let made = http.post(&url).json(&event).send().await?.error_for_status()?;
            let made: Value = made.json().await?;
            let id = made["id"].as_str().context("an event without an id")?;
            http.get(format!("{url}/{id}")).send().await?.error_for_status()?;
            anyhow::Ok(())
        });
        stream::iter(owned).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        let mut table = self.look("topic=actors").await?;
        let first: Value = serde_json::from_str(&text(&mut table).await?)?;
        ensure!(first["matching"] == actors, "not every event has an actor: {}", first["matching"]);
        Ok(())
    }

    async fn look(&self, query: &str) -> anyhow::Result<WebSocketStream<TcpStream>> {
        let url = format!("ws://{}/api/v1/ops/live?{query}", self.address);
        let mut request = url.into_client_request()?;
        request.headers_mut().insert(COOKIE, self.cookie.clone());
        let stream = TcpStream::connect(self.address).await?;
        Ok(client_async(request, stream).await?.0)
    }

    /// What it costs while these are looked at: milliseconds of CPU a second, and bytes for each
    /// watcher and second.
    async fn watch(&self, topics: &[String], seconds: u32) -> anyhow::Result<(f64, usize)> {
        let mut sockets = Vec::new();
        for query in topics {
            let mut socket = self.look(query).await?;
            text(&mut socket).await?;
            sockets.push(socket);
        }
        let (began, before) = (Instant::now(), usage::of_process(self.pid)?);
        let reading = sockets.into_iter().map(|mut socket| async move {
            let mut bytes = 0;
            for _ in 0..seconds {
                bytes += text(&mut socket).await?.len();
            }
            anyhow::Ok(bytes)
        });
        let bytes: Vec<usize> = try_join_all(reading).await?;
        sleep(Duration::from_secs(seconds.into()).saturating_sub(began.elapsed())).await;
        let busy = usage::of_process(self.pid)?.saturating_sub(before);
        let each = bytes.iter().sum::<usize>() / bytes.len().max(1) / usize::try_from(seconds)?;
        Ok((busy.as_secs_f64() / began.elapsed().as_secs_f64() * 1e3, each))
    }
}

/// The next frame.
async fn text(socket: &mut WebSocketStream<TcpStream>) -> anyhow::Result<String> {
    loop {
        if let Message::Text(text) = socket.next().await.context("closed by the node")?? {
            return Ok(text.to_string());
        }
    }
}
