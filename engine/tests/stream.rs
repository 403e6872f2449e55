//! The record stream of a single process.
#![cfg(test)]

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{
    Message, StreamError, StreamLags as _, StreamReaders as _, StreamWriter as _,
};
use tiketi_engine::stream::LocalStream;
use tiketi_engine::testing::conformance;
use tiketi_engine::testing::memory::ManualClock;
use tiketi_engine::testing::sample::OPENS_AT;

const EVENT: EventId = EventId::new(9);

fn stream() -> LocalStream {
    LocalStream::new(Arc::new(ManualClock::at(OPENS_AT)))
}

fn messages(count: u64) -> Vec<Message> {
    let message = |seq| Message {
        event: EVENT,
        seq: Seq(seq),
        payload: Bytes::from_static(b"{}"),
        trace: None,
    };
    (1..=count).map(message).collect()
}

/// Messages that a consumer has not committed.
async fn lag(stream: &LocalStream, consumer: &str) -> u64 {
    stream.lags(consumer).await.unwrap().iter().map(|lag| lag.messages).sum()
}

/// Gives a future a turn; whether it waits.
async fn waits<F: Future>(future: &mut Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

#[tokio::test]
async fn it_conforms() {
    conformance::stream(&stream(), EventId::new(100)).await;
}

#[tokio::test]
async fn publishing_returns_when_every_consumer_has_committed() {
    const CONSUMERS: [&str; 2] = ["one", "two"];
    let stream = stream();
    let mut readers = Vec::new();
    for name in CONSUMERS {
        readers.push(stream.subscribe(name).await.unwrap());
    }
    let mut publishing = pin!(stream.publish(messages(3)));
    assert!(waits(&mut publishing).await);
    for (reader, name) in readers.iter_mut().zip(CONSUMERS) {
        assert_eq!(lag(&stream, name).await, 3);
        assert_eq!(reader.next(9).await.unwrap().len(), 3);
        assert!(waits(&mut publishing).await, "read is not committed");
        assert_eq!(lag(&stream, name).await, 3);
    }
    readers[0].commit().await.unwrap();
    assert!(waits(&mut publishing).await, "one of two");
    readers[1].commit().await.unwrap();
    assert_eq!(publishing.await, Ok(()));
    assert_eq!([lag(&stream, "one").await, lag(&stream, "two").await], [0; 2]);
    assert_eq!(stream.lags("three").await, Ok(Vec::new()), "nothing waits for nobody");
}

#[tokio::test]
async fn publishing_to_nobody_returns_at_once() {
    assert_eq!(stream().publish(messages(3)).await, Ok(()));
}

#[tokio::test]
async fn a_slow_consumer_makes_the_publisher_wait_and_does_not_fill_memory() {
    let stream = stream();
    let mut reader = stream.subscribe("slow").await.unwrap();
    let mut publishing = pin!(stream.publish(messages(10_000)));
    assert!(waits(&mut publishing).await);
    let (mut read, mut most) = (0, 0);
    while read < 10_000 {
        let deliveries = reader.next(usize::MAX).await.unwrap().len();
        (read, most) = (read + deliveries, most.max(deliveries));
        reader.commit().await.unwrap();
        assert_eq!(waits(&mut publishing).await, read < 10_000, "each turn fills what was freed");
    }
    assert_eq!((read, most), (10_000, 4_096), "no more than this waits");
}

#[tokio::test]
async fn a_reader_that_was_replaced_can_neither_read_nor_commit() {
    let stream = stream();
    let mut old = stream.subscribe("one").await.unwrap();
    let mut publishing = pin!(stream.publish(messages(2)));
    assert!(waits(&mut publishing).await);
    let delivery = old.next(1).await.unwrap().remove(0);
    let mut new = stream.subscribe("one").await.unwrap();
    assert_eq!(old.next(1).await, Err(StreamError::TakenOver));
    assert_eq!(old.commit().await, Err(StreamError::TakenOver));
    assert_eq!(old.bury(&delivery, "why not").await, Err(StreamError::TakenOver));
    assert_eq!(new.next(9).await.unwrap().len(), 2, "from where the old one had committed");
}
