//! What all users of a run share: the server, its event, and the numbers of fans nobody has yet.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, FanId};

use crate::load::asker::Asker;
use crate::load::connection::Connection;
use crate::load::pool::Pool;
use crate::load::recorder::Recorder;
use crate::load::stop::Stop;
use crate::stage::Signing;

/// See the module.
pub(super) struct World {
    pub(super) event: EventId,
    /// Where its chart is.
    pub(super) chart: String,
    /// As what seats are held: the first of the event's ticket types.
    pub(super) ticket_type: String,
    /// The seats of the first row.
    pub(super) row: Range<u32>,
    pub(super) recorder: Arc<Recorder>,
    pub(super) stop: Stop,
    signing: Option<Signing>,
    pool: Arc<Pool>,
    /// The next fan who has not been there.
    next: AtomicU64,
}

/// Where a server is, and what is known of it.
pub(super) struct Door {
    pub(super) address: SocketAddr,
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
        let address = door.address;
        let mut connection = Connection::open(address)
            .await
            .with_context(|| format!("nobody answers at {address}"))?;
        let event = match door.event {
            Some(event) => event,
            None => {
                let events = read(&mut connection, "/api/v1/events").await?;
                let id = events["items"][0]["id"].as_str().context("the server has no event")?;
                id.parse().ok().with_context(|| format!("{id} is not an event's id"))?
            }
        };
        let shown = read(&mut connection, &format!("/api/v1/events/{event}")).await?;
        let chart = shown["chart"].as_str().context("an event without a chart")?;
        let chart = format!("/api/v1/charts/{chart}");
        let ticket_type = shown["ticket_types"][0]["key"].as_str();
        let ticket_type = ticket_type.context("an event without ticket types")?.to_owned();
        let drawn = read(&mut connection, &chart).await?;
        let row = first_row(&drawn).context("a chart without a row of seats")?;
        Ok(Self {
            event,
            chart,
            ticket_type,
            row,
            recorder: Arc::new(Recorder::start()),
            stop: door.stop,
            signing: door.signing,
            pool: Arc::new(Pool::new(address, connections)),
            // Nobody with an account has one of these; runs against one event do not meet.
            next: AtomicU64::new(rand::random::<u64>() >> 2),
        })
    }

    /// Somebody who asks.
    pub(super) fn asker(&self) -> Asker {
        Asker::new(Arc::clone(&self.pool), Arc::clone(&self.recorder))
    }

    /// A fan who has not been there.
    pub(super) fn fan(&self) -> FanId {
        FanId::new(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// What signs people in.
    ///
    /// # Errors
    /// If nobody can be signed in.
    pub(super) fn signing(&self) -> anyhow::Result<Signing> {
        self.signing.clone().context(
            "these users are signed in, and making so many accounts takes hours: --access-key \
             names the server's key, access.key in its folder of keys",
        )
    }
}

async fn read(connection: &mut Connection, path: &str) -> anyhow::Result<Value> {
    let status = connection.get(path).await?;
    ensure!(status == 200, "{path}: {status} {}", connection.text());
    serde_json::from_slice(&connection.body).with_context(|| format!("{path} is not JSON"))
}

fn first_row(chart: &Value) -> Option<Range<u32>> {
    let row = chart["blocks"].as_array()?.iter().find(|block| block["kind"] == "row")?;
    let number = |field: &str| u32::try_from(row[field].as_u64()?).ok();
    let first = number("first")?;
    Some(first..first + number("count")?)
}
