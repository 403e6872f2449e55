//! Brings an errand to the owner of its event.
//!
//! The owner is this node if it has the event's actor; else the node that was last heard to have
//! it; else the one that should. Whoever is asked and does not own the event takes it over if
//! nobody does, or says who does. A node that was not reached is passed over, but for a trial now
//! and then.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use tokio::sync::Semaphore;

use super::{ClusterConfig, Membership, placement};
use crate::actor::{EngineMetrics, Registry};
use crate::domain::command::Reply;
use crate::domain::ids::EventId;
use crate::domain::time::Timestamp;
use crate::errand::{Call, EngineError, Errand, Missed, Told};
use crate::ports::{Clock, Member, NodeId, PeerError, Peers};

/// How often a node that was not reached is tried again, by one errand at a time.
const PROBE_EVERY: Duration = Duration::from_millis(250);
/// Nodes that were not reached, remembered at most.
const SUSPECTS_MAX: usize = 1_024;
/// Between two attempts, when it is not known when the event can be had.
const RETRY_MAX: Duration = Duration::from_millis(50);
/// When to ask again after a refusal.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Owners remembered at most.
const HINTS_MAX: usize = 65_536;

/// See the module.
pub(crate) struct Router {
    registry: Arc<Registry>,
    membership: Arc<Membership>,
    peers: Arc<dyn Peers>,
    clock: Arc<dyn Clock>,
    metrics: EngineMetrics,
    config: ClusterConfig,
    /// How long an errand may look for its owner.
    answer_within: Duration,
    remote: Semaphore,
    /// Owners that are not the ones that should be.
    owners: DashMap<EventId, NodeId>,
    /// Nodes that were not reached, and when to try them again.
    suspects: DashMap<NodeId, Timestamp>,
}

/// Whom to ask, and whether it may take the event over. Only whoever should own an event may: one
/// that only had it once would get it back for no reason.
enum Whom {
    Here {
        may_take_over: bool,
    },
    Peer {
        member: Member,
        may_take_over: bool,
    },
    /// No node can own events now.
    Nobody,
}

impl Router {
    pub(crate) fn new(
        registry: Arc<Registry>,
        membership: Arc<Membership>,
        peers: Arc<dyn Peers>,
        clock: Arc<dyn Clock>,
        metrics: EngineMetrics,
        config: ClusterConfig,
        answer_within: Duration,
    ) -> Self {
        Self {
            registry,
            membership,
            peers,
            clock,
            metrics,
            config,
            answer_within,
            remote: Semaphore::new(config.remote_max),
            owners: DashMap::new(),
            suspects: DashMap::new(),
        }
    }

    /// Runs an errand wherever the event's owner is.
    ///
    /// # Errors
    /// [`EngineError`]; see there which of them mean that nothing changed.
    pub(crate) async fn run(&self, event: EventId, errand: &Errand) -> Result<Told, EngineError> {
        const UNAVAILABLE: EngineError = EngineError::Unavailable { retry_after: RETRY_AFTER };
        let give_up_at = self.clock.now().after(self.answer_within);
        // Nodes that cannot own anything now.
        let mut unable = Vec::new();
        loop {
            let (asked, missed) = match self.whom(event, &unable) {
                Whom::Here { may_take_over } => {
                    let call = Call { event, errand: errand.clone(), may_take_over };
                    (self.membership.me().id, self.here(call).await)
                }
                Whom::Peer { member, may_take_over } => {
                    let call = Call { event, errand: errand.clone(), may_take_over };
                    (member.id, self.call(&member, &call).await)
                }
                Whom::Nobody => {
                    self.metrics.unowned.nobody.inc();
                    return Err(UNAVAILABLE);
                }
            };
            let pause = match missed {
                Ok(told) => return Ok(told),
                Err(Missed::Answered(error)) => return Err(error),
                Err(Missed::Elsewhere { by, retry_after }) => {
                    if self.heard(event, by) {
                        Duration::ZERO
                    } else {
                        retry_after.min(RETRY_MAX)
                    }
                }
                Err(Missed::Unable) => {
                    unable.push(asked);
                    Duration::ZERO
                }
                Err(Missed::Unknown) if errand.is_repeatable() => Duration::ZERO,
                Err(Missed::Unknown) => {
                    self.metrics.unowned.lost.inc();
                    return Err(UNAVAILABLE);
                }
            };
            if self.clock.now() >= give_up_at {
                self.metrics.unowned.late.inc();
                return Err(UNAVAILABLE);
            }
            if !pause.is_zero() {
                self.clock.sleep(pause).await;
            }
        }
    }

