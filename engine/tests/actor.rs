//! The actors over ports in memory: batching, what leaves when, overload, failure, recovery.
//!
//! Time stands still unless a test moves it.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tiketi_engine::actor::{ActorPorts, EngineConfig, EngineMetrics, Violations};
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::command::{
    BestAvailable, Command, Origin, Reply, Request, RequestKey, Selection, StandingView,
};
use tiketi_engine::domain::ids::{AccountId, EventId, FanId, Fence, Seq};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::rejection::Rejection;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::engine::{Engine, EngineParts, Watch, Watched};
use tiketi_engine::errand::EngineError;
use tiketi_engine::feed::frame::ServerFrame;
use tiketi_engine::feed::{LocalBus, Publication};
use tiketi_engine::ports::{Bus, Catalog as _, Clock as _, Journal as _, Subscription};
use tiketi_engine::replay::{ReplayConfig, Replays};
use tiketi_engine::testing::memory::{ManualClock, MemoryCatalog, MemoryJournal};
use tiketi_engine::testing::sample;

const EVENT: EventId = EventId::new(42);

/// A bus that panics once when told to, as a bug in an actor would.
#[derive(Default)]
struct FragileBus {
    bus: LocalBus,
    panics: AtomicBool,
}

#[async_trait]
impl Bus for FragileBus {
    fn publish(&self, event: EventId, publication: Arc<Publication>) {
        assert!(!self.panics.swap(false, Ordering::SeqCst), "as the test asked");
        self.bus.publish(event, publication);
    }

    async fn subscribe(&self, event: EventId) -> Subscription {
        self.bus.subscribe(event).await
    }
}

struct Rig {
    journal: Arc<MemoryJournal>,
    catalog: Arc<MemoryCatalog>,
    clock: Arc<ManualClock>,
    bus: Arc<FragileBus>,
    chart: Arc<Chart>,
    metrics: EngineMetrics,
    engine: Engine,
}

impl Rig {
    async fn new(config: EngineConfig, change: impl FnOnce(&mut Terms)) -> Self {
        let journal = Arc::new(MemoryJournal::default());
        let catalog = Arc::new(MemoryCatalog::default());
        let clock = Arc::new(ManualClock::at(sample::OPENS_AT));
        let bus = Arc::new(FragileBus::default());
        let chart = Arc::new(sample::chart(10, 20, 50));
        catalog.put_chart(&chart, sample::OPENS_AT).await.unwrap();
        let ports = ActorPorts {
            journal: Arc::clone(&journal) as _,
            catalog: Arc::clone(&catalog) as _,
            bus: Arc::clone(&bus) as _,
            clock: Arc::clone(&clock) as _,
        };
        let metrics = EngineMetrics::register(&prometheus::Registry::new()).unwrap();
        let engine =
            Engine::start(EngineParts::alone(ports, config, metrics.clone())).await.unwrap();
        let mut terms = sample::terms(&chart);
        change(&mut terms);
        engine.open_sale(EVENT, &chart, terms).await.unwrap();
        Self { journal, catalog, clock, bus, chart, metrics, engine }
    }

    async fn ask(&self, fan: u64, command: Command) -> Result<Reply, EngineError> {
        self.engine.submit(EVENT, request(fan, command)).await
    }

    /// Moves time on in small steps until something is as it should be; after each step the other
    /// threads have time to work.
    async fn until(&self, what: &str, is: impl Fn() -> bool) {
        for _ in 0..5_000 {
            self.clock.advance(Duration::from_millis(100));
            for _ in 0..200 {
                if is() {
                    return;
                }
                tokio::task::yield_now().await;
                std::thread::yield_now();
            }
        }
        panic!("never: {what}");
    }

    /// What is watched next, while time moves on.
    async fn next(&self, watch: &mut Watch) -> Watched {
        let mut next = std::pin::pin!(watch.next());
        loop {
            let tick = std::pin::pin!(tokio::task::yield_now());
            tokio::select! {
                watched = &mut next => return watched.unwrap(),
                () = tick => self.clock.advance(Duration::from_millis(1)),
            }
        }
    }

