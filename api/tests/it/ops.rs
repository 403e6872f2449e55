//! What those see who run an on-sale.

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::harness::{Caller, PASSWORD, Server, Setup, shared_services};

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Somebody with a role, and the cookie that says so.
pub(crate) async fn staff(server: &Server, administrator: &Caller, role: &str) -> String {
    let body = json!({"role": role});
    let link = administrator.post("/api/v1/operator/setup-links", &body).await.ok();
    let token = link["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let email = format!("{role}@example.com");
    let body = json!({"token": token, "email": email, "name": role, "password": PASSWORD});
    let made = Caller::new(&server.url).post("/api/v1/setup", &body).await;
    let cookie = made.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let access = cookie.map(|line| line.split(';').next().unwrap());
    access.collect::<Vec<_>>().join("; ")
}

pub(crate) async fn look(server: &Server, cookie: &str, query: &str) -> Result<Socket, u16> {
    let address = server.url.trim_start_matches("http://");
    let url = format!("ws://{address}/api/v1/ops/live?{query}");
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let stream = TcpStream::connect(address).await.unwrap();
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

async fn text(socket: &mut Socket) -> String {
    loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            return text.to_string();
        }
    }
}

pub(crate) async fn frame(socket: &mut Socket) -> Value {
    serde_json::from_str(&text(socket).await).unwrap()
}

#[tokio::test]
async fn only_those_look_who_may() {
    let server = Server::start();
    let administrator = server.operator().await;
    let query = "topic=overview";
    assert_eq!(look(&server, "", query).await.err(), Some(401));
    let fan = Caller::new(&server.url);
    let body = json!({"email": "fan@example.com", "name": "Fan", "password": PASSWORD});
    let made = fan.post("/api/v1/accounts", &body).await;
    let access = made.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    assert_eq!(look(&server, access, query).await.err(), Some(403));
    let viewer = staff(&server, &administrator, "viewer").await;
    assert!(look(&server, &viewer, query).await.is_ok());
    for bad in
        ["", "topic=all", "topic=actors&limit=0", "topic=actors&node=x", "topic=actors&sort=y"]
    {
        assert_eq!(look(&server, &viewer, bad).await.err(), Some(400), "{bad}");
    }
    let plain = administrator.get("/api/v1/ops/live?topic=overview").await;
    assert_eq!(plain.code(), "not_a_websocket");
}

#[tokio::test]
async fn all_who_look_are_sent_the_same_bytes_and_they_say_what_happens() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 4, 8, |_| ()).await;
    let viewer = staff(&server, &administrator, "viewer").await;
    let mut one = look(&server, &viewer, "topic=overview").await.unwrap();
    let mut other = look(&server, &viewer, "topic=overview").await.unwrap();
    let first = text(&mut one).await;
    assert!(first.contains(r#""rates":null"#), "nothing is known of one look alone: {first}");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(text(&mut one).await);
    }
    let mut same = 0;
    while same == 0 {
        same = usize::from(seen.contains(&text(&mut other).await));
    }
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    fan.hold_best(&event, 2).await.ok();
    let mut now = frame(&mut one).await;
    while now["held"] != 2 || now["rates"]["holds"].as_f64() == Some(0.0) {
        now = frame(&mut one).await;
    }
    assert_eq!((&now["actors"], &now["on_sale"]), (&json!(1), &json!(1)));
    assert_eq!((&now["inside"], &now["free"]), (&json!(1), &json!(30)));
    assert_eq!((&now["nodes"], &now["nodes_heard"]), (&json!(1), &json!(1)));
    assert_eq!((&now["sold_twice"], &now["troubles"]), (&json!(0), &json!([])));
    assert!(now["hold_latency"]["p99_ms"].as_f64().unwrap() > 0.0, "{now}");
}

