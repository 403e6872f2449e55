//! One actor, as it is and as it was.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, PASSWORD, Server, Setup, read, shared_services};
use crate::ops::{frame, look, staff};

/// Somebody who may look and nothing else.
struct Viewer<'a> {
    server: &'a Server,
    cookie: String,
}

impl<'a> Viewer<'a> {
    async fn of(server: &'a Server, administrator: &Caller) -> Self {
        Self { server, cookie: staff(server, administrator, "viewer").await }
    }

    async fn get(&self, path: &str) -> Answer {
        get(self.server, &self.cookie, path).await
    }

    async fn state(&self, event: &str, seq: Option<u64>) -> Value {
        let query = seq.map_or_else(String::new, |seq| format!("?seq={seq}"));
        self.get(&format!("/api/v1/ops/events/{event}/state{query}")).await.ok()
    }
}

async fn get(server: &Server, cookie: &str, path: &str) -> Answer {
    let request = reqwest::Client::new().get(format!("{}{path}", server.url));
    read(request.header("cookie", cookie).send().await.unwrap()).await.unwrap()
}

/// How many places are free, sold and held by their bytes.
fn counted(state: &Value) -> [u64; 3] {
    let mut counts = [0; 3];
    for byte in STANDARD.decode(state["places"].as_str().unwrap()).unwrap() {
        match byte {
            0 | 2 => counts[0] += 1,
            1 => counts[1] += 1,
            _ => counts[2] += 1,
        }
    }
    counts
}

/// Has an operator do something to a sale.
async fn act(operator: &Caller, event: &str, action: &str) {
    let body = json!({"action": action, "reason": "for the test"});
    operator.post(&format!("/api/v1/ops/events/{event}/actions"), &body).await.ok();
}

#[tokio::test]
async fn only_those_look_back_who_may_and_only_at_what_there_is() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let fan = Caller::new(&server.url);
    let body = json!({"email": "fan@example.com", "name": "Fan", "password": PASSWORD});
    let made = fan.post("/api/v1/accounts", &body).await;
    let cookie = made.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let viewer = Viewer::of(&server, &administrator).await;
    let paths =
        ["state", "journal", "contention"].map(|what| format!("/api/v1/ops/events/{event}/{what}"));
    for path in paths.iter().map(String::as_str).chain(["/api/v1/ops/dead-letters"]) {
        assert_eq!(get(&server, "", path).await.code(), "not_signed_in");
        assert_eq!(get(&server, cookie, path).await.code(), "forbidden");
        viewer.get(path).await.ok();
    }
    let live = format!("topic=actor&event={event}");
    assert_eq!(look(&server, cookie, &live).await.err(), Some(403));
    for seq in ["0", "2", "18446744073709551615"] {
        let asked = [(0, "seq"), (1, "from"), (2, "seq")];
        for path in asked.map(|(path, name)| format!("{}?{name}={seq}", paths[path])) {
            let answer = viewer.get(&path).await;
            assert_eq!((answer.code(), &answer.body["last"]), ("unknown_record", &json!(1)));
            assert_eq!(answer.status, 404);
        }
    }
    assert_eq!(viewer.get(&format!("{}?seq=-1", paths[0])).await.code(), "malformed_query");
    assert_eq!(viewer.get(&format!("{}?limit=101", paths[1])).await.code(), "malformed_query");
    let none = paths[0].replace(&event, "evt_0000000000000");
    assert_eq!(viewer.get(&none).await.code(), "unknown_event");
    assert_eq!(look(&server, &viewer.cookie, "topic=actor").await.err(), Some(404));
}

