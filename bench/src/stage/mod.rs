//! Events to measure on: on sale, with everybody inside, durable in Postgres.

mod clock;
mod node;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tiketi_engine::actor::{ActorPorts, EngineConfig, EngineMetrics};
use tiketi_engine::domain::change::Record;
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::{EventId, FanId, Fence};
use tiketi_engine::domain::rows::Rows;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::{Engine, EngineParts};
use tiketi_engine::feed::LocalBus;
use tiketi_engine::journal::{Append, Batch, ChainHash};
use tiketi_engine::ports::{
    Bilingual, Catalog as _, Clock as _, Journal as _, Listing, ListingState, NodeId,
    StoredSnapshot,
};
use tiketi_persistence::postgres::{self, Postgres, PostgresConfig};

use self::clock::WallClock;
pub(crate) use self::node::{Node, Signing};
use crate::crowd;

/// Records of one batch while an event is being set up.
const SET_UP_BATCH: usize = 4_096;

/// A database with the schemas of this release, and the charts of events.
pub(crate) struct Stage {
    pub(crate) store: Postgres,
    pub(crate) clock: Arc<WallClock>,
    pub(crate) chart: Arc<Chart>,
}

/// An event as it is durable: nobody owns it yet.
pub(crate) struct Staged {
    pub(crate) id: EventId,
    pub(crate) sale: Sale,
    hash: ChainHash,
    fence: Fence,
}

impl Stage {
    /// Over an empty database, or one of a cluster that has just started; with an arena of so many
    /// places.
    ///
    /// # Errors
    /// If Postgres refuses.
    pub(crate) async fn open(database: &str, places: usize) -> anyhow::Result<Self> {
        let config = PostgresConfig::new(database);
        postgres::migrate(&config).await?;
        let store = postgres::open(&config, NodeId(rand::random())).await?;
        let (clock, chart) = (Arc::new(WallClock::start()), crowd::arena(places));
        store.put_chart(&chart, clock.now()).await?;
        Ok(Self { store, clock, chart })
    }

