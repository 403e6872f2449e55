//! The workers over ports in memory, a stream within the process, and a real Kafka.

mod kafka;
mod relay;
mod stats;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use prometheus::Registry;
use tiketi_engine::domain::change::Change;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{
    Behind, Message, RelayPositions, SalesLine, Stats as _, StoreError, StreamReaders, StreamWriter,
};
use tiketi_engine::testing::history::{History, history};
use tiketi_engine::testing::memory::{ManualClock, MemoryCatalog, MemoryJournal, MemoryStats};
use tiketi_engine::testing::sample::OPENS_AT;

use super::relay::Progress;
use super::{Relay, RelayPorts, StatsPorts, StatsWorker, Tally, WorkerMetrics, recount};
use crate::task::Tasks;
use crate::wire::records::Naming;

const EVENT: EventId = EventId::new(77);
const OTHER: EventId = EventId::new(78);
/// Far more than any of these tests takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Everything around the workers but the stream.
struct Scene {
    journal: Arc<MemoryJournal>,
    catalog: Arc<MemoryCatalog>,
    stats: Arc<MemoryStats>,
    clock: Arc<ManualClock>,
    tasks: Tasks,
}

impl Scene {
    fn new() -> Self {
        Self {
            journal: Arc::default(),
            catalog: Arc::default(),
            stats: Arc::default(),
            clock: Arc::new(ManualClock::at(OPENS_AT)),
            tasks: Tasks::default(),
        }
    }

    /// With the whole journals of these histories.
    async fn of(histories: &[&History]) -> Self {
        let scene = Self::new();
        for history in histories {
            history.write(&*scene.journal, &*scene.catalog, usize::MAX).await;
        }
        scene
    }

    fn relay_ports(&self, stream: impl StreamWriter) -> RelayPorts {
        RelayPorts {
            journal: Arc::clone(&self.journal) as _,
            positions: Arc::clone(&self.journal) as _,
            ledger: Arc::clone(&self.journal) as _,
            catalog: Arc::clone(&self.catalog) as _,
            stream: Arc::new(stream),
            trace_notes: None,
            clock: Arc::clone(&self.clock) as _,
        }
    }

    fn relay(&self, stream: impl StreamWriter) -> Relay {
        Relay::new(self.relay_ports(stream), metrics())
    }

    /// Counts in the background until the scene is over.
    async fn count(&self, readers: impl StreamReaders) -> WorkerMetrics {
        let metrics = metrics();
        let ports = StatsPorts {
            stats: Arc::clone(&self.stats) as _,
            readers: Arc::new(readers),
            clock: Arc::clone(&self.clock) as _,
        };
        let worker = StatsWorker::subscribe(ports, metrics.clone()).await.unwrap();
        self.tasks.spawn("stats", worker.run(self.tasks.stopping().clone()));
        metrics
    }

    /// Collects in the background whatever is published.
    async fn collect(&self, readers: &dyn StreamReaders) -> Arc<Mutex<Vec<Message>>> {
        let mut reader = readers.subscribe("collector").await.unwrap();
        let (collected, stopping) = (Arc::default(), self.tasks.stopping().clone());
        let into: Arc<Mutex<Vec<Message>>> = Arc::clone(&collected);
        self.tasks.spawn("collector", async move {
            loop {
                let deliveries = tokio::select! {
                    () = stopping.cancelled() => return,
                    next = reader.next(100) => next.unwrap(),
                };
                let message = |delivery: tiketi_engine::ports::Delivery| Message {
                    event: delivery.event.unwrap(),
                    seq: delivery.seq.unwrap(),
                    payload: delivery.payload,
                    trace: None,
                };
                into.lock().unwrap().extend(deliveries.into_iter().map(message));
                reader.commit().await.unwrap();
            }
        });
        collected
    }

    /// Waits until something is so, letting time pass.
    async fn until(&self, what: &str, mut is: impl AsyncFnMut() -> bool) {
        let waiting = async {
            while !is().await {
                self.clock.advance(Duration::from_millis(100));
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "never: {what}");
    }

    async fn counted(&self, event: EventId) -> Vec<SalesLine> {
        self.stats.sales(event).await.unwrap()
    }

    /// What the count must come to; it is of no use if nothing was sold or given back.
    async fn truth(&self, event: EventId) -> Vec<SalesLine> {
        let records = recount(&*self.journal, &*self.catalog, event).await.unwrap();
        let mut tally = Tally::default();
        tally.extend(records.into_iter().flat_map(|record| record.lines));
        let lines = tally.into_lines();
        let sum = |of: fn(&SalesLine) -> i64| lines.iter().map(of).sum::<i64>();
        assert!(sum(|line| line.sold) > 10 && sum(|line| line.returned) > 0, "{lines:?}");
        assert!(sum(|line| line.sold_minor) > sum(|line| line.returned_minor), "{lines:?}");
        lines
    }

    async fn is_counted(&self, event: EventId) {
        let truth = self.truth(event).await;
        let equal = async || self.counted(event).await == truth;
        self.until("the count equals a recount", equal).await;
    }
}

fn metrics() -> WorkerMetrics {
    WorkerMetrics::register(&Registry::new()).unwrap()
}

/// A busy sale with payments, expiries and returns, in many more batches than a page has.
fn sale(event: EventId) -> History {
    let sale = history(event, event.number(), 5_000);
    assert!(sale.appends.len() > 600, "{}", sale.appends.len());
    sale
}

/// What others are to read of a sale.
fn messages(history: &History) -> Vec<Message> {
    let records = history.records();
    let Change::SaleOpened { terms } = &records[0].change else { panic!("it opens") };
    let event = history.sale.event();
    let mut naming = Naming::new(event, Arc::clone(&history.chart), (**terms).clone());
    let mut message = |record| {
        let message = naming.message(record).unwrap()?;
        Some(Message {
            event,
            seq: Seq(message.seq),
            payload: message.encode().into(),
            trace: None,
        })
    };
    records.iter().filter_map(&mut message).collect()
}

async fn relay_all(relay: &mut Relay) {
    while relay.round().await.unwrap() == Progress::More {}
}

/// A process that dies between publishing and acknowledging, the first so many times.
struct Dying {
    positions: Arc<MemoryJournal>,
    deaths: Mutex<u32>,
}

#[async_trait]
impl RelayPositions for Dying {
    async fn behind(&self, limit: u32) -> Result<Vec<Behind>, StoreError> {
        self.positions.behind(limit).await
    }

    async fn acknowledge(&self, event: EventId, from: Seq, to: Seq) -> Result<bool, StoreError> {
        let dies = {
            let mut deaths = self.deaths.lock().unwrap();
            let dies = *deaths > 0;
            *deaths = deaths.saturating_sub(1);
            dies
        };
        if dies {
            return Err(StoreError::Unavailable("as the test asked".to_owned()));
        }
        self.positions.acknowledge(event, from, to).await
    }
}
