//! The relay: from the journals to the stream.
//!
//! Each round asks which journals go further than what the stream has acknowledged, and brings the
//! next page of each there: read, name, publish, move the position on. A relay that ends between
//! the last two publishes the page again: the same messages with the same numbers, which consumers
//! count once. The journal is the queue, so that a stream that is down holds nobody up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use futures_util::{StreamExt as _, stream};
use tiketi_engine::domain::change::Record;
use tiketi_engine::domain::chart::{Chart, ChartHash};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::planted::Bug;
use tiketi_engine::ports::{
    Behind, Catalog, Clock, Journal, JournalError, Ledger, Message, RelayPositions, StoreError,
    StreamError, StreamWriter, TraceNotes,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::metrics::WorkerMetrics;
use super::pages::{PageError, page};
use super::trouble::Trouble;
use crate::trace;
use crate::wire::records::{Naming, NotPublishable};

/// How long to wait when everything has been relayed.
const POLL: Duration = Duration::from_millis(250);
/// Events of one round.
const EVENTS_MAX: u32 = 1_000;
/// Pages on their way at one time: it bounds what is in memory.
const PAGES_MAX: usize = 8;
/// Charts kept; they are large, and never change.
const CHARTS_MAX: usize = 32;

/// What a relay needs.
#[derive(Clone)]
pub(crate) struct RelayPorts {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) positions: Arc<dyn RelayPositions>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) stream: Arc<dyn StreamWriter>,
    /// If anything is traced.
    pub(crate) trace_notes: Option<Arc<dyn TraceNotes>>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// See the module.
pub(crate) struct Relay {
    ports: RelayPorts,
    metrics: WorkerMetrics,
    charts: DashMap<ChartHash, Arc<Chart>>,
    /// Events that cannot be relayed, and why: said once.
    stuck: BTreeMap<EventId, String>,
    /// Before when the stream has every record of the others, as far as this relay can tell.
    complete_until: Timestamp,
}

/// Whether there is more to do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    CaughtUp,
}

