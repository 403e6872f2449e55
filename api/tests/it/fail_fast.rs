//! What keeps a node of a cluster from starting, each said in one sentence.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::harness::{BINARY, shared_services};

/// The sentence with which a start with these settings ends.
async fn refusal(environment: &BTreeMap<String, String>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ended = Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env_clear()
        .envs(environment)
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_mins(1), ended).await.expect("it does not run").unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    let told: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("tiketi: ")).collect();
    assert_eq!(told.len(), 1, "{said}");
    told[0].to_owned()
}

#[tokio::test]
async fn a_cluster_that_cannot_be_whole_does_not_start() {
    let Some(whole) = shared_services().await else { return };
    let twice = format!("{0},{0}", whole.environment["TIKETI_CLUSTER__KAFKA_BROKERS"]);
    let cases: [(&str, Option<&str>, &str); 9] = [
        ("CLUSTER__REDIS_URL", None, "set cluster.redis_url too"),
        ("CLUSTER__KAFKA_BROKERS", None, "set cluster.kafka_brokers too"),
        ("CLUSTER__POSTGRES_URL", None, "set cluster.postgres_url too"),
        ("CLUSTER__KAFKA_BROKERS", Some(&twice), "names the same one twice"),
        ("CLUSTER__REDIS_URL", Some("redis://:changeme@127.0.0.1:6379"), "placeholder"),
        ("CLUSTER__REDIS_URL", Some("redis://127.0.0.1:1"), "a Redis that can be reached"),
        ("CLUSTER__POSTGRES_URL", Some("postgres://a@127.0.0.1:1/a"), "127.0.0.1:1"),
        ("CLUSTER__KAFKA_BROKERS", Some("127.0.0.1:1"), "cannot reach Kafka at 127.0.0.1:1"),
        ("DATA_DIR", Some("elsewhere"), "keep nothing in data_dir"),
    ];
    for (setting, value, says) in cases {
        let mut environment = whole.environment.clone();
        environment.remove(&format!("TIKETI_{setting}"));
        environment.extend(value.map(|value| (format!("TIKETI_{setting}"), value.to_owned())));
        let said = refusal(&environment).await;
        assert!(said.contains(says), "{setting}: {said:?} does not say {says:?}");
    }
}

#[tokio::test]
async fn keys_that_a_cluster_shares_are_not_made_up() {
    let Some(whole) = shared_services().await else { return };
    let mut environment = whole.environment.clone();
    environment.insert("TIKETI_KEYS_DIR".to_owned(), "/nowhere".to_owned());
    let said = refusal(&environment).await;
    assert!(said.contains("tiketi make-keys"), "{said}");
}
