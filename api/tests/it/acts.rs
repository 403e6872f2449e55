//! What operators do, to sales and to nodes, and what they see of it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tiketi_engine::domain::waiting_room::Notice;

use crate::harness::{Caller, Server, Setup, eventually, shared_services};
use crate::live::Live;
use crate::ops::{Socket, frame, look, staff};

const WHY: &str = "for the test";

fn named<'a>(list: &'a Value, state: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|one| one["state"] == state);
    found.unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_sale_is_watched_with_its_holds_and_orders() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 4, 8, |_| ()).await;
    let viewer = staff(&server, &administrator, "viewer").await;
    let (first, second) = (server.fan("first").await, server.fan("second").await);
    first.enter(&event).await;
    let hold = first.hold_best(&event, 3).await.ok();
    second.enter(&event).await;
    let ordered = second.hold_best(&event, 2).await.ok();
    let path = format!("/api/v1/holds/{}/order", ordered["id"].as_str().unwrap());
    let order = second.post(&path, &json!({})).await.ok();

    let query = format!("topic=sale&event={event}");
    let mut socket = look(&server, &viewer, &query).await.unwrap();
    let sale = frame(&mut socket).await["sale"].clone();
    let overview = &sale["overview"];
    assert_eq!((&overview["held"], &overview["inside"]), (&json!(5), &json!(2)));
    assert_eq!(sale["ages"][0], json!({"under_s": 60, "holds": 2, "places": 5}));
    assert_eq!(sale["ages"].as_array().unwrap().len(), 5);
    let holds = &sale["holds"];
    assert_eq!((&holds[0]["id"], &holds[0]["places"]), (&hold["id"], &json!(3)), "the oldest");
    assert_eq!((&holds[0]["ordered"], &holds[1]["ordered"]), (&json!(false), &json!(true)));
    assert_eq!(sale["unpaid"][0]["id"], order["id"]);
    let waiting = named(&sale["orders"], "awaiting_payment");
    assert_eq!((&waiting["count"], &waiting["amount_minor"]), (&json!(1), &order["total_minor"]));
    assert_eq!((&sale["payments"], &sale["currency"]), (&json!([]), &json!("KRW")));

    // All who look at it are sent one frame, and each is of a later moment.
    let mut other = look(&server, &viewer, &query).await.unwrap();
    let cancel = json!({"action": "cancel_order", "target": order["id"], "reason": WHY});
    administrator.post(&format!("/api/v1/ops/events/{event}/actions"), &cancel).await.ok();
    for socket in [&mut socket, &mut other] {
        let mut now = frame(socket).await["sale"].clone();
        while named(&now["orders"], "cancelled")["count"] != 1 {
            now = frame(socket).await["sale"].clone();
        }
        assert_eq!((&now["overview"]["held"], &now["unpaid"]), (&json!(3), &json!([])));
    }
    let mut nothing = look(&server, &viewer, "topic=sale&event=evt_0000000000001").await.unwrap();
    assert_eq!(frame(&mut nothing).await["sale"], Value::Null);
    let bad = look(&server, &viewer, "topic=sale&event=hld_1").await;
    assert!(bad.is_err(), "not an event");
}