#[tokio::test]
async fn every_state_of_a_sale_is_shown_again_and_the_owner_does_not_notice() {
    let server = Server::with(Setup { payments: true, ..Setup::default() });
    let administrator = server.operator().await;
    let event = server.event(&administrator, 4, 8, |_| ()).await;
    let path = format!("/api/v1/operator/events/{event}");
    let viewer = Viewer::of(&server, &administrator).await;
    let mut seen: BTreeMap<u64, Value> = BTreeMap::new();
    let mut fences = Vec::new();
    for number in 0..4 {
        let fan = server.fan(&format!("fan{number}")).await;
        fan.enter(&event).await;
        let hold = fan.hold_best(&event, 1 + number).await.ok();
        if number == 1 {
            let id = hold["id"].as_str().unwrap();
            fan.post(&format!("/api/v1/holds/{id}/order"), &json!({})).await.ok();
        }
        if number == 2 {
            act(&administrator, &event, "pause").await;
            act(&administrator, &event, "resume").await;
        }
        let owner = administrator.get(&path).await.ok();
        fences.push(owner["fence"].as_u64().unwrap());
        let head = viewer.state(&event, None).await;
        for name in ["seq", "status", "free", "held", "sold", "waiting", "admitted_max"] {
            assert_eq!(head[name], owner[name], "{name}");
        }
        let inside = head["called"].as_u64().unwrap() + head["admitted"].as_u64().unwrap();
        assert_eq!(owner["inside"], inside);
        assert_eq!(head["last"], head["seq"]);
        seen.insert(head["seq"].as_u64().unwrap(), head);
    }
    assert_eq!(fences, [1; 4], "nobody took it over again");
    let last = *seen.keys().next_back().unwrap();
    for seq in (1..=last).rev() {
        let mut state = viewer.state(&event, Some(seq)).await;
        let shares = ["free", "sold", "held"].map(|name| state[name].as_u64().unwrap());
        assert_eq!(counted(&state), shares, "record {seq}");
        let by_age: u64 = state["holds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["places"].as_u64().unwrap())
            .sum();
        assert_eq!(by_age, shares[2]);
        if let Some(before) = seen.get(&seq) {
            state["last"] = before["last"].clone();
            assert_eq!(&state, before, "as it was after record {seq}");
        }
    }
    let path_of = |query: &str| format!("/api/v1/ops/events/{event}/contention{query}");
    let contention = viewer.get(&path_of("")).await.ok();
    let times = STANDARD.decode(contention["places"].as_str().unwrap()).unwrap();
    assert_eq!(times.iter().map(|times| u32::from(*times)).sum::<u32>(), 10, "each held once");
    assert_eq!((&contention["from"], &contention["to"]), (&json!(1), &json!(last)));
    assert_eq!(viewer.get(&path_of("?seq=1")).await.ok()["places"], "");
    assert_eq!(viewer.state(&event, Some(1)).await["free"], 32);
    let head = &seen[&last];
    assert_eq!((&head["held"], &head["orders"]["awaiting_payment"]), (&json!(10), &json!(1)));
    assert_eq!(
        (&head["money"]["currency"], &head["money"]["decimals"]),
        (&json!("KRW"), &json!(0))
    );
    assert_eq!(administrator.get(&path).await.ok()["fence"], 1);
}

#[tokio::test]
async fn a_journal_is_read_in_order_and_names_nobody() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let hold = fan.hold_best(&event, 2).await.ok()["id"].as_str().unwrap().to_owned();
    act(&administrator, &event, "pause").await;
    let viewer = Viewer::of(&server, &administrator).await;
    let path = format!("/api/v1/ops/events/{event}/journal");
    let answer = viewer.get(&path).await;
    let text = answer.body.to_string();
    assert!(!text.contains("acc_") && !text.contains("fan@"), "{text}");
    let page = answer.ok();
    let records = page["records"].as_array().unwrap();
    let seqs = records.iter().map(|record| record["seq"].as_u64().unwrap());
    assert!(seqs.eq(1..=page["last"].as_u64().unwrap()), "{page}");
    assert_eq!(records[0]["kind"], "sale_opened");
    let placed = records.iter().find(|record| record["kind"] == "hold_placed").unwrap();
    assert_eq!((&placed["by"], &placed["places"]), (&json!("fan"), &json!(2)));
    assert_eq!((&placed["subject"], &placed["fence"]), (&json!(hold), &json!(1)));
    assert!(placed["amount_minor"].as_i64().unwrap() > 0);
    let paused = records.last().unwrap();
    assert_eq!((&paused["kind"], &paused["by"]), (&json!("status_changed"), &json!("operator")));
    assert_eq!(placed["deed"], Value::Null, "no operator did it");
    let some = viewer.get(&format!("{path}?from=2&limit=2")).await.ok();
    assert_eq!(some["records"], json!(records[1..3]));
}

