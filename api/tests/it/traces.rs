//! What is traced, as a collector gets it.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::collector::{Collector, Span};
use crate::harness::{Caller, Server, Setup, eventually, shared_services};
use crate::purchase::go_to_pay;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What a fan asks for to buy a ticket.
const STEPS: [&str; 6] = [
    "POST /api/v1/events/{event}/queue",
    "POST /api/v1/events/{event}/queue/claim",
    "POST /api/v1/events/{event}/holds",
    "POST /api/v1/holds/{hold}/order",
    "POST /api/v1/orders/{order}/payments",
    "POST /api/v1/orders/{order}/payments/{payment}/confirm",
];

/// Somebody whose every request is of one trace, with the session of somebody else.
async fn traced(server: &Server, name: &str) -> Caller {
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-00");
    let headers = HeaderMap::from_iter([(
        reqwest::header::HeaderName::from_static("traceparent"),
        HeaderValue::from_str(&parent).unwrap(),
    )]);
    let http = reqwest::Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(headers)
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let caller = Caller { http, base: server.url.clone() };
    let body = json!({
        "email": format!("{name}@example.com"), "name": name, "password": "correct horse battery",
    });
    assert_eq!(caller.post("/api/v1/accounts", &body).await.status, 201);
    caller
}

fn of_purchase(collector: &Collector) -> Vec<Span> {
    collector.spans().into_iter().filter(|span| span.trace == TRACE).collect()
}

/// The first and last record that a span is about.
fn records(span: &Span) -> (u64, u64) {
    let number = |name: &str| span.of[name].parse().unwrap();
    (number("seq.first"), number("seq.last"))
}

fn last(span: &Span) -> u64 {
    records(span).1
}