#[tokio::test]
async fn a_running_sale_is_changed_with_a_reason_alone_and_the_log_says_from_what_to_what() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |body| body["admitted_max"] = json!(7)).await;
    let overview = format!("/api/v1/operator/events/{event}");
    let body = json!({"status": "paused"});
    let silent = administrator.send(Method::PATCH, &overview, Some(&body), None).await.unwrap();
    assert_eq!(silent.code(), "method_not_allowed");
    let path = format!("/api/v1/ops/events/{event}/actions");
    let set = json!({"action": "set_admitted_max", "admitted_max": 9, "reason": WHY});
    let ask = json!({"action": "set_admitted_max", "admitted_max": 9, "preview": true});
    let shown = administrator.post(&path, &ask).await.ok();
    assert_eq!((&shown["admitted_max"], &shown["done"]), (&json!(7), &json!(false)));
    assert_eq!(administrator.get(&overview).await.ok()["admitted_max"], 7, "only asked");
    assert_eq!(administrator.post(&path, &set).await.ok()["done"], true);
    assert_eq!(administrator.get(&overview).await.ok()["admitted_max"], 9);
    let pause = json!({"action": "pause", "reason": WHY});
    administrator.post(&path, &pause).await.ok();

    let log = |query: &str| {
        let (caller, path) = (administrator.clone(), format!("/api/v1/ops/audit?{query}"));
        async move { caller.get(&path).await.ok()["entries"].as_array().unwrap().clone() }
    };
    let entries = log("by=OP%40example.com&action=set_admitted_max").await;
    assert_eq!(entries.len(), 2);
    assert_eq!((&entries[0]["target"], &entries[0]["event"]), (&json!("7 -> 9"), &json!(event)));
    let by = entries[0]["by"].as_str().unwrap();
    // The event was created, too.
    assert_eq!(log(&format!("by={by}")).await.len(), 6);
    assert_eq!(log("by=nobody%40example.com").await, Vec::<Value>::new());
    assert_eq!(administrator.get("/api/v1/ops/audit?by=op").await.code(), "malformed_query");
    for (query, lines) in [("", 6), ("?action=pause", 2), ("?by=nobody%40example.com", 0)] {
        let export = administrator.get(&format!("/api/v1/ops/audit/export{query}")).await;
        let text = export.body.as_str().unwrap_or_default();
        // One line alone is read as JSON by whoever asks here.
        assert_eq!(text.lines().count(), lines, "{query}: {}", export.body);
    }
}

#[tokio::test]
async fn places_are_taken_off_sale_and_put_back_by_their_labels() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let viewer = staff(&server, &administrator, "viewer").await;
    let path = format!("/api/v1/ops/events/{event}/actions");
    let four = "Stalls / 1 / 1-3; Stalls / 2 / 4";
    let block = json!({"action": "block_places", "places": four, "reason": WHY});
    let refused = server.fan("outsider").await.post(&path, &block).await;
    assert_eq!(refused.code(), "forbidden");
    let for_sale = async |wanted: u64| {
        // What the catalog says of it may be a second old.
        let look = || async {
            let event = administrator.get(&format!("/api/v1/events/{event}")).await.ok();
            (event["sale"]["for_sale"] == wanted).then_some(())
        };
        eventually("for sale", look).await;
    };

    let ask = |action: &str| json!({"action": action, "places": four, "preview": true});
    let shown = administrator.post(&path, &ask("block_places")).await.ok();
    assert_eq!((&shown["places"], &shown["unfit"]), (&json!(4), &json!([])));
    assert_eq!(administrator.post(&path, &block).await.ok()["done"], true);
    for_sale(4).await;
    let named = ["Stalls / 1 / 1", "Stalls / 1 / 2", "Stalls / 1 / 3", "Stalls / 2 / 4"];
    let shown = administrator.post(&path, &ask("block_places")).await.ok();
    assert_eq!((&shown["places"], &shown["unfit"]), (&json!(0), &json!(named)));
    let again = administrator.post(&path, &block).await;
    assert_eq!((again.code(), &again.body["places"]), ("taken", &json!([0, 1, 2, 7])));

    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    assert_eq!(fan.hold_seat(&event, 1).await.code(), "taken");
    assert_eq!(fan.hold_best(&event, 5).await.code(), "not_enough");

    let mut socket = look(&server, &viewer, &format!("topic=sale&event={event}")).await.unwrap();
    assert_eq!(frame(&mut socket).await["sale"]["blocked"], 4);
    let back = |places: &str| json!({"action": "free_places", "places": places, "reason": WHY});
    let too_much = administrator.post(&path, &back("Stalls / 1")).await;
    assert_eq!((too_much.code(), &too_much.body["places"]), ("not_blocked", &json!([3])));
    administrator.post(&path, &back(four)).await.ok();
    let none = administrator.post(&path, &ask("free_places")).await.ok();
    assert_eq!((&none["places"], &none["unfit"]), (&json!(0), &json!(named)));
    for_sale(8).await;
    fan.hold_seat(&event, 1).await.ok();
    let (sound, said) = server.audit(&event);
    assert!(sound && said.contains("7 free, 1 held, 0 sold, 0 blocked"), "{said}");

    let log = administrator.get("/api/v1/ops/audit?action=block_places").await.ok();
    let outcomes: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["outcome"]).collect();
    assert_eq!(outcomes, ["taken", "asked", "done", "asked"]);
    assert_eq!(log["entries"][2]["target"], four);
}

