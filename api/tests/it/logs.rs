//! What nodes log at the most talkative level: never what LOGS.md says is never logged.

use std::collections::BTreeMap;

use reqwest::header::COOKIE;
use serde_json::{Value, json};

use crate::collector::Collector;
use crate::harness::{
    Answer, Caller, PASSWORD, SANDBOX_SECRET, Server, eventually, shared_services,
};
use crate::live::watch_as;
use crate::purchase::go_to_pay;
use crate::secrets::{Planted, never_logged};
use crate::traces::two_nodes;

async fn sign_up(server: &Server, planted: &mut Planted) -> (Caller, Vec<String>) {
    let (email, name) = ("ha.neul.secret@fans.example", "Haneul Secret-Name");
    let body = json!({"email": email, "name": name, "password": PASSWORD});
    let fan = Caller::new(&server.url);
    let made = fan.post("/api/v1/accounts", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    planted.plant_email(email);
    planted.plant("name", name);
    planted.plant("password", PASSWORD);
    let cookies = planted.plant_cookies(&made);
    assert_eq!(fan.post("/api/v1/accounts", &body).await.code(), "email_taken");
    (fan, cookies)
}

/// Signs in with wrong and right passwords, renews the session, sends what nobody can read.
async fn come_and_go(server: &Server, planted: &mut Planted) {
    let wrong = r#"a wrong "secret" password"#;
    planted.plant("password", wrong);
    let caller = Caller::new(&server.url);
    let body =
        |password: &str| json!({"email": "ha.neul.secret@fans.example", "password": password});
    assert_eq!(caller.post("/api/v1/session", &body(wrong)).await.code(), "wrong_credentials");
    let signed_in = caller.post("/api/v1/session", &body(PASSWORD)).await;
    let cookies = planted.plant_cookies(&signed_in);
    let refresh = format!("{}/api/v1/session/refresh", server.url);
    let send = |cookie: &str| Caller::new(&server.url).http.post(&refresh).header(COOKIE, cookie);
    let renewed = crate::harness::read(send(&cookies[1]).send().await.unwrap()).await.unwrap();
    planted.plant_cookies(&renewed);
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
    planted.plant_email(email);
    let body = json!({"email": email, "name": "Somebody Else-Secret", "password": PASSWORD});
    planted.plant("name", "Somebody Else-Secret");
    planted.plant_cookies(&other.post("/api/v1/accounts", &body).await);
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

/// What the configuration has.
fn of_configuration(environment: &BTreeMap<String, String>, planted: &mut Planted) {
    planted.plant_payment_secret(SANDBOX_SECRET);
    let password = |name: &str| {
        let rest = environment[name].split_once("://").unwrap().1;
        let user = rest.split_once('@').unwrap().0;
        user.split_once(':').unwrap().1.to_owned()
    };
    planted.plant("Postgres password", password("TIKETI_CLUSTER__POSTGRES_URL"));
    planted.plant("Redis password", password("TIKETI_CLUSTER__REDIS_URL"));
    for name in ["access", "ticket", "node", "edge"] {
        let path = format!("{}/{name}.key", environment["TIKETI_KEYS_DIR"]);
        planted.plant_key(&std::fs::read(path).unwrap());
    }
    planted.plant_headers();
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
    planted.plant_email("operator@example.com");
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

    assert_eq!(planted.names(), never_logged(), "each is in LOGS.md and was planted");
    // What the logs do have, so that it is known to be searched for where it would be.
    let mut named = Planted::default();
    named.plant("event", event);
    named.plant("request", refused.headers["x-request-id"].to_str().unwrap());
    for (node, log) in [("front", front.log()), ("owner", owner.log())] {
        assert!(log.lines().count() > 200, "{node} logs too little to show anything");
        assert!(!named.leaks_in(&log).is_empty(), "{node} names nothing");
        assert_eq!(planted.leaks_in(&log), [], "{node}");
        for line in log.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?}"));
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
    }
    for span in collector.spans() {
        let text = format!("{span:?}");
        assert_eq!(planted.leaks_in(&text), [], "a span");
    }
    has_the_trace_of(&front.log(), &refused, &collector);
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
