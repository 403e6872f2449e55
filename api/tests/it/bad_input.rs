//! Bad requests, each with its stable code; the sale is the same after all of them.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use tiketi_engine::domain::change::Change;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::journal::ChainHash;
use tiketi_engine::ports::{Catalog as _, Journal as _};
use tiketi_persistence::embedded;

use crate::harness::{Answer, Caller, Server, Setup, eventually, read};

/// A room with everything that a bad request can be about.
struct Scene {
    server: Server,
    operator: Caller,
    /// Admitted, with a hold of places 0 and 1.
    holder: Caller,
    hold: String,
    /// Admitted, with an order.
    orderer: Caller,
    order: String,
    payment: String,
    /// Not signed in.
    nobody: Caller,
    /// Signed in, nowhere.
    outsider: Caller,
    /// Waiting in line.
    waiter: Caller,
    event: String,
    paused: String,
    closed: String,
    future: String,
}

impl Scene {
    async fn set() -> Self {
        let server = Server::with(Setup { payments: true, ..Setup::default() });
        let operator = server.operator().await;
        let event = server
            .event(&operator, 4, 8, |body| {
                body["admitted_max"] = json!(2);
                body["places_per_hold_max"] = json!(4);
                body["places_per_fan_max"] = json!(5);
                body["hold_extension_s"] = json!(0);
            })
            .await;
        let mut others = Vec::new();
        for _ in 0..3 {
            let change = |body: &mut Value| {
                if others.len() == 2 {
                    body["opens_at"] = json!("2029-01-01T00:00:00Z");
                }
            };
            others.push(server.event(&operator, 2, 4, change).await);
        }
        let [paused, closed, future] = <[String; 3]>::try_from(others).unwrap();
        for (event, action) in [(&paused, "pause"), (&closed, "close")] {
            let body = json!({"action": action, "reason": "for the test"});
            operator.post(&format!("/api/v1/ops/events/{event}/actions"), &body).await.ok();
        }
        let (holder, orderer) = (server.fan("holder").await, server.fan("orderer").await);
        holder.enter(&event).await;
        let first = [
            json!({"type": "seat", "place": 0, "ticket_type": "adult"}),
            json!({"type": "seat", "place": 1, "ticket_type": "child"}),
        ];
        let body = json!({"type": "places", "items": first});
        let hold = holder.keyed(&format!("/api/v1/events/{event}/holds"), &body, "once").await.ok();
        orderer.enter(&event).await;
        let ordered = orderer.hold_seat(&event, 8).await.ok();
        let path = format!("/api/v1/holds/{}/order", ordered["id"].as_str().unwrap());
        let order = orderer.post(&path, &json!({})).await.ok()["id"].as_str().unwrap().to_owned();
        let started =
            orderer.post(&format!("/api/v1/orders/{order}/payments"), &json!({})).await.ok();
        let waiter = server.fan("waiter").await;
        waiter.post(&format!("/api/v1/events/{event}/queue"), &json!({})).await.ok();
        Self {
            hold: hold["id"].as_str().unwrap().to_owned(),
            payment: started["payment"].as_str().unwrap().to_owned(),
            outsider: server.fan("outsider").await,
            nobody: Caller::new(&server.url),
            server,
            operator,
            holder,
            orderer,
            order,
            waiter,
            event,
            paused,
            closed,
            future,
        }
    }

    /// The hash of the sale's state, replayed from its journal.
    async fn state_hash(&self) -> [u8; 32] {
        let event: EventId = self.event.parse().unwrap();
        let store = embedded(&self.server.data_dir().join("tiketi.db")).await.unwrap();
        let mut sale: Option<Sale> = None;
        let (mut seq, mut hash) = (Seq(0), ChainHash::default());
        for batch in store.batches(event, Seq(0), u32::MAX).await.unwrap() {
            for record in batch.open(seq, hash).unwrap() {
                match (&mut sale, &record.change) {
                    (None, Change::SaleOpened { terms }) => {
                        let chart = store.chart(terms.chart).await.unwrap().unwrap();
                        sale = Some(Sale::open(event, Arc::clone(&chart), &record));
                    }
                    (Some(sale), _) => sale.apply(&record),
                    (None, _) => panic!("a journal begins with an opening"),
                }
            }
            (seq, hash) = (batch.last, batch.hash);
        }
        store.close().await;
        sale.unwrap().state_hash()
    }
}

