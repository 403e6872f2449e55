//! Ports in memory: nothing outlives the process, time stands still until it is moved.

mod ledger;
mod relay;
mod stats;

pub use stats::MemoryStats;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Semaphore, watch};

use self::ledger::KeptRows;
use crate::domain::chart::{Chart, ChartHash};
use crate::domain::ids::{EventId, Fence, Seq};
use crate::domain::time::Timestamp;
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{
    Catalog, ChartEntry, Clock, Draft, Journal, JournalError, Listing, ListingState, Recovered,
    StoreError, StoredSnapshot, TakenOver,
};

/// A clock that tests move.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// Stands still at a moment.
    pub fn at(now: Timestamp) -> Self {
        Self { now: watch::Sender::new(now) }
    }

    /// Moves time on; whoever sleeps until then wakes.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now = now.after(by));
    }

    /// How many sleep.
    pub fn sleepers(&self) -> usize {
        self.now.receiver_count()
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep(&self, while_: Duration) {
        let mut now = self.now.subscribe();
        let until = now.borrow_and_update().after(while_);
        // The clock outlives whoever sleeps on it: the sender is in `self`.
        drop(now.wait_for(|now| *now >= until).await);
    }
}

#[derive(Debug, Default)]
struct Log {
    fence: u64,
    batches: Vec<Batch>,
    snapshot: Option<StoredSnapshot>,
    rows: KeptRows,
    /// The last record that a relay has acknowledged.
    relayed: Seq,
}

impl Log {
    fn last(&self) -> (Seq, ChainHash) {
        self.batches.last().map_or((Seq(0), ChainHash::default()), |b| (b.last, b.hash))
    }
}

/// A journal in memory whose appends can be held up, and can fail.
#[derive(Debug)]
pub struct MemoryJournal {
    logs: Mutex<BTreeMap<EventId, Log>>,
    /// Each append takes one; there is no end of them unless [`Self::hold_appends`] was called.
    gate: Semaphore,
    failing: AtomicBool,
    failing_after_write: AtomicBool,
    refusing: AtomicBool,
    down: AtomicBool,
    appends: AtomicU64,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self {
            logs: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            failing: AtomicBool::new(false),
            failing_after_write: AtomicBool::new(false),
            refusing: AtomicBool::new(false),
            down: AtomicBool::new(false),
            appends: AtomicU64::new(0),
        }
    }
}

