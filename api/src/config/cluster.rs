//! Settings of a node that works together with others: all of them, or none.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Secret, is_placeholder};

/// Where the services are, and where other nodes find this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterSettings {
    /// `postgres://user:password@host:port/database`.
    pub postgres_url: Secret,
    /// A file with that URL, in place of `postgres_url`.
    pub postgres_url_file: Option<PathBuf>,
    /// URLs of their own for some contexts, in place of `postgres_url`.
    pub postgres_urls: ContextUrls,
    /// `redis://:password@host:port`, `rediss://` with TLS; several, with commas between them, are
    /// nodes of a Redis Cluster.
    pub redis_url: Secret,
    /// A file with that URL, in place of `redis_url`.
    pub redis_url_file: Option<PathBuf>,
    /// `host:port` of Kafka's brokers, with commas between them.
    pub kafka_brokers: String,
    /// How many brokers keep each record.
    pub kafka_replication: i32,
    /// What keys in Redis and topics in Kafka begin with.
    pub prefix: String,
    /// The address to listen on for other nodes; port 0 takes a free one.
    pub node_listen: SocketAddr,
    /// `host:port` where other nodes find this one; the address it listens on if empty.
    pub node_address: String,
    /// Milliseconds after which a node that is silent has lost what it owned.
    pub lease_ttl_ms: u64,
}

/// A URL for each context, if it has one of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextUrls {
    /// Events and charts.
    pub catalog: Option<Secret>,
    /// Journals and what they come to.
    pub sales: Option<Secret>,
    /// What fans have authorised.
    pub payments: Option<Secret>,
    /// What was counted.
    pub stats: Option<Secret>,
    /// Accounts and sessions.
    pub accounts: Option<Secret>,
}

impl ContextUrls {
    fn given(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        let all = [
            ("catalog", &self.catalog),
            ("sales", &self.sales),
            ("payments", &self.payments),
            ("stats", &self.stats),
            ("accounts", &self.accounts),
        ];
        all.into_iter().filter_map(|(name, url)| url.as_ref().map(|url| (name, url)))
    }
}

impl Default for ClusterSettings {
    fn default() -> Self {
        Self {
            postgres_url: Secret::default(),
            postgres_url_file: None,
            postgres_urls: ContextUrls::default(),
            redis_url: Secret::default(),
            redis_url_file: None,
            kafka_brokers: String::new(),
            kafka_replication: 1,
            prefix: "tiketi".to_owned(),
            node_listen: SocketAddr::from(([127, 0, 0, 1], 9465)),
            node_address: String::new(),
            lease_ttl_ms: 3_000,
        }
    }
}

impl ClusterSettings {
    /// Whether any service is named: then this node works together with others.
    pub fn is_given(&self) -> bool {
        let urls = [self.postgres_url.expose(), self.redis_url.expose(), &self.kafka_brokers];
        urls.iter().any(|url| !url.is_empty()) || self.postgres_urls.given().next().is_some()
    }

    pub(super) fn read_secrets(&mut self) -> Result<(), ConfigError> {
        let Self { postgres_url, postgres_url_file, redis_url, redis_url_file, .. } = self;
        postgres_url.read_file("cluster.postgres_url", postgres_url_file.as_deref())?;
        redis_url.read_file("cluster.redis_url", redis_url_file.as_deref())
    }

    /// The nodes of Redis.
    pub fn redis_urls(&self) -> Vec<String> {
        listed(self.redis_url.expose())
    }

    /// The brokers of Kafka.
    pub fn brokers(&self) -> Vec<String> {
        listed(&self.kafka_brokers)
    }

