//! Which events have an actor in this process, and how a request reaches it.
//!
//! An event's actor is made when somebody asks for it, on one of the arbiters. One that is gone
//! (it failed, panicked, or nobody needed it) is made anew by the next request, from what is
//! durable. Each event has its own bound on how many requests may wait.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix::{Actor, Addr, Arbiter, ArbiterHandle};
use dashmap::DashMap;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::time::timeout;

use super::batch::Waiter;
use super::event_actor::{Ask, EventActor, Question, Stop, Submit, Told};
use super::metrics::EngineMetrics;
use super::recovery::take_over;
use super::{ActorPorts, EngineConfig, EngineError};
use crate::domain::command::Request;
use crate::domain::ids::EventId;
use crate::domain::time::Timestamp;

/// When to ask again after a refusal.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// An event's place in the registry; stays while its actors come and go.
#[derive(Debug)]
pub(super) struct Slot {
    address: RwLock<Option<Addr<EventActor>>>,
    admission: Arc<Semaphore>,
    admission_max: usize,
    /// Held while the event is taken over; when that last failed.
    activation: Mutex<Option<(Timestamp, EngineError)>>,
}

impl Slot {
    fn new(admission_max: usize) -> Self {
        Self {
            address: RwLock::new(None),
            admission: Arc::new(Semaphore::new(admission_max)),
            admission_max,
            activation: Mutex::new(None),
        }
    }

    /// Takes the actor out of the registry, unless somebody is about to ask it something.
    ///
    /// Whoever asks has a permit before reading the address: with every permit here and the
    /// address gone, no message can be on its way.
    pub(super) fn try_retire(&self) -> bool {
        let mut address = self.address.write().unwrap_or_else(PoisonError::into_inner);
        let unasked = self.admission.available_permits() == self.admission_max;
        if unasked {
            *address = None;
        }
        unasked
    }

    /// Takes an actor out that is about to end: the next request makes another.
    pub(super) fn clear(&self) {
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn live(&self) -> Option<Addr<EventActor>> {
        let address = self.address.read().unwrap_or_else(PoisonError::into_inner);
        address.as_ref().filter(|address| address.connected()).cloned()
    }

    fn set(&self, address: Addr<EventActor>) {
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }
}

/// What a request wants of an actor.
enum Errand {
    Submit(Request),
    Ask(Question),
}

/// See the module.
pub(crate) struct Registry {
    slots: DashMap<EventId, Arc<Slot>>,
    arbiters: Vec<ArbiterHandle>,
    ports: ActorPorts,
    config: EngineConfig,
    metrics: EngineMetrics,
    stopping: std::sync::atomic::AtomicBool,
}

impl Registry {
    /// Over arbiters of a system that runs already.
    pub(crate) fn new(
        arbiters: &[Arbiter],
        ports: ActorPorts,
        config: EngineConfig,
        metrics: EngineMetrics,
    ) -> Self {
        Self {
            slots: DashMap::new(),
            arbiters: arbiters.iter().map(Arbiter::handle).collect(),
            ports,
            config,
            metrics,
            stopping: std::sync::atomic::AtomicBool::new(false),
        }
    }

    pub(crate) async fn submit(
        &self,
        event: EventId,
        request: Request,
    ) -> Result<Told, EngineError> {
        self.run(event, Errand::Submit(request)).await
    }

    pub(crate) async fn ask(
        &self,
        event: EventId,
        question: Question,
    ) -> Result<Told, EngineError> {
        self.run(event, Errand::Ask(question)).await
    }

    async fn run(&self, event: EventId, errand: Errand) -> Result<Told, EngineError> {
        if self.stopping.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(EngineError::Stopping);
        }
        let slot = self.slot(event);
        let Ok(permit) = Arc::clone(&slot.admission).try_acquire_owned() else {
            self.metrics.overloads.inc();
            return Err(EngineError::Overloaded { retry_after: RETRY_AFTER });
        };
        let address = match slot.live() {
            Some(address) => address,
            None => self.activate(event, &slot).await?,
        };
        let (respond, answer) = oneshot::channel();
        let waiter = Waiter { respond, permit };
        match errand {
            Errand::Submit(request) => address.do_send(Submit { request, waiter }),
            Errand::Ask(question) => address.do_send(Ask { question, waiter }),
        }
        match timeout(self.config.answer_within, answer).await {
            Ok(Ok(answer)) => answer,
            // Nobody answers any more, or not in time: whether it was done is unknown.
            Ok(Err(_)) | Err(_) => Err(EngineError::Unavailable { retry_after: RETRY_AFTER }),
        }
    }

    fn slot(&self, event: EventId) -> Arc<Slot> {
        if let Some(slot) = self.slots.get(&event) {
            return Arc::clone(&slot);
        }
        let new = || Arc::new(Slot::new(self.config.commands_per_event_max));
        Arc::clone(&self.slots.entry(event).or_insert_with(new))
    }

    /// Takes the event over, once for all who wait for it.
    async fn activate(
        &self,
        event: EventId,
        slot: &Arc<Slot>,
    ) -> Result<Addr<EventActor>, EngineError> {
        let mut failed = slot.activation.lock().await;
        if let Some(address) = slot.live() {
            return Ok(address);
        }
        let now = self.ports.clock.now();
        if let Some((at, error)) = &*failed
            && now.since(*at) < RETRY_AFTER
        {
            return Err(error.clone());
        }
        let timer = self.metrics.recovery_seconds.start_timer();
        match take_over(&self.ports, event).await {
            Ok(owned) => {
                timer.observe_duration();
                self.metrics.recoveries.inc();
                *failed = None;
                tracing::info!(event.id = %event, fence = %owned.fence, seq = %owned.sale.seq(), "event taken over");
                let (ports, metrics) = (self.ports.clone(), self.metrics.clone());
                let actor = EventActor::new(owned, ports, self.config, metrics, Arc::clone(slot));
                let address = EventActor::start_in_arbiter(self.arbiter_of(event), |_| actor);
                slot.set(address.clone());
                Ok(address)
            }
            Err(error) => {
                timer.stop_and_discard();
                let answer = error.as_answer(RETRY_AFTER);
                if answer == EngineError::UnknownEvent {
                    self.slots.remove_if(&event, |_, slot| Arc::strong_count(slot) <= 2);
                } else {
                    tracing::error!(event.id = %event, %error, "event could not be taken over");
                    *failed = Some((now, answer.clone()));
                }
                Err(answer)
            }
        }
    }

    fn arbiter_of(&self, event: EventId) -> &ArbiterHandle {
        // Fibonacci hashing (Knuth, TAOCP 3, 6.4) spreads consecutive numbers.
        let spread = event.number().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let index = usize::try_from(spread).unwrap_or(0) % self.arbiters.len();
        &self.arbiters[index]
    }

    /// Refuses what is new, lets every actor finish what it has accepted, and waits for them.
    pub(crate) async fn stop(&self) {
        self.stopping.store(true, std::sync::atomic::Ordering::Relaxed);
        let live: Vec<_> = self.slots.iter().filter_map(|slot| slot.live()).collect();
        for address in &live {
            address.do_send(Stop);
        }
        for address in live {
            while address.connected() {
                self.ports.clock.sleep(Duration::from_millis(5)).await;
            }
        }
    }
}