    /// Lets other threads work until something is as it should be; time stands still.
    async fn eventually(&self, what: &str, is: impl Fn() -> bool) {
        for _ in 0..1_000_000 {
            if is() {
                return;
            }
            tokio::task::yield_now().await;
            std::thread::yield_now();
        }
        panic!("never: {what}");
    }
}

fn request(fan: u64, command: Command) -> Request {
    Request { by: Origin::Fan(FanId::new(fan)), key: None, command }
}

fn best(quantity: u32) -> Command {
    Command::PlaceHold(Selection::BestAvailable(BestAvailable {
        quantity,
        accessible: 0,
        categories: Vec::new(),
        section: None,
        ticket_type: TicketTypeIx(0),
    }))
}

async fn plain() -> Rig {
    Rig::new(EngineConfig::default(), |_| ()).await
}

/// Even a single record is worth a snapshot.
async fn with_snapshots() -> Rig {
    Rig::new(EngineConfig { snapshot_every: 10, ..EngineConfig::default() }, |_| ()).await
}

#[tokio::test]
async fn an_answer_waits_until_its_records_are_durable() {
    let rig = plain().await;
    rig.journal.hold_appends();
    let joining = tokio::spawn({
        let engine = rig.engine.clone();
        async move { engine.submit(EVENT, request(1, Command::Join)).await }
    });
    rig.eventually("the append began", || rig.journal.appends() == 1).await;
    assert!(!joining.is_finished(), "nothing may leave before the append returns");
    // A rejection rests on what is not durable either, so it waits too.
    let rejected = tokio::spawn({
        let engine = rig.engine.clone();
        async move { engine.submit(EVENT, request(2, best(1))).await }
    });
    rig.eventually("the second was decided", || rig.metrics.commands.get() == 2).await;
    assert!(!rejected.is_finished());
    rig.journal.let_through(1);
    let Reply::Standing(StandingView::Called { .. }) = joining.await.unwrap().unwrap() else {
        panic!("the first fan is called at once");
    };
    assert_eq!(rejected.await.unwrap(), Err(EngineError::Rejected(Rejection::NotAdmitted)));
}

#[tokio::test]
async fn what_arrives_while_an_append_is_in_flight_goes_into_the_next_one() {
    let rig = plain().await;
    rig.ask(1_000, Command::Join).await.unwrap();
    rig.journal.hold_appends();
    let before = (rig.journal.appends(), rig.metrics.commands.get());
    let mut waiting = Vec::new();
    for fan in 0..200 {
        let engine = rig.engine.clone();
        waiting.push(tokio::spawn(async move {
            engine.submit(EVENT, request(fan, Command::Join)).await
        }));
    }
    let all = || rig.metrics.commands.get() == before.1 + 200;
    rig.eventually("all have been decided", all).await;
    rig.journal.let_through(1_000);
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    let appends = rig.journal.appends() - before.0;
    assert!(appends <= 3, "200 commands in {appends} appends");
}

#[tokio::test]
async fn beyond_the_bound_commands_are_refused_with_a_time_to_retry() {
    let config = EngineConfig { commands_per_event_max: 8, ..EngineConfig::default() };
    let rig = Rig::new(config, |_| ()).await;
    rig.ask(1_000, Command::Join).await.unwrap();
    rig.journal.hold_appends();
    let mut waiting = Vec::new();
    for fan in 0..8 {
        let engine = rig.engine.clone();
        waiting.push(tokio::spawn(async move {
            engine.submit(EVENT, request(fan, Command::Join)).await
        }));
    }
    rig.eventually("eight wait", || rig.metrics.commands.get() == 9).await;
    let refused = rig.ask(9, Command::Join).await;
    assert_eq!(refused, Err(EngineError::Overloaded { retry_after: Duration::from_secs(1) }));
    rig.journal.let_through(1_000);
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    assert!(rig.ask(9, Command::Join).await.is_ok(), "there is room again");
}