/// One line of the table.
struct Case<'a> {
    what: &'a str,
    by: &'a Caller,
    key: Option<&'a str>,
    method: Method,
    path: String,
    body: Option<Value>,
    expected: (u16, &'a str),
}

const TABLE: &str = include_str!("bad_requests.txt");

fn seats(places: &str) -> Value {
    let seat = |place: &str| {
        let place: Value = serde_json::from_str(place).unwrap();
        json!({"type": "seat", "place": place, "ticket_type": "adult"})
    };
    let items: Vec<Value> = places.split(',').filter(|p| !p.is_empty()).map(seat).collect();
    json!({"type": "places", "items": items})
}

fn best(quantity: i64) -> Value {
    json!({"type": "best_available", "quantity": quantity, "ticket_type": "adult"})
}

impl Scene {
    fn cases(&self) -> Vec<Case<'_>> {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| self.case(line)).collect()
    }

    fn case<'a>(&'a self, line: &'a str) -> Case<'a> {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [what, by, key, request, body, expected] = columns[..] else { panic!("{line}") };
        let (method, path) = request.split_once(' ').unwrap();
        let (status, code) = expected.split_once(' ').unwrap();
        let body = match body.split_once(':') {
            Some(("BEST", quantity)) => Some(best(quantity.parse().unwrap())),
            Some(("SEATS", places)) => Some(seats(places)),
            _ if body.is_empty() => None,
            _ => Some(serde_json::from_str(&self.with_names(body)).unwrap()),
        };
        Case {
            what,
            by: self.caller(by),
            key: (!key.is_empty()).then_some(key),
            method: method.parse().unwrap(),
            path: self.with_names(path),
            body,
            expected: (status.parse().unwrap(), code),
        }
    }

    fn caller(&self, name: &str) -> &Caller {
        match name {
            "nobody" => &self.nobody,
            "outsider" => &self.outsider,
            "waiter" => &self.waiter,
            "holder" => &self.holder,
            "orderer" => &self.orderer,
            "operator" => &self.operator,
            other => panic!("who is {other}?"),
        }
    }

    fn with_names(&self, path: &str) -> String {
        path.replace("{event}", &self.event)
            .replace("{paused}", &self.paused)
            .replace("{closed}", &self.closed)
            .replace("{future}", &self.future)
            .replace("{hold}", &self.hold)
            .replace("{ordered}", &self.order.replace("ord_", "hld_"))
            .replace("{order}", &self.order)
            .replace("{payment}", &self.payment)
    }
}

#[tokio::test]
async fn every_bad_request_has_its_code_and_changes_nothing() {
    let scene = Scene::set().await;
    let before = scene.state_hash().await;
    let cases = scene.cases();
    assert!(cases.len() >= 90, "{} cases", cases.len());
    for case in cases {
        let sent = case.by.send(case.method, &case.path, case.body.as_ref(), case.key).await;
        let answer = sent.unwrap();
        assert_eq!((answer.status, answer.code()), case.expected, "{}: {}", case.what, answer.body);
        check_shape(&answer, case.what);
    }
    bad_bytes(&scene).await;
    assert_eq!(scene.state_hash().await, before, "something changed");
}

/// Every error is a problem detail with all its members.
fn check_shape(answer: &Answer, what: &str) {
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
    for member in ["type", "title", "detail", "code", "request_id"] {
        assert!(answer.body[member].is_string(), "{what}: no {member} in {}", answer.body);
    }
    assert_eq!(answer.body["status"], answer.status, "{what}");
    let id = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(answer.body["request_id"], id, "{what}");
}

