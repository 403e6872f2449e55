//! What one event's actors have done, for whoever looks: numbers that a turn adds to, without a
//! lock, and anybody reads. They stay while actors come and go.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::change::{Change, Record};
use crate::domain::ids::{EventId, Fence, Seq};
use crate::domain::rejection::Rejection;
use crate::domain::sale::Sale;
use crate::domain::terms::SaleStatus;
use crate::domain::time::Timestamp;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Vitals {
    taken_over_at_ms: AtomicI64,
    placed: AtomicBool,
    take_overs: AtomicU64,
    fence: AtomicU64,
    seq: AtomicU64,
    changed_at_ms: AtomicI64,
    snapshot_at: AtomicU64,
    /// 0 if there is no snapshot.
    snapshot_of_ms: AtomicI64,
    commands: AtomicU64,
    rejections: AtomicU64,
    rejections_by_code: ByCode,
    refusals: AtomicU64,
    waited_ns: AtomicU64,
    turns_ns: AtomicU64,
    batches: AtomicU64,
    records: AtomicU64,
    appends_ns: AtomicU64,
    status: AtomicU8,
    opens_at_ms: AtomicI64,
    closes_at_ms: AtomicI64,
    free: AtomicU64,
    held: AtomicU64,
    sold: AtomicU64,
    waiting: AtomicU64,
    inside: AtomicU64,
}

/// A counter for each of [`Rejection::CODES`].
#[derive(Debug)]
struct ByCode([AtomicU64; Rejection::CODES.len()]);

impl Default for ByCode {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl ByCode {
    fn count(&self, rejection: &Rejection) {
        let code = rejection.code();
        let counter = Rejection::CODES.iter().zip(&self.0).find(|(of, _)| **of == code);
        if let Some((_, counter)) = counter {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Those that were given at all.
    fn read(&self) -> Vec<(&'static str, u64)> {
        let counts = self.0.iter().map(|counter| counter.load(Relaxed));
        Rejection::CODES.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
    }
}

/// What [`Vitals`] say at one moment. Counts begin with the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorReading {
    /// Whose.
    pub event: EventId,
    /// Since when this node owns the event.
    pub taken_over_at: Timestamp,
    /// Whether an operator has put it here: another node may be the one that should own it.
    pub placed: bool,
    /// Times that this node took it over.
    pub take_overs: u64,
    /// The owner's fence.
    pub fence: Fence,
    /// How long nobody else can own the event.
    pub lease_left: Duration,
    /// The last durable record.
    pub seq: Seq,
    /// When something changed last.
    pub changed_at: Timestamp,
    /// The last record that is in a snapshot.
    pub snapshot_at: Seq,
    /// When that record was decided; none if there is no snapshot.
    pub snapshot_of: Option<Timestamp>,
    /// Commands and questions that wait or are in flight.
    pub depth: u32,
    /// Commands that were decided.
    pub commands: u64,
    /// Commands that the sale rejected.
    pub rejections: u64,
    /// Commands that were refused because too many waited.
    pub refusals: u64,
    /// How long commands waited in the mailbox, together.
    pub waited: Duration,
    /// How long deciding them took, together.
    pub turns: Duration,
    /// Appends that became durable.
    pub batches: u64,
    /// Records that became durable.
    pub records: u64,
    /// How long the appends took, together.
    pub appends: Duration,
    /// Whether the sale runs.
    pub status: SaleStatus,
    /// From when on places are held.
    pub opens_at: Timestamp,
    /// From when on nothing more is held.
    pub closes_at: Timestamp,
    /// Places nobody has.
    pub free: u64,
    /// Places held.
    pub held: u64,
    /// Places sold.
    pub sold: u64,
    /// Fans in line.
    pub waiting: u64,
    /// Fans called or admitted.
    pub inside: u64,
}

/// What records did that somebody watches the rate of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) holds: u64,
    pub(super) tickets: u64,
}

impl Outcome {
    pub(super) fn of(records: &[Record]) -> Self {
        let mut outcome = Self::default();
        for record in records {
            if let Change::HoldPlaced { .. } = &record.change {
                outcome.holds += 1;
            }
            if let Change::OrderPaid { items, .. } = &record.change {
                outcome.tickets += items.len() as u64;
            }
        }
        outcome
    }
}

impl Vitals {
    pub(super) fn taken_over(&self, now: Timestamp) {
        self.taken_over_at_ms.store(now.as_millis(), Relaxed);
        self.take_overs.fetch_add(1, Relaxed);
        self.placed.store(false, Relaxed);
    }

