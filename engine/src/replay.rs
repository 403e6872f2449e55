//! A sale as it was after any record of its journal, for whoever looks back.
//!
//! Nothing here owns anything: no lease is taken, no fence is raised, nothing is written, so that any
//! node may look while another sells. A replay begins with the nearest state that there is (one that
//! a replay before has left, the stored snapshot, or the opening) and applies a page of batches at a
//! time. Start reading at [`Replays::state`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::domain::change::{Change, Record};
use crate::domain::chart::PlaceIx;
use crate::domain::ids::{DeedNumber, EventId, Fence, Seq};
use crate::domain::sale::Sale;
use crate::domain::time::Timestamp;
use crate::journal::{Batch, BatchError, ChainHash};
use crate::ports::{Catalog, Journal, JournalError, StoreError};

/// Bounds of looking back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayConfig {
    /// Replays at one time; one more is refused.
    pub at_once_max: usize,
    /// States that are kept for the next replay, of all events together.
    pub kept_max: usize,
    /// Records after which a replay leaves a state behind.
    pub keep_every: u64,
    /// Batches that are read at one time.
    pub batches: u32,
    /// Records over which it is counted how often places were held.
    pub counted_max: u32,
    /// Records among which those of a deed are sought.
    pub sought_max: u32,
    /// How long a replay may take; the next one goes on where it got to.
    pub within: Duration,
}

impl Default for ReplayConfig {
    fn default() -> Self {
        Self {
            at_once_max: 2,
            // A full arena is tens of megabytes.
            kept_max: 4,
            keep_every: 100_000,
            batches: 256,
            counted_max: 10_000,
            sought_max: 20_000,
            within: Duration::from_secs(8),
        }
    }
}

/// See the module.
pub struct Replays {
    journal: Arc<dyn Journal>,
    catalog: Arc<dyn Catalog>,
    config: ReplayConfig,
    running: Semaphore,
    /// The one that was used last is at the end.
    kept: Mutex<VecDeque<At>>,
}

/// A sale as it was.
#[derive(Debug, Clone)]
pub struct Past {
    /// The state after the record that was asked for.
    pub sale: Arc<Sale>,
    /// The last record of the journal, as of the question.
    pub last: Seq,
}

/// How often places were held by some records that follow on each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimesHeld {
    /// The first of them.
    pub from: Seq,
    /// The last of them.
    pub to: Seq,
    /// Those that were held at all.
    pub places: BTreeMap<PlaceIx, u32>,
}

/// A record with the batch that it is durable by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journaled {
    /// The record.
    pub record: Record,
    /// The first record of its batch.
    pub batch: Seq,
    /// The owner that wrote it.
    pub fence: Fence,
}

/// Why nothing can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The event has no journal.
    #[error("the event has no journal")]
    UnknownEvent,
    /// The journal has no such record.
    #[error("the journal has no such record; its last one is {last}")]
    UnknownRecord {
        /// Its last one.
        last: Seq,
    },
    /// Enough others are replayed, or this one takes longer: it goes on when it is asked for again.
    #[error("not replayed yet")]
    Busy,
    /// The journal or the chart cannot be reached.
    #[error("not replayed: {0}")]
    Unavailable(String),
    /// What is stored cannot be read.
    #[error("the journal cannot be replayed: {0}")]
    Damaged(String),
}

/// A state after a whole batch, and the hash of that batch.
#[derive(Debug, Clone)]
struct At {
    sale: Arc<Sale>,
    hash: ChainHash,
}

/// What a replay begins with.
enum Begun {
    At(At),
    /// It is what was asked for, and within a batch.
    Within(Arc<Sale>),
}

impl Replays {
    /// Over a journal and the charts that its sales are of.
    pub fn new(journal: Arc<dyn Journal>, catalog: Arc<dyn Catalog>, config: ReplayConfig) -> Self {
        let running = Semaphore::new(config.at_once_max);
        Self { journal, catalog, config, running, kept: Mutex::default() }
    }

