//! The owner of one event: decides in memory, appends in batches, and lets nothing out before it
//! is durable.
//!
//! A command is decided and applied at once, and its records and answer join the pending batch.
//! If nothing is in flight the batch is shipped as soon as the mailbox is empty; otherwise it
//! grows until the append in flight returns. There is no timer in this: under light load a batch
//! has one command, under heavy load hundreds. When an append returns, its answers are given and
//! its records go to the feed. If its outcome is unknown it is found out first (see
//! [`super::appending`]). If it failed for good, the state in memory is worth nothing: everybody
//! who waits is told so, and the actor ends. So it does when its lease may have ended: then
//! another node may own the event, and nothing is answered or published any more. The next command
//! makes the registry take the event over again, from what is durable.

use std::sync::Arc;
use std::time::Duration;

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, ResponseFuture,
    SpawnHandle, WrapFuture,
};
use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::appending::append as append_batch;
use super::batch::{Batched, Waiter};
use super::metrics::EngineMetrics;
use super::recovery::Owned;
use super::registry::{Slot, Tenure};
use super::vitals::Outcome;
use super::{ActorPorts, EngineConfig, spans};
use crate::books::Books;
use crate::domain::change::Record;
use crate::domain::command::{Command, Origin, Request};
use crate::domain::ids::{EventId, Fence, Seq};
use crate::domain::rejection::Rejection;
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::domain::time::Timestamp;
use crate::errand::{EngineError, Missed, Overview, Question, Told};
use crate::feed::{Projection, room_frame};
use crate::journal::{Append, Batch, ChainHash};
use crate::planted::{self, Bug};
use crate::ports::{JournalError, StoredSnapshot};

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

/// Save a snapshot of what is durable, and say when that is done.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Checkpoint;

/// Finish what was accepted and end: the event changes hands, or the server goes down.
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
    took: Duration,
    snapshot: Option<StoredSnapshot>,
}

/// The owner of one event.
pub(super) struct EventActor {
    event: EventId,
    sale: Sale,
    fence: Fence,
    hash: ChainHash,
    tenure: Tenure,
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
    /// When the last record in the latest snapshot was decided.
    snapshot_of: Option<Timestamp>,
    /// Who wait for a [`Checkpoint`].
    checkpoints: Vec<oneshot::Sender<()>>,
    asked_at: Timestamp,
    alarm: Option<(Timestamp, SpawnHandle)>,
    publish_at: Option<Timestamp>,
    /// When to say again how far the feed is, and how long to wait after that.
    beat: (Timestamp, Duration),
    stopping: bool,
}

impl EventActor {
    pub(super) fn new(
        owned: Owned,
        tenure: Tenure,
        ports: ActorPorts,
        config: EngineConfig,
        metrics: EngineMetrics,
        slot: Arc<Slot>,
    ) -> Self {
        let now = ports.clock.now();
        let Owned { sale, fence, hash, snapshot_at, snapshot_of } = owned;
        Self {
            event: sale.event(),
            projection: Projection::of(&sale, fence, now),
            fence,
            hash,
            snapshot_at,
            snapshot_of,
            sale,
            tenure,
            ports,
            config,
            metrics,
            slot,
            pending: Batched::default(),
            in_flight: None,
            ship_sent: false,
            room_changed: false,
            room_made_at: now,
            checkpoints: Vec::new(),
            asked_at: now,
            alarm: None,
            publish_at: None,
            beat: (now, BEAT_MIN),
            stopping: false,
        }
    }

    fn now(&self) -> Timestamp {
        if Bug::WallClock.is_planted() { planted::wall_clock() } else { self.ports.clock.now() }
    }

    /// Whether no other node can own the event now.
    fn owns(&self) -> bool {
        self.tenure.held.is_valid(self.ports.clock.now())
    }

    /// Whether whoever asks now is asked here. What needs no record is refused by no fence: it is told from
    /// memory, and so only while nobody else can have changed the sale. That the lease has ended is
    /// known here before whoever keeps the leases says so, which may take longer.
    fn may_answer(&mut self, ctx: &mut Context<Self>) -> bool {
        let may = self.owns();
        if !may {
            self.lose(ctx);
        }
        may && !self.stopping
    }

