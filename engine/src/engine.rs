//! The façade: everything that the server, the workers and the bench ask of the engine.

use std::sync::Arc;
use std::thread;

use actix::{Arbiter, System};
use tokio::sync::oneshot;

use crate::actor::{
    ActorPorts, EngineConfig, EngineError, EngineMetrics, Overview, Question, Registry, Told,
};
use crate::domain::chart::Chart;
use crate::domain::command::{Command, Origin, Reply, Request, StandingView};
use crate::domain::hold::Hold;
use crate::domain::ids::{EventId, FanId, Fence};
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::domain::terms::Terms;
use crate::feed::{Follow, Publication, Replica};
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{JournalError, Subscription};

/// A running engine. Clones share it.
#[derive(Clone)]
pub struct Engine {
    registry: Arc<Registry>,
    ports: ActorPorts,
    system: System,
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
    pub async fn start(
        ports: ActorPorts,
        config: EngineConfig,
        metrics: EngineMetrics,
    ) -> Result<Self, StartError> {
        let (ready, started) = oneshot::channel();
        let of_actors = ports.clone();
        // actix wants a thread whose runtime is its own; the server's runtime is another.
        let run = move || {
            let system = System::new();
            system.block_on(async {
                let arbiters: Vec<Arbiter> =
                    (0..config.arbiters.max(1)).map(|_| Arbiter::new()).collect();
                let registry = Registry::new(&arbiters, of_actors, config, metrics);
                drop(ready.send((registry, System::current())));
            });
            if let Err(error) = system.run() {
                tracing::error!(%error, "the actor system ended");
            }
        };
        let named = thread::Builder::new().name("tiketi-actors".to_owned());
        named.spawn(run).map_err(|error| StartError(error.to_string()))?;
        let (registry, system) = started.await.map_err(|error| StartError(error.to_string()))?;
        Ok(Self { registry: Arc::new(registry), ports, system })
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
                Err(EngineError::Unavailable { retry_after: std::time::Duration::from_secs(1) })
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
        match self.registry.submit(event, request).await? {
            Told::Reply(reply) => Ok(reply),
            Told::Fan { .. } | Told::Overview(_) | Told::Feed(_) => Ok(Reply::Done),
        }
    }

    /// What a fan has of an event; all of it durable.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn fan(&self, event: EventId, fan: FanId) -> Result<FanView, EngineError> {
        match self.registry.ask(event, Question::Fan(fan)).await? {
            Told::Fan { standing, hold, bought } => Ok(FanView { standing, hold, bought }),
            Told::Reply(_) | Told::Overview(_) | Told::Feed(_) => Err(EngineError::Damaged),
        }
    }

    /// The sale as operators see it; all of it durable.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn overview(&self, event: EventId) -> Result<Overview, EngineError> {
        match self.registry.ask(event, Question::Overview).await? {
            Told::Overview(overview) => Ok(*overview),
            Told::Reply(_) | Told::Fan { .. } | Told::Feed(_) => Err(EngineError::Damaged),
        }
    }

    /// Begins to follow what browsers see of an event.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn watch(&self, event: EventId) -> Result<Watch, EngineError> {
        let subscription = self.ports.bus.subscribe(event);
        let replica = self.replica(event).await?;
        Ok(Watch { engine: self.clone(), event, subscription, replica })
    }

    async fn replica(&self, event: EventId) -> Result<Replica, EngineError> {
        match self.registry.ask(event, Question::Feed).await? {
            Told::Feed(start) => Ok(Replica::new(start)),
            Told::Reply(_) | Told::Fan { .. } | Told::Overview(_) => Err(EngineError::Damaged),
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

    /// Refuses what is new, finishes what was accepted, saves snapshots and ends the threads.
    pub async fn stop(&self) {
        self.registry.stop().await;
        self.system.stop();
    }
}

/// A replica that follows its event.
pub struct Watch {
    engine: Engine,
    event: EventId,
    subscription: Subscription,
    replica: Replica,
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
        loop {
            let Ok(publication) = self.subscription.next().await else {
                return self.restart().await;
            };
            match self.replica.follow(&publication) {
                Follow::Followed => return Ok(Watched::Followed(publication)),
                Follow::Old => {}
                Follow::Gap => return self.restart().await,
            }
        }
    }

    async fn restart(&mut self) -> Result<Watched, EngineError> {
        self.subscription = self.engine.ports.bus.subscribe(self.event);
        self.replica = self.engine.replica(self.event).await?;
        Ok(Watched::Restarted)
    }
}
