//! Faults that a real broker does not produce on demand, by the client's own mock of a cluster.
#![cfg(test)]

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{
    Message, StreamError, StreamLags as _, StreamReaders as _, StreamWriter as _,
};
use tiketi_engine::testing::dice::Dice;
use tiketi_persistence::{KafkaConfig, KafkaStream};

const EVENTS: [EventId; 3] = [EventId::new(1), EventId::new(2), EventId::new(3)];

/// Every broker of a cluster.
const ALL: i32 = -1;

struct Cluster {
    mock: MockCluster<'static, DefaultProducerContext>,
    stream: KafkaStream,
}

impl Cluster {
    /// Kafka may take so long to answer, and not longer.
    async fn start(timeout: Duration) -> Self {
        let mock = MockCluster::new(3).unwrap();
        // The mock has no way to make topics but this.
        mock.create_topic("tiketi.records", 4, 3).unwrap();
        mock.create_topic("tiketi.records.dead", 1, 3).unwrap();
        let config = KafkaConfig {
            brokers: mock.bootstrap_servers().split(',').map(str::to_owned).collect(),
            timeout,
            ..KafkaConfig::default()
        };
        let stream = KafkaStream::open(config).await.unwrap();
        Self { mock, stream }
    }

    fn produce_fails(&self, errors: &[RDKafkaRespErr]) {
        self.mock.request_errors(RDKafkaApiKey::Produce, errors);
    }

    /// Makes some weather.
    fn brew(&self, dice: &mut Dice) {
        const ERRORS: [RDKafkaRespErr; 6] = [
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT,
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
        ];
        let errors: Vec<_> =
            (0..dice.below(4)).filter_map(|_| dice.pick(&ERRORS).copied()).collect();
        self.produce_fails(&errors);
        match dice.below(3) {
            0 => self.mock.broker_down(ALL).unwrap(),
            1 => {
                let slow = Duration::from_millis(500 + dice.below(1_000));
                self.mock.broker_round_trip_time(ALL, slow).unwrap();
            }
            _ => {}
        }
    }

    fn clear(&self) {
        self.mock.broker_up(ALL).unwrap();
        self.mock.broker_round_trip_time(ALL, Duration::ZERO).unwrap();
    }

    /// Publishes as a relay does: the same again until it is through. The weather clears after so
    /// many failures. How many there were.
    async fn publish(&self, messages: &[Message], clears_after: u64) -> u64 {
        let mut failures = 0;
        while let Err(error) = self.stream.publish(messages.to_vec()).await {
            assert!(failures < 100, "it never gets through: {error}");
            failures += 1;
            if failures >= clears_after {
                self.clear();
            }
        }
        failures
    }

    /// What is in the stream, up to the last message of each event.
    async fn read(&self, last: &BTreeMap<EventId, Seq>) -> Vec<Message> {
        let mut reader = self.stream.subscribe("suite").await.unwrap();
        let (mut read, mut open) = (Vec::new(), last.clone());
        while !open.is_empty() {
            let Ok(deliveries) = reader.next(100).await else { continue };
            for delivery in deliveries {
                let (event, seq) = (delivery.event.unwrap(), delivery.seq.unwrap());
                open.retain(|of, last| (*of, *last) != (event, seq));
                read.push(Message { event, seq, payload: delivery.payload, trace: None });
            }
        }
        read
    }
}

fn messages(event: EventId, seqs: impl IntoIterator<Item = u64>) -> Vec<Message> {
    let message = |seq| {
        let payload = Bytes::from(format!("{event} {seq} {}", "x".repeat(1_000)));
        Message { event, seq: Seq(seq), payload, trace: None }
    };
    seqs.into_iter().map(message).collect()
}

/// Whether nothing is missing: of each event, what came for the first time came in order, all of
/// it, and what came again was the same. How many came again.
fn check(read: &[Message], last: &BTreeMap<EventId, Seq>) -> usize {
    let mut firsts: BTreeMap<EventId, u64> = BTreeMap::new();
    let mut duplicates = 0;
    for message in read {
        let seen = firsts.entry(message.event).or_default();
        if message.seq.0 <= *seen {
            duplicates += 1;
        } else {
            assert_eq!(message.seq.0, *seen + 1, "a gap in {}", message.event);
            *seen += 1;
        }
        let sent = messages(message.event, [message.seq.0]);
        assert_eq!(message.payload, sent[0].payload, "another payload under the same number");
    }
    assert_eq!(firsts, last.iter().map(|(event, seq)| (*event, seq.0)).collect());
    duplicates
}

fn last(event: EventId, seq: u64) -> BTreeMap<EventId, Seq> {
    BTreeMap::from([(event, Seq(seq))])
}

