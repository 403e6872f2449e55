//! The same session answered on one SQLite file and by a cluster: byte for byte the same, but for
//! ids, times and what is made of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, Server, Setup, eventually, shared_services};
use crate::purchase::choose;

/// What was asked and answered, one line each.
struct Session {
    server: Server,
    event: String,
    lines: Vec<String>,
}

impl Session {
    async fn say(&mut self, who: &Caller, method: Method, path: &str, body: Value) -> Value {
        let answer = who.send(method.clone(), path, Some(&body), None).await.unwrap();
        self.note(&format!("{method} {}", plain(path)), &answer);
        answer.body
    }

    async fn post(&mut self, who: &Caller, path: &str, body: Value) -> Value {
        self.say(who, Method::POST, path, body).await
    }

    async fn get(&mut self, who: &Caller, path: &str) -> Value {
        let answer = who.get(path).await;
        self.note(&format!("GET {}", plain(path)), &answer);
        answer.body
    }

    fn note(&mut self, asked: &str, answer: &Answer) {
        let kind = answer.headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let body = settled(answer.body.clone());
        self.lines.push(format!("{asked}\n  {} {kind:?}\n  {body}", answer.status));
    }

    /// A path of the event.
    fn of_event(&self, rest: &str) -> String {
        format!("/api/v1/events/{}{rest}", self.event)
    }

    /// Pays an order at the sandbox; the answer to the confirmation.
    async fn pay(&mut self, fan: &Caller, order: &str, choice: &str) -> Value {
        let path = format!("/api/v1/orders/{order}/payments");
        let started = self.post(fan, &path, json!({})).await;
        let given = choose(fan, started["window_url"].as_str().unwrap(), choice).await.unwrap();
        let path = format!("{path}/{}/confirm", started["payment"].as_str().unwrap());
        let amount: i64 = given["amount"].parse().unwrap();
        let body = json!({"payment_key": given["paymentKey"], "amount_minor": amount});
        self.post(fan, &path, body).await
    }
}

/// A text without the ids in it.
fn plain(text: &str) -> String {
    text.split('/').map(|part| if is_id(part) { "ID" } else { part }).collect::<Vec<_>>().join("/")
}

fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(kind, digits)| {
        kind.len() == 3
            && digits.len() >= 13
            && digits.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T'
}

/// A body without what differs between any two sessions.
fn settled(value: Value) -> Value {
    const MADE_OF_IDS: [&str; 6] = ["code", "window_url", "instance", "hash", "chart", "reference"];
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                // The code of a problem is what this is about; that of a ticket holds its id.
                let made = MADE_OF_IDS.contains(&name.as_str())
                    && !(name == "code" && value.as_str().is_some_and(|code| code.len() < 40));
                let value = if made { json!("MADE") } else { settled(value) };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(settled).collect(),
        Value::String(text) if is_id(&text) => json!("ID"),
        Value::String(text) if is_time(&text) => json!("TIME"),
        // Milliseconds since 1970.
        Value::Number(number) if number.as_u64() > Some(1_500_000_000_000) => json!("TIME"),
        other => other,
    }
}

/// A sale from the waiting room to the gate and back, with what goes wrong on the way.
async fn session(setup: Setup) -> Vec<String> {
    let server = Server::with(setup);
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |body| body["admitted_max"] = json!(2)).await;
    let (first, second) = (server.fan("first").await, server.fan("second").await);
    let (third, nobody) = (server.fan("third").await, Caller::new(&server.url));
    let mut session = Session { server, event, lines: Vec::new() };
    let s = &mut session;
    let (queue, holds) = (s.of_event("/queue"), s.of_event("/holds"));
    let best = |n: u32| json!({"type": "best_available", "quantity": n, "ticket_type": "adult"});
    s.get(&nobody, "/api/v1/events").await;
    s.get(&nobody, &s.of_event("")).await;
    s.post(&nobody, &queue, json!({})).await;
    s.post(&first, &holds, best(1)).await;
    for fan in [&first, &second, &third] {
        s.post(fan, &queue, json!({})).await;
        s.post(fan, &format!("{queue}/claim"), json!({})).await;
        s.get(fan, &s.of_event("/me")).await;
    }
    let hold = s.post(&first, &holds, best(3)).await;
    let hold = format!("/api/v1/holds/{}", hold["id"].as_str().unwrap());
    let item = |place: u32| json!({"type": "seat", "place": place, "ticket_type": "adult"});
    s.post(&second, &holds, json!({"type": "places", "items": [item(0), item(31)]})).await;
    s.say(&second, Method::PATCH, &hold, json!({"add": [item(30)]})).await;
    s.say(&first, Method::PATCH, &hold, json!({"add": [item(30)]})).await;
    s.post(&first, &format!("{hold}/extend"), json!({})).await;
    s.post(&first, &format!("{hold}/extend"), json!({})).await;
    let order = s.post(&first, &format!("{hold}/order"), json!({})).await;
    let order = order["id"].as_str().unwrap().to_owned();
    s.pay(&first, &order, "fail").await;
    let paid = s.pay(&first, &order, "succeed").await;
    let ticket = format!("/api/v1/tickets/{}", paid["tickets"][0].as_str().unwrap());
    s.get(&second, &ticket).await;
    let ticket = s.get(&first, &ticket).await;
    for gate in ["North", "South"] {
        let body = json!({"code": ticket["code"], "gate": gate});
        s.post(&operator, "/api/v1/gate/redeem", body).await;
    }
    s.post(&first, &format!("/api/v1/orders/{order}/return"), json!({})).await;
    s.get(&first, "/api/v1/orders").await;
    let sales = format!("/api/v1/operator{}", &s.of_event("/sales")[7..]);
    // It is counted behind the sale.
    eventually("the order is counted", || async {
        (operator.get(&sales).await.body["lines"] != json!([])).then_some(())
    })
    .await;
    s.get(&operator, &sales).await;
    s.say(&third, Method::DELETE, &queue, json!({})).await;
    let (clean, said) = session.server.audit(&session.event);
    // Whether the third was called before leaving is a matter of a tick.
    let of_time = |line: &&str| line.contains("records") || line.contains(" called");
    session.lines.push(said.lines().filter(|line| !of_time(line)).collect());
    assert!(clean, "{said}");
    session.lines
}

#[tokio::test]
async fn one_file_and_a_cluster_answer_alike() {
    let Some(cluster) = shared_services().await else { return };
    let alone = session(Setup { payments: true, ..Setup::default() }).await;
    let together =
        session(Setup { payments: true, environment: cluster.environment.clone() }).await;
    assert!(alone.len() > 30, "too little was asked");
    for (alone, together) in alone.iter().zip(&together) {
        assert_eq!(alone, together);
    }
    assert_eq!(alone.len(), together.len());
}
