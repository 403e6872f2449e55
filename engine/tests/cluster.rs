//! Several engines over one journal: who owns what, and what happens when nodes come, go, and lose
//! sight of each other. Leases, members and calls are in memory; time is real, with short leases.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tiketi_engine::actor::{ActorPorts, EngineConfig, EngineMetrics, Unowned};
use tiketi_engine::cluster::{ClusterConfig, ClusterPorts, LocalLeases, placement};
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::command::{Command, Origin, Reply, Request, RequestKey, StandingView};
use tiketi_engine::domain::ids::{EventId, FanId, Seq};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::{Engine, EngineParts, Watched};
use tiketi_engine::errand::{Call, EngineError, Errand, Missed, Question, Told};
use tiketi_engine::feed::LocalBus;
use tiketi_engine::ports::{
    Acquired, Catalog as _, Clock, Journal as _, Lease, LeaseError, Leases, Member, Members,
    MembersError, NodeId, PeerError, Peers, Resource, Roles,
};
use tiketi_engine::testing::memory::{MemoryCatalog, MemoryJournal};
use tiketi_engine::testing::sample;
use tokio::time::Instant;

const TTL: Duration = Duration::from_millis(600);
/// How long a node waits for whoever keeps the leases: longer than a lease.
const PATIENCE: Duration = Duration::from_millis(1_800);

/// Real time, from the moment that the sample's sale opens.
struct RealClock(Instant);

#[async_trait]
impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        sample::OPENS_AT.after(self.0.elapsed())
    }

    async fn sleep(&self, while_: Duration) {
        tokio::time::sleep(while_).await;
    }
}

/// What all nodes share.
struct World {
    journal: Arc<MemoryJournal>,
    catalog: Arc<MemoryCatalog>,
    bus: Arc<LocalBus>,
    clock: Arc<RealClock>,
    leases: Arc<LocalLeases>,
    members: Mutex<BTreeMap<NodeId, (Member, Instant)>>,
    engines: Mutex<BTreeMap<NodeId, Engine>>,
    chart: Arc<Chart>,
}

/// A node's way to the others; it can be cut.
#[derive(Clone)]
struct Wire {
    world: Arc<World>,
    node: NodeId,
    cut_from_leases: Arc<AtomicBool>,
    /// Whoever keeps the leases says nothing for [`PATIENCE`], and nobody hears the node beat.
    silent_leases: Arc<AtomicBool>,
    unreachable: Arc<AtomicBool>,
    /// Calls are run, and their answers lost.
    answers_lost: Arc<AtomicBool>,
}

impl Wire {
    async fn leases(&self) -> Result<&LocalLeases, LeaseError> {
        if self.silent_leases.load(Ordering::SeqCst) {
            tokio::time::sleep(PATIENCE).await;
            return Err(LeaseError("no answer".to_owned()));
        }
        if self.cut_from_leases.load(Ordering::SeqCst) {
            return Err(LeaseError("cut off".to_owned()));
        }
        Ok(&self.world.leases)
    }
}

#[async_trait]
impl Leases for Wire {
    async fn acquire(
        &self,
        resource: Resource,
        holder: NodeId,
        ttl: Duration,
    ) -> Result<Acquired, LeaseError> {
        self.leases().await?.acquire(resource, holder, ttl).await
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<bool, LeaseError> {
        self.leases().await?.renew(lease, ttl).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.leases().await?.release(lease).await
    }
}

#[async_trait]
impl Members for Wire {
    async fn beat(&self, node: &Member, ttl: Duration) -> Result<Vec<Member>, MembersError> {
        if self.cut_from_leases.load(Ordering::SeqCst) || self.silent_leases.load(Ordering::SeqCst)
        {
            return Err(MembersError("cut off".to_owned()));
        }
        let now = Instant::now();
        let mut members = self.world.members.lock().unwrap();
        members.insert(node.id, (node.clone(), now + ttl));
        members.retain(|_, (_, until)| now < *until);
        Ok(members.values().map(|(member, _)| member.clone()).collect())
    }