#[tokio::test]
async fn a_record_names_the_deed_that_it_came_of() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    // Two of a kind at one moment: nothing but their numbers tells them apart.
    for action in ["pause", "resume", "pause"] {
        act(&administrator, &event, action).await;
    }
    let refused = json!({"action": "pause", "reason": "twice"});
    let actions = format!("/api/v1/ops/events/{event}/actions");
    administrator.post(&actions, &refused).await;
    let log = administrator.get(&format!("/api/v1/ops/audit?event={event}&limit=100")).await.ok();
    let entries = log["entries"].as_array().unwrap();
    let path = format!("/api/v1/ops/events/{event}/journal");
    let page = administrator.get(&path).await.ok();
    let records: Vec<_> = page["records"].as_array().unwrap().iter().skip(1).collect();
    assert_eq!(records.len(), 3, "{page}");
    for (record, action) in records.iter().zip(["pause", "resume", "pause"]) {
        let entry = entries.iter().find(|entry| entry["number"] == record["deed"]).unwrap();
        assert_eq!((&entry["action"], &entry["outcome"]), (&json!(action), &json!("asked")));
        let found = administrator.get(&format!("{path}?deed={}", record["deed"])).await.ok();
        assert_eq!(found["records"], json!([record]));
    }
    let last = entries.iter().find(|entry| entry["reason"] == "twice").unwrap();
    let none = administrator.get(&format!("{path}?deed={}", last["number"])).await.ok();
    assert_eq!(none["records"], json!([]), "it changed nothing");
    for unknown in ["0", "999"] {
        let answer = administrator.get(&format!("{path}?deed={unknown}")).await;
        assert_eq!(answer.code(), "malformed_query", "{unknown}");
    }
}

#[tokio::test]
async fn an_actor_is_watched_with_its_rejections_and_its_sockets() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |body| body["title"] = json!("One night")).await;
    let viewer = Viewer::of(&server, &administrator).await;
    let mut socket =
        look(&server, &viewer.cookie, &format!("topic=actor&event={event}")).await.unwrap();
    let first = frame(&mut socket).await;
    assert_eq!((&first["actor"], &first["complete"]), (&Value::Null, &json!(true)), "nobody asked");
    let fan = server.fan("fan").await;
    for _ in 0..3 {
        assert_eq!(fan.hold_best(&event, 1).await.code(), "not_admitted");
    }
    let mut now = frame(&mut socket).await;
    while now["actor"].is_null() || now["rejections"] == json!([]) {
        now = frame(&mut socket).await;
    }
    assert_eq!(now["rejections"], json!([{"code": "not_admitted", "count": 3}]));
    let actor = &now["actor"];
    assert_eq!(
        (&actor["title"], &actor["seq"], &actor["fence"]),
        (&json!("One night"), &json!(1), &json!(1))
    );
    assert_eq!((&actor["snapshot_age_s"], &now["sockets"]), (&Value::Null, &json!([])));
    assert!(actor["quiet_for_s"].as_u64().unwrap() < 60, "{actor}");
    let mut table = look(&server, &viewer.cookie, "topic=actors&sort=snapshot").await.unwrap();
    assert_eq!(frame(&mut table).await["rows"][0]["take_overs"], 1);
}

#[tokio::test]
async fn streams_say_how_far_they_are() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let viewer = Viewer::of(&server, &administrator).await;
    let mut socket = look(&server, &viewer.cookie, "topic=streams").await.unwrap();
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    fan.hold_best(&event, 1).await.ok();
    let mut now = frame(&mut socket).await;
    while now["relay"]["lag_records"] != 0 || now["consumers"][0]["lag"] != 0 {
        now = frame(&mut socket).await;
    }
    assert_eq!((&now["complete"], &now["relay"]["stuck_events"]), (&json!(true), &json!(0)));
    assert_eq!(
        (&now["consumers"][0]["name"], &now["consumers"][0]["buried"]),
        (&json!("stats"), &json!(0))
    );
    assert_eq!(now["nodes"].as_array().unwrap().len(), 1);
    let dead = viewer.get("/api/v1/ops/dead-letters").await.ok();
    assert_eq!(dead, json!({"reached": true, "lasting": false, "letters": [], "more": false}));
}