fn is_below(span: &Span, other: &Span) -> bool {
    (span.trace == other.trace && span.parent == other.id) || span.links.contains(&other.id)
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// Nodes that share an event: one serves fans and relays, the other owns what is on sale.
pub(crate) fn two_nodes(
    mut environment: std::collections::BTreeMap<String, String>,
) -> (Server, Server) {
    environment.insert("TIKETI_ROLES".to_owned(), r#"["gateway", "engine"]"#.to_owned());
    let owner = Server::with(Setup { payments: true, environment: environment.clone() });
    environment.insert("TIKETI_ROLES".to_owned(), r#"["gateway", "worker"]"#.to_owned());
    let front = Server::with(Setup { payments: true, environment });
    (owner, front)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_of_a_purchase_arrives_with_all_its_spans_from_both_nodes() {
    let Some(mut shared) = shared_services().await else { return };
    let collector = Collector::start().await;
    shared.environment.extend(collector.settings("1"));
    let (mut owner, mut front) = two_nodes(shared.environment.clone());
    let operator = owner.operator().await;
    let event = owner.event(&operator, 4, 8, |_| ()).await;
    let fan = traced(&front, "minji").await;
    let bought = go_to_pay(&fan, &event, 2, "succeed").await;
    let paid = bought.confirm(&fan).await.ok();
    assert_eq!(paid["state"], "paid");

    let last_of_purchase = eventually("what the purchase wrote is exported", async || {
        let written = named(&of_purchase(&collector), "batch").into_iter().map(last).max();
        written.filter(|_| named(&of_purchase(&collector), STEPS[5]).len() == 1)
    })
    .await;
    eventually("what was consumed of it is exported", async || {
        let all = collector.spans();
        let published = named(&all, "publish").into_iter().find(|of| last(of) >= last_of_purchase);
        published
            .filter(|of| named(&all, "consume").iter().any(|span| is_below(span, of)))
            .map(drop)
    })
    .await;
    // What ends last is exported when a node ends.
    assert!(front.process.terminate().success() && owner.process.terminate().success());
    let spans = of_purchase(&collector);
    let nodes: BTreeSet<&str> = spans.iter().map(|span| span.node.as_str()).collect();
    assert_eq!(nodes.len(), 2, "both nodes export: {nodes:?}");
    for step in STEPS {
        whole(&spans, step, &event);
    }
    let payment = named(&spans, "payment");
    assert!(payment.iter().any(|span| span.of["payment.step"] == "confirm"), "{payment:?}");
    assert!(spans.iter().all(|span| span.lasts_ns > 0));
    relayed(&collector.spans(), &spans, &event);
}

/// From a request to its append: each span below the one before, on the node where it belongs.
fn whole(spans: &[Span], step: &str, event: &str) {
    let requests = named(spans, step);
    assert_eq!(
        requests.len(),
        1,
        "{step}: {:?}",
        spans.iter().map(|s| &s.name).collect::<Vec<_>>()
    );
    let request = requests[0];
    assert_eq!(request.parent, "00f067aa0ba902b7");
    assert_eq!(request.of["http.response.status_code"], "200", "{step}");
    let below = |parents: &[&Span], name: &str| -> Vec<&Span> {
        let ids: Vec<&str> = parents.iter().map(|span| span.id.as_str()).collect();
        let of = |span: &&Span| span.name == name && ids.contains(&span.parent.as_str());
        spans.iter().filter(of).collect()
    };
    let calls = below(&requests, "call");
    let errands = below(&calls, "errand");
    assert!(!calls.is_empty() && calls.len() == errands.len(), "{step}: {calls:?} {errands:?}");
    assert!(errands.iter().all(|errand| errand.node != request.node), "another node runs it");
    let commands = below(&errands, "command");
    assert!(commands.iter().any(|command| command.of["event.id"] == event), "{step}");
    let batches = below(&commands, "batch");
    assert!(!batches.is_empty(), "{step}: no batch");
    for batch in &batches {
        assert!(
            batch.links.contains(&batch.parent),
            "a batch is linked to what is in it: {batch:?}"
        );
    }
    assert_eq!(below(&batches, "append").len(), batches.len(), "{step}");
}

/// Every batch of the purchase is in what was published and consumed under its trace, or linked to it.
fn relayed(all: &[Span], purchase: &[Span], event: &str) {
    let published: Vec<&Span> =
        named(all, "publish").into_iter().filter(|span| span.of["event.id"] == event).collect();
    for append in named(purchase, "append").into_iter().filter(|span| span.of["event.id"] == event)
    {
        let of = published.iter().find(|of| is_below(of, append));
        let of = of.unwrap_or_else(|| panic!("not relayed: {append:?}"));
        let consumed = named(all, "consume").into_iter().any(|consume| is_below(consume, of));
        assert!(consumed, "not consumed: {of:?}");
    }
    let of_purchase = |name| named(purchase, name).len();
    assert!(of_purchase("publish") > 0 && of_purchase("consume") > 0, "in the trace itself");
}

/// A server that tells a collector of a part of its requests.
fn server(tracing: [(String, String); 2]) -> Server {
    Server::with(Setup { environment: tracing.into(), ..Setup::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_linked_to_every_traced_command_in_it() {
    let collector = Collector::start().await;
    let server = server(collector.settings("1"));
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fans = [server.fan("one").await, server.fan("two").await, server.fan("three").await];
    let path = format!("/api/v1/events/{event}/queue");
    let shared = eventually("commands share a batch", async || {
        let all = fans.iter().map(|fan| async {
            fan.post(&path, &json!({})).await.ok();
            fan.delete(&path).await.ok();
        });
        futures_util::future::join_all(all).await;
        let spans = collector.spans();
        spans.into_iter().find(|span| span.name == "batch" && span.links.len() > 1)
    })
    .await;
    eventually("the commands arrive too", async || {
        let spans = collector.spans();
        let is_there = |id: &String| {
            named(&spans, "command")
                .into_iter()
                .any(|span| span.id == *id && span.of["event.id"] == event)
        };
        shared.links.iter().all(is_there).then_some(())
    })
    .await;
    assert_eq!(shared.links[0], shared.parent, "it is in the trace of the first");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_outside_decides_what_is_sampled() {
    let collector = Collector::start().await;
    let mut server = server(collector.settings("0.000000001"));
    let caller = Caller::new(&server.url);
    for number in 1..=200 {
        let parent = format!("00-{number:032x}-{number:016x}-01");
        let asked = caller.http.get(format!("{}/api/v1/time", server.url));
        assert_eq!(asked.header("traceparent", parent).send().await.unwrap().status(), 200);
    }
    assert!(server.process.terminate().success());
    assert!(collector.spans().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_gone_holds_nobody_up_and_what_it_missed_is_counted() {
    let mut server = server(Collector::start().await.settings("1"));
    let caller = Caller::new(&server.url);
    for _ in 0..20 {
        assert_eq!(caller.get("/api/v1/time").await.status, 200);
    }
    assert_eq!(server.metric("tiketi_spans_total").await, 20);
    assert_eq!(server.metric("tiketi_spans_exported_total").await, 0);
    assert!(server.process.terminate().success());
}