    async fn leave(&self, node: NodeId) -> Result<(), MembersError> {
        self.world.members.lock().unwrap().remove(&node);
        Ok(())
    }
}

#[async_trait]
impl Peers for Wire {
    async fn call(&self, to: &Member, call: &Call, _: Duration) -> Result<Told, PeerError> {
        let gone = || PeerError::Unreached("cut off".to_owned());
        if self.unreachable.load(Ordering::SeqCst) {
            return Err(gone());
        }
        let engine = self.world.engines.lock().unwrap().get(&to.id).cloned().ok_or_else(gone)?;
        let told = engine.run_here(call.clone()).await?;
        if self.answers_lost.load(Ordering::SeqCst) {
            return Err(PeerError::Lost("as the test asked".to_owned()));
        }
        Ok(told)
    }
}

struct Node {
    wire: Wire,
    engine: Engine,
    metrics: EngineMetrics,
}

impl World {
    async fn new() -> Arc<Self> {
        let chart = Arc::new(sample::chart(10, 20, 50));
        let catalog = Arc::new(MemoryCatalog::default());
        catalog.put_chart(&chart, sample::OPENS_AT).await.unwrap();
        Arc::new(Self {
            journal: Arc::new(MemoryJournal::default()),
            catalog,
            bus: Arc::new(LocalBus::default()),
            clock: Arc::new(RealClock(Instant::now())),
            leases: Arc::new(LocalLeases::default()),
            members: Mutex::default(),
            engines: Mutex::default(),
            chart,
        })
    }

    async fn node(self: &Arc<Self>, number: u64) -> Node {
        self.node_with(number, EngineConfig::default()).await
    }

    async fn node_with(self: &Arc<Self>, number: u64, config: EngineConfig) -> Node {
        let id = NodeId(number);
        let wire = Wire {
            world: Arc::clone(self),
            node: id,
            cut_from_leases: Arc::default(),
            silent_leases: Arc::default(),
            unreachable: Arc::default(),
            answers_lost: Arc::default(),
        };
        let metrics = EngineMetrics::register(&prometheus::Registry::new()).unwrap();
        let engine = Engine::start(EngineParts {
            ports: ActorPorts {
                journal: Arc::clone(&self.journal) as _,
                catalog: Arc::clone(&self.catalog) as _,
                bus: Arc::clone(&self.bus) as _,
                clock: Arc::clone(&self.clock) as _,
            },
            cluster: ClusterPorts {
                leases: Arc::new(wire.clone()),
                members: Arc::new(wire.clone()),
                peers: Arc::new(wire.clone()),
            },
            me: Member {
                id,
                address: format!("node-{number}"),
                roles: Roles::ALL,
                draining: false,
            },
            config,
            sharing: ClusterConfig { ttl: TTL, ..ClusterConfig::default() },
            metrics: metrics.clone(),
        });
        let engine = engine.await.unwrap();
        self.engines.lock().unwrap().insert(id, engine.clone());
        Node { wire, engine, metrics }
    }

    /// Nodes that all know of each other.
    async fn nodes(self: &Arc<Self>, count: u64) -> Vec<Node> {
        let mut nodes = Vec::new();
        for number in 1..=count {
            nodes.push(self.node(number).await);
        }
        let all_known = || nodes.iter().all(|node| node.engine.members().len() == nodes.len());
        until("every node knows of every other", all_known).await;
        nodes
    }

    async fn open(&self, node: &Node, event: EventId) {
        let mut terms = sample::terms(&self.chart);
        terms.rules.admitted_max = 1;
        node.engine.open_sale(event, &self.chart, terms).await.unwrap();
    }

