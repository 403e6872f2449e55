//! Rehearsals: bots buy, fans find nothing, no figure has them in it, and wiping leaves a mark.

use std::collections::BTreeMap;

use reqwest::Client;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tiketi_engine::ports::{Extent, Journal as _, JournalError, Rehearsals as _};
use tiketi_engine::testing::plans::room;
use tiketi_persistence::embedded;
use tokio::task::JoinSet;

use crate::harness::{Caller, PASSWORD, Server, Setup, Shared, eventually, shared_services};
use crate::ops::{frame, look};
use crate::programme::{faults, filled_in, log_of, staff};
use crate::purchase::go_to_pay;

const REHEARSALS: &str = "/api/v1/operator/rehearsals";
const WHY: &str = "for the test";

/// An embedded server, and a node of a cluster if there are services; both with payments.
async fn servers() -> Vec<(Server, Option<Shared>)> {
    let alone = Setup { payments: true, ..Setup::default() };
    let mut servers = vec![(Server::with(alone), None)];
    if let Some(shared) = shared_services().await {
        let setup = Setup { payments: true, environment: shared.environment.clone() };
        servers.push((Server::with(setup), Some(shared)));
    }
    servers
}

async fn rehearse(operator: &Caller, of: &str) -> String {
    let made = operator.post(REHEARSALS, &json!({"of": of, "reason": WHY})).await.ok();
    assert_eq!(made["done"], true);
    made["id"].as_str().unwrap().to_owned()
}

async fn token(operator: &Caller, rehearsal: &str) -> String {
    let bots = operator.post(&format!("{REHEARSALS}/{rehearsal}/bots"), &json!({})).await.ok();
    bots["token"].as_str().unwrap().to_owned()
}

/// A bot of a rehearsal.
fn bot(server: &Server, token: &str, number: u64) -> Caller {
    let cookie = HeaderValue::from_str(&format!("tiketi-bot={number}.{token}")).unwrap();
    let headers = HeaderMap::from_iter([(COOKIE, cookie)]);
    let http = Client::builder()
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    Caller { http, base: server.url.clone() }
}

const FIRST_BOT: u64 = 1 << 62;

#[tokio::test]
async fn a_rehearsal_is_made_bought_by_bots_and_wiped() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let operator = staff(&server, &administrator, "operator").await;
        let viewer = staff(&server, &administrator, "viewer").await;
        let fan = server.fan("fan").await;
        let real = server.event(&operator, 4, 8, |_| ()).await;

        let ask = json!({"of": real, "preview": true});
        for other in [&viewer, &fan] {
            assert_eq!(other.post(REHEARSALS, &ask).await.code(), "forbidden");
            assert_eq!(other.get(REHEARSALS).await.code(), "forbidden");
        }
        let shown = operator.post(REHEARSALS, &ask).await.ok();
        assert_eq!((&shown["done"], &shown["id"]), (&json!(false), &Value::Null));
        assert_eq!((&shown["places"], &shown["paid"]), (&json!(32), &json!(true)));
        assert_eq!(operator.get(REHEARSALS).await.ok(), json!([]), "only asked");
        let silent = operator.post(REHEARSALS, &json!({"of": real})).await;
        assert_eq!(silent.code(), "invalid_value", "not without a reason");

        let id = rehearse(&operator, &real).await;
        let again = json!({"of": id, "preview": true});
        assert_eq!(operator.post(REHEARSALS, &again).await.code(), "unknown_event");
        found_by_few(&server, [&viewer, &fan], &id).await;
        let bots = token(&operator, &id).await;
        let order = bought(&server, &operator, &bots, &id).await;
        bots_are_kept_apart(&server, &bots, &real, &id).await;
        counted_nowhere(&server, &administrator, &real, &id).await;

        let (clean, said) = server.audit(&id);
        assert!(clean, "{said}");
        wiped(&server, &operator, [&viewer, &fan], &id).await;
        let bot = bot(&server, &bots, FIRST_BOT);
        assert_eq!(bot.get(&format!("/api/v1/orders/{order}")).await.code(), "unknown_order");
        assert_eq!(viewer.get(&format!("/api/v1/events/{id}")).await.code(), "unknown_event");
        let overview = format!("/api/v1/operator/events/{id}");
        assert_eq!(viewer.get(&overview).await.code(), "unknown_event", "no actor answers");
        for action in ["rehearse", "let_bots_in", "wipe_rehearsal"] {
            let log = log_of(&administrator, action).await;
            let outcomes: Vec<&str> = log.iter().map(|(_, how)| how.as_str()).collect();
            assert_eq!(outcomes, ["asked", "done"], "{action}");
        }
        let check = administrator.get("/api/v1/ops/audit/check").await.ok();
        assert_eq!(check["broken_at"], Value::Null);
        assert_eq!(fan.get(&format!("/api/v1/events/{real}")).await.status, 200);
        let (clean, said) = server.audit(&real);
        assert!(clean, "the real sale is as it was: {said}");
    }
}

