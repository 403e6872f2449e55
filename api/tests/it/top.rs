//! `tiketi top`, as text.

use std::process::Output;

use tokio::process::Command;

use crate::harness::{BINARY, Caller, PASSWORD, Server};

async fn top(url: &str, email: &str, password: Option<&str>, page: &str) -> (i32, String) {
    let mut command = Command::new(BINARY);
    command.args(["top", url, "--email", email, "--page", page]).env_clear();
    if let Some(password) = password {
        command.env("TIKETI_PASSWORD", password);
    }
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout) + &text(stderr))
}

#[tokio::test]
async fn whoever_may_look_sees_each_page_in_a_terminal() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    operator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    let (url, email) = (&server.url, "op@example.com");
    let (code, overview) = top(url, email, Some(PASSWORD), "overview").await;
    assert_eq!(code, 0, "{overview}");
    for line in ["sold twice: 0", "nodes heard: 1 of 1"] {
        assert!(overview.lines().any(|each| each == line), "{line} is not in\n{overview}");
    }
    let (_, nodes) = top(url, email, Some(PASSWORD), "nodes").await;
    assert!(nodes.contains("nodes: 1") && nodes.contains("gateway engine worker"), "{nodes}");
    let (_, actors) = top(url, email, Some(PASSWORD), "actors").await;
    assert!(actors.contains("actors: 1 to 1 of 1") && actors.contains(&event), "{actors}");
}

#[tokio::test]
async fn whoever_may_not_look_is_told_why_in_a_sentence() {
    let server = Server::start();
    let fan = Caller::new(&server.url);
    let body = serde_json::json!({"email": "fan@example.com", "name": "Fan", "password": PASSWORD});
    fan.post("/api/v1/accounts", &body).await.ok();
    let url = &server.url;
    let refused = [
        (top(url, "fan@example.com", Some(PASSWORD), "overview").await, "may not look"),
        (top(url, "fan@example.com", Some("wrong password"), "nodes").await, "no account has"),
        (top(url, "fan@example.com", None, "actors").await, "TIKETI_PASSWORD"),
        (top("http://127.0.0.1:1", "a@example.com", Some("x"), "nodes").await, "does not answer"),
        (top("https://example.com", "a@example.com", Some("x"), "nodes").await, "must be http://"),
    ];
    for ((code, said), because) in refused {
        assert_eq!(code, 2, "{said}");
        assert!(said.starts_with("tiketi: ") && said.contains(because), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
