//! Relay and count over a real Kafka.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use async_trait::async_trait;
use tiketi_engine::domain::ids::Seq;
use tiketi_engine::ports::{
    DeadLetters as _, Message, Stats as _, StreamError, StreamReader, StreamReaders,
    StreamWriter as _,
};
use tiketi_engine::testing::services;
use tiketi_persistence::{KafkaConfig, KafkaStream};

use super::{Dying, EVENT, OTHER, Scene, metrics, relay_all, sale};
use crate::workers::{Relay, RelayPorts};

/// On topics of its own; `None` if tests that need services are to be skipped.
async fn kafka() -> Option<KafkaStream> {
    let brokers = services::address("TIKETI_TEST_KAFKA")?;
    let config = KafkaConfig {
        brokers: vec![brokers],
        prefix: format!("test-{:016x}", RandomState::new().hash_one(0)),
        partitions: 5,
        ..KafkaConfig::default()
    };
    Some(KafkaStream::open(config).await.unwrap())
}

/// A consumer that has never read anything: it begins with the oldest message.
struct Anew(KafkaStream);

#[async_trait]
impl StreamReaders for Anew {
    async fn subscribe(&self, consumer: &str) -> Result<Box<dyn StreamReader>, StreamError> {
        self.0.subscribe(&format!("{consumer}anew")).await
    }
}

#[tokio::test]
async fn the_count_equals_a_recount_after_deaths_a_rival_and_a_replay_from_zero() {
    let Some(stream) = kafka().await else { return };
    let (one, two) = (sale(EVENT), sale(OTHER));
    let scene = Scene::of(&[&one, &two]).await;
    // Two workers of one consumer share the partitions, whoever has which.
    let counting = [scene.count(stream.clone()).await, scene.count(stream.clone()).await];
    let dying = Dying { positions: Arc::clone(&scene.journal), deaths: 3.into() };
    let ports = RelayPorts { positions: Arc::new(dying), ..scene.relay_ports(stream.clone()) };
    let (mut relay, mut deaths) = (Relay::new(ports, metrics()), 0);
    while relay.round().await.is_err() {
        deaths += 1;
    }
    assert!(deaths > 0);
    relay_all(&mut relay).await;
    scene.is_counted(EVENT).await;
    scene.is_counted(OTHER).await;
    assert!(counting.iter().any(|metrics| metrics.counted.get() > 0));
    scene.tasks.stop().await;

    let anew = Scene::of(&[&one, &two]).await;
    let metrics = anew.count(Anew(stream)).await;
    anew.is_counted(EVENT).await;
    anew.is_counted(OTHER).await;
    assert_eq!(metrics.buried.get(), 0);
    anew.tasks.stop().await;
    assert!(anew.stats.sales(EVENT).await.is_ok_and(|lines| !lines.is_empty()));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_buried_once_and_comes_again_when_it_is_replayed() {
    let Some(stream) = kafka().await else { return };
    let sale = sale(EVENT);
    let scene = Scene::of(&[&sale]).await;
    let metrics = scene.count(stream.clone()).await;
    let noise = Message { event: EVENT, seq: Seq(1), payload: "noise".into(), trace: None };
    stream.publish(vec![noise.clone()]).await.unwrap();
    relay_all(&mut scene.relay(stream.clone())).await;
    scene.is_counted(EVENT).await;
    scene.until("it is buried", async || metrics.buried.get() == 1).await;
    let letters = stream.list(9).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!((&letters[0].payload, letters[0].seq), (&noise.payload, Some(Seq(1))));
    stream.replay(&letters).await.unwrap();
    scene.until("it is buried again", async || metrics.buried.get() == 2).await;
    let again = stream.list(9).await.unwrap();
    assert_eq!(again.len(), 1, "one that was replayed is listed no more");
    assert_ne!(again[0].position, letters[0].position, "it is another delivery");
    scene.tasks.stop().await;
}