/// Fans find no rehearsal, in no list and under no address.
async fn found_by_few(server: &Server, [viewer, fan]: [&Caller; 2], id: &str) {
    let path = format!("/api/v1/events/{id}");
    let seen = viewer.get(&path).await;
    assert_eq!(seen.headers["cache-control"], "no-store", "nobody in between keeps it");
    let seen = seen.ok();
    assert_eq!(
        (&seen["title"], &seen["sale"]["state"]),
        (&json!("리허설 · Rehearsal: A night"), &json!("open"))
    );
    let nobody = Caller::new(&server.url);
    for who in [fan, &nobody] {
        assert_eq!(who.get(&path).await.code(), "unknown_event");
        assert_eq!(who.get(&format!("{path}/me")).await.code(), "unknown_event");
        let queue = format!("{path}/queue");
        assert_eq!(who.post(&queue, &json!({})).await.code(), "unknown_event");
    }
    for who in [fan, viewer] {
        let listed = who.get("/api/v1/events").await.ok()["items"].to_string();
        assert!(!listed.contains(id), "{listed}");
    }
}

/// A bot buys two tickets, which open no gate; the order's id.
async fn bought(server: &Server, operator: &Caller, token: &str, id: &str) -> String {
    let bot = bot(server, token, FIRST_BOT);
    let paid = go_to_pay(&bot, id, 2, "succeed").await.confirm(&bot).await.ok();
    assert_eq!(paid["state"], "paid");
    let ticket = paid["tickets"][0].as_str().unwrap();
    let ticket = bot.get(&format!("/api/v1/tickets/{ticket}")).await.ok();
    let redeem = json!({"code": ticket["code"], "gate": "Gate 3"});
    let refused = operator.post("/api/v1/gate/redeem", &redeem).await;
    assert_eq!((refused.status, refused.code()), (409, "rehearsal_ticket"));
    let listed = operator.get(REHEARSALS).await.ok();
    let (sold, sale) = (&listed[0]["sold"], &listed[0]["sale"]["for_sale"]);
    assert_eq!((&listed[0]["state"], sold, sale), (&json!("made"), &json!(2), &json!(32)));
    paid["id"].as_str().unwrap().to_owned()
}

/// A bot is somebody in its rehearsal, and nobody anywhere else.
async fn bots_are_kept_apart(server: &Server, token: &str, real: &str, id: &str) {
    let bot_of = |number| bot(server, token, number);
    let other = bot_of(FIRST_BOT + 1);
    assert_eq!(other.get(&format!("/api/v1/events/{id}/me")).await.status, 200);
    let queue = format!("/api/v1/events/{real}/queue");
    assert_eq!(other.post(&queue, &json!({})).await.code(), "not_signed_in");
    assert_eq!(other.get("/api/v1/orders").await.code(), "not_signed_in");
    assert_eq!(other.get(&format!("/api/v1/operator/events/{id}")).await.code(), "forbidden");
    let path = format!("/api/v1/events/{id}");
    assert_eq!(bot_of(7).get(&path).await.code(), "unknown_event", "an account's number");
    let forged = bot(server, &token[..token.len() - 2], FIRST_BOT);
    assert_eq!(forged.get(&path).await.code(), "unknown_event");
}