impl MemoryJournal {
    /// From now on appends wait for [`Self::let_through`].
    pub fn hold_appends(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets some of the appends that wait, or will, through.
    pub fn let_through(&self, appends: usize) {
        self.gate.add_permits(appends);
    }

    /// Makes the next append fail without writing.
    pub fn fail_next(&self) {
        self.failing.store(true, Ordering::SeqCst);
    }

    /// Makes the next append write and then fail, as if the answer were lost.
    pub fn lose_next_answer(&self) {
        self.failing_after_write.store(true, Ordering::SeqCst);
    }

    /// Makes the next append be refused, as if its rows sold a place twice.
    pub fn refuse_next(&self) {
        self.refusing.store(true, Ordering::SeqCst);
    }

    /// Makes everything fail until told otherwise.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// Spoils an event's last batch.
    pub fn damage(&self, event: EventId) {
        let mut logs = self.logs();
        let batch = logs.get_mut(&event).and_then(|log| log.batches.last_mut());
        if let Some(byte) = batch.and_then(|batch| batch.body.last_mut()) {
            *byte ^= 1;
        }
    }

    fn check_up(&self) -> Result<(), JournalError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(JournalError::Unavailable("as the test asked".to_owned()));
        }
        Ok(())
    }

    /// How many appends were asked for.
    pub fn appends(&self) -> u64 {
        self.appends.load(Ordering::SeqCst)
    }

    fn logs(&self) -> MutexGuard<'_, BTreeMap<EventId, Log>> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn create(&self, first: &Append) -> Result<(), JournalError> {
        let mut logs = self.logs();
        if logs.contains_key(&first.batch.event) {
            return Err(JournalError::Exists);
        }
        let mut log = Log { batches: vec![first.batch.clone()], ..Log::default() };
        log.rows = log.rows.with(&first.rows)?;
        logs.insert(first.batch.event, log);
        Ok(())
    }

    async fn take_over(&self, event: EventId) -> Result<TakenOver, JournalError> {
        self.check_up()?;
        let mut logs = self.logs();
        let log = logs.get_mut(&event).ok_or(JournalError::NotFound)?;
        log.fence += 1;
        let (seq, hash) = log.last();
        Ok(TakenOver { fence: Fence(log.fence), seq, hash })
    }

    async fn recover(&self, event: EventId) -> Result<Recovered, JournalError> {
        let snapshot = self.snapshot(event).await?;
        let after = snapshot.as_ref().map_or(Seq(0), |snapshot| snapshot.seq);
        let batches = self.batches(event, after, u32::MAX).await?;
        Ok(Recovered { snapshot, batches })
    }

    async fn append(&self, append: &Append) -> Result<(), JournalError> {
        self.appends.fetch_add(1, Ordering::SeqCst);
        let lost = || JournalError::Unavailable("as the test asked".to_owned());
        self.gate.acquire().await.map_err(|_| lost())?.forget();
        self.check_up()?;
        if self.failing.swap(false, Ordering::SeqCst) {
            return Err(lost());
        }
        if self.refusing.swap(false, Ordering::SeqCst) {
            return Err(JournalError::Corrupt("as the test asked".to_owned()));
        }
        let mut logs = self.logs();
        let log = logs.get_mut(&append.batch.event).ok_or(JournalError::NotFound)?;
        let (last, hash) = log.last();
        let follows = append.batch.first == last.next() && append.batch.prev_hash == hash;
        if append.batch.fence.0 != log.fence || !follows {
            return Err(JournalError::Fenced);
        }
        log.rows = log.rows.with(&append.rows)?;
        log.batches.push(append.batch.clone());
        if self.failing_after_write.swap(false, Ordering::SeqCst) { Err(lost()) } else { Ok(()) }
    }

    async fn save_snapshot(
        &self,
        event: EventId,
        snapshot: &StoredSnapshot,
    ) -> Result<(), JournalError> {
        let mut logs = self.logs();
        let log = logs.get_mut(&event).ok_or(JournalError::NotFound)?;
        if log.snapshot.as_ref().is_none_or(|older| older.seq < snapshot.seq) {
            log.snapshot = Some(snapshot.clone());
        }
        Ok(())
    }

    async fn batches(
        &self,
        event: EventId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Batch>, JournalError> {
        self.check_up()?;
        let logs = self.logs();
        let log = logs.get(&event).ok_or(JournalError::NotFound)?;
        let later = log.batches.iter().filter(|batch| batch.first > after);
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn batch_with(&self, event: EventId, record: Seq) -> Result<Batch, JournalError> {
        self.check_up()?;
        let logs = self.logs();
        let log = logs.get(&event).ok_or(JournalError::NotFound)?;
        let begun = log.batches.iter().rfind(|batch| batch.first <= record);
        begun.cloned().ok_or(JournalError::NotFound)
    }

    async fn snapshot(&self, event: EventId) -> Result<Option<StoredSnapshot>, JournalError> {
        Ok(self.logs().get(&event).and_then(|log| log.snapshot.clone()))
    }
}

/// A catalog in memory.
#[derive(Debug, Default)]
pub struct MemoryCatalog {
    charts: Mutex<BTreeMap<ChartHash, (Arc<Chart>, Timestamp)>>,
    events: Mutex<BTreeMap<EventId, Listing>>,
    drafts: Mutex<BTreeMap<EventId, Draft>>,
}

impl MemoryCatalog {
    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Catalog for MemoryCatalog {
    async fn put_chart(&self, chart: &Chart, now: Timestamp) -> Result<ChartHash, StoreError> {
        let hash = chart.hash();
        let new = || (Arc::new(chart.clone()), now);
        Self::lock(&self.charts).entry(hash).or_insert_with(new);
        Ok(hash)
    }

    async fn chart(&self, hash: ChartHash) -> Result<Option<Arc<Chart>>, StoreError> {
        Ok(Self::lock(&self.charts).get(&hash).map(|(chart, _)| Arc::clone(chart)))
    }

    async fn charts(&self) -> Result<Vec<ChartEntry>, StoreError> {
        let entry = |(hash, (chart, at)): (&ChartHash, &(Arc<Chart>, Timestamp))| ChartEntry {
            hash: *hash,
            name: chart.name().to_owned(),
            places: u32::try_from(chart.capacity()).unwrap_or(u32::MAX),
            venue: None,
            created_at: *at,
        };
        let mut entries: Vec<_> = Self::lock(&self.charts).iter().map(entry).collect();
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.created_at), entry.hash));
        Ok(entries)
    }

    async fn add_event(&self, listing: &Listing) -> Result<(), StoreError> {
        let mut events = Self::lock(&self.events);
        if events.contains_key(&listing.id) {
            return Err(StoreError::Exists("event"));
        }
        events.insert(listing.id, listing.clone());
        Ok(())
    }

    async fn set_event_state(&self, event: EventId, state: ListingState) -> Result<(), StoreError> {
        if let Some(listing) = Self::lock(&self.events).get_mut(&event) {
            listing.state = state;
        }
        Ok(())
    }

    async fn event(&self, event: EventId) -> Result<Option<Listing>, StoreError> {
        Ok(Self::lock(&self.events).get(&event).cloned())
    }

    async fn events(
        &self,
        after: Option<(Timestamp, EventId)>,
        limit: u32,
    ) -> Result<Vec<Listing>, StoreError> {
        let events = Self::lock(&self.events);
        let later = |listing: &&Listing| {
            listing.state == ListingState::Published
                && after.is_none_or(|after| (listing.starts_at, listing.id) > after)
        };
        let mut listed: Vec<Listing> = events.values().filter(later).cloned().collect();
        listed.sort_by_key(|listing| (listing.starts_at, listing.id));
        listed.truncate(limit as usize);
        Ok(listed)
    }

    async fn add_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let mut drafts = Self::lock(&self.drafts);
        if drafts.contains_key(&draft.id) {
            return Err(StoreError::Exists("draft"));
        }
        drafts.insert(draft.id, draft.clone());
        Ok(())
    }

    async fn replace_draft(&self, draft: &Draft) -> Result<bool, StoreError> {
        let mut drafts = Self::lock(&self.drafts);
        let Some(kept) = drafts.get_mut(&draft.id) else { return Ok(false) };
        let fits = kept.version + 1 == draft.version;
        if fits {
            kept.clone_from(draft);
        }
        Ok(fits)
    }

    async fn remove_draft(&self, event: EventId, version: u32) -> Result<bool, StoreError> {
        let mut drafts = Self::lock(&self.drafts);
        let fits = drafts.get(&event).is_some_and(|kept| kept.version == version);
        if fits {
            drafts.remove(&event);
        }
        Ok(fits)
    }

    async fn draft(&self, event: EventId) -> Result<Option<Draft>, StoreError> {
        Ok(Self::lock(&self.drafts).get(&event).cloned())
    }

    async fn drafts(&self, limit: u32) -> Result<Vec<Draft>, StoreError> {
        let mut drafts: Vec<Draft> = Self::lock(&self.drafts).values().cloned().collect();
        drafts.sort_by_key(|draft| std::cmp::Reverse((draft.changed_at, draft.id)));
        drafts.truncate(limit as usize);
        Ok(drafts)
    }
}