#[tokio::test]
async fn an_append_in_doubt_is_settled_before_anybody_is_answered() {
    for lost_after_write in [false, true] {
        let rig = plain().await;
        for command in [Command::Join, Command::Claim] {
            rig.ask(1, command).await.unwrap();
        }
        if lost_after_write {
            rig.journal.lose_next_answer();
        } else {
            rig.journal.fail_next();
        }
        let Reply::Hold(hold) = rig.ask(1, best(2)).await.unwrap() else { panic!("a hold") };
        let overview = rig.engine.overview(EVENT).await.unwrap();
        assert_eq!((hold.items.len(), overview.counts.held), (2, 2), "it was done once");
        assert_eq!(overview.fence.0, 2, "the fence was raised to find out");
        assert_eq!(rig.metrics.recoveries.get(), 1, "by the same actor");
        let fan = rig.engine.fan(EVENT, FanId::new(1)).await.unwrap();
        assert_eq!(fan.hold, Some(hold));
        assert!(rig.ask(2, Command::Join).await.is_ok(), "and the sale goes on");
    }
}

#[tokio::test]
async fn a_journal_that_stays_away_takes_everything_back_that_was_not_durable() {
    let rig = plain().await;
    rig.ask(1, Command::Join).await.unwrap();
    rig.journal.set_down(true);
    let claiming = tokio::spawn({
        let engine = rig.engine.clone();
        async move { engine.submit(EVENT, request(1, Command::Claim)).await }
    });
    rig.until("the actor gives up", || rig.metrics.failures.get() == 1).await;
    let failed = claiming.await.unwrap();
    assert!(matches!(failed, Err(EngineError::Unavailable { .. })), "{failed:?}");
    let refused = rig.ask(1, Command::Claim).await;
    assert!(matches!(refused, Err(EngineError::Unavailable { .. })), "nobody can own it now");
    rig.journal.set_down(false);
    rig.clock.advance(Duration::from_secs(1));
    let fan = rig.engine.fan(EVENT, FanId::new(1)).await.unwrap();
    assert!(matches!(fan.standing, StandingView::Called { .. }), "the claim never happened");
    assert!(rig.ask(1, Command::Claim).await.is_ok(), "and can be made again");
}

#[tokio::test]
async fn an_owner_that_was_fenced_off_drops_its_state_and_takes_over_anew() {
    let rig = plain().await;
    rig.ask(1, Command::Join).await.unwrap();
    rig.journal.take_over(EVENT).await.unwrap();
    let answered = rig.ask(2, Command::Join).await;
    assert!(answered.is_ok(), "by the next owner: {answered:?}");
    assert_eq!(rig.metrics.fenced_appends.get(), 1);
    assert!(rig.ask(2, Command::Join).await.is_ok());
    let overview = rig.engine.overview(EVENT).await.unwrap();
    assert_eq!((overview.fence.0, overview.inside), (3, 2));
    assert_eq!(rig.metrics.recoveries.get(), 2);
}

#[tokio::test]
async fn a_repeat_under_one_key_is_done_once() {
    let rig = plain().await;
    for command in [Command::Join, Command::Claim] {
        rig.ask(1, command).await.unwrap();
    }
    let key = RequestKey { key: 7, fingerprint: 1 };
    let keyed = Request { key: Some(key), ..request(1, best(2)) };
    let first = rig.engine.submit(EVENT, keyed.clone()).await.unwrap();
    rig.journal.take_over(EVENT).await.unwrap();
    assert!(rig.ask(2, Command::Join).await.is_ok(), "fenced off: the next owner answers");
    assert_eq!(rig.engine.submit(EVENT, keyed.clone()).await.unwrap(), first);
    let reused = Request { key: Some(RequestKey { fingerprint: 2, ..key }), ..keyed };
    let refused = rig.engine.submit(EVENT, reused).await;
    assert_eq!(refused, Err(EngineError::Rejected(Rejection::KeyReused)));
}

#[tokio::test]
async fn a_panic_costs_one_event_a_reload_and_others_nothing() {
    let rig = plain().await;
    let other = EventId::new(43);
    rig.engine.open_sale(other, &rig.chart, sample::terms(&rig.chart)).await.unwrap();
    rig.engine.submit(other, request(5, Command::Join)).await.unwrap();
    rig.ask(1, Command::Join).await.unwrap();
    rig.bus.panics.store(true, Ordering::SeqCst);
    let ended = || rig.metrics.actors.get() == 1;
    rig.until("the actor that published is gone", ended).await;
    // Whichever it was: both events answer, with what was durable.
    let fan = rig.engine.fan(EVENT, FanId::new(1)).await.unwrap();
    assert!(matches!(fan.standing, StandingView::Called { .. }));
    let fan = rig.engine.fan(other, FanId::new(5)).await.unwrap();
    assert!(matches!(fan.standing, StandingView::Called { .. }));
    assert_eq!(rig.metrics.recoveries.get(), 3, "one event was taken over anew, the other not");
    assert_eq!(violations(&rig), [1, 0, 0, 0]);
}