    fn is_settled(&self) -> bool {
        self.pending.is_empty() && self.in_flight.is_none()
    }

    fn execute(&mut self, request: &Request) -> Result<Told, EngineError> {
        let now = self.now();
        self.metrics.commands.inc();
        let executed = self.sale.execute(now, request);
        let executed =
            executed.inspect_err(|rejection| self.metrics.rejections.count(rejection))?;
        self.room_changed |= !executed.records.is_empty();
        self.pending.records.extend(executed.records);
        Ok(Told::Reply(executed.reply))
    }

    /// Gives an answer once everything it rests on is durable: at once if nothing is pending.
    fn answer(&mut self, waiter: Waiter, answer: Result<Told, EngineError>) {
        if self.is_settled() || Bug::AnswerBeforeCommit.is_planted() {
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
        let span = spans::batch(&append.batch, batched.spans());
        let appending = spans::append(&span, &append.batch);
        batched.span = Some(span);
        self.hash = append.batch.hash;
        self.metrics.batch_records.observe(count(batched.records.len()));
        self.in_flight = Some(batched);
        let (ports, address) = (self.ports.clone(), ctx.address());
        let (held, metrics) = (Arc::clone(&self.tenure.held), self.metrics.clone());
        let settle_within = self.config.settle_within;
        let timer = self.metrics.append_seconds.start_timer();
        let panics = self.metrics.violations.panic.clone();
        let append =
            async move { append_batch(&ports, &metrics, &held, append, settle_within).await };
        let append = actix::spawn(append.instrument(appending));
        // The result comes back as a message, so that commands are decided in the meantime.
        actix::spawn(async move {
            let result = append.await.unwrap_or_else(|ended| {
                panics.inc_by(u64::from(ended.is_panic()));
                Err(JournalError::Unavailable("the append panicked".to_owned()))
            });
            let took = Duration::from_secs_f64(timer.stop_and_record());
            address.do_send(Appended { result, took, snapshot });
        });
    }

    /// The room frame of the state as it is, if the feed has another and the last one is old enough.
    fn due_room(&mut self) -> Option<Bytes> {
        let now = self.now();
        let due = self.room_changed && now.since(self.room_made_at) >= ROOM_EVERY;
        due.then(|| {
            self.room_changed = false;
            self.room_made_at = now;
            room_frame(&self.sale, self.fence, now)
        })
    }

    fn due_snapshot(&mut self, hash: ChainHash) -> Option<StoredSnapshot> {
        let since = self.sale.seq().0 - self.snapshot_at.0;
        let due = since >= self.config.snapshot_every || !self.checkpoints.is_empty();
        due.then(|| self.snapshot(hash))
    }

    /// Of the state as it is: worth keeping once that is durable.
    fn snapshot(&mut self, hash: ChainHash) -> StoredSnapshot {
        self.snapshot_at = self.sale.seq();
        self.snapshot_of = Some(self.sale.at());
        StoredSnapshot { seq: self.sale.seq(), hash, state: self.sale.snapshot() }
    }

    fn save(&mut self, snapshot: StoredSnapshot) -> impl Future<Output = ()> + use<> {
        let (journal, event) = (Arc::clone(&self.ports.journal), self.event);
        let waiting = std::mem::take(&mut self.checkpoints);
        async move {
            // Without it the next recovery replays more; that is all.
            if let Err(error) = journal.save_snapshot(event, &snapshot).await {
                tracing::warn!(event.id = %event, %error, "snapshot not saved");
            }
            for waiter in waiting {
                // Whoever wanted it may have given up.
                waiter.send(()).ok();
            }
        }
    }

    /// A few records are sooner replayed than a snapshot is written.
    fn is_worth_a_snapshot(&self) -> bool {
        self.sale.seq().0 - self.snapshot_at.0 > self.config.snapshot_every / 20
    }

    /// Saves the snapshot that somebody waits for, if the state is durable as it is. If it is not,
    /// the next batch takes one along.
    fn checkpoint(&mut self) {
        if self.is_settled() && !self.checkpoints.is_empty() {
            let snapshot = self.snapshot(self.hash);
            actix::spawn(self.save(snapshot));
        }
    }

    fn appended(
        &mut self,
        ctx: &mut Context<Self>,
        took: Duration,
        snapshot: Option<StoredSnapshot>,
    ) {
        let Some(batched) = self.in_flight.take() else { return };
        self.count(&batched.records, took);
        if !Bug::PushBeforeCommit.is_planted() {
            self.projection.take_in(&self.sale, &batched.records);
        }
        if let Some(room) = &batched.room {
            self.projection.take_in_room(room.clone());
        }
        batched.release();
        if let Some(snapshot) = snapshot {
            actix::spawn(self.save(snapshot));
        }
        self.checkpoint();
        let now = self.now();
        // A room that is to be shown later keeps nothing else waiting.
        let soon = now.after(self.config.tick);
        self.publish_at = Some(self.publish_at.map_or(soon, |at| at.min(soon)));
        self.ship(ctx);
        self.wake_later(ctx);
    }

    fn count(&self, durable: &[Record], took: Duration) {
        let outcome = Outcome::of(durable);
        self.metrics.records.inc_by(durable.len() as u64);
        self.metrics.holds.inc_by(outcome.holds);
        self.metrics.tickets.inc_by(outcome.tickets);
        self.slot.vitals.appended(durable.len(), took);
        self.note(durable.last().map_or(self.sale.seq(), |record| record.seq));
    }

    /// Lets whoever looks see how the sale stands. It may be ahead of what is durable by one batch.
    fn note(&self, durable: Seq) {
        let snapshot = (self.snapshot_at, self.snapshot_of);
        self.slot.vitals.note(&self.sale, (self.fence, durable), snapshot);
    }

    /// Another node may own the event by now. What is in flight may be durable all the same.
    fn lose(&mut self, ctx: &mut Context<Self>) {
        tracing::warn!(event.id = %self.event, seq = %self.sale.seq(), "the lease may have ended");
        self.metrics.leases_lost.inc();
        self.quit(ctx, &Missed::Unknown);
    }

    /// The state in memory is not what is durable.
    fn fail(&mut self, ctx: &mut Context<Self>, error: &JournalError) {
        tracing::warn!(event.id = %self.event, %error, seq = %self.sale.seq(), "append failed");
        self.metrics.failures.inc();
        let of_in_flight = match error {
            JournalError::Unavailable(_) if Bug::DoubtAsFailure.is_planted() => {
                EngineError::Rejected(Rejection::NothingWanted).into()
            }
            JournalError::Fenced => Missed::MOVED,
            JournalError::Unavailable(_) | JournalError::Exists | JournalError::NotFound => {
                EngineError::Unavailable { retry_after: Duration::from_secs(1) }.into()
            }
            JournalError::Corrupt(_) => {
                self.metrics.violations.refused.inc();
                EngineError::Damaged.into()
            }
        };
        self.quit(ctx, &of_in_flight);
    }

    /// Ends at once: whoever waits must ask the next owner. What is pending was not even tried.
    fn quit(&mut self, ctx: &mut Context<Self>, of_in_flight: &Missed) {
        // Whoever is told now and asks again must not reach this actor.
        self.slot.clear();
        if let Some(batched) = self.in_flight.take() {
            batched.fail(of_in_flight);
        }
        let of_pending = match of_in_flight {
            Missed::Answered(_) if !Bug::DoubtAsFailure.is_planted() => of_in_flight,
            Missed::Answered(_) | Missed::Elsewhere { .. } | Missed::Unable | Missed::Unknown => {
                &Missed::MOVED
            }
        };
        std::mem::take(&mut self.pending).fail(of_pending);
        ctx.stop();
    }

    /// Time has passed: let it act, publish what has changed, go if nobody needs this actor.
    fn wake(&mut self, ctx: &mut Context<Self>) {
        self.alarm = None;
        let now = self.now();
        if self.sale.next_due(now).is_some_and(|due| due <= now) {
            let tick = Request { by: Origin::Clock, key: None, command: Command::Tick };
            if let Err(error) = self.execute(&tick) {
                self.metrics.violations.tick.inc();
                tracing::error!(event.id = %self.event, %error, "a tick was rejected");
            }
            self.ship_soon(ctx);
        }
        if self.publish_at.is_some_and(|at| at <= now) {
            self.publish();
            let next_room = self.room_made_at.after(ROOM_EVERY);
            self.publish_at = (self.room_changed && next_room > now).then_some(next_room);
        }
        self.beat(now);
        if self.is_idle(now) && self.slot.try_retire() {
            self.retire(ctx);
        } else {
            self.wake_later(ctx);
        }
    }

    fn publish(&mut self) {
        // While an append is in flight, what is in memory may not leave; its return sees to it.
        if self.is_settled()
            && let Some(room) = self.due_room()
        {
            self.projection.take_in_room(room);
        }
        if !self.owns() {
            return;
        }
        if let Some(publication) = self.projection.publish() {
            self.ports.bus.publish(self.event, Arc::new(publication));
            self.beat = (self.now().after(BEAT_MIN), BEAT_MIN);
        }
    }

    /// Says how far the feed is, so that whoever has missed the last of it, or the change of its
    /// owner, notices: soon after each publication, then ever more seldom.
    fn beat(&mut self, now: Timestamp) {
        let (due, pause) = self.beat;
        if due <= now && self.owns() {
            self.ports.bus.publish(self.event, Arc::new(self.projection.beat()));
            self.beat = (now.after(pause), (pause * 2).min(BEAT_MAX));
        }
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        let quiet = now.since(self.asked_at) >= self.config.passivate_after;
        let nothing_due = self.publish_at.is_none() && self.sale.next_due(now).is_none();
        quiet && nothing_due && self.is_settled()
    }

    /// Publishes and saves what is left to, then ends.
    fn retire(&mut self, ctx: &mut Context<Self>) {
        self.publish();
        if !self.is_worth_a_snapshot() {
            ctx.stop();
            return;
        }
        let snapshot = self.snapshot(self.hash);
        let saved = self.save(snapshot);
        ctx.spawn(saved.into_actor(self).map(|(), _, ctx| ctx.stop()));
    }

    fn retire_if_stopping(&mut self, ctx: &mut Context<Self>) {
        if self.stopping && self.is_settled() {
            self.retire(ctx);
        }
    }

    /// Sets the alarm for the next thing that time alone brings about.
    fn wake_later(&mut self, ctx: &mut Context<Self>) {
        let now = self.now();
        let idle_at = self.asked_at.after(self.config.passivate_after).max(now.after(IDLE_CHECK));
        let due = self.sale.next_due(now).map(|due| due.max(now.after(self.config.tick)));
        let soonest = [due, self.publish_at, Some(self.beat.0)].into_iter().flatten().min();
        let next = soonest.map_or(idle_at, |soonest| soonest.min(idle_at));
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
            Question::Overview => Told::Overview(Box::new(self.overview())),
            Question::Feed => {
                self.publish();
                Told::Feed(self.projection.start())
            }
            Question::Books => {
                Told::Books(Box::new(Books::of(&self.sale, self.overview(), self.now())))
            }
        }
    }

