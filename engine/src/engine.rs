//! The façade: everything that the server, the workers and the bench ask of the engine.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix::{Arbiter, System};
use tokio::sync::{oneshot, watch};

use crate::actor::{ActorPorts, ActorReading, EngineConfig, EngineMetrics, Registry};
use crate::books::Books;
use crate::cluster::{ClusterConfig, ClusterPorts, Keeper, Membership, Router, balance, lead};
use crate::domain::chart::Chart;
use crate::domain::command::{Command, Origin, Reply, Request, StandingView};
use crate::domain::hold::Hold;
use crate::domain::ids::{EventId, FanId, Fence};
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::domain::terms::Terms;
use crate::errand::{Call, EngineError, Errand, Missed, Overview, Question, Told};
use crate::feed::{Follow, Publication, Replica};
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{JournalError, Member, NodeId, Resource, Roles, Subscription};

/// A running engine. Clones share it.
#[derive(Clone)]
pub struct Engine {
    registry: Arc<Registry>,
    router: Arc<Router>,
    membership: Arc<Membership>,
    keeper: Arc<Keeper>,
    ports: ActorPorts,
    system: System,
}

/// What an engine is started with.
pub struct EngineParts {
    /// What actors need.
    pub ports: ActorPorts,
    /// What sharing needs.
    pub cluster: ClusterPorts,
    /// This node, as others see it.
    pub me: Member,
    /// Bounds of the actors.
    pub config: EngineConfig,
    /// Bounds of sharing.
    pub sharing: ClusterConfig,
    /// What is counted.
    pub metrics: EngineMetrics,
}

impl EngineParts {
    /// Of a node without others.
    pub fn alone(ports: ActorPorts, config: EngineConfig, metrics: EngineMetrics) -> Self {
        let address = String::new();
        let me = Member { id: NodeId(1), address, roles: Roles::ALL, draining: false };
        let sharing = ClusterConfig::alone();
        Self { ports, cluster: ClusterPorts::alone(), me, config, sharing, metrics }
    }
}

/// What a fan has of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FanView {
    /// Where the fan stands.
    pub standing: StandingView,
    /// The fan's live hold.
    pub hold: Option<Hold>,
    /// Places that the fan has bought.
    pub bought: u32,
}

/// The threads of the engine could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the engine's threads could not be started: {0}")]
pub struct StartError(String);

impl Engine {
    /// Starts the actor system on threads of its own.
    ///
    /// # Errors
    /// [`StartError`] if a thread cannot be started.
    pub async fn start(parts: EngineParts) -> Result<Self, StartError> {
        let (ready, started) = oneshot::channel();
        // actix wants a thread whose runtime is its own; the server's runtime is another.
        let run = move || {
            let system = System::new();
            system.block_on(async {
                let engine = Self::on_this_system(parts);
                drop(ready.send(engine));
            });
            if let Err(error) = system.run() {
                tracing::error!(%error, "the actor system ended");
            }
        };
        let named = thread::Builder::new().name("tiketi-actors".to_owned());
        named.spawn(run).map_err(|error| StartError(error.to_string()))?;
        started.await.map_err(|error| StartError(error.to_string()))
    }

    fn on_this_system(parts: EngineParts) -> Self {
        let EngineParts { ports, cluster, me, config, sharing, metrics } = parts;
        let arbiters: Vec<Arbiter> = (0..config.arbiters.max(1)).map(|_| Arbiter::new()).collect();
        let clock = || Arc::clone(&ports.clock);
        let keeper = Arc::new(Keeper::new(cluster.leases, clock(), me.id, sharing.ttl));
        let membership = Arc::new(Membership::new(me, cluster.members, clock(), sharing.ttl));
        let registry = Arc::new(Registry::new(
            &arbiters,
            ports.clone(),
            Arc::clone(&keeper),
            Arc::clone(&membership),
            config,
            metrics.clone(),
        ));
        let router = Arc::new(Router::new(
            Arc::clone(&registry),
            Arc::clone(&membership),
            cluster.peers,
            clock(),
            metrics,
            sharing,
            config.answer_within,
        ));
        actix::spawn(Arc::clone(&keeper).run());
        actix::spawn(Arc::clone(&membership).run());
        actix::spawn(balance::run(Arc::clone(&registry), Arc::clone(&membership), clock()));
        Self { registry, router, membership, keeper, ports, system: System::current() }
    }

