//! `tiketi top`, as text and in a terminal.

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::harness::{BINARY, PASSWORD, Server, eventually};
use crate::ops::staff;

pub(crate) const OPERATOR: &str = "op@example.com";
/// How long a slow machine may take for one key.
const PATIENCE: Duration = Duration::from_mins(2);
const VIEWER: &str = "viewer@example.com";

/// What it says once, whoever asks.
async fn asked(url: &str, email: &str, password: Option<&str>, page: &[&str]) -> (i32, String) {
    let mut command = Command::new(BINARY);
    command.args(["top", url, "--email", email, "--page"]).args(page).env_clear();
    if let Some(password) = password {
        command.env("TIKETI_PASSWORD", password);
    }
    let Output { status, stdout, stderr } = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout) + &text(stderr))
}

pub(crate) async fn top(server: &Server, email: &str, page: &[&str]) -> String {
    let (code, said) = asked(&server.url, email, Some(PASSWORD), page).await;
    assert_eq!(code, 0, "{said}");
    said
}

#[track_caller]
fn has(said: &str, lines: &[&str]) {
    for line in lines {
        assert!(said.lines().any(|each| each == *line), "{line} is not in\n{said}");
    }
}

/// The line that begins so.
#[track_caller]
fn line<'a>(said: &'a str, begins: &str) -> &'a str {
    let found = said.lines().find(|line| line.starts_with(begins));
    found.unwrap_or_else(|| panic!("nothing begins with {begins} in\n{said}"))
}

#[tokio::test]
async fn whoever_may_look_sees_the_whole_in_a_terminal() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    operator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    let overview = top(&server, OPERATOR, &["overview"]).await;
    has(&overview, &["Double sales stopped: 0", "Nodes that answer: 1 / 1"]);
    has(&overview, &["The last two minutes"]);
    let nodes = top(&server, OPERATOR, &["nodes"]).await;
    assert!(nodes.contains("Up") && nodes.contains("gateway, engine, worker"), "{nodes}");
    let actors = eventually("the actor is heard of", || async {
        let said = top(&server, OPERATOR, &["actors"]).await;
        said.contains(&event).then_some(said)
    })
    .await;
    has(&actors, &["1–1 of 1"]);
    assert!(line(&actors, "A night").ends_with(&event), "{actors}");
}

#[tokio::test]
async fn a_sale_is_seen_with_its_line_its_holds_and_its_money() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let hold = fan.hold_best(&event, 2).await.ok()["id"].as_str().unwrap().to_owned();
    let order = fan.post(&format!("/api/v1/holds/{hold}/order"), &json!({})).await.ok();
    let actions = format!("/api/v1/ops/events/{event}/actions");
    let why = "more fans came than we can serve";
    for body in [
        json!({"action": "set_admission_rate", "admission_rate": 30, "reason": why}),
        json!({"action": "set_notice", "notice": "Doors open late", "reason": why}),
        json!({"action": "pause", "reason": why}),
    ] {
        operator.post(&actions, &body).await.ok();
    }
    let sale = eventually("the owner answers", || async {
        let said = top(&server, OPERATOR, &["sale", "--event", &event]).await;
        said.contains("Status: ").then_some(said)
    })
    .await;
    has(&sale, &["A night", "Status: Paused", "Held: 2", "Captured: 0 KRW", "Owed back: 0 KRW"]);
    has(&sale, &["Let in per minute at most: 30 a minute"]);
    has(&sale, &["What those in line read: Doors open late"]);
    assert!(line(&sale, "Inside: 1 / ").len() > "Inside: 1 / ".len(), "{sale}");
    has(&sale, &["Holds by age"]);
    let total = format!("{} KRW", order["total_minor"]);
    assert!(line(&sale, "Awaiting payment").ends_with(&total), "{sale}");
    assert!(line(&sale, order["id"].as_str().unwrap()).contains(&total), "{sale}");
    assert!(line(&sale, &hold).ends_with("Ordered"), "{sale}");
    let unsettled = sale.split_once("Payments that are not settled\n").unwrap().1;
    assert!(unsettled.starts_with("None."), "{sale}");
}

#[tokio::test]
async fn an_actor_is_seen_with_its_records_and_those_who_may_see_who_did_it() {
    let server = Server::start();
    let operator = server.operator().await;
    staff(&server, &operator, "viewer").await;
    let event = server.event(&operator, 2, 4, |body| body["title"] = json!("One night")).await;
    let fan = server.fan("fan").await;
    assert_eq!(fan.hold_best(&event, 1).await.code(), "not_admitted");
    let pause = json!({"action": "pause", "reason": "a trial of the doors"});
    operator.post(&format!("/api/v1/ops/events/{event}/actions"), &pause).await.ok();
    // A node counts for others once a second.
    let actor = eventually("the actor is heard of", || async {
        let said = top(&server, OPERATOR, &["actor", "--event", &event]).await;
        let heard = said.contains("not_admitted") && said.contains("Status: Paused");
        heard.then_some(said)
    })
    .await;
    has(&actor, &["One night", "Fence: 1", "Record: 2", "not_admitted  1", "Sockets: 0"]);
    let paused = line(&actor, "2 ");
    for part in ["operator", "status changed", OPERATOR, "a trial of the doors"] {
        assert!(paused.contains(part), "{part} is not in\n{actor}");
    }
    assert!(line(&actor, "1 ").contains("sale opened"), "{actor}");
    let to_a_viewer = top(&server, VIEWER, &["actor", "--event", &event]).await;
    assert!(line(&to_a_viewer, "2 ").contains("status changed"), "{to_a_viewer}");
    assert!(!to_a_viewer.contains(OPERATOR), "{to_a_viewer}");
    let lost = ["actor", "--event", "evt_0000000000001"];
    let (code, said) = asked(&server.url, OPERATOR, Some(PASSWORD), &lost).await;
    assert!(code == 2 && said.contains("404"), "{said}");
}