    /// The sale as it was after a record; after the last one if none is named.
    ///
    /// Dropping the future ends the replay with the page that it is at.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn state(&self, event: EventId, record: Option<Seq>) -> Result<Past, ReplayError> {
        let _running = self.running.try_acquire().map_err(|_| ReplayError::Busy)?;
        let until = Instant::now() + self.config.within;
        let last = self.last(event).await?;
        let wanted = known(record.unwrap_or(last), last)?;
        let mut at = match self.nearest(event, wanted).await? {
            Begun::At(at) => at,
            Begun::Within(sale) => return Ok(Past { sale, last }),
        };
        let mut kept_at = at.sale.seq();
        while at.sale.seq() < wanted {
            let batches = self.journal.batches(event, at.sale.seq(), self.config.batches).await?;
            if batches.is_empty() {
                return Err(ReplayError::Damaged(format!("it ends before record {wanted}")));
            }
            let (reached, within) = elsewhere(move || advance(at, &batches, wanted)).await?;
            if let Some(sale) = within {
                self.keep(reached);
                return Ok(Past { sale: Arc::new(sale), last });
            }
            at = reached;
            let reached = at.sale.seq();
            let late = reached < wanted && Instant::now() >= until;
            if late || reached.0 - kept_at.0 >= self.config.keep_every {
                kept_at = reached;
                self.keep(at.clone());
            }
            if late {
                return Err(ReplayError::Busy);
            }
        }
        self.keep(at.clone());
        Ok(Past { sale: at.sale, last })
    }

    /// Records from one on, at most `limit`; without one, the last so many.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn records(
        &self,
        event: EventId,
        from: Option<Seq>,
        limit: u32,
    ) -> Result<(Vec<Journaled>, Seq), ReplayError> {
        let last = self.last(event).await?;
        let latest = Seq((last.0 + 1).saturating_sub(u64::from(limit)).max(1));
        let from = known(from.unwrap_or(latest), last)?;
        let (mut records, mut page) = (Vec::new(), VecDeque::new());
        let mut batch = self.journal.batch_with(event, from).await?;
        loop {
            let (first, end, fence) = (batch.first, batch.last, batch.fence);
            let opened = batch.open(Seq(first.0 - 1), batch.prev_hash)?;
            let wanted = opened.into_iter().filter(|record| record.seq >= from);
            records.extend(wanted.map(|record| Journaled { record, batch: first, fence }));
            if records.len() >= limit as usize || end >= last {
                break;
            }
            if page.is_empty() {
                page =
                    self.journal.batches(event, end, self.config.batches.min(limit)).await?.into();
            }
            match page.pop_front() {
                Some(next) => batch = next,
                None => break,
            }
        }
        records.truncate(limit as usize);
        Ok((records, last))
    }

    /// The records that came of a deed which was entered in the audit log at a time, and was done soon
    /// after if it was done.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn of_deed(
        &self,
        event: EventId,
        deed: DeedNumber,
        entered_at: Timestamp,
    ) -> Result<(Vec<Journaled>, Seq), ReplayError> {
        let _running = self.running.try_acquire().map_err(|_| ReplayError::Busy)?;
        let last = self.last(event).await?;
        let Some(from) = self.first_since(event, entered_at, last).await? else {
            return Ok((Vec::new(), last));
        };
        let (mut records, last) = self.records(event, Some(from), self.config.sought_max).await?;
        records.retain(|of| of.record.by.deed() == Some(deed));
        Ok((records, last))
    }

    /// The first record of the first batch that ends at a time or later, by a clock that may differ.
    async fn first_since(
        &self,
        event: EventId,
        time: Timestamp,
        last: Seq,
    ) -> Result<Option<Seq>, ReplayError> {
        // Times never go back in a journal, so that halves can be ruled out.
        let (mut low, mut high) = (Seq(1), last.next());
        while low < high {
            let middle = Seq(low.0 + (high.0 - low.0) / 2);
            let batch = self.journal.batch_with(event, middle).await?;
            let records = batch.open(Seq(batch.first.0 - 1), batch.prev_hash)?;
            if records.last().is_some_and(|record| record.at.after(CLOCKS_DIFFER) < time) {
                low = batch.last.next();
            } else {
                high = batch.first;
            }
        }
        Ok((low <= last).then_some(low))
    }

    /// How often each place was held, over some records up to one; up to the last if none is named.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn times_held(
        &self,
        event: EventId,
        record: Option<Seq>,
    ) -> Result<TimesHeld, ReplayError> {
        let _running = self.running.try_acquire().map_err(|_| ReplayError::Busy)?;
        let last = self.last(event).await?;
        let to = known(record.unwrap_or(last), last)?;
        let counted = to.0.min(u64::from(self.config.counted_max));
        let from = Seq(to.0 + 1 - counted);
        let limit = u32::try_from(counted).unwrap_or(u32::MAX);
        let (records, _) = self.records(event, Some(from), limit).await?;
        let mut places = BTreeMap::new();
        for Journaled { record, .. } in &records {
            if let Change::HoldPlaced { items, .. } | Change::HoldChanged { added: items, .. } =
                &record.change
            {
                for item in items {
                    *places.entry(item.place).or_insert(0) += 1;
                }
            }
        }
        Ok(TimesHeld { from, to, places })
    }

    async fn last(&self, event: EventId) -> Result<Seq, ReplayError> {
        Ok(self.journal.batch_with(event, Seq(u64::MAX)).await?.last)
    }

    /// The latest state that there is, not beyond a record.
    async fn nearest(&self, event: EventId, wanted: Seq) -> Result<Begun, ReplayError> {
        let kept = self.kept_before(event, wanted);
        let kept_at = kept.as_ref().map_or(Seq(0), |kept| kept.sale.seq());
        let near = kept.is_some() && wanted.0 - kept_at.0 < self.config.keep_every;
        let stored = if near { None } else { self.journal.snapshot(event).await? };
        let stored = stored.filter(|stored| stored.seq > kept_at && stored.seq <= wanted);
        if let (Some(kept), None) = (&kept, &stored) {
            return Ok(Begun::At(kept.clone()));
        }
        let first = self.journal.batch_with(event, Seq(1)).await?;
        let opening = first.open(Seq(0), ChainHash::default())?;
        let Some(Change::SaleOpened { terms }) = opening.first().map(|record| &record.change)
        else {
            return Err(ReplayError::Damaged("it does not begin with an opening".to_owned()));
        };
        let chart = self.catalog.chart(terms.chart).await?;
        let chart = chart.ok_or_else(|| ReplayError::Damaged("its chart is missing".to_owned()))?;
        elsewhere(move || {
            if let Some(stored) = stored
                && let Ok(sale) = Sale::restore(event, Arc::clone(&chart), &stored.state)
            {
                return Ok(Begun::At(At { sale: Arc::new(sale), hash: stored.hash }));
            }
            // One of another release is as good as none.
            if let Some(kept) = kept {
                return Ok(Begun::At(kept));
            }
            let mut sale = Sale::open(event, chart, &opening[0]);
            for record in opening.iter().skip(1).filter(|record| record.seq <= wanted) {
                sale.apply(record);
            }
            let whole = sale.seq() == first.last;
            let sale = Arc::new(sale);
            Ok(if whole { Begun::At(At { sale, hash: first.hash }) } else { Begun::Within(sale) })
        })
        .await
    }

    fn kept_before(&self, event: EventId, wanted: Seq) -> Option<At> {
        let mut kept = self.kept();
        let fits = |at: &At| at.sale.event() == event && at.sale.seq() <= wanted;
        let fitting = kept.iter().enumerate().filter(|(_, at)| fits(at));
        let (index, _) = fitting.max_by_key(|(_, at)| at.sale.seq())?;
        let used = kept.remove(index)?;
        kept.push_back(used.clone());
        Some(used)
    }

    fn keep(&self, at: At) {
        let same = |of: &At| (of.sale.event(), of.sale.seq()) == (at.sale.event(), at.sale.seq());
        let mut kept = self.kept();
        kept.retain(|of| !same(of));
        kept.push_back(at);
        while kept.len() > self.config.kept_max {
            kept.pop_front();
        }
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<At>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// By how much the clocks of two nodes differ at most.
const CLOCKS_DIFFER: Duration = Duration::from_secs(2);

fn known(record: Seq, last: Seq) -> Result<Seq, ReplayError> {
    if (1..=last.0).contains(&record.0) {
        Ok(record)
    } else {
        Err(ReplayError::UnknownRecord { last })
    }
}

/// Applies batches up to a record; the second is the state within a batch, if it is within one.
fn advance(at: At, batches: &[Batch], wanted: Seq) -> Result<(At, Option<Sale>), ReplayError> {
    let mut hash = at.hash;
    let mut sale = Arc::unwrap_or_clone(at.sale);
    for batch in batches {
        let records = batch.open(sale.seq(), hash)?;
        if batch.last > wanted {
            let mut within = sale.clone();
            for record in records.iter().filter(|record| record.seq <= wanted) {
                within.apply(record);
            }
            return Ok((At { sale: Arc::new(sale), hash }, Some(within)));
        }
        for record in &records {
            sale.apply(record);
        }
        hash = batch.hash;
        if batch.last == wanted {
            break;
        }
    }
    Ok((At { sale: Arc::new(sale), hash }, None))
}

/// It takes a while: not on a thread that serves others.
async fn elsewhere<T: Send + 'static>(
    replay: impl FnOnce() -> Result<T, ReplayError> + Send + 'static,
) -> Result<T, ReplayError> {
    let panicked = |_| ReplayError::Damaged("replaying it panicked".to_owned());
    tokio::task::spawn_blocking(replay).await.map_err(panicked)?
}

impl From<JournalError> for ReplayError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::NotFound => Self::UnknownEvent,
            JournalError::Corrupt(_) => Self::Damaged(error.to_string()),
            JournalError::Fenced | JournalError::Exists | JournalError::Unavailable(_) => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}

impl From<StoreError> for ReplayError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Damaged(error.to_string()),
            StoreError::Unavailable(_) | StoreError::Exists(_) => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}

impl From<BatchError> for ReplayError {
    fn from(error: BatchError) -> Self {
        Self::Damaged(error.to_string())
    }
}
