//! Fans in line who are told their place, against as many who ask for it as those of the old system
//! do: what server and Redis spend on it.
//!
//! Both lines move alike: every second a few who are inside leave, and as many are let in. Fans who
//! are let in are no longer counted. Connecting is not measured.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::feed::frame::{RoomFrame, ServerFrame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, sleep_until};

use super::figure::{Figure, Goal};
use crate::baseline::polling::{self, Lines, Server};
use crate::cluster::Services;
use crate::load::Durations;
use crate::load::connection::Connection;
use crate::size::Size;
use crate::stage::Node;
use crate::usage;

/// Places of the arena: the fewer, the less there is beside the line.
const PLACES: usize = 1_000;
/// How long everybody may take to know of the last move: longer than anybody waits to ask again.
const KNOWN_WITHIN: Duration = Duration::from_secs(30);
/// How often is looked whether everybody does, and how often a claim is made again.
const LOOK: Duration = Duration::from_millis(20);
/// What one read may bring.
const READ: usize = 4 * 1_024;

/// How much is measured.
#[derive(Clone, Copy)]
struct Extent {
    inside: u64,
    waiting: u64,
    /// Seconds, and so often the line moves.
    moves: u64,
    /// By so many fans each time.
    let_in: u64,
}

impl Extent {
    fn of(size: Size) -> Self {
        Self {
            inside: 100,
            waiting: size.pick(5_000, 60),
            moves: size.pick(10, 2),
            let_in: size.pick(20, 5),
        }
    }

    /// How many still wait when it is over.
    const fn left(self) -> u64 {
        self.waiting - self.moves * self.let_in
    }
}

/// What one line cost.
struct Slice {
    /// Of server and Redis.
    core_seconds: f64,
    redis_seconds: f64,
    bytes: u64,
    ages: Durations,
}

#[derive(Default)]
struct Rounds {
    push: Side,
    poll: Side,
    /// By fans who know about as soon as those who are told.
    often: Side,
}

/// When a fan asks again.
#[derive(Clone, Copy)]
enum Pause {
    /// When the server says: the longer, the farther back the fan is.
    AsTold,
    /// Every second.
    Second,
}

/// For each fan who waits, in each round.
#[derive(Default)]
struct Side {
    core_us: Vec<f64>,
    redis_us: Vec<f64>,
    bytes: Vec<f64>,
    age_p50_ms: Vec<f64>,
    age_p99_ms: Vec<f64>,
}

impl Side {
    fn add(&mut self, slice: &Slice, extent: Extent) -> anyhow::Result<()> {
        let fan_seconds = f64::from(u32::try_from(extent.waiting * extent.moves)?);
        self.core_us.push(slice.core_seconds / fan_seconds * 1e6);
        self.redis_us.push(slice.redis_seconds / fan_seconds * 1e6);
        self.bytes.push(f64::from(u32::try_from(slice.bytes)?) / fan_seconds);
        let ms = |percent| slice.ages.percentile(percent).as_secs_f64() * 1_000.0;
        self.age_p50_ms.push(ms(50.0));
        self.age_p99_ms.push(ms(99.0));
        Ok(())
    }
}

/// Measures.
///
/// # Errors
/// If a server or a service fails, or a fan is not told.
pub(super) async fn measure(
    services: &Services,
    tiketi: &Path,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let extent = Extent::of(size);
    let mut node = Node::start(services, tiketi, PLACES).await?;
    let prefix = format!("baseline:{:08x}", rand::random::<u32>());
    let server = Server::start(&services.redis, &prefix).await?;
    let mut lines = Lines::open(&services.redis, prefix).await?;
    let mut all = Rounds::default();
    for round in 0..rounds {
        all.push.add(&pushed(&mut node, &mut lines, extent).await?, extent)?;
        let event = round as u64;
        let as_told = polled(&server, &mut lines, extent, (event, Pause::AsTold)).await?;
        all.poll.add(&as_told, extent)?;
        let often = polled(&server, &mut lines, extent, (event, Pause::Second)).await?;
        all.often.add(&often, extent)?;
        writeln!(
            io::stderr(),
            "line, round {}: push {:.2} µs a fan and second, polling {:.2}, every second {:.2}",
            round + 1,
            all.push.core_us[round],
            all.poll.core_us[round],
            all.often.core_us[round],
        )?;
    }
    server.stop().await?;
    node.stop().await?;
    Ok(vec![all.figure()])
}

