//! Which events have an actor in this process, and how an errand reaches it.
//!
//! An event's actor is made when somebody asks for it and this node can have the event's lease, on
//! one of the arbiters. One that is gone (it failed, panicked, lost the lease, or nobody needed it)
//! is made anew by the next errand, from what is durable. Each event has its own bound on how many
//! errands may wait.

use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix::{Actor, Addr, Arbiter, ArbiterHandle};
use dashmap::DashMap;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::time::{Instant, timeout};

use super::batch::Waiter;
use super::event_actor::{Ask, Checkpoint, EventActor, Stop, Submit};
use super::metrics::EngineMetrics;
use super::recovery::{RecoveryError, take_over};
use super::vitals::{ActorReading, Vitals};
use super::{ActorPorts, EngineConfig, spans};
use crate::cluster::{Held, Keeper, Membership, Taking};
use crate::domain::command::Reply;
use crate::domain::ids::EventId;
use crate::domain::time::Timestamp;
use crate::errand::{EngineError, Errand, Missed, Told};
use crate::ports::Resource;

/// When to ask again after a refusal.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// How long it is believed that another node has a lease: no longer than a hand-over should take.
const ELSEWHERE_FOR: Duration = Duration::from_millis(20);
/// How long an event's last snapshot may take before it is handed over without one.
const CHECKPOINT_WITHIN: Duration = Duration::from_secs(5);

/// An event's place in the registry; stays while its actors come and go.
#[derive(Debug)]
pub(super) struct Slot {
    live: RwLock<Option<Live>>,
    admission: Arc<Semaphore>,
    admission_max: usize,
    pub(super) vitals: Vitals,
    /// The event is being handed over: whoever asks waits for that, and then asks the next owner.
    moving: AtomicBool,
    /// Held while the event is taken or handed over; why taking it over last failed, and until when
    /// that is believed.
    activation: Mutex<Option<(Timestamp, Missed)>>,
}

/// An actor and the lease under which it works.
#[derive(Debug, Clone)]
struct Live {
    address: Addr<EventActor>,
    held: Arc<Held>,
}

impl Slot {
    fn new(admission_max: usize) -> Self {
        Self {
            live: RwLock::new(None),
            admission: Arc::new(Semaphore::new(admission_max)),
            admission_max,
            vitals: Vitals::default(),
            moving: AtomicBool::new(false),
            activation: Mutex::new(None),
        }
    }

    /// Takes the actor out of the registry, unless somebody is about to ask it something.
    ///
    /// Whoever asks has a permit before reading the address: with every permit here and the
    /// address gone, no message can be on its way.
    pub(super) fn try_retire(&self) -> bool {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let unasked = self.admission.available_permits() == self.admission_max;
        if unasked {
            *live = None;
        }
        unasked
    }

    /// Takes an actor out that is about to end: the next request makes another.
    pub(super) fn clear(&self) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn live(&self) -> Option<Live> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        live.as_ref().filter(|live| live.address.connected()).cloned()
    }

    fn set(&self, live: Live) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Some(live);
    }
}

/// See the module.
pub(crate) struct Registry {
    slots: DashMap<EventId, Arc<Slot>>,
    arbiters: Vec<ArbiterHandle>,
    ports: ActorPorts,
    keeper: Arc<Keeper>,
    membership: Arc<Membership>,
    config: EngineConfig,
    metrics: EngineMetrics,
    stopping: AtomicBool,
}

impl Registry {
    /// Over arbiters of a system that runs already.
    pub(crate) fn new(
        arbiters: &[Arbiter],
        ports: ActorPorts,
        keeper: Arc<Keeper>,
        membership: Arc<Membership>,
        config: EngineConfig,
        metrics: EngineMetrics,
    ) -> Self {
        Self {
            slots: DashMap::new(),
            arbiters: arbiters.iter().map(Arbiter::handle).collect(),
            ports,
            keeper,
            membership,
            config,
            metrics,
            stopping: AtomicBool::new(false),
        }
    }