    /// As if the process were killed: it says and hears nothing any more.
    fn kill(&self, node: &Node) {
        self.engines.lock().unwrap().remove(&node.wire.node);
        node.wire.cut_from_leases.store(true, Ordering::SeqCst);
        node.wire.unreachable.store(true, Ordering::SeqCst);
    }
}

async fn until(what: &str, is: impl Fn() -> bool) {
    let started = Instant::now();
    while !is() {
        assert!(started.elapsed() < Duration::from_mins(1), "never: {what}");
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
}

/// Asks an actor of this node, if it has one, and nobody else.
async fn asked_here(node: &Node, event: EventId) -> Result<Told, Missed> {
    let errand = Errand::Ask(Question::Overview);
    node.engine.run_here(Call { event, errand, may_take_over: false }).await
}

/// An event that a node should own while these three live.
fn event_of(nodes: &[Node], owner: usize) -> EventId {
    let list = nodes[0].engine.members();
    let wanted = Some(nodes[owner].wire.node);
    let fits = |event: &EventId| placement::preferred(*event, &list) == wanted;
    (1..10_000).map(EventId::new).find(fits).unwrap()
}

fn join(fan: u64) -> Request {
    let key = RequestKey { key: u128::from(fan), fingerprint: 1 };
    Request { by: Origin::Fan(FanId::new(fan)), key: Some(key), command: Command::Join }
}

async fn joins(node: &Node, event: EventId, fan: u64) -> Reply {
    node.engine.submit(event, join(fan)).await.unwrap()
}

fn live(nodes: &[Node]) -> Vec<i64> {
    nodes.iter().map(|node| node.metrics.actors.get()).collect()
}

#[tokio::test]
async fn any_node_serves_and_one_owns() {
    let world = World::new().await;
    let nodes = world.nodes(3).await;
    let event = event_of(&nodes, 1);
    world.open(&nodes[0], event).await;
    for fan in 0..30 {
        let node = &nodes[usize::try_from(fan % 3).unwrap()];
        let standing = joins(node, event, fan).await;
        let expected_number = fan > 0;
        assert_eq!(
            matches!(standing, Reply::Standing(StandingView::Waiting { .. })),
            expected_number
        );
    }
    assert_eq!(live(&nodes), [0, 1, 0], "the node that should own it does");
    let overviews = [
        nodes[0].engine.overview(event).await.unwrap(),
        nodes[1].engine.overview(event).await.unwrap(),
        nodes[2].engine.overview(event).await.unwrap(),
    ];
    assert!(overviews.iter().all(|overview| overview == &overviews[0]), "all told the same");
    assert_eq!(overviews[0].waiting, 29);
    assert_eq!(
        nodes[2].engine.submit(EventId::new(999_999), join(1)).await,
        Err(EngineError::UnknownEvent)
    );
}

#[tokio::test]
async fn a_dead_owner_is_succeeded_once_its_lease_has_ended() {
    let world = World::new().await;
    let nodes = world.nodes(3).await;
    let event = event_of(&nodes, 2);
    world.open(&nodes[0], event).await;
    let first = joins(&nodes[0], event, 7).await;
    let mut watch = nodes[1].engine.watch(event).await.unwrap();
    world.kill(&nodes[2]);
    let died_at = Instant::now();
    assert_eq!(joins(&nodes[0], event, 7).await, first, "a repeat, answered by the successor");
    let gap = died_at.elapsed();
    assert!(gap > TTL / 2, "not while the lease may live: {gap:?}");
    // Who watches notices by itself.
    while watch.next().await.unwrap() != Watched::Restarted {}
    joins(&nodes[1], event, 8).await;
    assert_eq!(nodes[0].engine.overview(event).await.unwrap().waiting, 1);
}

#[tokio::test]
async fn an_owner_cut_off_from_the_leases_stops_answering_before_another_begins() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    joins(&nodes[0], event, 1).await;
    nodes[0].wire.cut_from_leases.store(true, Ordering::SeqCst);
    let next = loop {
        match world.leases.acquire(Resource::Event(event), NodeId(99), TTL).await.unwrap() {
            Acquired::Taken(lease) => break lease,
            Acquired::Held { remaining, .. } => tokio::time::sleep(remaining).await,
        }
    };
    assert!(asked_here(&nodes[0], event).await.is_err(), "the answer of one that owns it no more");
    assert_eq!(nodes[0].metrics.leases_lost.get(), 1);
    world.leases.release(&next).await.unwrap();
    let answer = joins(&nodes[1], event, 2).await;
    assert!(matches!(answer, Reply::Standing(StandingView::Waiting { .. })));
    assert_eq!(live(&nodes), [0, 1]);
}

#[tokio::test]
async fn an_owner_that_waits_for_whoever_keeps_the_leases_answers_no_longer_than_its_lease() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    joins(&nodes[0], event, 1).await;
    nodes[0].wire.silent_leases.store(true, Ordering::SeqCst);
    while nodes[1].metrics.actors.get() == 0 {
        joins(&nodes[1], event, 2).await;
    }
    joins(&nodes[1], event, 3).await;
    let now = nodes[1].engine.overview(event).await.unwrap();
    // What needs no record is told by nobody who does not own the event: not from the state of then.
    assert!(asked_here(&nodes[0], event).await.is_err(), "the answer of one that owns it no more");
    assert_eq!(nodes[0].metrics.leases_lost.get(), 1);
    nodes[0].wire.silent_leases.store(false, Ordering::SeqCst);
    let all = [nodes[0].engine.overview(event).await, nodes[1].engine.overview(event).await];
    assert!(all.iter().flatten().all(|told| told.seq == now.seq), "{all:?}");
}

