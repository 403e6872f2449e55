//! Durable holds on one hot event: through the engine, in batches that are there already, the old
//! way, and over HTTP; and how long the engine takes to acknowledge one at half of its highest rate.
//!
//! A round measures each once, one after the other, on an event of its own whose places have no
//! row yet. Every fan holds one seat; no two want the same.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tiketi_engine::domain::command::Reply;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::engine::Engine;
use tiketi_engine::journal::Append;
use tiketi_engine::ports::{Clock as _, Journal as _};

use super::figure::{Figure, Goal};
use crate::baseline::{self, OldClient};
use crate::cluster::Services;
use crate::crowd;
use crate::load::Durations;
use crate::load::closed::{self, Client, Closed, Limit};
use crate::load::open::{FellBehind, OpenLoop, Opened};
use crate::size::Size;
use crate::stage::{Node, Stage};

/// Fans that ask the engine at once.
const AT_ONCE: usize = 1_024;
/// Connections of the baseline.
const OLD_CLIENTS: usize = 32;
/// Seats of the baseline: more than it can hold in all rounds.
const OLD_SEATS: i64 = 400_000;
/// The batches that the engine is held against.
const BATCH: u32 = 256;
/// The batches whose commit the engine's acknowledgement is held against.
const SMALL_BATCH: u32 = 64;
/// How often a run whose generator fell behind is tried again.
const TRIES: u32 = 9;

/// How much a round measures.
#[derive(Clone, Copy)]
struct Extent {
    /// Places, and fans inside.
    places: u32,
    /// How long one measurement starts new requests, if it does not run out of places.
    lasts: Duration,
    /// Fans who hold over HTTP.
    http_fans: u64,
    /// How many small batches.
    small_batches: u32,
    /// The generator of open load may be this late for one request in a hundred. What it is late
    /// counts as latency too: it makes the figure worse, never better.
    lag_max: Duration,
}

impl Extent {
    fn of(size: Size) -> Self {
        Self {
            places: size.pick(60_000, 2_000),
            lasts: size.pick(Duration::from_secs(3), Duration::from_millis(300)),
            http_fans: size.pick(40_000, 1_000),
            small_batches: size.pick(200, 10),
            lag_max: size.pick(Duration::from_millis(10), Duration::MAX),
        }
    }
}

/// What one round gave.
#[derive(Debug, Default)]
struct Rounds {
    engine: Vec<f64>,
    baseline: Vec<f64>,
    batches: Vec<f64>,
    http: Vec<f64>,
    ack_p99_ms: Vec<f64>,
    ack_p50_ms: Vec<f64>,
    batch_p50_ms: Vec<f64>,
    batch_p99_ms: Vec<f64>,
    lag_p99_ms: Vec<f64>,
    refused_percent: Vec<f64>,
}

/// Measures; the four figures.
///
/// # Errors
/// If a service or the node fails, or a hold is refused.
pub(super) async fn measure(
    services: &Services,
    tiketi: &std::path::Path,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let extent = Extent::of(size);
    let name = format!("tiketi_{:08x}", rand::random::<u32>());
    let database = services.create_database(&name).await?;
    let stage = Stage::open(&database, extent.places as usize).await?;
    let engine = stage.engine().await?;
    let mut old = baseline::start(&database, &services.redis, OLD_SEATS, OLD_CLIENTS).await?;
    let node = Node::start(services, tiketi, extent.places as usize).await?;
    let mut all = Rounds::default();
    services.fill_log().await?;
    for round in 0..rounds {
        services.reuse_log().await?;
        let rate = through_engine(&stage, &engine, extent).await?;
        all.engine.push(rate);
        old = old_way(old, extent, &mut all).await?;
        in_batches(&stage, extent, &mut all).await?;
        all.tail(&acknowledged(&stage, &engine, rate / 2.0, extent).await?)?;
        all.http.push(node.holds(extent.http_fans, extent.lasts).await?);
        writeln!(
            io::stderr(),
            "holds, round {}: engine {rate:.0}/s, baseline {:.0}/s, batches {:.0}/s, HTTP {:.0}/s, \
             ack p99 {:.2} ms",
            round + 1,
            all.baseline[round],
            all.batches[round],
            all.http[round],
            all.ack_p99_ms[round],
        )?;
    }
    node.stop().await?;
    engine.stop().await;
    stage.store.close().await;
    Ok(all.figures())
}

impl Rounds {
    /// Adds what acknowledgements took.
    fn tail(&mut self, opened: &Opened) -> anyhow::Result<()> {
        // The engine refuses what would wait beyond its bound.
        let refused = u32::try_from(opened.failed)?;
        let asked = u32::try_from(opened.latency.count())?;
        self.refused_percent.push(f64::from(refused) / f64::from(asked) * 100.0);
        self.ack_p99_ms.push(millis(opened.latency.percentile(99.0)));
        self.ack_p50_ms.push(millis(opened.latency.percentile(50.0)));
        self.lag_p99_ms.push(millis(opened.lag.percentile(99.0)));
        Ok(())
    }