/// Why a page was not relayed.
#[derive(Debug, thiserror::Error)]
pub(super) enum RelayError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error(transparent)]
    Naming(#[from] NotPublishable),
    #[error("{0} is missing")]
    Missing(&'static str),
}

impl RelayError {
    /// Whether it concerns every event and passes, as when something cannot be reached; the others
    /// concern one event, and stay until somebody has acted.
    fn passes(&self) -> bool {
        match self {
            Self::Page(PageError::Journal(JournalError::Unavailable(_)))
            | Self::Store(StoreError::Unavailable(_))
            | Self::Stream(StreamError::Unavailable(_)) => true,
            Self::Page(_)
            | Self::Store(_)
            | Self::Stream(_)
            | Self::Naming(_)
            | Self::Missing(_) => false,
        }
    }
}

impl Relay {
    pub(crate) fn new(ports: RelayPorts, metrics: WorkerMetrics) -> Self {
        let complete_until = ports.clock.now();
        Self { ports, metrics, charts: DashMap::new(), stuck: BTreeMap::new(), complete_until }
    }

    /// Relays while this node is the one that does, until told to stop.
    ///
    /// A round that is given up halfway has published more than it moved positions, at most: the
    /// next one, here or elsewhere, publishes that again.
    pub(crate) async fn run(
        mut self,
        mut leads: watch::Receiver<bool>,
        stopping: CancellationToken,
    ) {
        let mut trouble = Trouble::none("relay");
        loop {
            if !self.leads(&mut leads, &stopping).await {
                return;
            }
            let round = tokio::select! {
                () = stopping.cancelled() => return,
                lost = leads.wait_for(|leads| !*leads) => {
                    if lost.is_err() {
                        return;
                    }
                    None
                }
                round = self.round() => Some(round),
            };
            let pause = match round {
                None => continue,
                Some(Ok(progress)) => {
                    trouble.over();
                    if progress == Progress::More { Duration::ZERO } else { POLL }
                }
                Some(Err(error)) => {
                    self.metrics.relay_failures.inc();
                    trouble.happened(&error)
                }
            };
            if !pause.is_zero() {
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = self.ports.clock.sleep(pause) => {}
                }
            }
        }
    }

    /// Waits until this node is the one that relays; false if it is to stop.
    async fn leads(
        &mut self,
        leads: &mut watch::Receiver<bool>,
        stopping: &CancellationToken,
    ) -> bool {
        while !*leads.borrow_and_update() {
            for gauge in [&self.metrics.lag, &self.metrics.stuck, &self.metrics.complete] {
                gauge.set(0);
            }
            tokio::select! {
                () = stopping.cancelled() => return false,
                changed = leads.changed() => if changed.is_err() { return false },
            }
            // What the node before has left undone shows with the first page.
            self.complete_until = self.ports.clock.now();
        }
        true
    }

    /// Brings a page of each event that is behind to the stream.
    ///
    /// # Errors
    /// [`RelayError`] that concerns them all; one that concerns an event is said, and holds up that
    /// event alone.
    pub(super) async fn round(&mut self) -> Result<Progress, RelayError> {
        let asked_at = self.ports.clock.now();
        let behind = self.ports.positions.behind(EVENTS_MAX).await?;
        self.metrics.lag.set(lag(&behind));
        let all_known = behind.len() < EVENTS_MAX as usize;
        let (mut progress, mut stuck, mut failed) = (Progress::CaughtUp, BTreeMap::new(), None);
        let mut oldest: Option<Timestamp> = None;
        let this = &*self;
        let pages = behind.into_iter().map(|of| async move {
            let mut waits_since = None;
            let relayed = this.page(of, &mut waits_since).await;
            (of.event, relayed, waits_since)
        });
        let mut pages = stream::iter(pages).buffer_unordered(PAGES_MAX);
        while let Some((event, relayed, waits_since)) = pages.next().await {
            match relayed {
                Ok(Progress::More) => progress = Progress::More,
                Ok(Progress::CaughtUp) => {}
                Err(error) if error.passes() => failed = Some(error),
                Err(error) => {
                    stuck.insert(event, error.to_string());
                    continue;
                }
            }
            oldest = oldest.into_iter().chain(waits_since).min();
            if failed.is_some() {
                break;
            }
        }
        drop(pages);
        let at_most = if failed.is_none() && all_known { asked_at } else { self.complete_until };
        self.complete_until = oldest.map_or(at_most, |oldest| oldest.min(at_most));
        self.metrics.complete.set(self.complete_until.as_millis() / 1_000);
        if let Some(error) = failed {
            return Err(error);
        }
        self.say_what_is_stuck(stuck);
        Ok(progress)
    }

    fn say_what_is_stuck(&mut self, stuck: BTreeMap<EventId, String>) {
        for (event, reason) in &stuck {
            if self.stuck.get(event) != Some(reason) {
                tracing::error!(event.id = %event, reason, "an event cannot be relayed");
            }
        }
        self.metrics.stuck.set(i64::try_from(stuck.len()).unwrap_or(i64::MAX));
        self.stuck = stuck;
    }

    /// Brings the next page of an event to the stream, and says since when what could be brought
    /// there and was not waits.
    async fn page(
        &self,
        behind: Behind,
        waits_since: &mut Option<Timestamp>,
    ) -> Result<Progress, RelayError> {
        let Behind { event, acknowledged, last } = behind;
        let page = page(&*self.ports.journal, event, acknowledged).await?;
        let page = page.ok_or(RelayError::Missing("the end of the journal"))?;
        let mut messages = self.messages(event, &page.records).await?;
        *waits_since = page.records.first().map(|record| record.at);
        let published = u64::try_from(messages.len()).unwrap_or(u64::MAX);
        if published > 0 && !Bug::RelaySkips.is_planted() {
            let batches = match &self.ports.trace_notes {
                Some(notes) => notes.noted(event, &page.ends).await,
                None => Vec::new(),
            };
            let span = trace::publish(event, &messages, &batches);
            let parent = trace::parent_of(&span);
            for message in &mut messages {
                message.trace = parent;
            }
            self.ports.stream.publish(messages).instrument(span).await?;
            self.metrics.published.inc_by(published);
        }
        if !self.ports.positions.acknowledge(event, acknowledged, page.last).await? {
            tracing::debug!(event.id = %event, "another relay has moved the position");
        }
        // Of one event no record is older than the one before.
        let rest = page.records.last().filter(|_| page.last < last);
        *waits_since = rest.map(|record| record.at);
        Ok(if rest.is_some() { Progress::More } else { Progress::CaughtUp })
    }

    async fn messages(
        &self,
        event: EventId,
        records: &[Record],
    ) -> Result<Vec<Message>, RelayError> {
        // Those in force now are new enough for every record that there is.
        let terms = self.ports.ledger.terms(event).await?.ok_or(RelayError::Missing("the sale"))?;
        let chart = self.chart(terms.chart).await?;
        let mut naming = Naming::new(event, chart, terms);
        let mut messages = Vec::with_capacity(records.len());
        for record in records {
            if let Some(message) = naming.message(record)? {
                let payload = message.encode().into();
                messages.push(Message { event, seq: record.seq, payload, trace: None });
            }
        }
        Ok(messages)
    }

    async fn chart(&self, hash: ChartHash) -> Result<Arc<Chart>, RelayError> {
        if let Some(kept) = self.charts.get(&hash) {
            return Ok(Arc::clone(&kept));
        }
        let chart = self.ports.catalog.chart(hash).await?;
        let chart = chart.ok_or(RelayError::Missing("the chart"))?;
        if self.charts.len() >= CHARTS_MAX {
            self.charts.clear();
        }
        self.charts.insert(hash, Arc::clone(&chart));
        Ok(chart)
    }
}

/// Records that are still to be relayed.
fn lag(behind: &[Behind]) -> i64 {
    let records: u64 = behind.iter().map(|of| of.last.0.saturating_sub(of.acknowledged.0)).sum();
    i64::try_from(records).unwrap_or(i64::MAX)
}