/// Panics, damage, refused rows, refused ticks.
fn violations(rig: &Rig) -> [u64; 4] {
    let Violations { panic, damaged, refused, tick } = &rig.metrics.violations;
    [panic.get(), damaged.get(), refused.get(), tick.get()]
}

#[tokio::test]
async fn a_journal_that_is_damaged_or_refuses_rows_is_counted_as_a_violation() {
    let rig = plain().await;
    rig.ask(1, Command::Join).await.unwrap();
    rig.journal.refuse_next();
    assert_eq!(rig.ask(2, Command::Join).await, Err(EngineError::Damaged));
    assert_eq!((violations(&rig), rig.metrics.failures.get()), ([0, 0, 1, 0], 1));
    assert!(rig.ask(2, Command::Join).await.is_ok(), "the next owner has what is durable");
    rig.journal.damage(EVENT);
    rig.journal.take_over(EVENT).await.unwrap();
    assert_eq!(rig.ask(3, Command::Join).await, Err(EngineError::Damaged));
    assert_eq!(violations(&rig), [0, 1, 1, 0]);
}

#[tokio::test]
async fn each_no_of_a_sale_is_counted_under_its_code() {
    let rig = plain().await;
    for fan in 1..=3 {
        assert_eq!(rig.ask(fan, Command::Claim).await, Err(Rejection::NotInLine.into()));
    }
    assert_eq!(rig.ask(1, best(2)).await, Err(Rejection::NotAdmitted.into()));
    assert!(rig.ask(1, Command::Join).await.is_ok());
    let counted = |code| rig.metrics.rejections.with_code(code);
    assert_eq!((counted("not_in_line"), counted("not_admitted"), counted("taken")), (3, 1, 0));
    let all: u64 = Rejection::CODES.into_iter().map(counted).sum();
    assert_eq!((all, rig.metrics.commands.get()), (4, 5), "each once, and nothing else");
    let of_event = rig.engine.rejections(EVENT);
    assert_eq!(of_event, [("not_in_line", 3), ("not_admitted", 1)], "as they are judged");
    assert_eq!(rig.engine.rejections(EventId::new(EVENT.number() + 1)), []);
    assert_eq!(rig.engine.actors()[0].rejections, 4);
}

#[tokio::test]
async fn an_actor_nobody_needs_leaves_memory_and_comes_back() {
    let rig = with_snapshots().await;
    rig.ask(1, Command::Join).await.unwrap();
    rig.ask(1, Command::Leave).await.unwrap();
    assert_eq!(rig.metrics.actors.get(), 1);
    rig.until("the actor has gone", || rig.metrics.actors.get() == 0).await;
    let recovered = rig.journal.recover(EVENT).await.unwrap();
    assert!(recovered.snapshot.is_some() && recovered.batches.is_empty(), "with a snapshot");
    assert!(rig.ask(1, Command::Join).await.is_ok());
    assert_eq!(rig.metrics.actors.get(), 1);
}

#[tokio::test]
async fn an_actor_that_time_has_work_for_stays() {
    let rig = Rig::new(EngineConfig::default(), |terms| {
        terms.rules.hold_ttl = Duration::from_mins(6);
        terms.rules.session_ttl = Duration::from_mins(7);
    })
    .await;
    for command in [Command::Join, Command::Claim, best(2)] {
        rig.ask(1, command).await.unwrap();
    }
    let held = || rig.metrics.records.get();
    let before = held();
    rig.until("the hold and the session have ended", || held() >= before + 2).await;
    assert_eq!(rig.engine.overview(EVENT).await.unwrap().counts.held, 0, "expired by the clock");
    assert_eq!(rig.metrics.recoveries.get(), 1, "the same actor");
}

