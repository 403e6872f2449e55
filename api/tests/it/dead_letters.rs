//! `tiketi dlq` on a real Kafka, and what is said when there is none.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{DeadLetters as _, Message, StreamReaders as _, StreamWriter as _};
use tiketi_engine::testing::services;
use tiketi_persistence::{KafkaConfig, KafkaStream};

use crate::harness::{BINARY, Server, Setup, eventually, shared_services, tiketi};
use crate::top::{OPERATOR, top};

/// The settings of a cluster, whose keys are in a folder.
struct Cluster {
    settings: Vec<(&'static str, String)>,
    keys: TempDir,
}

impl Cluster {
    fn of(postgres: &str, redis: &str, kafka: &str, prefix: &str) -> Self {
        let keys = tempfile::tempdir().unwrap();
        let folder = keys.path().join("keys");
        let made = tiketi(&["make-keys", folder.to_str().unwrap()]);
        assert!(made.status.success(), "{made:?}");
        let settings = vec![
            ("TIKETI_KEYS_DIR", folder.to_str().unwrap().to_owned()),
            ("TIKETI_CLUSTER__POSTGRES_URL", postgres.to_owned()),
            ("TIKETI_CLUSTER__REDIS_URL", redis.to_owned()),
            ("TIKETI_CLUSTER__KAFKA_BROKERS", kafka.to_owned()),
            ("TIKETI_CLUSTER__PREFIX", prefix.to_owned()),
            ("TIKETI_CLUSTER__NODE_LISTEN", "127.0.0.1:0".to_owned()),
            ("TIKETI_LISTEN", "127.0.0.1:0".to_owned()),
            ("TIKETI_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
        ];
        Self { settings, keys }
    }

    /// With a Kafka, and nothing else that anybody asks for.
    fn with_kafka(kafka: &str, prefix: &str) -> Self {
        Self::of("postgres://nobody@127.0.0.1:1/none", "redis://127.0.0.1:1", kafka, prefix)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        let mut command = Command::new(BINARY);
        command.args(arguments).env_clear().envs(settings).current_dir(self.keys.path());
        command.output().unwrap()
    }

    /// What a command says, if it ends well.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The one line with which a command fails.
    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        let told = said.lines().filter(|line| line.starts_with("tiketi: "));
        assert_eq!(told.count(), 1, "{said}");
        said
    }
}

#[test]
fn a_node_that_runs_alone_has_none_to_list() {
    let output = tiketi(&["dlq", "list"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a node that runs alone keeps dead letters in memory"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    let output = tiketi(&["dlq", "replay"]);
    assert!(!output.status.success(), "which ones must be said");
    let output = tiketi(&["dlq", "replay", "--all", "stats/0/1"]);
    assert!(!output.status.success(), "all or some");
}

#[test]
fn a_kafka_that_cannot_be_reached_is_named_with_what_to_do() {
    let said = Cluster::with_kafka("127.0.0.1:1", "tiketi").fails(&["dlq", "list"]);
    assert!(said.contains("cannot reach Kafka at 127.0.0.1:1"), "{said}");
    assert!(said.contains("start a broker there, or name others that run"), "{said}");
}

#[test]
fn a_node_that_relays_does_not_start_without_kafka() {
    let Some(postgres) = services::address("TIKETI_TEST_POSTGRES") else { return };
    let Some(redis) = services::address("TIKETI_TEST_REDIS") else { return };
    let cluster = Cluster::of(&postgres, &redis, "127.0.0.1:1", "tiketi");
    cluster.says(&["migrate"]);
    let said = cluster.fails(&["serve"]);
    assert!(said.contains("cannot reach Kafka at 127.0.0.1:1"), "{said}");
}

/// Buries messages of an event as a consumer would.
async fn bury(stream: &KafkaStream, event: EventId, payloads: &[&'static str]) {
    let message = |(payload, seq): (&&'static str, u64)| Message {
        event,
        seq: Seq(seq),
        payload: (*payload).into(),
        trace: None,
    };
    stream.publish(payloads.iter().zip(1..).map(message).collect()).await.unwrap();
    let mut reader = stream.subscribe("stats").await.unwrap();
    let mut buried = 0;
    while buried < payloads.len() {
        for delivery in reader.next(9).await.unwrap() {
            reader.bury(&delivery, "it cannot be read").await.unwrap();
            buried += 1;
        }
    }
    reader.commit().await.unwrap();
}

#[tokio::test]
async fn letters_are_listed_replayed_one_by_one_and_all_at_once() {
    let Some(kafka) = services::address("TIKETI_TEST_KAFKA") else { return };
    let prefix = format!("test-{:016x}", RandomState::new().hash_one(0));
    let config = KafkaConfig {
        brokers: vec![kafka.clone()],
        prefix: prefix.clone(),
        ..KafkaConfig::default()
    };
    let stream = KafkaStream::open(config).await.unwrap();
    let event = EventId::new(5);
    bury(&stream, event, &["one", "two", "three"]).await;
    let cluster = Cluster::with_kafka(&kafka, &prefix);
    let listed = cluster.says(&["dlq", "list"]);
    let letters: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let event = event.to_string();
    let shown: Vec<_> = letters.iter().map(|of| (of[1], of[2], of[4])).collect();
    let why = "it cannot be read";
    assert_eq!(shown, [(&*event, "1", why), (&*event, "2", why), (&*event, "3", why)]);
    assert_eq!(cluster.says(&["dlq", "list", "--limit", "1"]).lines().count(), 1);

    let second = letters[1][0];
    let said = cluster.fails(&["dlq", "replay", second, "stats/9/9"]);
    assert!(said.contains("there is no dead letter stats/9/9"), "{said}");
    let said = cluster.says(&["dlq", "replay", second]);
    assert!(said.contains(&format!("replayed {second}\n1 of 1 replayed")), "{said}");
    assert!(!cluster.says(&["dlq", "list"]).contains(second));
    assert!(cluster.says(&["dlq", "replay", "--all"]).contains("2 of 2 replayed"));
    assert_eq!(cluster.says(&["dlq", "list"]), "");
    assert_eq!(stream.list(9).await, Ok(Vec::new()));

    let mut again = stream.subscribe("stats").await.unwrap();
    let mut payloads = Vec::new();
    while payloads.len() < 3 {
        payloads.extend(again.next(9).await.unwrap().into_iter().map(|of| of.payload));
    }
    assert_eq!(payloads, ["two", "one", "three"], "in the order of replaying, for everybody");
}

#[tokio::test]
async fn an_operator_replays_a_letter_with_a_reason() {
    let Some(shared) = shared_services().await else { return };
    let of = |name: &str| shared.environment[&format!("TIKETI_CLUSTER__{name}")].clone();
    let config = KafkaConfig {
        brokers: vec![of("KAFKA_BROKERS")],
        prefix: of("PREFIX"),
        ..KafkaConfig::default()
    };
    let stream = KafkaStream::open(config).await.unwrap();
    let event = EventId::new(5);
    bury(&stream, event, &["one"]).await;
    let position = stream.list(9).await.unwrap()[0].position.clone();
    let server =
        Server::with(Setup { environment: shared.environment.clone(), ..Setup::default() });
    let administrator = server.operator().await;
    let listed = eventually("a worker is heard of", || async {
        let said = top(&server, OPERATOR, &["streams"]).await;
        said.contains(&position).then_some(said)
    })
    .await;
    assert!(
        listed.contains(&event.to_string()) && listed.contains("it cannot be read"),
        "{listed}"
    );
    let path = "/api/v1/ops/dead-letters/actions";
    let body = json!({"position": position, "reason": "the consumer reads it now"});
    assert_eq!(server.fan("fan").await.post(path, &body).await.code(), "forbidden");
    let other = json!({"position": "stats/9/9", "reason": "the consumer reads it now"});
    assert_eq!(administrator.post(path, &other).await.code(), "no_such_page");
    let silent = json!({"position": position});
    assert_eq!(administrator.post(path, &silent).await.code(), "invalid_value");
    let ask = json!({"position": position, "preview": true});
    let shown = administrator.post(path, &ask).await.ok();
    assert_eq!((&shown["seq"], &shown["done"]), (&json!(1), &json!(false)));
    assert_eq!(stream.list(9).await.unwrap().len(), 1, "only asked");
    assert_eq!(administrator.post(path, &body).await.ok()["done"], true);
    let left = stream.list(9).await.unwrap();
    assert!(left.iter().all(|letter| letter.position != position), "{left:?}");
    let log = administrator.get("/api/v1/ops/audit?action=replay_dead_letter").await.ok();
    let told = log["entries"].as_array().unwrap().iter().map(|of| of["outcome"].clone());
    assert_eq!(told.collect::<Vec<_>>(), ["done", "asked"]);
    assert_eq!(log["entries"][0]["event"], json!(event.to_string()));
}

#[tokio::test]
async fn a_gateway_that_is_no_worker_shows_and_replays_what_a_worker_reaches() {
    let Some(shared) = shared_services().await else { return };
    let of = |name: &str| shared.environment[&format!("TIKETI_CLUSTER__{name}")].clone();
    let config = KafkaConfig {
        brokers: vec![of("KAFKA_BROKERS")],
        prefix: of("PREFIX"),
        ..KafkaConfig::default()
    };
    let stream = KafkaStream::open(config).await.unwrap();
    bury(&stream, EventId::new(5), &["one", "two"]).await;
    let node = |roles: &str| {
        let mut environment = shared.environment.clone();
        environment.insert("TIKETI_ROLES".to_owned(), roles.to_owned());
        Server::with(Setup { environment, ..Setup::default() })
    };
    let gateway = node(r#"["gateway", "engine"]"#);
    let administrator = gateway.operator().await;
    let (list, replay) = ("/api/v1/ops/dead-letters", "/api/v1/ops/dead-letters/actions");
    let nobody = administrator.get(list).await.ok();
    assert_eq!((&nobody["reached"], &nobody["letters"]), (&json!(false), &json!([])));
    let lost = json!({"position": "stats/0/0", "reason": "the consumer reads it now"});
    assert_eq!(administrator.post(replay, &lost).await.code(), "unavailable");

    let mut worker = node(r#"["gateway", "worker"]"#);
    let positions = |body: &Value| -> Vec<Value> {
        body["letters"].as_array().unwrap().iter().map(|of| of["position"].clone()).collect()
    };
    let listed = eventually("a worker is heard of", || async {
        let now = administrator.get(list).await;
        (now.body["reached"] == true).then_some(now.body)
    })
    .await;
    assert_eq!((&listed["lasting"], &listed["more"]), (&json!(true), &json!(false)));
    let [first, second] = &positions(&listed)[..] else { panic!("{listed}") };
    let body = json!({"position": first, "reason": "the consumer reads it now"});
    let ask = json!({"position": first, "preview": true});
    let shown = administrator.post(replay, &ask).await.ok();
    assert_eq!((&shown["bytes"], &shown["done"]), (&json!(3), &json!(false)));
    assert_eq!(administrator.post(replay, &body).await.ok()["done"], true);
    assert_eq!(administrator.post(replay, &body).await.code(), "no_such_page", "it is gone");
    let left = positions(&administrator.get(list).await.ok());
    assert!(left.contains(second) && !left.contains(first), "{left:?}");
    let log = administrator.get("/api/v1/ops/audit?action=replay_dead_letter").await.ok();
    let told = log["entries"].as_array().unwrap().iter().map(|of| of["outcome"].clone());
    assert_eq!(told.collect::<Vec<_>>(), ["done", "asked"]);

    worker.process.kill();
    let gone = administrator.get(list).await.ok();
    assert_eq!(gone["reached"], false, "that no worker answers is no empty list");
}
