//! The first consumer of the stream: sales by event, hour, section and price category.
//!
//! What was read is counted, and only then committed: a worker that ends in between gets it again,
//! and the count knows each record by event and number. A message that cannot be read goes among
//! the dead letters, and those behind it are counted.

use std::sync::Arc;

use tiketi_engine::ports::{
    Clock, Counted, Delivery, Stats, StoreError, StreamError, StreamReader, StreamReaders,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::metrics::WorkerMetrics;
use super::tally::{Tally, Way};
use super::trouble::Trouble;
use crate::trace;
use crate::wire::records::{ItemRecord, Received, ReceivedChange};

/// What the consumer is called.
pub(super) const CONSUMER: &str = "stats";
/// Messages counted in one step.
const MESSAGES_MAX: usize = 500;

/// What the worker needs.
#[derive(Clone)]
pub(crate) struct StatsPorts {
    pub(crate) stats: Arc<dyn Stats>,
    pub(crate) readers: Arc<dyn StreamReaders>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// See the module.
pub(crate) struct StatsWorker {
    ports: StatsPorts,
    metrics: WorkerMetrics,
    /// None after a failure: a new one begins with what was not committed.
    reader: Option<Box<dyn StreamReader>>,
}

/// Why the count cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum StatsError {
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StatsWorker {
    /// Subscribes at once: whatever is published from now on is counted.
    ///
    /// # Errors
    /// [`StreamError`].
    pub(crate) async fn subscribe(
        ports: StatsPorts,
        metrics: WorkerMetrics,
    ) -> Result<Self, StreamError> {
        let reader = Some(ports.readers.subscribe(CONSUMER).await?);
        Ok(Self { ports, metrics, reader })
    }

    /// Counts until told to stop.
    pub(crate) async fn run(mut self, stopping: CancellationToken) {
        let mut trouble = Trouble::none("stats");
        loop {
            // Only the wait is given up: what was handed out is counted to the end.
            let next = tokio::select! {
                () = stopping.cancelled() => return,
                next = self.next() => next,
            };
            let counted = match next {
                Ok(deliveries) => {
                    let parents = deliveries.iter().filter_map(|delivery| delivery.trace);
                    let span = trace::consume(CONSUMER, deliveries.len(), parents);
                    self.take(&deliveries).instrument(span).await
                }
                Err(error) => Err(error.into()),
            };
            let Err(error) = counted else {
                trouble.over();
                continue;
            };
            self.reader = None;
            self.metrics.stats_failures.inc();
            let pause = trouble.happened(&error);
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.ports.clock.sleep(pause) => {}
            }
        }
    }

    async fn next(&mut self) -> Result<Vec<Delivery>, StreamError> {
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => none.insert(self.ports.readers.subscribe(CONSUMER).await?),
        };
        reader.next(MESSAGES_MAX).await
    }

    /// Counts or buries what was handed out, and commits it.
    async fn take(&mut self, deliveries: &[Delivery]) -> Result<(), StatsError> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let mut counted = Vec::new();
        for delivery in deliveries {
            match read(delivery) {
                Ok(record) => counted.extend(record),
                Err(reason) => {
                    reader.bury(delivery, &reason).await?;
                    self.metrics.buried.inc();
                    let position = &delivery.position;
                    tracing::warn!(position, reason, "a message is a dead letter now");
                }
            }
        }
        if !counted.is_empty() {
            self.ports.stats.count(&counted).await?;
            self.metrics.counted.inc_by(u64::try_from(counted.len()).unwrap_or(u64::MAX));
        }
        Ok(reader.commit().await?)
    }
}

/// What a message adds to the count, if anything; or why it cannot be read.
fn read(delivery: &Delivery) -> Result<Option<Counted>, String> {
    let received = Received::read(&delivery.payload).map_err(|error| error.to_string())?;
    let Received { event, seq, at, change } = received;
    if (delivery.event, delivery.seq) != (Some(event), Some(seq)) {
        return Err(format!("it was not sent as what it is, record {} of {event}", seq.0));
    }
    let (way, items): (Way, Vec<ItemRecord>) = match change {
        ReceivedChange::OrderPaid(paid) => (Way::Sold, paid.items),
        ReceivedChange::OrderReturned(returned) => (Way::Returned, returned.items),
        ReceivedChange::Other => return Ok(None),
    };
    let mut tally = Tally::default();
    for item in items {
        let named = (item.place.section.as_str(), item.place.category.as_str());
        tally.ticket(way, at, named, item.amount_minor + item.fee_minor);
    }
    Ok(Some(Counted { event, seq, lines: tally.into_lines() }))
}