/// No figure of sales has what bots bought in it.
async fn counted_nowhere(server: &Server, administrator: &Caller, real: &str, id: &str) {
    let fan = server.fan("buyer").await;
    go_to_pay(&fan, real, 3, "succeed").await.confirm(&fan).await.ok();
    let sales = |event: &str| {
        let (caller, path) =
            (administrator.clone(), format!("/api/v1/operator/events/{event}/sales"));
        async move { caller.get(&path).await.ok()["lines"].as_array().unwrap().clone() }
    };
    eventually("the sale is counted", || async {
        Some(sales(real).await).filter(|lines| !lines.is_empty())
    })
    .await;
    assert_eq!(sales(id).await, Vec::<Value>::new());
    let body = json!({"email": "op@example.com", "password": PASSWORD});
    let signed_in = Caller::new(&server.url).post("/api/v1/session", &body).await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let mut overview = look(server, cookie, "topic=overview").await.unwrap();
    let now = frame(&mut overview).await;
    assert_eq!((&now["sold"], &now["on_sale"]), (&json!(3), &json!(1)), "{now}");
}

async fn wiped(server: &Server, operator: &Caller, others: [&Caller; 2], id: &str) {
    let path = format!("{REHEARSALS}/{id}/wipe");
    let (ask, wipe) = (json!({"preview": true}), json!({"reason": WHY}));
    for other in others {
        assert_eq!(other.post(&path, &wipe).await.code(), "forbidden");
    }
    let shown = operator.post(&path, &ask).await.ok();
    let rest = ["orders", "payments", "tickets", "authorisations", "done"].map(|of| &shown[of]);
    assert_eq!(rest, [&json!(1), &json!(1), &json!(2), &json!(1), &json!(false)]);
    let records = shown["records"].as_u64().unwrap();
    assert!(records > 5, "{shown}");
    assert!(server.audit(id).0, "only asked");
    assert_eq!(operator.post(&path, &json!({"reason": "no"})).await.code(), "invalid_value");
    assert_eq!(operator.post(&path, &wipe).await.ok()["done"], true);
    assert_eq!(operator.post(&path, &wipe).await.code(), "unknown_rehearsal", "there is nothing");
    let listed = operator.get(REHEARSALS).await.ok();
    assert_eq!((&listed[0]["state"], &listed[0]["sale"]), (&json!("wiped"), &Value::Null));
}

#[tokio::test]
async fn a_real_sale_is_no_rehearsal_to_anybody() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 4, |_| ()).await;
    let path = format!("{REHEARSALS}/{event}");
    let wipe = json!({"reason": WHY});
    assert_eq!(operator.post(&format!("{path}/wipe"), &wipe).await.code(), "unknown_rehearsal");
    let bots = operator.post(&format!("{path}/bots"), &json!({})).await;
    assert_eq!(bots.code(), "unknown_rehearsal");
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
}

/// Holds a seat and lets go of it, until it is refused; how often it held one, and the refusal.
async fn sell(bot: &Caller, event: &str) -> (u64, String) {
    bot.enter(event).await;
    let mut held = 0;
    loop {
        let hold = bot.hold_best(event, 1).await;
        match hold.code() {
            "" => held += 1,
            "not_enough" => continue,
            code => return (held, code.to_owned()),
        }
        bot.delete(&format!("/api/v1/holds/{}", hold.body["id"].as_str().unwrap())).await;
    }
}

