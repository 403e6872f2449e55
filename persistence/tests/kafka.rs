//! The record stream on a real Kafka, under the suite that every stream passes.
#![cfg(test)]

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::BuildHasher as _;
use std::time::Duration;

use bytes::Bytes;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{
    DeadLetters as _, Message, StreamError, StreamLags as _, StreamReader, StreamReaders as _,
    StreamWriter as _,
};
use tiketi_engine::testing::{conformance, services};
use tiketi_persistence::{KafkaConfig, KafkaStream};

/// Far more than any of these tests takes.
const PATIENCE: Duration = Duration::from_mins(2);

fn config(brokers: &str) -> KafkaConfig {
    KafkaConfig {
        brokers: vec![brokers.to_owned()],
        prefix: format!("test-{:016x}", RandomState::new().hash_one(0)),
        partitions: 5,
        ..KafkaConfig::default()
    }
}

fn admin(brokers: &str) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap()
}

/// Runs a test on topics of its own, and takes them away again.
fn on_kafka<F: Future<Output = ()>>(test: impl FnOnce(KafkaConfig) -> F) {
    let Some(brokers) = services::address("TIKETI_TEST_KAFKA") else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cleaning = Cleaning { config: config(&brokers), brokers };
    let test = test(cleaning.config.clone());
    runtime.block_on(async { tokio::time::timeout(PATIENCE, test).await }).unwrap();
    drop(cleaning);
}

struct Cleaning {
    config: KafkaConfig,
    brokers: String,
}

impl Drop for Cleaning {
    fn drop(&mut self) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let [records, dead] = topics(&self.config);
        let deleting = admin(&self.brokers);
        let deleting =
            runtime.block_on(deleting.delete_topics(&[&records, &dead], &AdminOptions::new()));
        // What a test did not make is not there.
        drop(deleting);
    }
}

fn topics(config: &KafkaConfig) -> [String; 2] {
    [format!("{}.records", config.prefix), format!("{}.records.dead", config.prefix)]
}

#[test]
fn it_conforms() {
    on_kafka(async |config| {
        let stream = KafkaStream::open(config).await.unwrap();
        conformance::stream(&stream, EventId::new(100)).await;
    });
}

#[test]
fn topics_are_made_once_and_left_as_they_are() {
    on_kafka(async |config| {
        KafkaStream::open(config.clone()).await.unwrap();
        let other = KafkaConfig { partitions: 9, ..config.clone() };
        KafkaStream::open(other).await.unwrap();
        let brokers = config.brokers.join(",");
        let found = admin(&brokers).inner().fetch_metadata(None, PATIENCE).unwrap();
        let partitions = topics(&config).map(|name| {
            let topic = found.topics().iter().find(|topic| topic.name() == name);
            topic.unwrap().partitions().len()
        });
        assert_eq!(partitions, [5, 1]);
    });
}

