//! The record stream: order, redelivery, dead letters.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::domain::ids::{EventId, Seq};
use crate::ports::{DeadLetters, Delivery, Message, StreamReader, StreamReaders, StreamWriter};
use crate::trace::TraceParent;

/// Messages handed out at a time: small, so that what is published takes several turns.
const LIMIT: usize = 7;

/// [`StreamWriter`], [`StreamReaders`] and [`DeadLetters`] over one stream that nobody else uses.
/// Takes `event` and the one after it.
///
/// # Panics
/// If the adapter does not conform.
pub async fn stream<S: StreamWriter + StreamReaders + DeadLetters>(stream: &S, event: EventId) {
    let other = EventId::new(event.number() + 1);
    let mut reader = subscribe(stream, "suite").await;
    keeps_the_order_of_each_event(stream, &mut *reader, event, other).await;
    reader = hands_out_again_what_was_not_committed(stream, reader, event).await;
    hands_out_duplicates(stream, &mut *reader, event).await;
    buries_and_replays(stream, &mut *reader, event).await;
    gives_every_consumer_everything(stream, &mut *reader, other).await;
}

async fn subscribe<S: StreamReaders>(stream: &S, consumer: &str) -> Box<dyn StreamReader> {
    stream.subscribe(consumer).await.expect("subscribed")
}

/// A message whose payload is the same whenever it is made.
fn message(event: EventId, seq: u64) -> Message {
    let payload = Bytes::from(format!("{{\"event\":\"{event}\",\"seq\":{seq}}}"));
    Message { event, seq: Seq(seq), payload, trace: None }
}

fn messages(event: EventId, seqs: impl IntoIterator<Item = u64>) -> Vec<Message> {
    seqs.into_iter().map(|seq| message(event, seq)).collect()
}

/// Reads until so many have come.
async fn read(reader: &mut dyn StreamReader, count: usize) -> Vec<Delivery> {
    let mut read = Vec::new();
    while read.len() < count {
        let limit = LIMIT.min(count - read.len());
        let deliveries = reader.next(limit).await.expect("read");
        assert!((1..=limit).contains(&deliveries.len()), "something, and not too much");
        read.extend(deliveries);
    }
    read
}

async fn read_and_commit(reader: &mut dyn StreamReader, count: usize) -> Vec<Delivery> {
    let deliveries = read(reader, count).await;
    reader.commit().await.expect("committed");
    deliveries
}

/// What was delivered, as it was published.
fn published(deliveries: &[Delivery]) -> Vec<Message> {
    let message = |delivery: &Delivery| Message {
        event: delivery.event.expect("the event is told"),
        seq: delivery.seq.expect("the record is told"),
        payload: delivery.payload.clone(),
        trace: delivery.trace,
    };
    deliveries.iter().map(message).collect()
}

async fn keeps_the_order_of_each_event<S: StreamWriter>(
    stream: &S,
    reader: &mut dyn StreamReader,
    event: EventId,
    other: EventId,
) {
    // Numbers may skip: not every record is published.
    let (mut these, those) = (messages(event, (1..40).step_by(2)), messages(other, 1..=20));
    these[3].trace = Some(TraceParent { trace: 7, span: 9 });
    let (first, second, deliveries) = tokio::join!(
        stream.publish(these.clone()),
        stream.publish(those.clone()),
        read_and_commit(reader, these.len() + those.len()),
    );
    assert_eq!((first, second), (Ok(()), Ok(())));
    let got = published(&deliveries);
    let of = |event: EventId| -> Vec<Message> {
        got.iter().filter(|message| message.event == event).cloned().collect()
    };
    assert_eq!(of(event), these, "all of one event, in order");
    assert_eq!(of(other), those, "and of the other");
    let positions: BTreeSet<&str> = deliveries.iter().map(|d| d.position.as_str()).collect();
    assert_eq!(positions.len(), deliveries.len(), "a position names one delivery");
}

