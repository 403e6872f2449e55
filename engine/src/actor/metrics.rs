//! What the engine counts. No label names an event: there may be thousands. What has a label has it
//! from a short list, and a counter for each, found when it is registered and not when it counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use crate::domain::rejection::Rejection;

/// The engine's metrics, registered once for a process.
#[derive(Debug, Clone)]
pub struct EngineMetrics {
    /// `tiketi_engine_actors`: event actors in memory.
    pub actors: IntGauge,
    /// `tiketi_engine_commands_total`: commands that were decided.
    pub commands: IntCounter,
    /// `tiketi_engine_rejections_total`: commands that a sale rejected, by the code it gave.
    pub rejections: Rejections,
    /// `tiketi_engine_overloads_total`: commands refused because too many were waiting.
    pub overloads: IntCounter,
    /// `tiketi_engine_records_total`: records that became durable.
    pub records: IntCounter,
    /// `tiketi_engine_holds_total`: holds placed whose records became durable.
    pub holds: IntCounter,
    /// `tiketi_engine_tickets_total`: tickets issued whose records became durable.
    pub tickets: IntCounter,
    /// `tiketi_engine_failures_total`: actors that stopped because an append failed.
    pub failures: IntCounter,
    /// `tiketi_engine_recoveries_total`: times that a sale was taken over and loaded.
    pub recoveries: IntCounter,
    /// `tiketi_engine_hand_overs_total`: events that were handed over to another node.
    pub hand_overs: IntCounter,
    /// `tiketi_engine_leases_lost_total`: actors that stopped because their lease may have ended.
    pub leases_lost: IntCounter,
    /// `tiketi_engine_fenced_appends_total`: appends refused because another node owns the event.
    pub fenced_appends: IntCounter,
    /// `tiketi_engine_appends_in_doubt_total`: appends whose answer was lost.
    pub in_doubt: IntCounter,
    /// `tiketi_engine_remote_calls_total`: errands that another node was asked to run.
    pub remote_calls: IntCounter,
    /// `tiketi_engine_remote_failures_total`: times that another node was not reached.
    pub remote_failures: IntCounter,
    /// `tiketi_engine_unowned_total`: errands that were given up without an owner, by why.
    pub unowned: Unowned,
    /// `tiketi_engine_violations_total`: what must never happen and did, by what it was.
    pub violations: Violations,
    /// `tiketi_engine_batch_records`: records in one append.
    pub batch_records: Histogram,
    /// `tiketi_engine_append_seconds`: time from handing a batch over until it is durable.
    pub append_seconds: Histogram,
    /// `tiketi_engine_recovery_seconds`: time to take a sale over and load it.
    pub recovery_seconds: Histogram,
}