#[tokio::test]
async fn a_table_of_actors_is_sorted_filtered_and_paged_by_the_server() {
    let server = Server::start();
    let administrator = server.operator().await;
    for number in 0..12 {
        let title = json!(format!("Night {number:02}"));
        let event = server.event(&administrator, 2, 4, |body| body["title"] = title).await;
        let path = format!("/api/v1/operator/events/{event}");
        administrator.get(&path).await.ok();
        if number == 3 {
            let pause = json!({"action": "pause", "reason": "for the test"});
            administrator.post(&format!("/api/v1/ops/events/{event}/actions"), &pause).await.ok();
        }
    }
    let viewer = staff(&server, &administrator, "viewer").await;
    let titles = |frame: &Value| -> Vec<String> {
        let rows = frame["rows"].as_array().unwrap().iter();
        rows.map(|row| row["title"].as_str().unwrap().to_owned()).collect()
    };
    for (query, matching, expected) in [
        ("sort=title&descending=false&limit=3", 12, vec!["Night 00", "Night 01", "Night 02"]),
        ("sort=title&descending=false&limit=3&offset=10", 12, vec!["Night 10", "Night 11"]),
        ("sort=title&descending=true&limit=1", 12, vec!["Night 11"]),
        ("text=night%2007", 1, vec!["Night 07"]),
        ("status=paused", 1, vec!["Night 03"]),
        ("text=nothing", 0, vec![]),
        ("node=0", 0, vec![]),
    ] {
        let mut socket = look(&server, &viewer, &format!("topic=actors&{query}")).await.unwrap();
        let frame = frame(&mut socket).await;
        assert_eq!(
            (titles(&frame), &frame["matching"]),
            (expected.iter().map(ToString::to_string).collect(), &json!(matching)),
            "{query}"
        );
    }
    let mut socket = look(&server, &viewer, "topic=actors&sort=unsnapped&limit=1").await.unwrap();
    let row = frame(&mut socket).await["rows"][0].clone();
    assert_eq!(row["title"], "Night 03", "the only one with a second record");
    assert_eq!((&row["seq"], &row["fence"], &row["take_overs"]), (&json!(2), &json!(1), &json!(1)));
}

#[tokio::test]
async fn any_node_says_how_all_of_them_do() {
    let Some(shared) = shared_services().await else { return };
    let setup = Setup { environment: shared.environment.clone(), ..Setup::default() };
    let (one, other) = (Server::with(setup.clone()), Server::with(setup));
    let administrator = one.operator().await;
    for number in 0..6 {
        let title = json!(format!("Night {number}"));
        let event = one.event(&administrator, 2, 4, |body| body["title"] = title).await;
        administrator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    }
    let viewer = staff(&one, &administrator, "viewer").await;
    for server in [&one, &other] {
        let mut socket = look(server, &viewer, "topic=nodes").await.unwrap();
        let heard = |frame: &Value| {
            let nodes = frame["nodes"].as_array().unwrap().clone();
            let owned = nodes.iter().filter_map(|node| node["owns"]["actors"].as_u64());
            (nodes.len(), owned.collect::<Vec<_>>())
        };
        let mut told = heard(&frame(&mut socket).await);
        while told.1.len() < 2 || told.1.iter().sum::<u64>() < 6 {
            told = heard(&frame(&mut socket).await);
        }
        assert_eq!((told.0, told.1.iter().sum::<u64>()), (2, 6));
        let query = "topic=actors&sort=title&descending=false&limit=2&offset=3";
        let mut socket = look(server, &viewer, query).await.unwrap();
        let mut page = frame(&mut socket).await;
        while page["complete"] != true {
            page = frame(&mut socket).await;
        }
        let titles = (&page["rows"][0]["title"], &page["rows"][1]["title"], &page["matching"]);
        assert_eq!(titles, (&json!("Night 3"), &json!("Night 4"), &json!(6)));
    }
}