    fn figures(self) -> Vec<Figure> {
        let engine = ("engine, holds/s", &self.engine[..]);
        let baseline = ("baseline with 32 connections, holds/s", &self.baseline[..]);
        let http = ("over HTTP, holds/s", &self.http[..]);
        let batches = ("batches of 256 ready to send, holds/s", &self.batches[..]);
        let ack = ("acknowledgement at half the highest rate, p99 ms", &self.ack_p99_ms[..]);
        let batch = ("commit of a batch of 64, p50 ms", &self.batch_p50_ms[..]);
        let mut latency = Figure::ratio(
            ("ack_p99_vs_batch_p50", "Acknowledging a hold, p99, against one batch of 64"),
            Goal::AtMost(4.0, 2.5),
            ack,
            batch,
        );
        latency.parts.push(("acknowledgement at half the highest rate, p50 ms", self.ack_p50_ms));
        latency.parts.push(("commit of a batch of 64, p99 ms", self.batch_p99_ms));
        latency.parts.push(("holds refused, %", self.refused_percent));
        latency.parts.push(("lag of the generator, p99 ms", self.lag_p99_ms));
        vec![
            Figure::ratio(
                ("holds_vs_baseline", "Durable holds, engine against the old way"),
                Goal::AtLeast(10.0, 20.0),
                engine,
                baseline,
            ),
            Figure::ratio(
                ("holds_vs_raw_batch", "Durable holds, engine against ready batches of 256"),
                Goal::AtLeast(0.5, 0.75),
                engine,
                batches,
            ),
            Figure::ratio(
                ("http_holds_vs_baseline", "Durable holds over HTTP against the old way without"),
                Goal::AtLeast(2.0, 2.0),
                http,
                baseline,
            ),
            latency,
        ]
    }
}

/// A fan after the other, each waiting for the answer.
struct EngineClient {
    engine: Engine,
    event: EventId,
}

async fn hold(engine: Engine, event: EventId, fan: u64) -> anyhow::Result<()> {
    let command = crowd::hold_one(u32::try_from(fan)?);
    let reply = engine.submit(event, crowd::request(fan, command)).await?;
    ensure!(matches!(reply, Reply::Hold(_)), "no hold: {reply:?}");
    Ok(())
}

impl Client for EngineClient {
    async fn request(&mut self, number: u64) -> anyhow::Result<()> {
        hold(self.engine.clone(), self.event, number).await
    }
}

/// An event that the engine has in memory.
async fn warm(stage: &Stage, engine: &Engine, extent: Extent) -> anyhow::Result<EventId> {
    let event = stage.event(u64::from(extent.places), 0).await?.id;
    engine.overview(event).await?;
    Ok(event)
}

async fn through_engine(stage: &Stage, engine: &Engine, extent: Extent) -> anyhow::Result<f64> {
    let event = warm(stage, engine, extent).await?;
    let client = || EngineClient { engine: engine.clone(), event };
    let clients = (0..AT_ONCE).map(|_| client()).collect();
    let limit = Limit { requests: u64::from(extent.places), lasts: extent.lasts };
    let ran: Closed<EngineClient> = closed::run(clients, limit).await?;
    // What was acknowledged is what is there.
    let held = engine.overview(event).await?.counts.held;
    ensure!(held as u64 == ran.done, "{held} places held, {} acknowledged", ran.done);
    Ok(ran.rate())
}

async fn old_way(
    clients: Vec<OldClient>,
    extent: Extent,
    all: &mut Rounds,
) -> anyhow::Result<Vec<OldClient>> {
    let limit = Limit { requests: u64::MAX, lasts: extent.lasts };
    let ran = closed::run(clients, limit).await?;
    all.baseline.push(ran.rate());
    Ok(ran.clients)
}

/// The engine's own statement with everything decided, sealed and in order beforehand.
async fn in_batches(stage: &Stage, extent: Extent, all: &mut Rounds) -> anyhow::Result<()> {
    let mut event = stage.event(u64::from(extent.places), 0).await?;
    event.take_over(&stage.store).await?;
    let now = stage.clock.now();
    let small = SMALL_BATCH * extent.small_batches;
    let mut ready = |from: u32, to: u32, size: u32| -> anyhow::Result<Vec<Append>> {
        let starts = (from..to).step_by(size as usize);
        starts.map(|at| event.holds(at, to.min(at + size), now)).collect()
    };
    let smalls = ready(0, small, SMALL_BATCH)?;
    let larges = ready(small, extent.places, BATCH)?;
    let mut commits = Durations::default();
    for append in &smalls {
        let started = Instant::now();
        stage.store.append(append).await?;
        commits.record(started.elapsed());
    }
    let started = Instant::now();
    for append in &larges {
        stage.store.append(append).await?;
    }
    all.batches.push(f64::from(extent.places - small) / started.elapsed().as_secs_f64());
    all.batch_p50_ms.push(millis(commits.percentile(50.0)));
    all.batch_p99_ms.push(millis(commits.percentile(99.0)));
    Ok(())
}

async fn acknowledged(
    stage: &Stage,
    engine: &Engine,
    rate: f64,
    extent: Extent,
) -> anyhow::Result<Opened> {
    let mut tries = 0;
    loop {
        match at_rate(stage, engine, rate, extent).await? {
            Ok(opened) => return Ok(opened),
            Err(behind) if tries == TRIES => return Err(behind.into()),
            Err(behind) => {
                tries += 1;
                writeln!(io::stderr(), "{behind}; once more")?;
            }
        }
    }
}

async fn at_rate(
    stage: &Stage,
    engine: &Engine,
    rate: f64,
    extent: Extent,
) -> anyhow::Result<Result<Opened, FellBehind>> {
    let event = warm(stage, engine, extent).await?;
    let lasts = extent.lasts.min(Duration::from_secs_f64(f64::from(extent.places) / rate));
    let load = OpenLoop { rate, lasts, lag_max: extent.lag_max };
    let engine = Arc::new(engine.clone());
    Ok(load.run(move |fan| hold(Engine::clone(&engine), event, fan)).await)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
