//! Producing: in order, without a gap, acknowledged by every copy that is in sync.
//!
//! The idempotent producer keeps each partition's order and drops its own duplicates. What it must
//! not do is give one message up and deliver the next. So it never gives up by itself; this module
//! does, for all that is on its way at once, and goes on with a new producer: of what the old one
//! was given each event's first so many may arrive, and nothing behind a gap.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _, PurgeConfig};
use tiketi_engine::ports::{Message, StreamError};

use super::client::{Ending, Log, settings};
use super::topics::MESSAGE_BYTES_MAX;
use super::{KafkaConfig, unavailable};

/// How long to wait for room when others have filled the producer's queue.
const ROOM_RETRY: Duration = Duration::from_millis(20);

/// The header that names the span that publishes (W3C Trace Context).
pub(super) const TRACE_PARENT: &str = "traceparent";

/// A message on its way to a topic.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) topic: String,
    pub(super) key: String,
    pub(super) headers: Vec<(&'static str, String)>,
    /// None takes what was there under the key away.
    pub(super) payload: Option<Bytes>,
}

impl Outgoing {
    /// A record for everybody.
    pub(super) fn record(topic: &str, message: Message) -> Self {
        let mut headers = vec![("seq", message.seq.to_string())];
        headers.extend(message.trace.map(|trace| (TRACE_PARENT, trace.to_string())));
        Self {
            topic: topic.to_owned(),
            key: message.event.to_string(),
            headers,
            payload: Some(message.payload),
        }
    }

    fn as_record(&self) -> FutureRecord<'_, str, [u8]> {
        let mut headers = OwnedHeaders::new_with_capacity(self.headers.len());
        for (key, value) in &self.headers {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        let record = FutureRecord::to(&self.topic).key(self.key.as_str()).headers(headers);
        match &self.payload {
            Some(payload) => record.payload(payload),
            None => record,
        }
    }
}

/// The producer in use, replaced when it fails.
pub(super) struct Producers {
    settings: ClientConfig,
    timeout: Duration,
    current: Mutex<Arc<Producer>>,
}

struct Producer {
    client: Ending<FutureProducer<Log>>,
    /// Once it is given up nothing more may be sent with it: that would be behind a gap.
    given_up: Mutex<bool>,
}

impl Producer {
    fn start(settings: &ClientConfig) -> Result<Arc<Self>, KafkaError> {
        let client = Ending::new(FutureProducer::from_config_and_context(settings, Log)?);
        Ok(Arc::new(Self { client, given_up: Mutex::default() }))
    }

    /// Puts a message into the queue; never waits.
    fn enqueue(&self, message: &Outgoing) -> Result<DeliveryFuture, KafkaError> {
        let given_up = lock(&self.given_up);
        if *given_up {
            return Err(KafkaError::Canceled);
        }
        self.client.send_result(message.as_record()).map_err(|(error, _)| error)
    }

    fn give_up(&self) {
        *lock(&self.given_up) = true;
        self.client.purge(PurgeConfig::default().queue().inflight());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Producers {
    pub(super) fn new(config: &KafkaConfig) -> Result<Self, KafkaError> {
        let mut settings = settings(config);
        settings
            .set("enable.idempotence", "true")
            .set("enable.gapless.guarantee", "true")
            .set("acks", "all")
            // Never: see the module.
            .set("message.timeout.ms", "0")
            .set("linger.ms", "5")
            .set("compression.type", "lz4")
            .set("message.max.bytes", MESSAGE_BYTES_MAX)
            .set("queue.buffering.max.kbytes", "65536")
            // As the other clients do, so that all put an event into the same partition.
            .set("partitioner", "murmur2_random");
        let current = Mutex::new(Producer::start(&settings)?);
        Ok(Self { settings, timeout: config.timeout, current })
    }

    /// Sends messages in order; all are acknowledged when this returns.
    pub(super) async fn send(&self, messages: &[Outgoing]) -> Result<(), StreamError> {
        let producer = Arc::clone(&lock(&self.current));
        let on_their_way = VecDeque::with_capacity(messages.len());
        let batch = Batch { producer: &producer, timeout: self.timeout, on_their_way };
        let sent = batch.send(messages).await;
        if sent.is_err() {
            self.replace(&producer);
        }
        sent
    }

    /// Gives up whatever a producer has on its way, unless somebody has already.
    fn replace(&self, failed: &Arc<Producer>) {
        let mut current = lock(&self.current);
        if !Arc::ptr_eq(&current, failed) {
            return;
        }
        match Producer::start(&self.settings) {
            Ok(fresh) => *current = fresh,
            Err(error) => return tracing::error!(%error, "no new producer for Kafka"),
        }
        drop(current);
        failed.give_up();
    }
}

/// Messages that are sent together.
struct Batch<'a> {
    producer: &'a Producer,
    timeout: Duration,
    on_their_way: VecDeque<DeliveryFuture>,
}

impl Batch<'_> {
    async fn send(mut self, messages: &[Outgoing]) -> Result<(), StreamError> {
        for message in messages {
            self.enqueue(message).await?;
        }
        while let Some(delivery) = self.on_their_way.pop_front() {
            self.acknowledged(delivery).await?;
        }
        Ok(())
    }

    /// Puts a message into the producer's queue, once there is room.
    async fn enqueue(&mut self, message: &Outgoing) -> Result<(), StreamError> {
        let until = Instant::now() + self.timeout;
        while Instant::now() < until {
            match self.producer.enqueue(message) {
                Ok(delivery) => {
                    self.on_their_way.push_back(delivery);
                    return Ok(());
                }
                Err(KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull)) => {
                    match self.on_their_way.pop_front() {
                        Some(first) => self.acknowledged(first).await?,
                        None => tokio::time::sleep(ROOM_RETRY).await,
                    }
                }
                Err(error) => return Err(refused_or_unavailable(&error)),
            }
        }
        Err(self.late())
    }

    async fn acknowledged(&self, delivery: DeliveryFuture) -> Result<(), StreamError> {
        match tokio::time::timeout(self.timeout, delivery).await {
            Ok(Ok(Ok(_))) => Ok(()),
            Ok(Ok(Err((error, _)))) => Err(refused_or_unavailable(&error)),
            Ok(Err(_)) => Err(unavailable(&KafkaError::Canceled)),
            Err(_) => Err(self.late()),
        }
    }

    fn late(&self) -> StreamError {
        StreamError::Unavailable(format!("no answer within {:?}", self.timeout))
    }
}

fn refused_or_unavailable(error: &KafkaError) -> StreamError {
    match error.rdkafka_error_code() {
        Some(
            RDKafkaErrorCode::MessageSizeTooLarge
            | RDKafkaErrorCode::InvalidRecord
            | RDKafkaErrorCode::TopicAuthorizationFailed
            | RDKafkaErrorCode::PolicyViolation,
        ) => StreamError::Refused(error.to_string()),
        _ => unavailable(error),
    }
}
