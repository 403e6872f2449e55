//! `tiketi-bench sellout`: a crowd at the door of one event, until the last seat has its ticket.
//!
//! A node of a cluster over real services, driven over HTTP. Everybody joins the waiting room; those
//! at its front are let in, hold seats, pay at the payment sandbox and get their tickets, which lets
//! in the next. In the end what every client was told is held against the journal.

mod buyer;
mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use tiketi_engine::domain::ids::FanId;
use tokio::task::JoinSet;

pub(crate) use self::buyer::Buyer;
use self::report::Report;
use crate::audit::journal::Durable;
use crate::audit::{Found, History, ToldPlace, judge, moment};
use crate::cluster::Services;
use crate::load::asker::Asker;
use crate::load::closed::{self, Client, Limit};
use crate::load::pool::Pool;
use crate::load::recorder::{Recorded, Recorder};
use crate::size::Size;
use crate::stage::Node;

/// Fans inside at the same time.
const INSIDE: u32 = 500;
/// How long the whole crowd may take to join.
const JOIN_WITHIN: Duration = Duration::from_mins(10);

/// What to sell, and to whom.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the node: a release build.
    #[arg(long, default_value = "target/release/tiketi")]
    pub tiketi: PathBuf,
    /// Seats of the arena.
    #[arg(long, default_value_t = 20_000)]
    pub seats: u32,
    /// Fans who want them.
    #[arg(long, default_value_t = 50_000)]
    pub fans: u64,
    /// Seats that each buys.
    #[arg(long, default_value_t = 2)]
    pub each: u32,
    /// Fans who are served at the same time, each over a connection.
    #[arg(long, default_value_t = 64)]
    pub connections: usize,
    /// Only try whether it works, with any build: the figures mean nothing.
    #[arg(long)]
    pub smoke: bool,
    /// The folder for `sellout.json` and `sellout-history.json`.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// Sells everything and audits it.
///
/// # Errors
/// [`Found`] if clients were told otherwise than the journal has it; others if something does not
/// start, or a fan is refused what should be granted.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    match measure(args).await?.found() {
        0 => Ok(()),
        many => Err(Found(many).into()),
    }
}

/// Sells everything, writes the report and prints it.
///
/// # Errors
/// If something does not start, or a fan is refused what should be granted.
pub(crate) async fn measure(args: &Args) -> anyhow::Result<Report> {
    Size::of(args.smoke)?;
    ensure!(args.each > 0 && args.seats.is_multiple_of(args.each), "--each must divide --seats");
    let wanted = u64::from(args.seats / args.each);
    ensure!(args.fans >= wanted, "{wanted} fans are needed to buy all seats");
    ensure!(args.connections > 0, "somebody must be served");
    let services = Services::from_env()?;
    let node = Node::start(&services, &args.tiketi, args.seats as usize).await?;
    let event = node.stage.event_with_room(INSIDE).await?.id;
    let pool = Arc::new(Pool::new(vec![node.address()], args.connections));
    let recorder = Arc::new(Recorder::start());
    let buyer = || {
        let asker = Asker::new(Arc::clone(&pool), Arc::clone(&recorder));
        Buyer::new(asker, node.signing(), event)
    };
    let (line, joined) = join(buyer, args).await?;
    let mut sold = sell(buyer, args, &line).await?;
    sold.recorded = recorder.finish();
    sold.history.places = line.into_iter().filter_map(|(_, place)| place).collect();
    let durable = Durable::read(&node.stage.store, event).await?;
    let findings = judge(&sold.history, &durable.records);
    node.stop().await?;
    let report = Report::of(args, joined, &sold, &findings);
    report.write(&args.out, &sold.history)?;
    report.print()?;
    Ok(report)
}

/// What came of the sale.
#[derive(Default)]
struct Sold {
    tickets: u64,
    took: Duration,
    recorded: Recorded,
    history: History,
}

/// A fan, and the number in line that the fan was told; none if it was the fan's turn at once.
pub(crate) type InLine = (FanId, Option<ToldPlace>);

/// Lets everybody join; the fans in the order in which they will be called, and how long it took.
async fn join(buyer: impl Fn() -> Buyer, args: &Args) -> anyhow::Result<(Vec<InLine>, Duration)> {
    let client = || Joining::new(buyer(), FanId::new(0));
    let clients = (0..args.connections).map(|_| client()).collect();
    let limit = Limit { requests: args.fans, lasts: JOIN_WITHIN };
    let closed = closed::run(clients, limit).await?;
    ensure!(closed.done == args.fans, "not everybody had joined after {JOIN_WITHIN:?}");
    let told = closed.clients.into_iter().flat_map(|client| client.told);
    let mut line: Vec<InLine> = told.collect();
    line.sort_unstable_by_key(|(_, place)| place.map(|place| place.number));
    Ok((line, closed.took))
}

/// Fans who join one after the other.
pub(crate) struct Joining {
    buyer: Buyer,
    first: u64,
    /// What each was told.
    pub(crate) told: Vec<InLine>,
}

impl Joining {
    /// The fan of request 0 is the first.
    pub(crate) fn new(buyer: Buyer, first: FanId) -> Self {
        Self { buyer, first: first.number(), told: Vec::new() }
    }
}

impl Client for Joining {
    async fn request(&mut self, number: u64) -> anyhow::Result<()> {
        let fan = FanId::new(self.first + number);
        let asked = moment(Instant::now());
        let number = self.buyer.join(fan).await?;
        let told = moment(Instant::now());
        let place = number.map(|number| ToldPlace { fan, number, asked, told });
        self.told.push((fan, place));
        Ok(())
    }
}

/// Serves fans from the front of the line until no seat is left.
async fn sell(buyer: impl Fn() -> Buyer, args: &Args, line: &[InLine]) -> anyhow::Result<Sold> {
    let fans: Arc<[FanId]> = line.iter().map(|(fan, _)| *fan).collect();
    let (next, sold) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)));
    let (seats, each) = (u64::from(args.seats), args.each);
    let started = Instant::now();
    let mut serving = JoinSet::new();
    for _ in 0..args.connections {
        let mut buyer = buyer();
        let (fans, next, sold) = (Arc::clone(&fans), Arc::clone(&next), Arc::clone(&sold));
        serving.spawn(async move {
            while sold.load(Ordering::Relaxed) < seats {
                let Some(fan) = fans.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                // Nothing is left but what others are paying for.
                let Some(tickets) = buyer.buy(*fan, each).await? else { break };
                sold.fetch_add(tickets, Ordering::Relaxed);
            }
            anyhow::Ok(buyer)
        });
    }
    let mut all = Sold::default();
    while let Some(ended) = serving.join_next().await {
        all.history.merge(ended??.history);
    }
    all.took = started.elapsed();
    all.tickets = sold.load(Ordering::Relaxed);
    ensure!(all.tickets == seats, "{} of {seats} seats were sold", all.tickets);
    Ok(all)
}