#[tokio::test]
async fn a_lease_that_is_lost_ends_the_actor_and_a_stale_append_is_refused() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    joins(&nodes[0], event, 1).await;
    // The old owner's append is on its way while somebody else takes the event over.
    world.journal.hold_appends();
    let late = tokio::spawn({
        let engine = nodes[0].engine.clone();
        async move { engine.submit(event, join(2)).await }
    });
    until("it is on its way", || world.journal.appends() == 2).await;
    world.journal.take_over(event).await.unwrap();
    world.journal.let_through(1_000);
    assert!(late.await.unwrap().is_ok_and(|reply| reply != Reply::Done), "asked again, and done");
    until("the stale append was refused", || nodes[0].metrics.fenced_appends.get() == 1).await;
    let batches = world.journal.batches(event, Seq(0), u32::MAX).await.unwrap();
    let fences: Vec<_> = batches.iter().map(|batch| batch.fence).collect();
    assert!(fences.is_sorted(), "{fences:?}");
}

#[tokio::test]
async fn events_move_when_a_node_comes_and_when_one_drains() {
    let world = World::new().await;
    let mut nodes = world.nodes(2).await;
    let events: Vec<EventId> = (1..=40).map(EventId::new).collect();
    for event in &events {
        world.open(&nodes[0], *event).await;
        joins(&nodes[0], *event, 1).await;
    }
    assert_eq!(live(&nodes).iter().sum::<i64>(), 40);
    nodes.push(world.node(3).await);
    let moved = || nodes[0].metrics.hand_overs.get() + nodes[1].metrics.hand_overs.get();
    let list = || nodes[2].engine.members();
    until("the new node is known", || list().len() == 3).await;
    let expected = |node: NodeId| {
        events.iter().filter(|event| placement::preferred(**event, &list()) == Some(node)).count()
    };
    let to_third = expected(NodeId(3)) as u64;
    until("its events were handed over", || moved() == to_third).await;
    // Nobody who asks on the way is refused or loses anything.
    for event in &events {
        let again = joins(&nodes[0], *event, 1).await;
        assert!(matches!(again, Reply::Standing(StandingView::Called { .. })), "{again:?}");
    }
    assert_eq!(live(&nodes)[2], i64::try_from(to_third).unwrap());
    nodes[0].engine.drain().await;
    assert_eq!(live(&nodes)[0], 0, "everything was handed over");
    for event in &events {
        joins(&nodes[1], *event, 2).await;
    }
    assert_eq!(live(&nodes)[0], 0, "and nothing taken back");
    assert_eq!(live(&nodes).iter().sum::<i64>(), 40);
}

#[tokio::test]
async fn a_node_steps_back_for_a_while_and_gets_its_events_again() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let events: Vec<EventId> = (1..=20).map(EventId::new).collect();
    for event in &events {
        world.open(&nodes[0], *event).await;
        joins(&nodes[0], *event, 1).await;
    }
    let before = live(&nodes);
    assert!(before[0] > 0 && before[1] > 0, "{before:?}");
    nodes[0].engine.step_back().await;
    until("it has nothing any more", || live(&nodes)[0] == 0).await;
    for event in &events {
        joins(&nodes[0], *event, 2).await;
    }
    assert_eq!(live(&nodes), [0, 20], "it asks the other, and takes nothing back");
    nodes[0].engine.rejoin().await;
    until("the other gave its events up", || live(&nodes)[1] == before[1]).await;
    for event in &events {
        joins(&nodes[1], *event, 3).await;
    }
    assert_eq!(live(&nodes), before);
}

#[tokio::test]
async fn commands_on_the_way_during_a_hand_over_are_answered_once() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    let mut asking = Vec::new();
    for fan in 0..400 {
        let engine = nodes[usize::try_from(fan % 2).unwrap()].engine.clone();
        asking.push(tokio::spawn(async move { engine.submit(event, join(fan)).await }));
        if fan == 200 {
            let engine = nodes[0].engine.clone();
            asking.push(tokio::spawn(async move {
                engine.drain().await;
                Ok(Reply::Done)
            }));
        }
    }
    for asked in asking {
        asked.await.unwrap().unwrap();
    }
    let overview = nodes[1].engine.overview(event).await.unwrap();
    assert_eq!((overview.inside, overview.waiting), (1, 399), "everybody once");
    assert_eq!(live(&nodes), [0, 1]);
}