    /// Opens the sale of an event: writes the first record of its journal.
    ///
    /// # Errors
    /// [`EngineError::Rejected`] if the terms are unlawful; a sale that is open already with the
    /// same chart is left as it is.
    pub async fn open_sale(
        &self,
        event: EventId,
        chart: &Arc<Chart>,
        terms: Terms,
    ) -> Result<(), EngineError> {
        let record = Sale::opening(self.ports.clock.now(), chart, terms)?;
        let sale = Sale::open(event, Arc::clone(chart), &record);
        let records = [record];
        let batch = Batch::seal(event, Fence(0), ChainHash::default(), &records);
        let append = Append { rows: Rows::of(&sale, &records), batch };
        match self.ports.journal.create(&append).await {
            Ok(()) | Err(JournalError::Exists) => Ok(()),
            Err(error) => {
                tracing::warn!(event.id = %event, %error, "sale could not be opened");
                Err(EngineError::Unavailable { retry_after: Duration::from_secs(1) })
            }
        }
    }

    /// Carries a request out. When this returns an answer, what it says is durable.
    ///
    /// Dropping the future does not undo the request.
    ///
    /// # Errors
    /// [`EngineError`]; see there which of them mean that nothing changed.
    pub async fn submit(&self, event: EventId, request: Request) -> Result<Reply, EngineError> {
        match self.router.run(event, &Errand::Submit(request)).await? {
            Told::Reply(reply) => Ok(reply),
            Told::Fan { .. } | Told::Overview(_) | Told::Feed(_) | Told::Books(_) => {
                Ok(Reply::Done)
            }
        }
    }

