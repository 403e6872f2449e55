//! The time of this process.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use prometheus::{Gauge, Registry};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::Clock;

/// By how much a correction may make the clock faster or slower: one part in this many. A lease's
/// margin is far larger.
const SLEW: i64 = 2_000;

/// The time as it was at the start, moved on by the monotonic clock: a step of the machine's clock
/// cannot end a hold early.
#[derive(Debug)]
pub(crate) struct SystemClock {
    started: Instant,
    started_at: Timestamp,
    /// Milliseconds to add: where this clock was found to be wrong.
    correction: AtomicI64,
    /// When that was last changed, in milliseconds after the start.
    corrected_at: AtomicI64,
    latest: AtomicI64,
}

impl SystemClock {
    /// By the clock of this machine.
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        Self::start_at(Timestamp::from_millis(millis))
    }

    /// By a time that was just told.
    pub(crate) fn start_at(now: Timestamp) -> Self {
        Self {
            started: Instant::now(),
            started_at: now,
            correction: AtomicI64::new(0),
            corrected_at: AtomicI64::new(0),
            latest: AtomicI64::new(i64::MIN),
        }
    }

    /// Comes closer to the time that was told to be now, slowly enough for nobody to notice; says
    /// by how many milliseconds this clock was behind.
    pub(crate) fn correct(&self, told: Timestamp) -> i64 {
        let behind = told.as_millis() - self.now().as_millis();
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let most = (elapsed - self.corrected_at.swap(elapsed, Ordering::Relaxed)) / SLEW;
        self.correction.fetch_add(behind.clamp(-most, most), Ordering::Relaxed);
        behind
    }
}

/// How far this node's clock is off.
#[derive(Debug, Clone)]
pub(crate) struct ClockMetrics {
    /// `tiketi_clock_behind_seconds`: by how much this node's clock was last found to be behind the
    /// cluster's.
    behind: Gauge,
}

impl ClockMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let behind = Gauge::new(
            "tiketi_clock_behind_seconds",
            "Seconds that the clock of this node is behind that of Postgres; negative if ahead.",
        )?;
        registry.register(Box::new(behind.clone()))?;
        Ok(Self { behind })
    }

    pub(crate) fn found_behind_ms(&self, millis: i64) {
        let off = Duration::from_millis(millis.unsigned_abs()).as_secs_f64();
        self.behind.set(if millis < 0 { -off } else { off });
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = self.started_at.after(self.started.elapsed()).as_millis()
            + self.correction.load(Ordering::Relaxed);
        let before = self.latest.fetch_max(now, Ordering::Relaxed);
        Timestamp::from_millis(now.max(before))
    }

    async fn sleep(&self, while_: Duration) {
        tokio::time::sleep(while_).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_is_slow_and_never_turns_time_back() {
        let clock = SystemClock::start_at(Timestamp::from_millis(1_000_000));
        let before = clock.now();
        let hour = Duration::from_hours(1);
        let behind = clock.correct(before.after(hour));
        assert!((3_599_000..=3_600_000).contains(&behind), "{behind}");
        let moved = clock.now().since(before);
        assert!(moved < Duration::from_mins(1), "not by an hour at once: {moved:?}");
        clock.correct(Timestamp::from_millis(0));
        assert!(clock.now() >= before);
    }

    #[test]
    fn how_far_the_clock_is_off_is_said_in_seconds_either_way() {
        let metrics = crate::metrics::Metrics::register(&Registry::new()).unwrap().clock;
        let said = || metrics.behind.get();
        let clock = SystemClock::start_at(Timestamp::from_millis(1_000_000));
        metrics.found_behind_ms(clock.correct(clock.now().after(Duration::from_secs(90))));
        assert!((89.0..=90.0).contains(&said()), "{}", said());
        let earlier = Timestamp::from_millis(clock.now().as_millis() - 1_500);
        metrics.found_behind_ms(clock.correct(earlier));
        assert!((-2.5..=-1.5).contains(&said()), "{}", said());
    }
}