#[test]
fn what_brokers_do_not_allow_is_said() {
    on_kafka(async |config| {
        let too_many = KafkaConfig { replication: 99, ..config };
        let error = KafkaStream::open(too_many).await.unwrap_err().to_string();
        assert!(error.contains("choose partitions and replication"), "{error}");
    });
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_named_with_what_to_do() {
    let config = KafkaConfig { timeout: Duration::from_millis(500), ..config("127.0.0.1:1") };
    let error = KafkaStream::open(config).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot reach Kafka at 127.0.0.1:1: "), "{error}");
    assert!(error.ends_with("start a broker there, or name others that run"), "{error}");
}

#[test]
fn a_message_from_anybody_else_can_be_buried_but_not_replayed() {
    on_kafka(async |config| {
        let stream = KafkaStream::open(config.clone()).await.unwrap();
        let stranger: FutureProducer =
            ClientConfig::new().set("bootstrap.servers", &config.brokers[0]).create().unwrap();
        let [records, _] = topics(&config);
        let nothing = FutureRecord::<[u8], [u8]>::to(&records);
        stranger.send(nothing, PATIENCE).await.unwrap();
        let noise: &[u8] = b"\xff\xfe";
        let noise = FutureRecord::to(&records).key(noise).payload("hello");
        stranger.send(noise, PATIENCE).await.unwrap();
        let mut reader = stream.subscribe("suite").await.unwrap();
        let mut payloads = Vec::new();
        while payloads.len() < 2 {
            for delivery in reader.next(9).await.unwrap() {
                assert_eq!((delivery.event, delivery.seq), (None, None));
                reader.bury(&delivery, "no record").await.unwrap();
                payloads.push(delivery.payload);
            }
        }
        reader.commit().await.unwrap();
        payloads.sort_unstable();
        assert_eq!(payloads, ["", "hello"]);
        let letters = stream.list(9).await.unwrap();
        assert_eq!(letters.len(), 2);
        let refused = stream.replay(&letters).await;
        assert!(matches!(refused, Err(StreamError::Refused(_))), "{refused:?}");
        assert_eq!(stream.list(9).await, Ok(letters), "nothing is lost by trying");
    });
}

/// Messages of so many events, so that several partitions have some.
fn of_events(count: u64) -> Vec<Message> {
    let message = |event| Message {
        event: EventId::new(event),
        seq: Seq(1),
        payload: Bytes::from_static(b"{}"),
        trace: None,
    };
    (1..=count).map(message).collect()
}

/// Takes and commits so many messages.
async fn take(reader: &mut Box<dyn StreamReader>, mut count: usize) {
    while count > 0 {
        count -= reader.next(count).await.unwrap().len();
        reader.commit().await.unwrap();
    }
}

#[test]
fn a_consumer_is_behind_by_what_none_of_its_readers_has_committed() {
    on_kafka(async |config| {
        let stream = KafkaStream::open(config).await.unwrap();
        let lag = async || {
            // Until a broker that has just started keeps what groups commit, it is not known.
            let lags = loop {
                if let Ok(lags) = stream.lags("suite").await {
                    break lags;
                }
            };
            let partitions: Vec<u32> = lags.iter().map(|lag| lag.partition).collect();
            assert_eq!(partitions, [0, 1, 2, 3, 4]);
            lags.iter().map(|lag| lag.messages).sum::<u64>()
        };
        assert_eq!(lag().await, 0);
        stream.publish(of_events(20)).await.unwrap();
        assert_eq!(lag().await, 20, "a consumer that never read begins with the oldest");
        let mut reader = stream.subscribe("suite").await.unwrap();
        assert_eq!(reader.next(1).await.unwrap().len(), 1);
        assert_eq!(lag().await, 20, "read is not committed");
        reader.commit().await.unwrap();
        assert_eq!(lag().await, 19);
        take(&mut reader, 19).await;
        assert_eq!(lag().await, 0);

        drop(reader);
        stream.publish(of_events(8)).await.unwrap();
        assert_eq!(lag().await, 8, "it grows while nobody reads");
        let mut one = stream.subscribe("suite").await.unwrap();
        take(&mut one, 8).await;
        assert_eq!(lag().await, 0);

        // A second reader is given some of the partitions.
        let mut other = stream.subscribe("suite").await.unwrap();
        let (mut of_one, mut of_other) = (0, 0);
        while of_one == 0 || of_other == 0 {
            stream.publish(of_events(20)).await.unwrap();
            let mut taken = 0;
            while taken < 20 {
                let (reader, of, deliveries) = tokio::select! {
                    deliveries = one.next(20) => (&mut one, &mut of_one, deliveries.unwrap()),
                    deliveries = other.next(20) => (&mut other, &mut of_other, deliveries.unwrap()),
                };
                // Partitions that change hands bring what was not committed once more.
                taken += deliveries.len();
                *of += deliveries.len();
                if reader.commit().await.is_err() {
                    break;
                }
            }
        }
        while lag().await > 0 {
            tokio::select! {
                deliveries = one.next(20) => { deliveries.unwrap(); drop(one.commit().await); }
                deliveries = other.next(20) => { deliveries.unwrap(); drop(other.commit().await); }
            }
        }
    });
}

#[test]
fn a_message_that_is_too_large_is_refused_and_holds_nobody_up() {
    on_kafka(async |config| {
        let stream = KafkaStream::open(config).await.unwrap();
        let message = |seq, bytes| Message {
            event: EventId::new(7),
            seq: Seq(seq),
            payload: Bytes::from(vec![b'x'; bytes]),
            trace: None,
        };
        let refused = stream.publish(vec![message(1, 5_000_000)]).await;
        assert!(matches!(refused, Err(StreamError::Refused(_))), "{refused:?}");
        assert_eq!(stream.publish(vec![message(2, 3_000_000)]).await, Ok(()));
    });
}
