//! What every client of Kafka has in common here.

use std::ops::Deref;

use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tokio::runtime::Handle;

use super::KafkaConfig;

/// Settings of producers, consumers and the admin client alike.
pub(super) fn settings(config: &KafkaConfig) -> ClientConfig {
    let mut settings = ClientConfig::new();
    settings
        .set("bootstrap.servers", config.brokers.join(","))
        .set("client.id", &config.client_id)
        // The default is ten seconds: a broker that is back would not be noticed for as long.
        .set("reconnect.backoff.max.ms", "500")
        .set("socket.keepalive.enable", "true");
    settings
}

/// Writes what the client says to the log. A broker that is gone is no error of this process: the
/// client goes on trying, twice a second, and whoever waited for it is told and says so once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Log;

impl ClientContext for Log {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
                tracing::warn!(facility, "kafka client: {message}");
            }
            RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning
            | RDKafkaLogLevel::Notice
            | RDKafkaLogLevel::Info
            | RDKafkaLogLevel::Debug => tracing::debug!(facility, "kafka client: {message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::AllBrokersDown) => {
                tracing::debug!(%error, "kafka client: {reason}");
            }
            _ => tracing::warn!(%error, "kafka client: {reason}"),
        }
    }
}

impl ConsumerContext for Log {}

/// A client that ends on a thread of its own: saying goodbye takes a while, and must not hold up
/// whoever drops it last.
pub(super) struct Ending<C: Send + 'static>(Option<C>);

impl<C: Send + 'static> Ending<C> {
    pub(super) fn new(client: C) -> Self {
        Self(Some(client))
    }
}

impl<C: Send + 'static> Deref for Ending<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl<C: Send + 'static> Drop for Ending<C> {
    fn drop(&mut self) {
        if let (Some(client), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            drop(runtime.spawn_blocking(move || drop(client)));
        }
    }
}