#[tokio::test]
async fn an_event_is_handed_over_to_a_node_and_stays_until_the_nodes_change() {
    let world = World::new().await;
    let mut nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    let mut asking = Vec::new();
    for fan in 0..400 {
        let engine = nodes[usize::try_from(fan % 2).unwrap()].engine.clone();
        asking.push(tokio::spawn(async move { engine.submit(event, join(fan)).await }));
        if fan == 200 {
            let engine = nodes[1].engine.clone();
            asking.push(tokio::spawn(async move {
                engine.hand_over_to(event, NodeId(2)).await.map(|()| Reply::Done)
            }));
        }
    }
    for asked in asking {
        asked.await.unwrap().unwrap();
    }
    let overview = nodes[0].engine.overview(event).await.unwrap();
    assert_eq!((overview.inside, overview.waiting), (1, 399), "everybody once");
    assert_eq!(live(&nodes), [0, 1], "the other asks it, and takes nothing back");
    let placed = |node: &Node| node.engine.actors().iter().any(|actor| actor.placed);
    assert!(placed(&nodes[1]));
    assert_eq!(nodes[0].engine.hand_over_to(event, NodeId(2)).await, Ok(()), "it is there");
    let nowhere = nodes[0].engine.hand_over_to(event, NodeId(99)).await;
    assert!(matches!(nowhere, Err(EngineError::Unavailable { .. })), "{nowhere:?}");
    assert_eq!(live(&nodes), [0, 1], "it stays where it is if there is no such node");

    nodes.push(world.node(3).await);
    until("it was handed over", || nodes[1].metrics.hand_overs.get() == 1).await;
    joins(&nodes[1], event, 1).await;
    assert_eq!(live(&nodes)[1], 0, "whoever should own it has it");
    assert!(!nodes.iter().any(placed));
}

#[tokio::test]
async fn an_event_that_a_node_does_not_take_goes_back_to_whoever_should_own_it() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 0);
    world.open(&nodes[0], event).await;
    joins(&nodes[0], event, 1).await;
    nodes[0].wire.unreachable.store(true, Ordering::SeqCst);
    let missed = nodes[0].engine.hand_over_to(event, NodeId(2)).await;
    assert!(matches!(missed, Err(EngineError::Unavailable { .. })), "{missed:?}");
    joins(&nodes[0], event, 2).await;
    assert_eq!(live(&nodes), [1, 0]);
}

#[tokio::test]
async fn one_node_leads_and_another_follows_when_it_is_gone() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let first = nodes[0].engine.lead(Resource::Relay);
    until("one leads", || *first.borrow()).await;
    let second = nodes[1].engine.lead(Resource::Relay);
    drop(first);
    until("the other leads once it may", || *second.borrow()).await;
    world.kill(&nodes[1]);
    until("who is cut off does not", || !*second.borrow()).await;
}

/// Errands given up: no node could own the event, its owner was lost, it was not found in time.
fn given_up(node: &Node) -> [u64; 3] {
    let Unowned { nobody, lost, late } = &node.metrics.unowned;
    [nobody.get(), lost.get(), late.get()]
}

fn is_unavailable(answer: &Result<Reply, EngineError>) -> bool {
    matches!(answer, Err(EngineError::Unavailable { .. }))
}

#[tokio::test]
async fn an_errand_that_finds_no_owner_is_counted_by_why() {
    let world = World::new().await;
    let patience = Duration::from_millis(200);
    let config = EngineConfig { answer_within: patience, ..EngineConfig::default() };
    let node = world.node_with(1, config).await;
    let event = EventId::new(1);
    world.open(&node, event).await;
    let elsewhere = world.leases.acquire(Resource::Event(event), NodeId(99), TTL * 100).await;
    assert!(matches!(elsewhere, Ok(Acquired::Taken(_))), "{elsewhere:?}");
    let asked_at = Instant::now();
    let answer = node.engine.submit(event, join(1)).await;
    assert!(is_unavailable(&answer) && asked_at.elapsed() >= patience, "{answer:?}");
    assert_eq!(given_up(&node), [0, 0, 1], "a node that nobody knows has it");
    node.wire.cut_from_leases.store(true, Ordering::SeqCst);
    let answer = node.engine.submit(EventId::new(2), join(1)).await;
    assert!(is_unavailable(&answer), "{answer:?}");
    assert_eq!(given_up(&node), [1, 0, 1], "and nobody can have another");
}

#[tokio::test]
async fn an_errand_that_may_have_been_run_is_given_up_when_its_owner_is_lost() {
    let world = World::new().await;
    let nodes = world.nodes(2).await;
    let event = event_of(&nodes, 1);
    world.open(&nodes[0], event).await;
    nodes[0].wire.answers_lost.store(true, Ordering::SeqCst);
    let once = Request { key: None, ..join(1) };
    let answer = nodes[0].engine.submit(event, once).await;
    assert!(is_unavailable(&answer), "{answer:?}");
    assert_eq!(given_up(&nodes[0]), [0, 1, 0]);
    nodes[0].wire.answers_lost.store(false, Ordering::SeqCst);
    assert_eq!(nodes[0].engine.overview(event).await.unwrap().inside, 1, "it was run");
}
