//! The owner of one event: decides in memory, appends in batches, and lets nothing out before it
//! is durable.
//!
//! A command is decided and applied at once, and its records and answer join the pending batch.
//! If nothing is in flight the batch is shipped as soon as the mailbox is empty; otherwise it
//! grows until the append in flight returns. There is no timer in this: under light load a batch
//! has one command, under heavy load hundreds. When an append returns, its answers are given and
//! its records go to the feed. If its outcome is unknown it is found out first (see
//! [`super::appending`]). If it failed for good, the state in memory is worth nothing: everybody
//! who waits is told so, and the actor ends. The next command makes the registry take the event
//! over again, from what is durable.

use std::sync::Arc;
use std::time::Duration;

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, SpawnHandle,
    WrapFuture,
};
use bytes::Bytes;

use super::appending::append as append_batch;
use super::batch::{Batched, Waiter};
use super::metrics::EngineMetrics;
use super::recovery::Owned;
use super::registry::Slot;
use super::{ActorPorts, EngineConfig, EngineError};
use crate::domain::command::{Command, Origin, Reply, Request, StandingView};
use crate::domain::hold::Hold;
use crate::domain::ids::{EventId, FanId, Fence, Seq};
use crate::domain::inventory::Counts;
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::domain::terms::{SaleStatus, Terms};
use crate::domain::time::Timestamp;
use crate::feed::{Projection, PublicState, room_frame};
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{JournalError, StoredSnapshot};

/// What can be asked of an event without changing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// What a fan has and where the fan stands.
    Fan(FanId),
    /// The sale as operators see it.
    Overview,
    /// The public state, to begin a replica with.
    Feed,
}

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A command's answer.
    Reply(Reply),
    /// See [`Question::Fan`].
    Fan {
        /// Where the fan stands.
        standing: StandingView,
        /// The fan's live hold.
        hold: Option<Hold>,
        /// Places that the fan has bought.
        bought: u32,
    },
    /// See [`Question::Overview`].
    Overview(Box<Overview>),
    /// See [`Question::Feed`].
    Feed((Fence, Seq, Vec<PublicState>, Bytes)),
}

/// A sale as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The last record.
    pub seq: Seq,
    /// The owner's fence.
    pub fence: Fence,
    /// Whether the sale runs.
    pub status: SaleStatus,
    /// The terms in force.
    pub terms: Terms,
    /// Places by state.
    pub counts: Counts,
    /// Fans called or admitted.
    pub inside: u32,
    /// Fans in line.
    pub waiting: u32,
}

/// A request on its way to an actor.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Submit {
    pub(super) request: Request,
    pub(super) waiter: Waiter,
}

/// A question on its way to an actor.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Ask {
    pub(super) question: Question,
    pub(super) waiter: Waiter,
}

/// Save a snapshot and end: the server goes down.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Stop;

/// The mailbox has been worked off: ship what is pending.
#[derive(Debug, Message)]
#[rtype(result = "()")]
struct Ship;

/// An append has returned.
#[derive(Debug, Message)]
#[rtype(result = "()")]
struct Appended {
    result: Result<Fence, JournalError>,
    snapshot: Option<StoredSnapshot>,
}

/// The owner of one event.
pub(super) struct EventActor {
    event: EventId,
    sale: Sale,
    fence: Fence,
    hash: ChainHash,
    projection: Projection,
    ports: ActorPorts,
    config: EngineConfig,
    metrics: EngineMetrics,
    slot: Arc<Slot>,
    pending: Batched,
    in_flight: Option<Batched>,
    /// Whether a [`Ship`] is on its way.
    ship_sent: bool,
    /// Whether the waiting room may look otherwise than the feed has it.
    room_changed: bool,
    room_made_at: Timestamp,
    snapshot_at: Seq,
    asked_at: Timestamp,
    alarm: Option<(Timestamp, SpawnHandle)>,
    publish_at: Option<Timestamp>,
    stopping: bool,
}