    fn overview(&self) -> Overview {
        Overview {
            seq: self.sale.seq(),
            fence: self.fence,
            status: self.sale.status(),
            terms: self.sale.terms().clone(),
            counts: self.sale.inventory().counts(),
            inside: self.sale.room().inside(),
            waiting: self.sale.room().line().len(),
        }
    }
}

/// How often an actor with nothing to do looks whether it may go.
const IDLE_CHECK: Duration = Duration::from_secs(5);
/// How often the waiting room is shown at most. Everybody who waits gets each of these frames, and
/// nobody sees a place in line move twice a second; being called is told at once, by another.
const ROOM_EVERY: Duration = Duration::from_millis(500);
/// How soon after a publication the feed beats.
const BEAT_MIN: Duration = Duration::from_secs(1);
/// How seldom it beats in the end.
const BEAT_MAX: Duration = Duration::from_secs(30);

fn count(len: usize) -> f64 {
    u32::try_from(len).map_or(f64::from(u32::MAX), f64::from)
}

impl Actor for EventActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.metrics.actors.inc();
        self.note(self.sale.seq());
        let held = Arc::clone(&self.tenure.held);
        let ended = async move { held.ended().await };
        ctx.spawn(ended.into_actor(self).map(|(), actor, ctx| actor.lose(ctx)));
        self.wake(ctx);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.metrics.actors.dec();
        // An actor that panicked is stopped while its thread unwinds.
        if std::thread::panicking() {
            self.metrics.violations.panic.inc();
        }
        let (held, keeper) = (Arc::clone(&self.tenure.held), Arc::clone(&self.tenure.keeper));
        actix::spawn(async move { keeper.give_back(&held).await });
    }
}