async fn hands_out_again_what_was_not_committed<S: StreamWriter + StreamReaders>(
    stream: &S,
    mut reader: Box<dyn StreamReader>,
    event: EventId,
) -> Box<dyn StreamReader> {
    let sent = messages(event, 101..=110);
    let restarts = async {
        let committed = read_and_commit(&mut *reader, 4).await;
        assert_eq!(published(&committed), sent[..4]);
        let lost = read(&mut *reader, 6).await;
        assert_eq!(published(&lost), sent[4..]);
        drop(reader);
        let mut next = subscribe(stream, "suite").await;
        let again = read_and_commit(&mut *next, 6).await;
        assert_eq!(again, lost, "the same deliveries, and none that was committed");
        next
    };
    let (sending, next) = tokio::join!(stream.publish(sent.clone()), restarts);
    assert_eq!(sending, Ok(()));
    drop(next);
    let mut next = subscribe(stream, "suite").await;
    let sent = messages(event, 111..=111);
    let (sending, deliveries) =
        tokio::join!(stream.publish(sent.clone()), read_and_commit(&mut *next, 1));
    assert_eq!(sending, Ok(()));
    assert_eq!(published(&deliveries), sent, "what was committed does not come again");
    next
}

async fn hands_out_duplicates<S: StreamWriter>(
    stream: &S,
    reader: &mut dyn StreamReader,
    event: EventId,
) {
    let sent = messages(event, [201, 202, 203]);
    let twice = async {
        stream.publish(sent.clone()).await.expect("published");
        stream.publish(sent.clone()).await.expect("published again");
    };
    let ((), deliveries) = tokio::join!(twice, async {
        let mut deliveries = read_and_commit(reader, 3).await;
        deliveries.extend(read_and_commit(reader, 3).await);
        deliveries
    });
    assert_eq!(published(&deliveries), [sent.clone(), sent].concat(), "byte for byte");
}

async fn buries_and_replays<S: StreamWriter + DeadLetters>(
    stream: &S,
    reader: &mut dyn StreamReader,
    event: EventId,
) {
    let sent = messages(event, [301, 302, 303]);
    let (sending, deliveries) = tokio::join!(stream.publish(sent.clone()), async {
        let deliveries = read(reader, 3).await;
        // The second time is a reader that died between burying and committing.
        for index in [1, 1, 2] {
            reader.bury(&deliveries[index], "it has no version").await.expect("buried");
        }
        reader.commit().await.expect("committed");
        deliveries
    });
    assert_eq!(sending, Ok(()));
    let letters = stream.list(9).await.expect("listed");
    let listed: Vec<_> = letters.iter().map(|letter| (letter.seq, letter.event)).collect();
    assert_eq!(listed, [(Some(Seq(302)), Some(event)), (Some(Seq(303)), Some(event))]);
    assert_eq!(letters[0].reason, "it has no version");
    assert_eq!(letters[0].payload, deliveries[1].payload);
    assert!(letters[0].buried_at.as_millis() > 0, "when is known");
    assert_ne!(letters[0].position, letters[1].position);
    assert_eq!(stream.list(1).await.expect("listed"), letters[..1], "the oldest first");

    let (replayed, again) = tokio::join!(stream.replay(&letters[1..]), read_and_commit(reader, 1));
    assert_eq!(replayed, Ok(()));
    assert_eq!(published(&again), sent[2..], "it is published as it was");
    assert_eq!(stream.list(9).await.expect("listed"), letters[..1], "and listed no more");
    let (replayed, _) = tokio::join!(stream.replay(&letters[..1]), read_and_commit(reader, 1));
    assert_eq!(replayed, Ok(()));
    assert_eq!(stream.list(9).await, Ok(Vec::new()));
}

async fn gives_every_consumer_everything<S: StreamWriter + StreamReaders>(
    stream: &S,
    reader: &mut dyn StreamReader,
    event: EventId,
) {
    let mut second = subscribe(stream, "another").await;
    let sent = messages(event, 401..=410);
    let (sending, deliveries, ()) =
        tokio::join!(stream.publish(sent.clone()), read_and_commit(reader, 10), async {
            let mut rest = sent.as_slice();
            while !rest.is_empty() {
                // A stream that keeps its history hands that out first.
                let got = published(&read_and_commit(&mut *second, 1).await);
                if got[0].event == event && got[0].seq >= Seq(401) {
                    assert_eq!(got[0], rest[0], "in order here too");
                    rest = &rest[1..];
                }
            }
        });
    assert_eq!(sending, Ok(()));
    assert_eq!(published(&deliveries), sent);
}