#[tokio::test]
async fn what_is_done_to_a_sale_has_a_reason_and_is_in_the_log() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let path = format!("/api/v1/ops/events/{event}/actions");
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let hold = fan.hold_best(&event, 2).await.ok()["id"].as_str().unwrap().to_owned();
    let viewer = staff(&server, &administrator, "viewer").await;
    let pause = json!({"action": "pause", "reason": "the gates are not open yet"});
    for (cookie, status) in [("", 401), (viewer.as_str(), 403)] {
        let request = Caller::new(&server.url).http.post(format!("{}{path}", server.url));
        let answer = request.header("cookie", cookie).json(&pause).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
    assert_eq!(fan.post(&path, &pause).await.code(), "forbidden");
    assert_eq!(fan.get("/api/v1/ops/audit").await.code(), "forbidden");
    for reason in ["", "  x ", "a\u{7}bc"] {
        let answer = administrator.post(&path, &json!({"action": "pause", "reason": reason})).await;
        assert_eq!(answer.code(), "invalid_value", "{reason:?}");
    }
    let mut ask = pause.clone();
    ask["preview"] = json!(true);
    let shown = administrator.post(&path, &ask).await.ok();
    assert_eq!(
        (&shown["status"], &shown["held"], &shown["done"]),
        (&json!("open"), &json!(2), &json!(false))
    );
    assert_eq!(administrator.post(&path, &pause).await.ok()["done"], true);
    assert_eq!(fan.hold_best(&event, 1).await.code(), "sale_paused");
    let late = server.fan("late").await;
    let joined = late.post(&format!("/api/v1/events/{event}/queue"), &json!({})).await.ok();
    assert_eq!(joined["type"], "waiting", "nobody is let in");
    let release = json!({"action": "release_hold", "target": hold, "reason": "asked for by phone"});
    assert_eq!(administrator.post(&path, &release).await.ok()["places"], 2);
    assert_eq!(administrator.post(&path, &release).await.code(), "unknown_hold", "it is gone");
    let other =
        json!({"action": "cancel_order", "target": "ord_1", "reason": "asked for by phone"});
    assert_eq!(administrator.post(&path, &other).await.code(), "unknown_order");
    let fence = |body: Value| body["fence"].as_u64().unwrap();
    let overview = format!("/api/v1/operator/events/{event}");
    let before = fence(administrator.get(&overview).await.ok());
    let hand_over = json!({"action": "hand_over", "reason": "it looked stuck"});
    assert_eq!(administrator.post(&path, &hand_over).await.ok()["done"], true);
    assert_eq!(fence(administrator.get(&overview).await.ok()), before + 1, "taken over anew");
    let resume = json!({"action": "resume", "reason": "the gates are open"});
    administrator.post(&path, &resume).await.ok();
    let close = json!({"action": "close", "reason": "all is sold"});
    administrator.post(&path, &close).await.ok();
    assert_eq!(administrator.post(&path, &resume).await.code(), "status_conflict");

    let page = administrator.get(&format!("/api/v1/ops/audit?event={event}&limit=4")).await.ok();
    let told = |page: &Value| -> Vec<String> {
        let entries = page["entries"].as_array().unwrap().iter();
        entries.map(|of| format!("{} {}", of["action"], of["outcome"]).replace('"', "")).collect()
    };
    let latest = ["resume status_conflict", "resume asked", "close done", "close asked"];
    assert_eq!(told(&page), latest);
    assert_eq!(page["entries"][0]["email"], "op@example.com");
    let only = administrator.get("/api/v1/ops/audit?action=release_hold").await.ok();
    assert_eq!(told(&only), ["release_hold done", "release_hold asked"]);
    assert_eq!(only["entries"][0]["reason"], "asked for by phone");
    let check = administrator.get("/api/v1/ops/audit/check").await.ok();
    assert_eq!(check, json!({"entries": 16, "broken_at": null}), "with the event and the viewer");
    let export = administrator.get("/api/v1/ops/audit/export").await;
    assert_eq!(export.body.as_str().unwrap().lines().count(), 16);
}
