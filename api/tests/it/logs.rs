//! What nodes log at the most talkative level: never what LOGS.md says is never logged.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::collector::Collector;
use crate::harness::{
    Answer, Caller, PASSWORD, SANDBOX_SECRET, Server, eventually, shared_services,
};
use crate::live::watch_as;
use crate::purchase::go_to_pay;
use crate::traces::two_nodes;

/// What was given to the nodes, by its name in LOGS.md.
#[derive(Default)]
struct Planted(BTreeMap<&'static str, BTreeSet<String>>);

impl Planted {
    fn plant(&mut self, what: &'static str, value: impl Into<String>) {
        let value: String = value.into();
        assert!(value.len() > 6, "{what}: {value:?} is found anywhere");
        self.0.entry(what).or_default().insert(value);
    }

    /// The two cookies of an answer.
    fn cookies(&mut self, answer: &Answer) -> Vec<String> {
        let all = answer.headers.get_all(SET_COOKIE).iter();
        let all = all.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        let all: Vec<String> = all.collect();
        for cookie in &all {
            let (name, value) = cookie.split_once('=').unwrap();
            let access = name == "tiketi-access";
            self.plant(if access { "access token" } else { "refresh token" }, value);
        }
        assert_eq!(all.len(), 2, "{answer:?}");
        all
    }

    /// Everything that is in a text.
    fn found_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'static str, &'a str)> {
        let all =
            self.0.iter().flat_map(|(what, values)| values.iter().map(|value| (*what, value)));
        all.filter(|(_, value)| text.contains(value.as_str())).map(|(what, value)| (what, &**value))
    }
}

/// The names of what LOGS.md says is never logged.
fn never_logged() -> BTreeSet<String> {
    let page = include_str!("../../../k8s/monitoring/LOGS.md");
    let (_, table) = page.split_once("## What is never logged").unwrap();
    let row = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    table.lines().filter_map(row).collect()
}

