//! What organisers prepare, without a line of SQL: plans, events, and who may do what.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};
use tiketi_engine::ports::{Catalog as _, Listing, ListingState};
use tiketi_engine::testing::plans::room;
use tiketi_persistence::embedded;

use crate::harness::{Answer, Caller, PASSWORD, Server, Setup, Shared, shared_services};

/// Somebody with a role, made with a link of the administrator's.
pub(crate) async fn staff(server: &Server, administrator: &Caller, role: &str) -> Caller {
    let body = json!({"role": role});
    let link = administrator.post("/api/v1/operator/setup-links", &body).await.ok();
    let token = link["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let email = format!("{role}@example.com");
    let body = json!({"token": token, "email": email, "name": role, "password": PASSWORD});
    let caller = Caller::new(&server.url);
    caller.post("/api/v1/setup", &body).await.ok();
    caller
}

/// An embedded server, and a node of a cluster if there are services.
async fn servers() -> Vec<(Server, Option<Shared>)> {
    let mut servers = vec![(Server::start(), None)];
    if let Some(shared) = shared_services().await {
        let setup = Setup { environment: shared.environment.clone(), ..Setup::default() };
        servers.push((Server::with(setup), Some(shared)));
    }
    servers
}

/// What the log says of an action, the oldest first: of what and how it came out.
pub(crate) async fn log_of(administrator: &Caller, action: &str) -> Vec<(String, String)> {
    let page = administrator.get(&format!("/api/v1/ops/audit?action={action}")).await.ok();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let entries = page["entries"].as_array().unwrap().iter().rev();
    entries.map(|entry| (text(entry, "target"), text(entry, "outcome"))).collect()
}

pub(crate) fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!((answer.status, answer.code()), (422, "faulty"), "{}", answer.body);
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let faults = answer.body["faults"].as_array().unwrap().iter();
    faults.map(|fault| (text(fault, "path"), text(fault, "code"))).collect()
}

#[tokio::test]
async fn a_plan_is_looked_at_then_kept() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let mut broken = room(2, 4);
        let rows = &mut broken["zones"][0]["rows"];
        rows[0]["seats"][1]["category"] = json!("nowhere");
        rows[0]["seats"][3]["position"]["x"] = json!("left");
        rows[1]["seats"][2].as_object_mut().unwrap().remove("seat_number");
        let check = "/api/v1/operator/charts/check";
        let keep = "/api/v1/operator/charts";
        let found = [
            ("$.zones[0].rows[0].seats[1]", "unknown_category"),
            ("$.zones[0].rows[0].seats[3].position.x", "wrong_type"),
            ("$.zones[0].rows[1].seats[2].seat_number", "missing"),
        ];
        for path in [check, keep] {
            let answer = administrator.post(path, &broken).await;
            let mut told = faults(&answer);
            told.sort();
            let expected = found.map(|(path, code)| (path.to_owned(), code.to_owned()));
            assert_eq!(told, expected);
            assert_eq!(answer.body["faults_total"], 3);
        }
        let sound = room(2, 4);
        let shown = administrator.post(check, &sound).await.ok();
        assert_eq!((&shown["rows"], &shown["chart"]["places"]), (&json!(2), &json!(8)));
        assert_eq!(administrator.get(keep).await.ok(), json!([]), "nothing is kept");
        let kept = administrator.post(keep, &sound).await;
        assert_eq!((kept.status, &kept.body["hash"]), (201, &shown["hash"]));
        let listed = administrator.get(keep).await.ok();
        assert_eq!((&listed[0]["hash"], &listed[0]["places"]), (&shown["hash"], &json!(8)));
        let log = log_of(&administrator, "keep_plan").await;
        assert_eq!(log.iter().map(|(_, how)| how.as_str()).collect::<Vec<_>>(), ["asked", "done"]);
        let target = format!("A small room, 8 places: {}", shown["hash"].as_str().unwrap());
        assert_eq!(log[0].0, target);

        let viewer = staff(&server, &administrator, "viewer").await;
        let (fan, nobody) = (server.fan("fan").await, Caller::new(&server.url));
        for path in [check, keep] {
            assert_eq!(viewer.post(path, &sound).await.code(), "forbidden");
            assert_eq!(fan.post(path, &sound).await.code(), "forbidden");
            assert_eq!(nobody.post(path, &sound).await.code(), "not_signed_in");
        }
        assert_eq!(
            administrator.get("/api/v1/ops/audit/check").await.ok()["broken_at"],
            json!(null)
        );
    }
}

