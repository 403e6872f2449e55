//! How load is made: open or closed, and what is measured of it.
//!
//! *Open*: requests start when the plan says, whether or not earlier ones have been answered; what
//! a stall does to everybody who arrives during it is in the figures. *Closed*: a number of clients
//! that each wait for their answer before they ask again; it finds the highest rate and says little
//! about latency, because a stalled server is asked less.

pub(crate) mod asker;
pub mod closed;
pub(crate) mod connection;
pub mod open;
pub(crate) mod pool;
pub mod ramp;
pub mod recorder;
pub mod stop;

use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest that is told apart.
const MOST: Duration = Duration::from_hours(1);

/// Durations in microseconds, at three significant digits. They merge exactly.
#[derive(Debug, Clone)]
pub struct Durations(Histogram<u64>);

impl Default for Durations {
    fn default() -> Self {
        Self(Histogram::new(3).expect("three digits are lawful"))
    }
}

impl Durations {
    /// Adds one; more than an hour counts as an hour.
    pub fn record(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.min(MOST).as_micros()).unwrap_or(u64::MAX);
        // It grows to whatever is recorded.
        let recorded = self.0.record(micros);
        debug_assert!(recorded.is_ok(), "{recorded:?}");
    }

    /// Adds all of another.
    pub fn add(&mut self, other: &Self) {
        // It grows to whatever the other has.
        let added = self.0.add(&other.0);
        debug_assert!(added.is_ok(), "{added:?}");
    }

    /// The duration that `percent` of all do not exceed; zero if there is none.
    pub fn percentile(&self, percent: f64) -> Duration {
        Duration::from_micros(self.0.value_at_percentile(percent))
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }
}

/// How long something took, as it is in reports.
#[derive(Debug, Serialize)]
pub(crate) struct Latency {
    pub(crate) step: &'static str,
    pub(crate) count: u64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
}

impl Latency {
    pub(crate) fn of(step: &'static str, durations: &Durations) -> Self {
        let ms = |percent| durations.percentile(percent).as_secs_f64() * 1_000.0;
        let (p50_ms, p99_ms, max_ms) = (ms(50.0), ms(99.0), ms(100.0));
        Self { step, count: durations.count(), p50_ms, p99_ms, max_ms }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, count, p50_ms, p99_ms, max_ms } = self;
        write!(
            f,
            "{step:>10}: p50 {p50_ms:.1} ms, p99 {p99_ms:.1} ms, max {max_ms:.1} ms of {count}"
        )
    }
}

/// So many a second.
pub(crate) fn rate(count: u64, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_durations_keep_three_digits() {
        let mut durations = Durations::default();
        let all = [Duration::from_micros(740), Duration::from_secs(2), Duration::from_hours(9)];
        for duration in all {
            durations.record(duration);
        }
        let close = |percent: f64, expected: Duration| {
            let found = durations.percentile(percent);
            assert!(found.abs_diff(expected) < expected / 500, "{found:?} for {expected:?}");
        };
        close(33.0, all[0]);
        close(66.0, all[1]);
        close(100.0, MOST);
        let mut both = durations.clone();
        both.add(&durations);
        assert_eq!(both.count(), 6);
    }
}