#[tokio::test]
async fn brokers_that_are_gone_fail_a_publish_in_time_and_lose_nothing() {
    let cluster = Cluster::start(Duration::from_secs(3)).await;
    let all = messages(EVENTS[0], 1..=20);
    assert_eq!(cluster.stream.publish(all[..10].to_vec()).await, Ok(()));
    cluster.mock.broker_down(ALL).unwrap();
    let failed = cluster.stream.publish(all[10..].to_vec()).await;
    assert!(matches!(failed, Err(StreamError::Unavailable(_))), "{failed:?}");
    cluster.publish(&all[10..], 0).await;
    let last = last(EVENTS[0], 20);
    check(&cluster.read(&last).await, &last);
}

#[tokio::test]
async fn how_far_a_consumer_is_behind_is_not_known_while_brokers_are_gone() {
    let cluster = Cluster::start(Duration::from_secs(3)).await;
    cluster.publish(&messages(EVENTS[0], 1..=3), 0).await;
    let lag = async || -> Result<u64, StreamError> {
        let lags = cluster.stream.lags("suite").await?;
        Ok(lags.iter().map(|lag| lag.messages).sum())
    };
    assert_eq!(lag().await, Ok(3));
    cluster.mock.broker_down(ALL).unwrap();
    let gone = lag().await;
    assert!(matches!(gone, Err(StreamError::Unavailable(_))), "{gone:?}");
    cluster.clear();
    while lag().await != Ok(3) {}
}

#[test]
fn a_process_can_end_while_no_broker_is_there() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cluster = runtime.block_on(async {
        let cluster = Cluster::start(Duration::from_secs(3)).await;
        cluster.publish(&messages(EVENTS[0], 1..=3), 0).await;
        let mut reader = cluster.stream.subscribe("suite").await.unwrap();
        assert!(!reader.next(9).await.unwrap().is_empty());
        cluster.mock.broker_down(ALL).unwrap();
        drop(cluster.stream.publish(messages(EVENTS[0], 4..=5)).await);
        cluster.mock
    });
    // Waits for whatever a client still does.
    drop(runtime);
    drop(cluster);
}

#[tokio::test]
async fn faults_that_pass_are_not_noticed() {
    let cluster = Cluster::start(Duration::from_mins(1)).await;
    cluster.produce_fails(&[
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT,
    ]);
    assert_eq!(cluster.publish(&messages(EVENTS[0], 1..=50), 0).await, 0);
    let last = last(EVENTS[0], 50);
    assert_eq!(check(&cluster.read(&last).await, &last), 0, "nor do they make duplicates");
}

#[tokio::test]
async fn what_comes_behind_a_refused_message_does_not_pass_it() {
    let cluster = Cluster::start(Duration::from_mins(1)).await;
    cluster.produce_fails(&[RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE]);
    // More than goes into one request.
    let all = messages(EVENTS[0], 1..=3_000);
    let refused = cluster.stream.publish(all.clone()).await;
    // Or that is said first which became of what was behind it: the client begins anew after both.
    let told = matches!(refused, Err(StreamError::Refused(_) | StreamError::Unavailable(_)));
    assert!(told, "{refused:?}");
    cluster.publish(&all, 0).await;
    let last = last(EVENTS[0], 3_000);
    check(&cluster.read(&last).await, &last);
}

#[tokio::test]
async fn no_storm_of_faults_loses_or_reorders_anything() {
    let (mut failures, mut duplicates) = (0, 0);
    // How many answers a storm loses is a matter of luck: on until there were enough.
    let mut seeds = 0..10;
    while failures < 10 || duplicates < 10 {
        let seed = seeds.next().unwrap_or_else(|| {
            panic!("only {failures} failures and {duplicates} duplicates: the storms were none")
        });
        let cluster = Cluster::start(Duration::from_millis(500)).await;
        let mut dice = Dice::new(seed);
        let mut sent: BTreeMap<EventId, Seq> = BTreeMap::new();
        for _ in 0..5 {
            cluster.brew(&mut dice);
            let pages = EVENTS.map(|event| {
                let first = sent.get(&event).map_or(1, |seq| seq.0 + 1);
                let end = first + 1 + dice.below(400);
                sent.insert(event, Seq(end - 1));
                messages(event, first..end)
            });
            let lasts = 1 + dice.below(3);
            let [one, two, three] = pages.each_ref().map(|page| cluster.publish(page, lasts));
            let (one, two, three) = tokio::join!(one, two, three);
            failures += one + two + three;
            cluster.clear();
        }
        duplicates += check(&cluster.read(&sent).await, &sent);
    }
}