#[tokio::test]
async fn a_plan_that_is_too_large_or_no_json_is_refused_before_it_is_read() {
    let server = Server::start();
    let operator = server.operator().await;
    let url = format!("{}/api/v1/operator/charts/check", server.url);
    let sent = operator.http.post(&url).header("content-type", "application/json").body("{\"a\": ");
    let answer = crate::harness::read(sent.send().await.unwrap()).await.unwrap();
    assert_eq!(faults(&answer), [("$".to_owned(), "not_json".to_owned())]);
    let sent = operator.http.post(&url).body("name: a room");
    assert_eq!(sent.send().await.unwrap().status().as_u16(), 415);

    // Told by its length alone: no byte of it needs to be sent.
    let body = json!({"email": "op@example.com", "password": PASSWORD});
    let signed_in = Caller::new(&server.url).post("/api/v1/session", &body).await;
    let cookies = signed_in.headers.get_all("set-cookie").iter();
    let cookies = cookies.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    let cookie = cookies.collect::<Vec<_>>().join("; ");
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/operator/charts HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: 33554433\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

/// Everything that an organiser fills in, for a chart.
pub(crate) fn filled_in(chart: &str) -> Value {
    json!({
        "title": "A night", "description": "Two sets.", "venue": "A small room",
        "starts_at": "2030-01-01T11:00:00Z", "chart": chart, "currency": "KRW",
        "order_fee_minor": 500, "ticket_types": [{"key": "adult", "label": "Adult"}],
        "prices": [
            {"category": "a", "ticket_type": "adult", "amount_minor": 100_000, "fee_minor": 1_000},
            {"category": "b", "ticket_type": "adult", "amount_minor": 70_000, "fee_minor": 0},
        ],
        "lobby_opens_at": "", "opens_at": "2020-01-01T00:00:00Z",
        "closes_at": "2029-12-31T00:00:00Z", "refunds_until": "",
        "places_per_hold_max": 4, "places_per_fan_max": 8, "hold_ttl_s": 420,
        "hold_extension_s": 180, "admitted_max": 100, "claim_ttl_s": 120, "session_ttl_s": 600,
    })
}

#[tokio::test]
async fn an_event_is_drafted_changed_and_published() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let operator = staff(&server, &administrator, "operator").await;
        let keep = "/api/v1/operator/charts";
        let chart =
            operator.post(keep, &room(4, 8)).await.ok()["hash"].as_str().unwrap().to_owned();
        let drafts = "/api/v1/operator/drafts";

        let mut event = filled_in(&chart);
        event["title"] = json!("");
        event["prices"].as_array_mut().unwrap().pop();
        event["closes_at"] = json!("soon");
        event["admitted_max"] = json!(0);
        let begun = operator.post(drafts, &event).await;
        assert_eq!(begun.status, 201, "{}", begun.body);
        let id = begun.body["id"].as_str().unwrap().to_owned();
        let path = format!("{drafts}/{id}");
        let publish = format!("{path}/publish");
        let expected = [
            ("title", "missing"),
            ("prices.b", "no_price"),
            ("closes_at", "malformed"),
            ("admitted_max", "out_of_range"),
        ];
        let expected = expected.map(|(path, code)| (path.to_owned(), code.to_owned()));
        assert_eq!(faults(&operator.post(&publish, &json!({"version": 1})).await), expected);
        let shown = operator.get(&path).await.ok();
        assert_eq!(shown["faults"].as_array().unwrap().len(), 4, "also before it is published");
        assert_eq!(
            administrator.get(&format!("/api/v1/events/{id}")).await.code(),
            "unknown_event"
        );

        let body = json!({"version": 1, "event": filled_in(&chart)});
        let changed = operator.patch(&path, &body).await.ok();
        assert_eq!((&changed["version"], &changed["faults"]), (&json!(2), &json!([])));
        assert_eq!(
            operator.patch(&path, &body).await.code(),
            "changed_since",
            "somebody was faster"
        );
        let stale = operator.post(&publish, &json!({"version": 1})).await;
        assert_eq!(stale.code(), "changed_since");
        assert_eq!(operator.get(drafts).await.ok()[0]["title"], "A night");

        let published = operator.post(&publish, &json!({"version": 2})).await;
        assert_eq!((published.status, &published.body["id"]), (201, &json!(id)));
        assert_eq!(operator.get(&path).await.code(), "unknown_draft");
        let fan = server.fan("fan").await;
        fan.enter(&id).await;
        let hold = fan.hold_seat(&id, 0).await.ok();
        assert_eq!(hold["total_minor"].as_i64(), Some(101_500), "{hold}");

        for (action, told) in [
            ("begin_draft", vec!["asked", "done"]),
            ("publish_draft", vec!["asked", "done"]),
            ("change_draft", vec!["asked", "done"]),
        ] {
            let log = log_of(&administrator, action).await;
            assert_eq!(
                log.iter().map(|(_, how)| how.as_str()).collect::<Vec<_>>(),
                told,
                "{action}"
            );
        }
        let (what, _) = log_of(&administrator, "change_draft").await.remove(0);
        assert!(what.contains("title: \"\" → \"A night\""), "{what}");
        assert!(what.contains("admitted_max: 0 → 100"), "{what}");
        terms_change(&operator, &administrator, &id).await;
        others_are_refused(&server, &administrator, &chart).await;
    }
}