impl EventActor {
    pub(super) fn new(
        owned: Owned,
        ports: ActorPorts,
        config: EngineConfig,
        metrics: EngineMetrics,
        slot: Arc<Slot>,
    ) -> Self {
        let now = ports.clock.now();
        let Owned { sale, fence, hash } = owned;
        Self {
            event: sale.event(),
            projection: Projection::of(&sale, fence, now),
            fence,
            hash,
            snapshot_at: sale.seq(),
            sale,
            ports,
            config,
            metrics,
            slot,
            pending: Batched::default(),
            in_flight: None,
            ship_sent: false,
            room_changed: false,
            room_made_at: now,
            asked_at: now,
            alarm: None,
            publish_at: None,
            stopping: false,
        }
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    fn execute(&mut self, request: &Request) -> Result<Told, EngineError> {
        let now = self.now();
        self.metrics.commands.inc();
        let executed =
            self.sale.execute(now, request).inspect_err(|_| self.metrics.rejections.inc())?;
        self.room_changed |= !executed.records.is_empty();
        self.pending.records.extend(executed.records);
        Ok(Told::Reply(executed.reply))
    }

    /// Gives an answer once everything it rests on is durable: at once if nothing is pending.
    fn answer(&mut self, waiter: Waiter, answer: Result<Told, EngineError>) {
        if self.pending.is_empty() && self.in_flight.is_none() {
            waiter.answer(answer);
        } else {
            self.pending.add(waiter, answer);
        }
    }

    /// Ships what is pending once the messages that have arrived by now have been decided.
    fn ship_soon(&mut self, ctx: &Context<Self>) {
        if !self.pending.is_empty() && self.in_flight.is_none() && !self.ship_sent {
            self.ship_sent = true;
            ctx.address().do_send(Ship);
        }
    }

    fn ship(&mut self, ctx: &Context<Self>) {
        if self.in_flight.is_some() || self.pending.is_empty() {
            return;
        }
        let mut batched = std::mem::take(&mut self.pending);
        if batched.records.is_empty() {
            batched.release();
            return;
        }
        let batch = Batch::seal(self.event, self.fence, self.hash, &batched.records);
        let append = Append { rows: Rows::of(&self.sale, &batched.records), batch };
        let snapshot = self.due_snapshot(append.batch.hash);
        batched.room = self.due_room();
        self.hash = append.batch.hash;
        self.metrics.batch_records.observe(count(batched.records.len()));
        self.in_flight = Some(batched);
        let (ports, address) = (self.ports.clone(), ctx.address());
        let settle_within = self.config.settle_within;
        let timer = self.metrics.append_seconds.start_timer();
        let append = actix::spawn(async move { append_batch(&ports, append, settle_within).await });
        // The result comes back as a message, so that commands are decided in the meantime.
        actix::spawn(async move {
            let panicked = |_| Err(JournalError::Unavailable("the append panicked".to_owned()));
            let result = append.await.unwrap_or_else(panicked);
            timer.observe_duration();
            address.do_send(Appended { result, snapshot });
        });
    }

    /// The room frame of the state as it is, if the feed has another and the last one is old enough.
    fn due_room(&mut self) -> Option<Bytes> {
        let now = self.now();
        let due = self.room_changed && now.since(self.room_made_at) >= self.config.tick;
        due.then(|| {
            self.room_changed = false;
            self.room_made_at = now;
            room_frame(&self.sale, self.fence, now)
        })
    }

    fn due_snapshot(&mut self, hash: ChainHash) -> Option<StoredSnapshot> {
        let seq = self.sale.seq();
        if seq.0 - self.snapshot_at.0 < self.config.snapshot_every {
            return None;
        }
        self.snapshot_at = seq;
        Some(StoredSnapshot { seq, hash, state: self.sale.snapshot() })
    }

    fn save(&self, snapshot: StoredSnapshot) -> impl Future<Output = ()> + use<> {
        let (journal, event) = (Arc::clone(&self.ports.journal), self.event);
        async move {
            // Without it the next recovery replays more; that is all.
            if let Err(error) = journal.save_snapshot(event, &snapshot).await {
                tracing::warn!(event.id = %event, %error, "snapshot not saved");
            }
        }
    }

    fn appended(&mut self, ctx: &mut Context<Self>, snapshot: Option<StoredSnapshot>) {
        let Some(batched) = self.in_flight.take() else { return };
        self.metrics.records.inc_by(batched.records.len() as u64);
        self.projection.take_in(&self.sale, &batched.records);
        if let Some(room) = &batched.room {
            self.projection.take_in_room(room.clone());
        }
        batched.release();
        if let Some(snapshot) = snapshot {
            actix::spawn(self.save(snapshot));
        }
        let now = self.now();
        self.publish_at.get_or_insert_with(|| now.after(self.config.tick));
        self.ship(ctx);
        self.wake_later(ctx);
    }

    /// The state in memory is not what is durable: whoever waits must ask the next owner.
    fn fail(&mut self, ctx: &mut Context<Self>, error: &JournalError) {
        tracing::warn!(event.id = %self.event, %error, seq = %self.sale.seq(), "append failed");
        self.metrics.failures.inc();
        // Whoever is told now and asks again must not reach this actor.
        self.slot.clear();
        let answer = EngineError::Unavailable { retry_after: Duration::from_secs(1) };
        if let Some(batched) = self.in_flight.take() {
            batched.fail(&answer);
        }
        std::mem::take(&mut self.pending).fail(&answer);
        ctx.stop();
    }

    /// Time has passed: let it act, publish what has changed, go if nobody needs this actor.
    fn wake(&mut self, ctx: &mut Context<Self>) {
        self.alarm = None;
        let now = self.now();
        if self.sale.next_due(now).is_some_and(|due| due <= now) {
            let tick = Request { by: Origin::Clock, key: None, command: Command::Tick };
            if let Err(error) = self.execute(&tick) {
                tracing::error!(event.id = %self.event, %error, "a tick was rejected");
            }
            self.ship_soon(ctx);
        }
        if self.publish_at.is_some_and(|at| at <= now) {
            self.publish_at = None;
            self.publish();
        }
        if self.is_idle(now) && self.slot.try_retire() {
            self.retire(ctx);
        } else {
            self.wake_later(ctx);
        }
    }

    fn publish(&mut self) {
        // While an append is in flight, what is in memory may not leave; its return sees to it.
        if self.in_flight.is_none()
            && self.pending.is_empty()
            && let Some(room) = self.due_room()
        {
            self.projection.take_in_room(room);
        }
        if let Some(publication) = self.projection.publish() {
            self.ports.bus.publish(self.event, Arc::new(publication));
        }
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        let quiet = now.since(self.asked_at) >= self.config.passivate_after;
        let settled = self.pending.is_empty() && self.in_flight.is_none();
        quiet && settled && self.publish_at.is_none() && self.sale.next_due(now).is_none()
    }

    /// Saves what the next recovery would have to replay, then ends.
    fn retire(&mut self, ctx: &mut Context<Self>) {
        if self.snapshot_at == self.sale.seq() {
            ctx.stop();
            return;
        }
        self.snapshot_at = self.sale.seq();
        let (seq, hash) = (self.sale.seq(), self.hash);
        let saved = self.save(StoredSnapshot { seq, hash, state: self.sale.snapshot() });
        ctx.spawn(saved.into_actor(self).map(|(), _, ctx| ctx.stop()));
    }

    /// Sets the alarm for the next thing that time alone brings about.
    fn wake_later(&mut self, ctx: &mut Context<Self>) {
        let now = self.now();
        let idle_at = self.asked_at.after(self.config.passivate_after).max(now.after(IDLE_CHECK));
        let due = self.sale.next_due(now).map(|due| due.max(now.after(self.config.tick)));
        let next = [due, self.publish_at].into_iter().flatten().min().unwrap_or(idle_at);
        match &self.alarm {
            Some((at, _)) if *at <= next => return,
            Some((_, handle)) => {
                ctx.cancel_future(*handle);
            }
            None => {}
        }
        let clock = Arc::clone(&self.ports.clock);
        let sleep = async move { clock.sleep(next.since(now)).await };
        let wake = sleep.into_actor(self).map(|(), actor, ctx| actor.wake(ctx));
        self.alarm = Some((next, ctx.spawn(wake)));
    }

    fn tell(&mut self, question: Question) -> Told {
        match question {
            Question::Fan(fan) => Told::Fan {
                standing: self.sale.standing(fan),
                hold: self.sale.hold_of(fan).cloned(),
                bought: self.sale.bought(fan),
            },
            Question::Overview => Told::Overview(Box::new(Overview {
                seq: self.sale.seq(),
                fence: self.fence,
                status: self.sale.status(),
                terms: self.sale.terms().clone(),
                counts: self.sale.inventory().counts(),
                inside: self.sale.room().inside(),
                waiting: self.sale.room().line().len(),
            })),
            Question::Feed => {
                self.publish();
                Told::Feed(self.projection.start())
            }
        }
    }
}

/// How often an actor with nothing to do looks whether it may go.
const IDLE_CHECK: Duration = Duration::from_secs(5);

fn count(len: usize) -> f64 {
    u32::try_from(len).map_or(f64::from(u32::MAX), f64::from)
}

impl Actor for EventActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.metrics.actors.inc();
        self.wake_later(ctx);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.metrics.actors.dec();
    }
}

