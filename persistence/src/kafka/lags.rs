//! How far behind a consumer is: what its group has committed, against the ends of the partitions.
//!
//! What a consumer's own client says of it is wrong after partitions have changed hands; the
//! brokers know. Whoever asks is in no group, so that asking moves no partition.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::metadata::MetadataTopic;
use rdkafka::{Offset, TopicPartitionList};
use tiketi_engine::ports::{PartitionLag, StreamError, StreamLags};

use super::client::{Ending, Log, settings};
use super::{KafkaConfig, KafkaStream, unavailable};

/// Asks; it has the name of a consumer's group, and is not in it.
pub(super) type Asker = Ending<BaseConsumer<Log>>;

#[async_trait]
impl StreamLags for KafkaStream {
    async fn lags(&self, consumer: &str) -> Result<Vec<PartitionLag>, StreamError> {
        let kept = self.shared.askers().remove(consumer);
        let (config, topic) = (self.shared.config.clone(), self.shared.topics.records.clone());
        let named = consumer.to_owned();
        let asking = move || -> Result<(Asker, Vec<PartitionLag>), KafkaError> {
            let asker = match kept {
                Some(asker) => asker,
                None => asker(&config, &named)?,
            };
            let lags = ask(&asker, &topic, config.timeout)?;
            Ok((asker, lags))
        };
        let asked = tokio::task::spawn_blocking(asking).await;
        let asked = asked.map_err(|error| StreamError::Unavailable(error.to_string()))?;
        // One that got no answer is not asked with again.
        let (asker, lags) = asked.map_err(|error| unavailable(&error))?;
        self.shared.askers().insert(consumer.to_owned(), asker);
        Ok(lags)
    }
}

fn asker(config: &KafkaConfig, consumer: &str) -> Result<Asker, KafkaError> {
    let mut settings = settings(config);
    settings
        .set("group.id", format!("{}.{consumer}", config.prefix))
        .set("enable.auto.commit", "false");
    Ok(Ending::new(BaseConsumer::from_config_and_context(&settings, Log)?))
}

/// First what is committed, then the ends: it may be behind by less, and not by more.
fn ask(asker: &Asker, topic: &str, within: Duration) -> Result<Vec<PartitionLag>, KafkaError> {
    let until = Instant::now() + within;
    let left = || until.saturating_duration_since(Instant::now());
    // Nothing comes; the client says what it has to log.
    drop(asker.poll(Duration::ZERO));
    let found = asker.fetch_metadata(Some(topic), left())?;
    let mut wanted = TopicPartitionList::new();
    for partition in found.topics().iter().flat_map(MetadataTopic::partitions) {
        wanted.add_partition(topic, partition.id());
    }
    let committed = asker.committed_offsets(wanted, left())?;
    let mut lags = Vec::new();
    for partition in committed.elements_for_topic(topic) {
        partition.error()?;
        let (oldest, end) = asker.fetch_watermarks(topic, partition.partition(), left())?;
        // A group that has committed nothing, or what is gone by now, begins with the oldest.
        let next = match partition.offset() {
            Offset::Offset(next) => next.max(oldest),
            Offset::Beginning
            | Offset::End
            | Offset::Stored
            | Offset::Invalid
            | Offset::OffsetTail(_) => oldest,
        };
        lags.push(PartitionLag {
            partition: u32::try_from(partition.partition()).unwrap_or_default(),
            messages: u64::try_from(end - next).unwrap_or_default(),
        });
    }
    Ok(lags)
}