    /// What a fan has of an event; all of it durable.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn fan(&self, event: EventId, fan: FanId) -> Result<FanView, EngineError> {
        match self.ask(event, Question::Fan(fan)).await? {
            Told::Fan { standing, hold, bought } => Ok(FanView { standing, hold, bought }),
            Told::Reply(_) | Told::Overview(_) | Told::Feed(_) | Told::Books(_) => {
                Err(EngineError::Damaged)
            }
        }
    }

    /// The sale as operators see it; all of it durable.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn overview(&self, event: EventId) -> Result<Overview, EngineError> {
        match self.ask(event, Question::Overview).await? {
            Told::Overview(overview) => Ok(*overview),
            Told::Reply(_) | Told::Fan { .. } | Told::Feed(_) | Told::Books(_) => {
                Err(EngineError::Damaged)
            }
        }
    }

    /// The sale in figures; all of it durable.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn books(&self, event: EventId) -> Result<Books, EngineError> {
        match self.ask(event, Question::Books).await? {
            Told::Books(books) => Ok(*books),
            Told::Reply(_) | Told::Fan { .. } | Told::Overview(_) | Told::Feed(_) => {
                Err(EngineError::Damaged)
            }
        }
    }

    /// Has the owner of an event give it up; the next that asks has it taken over anew.
    ///
    /// # Errors
    /// [`EngineError`]; unavailable if nobody owns it.
    pub async fn hand_over(&self, event: EventId) -> Result<(), EngineError> {
        self.router.run(event, &Errand::HandOver).await.map(drop)
    }

    /// Has the owner of an event hand it over to a node, which has it until the nodes change.
    ///
    /// # Errors
    /// [`EngineError`]; unavailable if nobody owns it, or the node did not take it: then whoever
    /// should own it has it with the next request.
    pub async fn hand_over_to(&self, event: EventId, node: NodeId) -> Result<(), EngineError> {
        self.router.run(event, &Errand::HandOverTo(node)).await.map(drop)
    }

    async fn ask(&self, event: EventId, question: Question) -> Result<Told, EngineError> {
        self.router.run(event, &Errand::Ask(question)).await
    }

    /// Runs an errand that another node sent.
    ///
    /// # Errors
    /// [`Missed`].
    pub async fn run_here(&self, call: Call) -> Result<Told, Missed> {
        if !self.membership.me().roles.engine {
            return Err(Missed::Unable);
        }
        self.router.here(call).await
    }

    /// Whether this node is the one that does something; keeps trying to be while somebody listens.
    pub fn lead(&self, resource: Resource) -> watch::Receiver<bool> {
        let (leads, heard) = watch::channel(false);
        let (keeper, clock) = (Arc::clone(&self.keeper), Arc::clone(&self.ports.clock));
        self.system.arbiter().spawn(lead(keeper, clock, resource, leads));
        heard
    }

    /// What each actor of this node says of itself; asks none of them.
    pub fn actors(&self) -> Vec<ActorReading> {
        self.registry.readings()
    }

    /// Commands of an event that its sale rejected on this node since the process began, by code.
    pub fn rejections(&self, event: EventId) -> Vec<(&'static str, u64)> {
        self.registry.rejections(event)
    }

    /// This node, as others see it.
    pub fn me(&self) -> &Member {
        self.membership.me()
    }

    /// The nodes that live, as this one last heard.
    pub fn members(&self) -> Arc<Vec<Member>> {
        self.membership.list()
    }

    /// Begins to follow what browsers see of an event.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn watch(&self, event: EventId) -> Result<Watch, EngineError> {
        let subscription = self.ports.bus.subscribe(event).await;
        let replica = self.replica(event).await?;
        Ok(Watch { engine: self.clone(), event, subscription, replica, lost: false })
    }

    async fn replica(&self, event: EventId) -> Result<Replica, EngineError> {
        match self.ask(event, Question::Feed).await? {
            Told::Feed(start) => Ok(Replica::new(start)),
            Told::Reply(_) | Told::Fan { .. } | Told::Overview(_) | Told::Books(_) => {
                Err(EngineError::Damaged)
            }
        }
    }

    /// A command by an operator, without a key.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn operate(
        &self,
        event: EventId,
        by: Origin,
        command: Command,
    ) -> Result<Reply, EngineError> {
        self.submit(event, Request { by, key: None, command }).await
    }

    /// Hands every event over to the other nodes; takes no other over.
    pub async fn drain(&self) {
        self.membership.drain().await;
        if self.membership.list().len() > 1 {
            balance::hand_over_all(&self.registry).await;
        }
    }

    /// Takes no other event over; what this node has is handed over once the others have heard of it.
    pub async fn step_back(&self) {
        self.membership.drain().await;
    }

    /// Owns events again; the other nodes hand over what this one should own.
    pub async fn rejoin(&self) {
        self.membership.rejoin().await;
    }

    /// Refuses what is new, finishes what was accepted, saves snapshots and ends the threads.
    pub async fn stop(&self) {
        self.registry.stop().await;
        self.membership.leave().await;
        self.system.stop();
    }
}

/// A replica that follows its event.
pub struct Watch {
    engine: Engine,
    event: EventId,
    subscription: Subscription,
    replica: Replica,
    /// Something was missed, and the replica has not begun anew yet.
    lost: bool,
}

/// What happened to a watched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// The replica followed this publication: send it on.
    Followed(Arc<Publication>),
    /// The replica began anew: whoever watches needs a snapshot.
    Restarted,
}

impl Watch {
    /// The replica.
    pub fn replica(&mut self) -> &mut Replica {
        &mut self.replica
    }

    /// Waits until something happens.
    ///
    /// Dropping the future loses nothing but time.
    ///
    /// # Errors
    /// [`EngineError`] if the replica has to begin anew and cannot; call again later.
    pub async fn next(&mut self) -> Result<Watched, EngineError> {
        while !self.lost {
            let Ok(publication) = self.subscription.next().await else { break };
            match self.replica.follow(&publication) {
                Follow::Followed if publication.is_beat() => {}
                Follow::Followed => return Ok(Watched::Followed(publication)),
                Follow::Old => {}
                Follow::Gap => break,
            }
        }
        self.lost = true;
        self.subscription = self.engine.ports.bus.subscribe(self.event).await;
        self.replica = self.engine.replica(self.event).await?;
        self.lost = false;
        Ok(Watched::Restarted)
    }
}
