//! `tiketi-bench waiting-room`: a crowd that waits for one event, all of it connected at once.
//!
//! A cluster of real nodes over real services, and as many processes of fans. Everybody joins the
//! waiting room over HTTP, then opens a live socket and is told the place; nobody is let in. What it
//! costs the nodes is measured when all are there, while nothing happens, when an operator pauses the
//! sale, which everybody must see, and when everybody is cut off at once and comes back. A fan who is
//! not told the place ends the run.

mod fan;
mod generator;
mod generators;
mod nodes;
mod place;
mod report;
mod shares;

use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::terms::SaleStatus;
use tokio::time::sleep;

pub use self::generator::run as fans;
use self::generator::{Order, Plan};
pub(crate) use self::generators::COMMAND as FANS_COMMAND;
use self::generators::Generators;
use self::nodes::Usage;
use self::report::Report;
use self::shares::shares;
use crate::audit::journal::Durable;
use crate::audit::{Finding, Found, History, Kind, Moment, ToldPlace, judge, moment};
use crate::cluster::Services;
use crate::load::Durations;
use crate::load::connection::Connection;
use crate::size::Size;
use crate::stage::Node;

/// Places of the arena: whoever connects gets the state of each.
const PLACES: usize = 20_000;
/// How long everybody waits without anything happening: each socket is pinged once.
const IDLE: Duration = Duration::from_secs(25);
/// What everybody must see, one after the other.
const NEWS: [(SaleStatus, &str); 4] = [
    (SaleStatus::Paused, "pause"),
    (SaleStatus::Open, "resume"),
    (SaleStatus::Paused, "pause"),
    (SaleStatus::Open, "resume"),
];
/// How long the operator goes on asking, in microseconds, and how often.
const OPERATED_WITHIN_US: Moment = 30_000_000;
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// How long each step may take.
const STEP_WITHIN: Duration = Duration::from_mins(20);

/// Who waits.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the nodes: a release build.
    #[arg(long, default_value = "target/release/tiketi")]
    pub tiketi: PathBuf,
    /// Fans who wait.
    #[arg(long, default_value_t = 100_000)]
    pub fans: u64,
    /// Only try whether it works, in seconds and with any build: the figures mean nothing.
    #[arg(long)]
    pub smoke: bool,
    /// The folder for `waiting-room.json`.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// Lets everybody wait, and audits it.
///
/// # Errors
/// If somebody is not told the place, or a socket ends; [`Found`] if somebody was told another place
/// than the journal has; others if something does not start.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    match measure(args).await?.found() {
        0 => Ok(()),
        many => Err(Found(many).into()),
    }
}

/// Lets everybody wait, writes the report and prints it.
///
/// # Errors
/// If somebody is not told the place, a socket ends, or something does not start.
pub(crate) async fn measure(args: &Args) -> anyhow::Result<Report> {
    let size = Size::of(args.smoke)?;
    ensure!(args.fans > 0, "somebody must wait");
    let services = Services::from_env()?;
    let shares = shares(args.fans);
    let mut node = Node::first_of(shares.len(), &services, &args.tiketi, PLACES).await?;
    let event = node.stage.event_with_lobby().await?.id;
    let waited = wait(&mut node, event, &shares, size.pick(IDLE, Duration::from_secs(1))).await?;
    let findings = audit(&node, event, &waited.places).await?;
    node.stop().await?;
    let report = Report::of(&waited, &findings, size);
    report.write(&args.out)?;
    report.print()?;
    Ok(report)
}

/// What came of it.
struct Waited {
    places: Vec<ToldPlace>,
    /// From the start of a connection until its fan was told the place.
    told: Durations,
    /// Before anybody came, when all had joined, when all were connected, and after the quiet time.
    usage: [Usage; 4],
    /// Of each piece of news, from the operator's request until each fan saw it.
    news: Vec<Durations>,
    /// After the news.
    heard: Usage,
    /// As `told`, when everybody had been cut off.
    told_again: Durations,
    /// When everybody was back.
    at_last: Usage,
    /// Of each node.
    sockets: Vec<u64>,
    generators_kb: f64,
}

async fn wait(
    node: &mut Node,
    event: EventId,
    shares: &[Range<u64>],
    idle: Duration,
) -> anyhow::Result<Waited> {
    let fans = shares.last().map_or(0, |share| share.end);
    let mut generators = Generators::start(plans(node, event, shares)?).await?;
    let before = Usage::of(node)?;

    generators.tell(Order::Join).await?;
    let places = generators.answers::<Vec<ToldPlace>>(STEP_WITHIN).await?.concat();
    let joined = Usage::of(node)?;
    numbered(&places, fans)?;

    let told = all_told(&mut generators, Order::Connect, fans).await?;
    let connected = Usage::of(node)?;

    sleep(idle).await;
    let idle = Usage::of(node)?;

    let mut news = Vec::with_capacity(NEWS.len());
    for status in NEWS {
        news.push(spread(node, &mut generators, event, status).await?);
    }
    still_open(node, &mut generators, fans).await?;
    let heard = Usage::of(node)?;

    let told_again = all_told(&mut generators, Order::Reconnect, fans).await?;
    let sockets = still_open(node, &mut generators, fans).await?;
    Ok(Waited {
        places,
        told,
        usage: [before, joined, connected, idle],
        news,
        heard,
        told_again,
        at_last: Usage::of(node)?,
        sockets,
        generators_kb: generators.resident_kb()?,
    })
}