#[tokio::test]
async fn what_bots_do_while_a_rehearsal_is_wiped_leaves_nothing() {
    let server = Server::with(Setup { payments: true, ..Setup::default() });
    let operator = server.operator().await;
    let real = server.event(&operator, 4, 8, |_| ()).await;
    let id = rehearse(&operator, &real).await;
    let bots = token(&operator, &id).await;
    let mut selling = JoinSet::new();
    for number in 0..8 {
        let (bot, id) = (bot(&server, &bots, FIRST_BOT + number), id.clone());
        selling.spawn(async move { sell(&bot, &id).await });
    }
    eventually("the bots hold seats", || async {
        let listed = operator.get(REHEARSALS).await.ok();
        listed[0]["held"].as_u64().filter(|held| *held > 0)
    })
    .await;
    let path = format!("{REHEARSALS}/{id}/wipe");
    operator.post(&path, &json!({"reason": WHY})).await.ok();
    let mut ends = BTreeMap::new();
    while let Some(bot) = selling.join_next().await {
        let (held, end) = bot.unwrap();
        assert!(held > 0, "a bot that did nothing shows nothing");
        *ends.entry(end).or_insert(0) += 1;
    }
    assert!(ends.keys().all(|end| ["unknown_event", "unavailable"].contains(&&**end)), "{ends:?}");
    let store = embedded(&server.data_dir().join("tiketi.db")).await.unwrap();
    let event = id.parse().unwrap();
    assert_eq!(store.extent(event).await, Ok(Extent::default()));
    assert_eq!(store.take_over(event).await, Err(JournalError::NotFound));
    assert_eq!(store.snapshot(event).await, Ok(None));
}

#[tokio::test]
async fn a_draft_is_rehearsed_before_anybody_sees_it() {
    let server = Server::start();
    let operator = server.operator().await;
    let kept = operator.post("/api/v1/operator/charts", &room(4, 8)).await.ok();
    let mut event = filled_in(kept["hash"].as_str().unwrap());
    // Not on sale for a long time; the rehearsal is at once.
    event["opens_at"] = json!("2029-01-01T00:00:00Z");
    event["prices"].as_array_mut().unwrap().pop();
    let begun = operator.post("/api/v1/operator/drafts", &event).await.ok();
    let draft = begun["id"].as_str().unwrap();
    let ask = json!({"of": draft, "preview": true});
    let refused = operator.post(REHEARSALS, &ask).await;
    assert_eq!(faults(&refused), [("prices.b".to_owned(), "no_price".to_owned())]);
    let body = json!({"version": 1, "event": filled_in(kept["hash"].as_str().unwrap())});
    operator.patch(&format!("/api/v1/operator/drafts/{draft}"), &body).await.ok();
    let id = rehearse(&operator, draft).await;
    let seen = operator.get(&format!("/api/v1/events/{id}")).await.ok();
    assert_eq!(
        (&seen["title"], &seen["sale"]["state"]),
        (&json!("리허설 · Rehearsal: A night"), &json!("open"))
    );
    let path = format!("/api/v1/operator/drafts/{draft}");
    assert_eq!(operator.get(&path).await.ok()["version"], 2, "the draft stays a draft");
}

#[tokio::test]
async fn nothing_is_rehearsed_where_cards_are_charged() {
    let settings = [
        ("PROVIDER", "toss"),
        ("API_URL", "http://127.0.0.1:9"),
        ("WINDOW_URL", "http://127.0.0.1:9/window"),
        ("CLIENT_KEY", "live_ck_1"),
        ("SECRET_KEY", "live_sk_0123456789abcdef"),
    ];
    let named =
        |(name, value): (&str, &str)| (format!("TIKETI_PAYMENTS__{name}"), value.to_owned());
    let environment: BTreeMap<String, String> = settings.map(named).into();
    let server = Server::with(Setup { environment, ..Setup::default() });
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 4, |_| ()).await;
    let refused = operator.post(REHEARSALS, &json!({"of": event, "reason": WHY})).await;
    assert_eq!((refused.status, refused.code()), (409, "rehearsal_payments"));
    assert!(refused.body["detail"].as_str().unwrap().contains("test keys"), "{}", refused.body);
    assert_eq!(operator.get(REHEARSALS).await.ok(), json!([]));
}
