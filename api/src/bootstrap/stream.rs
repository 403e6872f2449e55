//! The record stream: Kafka between the nodes of a cluster, within the process of one that is alone.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use tiketi_engine::ports::{Clock, DeadLetters, NodeId, StreamLags, StreamReaders, StreamWriter};
use tiketi_engine::stream::LocalStream;
use tiketi_persistence::{KafkaConfig, KafkaStream};

use crate::config::{ClusterSettings, Config};
use crate::state::Dead;

/// The stream's ports that workers need.
pub(super) struct RecordStream {
    pub(super) writer: Arc<dyn StreamWriter>,
    pub(super) readers: Arc<dyn StreamReaders>,
    pub(super) lags: Arc<dyn StreamLags>,
    pub(super) dead: Dead,
}

impl RecordStream {
    /// Opens what the configuration names.
    pub(super) async fn open(
        config: &Config,
        node: NodeId,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        if config.cluster.is_given() {
            return Ok(Self::over(kafka(&config.cluster, node).await?, true));
        }
        Ok(Self::over(LocalStream::new(clock), false))
    }

    fn over<S>(stream: S, lasting: bool) -> Self
    where
        S: StreamWriter + StreamReaders + StreamLags + DeadLetters,
    {
        let stream = Arc::new(stream);
        let (writer, readers) = (Arc::clone(&stream) as _, Arc::clone(&stream) as _);
        let lags = Arc::clone(&stream) as _;
        Self { writer, readers, lags, dead: Dead { letters: stream, lasting } }
    }
}

/// What consumers could not read.
pub(crate) async fn dead_letters(
    config: &Config,
    node: NodeId,
) -> anyhow::Result<Box<dyn DeadLetters>> {
    if !config.cluster.is_given() {
        bail!(
            "a node that runs alone keeps dead letters in memory, and its journal has what is in \
             them: run `tiketi stats EVENT --repair` to count it"
        );
    }
    Ok(Box::new(kafka(&config.cluster, node).await?))
}

async fn kafka(cluster: &ClusterSettings, node: NodeId) -> anyhow::Result<KafkaStream> {
    let replication = u16::try_from(cluster.kafka_replication);
    let stream = KafkaStream::open(KafkaConfig {
        brokers: cluster.brokers(),
        prefix: cluster.prefix.clone(),
        client_id: format!("{}-{node}", cluster.prefix),
        replication: replication.context("cluster.kafka_replication is out of bounds")?,
        ..KafkaConfig::default()
    });
    stream.await.context("the record stream cannot be opened (cluster.kafka_brokers)")
}
