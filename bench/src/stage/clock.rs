//! The time of this process, for an engine that runs in it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::Clock;

/// The time at the start, moved on by the monotonic clock.
#[derive(Debug)]
pub(crate) struct WallClock {
    started: Instant,
    started_at: Timestamp,
}

impl WallClock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        Self { started: Instant::now(), started_at: Timestamp::from_millis(millis) }
    }
}

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        self.started_at.after(self.started.elapsed())
    }

    async fn sleep(&self, while_: Duration) {
        tokio::time::sleep(while_).await;
    }
}