#[tokio::test]
async fn a_publication_that_a_crash_cut_short_is_gone_on_with() {
    let server = Server::start();
    let operator = server.operator().await;
    let kept = operator.post("/api/v1/operator/charts", &room(4, 8)).await.ok();
    let event = filled_in(kept["hash"].as_str().unwrap());
    let begun = operator.post("/api/v1/operator/drafts", &event).await.ok();
    let id = begun["id"].as_str().unwrap();
    // As it is after the first of the three steps.
    let store = embedded(&server.data_dir().join("tiketi.db")).await.unwrap();
    let listing = Listing {
        id: id.parse().unwrap(),
        title: "A night".to_owned(),
        description: "Two sets.".to_owned(),
        venue: "A small room".to_owned(),
        starts_at: "2030-01-01T11:00:00Z".parse().unwrap(),
        chart: kept["hash"].as_str().unwrap().parse().unwrap(),
        state: ListingState::Draft,
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    store.add_event(&listing).await.unwrap();
    let path = format!("/api/v1/operator/drafts/{id}");
    let mut other = event.clone();
    other["title"] = json!("Another night");
    let changed = operator.patch(&path, &json!({"version": 1, "event": other})).await;
    assert_eq!(changed.code(), "draft_published", "not beneath a publication");
    let publish = format!("{path}/publish");
    assert_eq!(operator.post(&publish, &json!({"version": 1})).await.status, 201);
    let shown = operator.get(&format!("/api/v1/events/{id}")).await.ok();
    assert_eq!((&shown["title"], &shown["sale"]["for_sale"]), (&json!("A night"), &json!(32)));
    assert_eq!(operator.get(&path).await.code(), "unknown_draft");
}

/// Prices and times may change once an event is published, the event itself may not.
async fn terms_change(operator: &Caller, administrator: &Caller, id: &str) {
    let path = format!("/api/v1/operator/events/{id}/terms");
    let seen = operator.get(&path).await.ok();
    let mut terms = seen.clone();
    let set = async |seen: &Value, event: &Value| {
        operator.patch(&path, &json!({"seen": seen, "event": event})).await
    };
    terms["title"] = json!("Another night");
    terms["venue"] = json!("Elsewhere");
    let fixed = ["title", "venue"].map(|field| (field.to_owned(), "fixed".to_owned()));
    assert_eq!(faults(&set(&seen, &terms).await), fixed);
    terms["title"] = json!("A night");
    terms["venue"] = json!("A small room");
    terms["prices"][1]["amount_minor"] = json!(80_000);
    terms["closes_at"] = json!("2029-11-30T00:00:00.000Z");
    let now = set(&seen, &terms).await.ok();
    assert_eq!(now["prices"][1]["amount_minor"], 80_000);
    assert_eq!(set(&seen, &terms).await.code(), "changed_since");
    let log = log_of(administrator, "set_terms").await;
    let changed = "closes_at: \"2029-12-31T00:00:00.000Z\" → \"2029-11-30T00:00:00.000Z\"\n\
                   prices[1].amount_minor: 70000 → 80000";
    assert_eq!(log, ["asked", "done"].map(|how| (changed.to_owned(), how.to_owned())));
    terms["ticket_types"] = json!([{"key": "child", "label": "Child"}]);
    terms["prices"] = json!([]);
    assert_eq!(set(&now, &terms).await.code(), "unlawful_terms");
}

async fn others_are_refused(server: &Server, administrator: &Caller, chart: &str) {
    let drafts = "/api/v1/operator/drafts";
    let begun = administrator.post(drafts, &filled_in(chart)).await.ok();
    let path = format!("{drafts}/{}", begun["id"].as_str().unwrap());
    let viewer = staff(server, administrator, "viewer").await;
    for other in [&viewer, &server.fan("another").await] {
        assert_eq!(other.get(drafts).await.code(), "forbidden", "drafts are nobody's business");
        assert_eq!(other.get(&path).await.code(), "forbidden");
        assert_eq!(other.post(drafts, &filled_in(chart)).await.code(), "forbidden");
        let publish = format!("{path}/publish");
        assert_eq!(other.post(&publish, &json!({"version": 1})).await.code(), "forbidden");
        assert_eq!(other.delete(&format!("{path}?version=1")).await.code(), "forbidden");
    }
    assert_eq!(administrator.delete(&format!("{path}?version=2")).await.code(), "changed_since");
    assert_eq!(administrator.delete(&format!("{path}?version=1")).await.status, 204);
    assert_eq!(administrator.get(&path).await.code(), "unknown_draft");
    let unknown = "/api/v1/operator/drafts/evt_0000000000001";
    assert_eq!(administrator.get(unknown).await.code(), "unknown_draft");
}

#[tokio::test]
async fn an_administrator_says_who_may_do_what() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let operator = staff(&server, &administrator, "operator").await;
        server.fan("fan").await;
        let people = "/api/v1/operator/people";
        let listed = administrator.get(people).await.ok();
        let told = |listed: &Value| -> Vec<String> {
            let people = listed.as_array().unwrap().iter();
            people.map(|one| format!("{} {}", one["email"], one["role"]).replace('"', "")).collect()
        };
        let both = ["op@example.com administrator", "operator@example.com operator"];
        assert_eq!(told(&listed), both, "no fans");
        let path = |at: usize| format!("{people}/{}", listed[at]["id"].as_str().unwrap());
        let role = |role: &str| json!({"role": role, "reason": "as agreed on Monday"});
        assert_eq!(operator.get(people).await.code(), "forbidden");
        assert_eq!(operator.patch(&path(1), &role("administrator")).await.code(), "forbidden");
        let refused = administrator.patch(&path(0), &role("viewer")).await;
        assert_eq!((refused.status, refused.code()), (409, "last_administrator"));
        let unreasoned = json!({"role": "viewer", "reason": ""});
        assert_eq!(administrator.patch(&path(1), &unreasoned).await.code(), "invalid_value");
        let set = administrator.patch(&path(1), &role("viewer")).await.ok();
        assert_eq!(set["role"], "viewer");
        let refreshed = operator.send(Method::POST, "/api/v1/session/refresh", None, None).await;
        assert_eq!(refreshed.unwrap().ok()["role"], "viewer");
        assert_eq!(operator.get("/api/v1/operator/drafts").await.code(), "forbidden");
        let unknown = format!("{people}/acc_0000000000001");
        assert_eq!(administrator.patch(&unknown, &role("viewer")).await.code(), "unknown_account");
        let log = log_of(&administrator, "set_role").await;
        let outcomes: Vec<&str> = log.iter().map(|(_, how)| how.as_str()).collect();
        assert_eq!(outcomes, ["asked", "last_administrator", "asked", "done"]);
        let change = format!("{}: operator → viewer", listed[1]["id"].as_str().unwrap());
        assert_eq!(log[2].0, change);
        assert_eq!(log_of(&administrator, "make_setup_link").await[0].0, "operator");
    }
}
