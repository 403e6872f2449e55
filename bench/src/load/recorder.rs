//! What is measured of every request of a run: by step in all, and by step and second.
//!
//! A second's figures are of what was answered in it. Only the second that is running needs its
//! durations kept; of those before, the percentiles are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Durations;

/// Reasons that are told apart, of each step; the others are counted together.
const REASONS_MAX: usize = 20;

/// One request of what a user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The list of events.
    Events,
    /// The page of an event.
    Event,
    /// The chart of an event.
    Chart,
    /// Standing in line.
    Join,
    /// Taking the turn.
    Claim,
    /// Where the fan stands.
    Standing,
    /// Leaving the line or the sale.
    Leave,
    /// Holding places.
    Hold,
    /// Letting go of them.
    Release,
    /// Making an order of a hold.
    Order,
    /// Beginning a payment.
    Payment,
    /// Agreeing to it at the payment sandbox, which is no part of the server.
    Authorise,
    /// Confirming it: the tickets.
    Confirm,
    /// A sale as operators see it.
    Overview,
    /// What an event has sold.
    Sales,
    /// Opening a live socket, until the seat map is there.
    Live,
    /// A change of the seat map, from when it was asked for until a viewer has it.
    Seen,
}

impl Step {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Event => "event",
            Self::Chart => "chart",
            Self::Join => "join",
            Self::Claim => "claim",
            Self::Standing => "standing",
            Self::Leave => "leave",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Order => "order",
            Self::Payment => "payment",
            Self::Authorise => "authorise",
            Self::Confirm => "confirm",
            Self::Overview => "overview",
            Self::Sales => "sales",
            Self::Live => "live",
            Self::Seen => "seen",
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Granted,
    /// By a lawful no that was to be expected, with its code.
    Refused(String),
    /// Otherwise, and why.
    Failed(String),
}

/// How the requests of a step ended, and how long they took, however they ended.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// All of them.
    pub latency: Durations,
    /// Those that were refused lawfully, by code.
    pub refused: BTreeMap<String, u64>,
    /// Those that failed, by reason.
    pub failed: BTreeMap<String, u64>,
}

impl Tally {
    /// How many failed.
    pub fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    fn add(&mut self, other: &Self) {
        self.latency.add(&other.latency);
        for (code, count) in &other.refused {
            *self.refused.entry(code.clone()).or_default() += count;
        }
        for (reason, count) in &other.failed {
            *self.failed.entry(reason.clone()).or_default() += count;
        }
    }
}

/// One second of a step, or of all steps together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Row {
    /// From the start, counted from 0.
    pub second: u64,
    /// Of which step; of all if there is none.
    pub step: Option<Step>,
    /// Users at work when it ended.
    pub users: u32,
    /// What was answered in it.
    pub answers: u64,
    /// What of that failed.
    pub failed: u64,
    /// In milliseconds; 0 if nothing was answered.
    pub p50_ms: f64,
    /// In milliseconds; 0 if nothing was answered.
    pub p99_ms: f64,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Recorded {
    /// By step.
    pub steps: BTreeMap<Step, Tally>,
    /// In order; of each second first that of all steps.
    pub rows: Vec<Row>,
}

impl Recorded {
    /// All steps together.
    pub fn all(&self) -> Tally {
        let mut all = Tally::default();
        for tally in self.steps.values() {
            all.add(tally);
        }
        all
    }
}

/// See the module. All users of a run share one.
pub struct Recorder {
    /// Users at work now.
    pub(crate) users: Arc<AtomicU32>,
    inner: Mutex<Inner>,
}

struct Inner {
    started: Instant,
    /// The second that is running.
    second: u64,
    now: BTreeMap<Step, (Durations, u64)>,
    recorded: Recorded,
}

impl Recorder {
    /// From now on.
    pub fn start() -> Self {
        Self { users: Arc::default(), inner: Mutex::new(Inner::start()) }
    }

    /// Begins anew: what was recorded so far belonged to the preparations.
    pub(crate) fn restart(&self) {
        *self.inner() = Inner::start();
    }

    /// Notes a request that has just ended.
    pub(crate) fn record(&self, step: Step, latency: Duration, outcome: Outcome) {
        let mut inner = self.inner();
        inner.turn(self.users.load(Ordering::Relaxed));
        let failed = matches!(outcome, Outcome::Failed(_));
        let (now, failures) = inner.now.entry(step).or_default();
        now.record(latency);
        *failures += u64::from(failed);
        let tally = inner.recorded.steps.entry(step).or_default();
        tally.latency.record(latency);
        match outcome {
            Outcome::Granted => {}
            Outcome::Refused(code) => count(&mut tally.refused, code),
            Outcome::Failed(reason) => count(&mut tally.failed, reason),
        }
    }

