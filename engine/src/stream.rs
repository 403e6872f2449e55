//! The record stream within one process: nothing to start, nothing on disk.
//!
//! It keeps no history. A message is there until every consumer has committed it, and only then
//! does publishing it return: a relay that moves its position on afterwards loses nothing when the
//! process dies, because what was not committed is published again. A consumer that subscribes for
//! the first time reads from then on. Dead letters are kept in memory, the newest so many: the
//! journal has what is in them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::ports::{
    Clock, DeadLetter, DeadLetters, Delivery, Message, PartitionLag, StreamError, StreamLags,
    StreamReader, StreamReaders, StreamWriter,
};

/// Messages that may wait for a consumer; publishing waits for room beyond that.
const WAITING_MAX: usize = 4_096;
/// Dead letters kept; the oldest go first.
const DEAD_MAX: usize = 1_000;

/// See the module. Clones are the same stream.
#[derive(Clone)]
pub struct LocalStream {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Told after every change of the state.
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    /// Of the last message.
    position: u64,
    consumers: BTreeMap<String, Consumer>,
    dead: VecDeque<DeadLetter>,
}

#[derive(Default)]
struct Consumer {
    /// Counts its readers: only the newest may read.
    reader: u64,
    /// What it has not committed, oldest first.
    waiting: VecDeque<Waiting>,
    /// How many of these its reader has been given.
    handed_out: usize,
}

struct Waiting {
    position: u64,
    message: Message,
}

impl fmt::Debug for LocalStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStream").finish_non_exhaustive()
    }
}

impl LocalStream {
    /// A stream without consumers; the clock dates dead letters.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let (state, changed) = (Mutex::default(), watch::Sender::new(()));
        Self { shared: Arc::new(Shared { clock, state, changed }) }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the state gives an answer.
    async fn until<T>(&self, mut ask: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut changed = self.changed.subscribe();
        loop {
            if let Some(answer) = ask(&mut self.state()) {
                return answer;
            }
            // The sender is in `self`: it outlives whoever waits.
            drop(changed.changed().await);
        }
    }

    fn tell(&self) {
        self.changed.send_replace(());
    }
}

impl State {
    /// How many messages more every consumer can take.
    fn room(&self) -> usize {
        let longest = self.consumers.values().map(|consumer| consumer.waiting.len()).max();
        WAITING_MAX.saturating_sub(longest.unwrap_or(0))
    }

    /// Gives messages to every consumer; the position of the last.
    fn add(&mut self, messages: &[Message]) -> u64 {
        for message in messages {
            self.position += 1;
            for consumer in self.consumers.values_mut() {
                let (position, message) = (self.position, message.clone());
                consumer.waiting.push_back(Waiting { position, message });
            }
        }
        self.position
    }

    fn committed(&self, position: u64) -> bool {
        let oldest = |consumer: &Consumer| consumer.waiting.front().map(|first| first.position);
        self.consumers.values().filter_map(oldest).all(|waiting| waiting > position)
    }

    fn bury(&mut self, letter: DeadLetter) {
        if self.dead.iter().any(|other| other.position == letter.position) {
            return;
        }
        if self.dead.len() == DEAD_MAX {
            self.dead.pop_front();
        }
        self.dead.push_back(letter);
    }
}

#[async_trait]
impl StreamWriter for LocalStream {
    async fn publish(&self, messages: Vec<Message>) -> Result<(), StreamError> {
        let (mut rest, mut last) = (&messages[..], 0);
        while !rest.is_empty() {
            let fits = |state: &mut State| match state.room().min(rest.len()) {
                0 => None,
                room => Some((state.add(&rest[..room]), room)),
            };
            let (position, added) = self.shared.until(fits).await;
            self.shared.tell();
            (rest, last) = (&rest[added..], position);
        }
        self.shared.until(|state| state.committed(last).then_some(())).await;
        Ok(())
    }
}

#[async_trait]
impl StreamReaders for LocalStream {
    async fn subscribe(&self, consumer: &str) -> Result<Box<dyn StreamReader>, StreamError> {
        let number = {
            let mut state = self.shared.state();
            let kept = state.consumers.entry(consumer.to_owned()).or_default();
            kept.reader += 1;
            kept.handed_out = 0;
            kept.reader
        };
        self.shared.tell();
        let shared = Arc::clone(&self.shared);
        Ok(Box::new(LocalReader { shared, consumer: consumer.to_owned(), number }))
    }
}

struct LocalReader {
    shared: Arc<Shared>,
    consumer: String,
    number: u64,
}

impl LocalReader {
    /// Its consumer, unless another reader has taken over.
    fn of<'a>(&self, state: &'a mut State) -> Result<&'a mut Consumer, StreamError> {
        let consumer = state.consumers.get_mut(&self.consumer);
        consumer.filter(|consumer| consumer.reader == self.number).ok_or(StreamError::TakenOver)
    }
}

#[async_trait]
impl StreamReader for LocalReader {
    async fn next(&mut self, limit: usize) -> Result<Vec<Delivery>, StreamError> {
        let hand_out = |state: &mut State| {
            let consumer = match self.of(state) {
                Ok(consumer) => consumer,
                Err(error) => return Some(Err(error)),
            };
            let fresh = consumer.waiting.range(consumer.handed_out..).take(limit);
            let deliveries: Vec<Delivery> = fresh.map(Waiting::deliver).collect();
            consumer.handed_out += deliveries.len();
            (!deliveries.is_empty()).then_some(Ok(deliveries))
        };
        self.shared.until(hand_out).await
    }

    async fn commit(&mut self) -> Result<(), StreamError> {
        {
            let mut state = self.shared.state();
            let consumer = self.of(&mut state)?;
            consumer.waiting.drain(..consumer.handed_out);
            consumer.handed_out = 0;
        }
        self.shared.tell();
        Ok(())
    }

    async fn bury(&mut self, delivery: &Delivery, reason: &str) -> Result<(), StreamError> {
        let mut state = self.shared.state();
        self.of(&mut state)?;
        state.bury(DeadLetter {
            position: format!("{}/{}", self.consumer, delivery.position),
            event: delivery.event,
            seq: delivery.seq,
            reason: reason.to_owned(),
            buried_at: self.shared.clock.now(),
            payload: delivery.payload.clone(),
        });
        Ok(())
    }
}

#[async_trait]
impl StreamLags for LocalStream {
    /// One partition, of what was published since the consumer first subscribed.
    async fn lags(&self, consumer: &str) -> Result<Vec<PartitionLag>, StreamError> {
        let state = self.shared.state();
        let lag = |consumer: &Consumer| PartitionLag {
            partition: 0,
            messages: consumer.waiting.len() as u64,
        };
        Ok(state.consumers.get(consumer).map(lag).into_iter().collect())
    }
}

impl Waiting {
    fn deliver(&self) -> Delivery {
        Delivery {
            position: self.position.to_string(),
            event: Some(self.message.event),
            seq: Some(self.message.seq),
            payload: self.message.payload.clone(),
            trace: self.message.trace,
        }
    }
}

#[async_trait]
impl DeadLetters for LocalStream {
    async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, StreamError> {
        Ok(self.shared.state().dead.iter().take(limit).cloned().collect())
    }

    async fn replay(&self, letters: &[DeadLetter]) -> Result<(), StreamError> {
        for letter in letters {
            self.publish(vec![letter.message()?]).await?;
            self.shared.state().dead.retain(|other| other.position != letter.position);
        }
        Ok(())
    }
}
