//! Thousands of random histories of one sale, with crashes: after each, every invariant holds.
//!
//! `SIM_SEED=n` repeats one history; `SIM_RUNS=n` says how many there are.
#![cfg(test)]

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;

use tiketi_engine::domain::audit::Auditor;
use tiketi_engine::domain::change::Record;
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::feed::{Follow, Projection, Replica};
use tiketi_engine::journal::Batch;
use tiketi_engine::testing::dice::Dice;
use tiketi_engine::testing::sample;
use tiketi_engine::testing::workload::Workload;

const EVENT: EventId = EventId::new(77);
const STEPS: usize = 400;

/// What the histories exercised, by name.
type Seen = BTreeMap<String, u64>;

#[test]
fn every_history_keeps_every_invariant() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIM_RUNS").unwrap_or(1_000),
    };
    let mut seen = Seen::new();
    let all = seeds.end - seeds.start > 1;
    for seed in seeds {
        let run = std::panic::catch_unwind(|| History::new(seed).run());
        let repeat = format!("seed {seed} fails; SIM_SEED={seed} repeats it");
        for (name, times) in run.map_err(|_| repeat).unwrap() {
            *seen.entry(name).or_default() += times;
        }
    }
    for name in EXERCISED.iter().filter(|_| all) {
        let times = seen.get(*name).copied().unwrap_or(0);
        assert!(times >= 20, "{name} was exercised {times} times only: {seen:#?}");
    }
}

/// What a set of histories must have done to count: every change, every rejection that a sound
/// caller can meet, and every kind of crash.
const EXERCISED: [&str; 57] = [
    "terms_changed",
    "status_changed",
    "joined",
    "left",
    "called",
    "claimed",
    "claim_lapsed",
    "session_ended",
    "hold_placed",
    "hold_changed",
    "hold_extended",
    "hold_released",
    "hold_expired",
    "order_placed",
    "order_cancelled",
    "payment_started",
    "payment_declined",
    "order_paid",
    "payment_stranded",
    "order_returned",
    "payment_refunded",
    "ticket_redeemed",
    "answered",
    "places_blocked",
    "places_freed",
    "rate_changed",
    "notice_changed",
    "repeat",
    "crash after append",
    "crash before append",
    "restored from snapshot",
    "late payment seated",
    "waited for the rate",
    "no idempotency_key_reused",
    "no nothing_wanted",
    "no wanted_twice",
    "no unknown_place",
    "no unknown_ticket_type",
    "no unknown_hold",
    "no unknown_order",
    "no unknown_ticket",
    "no sale_paused",
    "no not_in_line",
    "no not_called",
    "no not_admitted",
    "no hold_limit",
    "no fan_limit",
    "no hold_exists",
    "no hold_ordered",
    "no extension_used",
    "no order_not_payable",
    "no payment_pending",
    "no payment_settled",
    "no not_for_sale",
    "no taken",
    "no not_enough",
    "no not_blocked",
];

/// One history: a sale, the journal that is durable, and a browser's replica.
struct History {
    chart: Arc<Chart>,
    sale: Sale,
    journal: Vec<Batch>,
    snapshot: Option<(usize, Vec<u8>)>,
    projection: Projection,
    replica: Replica,
    workload: Workload,
    dice: Dice,
    seen: Seen,
    /// Of the sale, as the last step left it.
    hash: [u8; 32],
}