impl Handler<Submit> for EventActor {
    type Result = ();

    fn handle(&mut self, Submit { request, waiter }: Submit, ctx: &mut Self::Context) {
        if !self.may_answer(ctx) {
            return waiter.respond(Err(Missed::MOVED));
        }
        let began = Instant::now();
        self.asked_at = self.now();
        let answer = self.execute(&request);
        let (waited, turn) = (began.duration_since(waiter.since), began.elapsed());
        let rejection = match &answer {
            Err(EngineError::Rejected(rejection)) => Some(rejection),
            Ok(_) | Err(_) => None,
        };
        self.slot.vitals.decided(waited, turn, rejection);
        if Bug::PushBeforeCommit.is_planted() {
            self.projection.take_in(&self.sale, &self.pending.records);
            self.publish();
        }
        self.answer(waiter, answer);
        self.ship_soon(ctx);
    }
}

impl Handler<Ask> for EventActor {
    type Result = ();

    fn handle(&mut self, Ask { question, waiter }: Ask, ctx: &mut Self::Context) {
        if !self.may_answer(ctx) {
            return waiter.respond(Err(Missed::MOVED));
        }
        self.asked_at = self.now();
        let told = self.tell(question);
        match question {
            // The feed shows what is durable already.
            Question::Feed => waiter.answer(Ok(told)),
            Question::Fan(_) | Question::Overview | Question::Books => {
                self.answer(waiter, Ok(told));
            }
        }
        self.ship_soon(ctx);
    }
}