#[tokio::test]
async fn streams_are_seen_with_their_sockets_and_dead_letters() {
    let server = Server::start();
    let operator = server.operator().await;
    staff(&server, &operator, "viewer").await;
    server.event(&operator, 2, 4, |_| ()).await;
    let streams = eventually("somebody relays", || async {
        let said = top(&server, VIEWER, &["streams"]).await;
        said.contains("Records to go: 0").then_some(said)
    })
    .await;
    has(&streams, &["Relay", "Stuck events: 0", "Consumers", "Sockets", "Dead letters"]);
    has(&streams, &["There are none."]);
    assert!(line(&streams, "stats").starts_with("stats  1 "), "{streams}");
    assert!(streams.contains("Missed by slow readers  Resyncs"), "{streams}");
}

#[tokio::test]
async fn operators_see_settings_and_the_log_and_others_are_told_whom_to_ask() {
    let server = Server::start();
    let operator = server.operator().await;
    staff(&server, &operator, "viewer").await;
    let event = server.event(&operator, 2, 4, |_| ()).await;
    let pause = json!({"action": "pause", "reason": "a trial of the doors"});
    operator.post(&format!("/api/v1/ops/events/{event}/actions"), &pause).await.ok();
    let settings = top(&server, OPERATOR, &["settings"]).await;
    assert!(line(&settings, "listen ").ends_with("Command line --listen"), "{settings}");
    let folder = line(&settings, "data_dir");
    assert!(folder.ends_with("Environment TIKETI_DATA_DIR"), "{settings}");
    let log = top(&server, OPERATOR, &["audit", "--event", &event]).await;
    assert!(log.contains("and all of them are whole."), "{log}");
    let paused = log.lines().find(|line| line.contains("Pause") && line.contains("Done"));
    let paused = paused.unwrap_or_else(|| panic!("{log}"));
    assert!(paused.contains(OPERATOR) && paused.contains("a trial of the doors"), "{log}");
    for page in ["settings", "audit"] {
        let (code, said) = asked(&server.url, VIEWER, Some(PASSWORD), &[page]).await;
        assert_eq!(code, 2, "{said}");
        let whom =
            "tiketi: viewer@example.com may not look: an administrator can make it an operator";
        assert_eq!(said.trim_end(), whom);
    }
}

#[tokio::test]
async fn whoever_may_not_look_is_told_why_in_a_sentence() {
    let server = Server::start();
    server.fan("fan").await;
    let url = &server.url;
    let fan = "fan@example.com";
    let refused = [
        (asked(url, fan, Some(PASSWORD), &["overview"]).await, "may not look"),
        (asked(url, fan, Some(PASSWORD), &["streams"]).await, "make it a viewer"),
        (asked(url, fan, Some("wrong password"), &["nodes"]).await, "no account has"),
        (asked(url, fan, None, &["actors"]).await, "TIKETI_PASSWORD"),
        (asked("http://127.0.0.1:1", fan, Some("x"), &["nodes"]).await, "does not answer"),
        (asked("https://example.com", fan, Some("x"), &["nodes"]).await, "must be http://"),
    ];
    for ((code, said), because) in refused {
        assert_eq!(code, 2, "{said}");
        assert!(said.starts_with("tiketi: ") && said.contains(because), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn a_page_of_one_event_needs_to_be_told_which() {
    let (code, said) = asked("http://127.0.0.1:1", "a@example.com", Some("x"), &["sale"]).await;
    assert!(code == 2 && said.contains("--event"), "{said}");
}

/// What a page in a terminal of 160 by 24 says, as it comes.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    drawn: ChildStdout,
    said: String,
}

impl Terminal {
    fn open(server: &Server) -> Self {
        let top = format!("exec {BINARY} top {} --email {OPERATOR}", server.url);
        let mut child = Command::new("script")
            .args(["-qec", &format!("stty cols 160 rows 24; {top}"), "/dev/null"])
            .env("TIKETI_PASSWORD", PASSWORD)
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (keys, drawn) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, keys, drawn, said: String::new() }
    }

    async fn press(&mut self, key: &str) {
        self.said.clear();
        self.keys.write_all(key.as_bytes()).await.unwrap();
    }

    /// Waits until a word is drawn. Blanks between words are not.
    async fn says(&mut self, word: &str) {
        let mut some = [0; 4096];
        while !self.said.contains(word) {
            let many = timeout(PATIENCE, self.drawn.read(&mut some)).await;
            let many = many.unwrap_or_else(|_| panic!("never: {word}, but {}", self.said)).unwrap();
            assert!(many > 0, "it ended and said {}", self.said);
            self.said.push_str(&String::from_utf8_lossy(&some[..many]));
        }
    }
}

#[tokio::test]
async fn keys_open_pages_in_a_terminal_until_somebody_quits() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 4, |body| body["title"] = json!("Nocturne")).await;
    operator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    let mut terminal = Terminal::open(&server);
    terminal.says("minutes").await;
    terminal.press("6").await;
    terminal.says("force").await;
    terminal.press("3").await;
    terminal.says("Nocturne").await;
    terminal.press("\r").await;
    terminal.says("Records").await;
    terminal.press("o").await;
    terminal.says("Payments").await;
    terminal.press("\u{1b}").await;
    terminal.says("Nocturne").await;
    terminal.press("q").await;
    let ended = timeout(PATIENCE, terminal.child.wait()).await.expect("it never ends").unwrap();
    assert!(ended.success(), "{ended}");
}