#[tokio::test]
async fn who_waits_for_the_rate_is_called_when_the_clock_allows_it() {
    let rig = plain().await;
    let operator = Origin::Operator(AccountId::new(1), None);
    rig.engine.operate(EVENT, operator, Command::SetRate(Some(6))).await.unwrap();
    for fan in 1..=3 {
        rig.ask(fan, Command::Join).await.unwrap();
    }
    let (begun, records) = (rig.clock.now(), || rig.metrics.records.get());
    let before = records();
    rig.until("two more were called", || records() >= before + 2).await;
    let waited = rig.clock.now().since(begun);
    assert!(waited >= Duration::from_secs(20), "{waited:?}");
    let last = rig.engine.fan(EVENT, FanId::new(3)).await.unwrap();
    assert!(matches!(last.standing, StandingView::Called { .. }), "{last:?}");
}

#[tokio::test]
async fn snapshots_bound_what_a_recovery_replays() {
    let config = EngineConfig { snapshot_every: 10, ..EngineConfig::default() };
    let rig = Rig::new(config, |terms| terms.rules.admitted_max = 1).await;
    for fan in 0..25 {
        rig.ask(fan, Command::Join).await.unwrap();
    }
    rig.eventually("a snapshot was saved", || {
        let recovered = futures_now(rig.journal.recover(EVENT));
        recovered.snapshot.is_some_and(|snapshot| snapshot.seq >= Seq(20))
    })
    .await;
    let reading = || rig.engine.actors()[0].clone();
    assert_eq!(reading().snapshot_of, Some(rig.clock.now()), "time stands still");
    let made = reading();
    rig.clock.advance(Duration::from_millis(50));
    rig.journal.take_over(EVENT).await.unwrap();
    assert!(rig.ask(99, Command::Join).await.is_ok());
    assert_eq!(reading().take_overs, made.take_overs + 1);
    assert_eq!(reading().snapshot_of, made.snapshot_of, "the one that it began with");
    let fan = rig.engine.fan(EVENT, FanId::new(24)).await.unwrap();
    assert!(matches!(fan.standing, StandingView::Waiting { ahead: 23, .. }), "{fan:?}");
}

/// The memory journal's look-ups never wait.
fn futures_now<T>(
    future: impl Future<Output = Result<T, tiketi_engine::ports::JournalError>>,
) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(done) => done.unwrap(),
        std::task::Poll::Pending => panic!("it waits"),
    }
}

#[tokio::test]
async fn watchers_see_changes_in_order_and_only_durable_ones() {
    let rig = plain().await;
    for command in [Command::Join, Command::Claim] {
        rig.ask(1, command).await.unwrap();
    }
    let mut watch = rig.engine.watch(EVENT).await.unwrap();
    let (epoch, seq) = (watch.replica().epoch(), watch.replica().seq());
    rig.ask(1, best(3)).await.unwrap();
    let Watched::Followed(publication) = rig.next(&mut watch).await else {
        panic!("a publication");
    };
    assert_eq!((publication.epoch, publication.before), (epoch, seq));
    assert_eq!(publication.changed.len(), 3);
    assert_eq!(publication.fans, [FanId::new(1)]);
    let Ok(ServerFrame::Delta { changed, .. }) = ServerFrame::decode(&publication.delta) else {
        panic!("a delta frame");
    };
    assert_eq!(changed, publication.changed);
    // The room is shown less often than the seats: with them if it is due by then, else later.
    let mut shown = publication;
    let room = loop {
        if let Some(bytes) = &shown.room {
            break ServerFrame::decode(bytes).unwrap();
        }
        let Watched::Followed(later) = rig.next(&mut watch).await else {
            panic!("a publication");
        };
        shown = later;
    };
    let ServerFrame::Room(room) = room else { panic!("a room frame") };
    assert_eq!((room.inside, room.waiting), (1, 0));
}

#[tokio::test]
async fn a_watcher_of_a_new_owner_starts_anew() {
    let rig = plain().await;
    rig.ask(1, Command::Join).await.unwrap();
    let mut watch = rig.engine.watch(EVENT).await.unwrap();
    rig.journal.take_over(EVENT).await.unwrap();
    rig.ask(2, Command::Join).await.unwrap();
    assert_eq!(rig.metrics.fenced_appends.get(), 1);
    assert_eq!(rig.next(&mut watch).await, Watched::Restarted);
    assert_eq!(watch.replica().epoch().0, 3);
}

