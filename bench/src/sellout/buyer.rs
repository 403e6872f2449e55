//! One fan after the other who buys.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use reqwest::Url;
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, FanId};
use tokio::time::sleep;

use crate::audit::{AckedOrder, History};
use crate::load::asker::Asker;
use crate::load::connection::Connection;
use crate::load::pool::Request;
use crate::load::recorder::{Outcome, Step};
use crate::stage::Signing;

/// How often a fan asks whether it is the fan's turn, and for how long.
const ASK_EVERY: Duration = Duration::from_millis(20);
const TURN_WITHIN: Duration = Duration::from_mins(1);

/// Holds that a fan is refused when few seats are left.
const NONE_LEFT: [&str; 2] = ["not_enough", "taken"];
/// What a fan hears before it is the fan's turn.
const NOT_YET: [&str; 1] = ["not_called"];

/// See the module.
pub(crate) struct Buyer {
    pub(crate) asker: Asker,
    /// To the payment sandbox, opened with the first payment.
    sandbox: Option<Connection>,
    signing: Signing,
    event: EventId,
    /// What its fans were told.
    pub(crate) history: History,
}

impl Buyer {
    /// Without a fan yet.
    pub(crate) fn new(asker: Asker, signing: Signing, event: EventId) -> Self {
        Self { asker, sandbox: None, signing, event, history: History::default() }
    }

    /// Joins the waiting room; the fan's number in line, if it is not the fan's turn at once.
    ///
    /// # Errors
    /// If the fan is refused.
    pub(crate) async fn join(&mut self, fan: FanId) -> anyhow::Result<Option<u64>> {
        let cookie = self.signing.cookie(fan.number())?;
        let path = format!("/api/v1/events/{}/queue", self.event);
        let standing = self.granted(Step::Join, Request::by(&cookie, "POST", &path)).await?;
        Ok(standing["number"].as_u64())
    }

    /// Waits for the fan's turn, holds so many seats or fewer, and pays, which ends the fan's
    /// visit; how many tickets there are, or none if no seat was left.
    ///
    /// # Errors
    /// If the fan is refused anything else.
    pub(crate) async fn buy(&mut self, fan: FanId, seats: u32) -> anyhow::Result<Option<u64>> {
        let cookie = self.signing.cookie(fan.number())?;
        self.claim(&cookie).await?;
        let Some(hold) = self.hold(&cookie, seats).await? else { return Ok(None) };
        let path = format!("/api/v1/holds/{hold}/order");
        let order = self.granted(Step::Order, Request::by(&cookie, "POST", &path)).await?;
        let order = text(&order, "id")?;
        self.pay(&cookie, &order).await.map(Some)
    }

    async fn claim(&mut self, cookie: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/events/{}/queue/claim", self.event);
        let give_up_at = Instant::now() + TURN_WITHIN;
        while Instant::now() < give_up_at {
            let request = Request::by(cookie, "POST", &path);
            if self.asker.ask(Step::Claim, request, &NOT_YET).await?.is_granted() {
                return Ok(());
            }
            sleep(ASK_EVERY).await;
        }
        bail!("a fan at the front of the line was not let in within {TURN_WITHIN:?}")
    }

    /// The best seats there are, as many as there are together, in the end one for a wheelchair
    /// user; none if there is none.
    async fn hold(&mut self, cookie: &str, seats: u32) -> anyhow::Result<Option<String>> {
        let path = format!("/api/v1/events/{}/holds", self.event);
        let parties = (1..=seats).rev().map(|quantity| (quantity, 0)).chain([(1, 1)]);
        for (quantity, accessible) in parties {
            let body = format!(
                r#"{{"type":"best_available","quantity":{quantity},"accessible":{accessible},"ticket_type":"adult"}}"#
            );
            let request = Request { body: &body, ..Request::by(cookie, "POST", &path) };
            let hold = self.asker.ask(Step::Hold, request, &NONE_LEFT).await?;
            if hold.is_granted() {
                return self.history.held(&hold.json()).map(Some);
            }
        }
        Ok(None)
    }

    async fn pay(&mut self, cookie: &str, order: &str) -> anyhow::Result<u64> {
        let path = format!("/api/v1/orders/{order}/payments");
        let started = self.granted(Step::Payment, Request::by(cookie, "POST", &path)).await?;
        let (key, amount) = self.authorise(&text(&started, "window_url")?).await?;
        let path = format!("{path}/{}/confirm", text(&started, "payment")?);
        let body = format!(r#"{{"payment_key":"{key}","amount_minor":{amount}}}"#);
        let request = Request { body: &body, ..Request::by(cookie, "POST", &path) };
        let paid = self.granted(Step::Confirm, request).await?;
        if paid["state"] != "paid" {
            let what = anyhow!("order {order}: {paid}");
            return Err(what.context("a payment was confirmed, and its order is not paid yet"));
        }
        let tickets = paid["tickets"].as_array().map_or(0, Vec::len);
        let acked = AckedOrder { tickets, charged_minor: amount };
        self.history.paid.insert(order.to_owned(), acked);
        Ok(tickets as u64)
    }

    /// Chooses success on the sandbox's page, as the browser would; the key and amount that it is
    /// sent back with.
    async fn authorise(&mut self, window: &str) -> anyhow::Result<(String, i64)> {
        let asked = Instant::now();
        let decided = self.decide(window).await;
        let outcome = match &decided {
            Ok(_) => Outcome::Granted,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        self.asker.note(Step::Authorise, asked, outcome)?;
        decided
    }

    async fn decide(&mut self, window: &str) -> anyhow::Result<(String, i64)> {
        let mut url = Url::parse(window)?;
        url.query_pairs_mut().append_pair("choice", "succeed");
        let body = url.query().unwrap_or_default();
        let mut sandbox = match self.sandbox.take().filter(Connection::is_open) {
            Some(sandbox) => sandbox,
            None => {
                let address = url.socket_addrs(|| None)?;
                Connection::open(*address.first().context("the sandbox has no address")?).await?
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
        self.sandbox = Some(sandbox);
        let back = back.with_context(|| format!("the sandbox sends nobody back: {status}"))?;
        let given: BTreeMap<_, _> = Url::parse(&back)?.query_pairs().into_owned().collect();
        let given = |name: &str| given.get(name).cloned().with_context(|| format!("no {name}"));
        Ok((given("paymentKey")?, given("amount")?.parse()?))
    }

    /// Asks for something that must be granted.
    async fn granted(&mut self, step: Step, request: Request<'_>) -> anyhow::Result<Value> {
        let answer = self.asker.ask(step, request, &[]).await?;
        self.history.acknowledged();
        Ok(answer.json())
    }
}

fn text(answer: &Value, field: &str) -> anyhow::Result<String> {
    let text = answer[field].as_str().with_context(|| format!("no {field} in {answer}"))?;
    Ok(text.to_owned())
}