/// Rejections by code.
#[derive(Debug, Clone)]
pub struct Rejections(Arc<BTreeMap<&'static str, IntCounter>>);

impl Rejections {
    fn of_each_code(counters: &IntCounterVec) -> Self {
        let of = |code| (code, counters.with_label_values(&[code]));
        Self(Arc::new(Rejection::CODES.into_iter().map(of).collect()))
    }

    /// How many had a code.
    pub fn with_code(&self, code: &str) -> u64 {
        self.0.get(code).map_or(0, IntCounter::get)
    }

    pub(super) fn count(&self, rejection: &Rejection) {
        if let Some(counter) = self.0.get(rejection.code()) {
            counter.inc();
        }
    }
}

/// Errands that were given up because no owner of their event was found and reached.
#[derive(Debug, Clone)]
pub struct Unowned {
    /// No node could own events.
    pub nobody: IntCounter,
    /// The owner was lost on the way, and to ask again might have done it twice.
    pub lost: IntCounter,
    /// None was found in time.
    pub late: IntCounter,
}

impl Unowned {
    fn of_each_reason(counters: &IntCounterVec) -> Self {
        let of = |reason| counters.with_label_values(&[reason]);
        Self { nobody: of("nobody"), lost: of("lost"), late: of("late") }
    }
}

/// What must never happen and was noticed.
#[derive(Debug, Clone)]
pub struct Violations {
    /// An actor, an append or a replay panicked.
    pub panic: IntCounter,
    /// What is stored of an event cannot be read, or its batches do not follow on each other.
    pub damaged: IntCounter,
    /// The store refused rows that would sell a place or charge an order twice, or go back.
    pub refused: IntCounter,
    /// A sale said no to the passing of time.
    pub tick: IntCounter,
}

impl Violations {
    fn of_each_kind(counters: &IntCounterVec) -> Self {
        let of = |kind| counters.with_label_values(&[kind]);
        Self {
            panic: of("panic"),
            damaged: of("damaged"),
            refused: of("refused"),
            tick: of("tick"),
        }
    }
}

impl EngineMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let part = Part(registry);
        let seconds = || prometheus::exponential_buckets(0.000_25, 2.0, 16);
        let actors = IntGauge::new("tiketi_engine_actors", "Event actors in memory.")?;
        registry.register(Box::new(actors.clone()))?;
        Ok(Self {
            actors,
            commands: part.counter("commands_total", "Commands that were decided.")?,
            rejections: Rejections::of_each_code(&part.labelled(
                "rejections_total",
                "Commands that a sale rejected, by the code of the answer.",
                "code",
            )?),
            overloads: part
                .counter("overloads_total", "Commands refused: too many were waiting.")?,
            records: part.counter("records_total", "Records that became durable.")?,
            holds: part.counter("holds_total", "Holds that were placed and became durable.")?,
            tickets: part
                .counter("tickets_total", "Tickets that were issued and became durable.")?,
            failures: part.counter("failures_total", "Actors stopped because an append failed.")?,
            recoveries: part
                .counter("recoveries_total", "Times a sale was taken over and loaded.")?,
            hand_overs: part.counter("hand_overs_total", "Events handed over to another node.")?,
            leases_lost: part.counter(
                "leases_lost_total",
                "Actors stopped because their lease may have ended.",
            )?,
            fenced_appends: part.counter(
                "fenced_appends_total",
                "Appends refused because another node owns the event.",
            )?,
            in_doubt: part.counter("appends_in_doubt_total", "Appends whose answer was lost.")?,
            remote_calls: part.counter("remote_calls_total", "Errands run by another node.")?,
            remote_failures: part
                .counter("remote_failures_total", "Times that another node was not reached.")?,
            unowned: Unowned::of_each_reason(&part.labelled(
                "unowned_total",
                "Errands given up: no owner of the event was found and reached.",
                "reason",
            )?),
            violations: Violations::of_each_kind(&part.labelled(
                "violations_total",
                "Times the engine noticed what must never happen.",
                "kind",
            )?),
            batch_records: part.histogram(
                "batch_records",
                "Records in one append.",
                prometheus::exponential_buckets(1.0, 2.0, 13)?,
            )?,
            append_seconds: part.histogram(
                "append_seconds",
                "Time from handing a batch over until it is durable, in seconds.",
                seconds()?,
            )?,
            recovery_seconds: part.histogram(
                "recovery_seconds",
                "Time to take a sale over and load it, in seconds.",
                seconds()?,
            )?,
        })
    }
}

/// Registers the engine's metrics by the rest of their names.
struct Part<'a>(&'a Registry);

impl Part<'_> {
    fn counter(&self, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
        let counter = IntCounter::new(format!("tiketi_engine_{name}"), help)?;
        self.0.register(Box::new(counter.clone()))?;
        Ok(counter)
    }

    fn labelled(
        &self,
        name: &str,
        help: &str,
        label: &str,
    ) -> Result<IntCounterVec, prometheus::Error> {
        let opts = Opts::new(format!("tiketi_engine_{name}"), help);
        let counters = IntCounterVec::new(opts, &[label])?;
        self.0.register(Box::new(counters.clone()))?;
        Ok(counters)
    }

    fn histogram(
        &self,
        name: &str,
        help: &str,
        buckets: Vec<f64>,
    ) -> Result<Histogram, prometheus::Error> {
        let opts = HistogramOpts::new(format!("tiketi_engine_{name}"), help).buckets(buckets);
        let histogram = Histogram::with_opts(opts)?;
        self.0.register(Box::new(histogram.clone()))?;
        Ok(histogram)
    }
}