/// How long each fan took from connecting to the place.
async fn all_told(
    generators: &mut Generators,
    order: Order,
    fans: u64,
) -> anyhow::Result<Durations> {
    generators.tell(order).await?;
    let micros = generators.answers::<Vec<u64>>(STEP_WITHIN).await?.concat();
    ensure!(micros.len() as u64 == fans, "{} of {fans} fans were told their place", micros.len());
    Ok(durations(micros))
}

/// A generator for each node.
fn plans(node: &Node, event: EventId, shares: &[Range<u64>]) -> anyhow::Result<Vec<Plan>> {
    let nodes = node.cluster.nodes.iter().map(|node| node.listen);
    let mut plans = Vec::with_capacity(shares.len());
    for ((fans, node_at), generator) in shares.iter().zip(nodes).zip(0..) {
        let (fans, access_key) = (fans.clone(), node.access_key()?);
        plans.push(Plan { generator, fans, event, node: node_at, access_key });
    }
    ensure!(plans.len() == shares.len(), "more than 255 generators");
    Ok(plans)
}

/// Everybody has a number of the own, and they are 0, 1, 2 …
fn numbered(places: &[ToldPlace], fans: u64) -> anyhow::Result<()> {
    ensure!(places.len() as u64 == fans, "{} of {fans} fans have a number", places.len());
    let mut numbers: Vec<u64> = places.iter().map(|place| place.number).collect();
    numbers.sort_unstable();
    for (number, expected) in numbers.into_iter().zip(0..) {
        ensure!(number >= expected, "two fans have number {number}");
        ensure!(number == expected, "nobody has number {expected}");
    }
    Ok(())
}

/// An operator changes whether the sale runs; how long it took until each fan saw it.
async fn spread(
    node: &Node,
    generators: &mut Generators,
    event: EventId,
    (status, name): (SaleStatus, &str),
) -> anyhow::Result<Durations> {
    let mut operator = Connection::open(node.address()).await?;
    let (cookie, path) =
        (node.signing().operator(1)?, format!("/api/v1/ops/events/{event}/actions"));
    generators.tell(Order::Hear(status)).await?;
    let asked = moment(Instant::now());
    let body = format!(r#"{{"action":"{name}","reason":"to see how soon it is seen"}}"#);
    // An event that is just changing its owner is not there for a moment.
    while operator.ask("POST", &path, &cookie, &body).await? != 200 {
        let refused = asked.saturating_add(OPERATED_WITHIN_US) < moment(Instant::now());
        ensure!(!refused, "the operator is refused: {}", operator.text());
        sleep(ASK_AGAIN_AFTER).await;
    }
    let heard = generators.answers::<Vec<Moment>>(STEP_WITHIN).await?.concat();
    Ok(durations(heard.into_iter().map(|at| at.saturating_sub(asked))))
}

/// The sockets of each node, if fans and nodes agree that nobody has gone.
async fn still_open(
    node: &Node,
    generators: &mut Generators,
    fans: u64,
) -> anyhow::Result<Vec<u64>> {
    generators.tell(Order::Count).await?;
    let open: u64 = generators.answers::<u64>(STEP_WITHIN).await?.into_iter().sum();
    let sockets = nodes::sockets(node).await?;
    let counted: u64 = sockets.iter().sum();
    ensure!(open == fans && counted == fans, "{open} of {fans} are open; nodes have {counted}");
    Ok(sockets)
}

/// Where the journal has it otherwise than fans were told.
async fn audit(node: &Node, event: EventId, places: &[ToldPlace]) -> anyhow::Result<Vec<Finding>> {
    let durable = Durable::read(&node.stage.store, event).await?;
    let history = History { places: places.to_vec(), ..History::default() };
    let mut findings = judge(&history, &durable.records).all;
    // Nothing is for sale yet.
    findings.retain(|finding| finding.kind != Kind::NothingSold);
    Ok(findings)
}

fn durations(micros: impl IntoIterator<Item = u64>) -> Durations {
    let mut all = Durations::default();
    for micros in micros {
        all.record(Duration::from_micros(micros));
    }
    all
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::ids::FanId;

    use super::*;

    fn told(numbers: &[u64]) -> Vec<ToldPlace> {
        let place = |(number, fan)| ToldPlace { fan: FanId::new(fan), number, asked: 0, told: 1 };
        numbers.iter().copied().zip(0..).map(place).collect()
    }

    #[test]
    fn a_number_that_is_missing_or_given_twice_is_seen() {
        let why = |numbers: &[u64]| numbered(&told(numbers), 3).err().map(|why| why.to_string());
        assert_eq!(why(&[2, 0, 1]), None);
        assert_eq!(why(&[0, 1]).unwrap(), "2 of 3 fans have a number");
        assert_eq!(why(&[1, 0, 1]).unwrap(), "two fans have number 1");
        assert_eq!(why(&[0, 3, 1]).unwrap(), "nobody has number 2");
    }
}
