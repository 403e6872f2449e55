//! From the waiting room to the ticket and back.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, Server, Setup, eventually};

pub(crate) fn with_payments() -> Server {
    Server::with(Setup { payments: true, ..Setup::default() })
}

/// Chooses on the sandbox's page, and gives what the browser is sent back with.
pub(crate) async fn choose(
    caller: &Caller,
    window_url: &str,
    choice: &str,
) -> Result<BTreeMap<String, String>, reqwest::Error> {
    let url = Url::parse(window_url).unwrap();
    let mut form: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    form.insert("choice".to_owned(), choice.to_owned());
    let decide = url.join("/window/decide").unwrap();
    let response = caller.http.post(decide).form(&form).send().await?;
    let location = response.headers()["location"].to_str().unwrap();
    let back = Url::parse(location).unwrap();
    let mut given: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
    given.insert("path".to_owned(), back.path().to_owned());
    Ok(given)
}

pub(crate) struct Bought {
    pub(crate) order: Value,
    payment: String,
    pub(crate) given: BTreeMap<String, String>,
}

/// Enters, holds, orders, begins to pay and chooses.
pub(crate) async fn go_to_pay(fan: &Caller, event: &str, quantity: u32, choice: &str) -> Bought {
    fan.enter(event).await;
    let hold = fan.hold_best(event, quantity).await.ok();
    let path = format!("/api/v1/holds/{}/order", hold["id"].as_str().unwrap());
    let order = fan.post(&path, &json!({})).await.ok();
    assert_eq!(
        (&order["state"], &order["total_minor"]),
        (&json!("awaiting_payment"), &hold["total_minor"])
    );
    let path = format!("/api/v1/orders/{}/payments", order["id"].as_str().unwrap());
    let started = fan.post(&path, &json!({})).await.ok();
    let given = choose(fan, started["window_url"].as_str().unwrap(), choice).await.unwrap();
    Bought { order, payment: started["payment"].as_str().unwrap().to_owned(), given }
}

impl Bought {
    fn path(&self, last: &str) -> String {
        let order = self.order["id"].as_str().unwrap();
        format!("/api/v1/orders/{order}/payments/{}/{last}", self.payment)
    }

    pub(crate) async fn confirm(&self, fan: &Caller) -> Answer {
        let amount: i64 = self.given["amount"].parse().unwrap();
        let body = json!({"payment_key": self.given["paymentKey"], "amount_minor": amount});
        fan.post(&self.path("confirm"), &body).await
    }

    async fn look(&self, fan: &Caller) -> Value {
        fan.get(&format!("/api/v1/orders/{}", self.order["id"].as_str().unwrap())).await.ok()
    }
}

#[tokio::test]
async fn a_purchase_ends_in_tickets_that_open_the_gate_once() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 2, "succeed").await;
    assert_eq!(bought.given["path"], "/checkout/return");
    let paid = bought.confirm(&fan).await.ok();
    assert_eq!((&paid["state"], paid["tickets"].as_array().unwrap().len()), (&json!("paid"), 2));
    assert_eq!(bought.confirm(&fan).await.ok()["state"], "paid", "again is no second charge");

    let ticket = paid["tickets"][0].as_str().unwrap();
    let ticket = fan.get(&format!("/api/v1/tickets/{ticket}")).await.ok();
    assert_eq!((&ticket["state"], &ticket["section"]), (&json!("valid"), &json!("Stalls")));
    let redeem = json!({"code": ticket["code"], "gate": "Gate 3"});
    assert_eq!(fan.post("/api/v1/gate/redeem", &redeem).await.code(), "forbidden");
    let let_in = operator.post("/api/v1/gate/redeem", &redeem).await.ok();
    assert_eq!((&let_in["state"], &let_in["gate"]), (&json!("redeemed"), &json!("Gate 3")));
    let again = operator.post("/api/v1/gate/redeem", &redeem).await;
    assert_eq!((again.status, again.code()), (409, "ticket_used"));
    assert_eq!(again.body["used_at"], let_in["redeemed_at"]);
    let back = fan
        .post(&format!("/api/v1/orders/{}/return", paid["id"].as_str().unwrap()), &json!({}))
        .await;
    assert_eq!(back.code(), "not_returnable", "a ticket was used");

    let orders = fan.get("/api/v1/orders").await.ok();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    let stranger = server.fan("stranger").await;
    let path = format!("/api/v1/orders/{}", paid["id"].as_str().unwrap());
    assert_eq!(stranger.get(&path).await.code(), "unknown_order");
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    assert_eq!(stranger.get(&path).await.code(), "unknown_ticket");
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
}

#[tokio::test]
async fn a_declined_payment_keeps_the_hold_and_can_be_tried_again() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 2, "fail").await;
    let declined = bought.confirm(&fan).await.ok();
    assert_eq!(declined["state"], "awaiting_payment");
    assert_eq!(declined["payments"][0]["decline_code"], "REJECT_CARD_PAYMENT");
    let me = fan.get(&format!("/api/v1/events/{event}/me")).await.ok();
    assert_eq!(me["hold"]["items"].as_array().unwrap().len(), 2, "the hold lives");
    let path = format!("/api/v1/orders/{}/payments", bought.order["id"].as_str().unwrap());
    let started = fan.post(&path, &json!({})).await.ok();
    let payment = started["payment"].as_str().unwrap().to_owned();
    assert_ne!(payment, bought.payment, "another attempt");
    let given = choose(&fan, started["window_url"].as_str().unwrap(), "succeed").await.unwrap();
    let again = Bought { order: bought.order, payment, given };
    assert_eq!(again.confirm(&fan).await.ok()["state"], "paid");
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
}