/// What, content type, body, key, answer.
type Raw = (&'static str, &'static str, Vec<u8>, &'static str, (u16, &'static str));

/// Bodies and headers that are not even JSON.
async fn bad_bytes(scene: &Scene) {
    let url = format!("{}/api/v1/events/{}/holds", scene.server.url, scene.event);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(10_000));
    let valid = best(1).to_string();
    let json = "application/json";
    let cases: [Raw; 9] = [
        ("no JSON", json, b"hello".to_vec(), "k", (400, "malformed_body")),
        ("half a body", json, b"{\"type\":".to_vec(), "k", (400, "malformed_body")),
        ("deep nesting", json, deep.into_bytes(), "k", (400, "malformed_body")),
        ("bad UTF-8", json, vec![b'"', 0xff, 0xfe, b'"'], "k", (400, "malformed_body")),
        ("too large", json, vec![b' '; 70_000], "k", (413, "body_too_large")),
        (
            "a form",
            "application/x-www-form-urlencoded",
            b"a=b".to_vec(),
            "k",
            (415, "wrong_media_type"),
        ),
        ("plain text", "text/plain", valid.clone().into_bytes(), "k", (415, "wrong_media_type")),
        ("an empty key", json, valid.clone().into_bytes(), "", (400, "malformed_idempotency_key")),
        ("a key with spaces", json, valid.into_bytes(), "a b", (400, "malformed_idempotency_key")),
    ];
    for (what, content_type, body, key, expected) in cases {
        let request = scene.holder.http.post(&url).header("content-type", content_type);
        let request = request.header("idempotency-key", key).body(body);
        let answer = read(request.send().await.unwrap()).await.unwrap();
        assert_eq!((answer.status, answer.code()), expected, "{what}: {}", answer.body);
        check_shape(&answer, what);
    }
    let long = "k".repeat(256);
    let answer = scene.holder.keyed(&url.replace(&scene.server.url, ""), &best(1), &long).await;
    assert_eq!(answer.code(), "malformed_idempotency_key");
}

#[tokio::test]
async fn a_hold_that_has_expired_is_no_hold() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 4, |body| body["hold_ttl_s"] = json!(1)).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let hold = fan.hold_seat(&event, 1).await.ok();
    let path = format!("/api/v1/holds/{}/order", hold["id"].as_str().unwrap());
    eventually("the hold expires", async || {
        let me = fan.get(&format!("/api/v1/events/{event}/me")).await.ok();
        me["hold"].is_null().then_some(())
    })
    .await;
    assert_eq!(fan.post(&path, &json!({})).await.code(), "unknown_hold");
    assert_eq!(fan.hold_seat(&event, 1).await.status, 200, "the seat is free again");
}

#[tokio::test]
async fn a_repeat_with_the_same_key_gets_the_same_answer_and_is_done_once() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let path = format!("/api/v1/events/{event}/holds");
    let asked = (0..20).map(|_| fan.keyed(&path, &ANY, "the-key"));
    let answers = futures_util::future::join_all(asked).await;
    let first = answers[0].clone().ok();
    for answer in answers {
        assert_eq!(answer.ok(), first);
    }
    let release = format!("/api/v1/holds/{}", first["id"].as_str().unwrap());
    assert_eq!(fan.delete(&release).await.status, 204);
    assert_eq!(fan.keyed(&path, &ANY, "the-key").await.ok(), first, "the first answer, for a day");
    let me = fan.get(&format!("/api/v1/events/{event}/me")).await.ok();
    assert!(me["hold"].is_null(), "and nothing is done again");
    let other = server.fan("other").await;
    other.enter(&event).await;
    let own = other.keyed(&path, &ANY, "the-key").await.ok();
    assert_ne!(own["id"], first["id"], "a key is one account's");
}

/// A party of two.
static ANY: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| best(2));
