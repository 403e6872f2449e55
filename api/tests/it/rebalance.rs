//! Nodes that are given as many events as each other.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::harness::{Caller, Server, Setup, eventually, shared_services};
use crate::ops::{Socket, frame, look, staff};

const PATH: &str = "/api/v1/ops/rebalance";

#[tokio::test]
async fn a_node_that_is_alone_has_nothing_to_even_out() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    administrator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    let shown = administrator.post(PATH, &json!({"preview": true})).await.ok();
    assert_eq!(shown, json!({"sums": [], "moves": [], "complete": true, "done": false}));
    let silent = administrator.post(PATH, &json!({})).await;
    assert_eq!(silent.code(), "invalid_value", "a reason is asked for");
    let fan = server.fan("fan").await;
    assert_eq!(fan.post(PATH, &json!({"preview": true})).await.code(), "forbidden");
}

/// Events by the node that owns them, once each of them is owned and none is on its way.
async fn settled(administrator: &Caller, socket: &mut Socket, events: &[String]) -> Owners {
    loop {
        for event in events {
            administrator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
        }
        let nodes = frame(socket).await["nodes"].as_array().unwrap().clone();
        let owns = |node: &Value, what: &str| node["owns"][what].as_u64();
        let all: Option<u64> = nodes.iter().map(|node| owns(node, "actors")).sum();
        let misplaced: Option<u64> = nodes.iter().map(|node| owns(node, "misplaced")).sum();
        if nodes.len() == 2 && all == Some(events.len() as u64) && misplaced == Some(0) {
            let of = |node: &Value| Some((node["id"].as_str()?.to_owned(), owns(node, "actors")?));
            return nodes.iter().filter_map(of).collect();
        }
    }
}

/// How many events each node owns.
type Owners = BTreeMap<String, u64>;

/// The node that owns an event, as a page says.
async fn owner(table: &mut Socket, event: &str) -> Option<String> {
    let frame = frame(table).await;
    let rows = frame["rows"].as_array()?;
    let row = rows.iter().find(|row| row["event"] == event)?;
    Some(row["node"].as_str()?.to_owned())
}

/// Asks what a fan has of an event, again and again, as a client does that tries again when it is
/// told to; how often there was an answer.
async fn asks_on(fan: &Caller, event: &str, over: &AtomicBool, answered: &AtomicU64) {
    let path = format!("/api/v1/events/{event}/me");
    while !over.load(Ordering::Relaxed) {
        let answer = fan.get(&path).await;
        let again = answer.status == 503 && answer.headers.contains_key("retry-after");
        assert!(answer.status == 200 || again, "{} {}", answer.status, answer.body);
        answered.fetch_add(u64::from(!again), Ordering::Relaxed);
    }
}

#[tokio::test]
async fn what_the_preview_says_moves_and_a_fan_who_tries_again_is_answered() {
    let Some(shared) = shared_services().await else { return };
    let mut environment = shared.environment.clone();
    // What was moved stays until the nodes change, as one does that is not heard of in time.
    environment.insert("TIKETI_CLUSTER__LEASE_TTL_MS".to_owned(), "12000".to_owned());
    let setup = Setup { environment, ..Setup::default() };
    let (one, _other) = (Server::with(setup.clone()), Server::with(setup));
    let administrator = one.operator().await;
    let viewer = staff(&one, &administrator, "viewer").await;
    let mut socket = look(&one, &viewer, "topic=nodes").await.unwrap();
    let mut events = Vec::new();
    // Until one has at least two more: then something has to move.
    let before = loop {
        let title = json!(format!("Night {}", events.len()));
        events.push(one.event(&administrator, 2, 4, |body| body["title"] = title).await);
        if events.len() < 7 {
            continue;
        }
        let now = settled(&administrator, &mut socket, &events).await;
        if now.values().max().unwrap() - now.values().min().unwrap() >= 2 {
            break now;
        }
    };
    let rich = before.iter().max_by_key(|(_, events)| **events).unwrap().0;
    let poor = before.iter().min_by_key(|(_, events)| **events).unwrap().0;
    let to_move = (before[rich] - before[poor]) / 2;
    let shown = administrator.post(PATH, &json!({"preview": true})).await.ok();
    assert_eq!(shown["sums"], json!([{"from": rich, "to": poor, "events": to_move}]));
    assert_eq!((&shown["complete"], &shown["done"]), (&json!(true), &json!(false)));
    let moved: Vec<String> = shown["moves"].as_array().unwrap().iter().map(event_of).collect();
    assert_eq!(settled(&administrator, &mut socket, &events).await, before, "only asked");

    let fan = one.fan("fan").await;
    fan.enter(&moved[0]).await;
    let (over, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    let moving = async {
        let body = json!({"reason": "one node had more than its share"});
        let done = administrator.post(PATH, &body).await.ok();
        eventually("the fan is answered", || async {
            (answered.load(Ordering::Relaxed) > 0).then_some(())
        })
        .await;
        over.store(true, Ordering::Relaxed);
        done
    };
    let (done, ()) = tokio::join!(moving, asks_on(&fan, &moved[0], &over, &answered));
    assert_eq!((&done["moves"], &done["done"]), (&shown["moves"], &json!(true)));
    fan.hold_best(&moved[0], 2).await.ok();

    let mut after = before.clone();
    *after.get_mut(rich).unwrap() -= to_move;
    *after.get_mut(poor).unwrap() += to_move;
    assert_eq!(settled(&administrator, &mut socket, &events).await, after, "and they stay there");
    let mut table = look(&one, &viewer, "topic=actors&sort=title").await.unwrap();
    for event in &moved {
        assert_eq!(owner(&mut table, event).await.as_ref(), Some(poor), "{event}");
    }
    let again = administrator.post(PATH, &json!({"preview": true})).await.ok();
    assert_eq!((&again["sums"], &again["moves"]), (&json!([]), &json!([])));
    let log = administrator.get("/api/v1/ops/audit?action=rebalance").await.ok();
    let entry = |index: usize| {
        (log["entries"][index]["outcome"].clone(), log["entries"][index]["target"].clone())
    };
    let target = json!(format!("{to_move} events"));
    assert_eq!([entry(0), entry(1)], [(json!("done"), target.clone()), (json!("asked"), target)]);
}

fn event_of(moved: &Value) -> String {
    moved["event"].as_str().unwrap().to_owned()
}
