//! From the sale through the relay into the count, and back to whoever asks.

use serde_json::{Value, json};
use tiketi_engine::domain::ids::Seq;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Counted, Journal as _, RelayPositions as _, SalesLine, Stats as _};
use tiketi_persistence::embedded;

use crate::harness::{Caller, Server, eventually, tiketi};
use crate::purchase::{go_to_pay, with_payments};

/// What `tiketi stats` says, and its exit code.
fn stats(server: &Server, event: &str, flags: &[&str]) -> (Option<i32>, String) {
    let data = server.data_dir().to_str().unwrap();
    let output = tiketi(&[&["stats", event, "--data-dir", data], flags].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

async fn lines(operator: &Caller, event: &str) -> Vec<Value> {
    let sales = operator.get(&format!("/api/v1/operator/events/{event}/sales")).await.ok();
    assert_eq!(sales["currency"], "KRW");
    sales["lines"].as_array().unwrap().clone()
}

fn sum(lines: &[Value], of: &str) -> i64 {
    lines.iter().map(|line| line[of].as_i64().unwrap()).sum()
}

/// Two fans buy, and one of them gives everything back.
async fn sell(server: &Server, event: &str) {
    let (keeper, returner) = (server.fan("keeper").await, server.fan("returner").await);
    for (fan, quantity) in [(&keeper, 3), (&returner, 2)] {
        let bought = go_to_pay(fan, event, quantity, "succeed").await;
        assert_eq!(bought.confirm(fan).await.ok()["state"], "paid");
        if quantity == 2 {
            let path = format!("/api/v1/orders/{}/return", bought.order["id"].as_str().unwrap());
            assert_eq!(fan.post(&path, &json!({})).await.ok()["state"], "returned");
        }
    }
}

#[tokio::test]
async fn what_was_sold_and_given_back_is_counted_and_equals_the_journal() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    assert_eq!(lines(&operator, &event).await, Vec::<Value>::new(), "nothing, and not zero");
    sell(&server, &event).await;
    let counted = eventually("all of it is counted", async || {
        let lines = lines(&operator, &event).await;
        (sum(&lines, "returned") == 2).then_some(lines)
    })
    .await;
    assert_eq!((sum(&counted, "sold"), counted[0]["section"].as_str()), (5, Some("Stalls")));
    assert_eq!(counted[0]["category"], "a");
    let each = 101_000;
    assert_eq!(
        (sum(&counted, "sold_minor"), sum(&counted, "returned_minor")),
        (5 * each, 2 * each)
    );
    assert!(counted[0]["hour"].as_str().unwrap().ends_with(":00:00.000Z"), "{counted:?}");
    let (code, said) = stats(&server, &event, &["--recount"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("5 sold for KRW 505000, 2 returned for KRW 202000"), "{said}");
    assert!(said.contains("both are equal"), "{said}");
}

#[tokio::test]
async fn a_replay_from_zero_counts_nothing_twice() {
    let mut server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    sell(&server, &event).await;
    eventually("all of it is counted", async || {
        let (code, _) = stats(&server, &event, &["--recount"]);
        (code == Some(0) && server.metric("tiketi_relay_lag_records").await == 0).then_some(())
    })
    .await;
    let (_, counted) = stats(&server, &event, &[]);
    let published = server.metric("tiketi_relay_published_total").await;
    assert_eq!(server.process.terminate().code(), Some(0));

    let store = embedded(&server.data_dir().join("tiketi.db")).await.unwrap();
    let id = event.parse().unwrap();
    let last = store.batches(id, Seq(0), u32::MAX).await.unwrap().last().unwrap().last;
    let behind = store.behind(9).await.unwrap();
    let at = behind.first().map_or(last, |behind| behind.acknowledged);
    assert_eq!(store.acknowledge(id, at, Seq(0)).await, Ok(true));
    store.close().await;
    server.restart();
    eventually("all of it is published again", async || {
        (server.metric("tiketi_relay_published_total").await >= published).then_some(())
    })
    .await;
    assert!(server.metric("tiketi_stats_counted_total").await >= 3, "two sales and a return");
    assert_eq!(stats(&server, &event, &[]), (Some(0), counted));
    let (code, said) = stats(&server, &event, &["--recount"]);
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_count_that_is_wrong_is_found_and_repaired() {
    let mut server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    sell(&server, &event).await;
    eventually("all of it is counted", async || {
        (sum(&lines(&operator, &event).await, "returned") == 2).then_some(())
    })
    .await;
    server.process.kill();

    let store = embedded(&server.data_dir().join("tiketi.db")).await.unwrap();
    let id = event.parse().unwrap();
    let line = SalesLine {
        hour: Timestamp::from_millis(0),
        section: "Nowhere".to_owned(),
        category: "a".to_owned(),
        sold: 1,
        returned: 0,
        sold_minor: 7,
        returned_minor: 0,
    };
    store.count(&[Counted { event: id, seq: Seq(1), lines: vec![line] }]).await.unwrap();
    store.close().await;
    let (code, said) = stats(&server, &event, &["--recount"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("DIFFERS counted 1970") && said.contains("Nowhere"), "{said}");
    let (code, said) = stats(&server, &event, &["--repair"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("counted anew from the journal"), "{said}");
    let (code, said) = stats(&server, &event, &["--recount"]);
    assert!(code == Some(0) && !said.contains("Nowhere"), "{said}");
    let (code, said) = stats(&server, "evt_0000000000001", &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("no event that is or was on sale"), "{said}");
}

#[tokio::test]
async fn only_operators_see_what_was_sold() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 4, |_| ()).await;
    let path = format!("/api/v1/operator/events/{event}/sales");
    assert_eq!(Caller::new(&server.url).get(&path).await.code(), "not_signed_in");
    assert_eq!(server.fan("minji").await.get(&path).await.code(), "forbidden");
    let path = path.replace(&event, "evt_0000000000001");
    assert_eq!(operator.get(&path).await.code(), "unknown_event");
}
