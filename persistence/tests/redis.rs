//! Leases, members and the bus on a real Redis, and on a real cluster of three.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Acquired, Bus as _, Leases as _, NodeId, Resource};
use tiketi_engine::testing::sharing;
use tiketi_persistence::{Redis, RedisBus, RedisConfig};

/// A Redis that the services script started, under keys of its own.
async fn shared() -> Redis {
    let url = std::env::var("TIKETI_TEST_REDIS")
        .expect("TIKETI_TEST_REDIS is not set: start the services with .ci/services start DIR");
    connect(vec![url]).await
}

async fn connect(urls: Vec<String>) -> Redis {
    let prefix = format!("test-{:016x}", rand::random::<u64>());
    Redis::connect(&RedisConfig { urls, prefix }).await.unwrap()
}

fn bus(redis: &Redis) -> RedisBus {
    let (bus, publishing, incoming) = RedisBus::new(redis);
    tokio::spawn(publishing);
    tokio::spawn(incoming);
    bus
}

/// A server of a test's own, killed with it.
struct Server {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(port: u16, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "no", "--dir", folder.path().to_str().unwrap()])
            .args(options)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        Self { child, port, _folder: folder }
    }

    fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Asks until it is as wanted.
async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let ask = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), ask).await.expect(what)
}

async fn whole_suite(redis: &Redis) {
    sharing::leases(redis, EventId::new(1), [NodeId(1), NodeId(u64::MAX)]).await;
    sharing::members(redis).await;
    sharing::trace_notes(redis, [EventId::new(1), EventId::new(2)]).await;
    let (from, to) = (bus(redis), bus(redis));
    sharing::bus(&from, &to, [EventId::new(1), EventId::new(u64::MAX)]).await;
    sharing::bus(&from, &from, [EventId::new(3), EventId::new(4)]).await;
}

#[tokio::test]
async fn one_server_conforms() {
    whole_suite(&shared().await).await;
}

#[tokio::test]
async fn a_cluster_conforms() {
    let cluster_options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
    // The bus of a cluster listens ten thousand ports above.
    let low_port = || std::iter::repeat_with(Server::free_port).find(|port| *port < 55_000);
    let servers: Vec<Server> =
        (0..3).map(|_| Server::start(low_port().unwrap(), &cluster_options)).collect();
    let addresses = servers.iter().map(|server| format!("127.0.0.1:{}", server.port));
    let addresses: Vec<String> = addresses.collect();
    let urls: Vec<String> = servers.iter().map(Server::url).collect();
    for url in &urls {
        let alive = async || redis::Client::open(url.as_str()).unwrap().get_connection().ok();
        until("the server answers", alive).await;
    }
    let made = Command::new("redis-cli")
        .args(["--cluster", "create"])
        .args(&addresses)
        .arg("--cluster-yes")
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    // Every node has to learn of every slot.
    let prefix = "test".to_owned();
    let config = RedisConfig { urls, prefix };
    let redis = until("the cluster works", async || {
        let redis = Redis::connect(&config).await.ok()?;
        let probes = (0..64).map(|number| Resource::Event(EventId::new(number << 32)));
        for probe in probes {
            let acquired = redis.acquire(probe, NodeId(1), Duration::from_millis(1)).await;
            matches!(acquired, Ok(Acquired::Taken(_))).then_some(())?;
        }
        Some(redis)
    })
    .await;
    whole_suite(&redis).await;
}

#[tokio::test]
async fn a_redis_that_comes_back_is_used_again_and_what_was_missed_is_told() {
    let port = Server::free_port();
    let server = Server::start(port, &[]);
    let config = RedisConfig { urls: vec![server.url()], prefix: "test".to_owned() };
    let redis = until("it answers", async || Redis::connect(&config).await.ok()).await;
    let (event, ttl) = (EventId::new(1), Duration::from_mins(1));
    let bus = bus(&redis);
    let mut subscription = bus.subscribe(event).await;
    let lease = match redis.acquire(Resource::Event(event), NodeId(1), ttl).await.unwrap() {
        Acquired::Taken(lease) => lease,
        held @ Acquired::Held { .. } => panic!("{held:?}"),
    };
    drop(server);
    assert!(subscription.next().await.is_err(), "the subscriber is told");
    assert!(redis.renew(&lease, ttl).await.is_err(), "no answer is not a no");
    let _server = Server::start(port, &[]);
    let renewed = until("it is asked again", async || redis.renew(&lease, ttl).await.ok()).await;
    assert!(!renewed, "it has forgotten the lease");
    sharing::bus(&bus, &bus, [event, EventId::new(2)]).await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_named_without_its_password() {
    let port = Server::free_port();
    let urls = vec![format!("redis://:hunter2hunter2@127.0.0.1:{port}")];
    let config = RedisConfig { urls, prefix: "test".to_owned() };
    assert!(!format!("{config:?}").contains("hunter2"));
    let error = Redis::connect(&config).await.err().unwrap().to_string();
    assert!(error.contains(&format!("127.0.0.1:{port}")) && !error.contains("hunter2"), "{error}");
}
