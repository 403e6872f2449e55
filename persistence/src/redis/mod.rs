//! Leases, members, the bus and notes of traces, in Redis: one server or a cluster.
//!
//! Nothing here is ever relied on for safety: a Redis that forgets everything costs time only.
//! Every script touches the keys of one hash slot.

mod bus;
mod leases;
mod members;
mod trace_notes;

use std::fmt;
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{Client, Cmd, Pipeline, RedisFuture, Value};

pub use bus::RedisBus;

/// How long an answer may take: well below the shortest lease that makes sense.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);

/// Where Redis is.
#[derive(Clone)]
pub struct RedisConfig {
    /// One server (`redis://user:password@host:port/db`, `rediss://` with TLS), or several nodes of
    /// a cluster.
    pub urls: Vec<String>,
    /// What every key and channel begins with.
    pub prefix: String,
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URLs may hold passwords.
        write!(f, "RedisConfig({} urls, {})", self.urls.len(), self.prefix)
    }
}

/// Why Redis cannot be used: a sentence that names no secret.
#[derive(Debug, thiserror::Error)]
#[error("Redis at {at}: {source}")]
pub struct RedisOpenError {
    at: String,
    source: redis::RedisError,
}

/// A connection that comes back by itself. Clones share it.
#[derive(Clone)]
pub struct Redis {
    connection: Connection,
    /// For subscriptions, which have a connection of their own: any node of a cluster will do.
    subscribers: Vec<Client>,
    prefix: String,
}

#[derive(Clone)]
enum Connection {
    One(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(connection) => connection.req_packed_command(command),
            Self::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

impl Redis {
    /// Connects, and asks for a sign of life.
    ///
    /// # Errors
    /// [`RedisOpenError`] if a URL is malformed, or nobody answers there.
    pub async fn connect(config: &RedisConfig) -> Result<Self, RedisOpenError> {
        let at = config.urls.iter().map(|url| without_secret(url)).collect::<Vec<_>>().join(", ");
        Self::try_connect(config).await.map_err(|source| RedisOpenError { at, source })
    }

    async fn try_connect(config: &RedisConfig) -> Result<Self, redis::RedisError> {
        let clients = config.urls.iter().map(|url| Client::open(url.as_str()));
        let subscribers: Vec<Client> = clients.collect::<Result<_, _>>()?;
        let mut connection = match subscribers.as_slice() {
            [one] => {
                let settings = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(CONNECT_WITHIN))
                    .set_response_timeout(Some(ANSWER_WITHIN))
                    .set_number_of_retries(1)
                    .set_max_delay(ANSWER_WITHIN);
                let manager = ConnectionManager::new_with_config(one.clone(), settings).await?;
                Connection::One(manager)
            }
            _ => {
                let cluster = ClusterClient::builder(config.urls.iter().map(String::as_str))
                    .connection_timeout(CONNECT_WITHIN)
                    .response_timeout(ANSWER_WITHIN)
                    .build()?;
                Connection::Cluster(cluster.get_async_connection().await?)
            }
        };
        let () = redis::cmd("PING").query_async(&mut connection).await?;
        Ok(Self { connection, subscribers, prefix: config.prefix.clone() })
    }

    fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// A key all of whose kind share a slot with the same `tag`.
    fn key(&self, kind: &str, tag: &str) -> String {
        format!("{}:{kind}:{{{tag}}}", self.prefix)
    }
}

/// A URL as it may be shown.
fn without_secret(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_shown_without_their_secret() {
        assert_eq!(without_secret("rediss://u:p@ss@host:6379/1"), "rediss://host:6379/1");
        assert_eq!(without_secret("redis://host:6379"), "redis://host:6379");
    }
}
