//! Consuming: one group for each consumer, committed after the effect.

use std::collections::BTreeMap;
use std::str;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::FutureExt as _;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::{Offset, TopicPartitionList};
use tiketi_engine::domain::ids::Seq;
use tiketi_engine::ports::{Delivery, StreamError, StreamReader};

use super::client::{Ending, Log, settings};
use super::writer::{Outgoing, TRACE_PARENT};
use super::{Shared, unavailable};

/// What a consumer keeps for later, in kilobytes.
const AHEAD_KBYTES: &str = "16384";
/// The longest reason kept of a dead letter, in characters.
const REASON_MAX: usize = 500;

/// One member of a consumer's group.
pub(super) struct KafkaReader {
    shared: Arc<Shared>,
    consumer: String,
    client: Arc<Ending<StreamConsumer<Log>>>,
    /// By partition, what comes after the last delivery.
    handed_out: BTreeMap<i32, i64>,
}

impl KafkaReader {
    pub(super) fn subscribe(shared: Arc<Shared>, consumer: &str) -> Result<Self, KafkaError> {
        let mut settings = settings(&shared.config);
        settings
            .set("group.id", format!("{}.{consumer}", shared.config.prefix))
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("session.timeout.ms", "10000")
            .set("fetch.wait.max.ms", "100")
            .set("queued.max.messages.kbytes", AHEAD_KBYTES);
        let client = StreamConsumer::from_config_and_context(&settings, Log)?;
        client.subscribe(&[&shared.topics.records])?;
        let (client, handed_out) = (Arc::new(Ending::new(client)), BTreeMap::new());
        Ok(Self { shared, consumer: consumer.to_owned(), client, handed_out })
    }
}

#[async_trait]
impl StreamReader for KafkaReader {
    async fn next(&mut self, limit: usize) -> Result<Vec<Delivery>, StreamError> {
        let first = self.client.recv().await.map_err(|error| unavailable(&error))?;
        let mut deliveries = vec![deliver(&first, &mut self.handed_out)];
        // From here on there is no await: what was taken from the client is handed out.
        while deliveries.len() < limit {
            match self.client.recv().now_or_never() {
                Some(Ok(message)) => deliveries.push(deliver(&message, &mut self.handed_out)),
                // If it lasts, the next call says so.
                Some(Err(error)) => tracing::debug!(%error, "kafka client"),
                None => break,
            }
        }
        Ok(deliveries)
    }

    async fn commit(&mut self) -> Result<(), StreamError> {
        if self.handed_out.is_empty() {
            return Ok(());
        }
        let mut offsets = TopicPartitionList::new();
        for (&partition, &next) in &self.handed_out {
            offsets
                .add_partition_offset(&self.shared.topics.records, partition, Offset::Offset(next))
                .map_err(|error| unavailable(&error))?;
        }
        let client = Arc::clone(&self.client);
        let commit = move || client.commit(&offsets, CommitMode::Sync);
        let committed =
            tokio::time::timeout(self.shared.config.timeout, tokio::task::spawn_blocking(commit));
        match committed.await {
            Ok(Ok(Ok(()))) => {
                self.handed_out.clear();
                Ok(())
            }
            Ok(Ok(Err(error))) => Err(unavailable(&error)),
            Ok(Err(_)) => Err(unavailable(&KafkaError::Canceled)),
            Err(_) => Err(StreamError::Unavailable("no answer to a commit".to_owned())),
        }
    }

    async fn bury(&mut self, delivery: &Delivery, reason: &str) -> Result<(), StreamError> {
        let mut headers = vec![("reason", reason.chars().take(REASON_MAX).collect())];
        headers.extend(delivery.event.map(|event| ("event", event.to_string())));
        headers.extend(delivery.seq.map(|seq| ("seq", seq.to_string())));
        let letter = Outgoing {
            topic: self.shared.topics.dead.clone(),
            key: format!("{}/{}", self.consumer, delivery.position),
            headers,
            payload: Some(delivery.payload.clone()),
        };
        self.shared.producers.send(&[letter]).await
    }
}

fn deliver(message: &BorrowedMessage<'_>, handed_out: &mut BTreeMap<i32, i64>) -> Delivery {
    handed_out.insert(message.partition(), message.offset() + 1);
    let key = message.key().and_then(|key| str::from_utf8(key).ok());
    Delivery {
        position: format!("{}/{}", message.partition(), message.offset()),
        event: key.and_then(|key| key.parse().ok()),
        seq: header(message, "seq").and_then(|seq| seq.parse().ok()).map(Seq),
        payload: Bytes::copy_from_slice(message.payload().unwrap_or_default()),
        trace: header(message, TRACE_PARENT).and_then(|trace| trace.parse().ok()),
    }
}

/// A header's text.
pub(super) fn header<'a>(message: &'a BorrowedMessage<'_>, name: &str) -> Option<&'a str> {
    let headers = message.headers()?;
    let found = headers.iter().find(|header| header.key == name)?;
    str::from_utf8(found.value?).ok()
}