impl Rounds {
    fn figure(self) -> Figure {
        let mut figure = Figure::ratio(
            (
                "push_vs_polling",
                "A fan in line who asks, as in the old system, against one who is told",
            ),
            Goal::AtLeast(1.0, 2.0),
            ("polling, server and Redis, µs of a core for a fan and second", &self.poll.core_us),
            ("push, node and Redis, µs of a core for a fan and second", &self.push.core_us),
        );
        figure.parts.extend([
            ("polling every second, server and Redis, µs", self.often.core_us),
            ("polling, of that Redis, µs", self.poll.redis_us),
            ("push, of that Redis, µs", self.push.redis_us),
            ("polling, bytes for a fan and second", self.poll.bytes),
            ("push, bytes for a fan and second", self.push.bytes),
            ("polling, until a fan knows that the line moved, p50 ms", self.poll.age_p50_ms),
            ("polling every second, until a fan knows, p50 ms", self.often.age_p50_ms),
            ("push, until a fan knows that the line moved, p50 ms", self.push.age_p50_ms),
            ("polling, until a fan knows that the line moved, p99 ms", self.poll.age_p99_ms),
            ("polling every second, until a fan knows, p99 ms", self.often.age_p99_ms),
            ("push, until a fan knows that the line moved, p99 ms", self.push.age_p99_ms),
        ]);
        figure
    }
}

/// What all fans of a line share.
#[derive(Default)]
struct Told {
    bytes: AtomicU64,
    /// When each move of the line began.
    moves: Mutex<Vec<Instant>>,
    /// Of each fan and move, until the fan knew.
    ages: Mutex<Durations>,
    /// Fans who are still in line and have been told of every move so far.
    informed: AtomicU64,
}

/// What one fan knows.
#[derive(Default)]
struct Known {
    moves: usize,
}

impl Told {
    fn line_moves(&self) {
        self.informed.store(0, Ordering::Relaxed);
        locked(&self.moves).push(Instant::now());
    }

