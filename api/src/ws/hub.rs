//! One task for each watched event: follows it and writes to its sockets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use tiketi_engine::domain::ids::{EventId, FanId, Fence, Seq};
use tiketi_engine::engine::{Engine, Watch, Watched};
use tiketi_engine::errand::EngineError;
use tiketi_engine::feed::{Catch, Publication, frame};
use tiketi_engine::ports::Clock;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep};

use super::connection::{Connection, Sent, closing, framed, ping};
use super::socket::SocketMetrics;
use crate::task::Tasks;

/// Orders to one hub that may wait; whoever gives one waits too.
const ORDERS_MAX: usize = 1_024;
/// How often a browser is pinged.
const PING_EVERY: Duration = Duration::from_secs(25);
/// How long a browser may be silent: two pings and a half.
const SILENCE_MAX: Duration = Duration::from_millis(62_500);
/// How long a hub without sockets stays.
const LINGER: Duration = Duration::from_secs(30);
/// How long to wait before an event is asked again.
const RETRY: Duration = Duration::from_millis(500);

/// What a socket wants of its hub.
enum Order {
    /// Begin: the browser has seen everything up to there.
    Join(u64, Arc<Connection>, Fence, Seq),
    /// Carry on from there.
    Resume(u64, Fence, Seq),
    /// The socket is gone.
    Leave(u64),
}

/// All hubs of this process.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Inner>);

struct Inner {
    engine: Engine,
    clock: Arc<dyn Clock>,
    tasks: Tasks,
    metrics: SocketMetrics,
    rooms: DashMap<EventId, mpsc::Sender<Order>>,
    by_fan: DashMap<FanId, usize>,
    per_fan_max: usize,
    next: AtomicU64,
}

/// A socket's place in its hub; dropping it takes the socket out.
pub(super) struct Seat {
    hub: Hub,
    room: mpsc::Sender<Order>,
    number: u64,
    fan: Option<FanId>,
}

impl Hub {
    pub(crate) fn new(
        engine: Engine,
        clock: Arc<dyn Clock>,
        tasks: Tasks,
        metrics: SocketMetrics,
        per_fan_max: usize,
    ) -> Self {
        let (rooms, by_fan, next) = (DashMap::new(), DashMap::new(), AtomicU64::new(0));
        Self(Arc::new(Inner { engine, clock, tasks, metrics, rooms, by_fan, per_fan_max, next }))
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    pub(super) fn metrics(&self) -> &SocketMetrics {
        &self.0.metrics
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.0.clock.now().as_millis()).unwrap_or(0)
    }

    /// Counts a fan's socket in; false if there are too many.
    pub(crate) fn reserve(&self, fan: Option<FanId>) -> bool {
        let Some(fan) = fan else { return true };
        let mut count = self.0.by_fan.entry(fan).or_insert(0);
        let room = *count < self.0.per_fan_max;
        if room {
            *count += 1;
        }
        room
    }

    /// Takes back what [`Self::reserve`] counted in.
    pub(crate) fn give_back(&self, fan: Option<FanId>) {
        let Some(fan) = fan else { return };
        if let Some(mut count) = self.0.by_fan.get_mut(&fan) {
            *count -= 1;
        }
        self.0.by_fan.remove_if(&fan, |_, count| *count == 0);
    }

    /// Puts a socket into the hub of its event; `fan` must have been counted in.
    pub(super) async fn join(
        &self,
        event: EventId,
        connection: Arc<Connection>,
        (epoch, seq): (Fence, Seq),
    ) -> Option<Seat> {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let fan = connection.fan;
        // A hub that is just ending does not take orders any more: then a new one is made.
        for _ in 0..3 {
            let room = self.room(event);
            let order = Order::Join(number, Arc::clone(&connection), epoch, seq);
            if room.send(order).await.is_ok() {
                return Some(Seat { hub: self.clone(), room, number, fan });
            }
            self.0.rooms.remove_if(&event, |_, room| room.is_closed());
        }
        None
    }

    fn room(&self, event: EventId) -> mpsc::Sender<Order> {
        let entry = self.0.rooms.entry(event);
        let new = || {
            let (sender, receiver) = mpsc::channel(ORDERS_MAX);
            let room = Room { hub: self.clone(), event, sockets: BTreeMap::new() };
            self.0.tasks.spawn("hub", room.run(receiver));
            sender
        };
        entry.or_insert_with(new).clone()
    }
}

impl Seat {
    /// Asks for what the browser has missed.
    pub(super) async fn resume(&self, epoch: Fence, seq: Seq) {
        // A hub that is gone has closed its sockets.
        drop(self.room.send(Order::Resume(self.number, epoch, seq)).await);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.give_back(self.fan);
        let (room, number) = (self.room.clone(), self.number);
        if let Err(mpsc::error::TrySendError::Full(order)) = room.try_send(Order::Leave(number)) {
            self.hub.0.tasks.spawn("leave", async move {
                drop(room.send(order).await);
            });
        }
    }
}

/// One event's sockets.
struct Room {
    hub: Hub,
    event: EventId,
    /// In the order in which they came, and mostly lie in memory: writing to thousands is faster so.
    sockets: BTreeMap<u64, Arc<Connection>>,
}