#[tokio::test]
async fn fans_are_called_at_a_rate_until_it_is_lifted() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let viewer = staff(&server, &administrator, "viewer").await;
    let path = format!("/api/v1/ops/events/{event}/actions");
    let set =
        |rate: u32| json!({"action": "set_admission_rate", "admission_rate": rate, "reason": WHY});
    let refused = server.fan("outsider").await.post(&path, &set(1)).await;
    assert_eq!(refused.code(), "forbidden");
    let before = administrator.post(&path, &set(1)).await.ok();
    assert_eq!((&before["admission_rate"], &before["done"]), (&Value::Null, &json!(true)));
    let mut socket = look(&server, &viewer, &format!("topic=sale&event={event}")).await.unwrap();
    assert_eq!(frame(&mut socket).await["sale"]["admission_rate"], 1);

    server.fan("first").await.enter(&event).await;
    let second = server.fan("second").await;
    let joined = second.post(&format!("/api/v1/events/{event}/queue"), &json!({})).await.ok();
    assert_eq!((&joined["type"], &joined["ahead"]), (&json!("waiting"), &json!(0)));
    assert_eq!(administrator.post(&path, &set(0)).await.ok()["admission_rate"], 1);
    let look = || async {
        let me = second.get(&format!("/api/v1/events/{event}/me")).await.ok();
        (me["standing"]["type"] == "called").then_some(())
    };
    eventually("called", look).await;
    let log = administrator.get("/api/v1/ops/audit?action=set_admission_rate").await.ok();
    let targets = (&log["entries"][0]["target"], &log["entries"][2]["target"]);
    assert_eq!(targets, (&json!("1 -> any"), &json!("any -> 1")));
}

#[tokio::test]
async fn those_in_line_are_told_what_an_operator_says() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let path = format!("/api/v1/ops/events/{event}/actions");
    let said = "문은 일곱 시에 열어요. <i>Seven.</i>";
    let set = |notice: &str| json!({"action": "set_notice", "notice": notice, "reason": WHY});
    let refused = server.fan("outsider").await.post(&path, &set(said)).await;
    assert_eq!(refused.code(), "forbidden");
    let mut waiting = Live::resumed(&server, &event, 0, 0).await;
    assert_eq!(waiting.notice().await, None);
    administrator.post(&path, &set(&format!(" {said} "))).await.ok();
    let told = Notice::new(said);
    while waiting.notice().await != told {}
    let mut late = Live::resumed(&server, &event, 0, 0).await;
    assert_eq!(late.notice().await, told, "whoever comes later is told, too");

    // The next owner has it from the journal.
    let hand_over = json!({"action": "hand_over", "reason": WHY});
    administrator.post(&path, &hand_over).await.ok();
    let shown = administrator.post(&path, &set("")).await.ok();
    assert_eq!(shown["notice"], said);
    while waiting.notice().await.is_some() {}
    let log = administrator.get("/api/v1/ops/audit?action=set_notice").await.ok();
    assert_eq!(log["entries"][0]["target"], format!("{said} -> nothing"));
    assert_eq!(log["entries"][3]["target"], format!("nothing -> {said}"));
}

#[tokio::test]
async fn settings_say_where_they_came_from_and_keep_their_secrets() {
    let server = Server::with(Setup { payments: true, ..Setup::default() });
    let administrator = server.operator().await;
    let view = administrator.get("/api/v1/ops/settings").await.ok();
    let of = |name: &str| {
        let all = view["settings"].as_array().unwrap();
        all.iter().find(|setting| setting["name"] == name).unwrap().clone()
    };
    assert_eq!(of("listen")["origin"], "flag");
    assert_eq!(of("payments.provider")["value"], "toss");
    assert_eq!(of("payments.secret_key")["value"], Value::Null);
    assert_eq!(of("engine.snapshot_every")["origin"], "default");
    assert!(!view.to_string().contains("test_sk"), "{view}");
}