    /// A fan has just been told that so many have been let in since the beginning.
    fn tell(&self, known: &mut Known, let_in: u64, extent: Extent) -> anyhow::Result<()> {
        let moves = locked(&self.moves);
        let seen = usize::try_from(let_in / extent.let_in)?;
        ensure!(
            seen <= moves.len(),
            "{let_in} were let in, it is said, after {} moves",
            moves.len()
        );
        ensure!(seen >= known.moves, "the line went back: {let_in} were let in, it is said");
        if seen > known.moves {
            let mut ages = locked(&self.ages);
            for begun in &moves[known.moves..seen] {
                ages.record(begun.elapsed());
            }
            known.moves = seen;
            if seen == moves.len() {
                self.informed.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Waits until every fan who is still in line knows of the last move.
    async fn everybody_knows(
        &self,
        fans: &mut JoinSet<anyhow::Result<()>>,
        extent: Extent,
    ) -> anyhow::Result<()> {
        let give_up_at = Instant::now() + KNOWN_WITHIN;
        while self.informed.load(Ordering::Relaxed) < extent.left() {
            while let Some(ended) = fans.try_join_next() {
                ended??;
            }
            let informed = self.informed.load(Ordering::Relaxed);
            ensure!(Instant::now() < give_up_at, "{informed} of {} know", extent.left());
            sleep(LOOK).await;
        }
        Ok(())
    }

    fn slice(&self, core_seconds: f64, redis_seconds: f64, bytes: u64) -> Slice {
        let ages = locked(&self.ages).clone();
        Slice { core_seconds: core_seconds + redis_seconds, redis_seconds, bytes, ages }
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ours.
async fn pushed(node: &mut Node, lines: &mut Lines, extent: Extent) -> anyhow::Result<Slice> {
    let event = node.stage.event(extent.inside, extent.waiting).await?.id;
    let (told, mut fans) = (Arc::new(Told::default()), JoinSet::new());
    for fan in extent.inside..extent.inside + extent.waiting {
        let cookie = node.signing().cookie(fan)?;
        let stream =
            crate::live::connect(TcpSocket::new_v4()?, node.address(), event, Some(&cookie))
                .await?;
        fans.spawn(listen(stream, fan, Arc::clone(&told), extent));
    }
    let mut turnstile = Turnstile::open(node, event, extent).await?;
    let pid = node.pid()?;
    sleep(Duration::from_secs(1)).await;
    let (before, redis, bytes) =
        (usage::of_process(pid)?, lines.core_seconds().await?, told.bytes());
    let mut seconds = interval(Duration::from_secs(1));
    for _ in 0..extent.moves {
        seconds.tick().await;
        told.line_moves();
        turnstile.turn(extent.let_in).await?;
    }
    seconds.tick().await;
    let used = usage::of_process(pid)?.saturating_sub(before).max(usage::TICK);
    let redis = lines.core_seconds().await? - redis;
    let bytes = told.bytes() - bytes;
    told.everybody_knows(&mut fans, extent).await?;
    Ok(told.slice(used.as_secs_f64(), redis, bytes))
}

impl Told {
    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// A fan who waits to be told, until the fan is let in.
async fn listen(
    mut stream: TcpStream,
    fan: u64,
    told: Arc<Told>,
    extent: Extent,
) -> anyhow::Result<()> {
    let (mut frames, mut known) = (crate::live::Frames::default(), Known::default());
    loop {
        let mut read = [0; READ];
        let length = stream.read(&mut read).await?;
        ensure!(length > 0, "a fan's socket was closed");
        told.bytes.fetch_add(length as u64, Ordering::Relaxed);
        frames.extend(&read[..length]);
        while let Some(frame) = frames.take() {
            if frame.is_ping() {
                stream.write_all(&crate::live::PONG).await?;
                told.bytes.fetch_add(crate::live::PONG.len() as u64, Ordering::Relaxed);
            } else if let Ok(ServerFrame::Room(room)) = ServerFrame::decode(frame.payload) {
                let Some(first) = first_in_line(&room) else { bail!("nobody waits any more") };
                // Numbers are given one after the other, and nobody who waits goes.
                if fan < first {
                    return Ok(());
                }
                told.tell(&mut known, first - extent.inside, extent)?;
            }
        }
    }
}

fn first_in_line(room: &RoomFrame) -> Option<u64> {
    room.marks.first().map(|mark| mark.0)
}

/// Lets fans leave an event of ours, and those who are called go in.
struct Turnstile {
    connection: Connection,
    queue: String,
    inside: VecDeque<(u64, String)>,
    waiting: VecDeque<(u64, String)>,
}

impl Turnstile {
    async fn open(node: &Node, event: EventId, extent: Extent) -> anyhow::Result<Self> {
        let signing = node.signing();
        let fan = |fan| anyhow::Ok((fan, signing.cookie(fan)?));
        let moved = extent.moves * extent.let_in;
        Ok(Self {
            connection: Connection::open(node.address()).await?,
            queue: format!("/api/v1/events/{event}/queue"),
            inside: (0..extent.inside).map(fan).collect::<anyhow::Result<_>>()?,
            waiting: (extent.inside..extent.inside + moved)
                .map(fan)
                .collect::<anyhow::Result<_>>()?,
        })
    }

    async fn turn(&mut self, fans: u64) -> anyhow::Result<()> {
        for _ in 0..fans {
            let (fan, cookie) = self.inside.pop_front().context("nobody is inside")?;
            let status = self.connection.ask("DELETE", &self.queue, &cookie, "").await?;
            ensure!(status < 300, "fan {fan} cannot leave: {status} {}", self.connection.text());
        }
        let claim = format!("{}/claim", self.queue);
        for _ in 0..fans {
            let (fan, cookie) = self.waiting.pop_front().context("nobody waits")?;
            let give_up_at = Instant::now() + KNOWN_WITHIN;
            while self.connection.ask("POST", &claim, &cookie, "").await? != 200 {
                let answer = self.connection.text();
                ensure!(Instant::now() < give_up_at, "fan {fan} is not let in: {answer}");
                sleep(LOOK).await;
            }
            self.inside.push_back((fan, cookie));
        }
        Ok(())
    }
}

/// The old way.
async fn polled(
    server: &Server,
    lines: &mut Lines,
    extent: Extent,
    (event, pause): (u64, Pause),
) -> anyhow::Result<Slice> {
    lines.set_up(event, extent.inside, extent.waiting).await?;
    let (told, mut fans) = (Arc::new(Told::default()), JoinSet::new());
    for place in 1..=extent.waiting {
        let connection = Connection::open(server.address).await?;
        let poller = Poller {
            connection,
            request: status(server.address, event, extent.inside + place - 1),
            place,
            pause,
        };
        fans.spawn(poller.ask(Arc::clone(&told), extent));
    }
    let mut leaving = Connection::open(server.address).await?;
    let pid = server.pid()?;
    // By then everybody has asked once.
    sleep(Duration::from_secs(polling::next_poll_s(extent.waiting))).await;
    let (before, redis, bytes) =
        (usage::of_process(pid)?, lines.core_seconds().await?, told.bytes());
    let mut seconds = interval(Duration::from_secs(1));
    for turn in 0..extent.moves {
        seconds.tick().await;
        told.line_moves();
        for user in turn * extent.let_in..(turn + 1) * extent.let_in {
            let request = leave(server.address, event, user);
            let status = leaving.exchange(&request).await?;
            ensure!(status == 200, "user {user} cannot leave: {status}");
        }
    }
    seconds.tick().await;
    let used = usage::of_process(pid)?.saturating_sub(before).max(usage::TICK);
    let redis = lines.core_seconds().await? - redis;
    let bytes = told.bytes() - bytes;
    told.everybody_knows(&mut fans, extent).await?;
    fans.shutdown().await;
    lines.forget(event).await?;
    Ok(told.slice(used.as_secs_f64(), redis, bytes))
}

/// A fan who asks, until the fan is let in.
struct Poller {
    connection: Connection,
    request: String,
    /// In line, from 1.
    place: u64,
    pause: Pause,
}

impl Poller {
    async fn ask(mut self, told: Arc<Told>, extent: Extent) -> anyhow::Result<()> {
        let mut known = Known::default();
        // Not all at once: that would be worse for the server.
        let pause = self.pause.after(polling::next_poll_s(self.place));
        let mut next = Instant::now() + pause.mul_f64(rand::random());
        loop {
            sleep_until(next.into()).await;
            let asked = Instant::now();
            let status = self.connection.exchange(&self.request).await?;
            ensure!(status == 200, "a fan is told {status}");
            let length = self.request.len() + self.connection.read_bytes();
            told.bytes.fetch_add(length as u64, Ordering::Relaxed);
            let answer: Value = serde_json::from_slice(&self.connection.body)?;
            if answer["status"] == "active" {
                return Ok(());
            }
            let place = answer["position"].as_u64().context("a fan who waits has no place")?;
            let let_in = self.place.checked_sub(place).context("the line went back")?;
            told.tell(&mut known, let_in, extent)?;
            let pause = answer["nextPoll"].as_u64().context("not told when to ask again")?;
            next = asked + self.pause.after(pause);
        }
    }
}

impl Pause {
    /// When the server says so many seconds.
    fn after(self, said_s: u64) -> Duration {
        match self {
            Self::AsTold => Duration::from_secs(said_s),
            Self::Second => Duration::from_secs(1),
        }
    }
}

fn status(server: SocketAddr, event: u64, user: u64) -> String {
    format!("GET /api/queue/status/{event} HTTP/1.1\r\nHost: {server}\r\nX-User-Id: {user}\r\n\r\n")
}

fn leave(server: SocketAddr, event: u64, user: u64) -> String {
    format!("POST /api/queue/leave/{event} HTTP/1.1\r\nHost: {server}\r\nX-User-Id: {user}\r\n\r\n")
}
