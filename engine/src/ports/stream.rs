//! The stream of records: what others than the sale learn of it, in order, at least once.
//!
//! A relay publishes, consumers read. Each consumer gets everything, in the order of each event; a
//! message that was published twice comes twice, with the same bytes. What a consumer cannot read
//! it buries: that message waits among the dead letters, and the ones behind it go on.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{EventId, Seq};
use crate::domain::time::Timestamp;
use crate::trace::TraceParent;

/// One record on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Whose; messages of one event keep their order.
    pub event: EventId,
    /// Which record of its journal. Not every record is published: numbers may skip.
    pub seq: Seq,
    /// The record, for others to read.
    pub payload: Bytes,
    /// The span that publishes it, if that is traced.
    pub trace: Option<TraceParent>,
}

/// Publishes messages.
#[async_trait]
pub trait StreamWriter: Send + Sync + 'static {
    /// Publishes messages, those of one event in order; the stream has all when this returns.
    ///
    /// After an error, or when the future is dropped, it may have some: of each event the first so
    /// many, without a gap. Publishing all of them again is right then.
    ///
    /// # Errors
    /// [`StreamError`].
    async fn publish(&self, messages: Vec<Message>) -> Result<(), StreamError>;
}

/// Lets consumers read.
#[async_trait]
pub trait StreamReaders: Send + Sync + 'static {
    /// Reads on where this consumer has committed; from the oldest message if it never has. A
    /// consumer is known by its name, in lower-case letters.
    ///
    /// # Errors
    /// [`StreamError`].
    async fn subscribe(&self, consumer: &str) -> Result<Box<dyn StreamReader>, StreamError>;
}

/// One reader of a consumer. Dropping it leaves what was not committed to the next.
#[async_trait]
pub trait StreamReader: Send + 'static {
    /// What comes next: waits until there is something, and hands out at most `limit`.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`StreamError`]; asking again is right.
    async fn next(&mut self, limit: usize) -> Result<Vec<Delivery>, StreamError>;

    /// Everything that was handed out has taken effect: it does not come again.
    ///
    /// # Errors
    /// [`StreamError`]: it may come again.
    async fn commit(&mut self) -> Result<(), StreamError>;

    /// Puts a delivery that cannot be read among the dead letters. It is committed with the others.
    ///
    /// # Errors
    /// [`StreamError`]: it is not there, or may not be.
    async fn bury(&mut self, delivery: &Delivery, reason: &str) -> Result<(), StreamError>;
}

/// Says how far behind consumers are.
#[async_trait]
pub trait StreamLags: Send + Sync + 'static {
    /// What is there for a consumer and not committed by any of its readers, by partition.
    ///
    /// # Errors
    /// [`StreamError`]: it is not known.
    async fn lags(&self, consumer: &str) -> Result<Vec<PartitionLag>, StreamError>;
}

/// What waits for a consumer in one partition of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionLag {
    /// Which: 0, 1, 2 …
    pub partition: u32,
    /// Messages.
    pub messages: u64,
}

/// A message as it was received. Whoever else can write to the stream may have sent anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where in the stream it is: tells it from every other.
    pub position: String,
    /// The event it was sent for, if it says so.
    pub event: Option<EventId>,
    /// Which record it says it is.
    pub seq: Option<Seq>,
    /// What it holds.
    pub payload: Bytes,
    /// The span that published it, if it says so.
    pub trace: Option<TraceParent>,
}

/// Keeps what could not be read until somebody looks.
#[async_trait]
pub trait DeadLetters: Send + Sync + 'static {
    /// Those that have not been replayed, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StreamError`].
    async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, StreamError>;

    /// Publishes letters to the stream again, for every consumer, and lists them no more.
    ///
    /// # Errors
    /// [`StreamError`]: those before the first that failed are replayed.
    async fn replay(&self, letters: &[DeadLetter]) -> Result<(), StreamError>;
}

/// A delivery that was buried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Names it: the consumer and the delivery's position. Burying it twice is burying it once.
    pub position: String,
    /// The event it was sent for, if it said so.
    pub event: Option<EventId>,
    /// Which record it said it is.
    pub seq: Option<Seq>,
    /// Why it could not be read.
    pub reason: String,
    /// When it was buried.
    pub buried_at: Timestamp,
    /// What it holds.
    pub payload: Bytes,
}

impl DeadLetter {
    /// The message that it was.
    ///
    /// # Errors
    /// [`StreamError::Refused`] if it does not say of which event and record: whoever sent it was
    /// no relay.
    pub fn message(&self) -> Result<Message, StreamError> {
        let (Some(event), Some(seq)) = (self.event, self.seq) else {
            return Err(StreamError::Refused(format!("{} names no record", self.position)));
        };
        Ok(Message { event, seq, payload: self.payload.clone(), trace: None })
    }
}

/// Why the stream did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// It cannot be reached, or did not answer in time; asking again later may help.
    #[error("stream unavailable: {0}")]
    Unavailable(String),
    /// It will not take this message, however often it is sent.
    #[error("stream refuses a message: {0}")]
    Refused(String),
    /// Another reader of the same consumer has taken its place.
    #[error("another reader has taken over")]
    TakenOver,
}