async fn node_of(caller: &Caller) -> String {
    caller.get("/api/v1/ops/settings").await.ok()["node"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_node_that_is_alone_is_not_drained() {
    let server = Server::start();
    let administrator = server.operator().await;
    let node = node_of(&administrator).await;
    let drain = json!({"action": "drain_node", "reason": WHY});
    let path = format!("/api/v1/ops/nodes/{node}/actions");
    assert_eq!(administrator.post(&path, &drain).await.code(), "invalid_value");
    for stranger in ["0", "nothing"] {
        let path = format!("/api/v1/ops/nodes/{stranger}/actions");
        assert_eq!(administrator.post(&path, &drain).await.code(), "no_such_page");
    }
    assert_eq!(administrator.get("/api/v1/ops/audit").await.ok()["entries"], json!([]));
}

/// How many events each node owns, by its id, and whether it is draining.
type Owned = BTreeMap<String, (u64, bool)>;

async fn owned(socket: &mut Socket) -> Owned {
    let frame = frame(socket).await;
    let of = |node: &Value| {
        let actors = node["owns"]["actors"].as_u64()?;
        Some((node["id"].as_str()?.to_owned(), (actors, node["draining"] == true)))
    };
    frame["nodes"].as_array().unwrap().iter().filter_map(of).collect()
}

const EVENTS: u64 = 16;

#[tokio::test]
async fn a_node_is_drained_from_another_and_used_again() {
    let Some(shared) = shared_services().await else { return };
    let setup = Setup { environment: shared.environment.clone(), ..Setup::default() };
    let (one, _other) = (Server::with(setup.clone()), Server::with(setup));
    let administrator = one.operator().await;
    let mut overviews = Vec::new();
    for number in 0..EVENTS {
        let title = json!(format!("Night {number}"));
        let event = one.event(&administrator, 2, 4, |body| body["title"] = title).await;
        overviews.push(format!("/api/v1/operator/events/{event}"));
    }
    let viewer = staff(&one, &administrator, "viewer").await;
    let mut socket = look(&one, &viewer, "topic=nodes").await.unwrap();
    let here = node_of(&administrator).await;
    // Whoever should own an event has it once somebody asked.
    let mut settled = async |fits: &dyn Fn(&Owned) -> bool| loop {
        for overview in &overviews {
            administrator.get(overview).await.ok();
        }
        let now = owned(&mut socket).await;
        let all: u64 = now.values().map(|(actors, _)| actors).sum();
        if now.len() == 2 && all == EVENTS && fits(&now) {
            return now;
        }
    };
    let before = settled(&|now| now.values().all(|(actors, _)| *actors > 0)).await;
    let node = before.keys().find(|id| **id != here).unwrap().clone();
    let path = format!("/api/v1/ops/nodes/{node}/actions");
    let ask = json!({"action": "drain_node", "preview": true});
    let shown = administrator.post(&path, &ask).await.ok();
    let sum = json!([{"from": node, "to": here, "events": before[&node].0}]);
    assert_eq!((&shown["sums"], &shown["done"]), (&sum, &json!(false)));
    assert!(shown["moves"][0]["title"].as_str().unwrap().starts_with("Night "), "{shown}");

    let drain = json!({"action": "drain_node", "reason": WHY});
    assert_eq!(administrator.post(&path, &drain).await.ok()["done"], true);
    settled(&|now| now[&node] == (0, true)).await;
    let last = administrator.post(&format!("/api/v1/ops/nodes/{here}/actions"), &drain).await;
    assert_eq!(last.code(), "invalid_value", "no other node can own events now");
    let rejoin = json!({"action": "rejoin_node", "reason": WHY});
    administrator.post(&path, &rejoin).await.ok();
    settled(&|now| *now == before).await;
    let log = administrator.get("/api/v1/ops/audit?action=drain_node").await.ok();
    let entry = &log["entries"][0];
    assert_eq!((&entry["outcome"], &entry["target"]), (&json!("done"), &json!(node)));
    assert_eq!(entry["event"], "");
}