#[tokio::test]
async fn many_events_live_beside_each_other_on_several_threads() {
    let rig = plain().await;
    let mut tasks = Vec::new();
    for number in 100..164 {
        let (engine, chart) = (rig.engine.clone(), Arc::clone(&rig.chart));
        tasks.push(tokio::spawn(async move {
            let event = EventId::new(number);
            engine.open_sale(event, &chart, sample::terms(&chart)).await?;
            for fan in 1..=20 {
                engine.submit(event, request(fan, Command::Join)).await?;
                engine.submit(event, request(fan, Command::Claim)).await?;
                engine.submit(event, request(fan, best(2))).await?;
            }
            engine.overview(event).await
        }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().counts.held, 40);
    }
    assert_eq!(rig.metrics.actors.get(), 64);
}

#[tokio::test]
async fn stopping_finishes_what_was_accepted_and_refuses_the_rest() {
    let rig = with_snapshots().await;
    rig.ask(1, Command::Join).await.unwrap();
    rig.journal.hold_appends();
    let joining = tokio::spawn({
        let engine = rig.engine.clone();
        async move { engine.submit(EVENT, request(2, Command::Join)).await }
    });
    rig.eventually("it was accepted", || rig.metrics.commands.get() == 2).await;
    let stopping = tokio::spawn({
        let engine = rig.engine.clone();
        async move { engine.stop().await }
    });
    rig.eventually("new commands are refused", || {
        let mut refused = std::pin::pin!(rig.ask(3, Command::Join));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        refused.as_mut().poll(&mut context) == std::task::Poll::Ready(Err(EngineError::Stopping))
    })
    .await;
    rig.journal.let_through(100);
    assert!(joining.await.unwrap().is_ok(), "what was accepted is answered");
    rig.until("it has stopped", || stopping.is_finished()).await;
    let recovered = rig.journal.recover(EVENT).await.unwrap();
    assert!(recovered.batches.is_empty(), "everything is in the snapshot");
}

#[tokio::test]
async fn an_event_without_a_sale_is_unknown() {
    let rig = plain().await;
    let unknown = rig.engine.submit(EventId::new(9), request(1, Command::Join)).await;
    assert_eq!(unknown, Err(EngineError::UnknownEvent));
    assert_eq!(rig.clock.now(), sample::OPENS_AT, "nothing took any time");
}

#[tokio::test]
async fn what_is_replayed_at_the_head_is_what_the_owner_has_and_the_owner_goes_on() {
    let rig = plain().await;
    let ports = (Arc::clone(&rig.journal) as _, Arc::clone(&rig.catalog) as _);
    let replays = Replays::new(ports.0, ports.1, ReplayConfig::default());
    for fan in 0..30 {
        rig.ask(fan, Command::Join).await.unwrap();
        // Some are not their turn yet, and some find nothing left.
        let held = match rig.ask(fan, Command::Claim).await {
            Ok(_) => rig.ask(fan, best(1 + u32::try_from(fan).unwrap() % 3)).await,
            refused => refused,
        };
        if let Ok(Reply::Hold(hold)) = held {
            rig.ask(fan, Command::PlaceOrder(hold.id)).await.unwrap();
        }
        let owner = rig.engine.overview(EVENT).await.unwrap();
        let past = replays.state(EVENT, None).await.unwrap();
        let sale = &past.sale;
        assert_eq!((past.last, sale.seq()), (owner.seq, owner.seq));
        assert_eq!((sale.status(), sale.terms()), (owner.status, &owner.terms));
        assert_eq!(sale.inventory().counts(), owner.counts);
        let (inside, waiting) = (sale.room().inside(), sale.room().line().len());
        assert_eq!((inside, waiting), (owner.inside, owner.waiting));
        assert_eq!(owner.fence, Fence(1), "nobody took it over but its owner, once");
    }
    assert!(replays.state(EVENT, None).await.unwrap().sale.inventory().counts().held > 0);
    assert_eq!(rig.metrics.recoveries.get(), 1);
}
