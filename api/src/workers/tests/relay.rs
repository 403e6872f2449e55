//! What the relay publishes, and what happens when something is in its way.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use prometheus::Registry;
use tiketi_engine::actor::{ActorPorts, EngineConfig, EngineMetrics};
use tiketi_engine::cluster::{Alone, ClusterConfig, ClusterPorts, LocalLeases};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::engine::{Engine, EngineParts};
use tiketi_engine::feed::LocalBus;
use tiketi_engine::ports::{
    Clock as _, Member, Message, NodeId, RelayPositions as _, Resource, Roles, StreamError,
    StreamWriter,
};
use tiketi_engine::stream::LocalStream;
use tiketi_engine::testing::sample::OPENS_AT;

use super::{Dying, EVENT, OTHER, Scene, messages, metrics, relay_all, sale};
use crate::clock::SystemClock;
use crate::task::Tasks;
use crate::workers::{Relay, RelayPorts, WorkerMetrics};

fn of(event: EventId, all: &[Message]) -> Vec<Message> {
    all.iter().filter(|message| message.event == event).cloned().collect()
}

/// Whether each message came at least once, first of all in order, and the same each time. How
/// many came again.
fn at_least_once(got: &[Message], expected: &[Message]) -> usize {
    let mut seen: BTreeSet<Seq> = BTreeSet::new();
    let firsts: Vec<Message> =
        got.iter().filter(|message| seen.insert(message.seq)).cloned().collect();
    assert_eq!(firsts, expected);
    assert!(got.iter().all(|message| expected.contains(message)));
    got.len() - firsts.len()
}

#[tokio::test]
async fn what_concerns_others_is_published_once_and_in_the_order_of_each_event() {
    let (one, two) = (sale(EVENT), sale(OTHER));
    let scene = Scene::of(&[&one, &two]).await;
    let stream = LocalStream::new(Arc::clone(&scene.clock) as _);
    let published = scene.collect(&stream).await;
    let metrics = metrics();
    let mut relay = Relay::new(scene.relay_ports(stream), metrics.clone());
    relay_all(&mut relay).await;
    let all = published.lock().unwrap().clone();
    assert_eq!(of(EVENT, &all), messages(&one));
    assert_eq!(of(OTHER, &all), messages(&two));
    assert_eq!(metrics.published.get(), all.len() as u64);
    assert!(metrics.lag.get() > 0, "as the last round began");
    assert_eq!(scene.journal.behind(9).await.unwrap(), []);
    relay_all(&mut relay).await;
    assert_eq!((metrics.lag.get(), metrics.published.get()), (0, all.len() as u64));
    scene.tasks.stop().await;
}

#[tokio::test]
async fn after_a_death_before_the_acknowledgement_the_next_relay_publishes_that_again() {
    let sale = sale(EVENT);
    let scene = Scene::of(&[&sale]).await;
    let stream = LocalStream::new(Arc::clone(&scene.clock) as _);
    let published = scene.collect(&stream).await;
    scene.count(stream.clone()).await;
    for _ in 0..2 {
        let dying = Dying { positions: Arc::clone(&scene.journal), deaths: 1.into() };
        let ports = RelayPorts { positions: Arc::new(dying), ..scene.relay_ports(stream.clone()) };
        let mut relay = Relay::new(ports, metrics());
        relay.round().await.unwrap_err();
        relay.round().await.unwrap();
    }
    relay_all(&mut scene.relay(stream)).await;
    let again = at_least_once(&published.lock().unwrap(), &messages(&sale));
    assert!(again > 200, "only {again} came again: nothing was tried");
    scene.is_counted(EVENT).await;
    scene.tasks.stop().await;
}

/// A stream that can be taken away.
struct Switched {
    stream: LocalStream,
    down: Arc<AtomicBool>,
}

#[async_trait]
impl StreamWriter for Switched {
    async fn publish(&self, messages: Vec<Message>) -> Result<(), StreamError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(StreamError::Unavailable("as the test asked".to_owned()));
        }
        self.stream.publish(messages).await
    }
}

