//! The topics: found, or made.

use std::sync::Arc;
use std::time::Instant;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::MetadataTopic;

use super::client::{Log, settings};
use super::{KafkaConfig, OpenStreamError};

/// Bytes of one message: an order of 500 places with the longest labels fits twice.
pub(super) const MESSAGE_BYTES_MAX: &str = "4194304";
/// How often to look whether a topic that was made has a leader.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(100);

/// Their names.
#[derive(Debug, Clone)]
pub(super) struct Topics {
    pub(super) records: String,
    pub(super) dead: String,
}

type Admin = AdminClient<Log>;

impl Topics {
    pub(super) fn of(config: &KafkaConfig) -> Self {
        let records = format!("{}.records", config.prefix);
        Self { dead: format!("{records}.dead"), records }
    }

    /// Makes what is missing and waits until all of it can be written to.
    pub(super) async fn ensure(&self, config: &KafkaConfig) -> Result<(), OpenStreamError> {
        let admin = Admin::from_config_and_context(&settings(config), Log);
        let admin = Arc::new(admin.map_err(OpenStreamError::Settings)?);
        let mut missing = self.not_ready(&admin, config).await?;
        if missing.is_empty() {
            return Ok(());
        }
        self.make(&admin, config, &missing).await?;
        let until = Instant::now() + config.timeout;
        while !missing.is_empty() {
            if Instant::now() > until {
                let (topic, reason) = (missing.remove(0), "it has no leader".to_owned());
                return Err(OpenStreamError::Topic { topic, reason });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            missing = self.not_ready(&admin, config).await?;
        }
        Ok(())
    }

    /// Topics that are not there, or have a partition without a leader.
    async fn not_ready(
        &self,
        admin: &Arc<Admin>,
        config: &KafkaConfig,
    ) -> Result<Vec<String>, OpenStreamError> {
        let (client, timeout) = (Arc::clone(admin), config.timeout);
        // All topics: asking for one by name would have some brokers make it.
        let asked =
            tokio::task::spawn_blocking(move || client.inner().fetch_metadata(None, timeout)).await;
        let found = asked.unwrap_or(Err(KafkaError::Canceled)).map_err(|source| {
            OpenStreamError::Unreachable { brokers: config.brokers.join(", "), source }
        })?;
        let ready = |name: &String| {
            let led = |topic: &MetadataTopic| topic.partitions().iter().all(|of| of.leader() >= 0);
            found.topics().iter().any(|topic| topic.name() == *name && led(topic))
        };
        Ok([&self.records, &self.dead].into_iter().filter(|name| !ready(name)).cloned().collect())
    }

    async fn make(
        &self,
        admin: &Admin,
        config: &KafkaConfig,
        missing: &[String],
    ) -> Result<(), OpenStreamError> {
        let in_sync = if config.replication >= 3 { "2" } else { "1" };
        let copies = TopicReplication::Fixed(i32::from(config.replication));
        let retention = config.retention.as_millis().to_string();
        let records = NewTopic::new(&self.records, i32::from(config.partitions), copies)
            .set("cleanup.policy", "delete")
            .set("retention.ms", &retention)
            .set("max.message.bytes", MESSAGE_BYTES_MAX)
            .set("min.insync.replicas", in_sync);
        let copies = TopicReplication::Fixed(i32::from(config.replication));
        // One partition keeps the letters in the order in which they were buried.
        let dead = NewTopic::new(&self.dead, 1, copies)
            .set("cleanup.policy", "compact")
            .set("max.message.bytes", MESSAGE_BYTES_MAX)
            .set("min.insync.replicas", in_sync);
        let wanted = [&records, &dead];
        let wanted = wanted.into_iter().filter(|topic| missing.iter().any(|of| of == topic.name));
        let patience = AdminOptions::new()
            .request_timeout(Some(config.timeout))
            .operation_timeout(Some(config.timeout));
        let failed = |topic: String, reason: String| OpenStreamError::Topic { topic, reason };
        let made = admin.create_topics(wanted, &patience).await;
        let made = made.map_err(|error| failed(missing.join(", "), error.to_string()))?;
        for outcome in made {
            match outcome {
                // Another process that starts at the same time may have been quicker.
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => return Err(failed(topic, code.to_string())),
            }
        }
        Ok(())
    }
}
