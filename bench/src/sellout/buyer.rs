//! A connection over which one fan after the other is served.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use reqwest::Url;
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, FanId};
use tokio::time::sleep;

use crate::audit::{AckedHold, AckedOrder, History, moment};
use crate::load::Durations;
use crate::load::connection::Connection;
use crate::stage::{Node, Signing};

/// How often a fan asks whether it is the fan's turn, and for how long.
const ASK_EVERY: Duration = Duration::from_millis(20);
const TURN_WITHIN: Duration = Duration::from_mins(1);

/// How long the steps of a purchase took, in the order in which they are taken.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) hold: Durations,
    pub(super) order: Durations,
    pub(super) payment: Durations,
    pub(super) confirm: Durations,
}

impl Steps {
    pub(super) fn add(&mut self, other: &Self) {
        self.hold.add(&other.hold);
        self.order.add(&other.order);
        self.payment.add(&other.payment);
        self.confirm.add(&other.confirm);
    }
}

/// See the module.
pub(super) struct Buyer {
    connection: Connection,
    /// To the payment sandbox, opened with the first payment.
    sandbox: Option<Connection>,
    signing: Signing,
    event: EventId,
    /// What its fans were told.
    pub(super) history: History,
    pub(super) steps: Steps,
}

/// A status and its body.
type Answer = (u16, Value);

impl Buyer {
    /// Without a fan yet.
    ///
    /// # Errors
    /// If there is no connection.
    pub(super) async fn new(node: &Node, event: EventId) -> anyhow::Result<Self> {
        let connection = Connection::open(node.address()).await?;
        let (history, steps) = Default::default();
        Ok(Self { connection, sandbox: None, signing: node.signing(), event, history, steps })
    }

    /// Joins the waiting room; the fan's number in line, if it is not the fan's turn at once.
    ///
    /// # Errors
    /// If the fan is refused.
    pub(super) async fn join(&mut self, fan: FanId) -> anyhow::Result<Option<u64>> {
        let token = self.signing.token(fan.number())?;
        let path = format!("/api/v1/events/{}/queue", self.event);
        let standing = self.granted("POST", &token, &path, "{}").await?;
        Ok(standing["number"].as_u64())
    }

    /// Waits for the fan's turn, holds so many seats or fewer, and pays, which ends the fan's
    /// visit; how many tickets there are, or none if no seat was left.
    ///
    /// # Errors
    /// If the fan is refused anything else.
    pub(super) async fn buy(&mut self, fan: FanId, seats: u32) -> anyhow::Result<Option<u64>> {
        let token = self.signing.token(fan.number())?;
        self.claim(&token).await?;
        let Some(hold) = self.hold(&token, seats).await? else { return Ok(None) };
        let path = format!("/api/v1/holds/{hold}/order");
        let asked = Instant::now();
        let order = self.granted("POST", &token, &path, "{}").await?;
        self.steps.order.record(asked.elapsed());
        let order = text(&order, "id")?;
        self.pay(&token, &order).await.map(Some)
    }

    async fn claim(&mut self, token: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/events/{}/queue/claim", self.event);
        let give_up_at = Instant::now() + TURN_WITHIN;
        while Instant::now() < give_up_at {
            if self.ask("POST", token, &path, "{}").await?.0 == 200 {
                return Ok(());
            }
            sleep(ASK_EVERY).await;
        }
        bail!("a fan at the front of the line was not let in within {TURN_WITHIN:?}")
    }