#[tokio::test]
async fn a_stream_that_is_down_delays_what_is_published_and_nothing_else() {
    let sale = sale(EVENT);
    let scene = Scene::new();
    // Nothing is older than what has yet to be written.
    scene.clock.advance(sale.sale.at().since(OPENS_AT));
    let (stream, down) = (LocalStream::new(Arc::clone(&scene.clock) as _), Arc::default());
    let published = scene.collect(&stream).await;
    let switched = Switched { stream: stream.clone(), down: Arc::clone(&down) };
    let metrics = metrics();
    let relay = Relay::new(scene.relay_ports(switched), metrics.clone());
    let (leads, heard) = tokio::sync::watch::channel(true);
    scene.tasks.spawn("relay", relay.run(heard, scene.tasks.stopping().clone()));

    sale.write(&*scene.journal, &*scene.catalog, 300).await;
    let all = async || scene.journal.behind(9).await.unwrap().is_empty();
    scene.until("all of it is relayed", all).await;
    down.store(true, Ordering::SeqCst);
    sale.write_from(&*scene.journal, 300, 500).await;
    scene.until("it is noticed", async || metrics.relay_failures.get() > 3).await;
    sale.write_from(&*scene.journal, 500, usize::MAX).await;
    let records = i64::try_from(sale.sale.seq().0 - sale.appends[299].batch.last.0).unwrap();
    scene.until("it is said how much waits", async || metrics.lag.get() == records).await;
    let first = sale.records()[usize::try_from(sale.appends[299].batch.last.0).unwrap()].clone();
    let since = async || metrics.complete.get() == first.at.as_millis() / 1_000;
    scene.until("and since when the oldest of it does", since).await;
    down.store(false, Ordering::SeqCst);
    scene.until("all of it is relayed", all).await;
    assert_eq!(*published.lock().unwrap(), messages(&sale), "and nothing came twice");
    let now = scene.clock.now().as_millis() / 1_000;
    scene.until("the stream has everything", async || metrics.complete.get() >= now).await;
    leads.send(false).unwrap();
    let off = async || (metrics.lag.get(), metrics.complete.get()) == (0, 0);
    scene.until("a node that does not relay says so", off).await;
    drop(leads);
    scene.tasks.stop().await;
}

#[tokio::test]
async fn an_event_that_cannot_be_relayed_holds_up_no_other() {
    let (one, two) = (sale(EVENT), sale(OTHER));
    let scene = Scene::of(&[&one, &two]).await;
    scene.journal.damage(EVENT);
    let stream = LocalStream::new(Arc::clone(&scene.clock) as _);
    let published = scene.collect(&stream).await;
    let metrics = metrics();
    let mut relay = Relay::new(scene.relay_ports(stream), metrics.clone());
    relay_all(&mut relay).await;
    let all = published.lock().unwrap().clone();
    assert_eq!(of(OTHER, &all), messages(&two));
    assert_eq!(metrics.stuck.get(), 1);
    let (of_one, whole) = (of(EVENT, &all), messages(&one));
    assert!(!of_one.is_empty() && of_one.len() < whole.len(), "the pages before the damage");
    assert_eq!(of_one, whole[..of_one.len()]);
    scene.tasks.stop().await;
}

/// A node with a relay of its own.
struct Node {
    engine: Engine,
    tasks: Tasks,
    metrics: WorkerMetrics,
}

impl Node {
    async fn start(number: u64, leases: &Arc<LocalLeases>, ports: RelayPorts) -> Self {
        let id = NodeId(number);
        let address = format!("node-{number}");
        let parts = EngineParts {
            ports: ActorPorts {
                journal: Arc::clone(&ports.journal),
                catalog: Arc::clone(&ports.catalog),
                bus: Arc::new(LocalBus::default()),
                clock: Arc::clone(&ports.clock),
            },
            cluster: ClusterPorts {
                leases: Arc::clone(leases) as _,
                members: Arc::new(Alone),
                peers: Arc::new(Alone),
            },
            me: Member { id, address, roles: Roles::ALL, draining: false },
            config: EngineConfig::default(),
            sharing: ClusterConfig { ttl: Duration::from_secs(1), ..ClusterConfig::default() },
            metrics: EngineMetrics::register(&Registry::new()).unwrap(),
        };
        let engine = Engine::start(parts).await.unwrap();
        let (tasks, metrics) = (Tasks::default(), metrics());
        let relay = Relay::new(ports, metrics.clone());
        tasks.spawn("relay", relay.run(engine.lead(Resource::Relay), tasks.stopping().clone()));
        Self { engine, tasks, metrics }
    }

    /// Messages that its relay has published.
    fn published(&self) -> u64 {
        self.metrics.published.get()
    }

    async fn stop(self) {
        self.tasks.stop().await;
        self.engine.stop().await;
    }
}

#[tokio::test]
async fn of_two_relays_one_publishes_and_the_other_goes_on_when_it_is_gone() {
    let sale = sale(EVENT);
    let scene = Scene::new();
    let stream = LocalStream::new(Arc::clone(&scene.clock) as _);
    let published = scene.collect(&stream).await;
    // Leases count real time.
    let clock = Arc::new(SystemClock::start());
    let ports =
        || RelayPorts { clock: Arc::clone(&clock) as _, ..scene.relay_ports(stream.clone()) };
    let leases = Arc::default();
    let first = Node::start(1, &leases, ports()).await;
    let all = async || scene.journal.behind(9).await.unwrap().is_empty();
    sale.write(&*scene.journal, &*scene.catalog, 300).await;
    scene.until("the first relays", all).await;
    let second = Node::start(2, &leases, ports()).await;
    sale.write_from(&*scene.journal, 300, 500).await;
    scene.until("the first goes on", all).await;
    assert_eq!(second.published(), 0, "there is another that leads");
    let by_first = first.published();
    first.stop().await;
    sale.write_from(&*scene.journal, 500, usize::MAX).await;
    scene.until("the second relays", all).await;
    let whole = messages(&sale);
    assert_eq!(by_first + second.published(), whole.len() as u64, "each did a part");
    assert_eq!(*published.lock().unwrap(), whole, "and none did another's");
    second.stop().await;
    scene.tasks.stop().await;
}
