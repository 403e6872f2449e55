//! The time of this process.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::Clock;

/// Wall-clock time as it was at the start, moved on by the monotonic clock: a step of the
/// machine's clock cannot end a hold early.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock {
    started: Instant,
    started_at: Timestamp,
}

impl SystemClock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        Self { started: Instant::now(), started_at: Timestamp::from_millis(millis) }
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.started_at.after(self.started.elapsed())
    }

    async fn sleep(&self, while_: Duration) {
        tokio::time::sleep(while_).await;
    }
}
