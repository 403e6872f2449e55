//! The time of this process.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
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
}