    pub(super) fn placed(&self) {
        self.placed.store(true, Relaxed);
    }

    pub(super) fn refused(&self) {
        self.refusals.fetch_add(1, Relaxed);
    }

    /// A command was decided.
    pub(super) fn decided(&self, waited: Duration, turn: Duration, rejection: Option<&Rejection>) {
        self.commands.fetch_add(1, Relaxed);
        if let Some(rejection) = rejection {
            self.rejections.fetch_add(1, Relaxed);
            self.rejections_by_code.count(rejection);
        }
        self.waited_ns.fetch_add(nanos(waited), Relaxed);
        self.turns_ns.fetch_add(nanos(turn), Relaxed);
    }

    /// A batch became durable.
    pub(super) fn appended(&self, records: usize, took: Duration) {
        self.batches.fetch_add(1, Relaxed);
        self.records.fetch_add(records as u64, Relaxed);
        self.appends_ns.fetch_add(nanos(took), Relaxed);
    }

    /// Commands that the sale rejected, by code, in the order in which they are judged.
    pub(super) fn rejections(&self) -> Vec<(&'static str, u64)> {
        self.rejections_by_code.read()
    }

    /// How the sale stands; `seq` is the last record that is durable.
    pub(super) fn note(
        &self,
        sale: &Sale,
        (fence, seq): (Fence, Seq),
        (snapshot_at, snapshot_of): (Seq, Option<Timestamp>),
    ) {
        self.fence.store(fence.0, Relaxed);
        self.seq.store(seq.0, Relaxed);
        self.changed_at_ms.store(sale.at().as_millis(), Relaxed);
        self.snapshot_at.store(snapshot_at.0, Relaxed);
        self.snapshot_of_ms.store(snapshot_of.map_or(0, Timestamp::as_millis), Relaxed);
        self.status.store(code(sale.status()), Relaxed);
        let rules = &sale.terms().rules;
        self.opens_at_ms.store(rules.opens_at.as_millis(), Relaxed);
        self.closes_at_ms.store(rules.closes_at.as_millis(), Relaxed);
        let counts = sale.inventory().counts();
        self.free.store(counts.free as u64, Relaxed);
        self.held.store(counts.held as u64, Relaxed);
        self.sold.store(counts.sold as u64, Relaxed);
        self.waiting.store(u64::from(sale.room().line().len()), Relaxed);
        self.inside.store(u64::from(sale.room().inside()), Relaxed);
    }

    pub(super) fn read(&self, event: EventId, depth: usize, lease_left: Duration) -> ActorReading {
        let time = |millis: &AtomicI64| Timestamp::from_millis(millis.load(Relaxed));
        let span = |nanos: &AtomicU64| Duration::from_nanos(nanos.load(Relaxed));
        ActorReading {
            event,
            taken_over_at: time(&self.taken_over_at_ms),
            placed: self.placed.load(Relaxed),
            take_overs: self.take_overs.load(Relaxed),
            fence: Fence(self.fence.load(Relaxed)),
            lease_left,
            seq: Seq(self.seq.load(Relaxed)),
            changed_at: time(&self.changed_at_ms),
            snapshot_at: Seq(self.snapshot_at.load(Relaxed)),
            snapshot_of: Some(time(&self.snapshot_of_ms)).filter(|at| at.as_millis() != 0),
            depth: u32::try_from(depth).unwrap_or(u32::MAX),
            commands: self.commands.load(Relaxed),
            rejections: self.rejections.load(Relaxed),
            refusals: self.refusals.load(Relaxed),
            waited: span(&self.waited_ns),
            turns: span(&self.turns_ns),
            batches: self.batches.load(Relaxed),
            records: self.records.load(Relaxed),
            appends: span(&self.appends_ns),
            status: status(self.status.load(Relaxed)),
            opens_at: time(&self.opens_at_ms),
            closes_at: time(&self.closes_at_ms),
            free: self.free.load(Relaxed),
            held: self.held.load(Relaxed),
            sold: self.sold.load(Relaxed),
            waiting: self.waiting.load(Relaxed),
            inside: self.inside.load(Relaxed),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

const fn code(status: SaleStatus) -> u8 {
    match status {
        SaleStatus::Open => 0,
        SaleStatus::Paused => 1,
        SaleStatus::Closed => 2,
    }
}

const fn status(code: u8) -> SaleStatus {
    match code {
        0 => SaleStatus::Open,
        1 => SaleStatus::Paused,
        _ => SaleStatus::Closed,
    }
}