    /// How long a lease lasts.
    pub fn lease_ttl(&self) -> Duration {
        Duration::from_millis(self.lease_ttl_ms)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.is_given() {
            return Ok(());
        }
        let wrong = |text: String| Err(ConfigError::Value(text));
        let parts = [
            ("cluster.postgres_url", self.postgres_url.expose()),
            ("cluster.redis_url", self.redis_url.expose()),
            ("cluster.kafka_brokers", &self.kafka_brokers),
        ];
        let missing: Vec<_> =
            parts.iter().filter(|(_, url)| url.is_empty()).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            return wrong(format!(
                "the cluster is half configured: set {} too, or remove all cluster settings to \
                 run alone on one file",
                missing.join(" and ")
            ));
        }
        let own = self.postgres_urls.given().map(|(_, url)| url.expose());
        for url in own.chain([self.postgres_url.expose()]) {
            check_url("cluster.postgres_url", url, &["postgres://", "postgresql://"])?;
        }
        let redis = self.redis_urls();
        for url in &redis {
            check_url("cluster.redis_url", url, &["redis://", "rediss://"])?;
        }
        named_once("cluster.redis_url", &redis)?;
        let brokers = self.brokers();
        named_once("cluster.kafka_brokers", &brokers)?;
        if let Some(broker) = brokers.iter().find(|broker| !is_host_and_port(broker)) {
            return wrong(format!("cluster.kafka_brokers: {broker:?} is not host:port"));
        }
        if usize::try_from(self.kafka_replication).map_or(true, |n| n == 0 || n > brokers.len()) {
            return wrong(format!(
                "cluster.kafka_replication must be 1 to the number of brokers ({})",
                brokers.len()
            ));
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
        if self.prefix.is_empty() || !self.prefix.chars().all(word) {
            return wrong("cluster.prefix must be letters, digits, dots and dashes".to_owned());
        }
        if self.node_address.is_empty() && self.node_listen.ip().is_unspecified() {
            return wrong(
                "cluster.node_listen takes every address: set cluster.node_address to the \
                 host:port where other nodes find this one"
                    .to_owned(),
            );
        }
        if !self.node_address.is_empty() && !is_host_and_port(&self.node_address) {
            return wrong("cluster.node_address must be host:port".to_owned());
        }
        if !(1_000..=60_000).contains(&self.lease_ttl_ms) {
            return wrong("cluster.lease_ttl_ms must be 1000 to 60000".to_owned());
        }
        Ok(())
    }
}

fn listed(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn named_once(setting: &str, parts: &[String]) -> Result<(), ConfigError> {
    let distinct: BTreeSet<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    if distinct.len() == parts.len() {
        return Ok(());
    }
    Err(ConfigError::Value(format!("{setting} names the same one twice: keep one")))
}

fn is_host_and_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0)
    })
}

/// Whether a URL has one of these schemes, and no password that only stands for one.
fn check_url(setting: &str, url: &str, schemes: &[&str]) -> Result<(), ConfigError> {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let Some(rest) = rest else {
        let text = format!("{setting} must begin with {}", schemes.join(" or "));
        return Err(ConfigError::Value(text));
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    let password = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
    if password.is_some_and(is_placeholder) {
        let text = format!("the password in {setting} is a placeholder: put the real one there");
        return Err(ConfigError::Value(text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> ClusterSettings {
        ClusterSettings {
            postgres_url: Secret::new("postgres://tiketi:pw12345678@db/tiketi"),
            redis_url: Secret::new("redis://:pw12345678@one:6379"),
            kafka_brokers: "one:9092, two:9092".to_owned(),
            ..ClusterSettings::default()
        }
    }

    #[test]
    fn all_or_nothing_is_complete() {
        assert!(ClusterSettings::default().check().is_ok());
        assert!(!ClusterSettings::default().is_given());
        whole().check().unwrap();
        assert!(whole().is_given());
        assert_eq!(whole().brokers(), ["one:9092", "two:9092"]);
    }

    #[test]
    fn what_is_half_given_or_given_twice_is_refused_with_what_to_do() {
        type Change = fn(&mut ClusterSettings);
        let cases: [(Change, &str); 15] = [
            (|c| c.redis_url = Secret::default(), "set cluster.redis_url too"),
            (|c| c.kafka_brokers.clear(), "set cluster.kafka_brokers too"),
            (|c| c.postgres_url = Secret::default(), "set cluster.postgres_url too"),
            (
                |c| {
                    *c = ClusterSettings::default();
                    c.postgres_urls.stats = Some(Secret::new("postgres://db/stats"));
                },
                "set cluster.postgres_url and cluster.redis_url and cluster.kafka_brokers too",
            ),
            (|c| c.postgres_url = Secret::new("mysql://db"), "must begin with postgres://"),
            (
                |c| c.postgres_url = Secret::new("postgres://tiketi:changeme@db/tiketi"),
                "placeholder",
            ),
            (|c| c.redis_url = Secret::new("redis://:secret@one"), "placeholder"),
            (|c| c.redis_url = Secret::new("http://one"), "must begin with redis://"),
            (|c| c.redis_url = Secret::new("redis://one,redis://ONE"), "twice"),
            (|c| c.kafka_brokers = "one:9092,one:9092".to_owned(), "twice"),
            (|c| c.kafka_brokers = "one".to_owned(), "not host:port"),
            (|c| c.kafka_replication = 3, "kafka_replication"),
            (|c| c.node_listen = ([0, 0, 0, 0], 9465).into(), "set cluster.node_address"),
            (|c| c.node_address = "http://node".to_owned(), "must be host:port"),
            (|c| c.lease_ttl_ms = 10, "lease_ttl_ms"),
        ];
        for (change, says) in cases {
            let mut settings = whole();
            change(&mut settings);
            let said = settings.check().unwrap_err().to_string();
            assert!(said.contains(says), "{said:?} does not say {says:?}");
            assert!(!said.contains("pw12345678"), "{said}");
        }
    }
}