    /// Notes that what was recorded last as this outcome of a step had failed, as it turned out.
    pub(crate) fn correct(&self, step: Step, outcome: &Outcome, reason: String) {
        let mut inner = self.inner();
        let (_, failures) = inner.now.entry(step).or_default();
        *failures += 1;
        let tally = inner.recorded.steps.entry(step).or_default();
        if let Outcome::Refused(code) = outcome
            && let Some(refused) = tally.refused.get_mut(code)
        {
            *refused -= 1;
        }
        tally.refused.retain(|_, count| *count > 0);
        count(&mut tally.failed, reason);
    }

    /// How many requests have failed so far.
    pub(crate) fn failures(&self) -> u64 {
        self.inner().recorded.steps.values().map(Tally::failures).sum()
    }

    /// The last second that is over, all steps together.
    pub(crate) fn last(&self) -> Option<Row> {
        let mut inner = self.inner();
        inner.turn(self.users.load(Ordering::Relaxed));
        inner.recorded.rows.iter().rfind(|row| row.step.is_none()).copied()
    }

    /// What has been recorded.
    pub fn finish(&self) -> Recorded {
        let mut inner = self.inner();
        let users = self.users.load(Ordering::Relaxed);
        inner.turn(users);
        // The last second may not be over.
        if !inner.now.is_empty() {
            let next = inner.second + 1;
            inner.turn_to(next, users);
        }
        std::mem::take(&mut inner.recorded)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(counts: &mut BTreeMap<String, u64>, why: String) {
    let known = counts.len() < REASONS_MAX || counts.contains_key(&why);
    *counts.entry(if known { why } else { "others".to_owned() }).or_default() += 1;
}

impl Inner {
    fn start() -> Self {
        let (second, now, recorded) = Default::default();
        Self { started: Instant::now(), second, now, recorded }
    }

    fn turn(&mut self, users: u32) {
        self.turn_to(self.started.elapsed().as_secs(), users);
    }

    /// Closes every second before this one, also those in which nothing was answered.
    fn turn_to(&mut self, second: u64, users: u32) {
        while self.second < second {
            let now = std::mem::take(&mut self.now);
            let (mut all, mut failed) = (Durations::default(), 0);
            for (latency, failures) in now.values() {
                all.add(latency);
                failed += failures;
            }
            let second = self.second;
            let row = |step, latency: &Durations, failed| Row {
                second,
                step,
                users,
                answers: latency.count(),
                failed,
                p50_ms: latency.percentile(50.0).as_secs_f64() * 1_000.0,
                p99_ms: latency.percentile(99.0).as_secs_f64() * 1_000.0,
            };
            self.recorded.rows.push(row(None, &all, failed));
            let steps = now.iter().map(|(step, (own, failed))| row(Some(*step), own, *failed));
            self.recorded.rows.extend(steps);
            self.second += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_in_which_nothing_was_answered_is_there() {
        let mut inner = Inner::start();
        let mut latency = Durations::default();
        latency.record(Duration::from_millis(4));
        inner.now.insert(Step::Hold, (latency, 1));
        inner.turn_to(2, 7);
        let rows: Vec<_> =
            inner.recorded.rows.iter().map(|r| (r.second, r.step, r.answers)).collect();
        assert_eq!(rows, [(0, None, 1), (0, Some(Step::Hold), 1), (1, None, 0)]);
        assert_eq!((inner.recorded.rows[0].failed, inner.recorded.rows[0].users), (1, 7));
    }

    #[test]
    fn an_answer_that_was_not_what_it_should_be_is_counted_once() {
        let recorder = Recorder::start();
        let refused = Outcome::Refused("not_enough".to_owned());
        for outcome in [Outcome::Granted, refused.clone()] {
            recorder.record(Step::Hold, Duration::ZERO, outcome.clone());
            recorder.correct(Step::Hold, &outcome, "no".to_owned());
        }
        let recorded = recorder.finish();
        let tally = &recorded.steps[&Step::Hold];
        assert_eq!((tally.latency.count(), tally.failures()), (2, 2));
        assert!(tally.refused.is_empty());
    }

    #[test]
    fn reasons_without_end_are_counted_together() {
        let recorder = Recorder::start();
        for number in 0..100 {
            recorder.record(Step::Hold, Duration::ZERO, Outcome::Failed(number.to_string()));
        }
        let recorded = recorder.finish();
        let tally = &recorded.steps[&Step::Hold];
        assert_eq!((tally.failures(), tally.failed["others"]), (100, 80));
        assert_eq!(recorded.all().failures(), 100);
    }
}