    /// The best seats there are, as many as there are together, in the end one for a wheelchair
    /// user; none if there is none.
    async fn hold(&mut self, token: &str, seats: u32) -> anyhow::Result<Option<String>> {
        let path = format!("/api/v1/events/{}/holds", self.event);
        let parties = (1..=seats).rev().map(|quantity| (quantity, 0)).chain([(1, 1)]);
        for (quantity, accessible) in parties {
            let body = format!(
                r#"{{"type":"best_available","quantity":{quantity},"accessible":{accessible},"ticket_type":"adult"}}"#
            );
            let asked = Instant::now();
            let (status, hold) = self.ask("POST", token, &path, &body).await?;
            if status == 409 {
                continue;
            }
            ensure!(status == 200, "a hold: {status} {hold}");
            self.steps.hold.record(asked.elapsed());
            let id = text(&hold, "id")?;
            let items = hold["items"].as_array().context("a hold without places")?;
            let place = |item: &Value| u32::try_from(item["place"].as_u64()?).ok();
            let places = items.iter().filter_map(place).collect();
            let from = moment(Instant::now());
            let acked = AckedHold { places, from, until: None, released: false };
            self.history.holds.insert(id.clone(), acked);
            return Ok(Some(id));
        }
        Ok(None)
    }

    async fn pay(&mut self, token: &str, order: &str) -> anyhow::Result<u64> {
        let path = format!("/api/v1/orders/{order}/payments");
        let asked = Instant::now();
        let started = self.granted("POST", token, &path, "{}").await?;
        let (key, amount) = self.authorise(&text(&started, "window_url")?).await?;
        self.steps.payment.record(asked.elapsed());
        let path = format!("{path}/{}/confirm", text(&started, "payment")?);
        let body = format!(r#"{{"payment_key":"{key}","amount_minor":{amount}}}"#);
        let asked = Instant::now();
        let paid = self.granted("POST", token, &path, &body).await?;
        self.steps.confirm.record(asked.elapsed());
        ensure!(paid["state"] == "paid", "order {order}: {paid}");
        let tickets = paid["tickets"].as_array().map_or(0, Vec::len);
        let acked = AckedOrder { tickets, charged_minor: amount };
        self.history.paid.insert(order.to_owned(), acked);
        Ok(tickets as u64)
    }

    /// Chooses success on the sandbox's page, as the browser would; the key and amount that it is
    /// sent back with.
    async fn authorise(&mut self, window: &str) -> anyhow::Result<(String, i64)> {
        let mut url = Url::parse(window)?;
        url.query_pairs_mut().append_pair("choice", "succeed");
        let body = url.query().unwrap_or_default();
        let sandbox = match &mut self.sandbox {
            Some(sandbox) => sandbox,
            none => {
                let address = url.socket_addrs(|| None)?;
                let first = address.first().context("the sandbox has no address")?;
                none.insert(Connection::open(*first).await?)
            }
        };
        let request = format!(
            "POST /window/decide HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            sandbox.host,
            body.len(),
        );
        let status = sandbox.exchange(&request).await?;
        let back = sandbox.location.take();
        let back = back.with_context(|| format!("the sandbox sends nobody back: {status}"))?;
        let given: BTreeMap<_, _> = Url::parse(&back)?.query_pairs().into_owned().collect();
        let given = |name: &str| given.get(name).cloned().with_context(|| format!("no {name}"));
        Ok((given("paymentKey")?, given("amount")?.parse()?))
    }

    /// Asks for something that must be granted.
    async fn granted(
        &mut self,
        method: &str,
        token: &str,
        path: &str,
        body: &str,
    ) -> anyhow::Result<Value> {
        let (status, answer) = self.ask(method, token, path, body).await?;
        ensure!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        self.history.acked_at.push(moment(Instant::now()));
        Ok(answer)
    }

    async fn ask(
        &mut self,
        method: &str,
        token: &str,
        path: &str,
        body: &str,
    ) -> anyhow::Result<Answer> {
        let status = self.connection.ask(method, path, token, body).await?;
        Ok((status, serde_json::from_slice(&self.connection.body).unwrap_or_default()))
    }
}

fn text(answer: &Value, field: &str) -> anyhow::Result<String> {
    let text = answer[field].as_str().with_context(|| format!("no {field} in {answer}"))?;
    Ok(text.to_owned())
}