#[tokio::test]
async fn a_lost_answer_of_the_provider_ends_in_a_ticket() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 2, "time_out").await;
    let unknown = bought.confirm(&fan).await.ok();
    assert_eq!(unknown["payments"][0]["state"], "started", "not known yet");
    let path = format!("/api/v1/orders/{}/cancel", bought.order["id"].as_str().unwrap());
    assert_eq!(fan.post(&path, &json!({})).await.code(), "payment_pending");
    let open = async || server.metric(r#"tiketi_payments_open{state="unsettled"}"#).await;
    eventually("it is counted as open", async || (open().await == 1).then_some(())).await;
    let paid = eventually("the payment is settled", async || {
        let order = bought.look(&fan).await;
        (order["state"] == "paid").then_some(order)
    })
    .await;
    assert_eq!(paid["tickets"].as_array().unwrap().len(), 2);
    eventually("and not any more", async || (open().await == 0).then_some(())).await;
}

#[tokio::test]
async fn giving_up_on_the_providers_page_frees_the_way_for_another_attempt() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 2, "give_up").await;
    assert_eq!(bought.given["path"], "/checkout/failed");
    let resolved = fan.post(&bought.path("resolve"), &json!({})).await.ok();
    assert_eq!(resolved["payments"][0]["state"], "declined");
    let path = format!("/api/v1/orders/{}/cancel", bought.order["id"].as_str().unwrap());
    assert_eq!(fan.post(&path, &json!({})).await.ok()["state"], "cancelled");
    let me = fan.get(&format!("/api/v1/events/{event}/me")).await.ok();
    assert_eq!(me["hold"], Value::Null, "its places are free");
}

#[tokio::test]
async fn a_payment_after_expiry_is_seated_if_it_can_be_and_returned_if_not() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |body| body["hold_ttl_s"] = json!(1)).await;
    let (early, late) = (server.fan("early").await, server.fan("late").await);
    let seated = go_to_pay(&early, &event, 2, "succeed").await;
    let expired = |bought: &Bought, fan: &Caller| {
        let path = format!("/api/v1/orders/{}", bought.order["id"].as_str().unwrap());
        let fan = fan.clone();
        async move {
            eventually("the order expires", async || {
                (fan.get(&path).await.ok()["state"] == "expired").then_some(())
            })
            .await;
        }
    };
    expired(&seated, &early).await;
    assert_eq!(seated.confirm(&early).await.ok()["state"], "paid", "its places were free still");

    let stranded = go_to_pay(&late, &event, 2, "succeed").await;
    expired(&stranded, &late).await;
    let other = server.fan("other").await;
    other.enter(&event).await;
    assert_eq!(other.hold_best(&event, 2).await.status, 200, "somebody else has them now");
    let after = stranded.confirm(&late).await.ok();
    assert_eq!(after["state"], "expired");
    let state = &after["payments"][0]["state"];
    assert!(state == "refund_due" || state == "refunded", "{after}");
    eventually("the money goes back", async || {
        (stranded.look(&late).await["payments"][0]["state"] == "refunded").then_some(())
    })
    .await;
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
}

#[tokio::test]
async fn a_returned_order_gives_the_money_and_the_places_back() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 3, "succeed").await;
    let paid = bought.confirm(&fan).await.ok();
    assert_eq!(paid["returnable"], true);
    let path = format!("/api/v1/orders/{}/return", paid["id"].as_str().unwrap());
    assert_eq!(fan.post(&path, &json!({})).await.ok()["state"], "returned");
    eventually("the money goes back", async || {
        (bought.look(&fan).await["payments"][0]["state"] == "refunded").then_some(())
    })
    .await;
    let ticket = format!("/api/v1/tickets/{}", paid["tickets"][0].as_str().unwrap());
    let ticket = fan.get(&ticket).await.ok();
    assert_eq!(ticket["state"], "void");
    let redeem = json!({"code": ticket["code"], "gate": "Gate 3"});
    assert_eq!(operator.post("/api/v1/gate/redeem", &redeem).await.code(), "ticket_void");
    let overview = operator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    assert_eq!((&overview["sold"], &overview["free"]), (&json!(0), &json!(32)));
    let (clean, said) = server.audit(&event);
    assert!(clean && said.contains("KRW 303500 refunded"), "{said}");
}

#[tokio::test]
async fn a_forged_webhook_settles_nothing() {
    let server = with_payments();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("minji").await;
    let bought = go_to_pay(&fan, &event, 1, "fail").await;
    let anybody = Caller::new(&server.url);
    let forged = json!({
        "eventType": "PAYMENT_STATUS_CHANGED",
        "data": {"orderId": bought.payment, "paymentKey": "tsk_forged", "status": "DONE"},
    });
    for _ in 0..20 {
        assert_eq!(anybody.post("/api/v1/webhooks/toss", &forged).await.status, 204);
    }
    let declined = bought.confirm(&fan).await.ok();
    assert_eq!(declined["payments"][0]["state"], "declined", "only the provider is believed");
}