    /// Has this node run an errand.
    ///
    /// # Errors
    /// [`Missed`].
    pub(crate) async fn here(&self, call: Call) -> Result<Told, Missed> {
        let Call { event, errand, may_take_over } = call;
        match errand {
            Errand::HandOverTo(node) => self.hand_over_to(event, node).await,
            Errand::Submit(_) | Errand::Ask(_) | Errand::HandOver | Errand::TakeOver => {
                self.registry.run(event, errand, may_take_over).await
            }
        }
    }

    async fn hand_over_to(&self, event: EventId, node: NodeId) -> Result<Told, Missed> {
        const MOVED: Missed = Missed::Elsewhere { by: None, retry_after: RETRY_MAX };
        if !self.registry.is_live(event) {
            return Err(MOVED);
        }
        if node == self.membership.me().id {
            return Ok(Told::Reply(Reply::Done));
        }
        let not_taken = EngineError::Unavailable { retry_after: RETRY_AFTER };
        let Some(to) = self.membership.member(node) else { return Err(not_taken.into()) };
        let call = Call { event, errand: Errand::TakeOver, may_take_over: true };
        match self.registry.hand_over_then(event, self.call(&to, &call)).await {
            None => Err(MOVED),
            Some(Ok(told)) => Ok(told),
            Some(Err(missed)) => {
                tracing::warn!(event.id = %event, node = %node, %missed, "handed over, not taken");
                Err(not_taken.into())
            }
        }
    }

    fn whom(&self, event: EventId, unable: &[NodeId]) -> Whom {
        let me = self.membership.me().id;
        if self.registry.is_live(event) {
            return Whom::Here { may_take_over: false };
        }
        let known = self.owners.get(&event).map(|owner| *owner);
        if let Some(owner) = known
            && let Some(member) = self.membership.member(owner)
            && self.may_ask(owner)
        {
            return Whom::Peer { member, may_take_over: false };
        }
        let list = self.membership.list();
        let mut ranked = placement::ranked(event, &list);
        ranked.retain(|member| !unable.contains(&member.id));
        // If nobody can be reached, the one that should own the event is asked all the same.
        let best = ranked.iter().find(|member| self.may_ask(member.id)).or(ranked.first());
        match best {
            Some(best) if best.id == me => Whom::Here { may_take_over: true },
            Some(best) => Whom::Peer { member: (*best).clone(), may_take_over: true },
            None => Whom::Nobody,
        }
    }

    async fn call(&self, to: &Member, call: &Call) -> Result<Told, Missed> {
        let Ok(_place) = self.remote.try_acquire() else {
            self.metrics.overloads.inc();
            return Err(EngineError::Overloaded { retry_after: RETRY_AFTER }.into());
        };
        self.metrics.remote_calls.inc();
        match self.peers.call(to, call, self.config.call_within).await {
            Ok(told) => {
                self.suspects.remove(&to.id);
                Ok(told)
            }
            Err(PeerError::Missed(missed)) => {
                self.suspects.remove(&to.id);
                if missed == Missed::Unable {
                    self.owners.remove(&call.event);
                }
                Err(missed)
            }
            Err(PeerError::Unreached(why)) => {
                self.suspect(call.event, to, &why);
                Err(Missed::Elsewhere { by: None, retry_after: Duration::ZERO })
            }
            Err(PeerError::Lost(why)) => {
                self.suspect(call.event, to, &why);
                Err(Missed::Unknown)
            }
        }
    }

    /// Notes who owns an event; true if that is somebody else who can be asked at once.
    fn heard(&self, event: EventId, by: Option<NodeId>) -> bool {
        let askable = by.filter(|by| {
            *by != self.membership.me().id
                && !self.suspects.contains_key(by)
                && self.membership.member(*by).is_some()
        });
        let Some(owner) = askable else {
            self.owners.remove(&event);
            return false;
        };
        if self.owners.len() >= HINTS_MAX {
            self.owners.clear();
        }
        self.owners.insert(event, owner) != Some(owner)
    }

    /// Passes a node over for a while.
    fn suspect(&self, event: EventId, node: &Member, why: &str) {
        tracing::warn!(node = %node.id, address = node.address, why, "node not reached");
        self.metrics.remote_failures.inc();
        if self.suspects.len() >= SUSPECTS_MAX {
            self.suspects.clear();
        }
        self.suspects.insert(node.id, self.clock.now().after(PROBE_EVERY));
        self.owners.remove(&event);
    }

    /// Whether to ask a node: one that was not reached is tried again every so often.
    fn may_ask(&self, node: NodeId) -> bool {
        let Some(mut probe_at) = self.suspects.get_mut(&node) else { return true };
        let now = self.clock.now();
        let due = now >= *probe_at;
        if due {
            *probe_at = now.after(PROBE_EVERY);
        }
        due
    }
}
