//! How far behind a consumer of the stream is: asked for now and then, beside everything else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus::{IntGauge, Registry};
use serde::{Deserialize, Serialize};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Clock, PartitionLag, StreamLags};
use tokio_util::sync::CancellationToken;

use super::stats::CONSUMER;

/// Between two questions.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// What waits for a consumer, of all its readers, and when that was so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lag {
    pub(crate) at: Timestamp,
    pub(crate) partitions: Vec<PartitionLag>,
}

impl Lag {
    /// Over all partitions.
    pub(crate) fn messages(&self) -> u64 {
        self.partitions.iter().map(|partition| partition.messages).sum()
    }
}

/// The last answer; none while it is not known. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct LagGauge {
    /// `tiketi_stats_lag_messages`: messages that are not counted yet, by any node; -1 if it is not
    /// known, as on nodes that do not count.
    messages: IntGauge,
    /// `tiketi_stats_lag_timestamp_seconds`: Unix time when that was so; 0 if it is not known.
    asked: IntGauge,
    latest: Arc<Mutex<Option<Lag>>>,
}

impl LagGauge {
    /// Registers what it serves.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(super) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let messages = "Messages not counted yet, by any node; -1 if not known.";
        let messages = IntGauge::new("tiketi_stats_lag_messages", messages)?;
        let asked = "Unix time as of which tiketi_stats_lag_messages is; 0 if not known.";
        let asked = IntGauge::new("tiketi_stats_lag_timestamp_seconds", asked)?;
        registry.register(Box::new(messages.clone()))?;
        registry.register(Box::new(asked.clone()))?;
        let gauge = Self { messages, asked, latest: Arc::default() };
        gauge.note(None);
        Ok(gauge)
    }

    /// The last answer.
    pub(crate) fn latest(&self) -> Option<Lag> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, lag: Option<Lag>) {
        let messages = lag.as_ref().map(Lag::messages);
        self.messages.set(messages.map_or(-1, |lag| i64::try_from(lag).unwrap_or(i64::MAX)));
        self.asked.set(lag.as_ref().map_or(0, |lag| lag.at.as_millis() / 1_000));
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = lag;
    }
}

/// Asks until told to stop.
pub(crate) async fn follow_lag(
    lags: Arc<dyn StreamLags>,
    gauge: LagGauge,
    clock: Arc<dyn Clock>,
    stopping: CancellationToken,
) {
    loop {
        let at = clock.now();
        let asked = tokio::select! {
            () = stopping.cancelled() => return,
            asked = lags.lags(CONSUMER) => asked,
        };
        let asked = asked.inspect_err(|error| tracing::debug!(%error, "lag not known"));
        gauge.note(asked.ok().map(|partitions| Lag { at, partitions }));
        tokio::select! {
            () = stopping.cancelled() => return,
            () = clock.sleep(ASK_EVERY) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use tiketi_engine::ports::StreamError;
    use tiketi_engine::testing::memory::ManualClock;
    use tiketi_engine::testing::sample::OPENS_AT;
    use tokio::sync::mpsc;

    use super::*;

    type Answer = Result<Vec<PartitionLag>, StreamError>;

    /// Gives these answers, one after the other.
    struct Script(tokio::sync::Mutex<mpsc::Receiver<Answer>>);

    #[async_trait]
    impl StreamLags for Script {
        async fn lags(&self, _: &str) -> Answer {
            self.0.lock().await.recv().await.unwrap_or(Ok(Vec::new()))
        }
    }

    #[tokio::test]
    async fn an_answer_has_its_age_and_is_forgotten_when_the_next_one_fails() {
        let gauge = LagGauge::register(&Registry::new()).unwrap();
        assert_eq!((gauge.messages.get(), gauge.asked.get(), gauge.latest()), (-1, 0, None));
        let (tell, told) = mpsc::channel(1);
        let clock = Arc::new(ManualClock::at(OPENS_AT));
        let stopping = CancellationToken::new();
        let script = Arc::new(Script(tokio::sync::Mutex::new(told)));
        let following =
            follow_lag(script, gauge.clone(), Arc::clone(&clock) as _, stopping.clone());
        let lag = |partition, messages| PartitionLag { partition, messages };
        let telling = async {
            tell.send(Ok(vec![lag(0, 3), lag(1, 4)])).await.unwrap();
            until(&clock, || gauge.messages.get() == 7).await;
            let known = gauge.latest().unwrap();
            assert_eq!(known.at, OPENS_AT);
            assert_eq!(gauge.asked.get(), OPENS_AT.as_millis() / 1_000);
            tell.send(Err(StreamError::Unavailable("gone".to_owned()))).await.unwrap();
            until(&clock, || gauge.messages.get() == -1).await;
            assert_eq!((gauge.asked.get(), gauge.latest()), (0, None));
            tell.send(Ok(vec![lag(0, 0)])).await.unwrap();
            until(&clock, || gauge.messages.get() == 0).await;
            assert!(gauge.latest().unwrap().at >= OPENS_AT.after(ASK_EVERY));
            stopping.cancel();
        };
        tokio::join!(following, telling);
    }

    async fn until(clock: &ManualClock, is: impl Fn() -> bool) {
        while !is() {
            clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    }
}