impl History {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x00C0_FFEE);
        let rows = 2 + u32::try_from(dice.below(4)).unwrap();
        let seats = 3 + u32::try_from(dice.below(9)).unwrap();
        let chart = Arc::new(sample::chart(rows, seats, 6));
        let mut terms = sample::terms(&chart);
        terms.rules.admitted_max = 1 + u32::try_from(dice.below(12)).unwrap();
        let first = Sale::opening(sample::OPENS_AT, &chart, terms).unwrap();
        let sale = Sale::open(EVENT, Arc::clone(&chart), &first);
        let journal = vec![Batch::seal(EVENT, Fence(1), [0; 32], &[first])];
        let projection = Projection::of(&sale, Fence(1), sale.at());
        let replica = Replica::new(projection.start());
        let workload = Workload::new(seed, 25);
        let seen = Seen::new();
        let (hash, snapshot) = (sale.state_hash(), None);
        Self { chart, sale, journal, snapshot, projection, replica, workload, dice, seen, hash }
    }

    fn run(mut self) -> Seen {
        for _ in 0..STEPS {
            self.step();
        }
        let report = self.audit();
        let (counts, blocked) = (self.sale.inventory().counts(), self.sale.inventory().blocked());
        assert_eq!(
            (report.free, report.held, report.sold, report.blocked),
            (counts.free, counts.held, counts.sold, blocked)
        );
        assert_eq!(counts.free + counts.held + counts.sold + blocked, self.chart.capacity());
        for (name, times) in report.changes {
            *self.seen.entry(name.to_owned()).or_default() += times;
        }
        self.seen
    }

    fn step(&mut self) {
        let now = self.sale.at().after(self.workload.pause());
        let request = self.workload.next(&self.sale);
        let before = self.hash;
        let expired = |sale: &Sale| sale.orders().filter(|o| o.state.as_str() == "expired").count();
        let expired_before = expired(&self.sale);
        let executed = self.sale.execute(now, &request);
        if request.command == Command::Tick && request.key.is_none() {
            self.nobody_is_stuck(now);
        }
        match executed {
            Err(rejection) => {
                assert_eq!(self.sale.state_hash(), before, "a rejection changed something");
                self.note(&format!("no {}", rejection.code()));
            }
            Ok(executed) if executed.records.is_empty() => {
                assert_eq!(self.sale.state_hash(), before, "a repeat changed something");
                self.note("repeat");
            }
            Ok(executed) => {
                if expired(&self.sale) < expired_before {
                    self.note("late payment seated");
                }
                self.make_durable(&executed.records);
                self.hash = self.sale.state_hash();
            }
        }
        if self.dice.once_in(60) {
            self.snapshot = Some((self.journal.len(), self.sale.snapshot()));
        }
        if self.dice.once_in(80) {
            self.recover();
            assert_eq!(self.hash, self.sale.state_hash(), "replay gives the same state");
        }
    }

    /// After a tick nothing is due at once: whoever waits does so for room inside or for the rate.
    fn nobody_is_stuck(&mut self, now: Timestamp) {
        let (due, room) = (self.sale.next_due(now), self.sale.room());
        assert!(due.is_none_or(|due| due > now), "{due:?} is due at {now:?} after a tick");
        let inside = room.inside() < self.sale.terms().rules.admitted_max;
        if inside && !room.line().is_empty() && self.sale.status() == SaleStatus::Open {
            assert!(self.sale.rate().is_some() && due.is_some(), "nobody would be called");
            self.note("waited for the rate");
        }
    }

    /// Appends, unless the crash comes first.
    fn make_durable(&mut self, records: &[Record]) {
        if self.dice.once_in(100) {
            self.note("crash before append");
            self.recover();
            return;
        }
        let prev_hash = self.journal.last().unwrap().hash;
        self.journal.push(Batch::seal(EVENT, Fence(1), prev_hash, records));
        self.projection.take_in(&self.sale, records);
        if self.dice.once_in(100) {
            self.note("crash after append");
            self.recover();
        }
        self.push();
    }

    fn push(&mut self) {
        if self.dice.once_in(3) {
            return;
        }
        let Some(publication) = self.projection.publish() else { return };
        assert_eq!(self.replica.follow(&publication), Follow::Followed);
        let (_, _, states, _) = self.projection.start();
        let (_, _, fresh, _) = Projection::of(&self.sale, Fence(1), self.sale.at()).start();
        assert_eq!(states, fresh, "the projection follows the sale");
        let snapshot = tiketi_engine::feed::frame::snapshot(Fence(1), self.sale.seq(), &fresh);
        assert_eq!(self.replica.snapshot(), snapshot, "the replica follows the projection");
    }

    /// Forgets the state and takes it from the journal, as the next owner would.
    fn recover(&mut self) {
        let (mut sale, from) = match &self.snapshot {
            Some((batches, bytes)) => {
                let sale = Sale::restore(EVENT, Arc::clone(&self.chart), bytes).unwrap();
                *self.seen.entry("restored from snapshot".to_owned()).or_default() += 1;
                (sale, *batches)
            }
            None => {
                let first = self.journal[0].open(Seq(0), [0; 32]).unwrap();
                (Sale::open(EVENT, Arc::clone(&self.chart), &first[0]), 1)
            }
        };
        for at in from..self.journal.len() {
            let before = &self.journal[at - 1];
            let records = self.journal[at].open(before.last, before.hash).unwrap();
            for record in &records {
                sale.apply(record);
            }
        }
        self.sale = sale;
        self.projection = Projection::of(&self.sale, Fence(1), self.sale.at());
        self.replica = Replica::new(self.projection.start());
    }

    fn audit(&self) -> tiketi_engine::domain::audit::Report {
        let mut auditor = Auditor::new(Arc::clone(&self.chart));
        let (mut seq, mut hash) = (Seq(0), [0; 32]);
        for batch in &self.journal {
            for record in batch.open(seq, hash).unwrap() {
                auditor.read(&record);
            }
            (seq, hash) = (batch.last, batch.hash);
        }
        let report = auditor.finish();
        assert_eq!(report.violations, [], "the auditor found violations");
        report
    }

    fn note(&mut self, name: &str) {
        *self.seen.entry(name.to_owned()).or_default() += 1;
    }
}