#[tokio::test]
async fn any_node_looks_back_at_what_another_owns() {
    let Some(shared) = shared_services().await else { return };
    let setup = Setup { environment: shared.environment.clone(), ..Setup::default() };
    let (one, other) = (Server::with(setup.clone()), Server::with(setup));
    let administrator = one.operator().await;
    let event = one.event(&administrator, 2, 4, |_| ()).await;
    let fan = one.fan("fan").await;
    fan.enter(&event).await;
    fan.hold_best(&event, 2).await.ok();
    let cookie = staff(&one, &administrator, "viewer").await;
    let path = format!("/api/v1/operator/events/{event}");
    let before = administrator.get(&path).await.ok();
    for server in [&one, &other] {
        let viewer = Viewer { server, cookie: cookie.clone() };
        let state = viewer.state(&event, None).await;
        for name in ["seq", "status", "free", "held", "sold", "waiting"] {
            assert_eq!(state[name], before[name], "{name}");
        }
        assert_eq!(viewer.state(&event, Some(1)).await["free"], 8);
        let mut socket =
            look(server, &cookie, &format!("topic=actor&event={event}")).await.unwrap();
        let mut now = frame(&mut socket).await;
        while now["actor"].is_null() || now["complete"] != true {
            // Once both nodes know each other the event may be handed over, and then has no actor
            // until somebody asks for it.
            administrator.get(&path).await.ok();
            now = frame(&mut socket).await;
        }
        assert_eq!((&now["actor"]["seq"], &now["actor"]["held"]), (&before["seq"], &json!(2)));
        let mut socket = look(server, &cookie, "topic=streams").await.unwrap();
        let mut now = frame(&mut socket).await;
        while now["relay"].is_null()
            || now["consumers"][0]["nodes"] != 2
            || now["consumers"][0]["lag"] != 0
        {
            now = frame(&mut socket).await;
        }
        let stats = &now["consumers"][0];
        assert_eq!(stats["partitions"].as_array().unwrap().len(), 12);
        assert!(stats["lag_at"].is_string(), "{stats}");
        let dead = viewer.get("/api/v1/ops/dead-letters").await.ok();
        assert_eq!((&dead["reached"], &dead["lasting"]), (&json!(true), &json!(true)));
    }
}

#[tokio::test]
async fn a_deed_keeps_its_number_on_its_way_to_the_owner() {
    let Some(shared) = shared_services().await else { return };
    let setup = Setup { environment: shared.environment.clone(), ..Setup::default() };
    let (one, other) = (Server::with(setup.clone()), Server::with(setup));
    let administrator = one.operator().await;
    let event = one.event(&administrator, 2, 4, |_| ()).await;
    let cookie = staff(&one, &administrator, "operator").await;
    let path = format!("/api/v1/ops/events/{event}/actions");
    // One of the nodes owns the event, and the other asks it.
    let done = [(&one, "pause"), (&other, "resume"), (&one, "pause"), (&other, "resume")];
    for (server, action) in done {
        let body = json!({"action": action, "reason": "for the test"});
        // While the event changes its owner, the answer is to ask again.
        while {
            let request = reqwest::Client::new().post(format!("{}{path}", server.url));
            let request = request.header("cookie", &cookie).json(&body);
            let answer = read(request.send().await.unwrap()).await.unwrap();
            assert!([200, 429, 503].contains(&answer.status), "{}", answer.body);
            answer.status != 200
        } {}
    }
    let log = administrator.get(&format!("/api/v1/ops/audit?event={event}&limit=100")).await.ok();
    let entries = log["entries"].as_array().unwrap();
    let page = administrator.get(&format!("/api/v1/ops/events/{event}/journal")).await.ok();
    let records = page["records"].as_array().unwrap().iter();
    let changed: Vec<_> = records.filter(|record| record["kind"] == "status_changed").collect();
    assert_eq!(changed.len(), 4, "{page}");
    for (record, (_, action)) in changed.iter().zip(done) {
        let entry = entries.iter().find(|entry| entry["number"] == record["deed"]).unwrap();
        assert_eq!((&entry["action"], &entry["outcome"]), (&json!(action), &json!("asked")));
    }
}