async fn sign_up(server: &Server, planted: &mut Planted) -> (Caller, Vec<String>) {
    let (email, name) = ("ha.neul.secret@fans.example", "Haneul Secret-Name");
    let body = json!({"email": email, "name": name, "password": PASSWORD});
    let fan = Caller::new(&server.url);
    let made = fan.post("/api/v1/accounts", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    planted.plant("e-mail address", email);
    planted.plant("e-mail address", "ha.neul.secret%40fans.example");
    planted.plant("name", name);
    planted.plant("password", PASSWORD);
    let cookies = planted.cookies(&made);
    assert_eq!(fan.post("/api/v1/accounts", &body).await.code(), "email_taken");
    (fan, cookies)
}

/// Signs in with wrong and right passwords, renews the session, sends what nobody can read.
async fn come_and_go(server: &Server, planted: &mut Planted) {
    let wrong = "a wrong secret password";
    planted.plant("password", wrong);
    let caller = Caller::new(&server.url);
    let body =
        |password: &str| json!({"email": "ha.neul.secret@fans.example", "password": password});
    assert_eq!(caller.post("/api/v1/session", &body(wrong)).await.code(), "wrong_credentials");
    let signed_in = caller.post("/api/v1/session", &body(PASSWORD)).await;
    let cookies = planted.cookies(&signed_in);
    let refresh = format!("{}/api/v1/session/refresh", server.url);
    let send = |cookie: &str| Caller::new(&server.url).http.post(&refresh).header(COOKIE, cookie);
    let renewed = crate::harness::read(send(&cookies[1]).send().await.unwrap()).await.unwrap();
    planted.cookies(&renewed);
    let reused = send(&cookies[1]).send().await.unwrap();
    assert_eq!(reused.status(), 401);
    planted.plant("cookie", "nonsense-cookie-value");
    assert_eq!(send("tiketi-refresh=nonsense-cookie-value").send().await.unwrap().status(), 401);
    let forged = "eyJhbGciOiJIUzI1NiJ9.forged.access-token";
    planted.plant("access token", forged);
    let path = format!("{}/api/v1/session", server.url);
    let asked = Caller::new(&server.url).http.get(path);
    let asked = asked.header(COOKIE, format!("tiketi-access={forged}")).send().await.unwrap();
    assert_eq!(asked.status(), 401);
    // Cut short in the middle of a password.
    let broken = format!(r#"{{"email": "ha.neul.secret@fans.example", "password": "{PASSWORD}"#);
    let path = format!("{}/api/v1/session", server.url);
    let post = caller.http.post(path).header("content-type", "application/json").body(broken);
    assert_eq!(post.send().await.unwrap().status(), 400);
}

/// Buys, is declined, returns; the gate reads a ticket and a forged one.
async fn buy(server: &Server, fan: &Caller, operator: &Caller, event: &str, planted: &mut Planted) {
    let bought = go_to_pay(fan, event, 2, "succeed").await;
    planted.plant("payment key", bought.given["paymentKey"].clone());
    let paid = bought.confirm(fan).await.ok();
    assert_eq!(paid["state"], "paid");
    let tickets = paid["tickets"].as_array().unwrap();
    let code = async |ticket: &Value| {
        let path = format!("/api/v1/tickets/{}", ticket.as_str().unwrap());
        fan.get(&path).await.ok()["code"].as_str().unwrap().to_owned()
    };
    let code = code(&tickets[0]).await;
    let redeem = |code: &str| json!({"code": code, "gate": "Gate 3"});
    for forged in [code.clone(), format!("{}AAAA", &code[..code.len() - 4])] {
        operator.post("/api/v1/gate/redeem", &redeem(&forged)).await;
        planted.plant("ticket code", forged);
    }
    let other = Caller::new(&server.url);
    let email = "another.secret@fans.example";
    planted.plant("e-mail address", email);
    let body = json!({"email": email, "name": "Somebody Else-Secret", "password": PASSWORD});
    planted.plant("name", "Somebody Else-Secret");
    planted.cookies(&other.post("/api/v1/accounts", &body).await);
    let declined = go_to_pay(&other, event, 1, "fail").await;
    planted.plant("payment key", declined.given["paymentKey"].clone());
    assert_eq!(declined.confirm(&other).await.ok()["state"], "awaiting_payment");
    let webhook = json!({
        "eventType": "PAYMENT_STATUS_CHANGED",
        "data": {"orderId": "x", "paymentKey": "tsk_forged_webhook_key", "status": "DONE"},
    });
    planted.plant("payment key", "tsk_forged_webhook_key");
    assert_eq!(other.post("/api/v1/webhooks/toss", &webhook).await.status, 204);
}

/// What the configuration has, in every form in which it might be written.
fn of_configuration(environment: &BTreeMap<String, String>, planted: &mut Planted) {
    planted.plant("payment secret", SANDBOX_SECRET);
    planted.plant("payment secret", STANDARD.encode(format!("{SANDBOX_SECRET}:")));
    let password = |name: &str| {
        let rest = environment[name].split_once("://").unwrap().1;
        let user = rest.split_once('@').unwrap().0;
        user.split_once(':').unwrap().1.to_owned()
    };
    planted.plant("Postgres password", password("TIKETI_CLUSTER__POSTGRES_URL"));
    planted.plant("Redis password", password("TIKETI_CLUSTER__REDIS_URL"));
    for name in ["access", "ticket", "node", "edge"] {
        let path = format!("{}/{name}.key", environment["TIKETI_KEYS_DIR"]);
        let key = std::fs::read(path).unwrap();
        planted.plant("signing key", STANDARD.encode(&key));
        planted.plant("signing key", URL_SAFE_NO_PAD.encode(&key));
        let numbers = key.iter().take(8).map(ToString::to_string).collect::<Vec<_>>();
        planted.plant("signing key", numbers.join(", "));
    }
    // Names of headers: where they are written, their values are.
    planted.plant("signature", "x-tiketi-signature");
    planted.plant("cookie", "tiketi-access");
    planted.plant("cookie", "tiketi-refresh");
}

fn log_of(server: &Server) -> String {
    std::fs::read_to_string(server.data_dir().join("server.log")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_logged_is_in_no_log_and_no_trace_of_a_sale() {
    let Some(mut shared) = shared_services().await else { return };
    let collector = Collector::start().await;
    shared.environment.extend(collector.settings("1"));
    let talkative = [("FILTER", "trace"), ("FORMAT", "json")];
    let talkative =
        talkative.map(|(name, value)| (format!("TIKETI_LOG__{name}"), value.to_owned()));
    shared.environment.extend(talkative);
    let mut planted = Planted::default();
    of_configuration(&shared.environment, &mut planted);
    let (mut owner, mut front) = two_nodes(shared.environment.clone());
    let link = owner.says(&["operator-link"]);
    let token = link.trim().split_once('#').unwrap().1.to_owned();
    planted.plant("set-up token", token.clone());
    planted.plant("set-up token", "a-forged-set-up-token");
    let operator = Caller::new(&front.url);
    for token in ["a-forged-set-up-token", &token] {
        let body = json!({
            "token": token, "email": "operator@example.com", "name": "Op", "password": PASSWORD,
        });
        operator.post("/api/v1/setup", &body).await;
    }
    planted.plant("e-mail address", "operator@example.com");
    assert_eq!(operator.get("/api/v1/session").await.ok()["role"], "administrator");
    let event = owner.event(&operator, 4, 8, |_| ()).await;
    let (fan, cookies) = sign_up(&front, &mut planted).await;
    come_and_go(&front, &mut planted).await;
    watch_as(&front, &event, &cookies[0]).await;
    buy(&front, &fan, &operator, &event, &mut planted).await;
    let refused = fan.get("/api/v1/operator/charts").await;
    assert_eq!(refused.code(), "forbidden");
    eventually("the record stream is counted", async || {
        (front.metric("tiketi_stats_counted_total").await > 0).then_some(())
    })
    .await;
    assert!(front.process.terminate().success() && owner.process.terminate().success());

    let names: BTreeSet<String> = planted.0.keys().map(|&name| name.to_owned()).collect();
    assert_eq!(names, never_logged(), "each is in LOGS.md and was planted");
    for (node, log) in [("front", log_of(&front)), ("owner", log_of(&owner))] {
        assert!(log.lines().count() > 200, "{node} logs too little to show anything");
        for line in log.lines() {
            let found: Vec<_> = planted.found_in(line).collect();
            assert!(found.is_empty(), "{node} logs {found:?}: {line}");
            let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?}"));
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
    }
    for span in collector.spans() {
        let text = format!("{span:?}");
        let found: Vec<_> = planted.found_in(&text).collect();
        assert!(found.is_empty(), "a span has {found:?}: {text}");
    }
    has_the_trace_of(&log_of(&front), &refused, &collector);
}

/// The line of a request names the request as its answer does, and the trace as the collector has it.
fn has_the_trace_of(log: &str, refused: &Answer, collector: &Collector) {
    let id = refused.headers["x-request-id"].to_str().unwrap();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let line = lines
        .into_iter()
        .find(|line| line["span"]["request.id"] == id && line["fields"]["message"] == "refused");
    let line = line.expect("the refusal is logged");
    assert_eq!(line["fields"]["code"], "forbidden");
    let spans = collector.spans();
    let span = spans.iter().find(|span| span.of.get("request.id").is_some_and(|of| of == id));
    assert_eq!(line["span"]["trace_id"], span.expect("it was traced").trace);
}

#[tokio::test]
async fn a_start_that_fails_says_no_password() {
    let password = "kTh3wq9PzLxW-of-the-service";
    for (name, url) in [
        ("POSTGRES", format!("postgres://tiketi:{password}@127.0.0.1:1/tiketi")),
        ("REDIS", format!("redis://:{password}@127.0.0.1:1")),
    ] {
        let Some(mut shared) = shared_services().await else { return };
        shared.environment.insert(format!("TIKETI_CLUSTER__{name}_URL"), url);
        shared.environment.insert("TIKETI_LOG__FILTER".to_owned(), "trace".to_owned());
        let output = std::process::Command::new(crate::harness::BINARY)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .envs(&shared.environment)
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = format!("{output:?}");
        assert!(!said.contains(password), "{name}: {said}");
    }
}