    /// Has this node's actor run an errand; if there is none, the event is taken over if it may be
    /// and no node has it.
    pub(crate) async fn run(
        &self,
        event: EventId,
        errand: Errand,
        may_take_over: bool,
    ) -> Result<Told, Missed> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(EngineError::Stopping.into());
        }
        match errand {
            Errand::HandOver => return self.hand_over_here(event).await,
            Errand::TakeOver => return self.take_over_here(event).await,
            Errand::Submit(_) | Errand::Ask(_) | Errand::HandOverTo(_) => {}
        }
        let slot = self.slot(event);
        let Ok(permit) = Arc::clone(&slot.admission).try_acquire_owned() else {
            self.metrics.overloads.inc();
            slot.vitals.refused();
            return Err(EngineError::Overloaded { retry_after: RETRY_AFTER }.into());
        };
        let address = match slot.live() {
            Some(live) => live.address,
            None => self.activate(event, &slot, may_take_over).await?,
        };
        let (respond, answer) = oneshot::channel();
        let span = spans::errand(event, &errand);
        let waiter = Waiter { respond, permit, since: Instant::now(), span };
        match errand {
            Errand::Submit(request) => address.do_send(Submit { request, waiter }),
            Errand::Ask(question) => address.do_send(Ask { question, waiter }),
            Errand::HandOver | Errand::HandOverTo(_) | Errand::TakeOver => {}
        }
        match timeout(self.config.answer_within, answer).await {
            Ok(Ok(answer)) => answer,
            // The actor has ended without an answer.
            Ok(Err(_)) => Err(Missed::Unknown),
            Err(_) => Err(EngineError::Unavailable { retry_after: RETRY_AFTER }.into()),
        }
    }

    /// Whether this node has the event's actor.
    pub(crate) fn is_live(&self, event: EventId) -> bool {
        self.slots.get(&event).is_some_and(|slot| slot.live().is_some())
    }

    /// What each actor of this node says of itself.
    pub(crate) fn readings(&self) -> Vec<ActorReading> {
        let now = self.ports.clock.now();
        let of = |(event, slot): (&EventId, &Arc<Slot>)| {
            let live = slot.live.read().unwrap_or_else(PoisonError::into_inner);
            let live = live.as_ref().filter(|live| live.address.connected())?;
            let depth = slot.admission_max - slot.admission.available_permits();
            Some(slot.vitals.read(*event, depth, live.held.left(now)))
        };
        self.slots.iter().filter_map(|slot| of(slot.pair())).collect()
    }

    /// Commands of an event that its sale rejected on this node, by code.
    pub(crate) fn rejections(&self, event: EventId) -> Vec<(&'static str, u64)> {
        self.slots.get(&event).map_or_else(Vec::new, |slot| slot.vitals.rejections())
    }

    /// The events that this node has, is about to have, or had.
    pub(crate) fn events(&self) -> Vec<EventId> {
        self.slots.iter().map(|slot| *slot.key()).collect()
    }

    fn slot(&self, event: EventId) -> Arc<Slot> {
        if let Some(slot) = self.slots.get(&event) {
            return Arc::clone(&slot);
        }
        let new = || Arc::new(Slot::new(self.config.commands_per_event_max));
        Arc::clone(&self.slots.entry(event).or_insert_with(new))
    }

    /// Takes the event over if it may be, once for all who wait for it.
    async fn activate(
        &self,
        event: EventId,
        slot: &Arc<Slot>,
        may_take_over: bool,
    ) -> Result<Addr<EventActor>, Missed> {
        let moving = slot.moving.load(Ordering::Acquire);
        if !moving && !may_take_over {
            return Err(Missed::MOVED);
        }
        let mut failed = slot.activation.lock().await;
        if let Some(live) = slot.live() {
            return Ok(live.address);
        }
        if self.membership.is_draining() {
            return Err(Missed::Unable);
        }
        if moving {
            return Err(Missed::MOVED);
        }
        let now = self.ports.clock.now();
        if let Some((until, missed)) = &*failed
            && now < *until
        {
            return Err(missed.clone());
        }
        match self.own(event, slot).await {
            Ok(address) => {
                *failed = None;
                Ok(address)
            }
            Err((believe_for, missed)) => {
                if missed == Missed::from(EngineError::UnknownEvent) {
                    self.slots.remove_if(&event, |_, slot| Arc::strong_count(slot) <= 2);
                } else {
                    *failed = Some((now.after(believe_for), missed.clone()));
                }
                Err(missed)
            }
        }
    }

    /// Takes the lease, raises the fence, loads the sale, and starts its actor. An error says how
    /// long it is worth believing.
    async fn own(
        &self,
        event: EventId,
        slot: &Arc<Slot>,
    ) -> Result<Addr<EventActor>, (Duration, Missed)> {
        let held = match self.keeper.take(Resource::Event(event)).await {
            Ok(Taking::Held(held)) => held,
            Ok(Taking::Elsewhere { by, remaining }) => {
                let retry_after = remaining.min(ELSEWHERE_FOR);
                return Err((retry_after, Missed::Elsewhere { by: Some(by), retry_after }));
            }
            Err(error) => {
                tracing::warn!(event.id = %event, %error, "lease not taken");
                return Err((RETRY_AFTER, Missed::Unable));
            }
        };
        let timer = self.metrics.recovery_seconds.start_timer();
        match take_over(&self.ports, event).await {
            Ok(owned) => {
                timer.observe_duration();
                self.metrics.recoveries.inc();
                slot.vitals.taken_over(self.ports.clock.now());
                tracing::info!(event.id = %event, fence = %owned.fence, seq = %owned.sale.seq(), "event taken over");
                let (ports, metrics) = (self.ports.clone(), self.metrics.clone());
                let tenure = Tenure { held: Arc::clone(&held), keeper: Arc::clone(&self.keeper) };
                let slot_of_actor = Arc::clone(slot);
                let actor =
                    EventActor::new(owned, tenure, ports, self.config, metrics, slot_of_actor);
                let address = EventActor::start_in_arbiter(self.arbiter_of(event), |_| actor);
                slot.set(Live { address: address.clone(), held });
                Ok(address)
            }
            Err(error) => {
                timer.stop_and_discard();
                self.keeper.give_back(&held).await;
                let answer = error.as_answer(RETRY_AFTER);
                if answer == EngineError::Damaged {
                    let violations = &self.metrics.violations;
                    let panicked = matches!(error, RecoveryError::Panicked);
                    if panicked { &violations.panic } else { &violations.damaged }.inc();
                }
                if answer != EngineError::UnknownEvent {
                    tracing::error!(event.id = %event, %error, "event could not be taken over");
                }
                Err((RETRY_AFTER, answer.into()))
            }
        }
    }

    fn arbiter_of(&self, event: EventId) -> &ArbiterHandle {
        // Fibonacci hashing (Knuth, TAOCP 3, 6.4) spreads consecutive numbers.
        let spread = event.number().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let index = usize::try_from(spread).unwrap_or(0) % self.arbiters.len();
        &self.arbiters[index]
    }

    /// Lets an event go to another node: snapshot while it is served, finish what was accepted,
    /// give the lease back. Whoever asks in between is sent on when the lease can be had.
    pub(crate) async fn hand_over(&self, event: EventId) {
        self.hand_over_then(event, ready(())).await;
    }

    /// Lets an event go, and waits for whoever takes it: nobody here asks for it before. `None` if
    /// this node does not have it.
    pub(crate) async fn hand_over_then<T>(
        &self,
        event: EventId,
        taking: impl Future<Output = T>,
    ) -> Option<T> {
        let slot = self.slots.get(&event).map(|slot| Arc::clone(&slot))?;
        let _moving = Moving::begin(&slot.moving);
        // If it is just being taken over, let that end first.
        let _activation = slot.activation.lock().await;
        let live = slot.live()?;
        self.let_go(event, &slot, live).await;
        Some(taking.await)
    }

    /// Owns an event because an operator wants it here.
    async fn take_over_here(&self, event: EventId) -> Result<Told, Missed> {
        let slot = self.slot(event);
        if slot.live().is_none() {
            self.activate(event, &slot, true).await?;
        }
        slot.vitals.placed();
        Ok(Told::Reply(Reply::Done))
    }

    async fn hand_over_here(&self, event: EventId) -> Result<Told, Missed> {
        if !self.is_live(event) {
            return Err(Missed::MOVED);
        }
        self.hand_over(event).await;
        Ok(Told::Reply(Reply::Done))
    }

    async fn let_go(&self, event: EventId, slot: &Slot, Live { address, held }: Live) {
        let checkpoint = timeout(CHECKPOINT_WITHIN, address.send(Checkpoint)).await;
        if !matches!(checkpoint, Ok(Ok(()))) {
            tracing::warn!(event.id = %event, "handed over without a new snapshot");
        }
        slot.clear();
        address.do_send(Stop);
        held.released().await;
        self.metrics.hand_overs.inc();
        tracing::info!(event.id = %event, "event handed over");
    }

    /// Refuses what is new, lets every actor finish what it has accepted, and waits for them.
    pub(crate) async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        let live: Vec<_> = self.slots.iter().filter_map(|slot| slot.live()).collect();
        for live in &live {
            live.address.do_send(Stop);
        }
        for live in live {
            live.held.released().await;
        }
    }
}

/// An event is being handed over as long as this is there: also if whoever asked gives up.
struct Moving<'a>(&'a AtomicBool);

impl<'a> Moving<'a> {
    fn begin(moving: &'a AtomicBool) -> Self {
        moving.store(true, Ordering::Release);
        Self(moving)
    }
}

impl Drop for Moving<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// An actor's right to its event.
pub(super) struct Tenure {
    pub(super) held: Arc<Held>,
    pub(super) keeper: Arc<Keeper>,
}
