//! Dead letters: what is in their topic and has not been taken away since.

use std::str;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use indexmap::IndexMap;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::{Offset, TopicPartitionList};
use tiketi_engine::domain::ids::Seq;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{DeadLetter, DeadLetters, StreamError};

use super::client::{Log, settings};
use super::reader::header;
use super::writer::Outgoing;
use super::{KafkaConfig, KafkaStream, unavailable};

/// How long to wait for a message before looking whether time is up.
const POLL: Duration = Duration::from_millis(100);

#[async_trait]
impl DeadLetters for KafkaStream {
    async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, StreamError> {
        let (config, topic) = (self.shared.config.clone(), self.shared.topics.dead.clone());
        let read = tokio::task::spawn_blocking(move || read_all(&config, &topic)).await;
        let mut letters =
            read.map_err(|error| StreamError::Unavailable(error.to_string()))??.into_values();
        Ok(letters.by_ref().take(limit).collect())
    }

    async fn replay(&self, letters: &[DeadLetter]) -> Result<(), StreamError> {
        let topics = &self.shared.topics;
        for letter in letters {
            let again = Outgoing::record(&topics.records, letter.message()?);
            self.shared.producers.send(&[again]).await?;
            let taken_away = Outgoing {
                topic: topics.dead.clone(),
                key: letter.position.clone(),
                headers: Vec::new(),
                payload: None,
            };
            self.shared.producers.send(&[taken_away]).await?;
        }
        Ok(())
    }
}

/// Every letter by position, in the order in which they were buried last.
fn read_all(
    config: &KafkaConfig,
    topic: &str,
) -> Result<IndexMap<String, DeadLetter>, StreamError> {
    let client = reader(config, topic).map_err(|error| unavailable(&error))?;
    let mut letters = IndexMap::new();
    // An answer within the time limit moves it: a long list is no reason to give up.
    let mut until = Instant::now() + config.timeout;
    while Instant::now() < until {
        match client.poll(POLL) {
            None => {}
            Some(Err(KafkaError::PartitionEOF(_))) => return Ok(letters),
            // The client goes on trying.
            Some(Err(error)) => tracing::debug!(%error, "kafka client"),
            Some(Ok(message)) => {
                until = Instant::now() + config.timeout;
                take_in(&mut letters, &message);
            }
        }
    }
    Err(StreamError::Unavailable(format!("no answer within {:?}", config.timeout)))
}

/// A client at the beginning of the only partition; it belongs to no group and commits nothing.
fn reader(config: &KafkaConfig, topic: &str) -> Result<BaseConsumer<Log>, KafkaError> {
    let mut settings = settings(config);
    settings
        .set("group.id", format!("{}.dead-letters", config.prefix))
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true");
    let client = BaseConsumer::from_config_and_context(&settings, Log)?;
    let mut from = TopicPartitionList::new();
    from.add_partition_offset(topic, 0, Offset::Beginning)?;
    client.assign(&from)?;
    Ok(client)
}

fn take_in(letters: &mut IndexMap<String, DeadLetter>, message: &BorrowedMessage<'_>) {
    let key = message.key().and_then(|key| str::from_utf8(key).ok());
    let Some(position) = key else { return };
    letters.shift_remove(position);
    let Some(payload) = message.payload() else { return };
    let letter = DeadLetter {
        position: position.to_owned(),
        event: header(message, "event").and_then(|event| event.parse().ok()),
        seq: header(message, "seq").and_then(|seq| seq.parse().ok()).map(Seq),
        reason: header(message, "reason").unwrap_or_default().to_owned(),
        buried_at: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or(0)),
        payload: Bytes::copy_from_slice(payload),
    };
    letters.insert(position.to_owned(), letter);
}
