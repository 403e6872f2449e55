//! The record stream on Apache Kafka.
//!
//! Messages go to the topic `<prefix>.records` under the event's id as key, so that one event is in
//! one partition, in order. What a consumer cannot read goes to `<prefix>.records.dead`, a
//! compacted topic with the letter's position as key: burying twice leaves one letter, and an empty
//! message in its place takes it off the list. Brokers are spoken to in plain text: they belong on
//! a network that nobody else is on.

mod client;
mod dead;
mod lags;
mod reader;
mod topics;
mod writer;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rdkafka::error::KafkaError;
use tiketi_engine::ports::{Message, StreamError, StreamReader, StreamReaders, StreamWriter};

use self::lags::Asker;
use self::reader::KafkaReader;
use self::topics::Topics;
use self::writer::{Outgoing, Producers};

/// How to reach Kafka, and what to keep there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaConfig {
    /// `host:port` of some brokers; they tell of the others.
    pub brokers: Vec<String>,
    /// What the names of topics and consumer groups begin with.
    pub prefix: String,
    /// What this process is called in the brokers' logs.
    pub client_id: String,
    /// Partitions of the topic if it has to be made. Adding some later breaks the order of events
    /// that are on sale.
    pub partitions: u16,
    /// Copies of each partition if the topics have to be made: of three or more, two must have a
    /// message before it counts.
    pub replication: u16,
    /// How long messages are kept if the topic has to be made.
    pub retention: Duration,
    /// How long Kafka may take to answer.
    pub timeout: Duration,
}

impl Default for KafkaConfig {
    fn default() -> Self {
        Self {
            brokers: Vec::new(),
            prefix: "tiketi".to_owned(),
            client_id: "tiketi".to_owned(),
            partitions: 12,
            replication: 1,
            retention: Duration::from_hours(30 * 24),
            timeout: Duration::from_secs(10),
        }
    }
}

/// Why the stream cannot be opened: a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenStreamError {
    /// No broker answered.
    #[error(
        "cannot reach Kafka at {brokers}: {source}; start a broker there, or name others that run"
    )]
    Unreachable {
        /// The brokers that were asked.
        brokers: String,
        /// What the last of them said.
        source: KafkaError,
    },
    /// A setting is not one that the client takes.
    #[error("the client for Kafka does not take its settings: {0}")]
    Settings(#[source] KafkaError),
    /// A topic is not there and cannot be made.
    #[error(
        "cannot make the topic {topic}: {reason}; make it yourself, or choose partitions and \
         replication that the brokers allow"
    )]
    Topic {
        /// Which.
        topic: String,
        /// What the broker said.
        reason: String,
    },
}

/// The stream on Kafka. Clones are the same.
#[derive(Clone)]
pub struct KafkaStream {
    shared: Arc<Shared>,
}

struct Shared {
    config: KafkaConfig,
    topics: Topics,
    producers: Producers,
    /// By consumer, kept from one question to the next.
    askers: Mutex<BTreeMap<String, Asker>>,
}

impl Shared {
    fn askers(&self) -> MutexGuard<'_, BTreeMap<String, Asker>> {
        self.askers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KafkaStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaStream").field("config", &self.shared.config).finish_non_exhaustive()
    }
}

impl KafkaStream {
    /// Finds the brokers and makes the topics that are missing.
    ///
    /// # Errors
    /// [`OpenStreamError`].
    pub async fn open(config: KafkaConfig) -> Result<Self, OpenStreamError> {
        let topics = Topics::of(&config);
        topics.ensure(&config).await?;
        let producers = Producers::new(&config).map_err(OpenStreamError::Settings)?;
        let askers = Mutex::default();
        Ok(Self { shared: Arc::new(Shared { config, topics, producers, askers }) })
    }
}

#[async_trait]
impl StreamWriter for KafkaStream {
    async fn publish(&self, messages: Vec<Message>) -> Result<(), StreamError> {
        let topic = &self.shared.topics.records;
        let outgoing: Vec<Outgoing> =
            messages.into_iter().map(|message| Outgoing::record(topic, message)).collect();
        self.shared.producers.send(&outgoing).await
    }
}

#[async_trait]
impl StreamReaders for KafkaStream {
    async fn subscribe(&self, consumer: &str) -> Result<Box<dyn StreamReader>, StreamError> {
        let reader = KafkaReader::subscribe(Arc::clone(&self.shared), consumer);
        Ok(Box::new(reader.map_err(|error| unavailable(&error))?))
    }
}

fn unavailable(error: &KafkaError) -> StreamError {
    StreamError::Unavailable(error.to_string())
}