impl Handler<Checkpoint> for EventActor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Checkpoint, _: &mut Self::Context) -> Self::Result {
        let (done, waiting) = oneshot::channel();
        if self.is_worth_a_snapshot() {
            self.checkpoints.push(done);
            self.checkpoint();
        }
        // An actor that fails meanwhile saves none.
        Box::pin(async move { drop(waiting.await) })
    }
}

impl Handler<Ship> for EventActor {
    type Result = ();

    fn handle(&mut self, _: Ship, ctx: &mut Self::Context) {
        self.ship_sent = false;
        self.ship(ctx);
        self.checkpoint();
    }
}

impl Handler<Appended> for EventActor {
    type Result = ();

    fn handle(&mut self, Appended { result, took, snapshot }: Appended, ctx: &mut Self::Context) {
        match result {
            // It is durable, but what came after may be another owner's: the next one answers.
            Ok(_) if !self.owns() => self.lose(ctx),
            Ok(fence) => {
                self.fence = fence;
                self.appended(ctx, took, snapshot);
                self.retire_if_stopping(ctx);
            }
            Err(error) => self.fail(ctx, &error),
        }
    }
}

impl Handler<Stop> for EventActor {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        self.stopping = true;
        self.ship(ctx);
        self.retire_if_stopping(ctx);
    }
}