impl Handler<Submit> for EventActor {
    type Result = ();

    fn handle(&mut self, Submit { request, waiter }: Submit, ctx: &mut Self::Context) {
        self.asked_at = self.now();
        let answer = self.execute(&request);
        self.answer(waiter, answer);
        self.ship_soon(ctx);
    }
}

impl Handler<Ask> for EventActor {
    type Result = ();

    fn handle(&mut self, Ask { question, waiter }: Ask, ctx: &mut Self::Context) {
        self.asked_at = self.now();
        let told = self.tell(question);
        match question {
            // The feed shows what is durable already.
            Question::Feed => waiter.answer(Ok(told)),
            Question::Fan(_) | Question::Overview => self.answer(waiter, Ok(told)),
        }
        self.ship_soon(ctx);
    }
}

impl Handler<Ship> for EventActor {
    type Result = ();

    fn handle(&mut self, _: Ship, ctx: &mut Self::Context) {
        self.ship_sent = false;
        self.ship(ctx);
    }
}

impl Handler<Appended> for EventActor {
    type Result = ();

    fn handle(&mut self, Appended { result, snapshot }: Appended, ctx: &mut Self::Context) {
        match result {
            Ok(fence) => {
                self.fence = fence;
                self.appended(ctx, snapshot);
            }
            Err(error) => self.fail(ctx, &error),
        }
        if self.stopping && self.in_flight.is_none() && self.pending.is_empty() {
            self.retire(ctx);
        }
    }
}

impl Handler<Stop> for EventActor {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        self.stopping = true;
        self.ship(ctx);
        if self.in_flight.is_none() && self.pending.is_empty() {
            self.retire(ctx);
        }
    }
}
