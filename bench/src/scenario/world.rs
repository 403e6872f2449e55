//! What all users of a run share: the server, its event, and the numbers of fans nobody has yet.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, FanId};
use tokio::sync::watch;

use super::watcher::Board;
use crate::load::asker::Asker;
use crate::load::connection::Connection;
use crate::load::pool::Pool;
use crate::load::recorder::Recorder;
use crate::load::stop::Stop;
use crate::stage::Signing;

/// Above the numbers of accounts, and where those of a rehearsal's bots begin.
const FANS_FROM: u64 = 1 << 62;

/// See the module.
pub(super) struct World {
    pub(super) event: EventId,
    /// Where its chart is.
    pub(super) chart: String,
    /// As what seats are held: the first of the event's ticket types.
    pub(super) ticket_type: String,
    /// The seats of the first row.
    pub(super) row: Range<u32>,
    /// When changes of the seat map were asked for.
    pub(super) board: Board,
    /// Seats in rows, and which is the next that nobody has taken for itself.
    seats: Vec<u32>,
    next_seat: AtomicUsize,
    pub(super) recorder: Arc<Recorder>,
    pub(super) stop: Stop,
    signing: Option<Signing>,
    pool: Arc<Pool>,
    /// When the load began.
    began: watch::Sender<Option<Instant>>,
    /// The next fan who has not been there.
    next: AtomicU64,
}

/// Where a server is, or nodes of one, and what is known of it.
pub(super) struct Door {
    pub(super) addresses: Vec<SocketAddr>,
    /// Without it, nobody can be signed in.
    pub(super) signing: Option<Signing>,
    /// The first that is listed, if none is given.
    pub(super) event: Option<EventId>,
    /// Ends the load before its time.
    pub(super) stop: Stop,
}

impl World {
    /// Looks at the event, which a node has in memory from then on.
    ///
    /// # Errors
    /// If the server does not answer, or has no such event.
    pub(super) async fn enter(door: Door, connections: usize) -> anyhow::Result<Self> {
        let address = *door.addresses.first().context("no server")?;
        let mut connection = Connection::open(address)
            .await
            .with_context(|| format!("nobody answers at {address}"))?;
        let event = match door.event {
            Some(event) => event,
            None => {
                let events = read(&mut connection, "/api/v1/events", None).await?;
                let id = events["items"][0]["id"].as_str().context("the server has no event")?;
                id.parse().ok().with_context(|| format!("{id} is not an event's id"))?
            }
        };
        let visitor = door.signing.as_ref().and_then(|signing| signing.to_read(FANS_FROM));
        let path = format!("/api/v1/events/{event}");
        let shown = read(&mut connection, &path, visitor.as_deref()).await?;
        let chart = shown["chart"].as_str().context("an event without a chart")?;
        let chart = format!("/api/v1/charts/{chart}");
        let ticket_type = shown["ticket_types"][0]["key"].as_str();
        let ticket_type = ticket_type.context("an event without ticket types")?.to_owned();
        let drawn = read(&mut connection, &chart, None).await?;
        let rows = rows(&drawn);
        let row = rows.first().context("a chart without a row of seats")?.clone();
        Ok(Self {
            event,
            chart,
            ticket_type,
            row,
            board: Board::default(),
            seats: rows.into_iter().flatten().collect(),
            next_seat: AtomicUsize::new(0),
            recorder: Arc::new(Recorder::start()),
            stop: door.stop,
            signing: door.signing,
            pool: Arc::new(Pool::new(door.addresses, connections)),
            began: watch::Sender::new(None),
            // Nobody with an account has one of these; runs against one event do not meet.
            next: AtomicU64::new(FANS_FROM | rand::random::<u64>() >> 2),
        })
    }

    /// Somebody who asks.
    pub(super) fn asker(&self) -> Asker {
        Asker::new(Arc::clone(&self.pool), Arc::clone(&self.recorder))
    }

    /// The node whose turn it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.pool.address()
    }

    /// A seat that nobody else takes soon.
    pub(super) fn seat(&self) -> u32 {
        self.seats[self.next_seat.fetch_add(1, Ordering::Relaxed) % self.seats.len()]
    }

    /// The load begins.
    pub(super) fn begin(&self) -> Instant {
        let now = Instant::now();
        self.recorder.restart();
        self.began.send_replace(Some(now));
        now
    }

    /// When the load began, as soon as it has.
    pub(super) async fn began(&self) -> Instant {
        let mut began = self.began.subscribe();
        let began = began.wait_for(Option::is_some).await.ok().and_then(|began| *began);
        began.unwrap_or_else(Instant::now)
    }

    /// A fan who has not been there.
    pub(super) fn fan(&self) -> FanId {
        FanId::new(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// The cookie of somebody new who only reads, if it takes one.
    pub(super) fn visitor(&self) -> Option<String> {
        self.signing.as_ref()?.to_read(self.fan().number())
    }

    /// What signs people in.
    ///
    /// # Errors
    /// If nobody can be signed in.
    pub(super) fn signing(&self) -> anyhow::Result<Signing> {
        self.signing.clone().context(
            "these users are signed in, and making so many accounts takes hours: --access-key \
             names the server's key, access.key in its folder of keys; --bots is for rehearsals",
        )
    }
}

async fn read(
    connection: &mut Connection,
    path: &str,
    cookie: Option<&str>,
) -> anyhow::Result<Value> {
    let status = match cookie {
        Some(cookie) => connection.ask("GET", path, cookie, "").await?,
        None => connection.get(path).await?,
    };
    ensure!(status == 200, "{path}: {status} {}", connection.text());
    serde_json::from_slice(&connection.body).with_context(|| format!("{path} is not JSON"))
}

/// The seats of each row.
fn rows(chart: &Value) -> Vec<Range<u32>> {
    let rows = chart["blocks"].as_array().into_iter().flatten();
    let seats = rows.filter(|block| block["kind"] == "row").map(|row| {
        let number = |field: &str| u32::try_from(row[field].as_u64()?).ok();
        let first = number("first")?;
        Some(first..first + number("count")?)
    });
    seats.flatten().filter(|row| !row.is_empty()).collect()
}