    /// Puts an event on sale, with fans `0..inside` inside and `waiting` more in line.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) async fn event(&self, inside: u64, waiting: u64) -> anyhow::Result<Staged> {
        let opens_at = self.an_hour_ago();
        self.set_up(opens_at, u32::try_from(inside)?, inside, waiting).await
    }

    /// Puts an event on sale to which nobody has come, with room for so many inside.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) async fn event_with_room(&self, room: u32) -> anyhow::Result<Staged> {
        self.set_up(self.an_hour_ago(), room, 0, 0).await
    }

    /// An event whose waiting room is open, and which lets nobody in for an hour.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) async fn event_with_lobby(&self) -> anyhow::Result<Staged> {
        self.set_up(self.clock.now().after(Duration::from_hours(1)), 1, 0, 0).await
    }

    fn an_hour_ago(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.now().as_millis() - 3_600_000)
    }

    async fn set_up(
        &self,
        opens_at: Timestamp,
        room: u32,
        inside: u64,
        waiting: u64,
    ) -> anyhow::Result<Staged> {
        let id = EventId::new(rand::random::<u64>() >> 1);
        let now = self.clock.now();
        let mut terms = crowd::terms(&self.chart);
        let hour_ago = self.an_hour_ago();
        // A millisecond may have passed since somebody said when it opens.
        terms.rules.lobby_opens_at = hour_ago.min(opens_at);
        terms.rules.opens_at = opens_at;
        terms.rules.closes_at = now.after(Duration::from_hours(24));
        // Longer than any run: nothing expires while something is measured.
        terms.rules.hold_ttl = Duration::from_hours(2);
        terms.rules.refunds_until = hour_ago;
        terms.rules.admitted_max = room;
        let listing = Listing {
            id,
            title: "A night of figures".to_owned(),
            description: String::new(),
            venue: Bilingual::same(self.chart.name()),
            venue_id: None,
            starts_at: now.after(Duration::from_hours(24)),
            chart: self.chart.hash(),
            state: ListingState::Published,
            created_at: now,
            poster: None,
        };
        self.store.add_event(&listing).await?;
        let first = Sale::opening(now, &self.chart, terms)?;
        let sale = Sale::open(id, Arc::clone(&self.chart), &first);
        let mut event = Staged { id, sale, hash: ChainHash::default(), fence: Fence(0) };
        let first = event.seal(&[first]);
        self.store.create(&first).await?;
        let fans = (0..inside).flat_map(|fan| [(fan, Command::Join), (fan, Command::Claim)]);
        let fans = fans.chain((inside..inside + waiting).map(|fan| (fan, Command::Join)));
        let mut records = Vec::with_capacity(SET_UP_BATCH + 2);
        for (fan, command) in fans {
            records.extend(event.sale.execute(now, &crowd::request(fan, command))?.records);
            if records.len() >= SET_UP_BATCH {
                self.store.append(&event.seal(&records)).await?;
                records.clear();
            }
        }
        if !records.is_empty() {
            self.store.append(&event.seal(&records)).await?;
        }
        Ok(event)
    }

    /// An engine in this process over the same database, with nothing else around it.
    ///
    /// # Errors
    /// If its threads do not start.
    pub(crate) async fn engine(&self) -> anyhow::Result<Engine> {
        let store = Arc::new(self.store.clone());
        let ports = ActorPorts {
            journal: Arc::clone(&store) as _,
            catalog: store,
            bus: Arc::new(LocalBus::default()),
            clock: Arc::clone(&self.clock) as _,
        };
        let metrics = EngineMetrics::register(&prometheus::Registry::new())?;
        Ok(Engine::start(EngineParts::alone(ports, EngineConfig::default(), metrics)).await?)
    }
}

impl Staged {
    /// Becomes the owner, so that what is sealed from now on may be appended.
    ///
    /// # Errors
    /// If Postgres refuses.
    pub(crate) async fn take_over(&mut self, store: &Postgres) -> anyhow::Result<()> {
        self.fence = store.take_over(self.id).await?.fence;
        Ok(())
    }

    /// Holds of one seat each by fans `from..to`, as one batch that is not appended yet.
    ///
    /// # Errors
    /// If a fan is not inside or has a hold.
    pub(crate) fn holds(&mut self, from: u32, to: u32, now: Timestamp) -> anyhow::Result<Append> {
        let mut records = Vec::with_capacity((to - from) as usize);
        for fan in from..to {
            let request = crowd::request(u64::from(fan), crowd::hold_one(fan));
            records.extend(self.sale.execute(now, &request)?.records);
        }
        Ok(self.seal(&records))
    }

    /// The same fans give back what they hold.
    ///
    /// # Errors
    /// If one holds nothing.
    pub(crate) fn releases(
        &mut self,
        from: u32,
        to: u32,
        now: Timestamp,
    ) -> anyhow::Result<Append> {
        let mut records = Vec::with_capacity((to - from) as usize);
        for fan in from..to {
            let hold = self.sale.hold_of(FanId::new(u64::from(fan))).context("no hold")?.id;
            let request = crowd::request(u64::from(fan), Command::ReleaseHold(hold));
            records.extend(self.sale.execute(now, &request)?.records);
        }
        Ok(self.seal(&records))
    }

    /// The state as it is, to be kept.
    pub(crate) fn snapshot(&self) -> StoredSnapshot {
        StoredSnapshot { seq: self.sale.seq(), hash: self.hash, state: self.sale.snapshot() }
    }

    fn seal(&mut self, records: &[Record]) -> Append {
        let batch = Batch::seal(self.id, self.fence, self.hash, records);
        self.hash = batch.hash;
        Append { rows: Rows::of(&self.sale, records), batch }
    }
}