impl Room {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let stopping = self.hub.tasks().stopping().clone();
        if let Some(mut watch) = self.watch(&mut orders).await {
            let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
            let mut empty_since = Instant::now();
            loop {
                if !self.sockets.is_empty() {
                    empty_since = Instant::now();
                } else if empty_since.elapsed() > LINGER {
                    break;
                }
                // Each branch may be dropped at an await without losing anything.
                tokio::select! {
                    () = stopping.cancelled() => break,
                    order = orders.recv() => match order {
                        Some(order) => self.carry_out(&mut watch, order),
                        None => break,
                    },
                    watched = watch.next() => match watched {
                        Ok(watched) => self.spread(&mut watch, watched),
                        // It was a rehearsal, and is wiped.
                        Err(EngineError::UnknownEvent) => break,
                        Err(_) => sleep(RETRY).await,
                    },
                    _ = pings.tick() => self.ping(),
                }
            }
        }
        orders.close();
        // Going away (RFC 6455 §7.4.1); browsers come back by themselves.
        let goodbye = closing(1001);
        while let Some(order) = orders.recv().await {
            if let Order::Join(number, connection, ..) = order {
                self.sockets.insert(number, connection);
            }
        }
        for connection in self.sockets.values() {
            connection.send(&goodbye);
            connection.close();
        }
        self.hub.0.rooms.remove_if(&self.event, |_, room| room.is_closed());
    }

    /// Begins to follow the event; tries until it works or nobody waits for it.
    async fn watch(&mut self, orders: &mut mpsc::Receiver<Order>) -> Option<Watch> {
        let stopping = self.hub.tasks().stopping().clone();
        loop {
            match self.hub.0.engine.watch(self.event).await {
                Ok(watch) => return Some(watch),
                Err(error) => tracing::warn!(event.id = %self.event, %error, "not watched"),
            }
            tokio::select! {
                () = stopping.cancelled() => return None,
                () = sleep(RETRY) => {}
            }
            if orders.is_empty() && self.sockets.is_empty() {
                return None;
            }
        }
    }

    fn carry_out(&mut self, watch: &mut Watch, order: Order) {
        match order {
            Order::Join(number, connection, epoch, seq) => {
                let replica = watch.replica();
                let now = self.hub.clock().now();
                let places = replica.places();
                let hello = frame::hello(replica.epoch(), replica.seq(), now, places);
                connection.send(&framed(&hello));
                connection.send(&framed(replica.room()));
                catch_up(watch, &connection, epoch, seq);
                self.sockets.insert(number, connection);
                self.hub.metrics().opened(self.event);
            }
            Order::Resume(number, epoch, seq) => {
                if let Some(connection) = self.sockets.get(&number) {
                    catch_up(watch, connection, epoch, seq);
                }
            }
            Order::Leave(number) => {
                if self.sockets.remove(&number).is_some() {
                    self.hub.metrics().closed(self.event);
                }
            }
        }
    }

    fn spread(&mut self, watch: &mut Watch, watched: Watched) {
        match watched {
            Watched::Followed(publication) => self.publish(&publication),
            Watched::Restarted => {
                let snapshot = framed(&watch.replica().snapshot());
                let room = framed(watch.replica().room());
                self.broadcast(&[snapshot, room]);
                self.hub.metrics().resyncs.inc_by(self.sockets.len() as u64);
            }
        }
    }

    fn publish(&mut self, publication: &Publication) {
        let mut frames = Vec::with_capacity(2);
        if publication.after > publication.before {
            frames.push(framed(&publication.delta));
        }
        frames.extend(publication.room.as_deref().map(framed));
        self.broadcast(&frames);
        if publication.fans.is_empty() {
            return;
        }
        let yours = framed(&frame::yours(publication.after));
        let fans: std::collections::BTreeSet<FanId> = publication.fans.iter().copied().collect();
        for connection in self.sockets.values() {
            if connection.fan.is_some_and(|fan| fans.contains(&fan)) {
                connection.send(&yours);
            }
        }
    }

    /// Writes frames to every socket, as one write each.
    fn broadcast(&mut self, frames: &[Bytes]) {
        let together = match frames {
            [] => return,
            [one] => one.clone(),
            several => several.concat().into(),
        };
        let metrics = self.hub.metrics().clone();
        let (mut sent, event) = (0, self.event);
        self.sockets.retain(|_, connection| match connection.send(&together) {
            Sent::Queued => {
                sent += 1;
                true
            }
            Sent::Behind => {
                metrics.behind.inc();
                true
            }
            Sent::Closed => {
                metrics.closed(event);
                false
            }
        });
        metrics.frames.inc_by(sent * frames.len() as u64);
        metrics.bytes.inc_by(sent * together.len() as u64);
    }

    fn ping(&mut self) {
        let now = self.hub.now_ms();
        let silence_max = u64::try_from(SILENCE_MAX.as_millis()).unwrap_or(u64::MAX);
        for connection in self.sockets.values() {
            if now.saturating_sub(connection.heard_at()) > silence_max {
                connection.close();
            }
        }
        self.broadcast(&[ping()]);
    }
}

fn catch_up(watch: &mut Watch, connection: &Connection, epoch: Fence, seq: Seq) {
    match watch.replica().catch_up(epoch, seq) {
        Catch::Nothing => {}
        Catch::Deltas(deltas) => {
            for delta in deltas {
                connection.send(&framed(&delta));
            }
        }
        Catch::Snapshot(snapshot) => {
            connection.send(&framed(&snapshot));
        }
    }
}
