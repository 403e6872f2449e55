//! Fans that buy, let go and give back, by any node, over and over, whatever becomes of the nodes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::{Value, json};
use tiketi_engine::testing::dice::Dice;

use crate::audit::{AckedHold, AckedOrder, AckedReturn, History, moment};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(2);
/// How long a client goes on trying.
const PATIENCE: Duration = Duration::from_mins(3);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// What all fans of one event share.
#[derive(Debug)]
pub(super) struct Crowd {
    event: String,
    /// Where nodes are.
    nodes: Vec<String>,
    next: AtomicUsize,
    over: AtomicBool,
    history: Mutex<History>,
}

impl Crowd {
    /// A crowd that does not do anything yet.
    pub(super) fn new(event: String, nodes: Vec<String>) -> Arc<Self> {
        let (next, over, history) = Default::default();
        Arc::new(Self { event, nodes, next, over, history })
    }

    /// What was acknowledged so far.
    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a hold that a fan is refused for; it may never have been told that it has it.
    fn stands_in_the_way(&self, hold: Option<&str>) {
        let mut history = self.history();
        if let Some(hold) = hold.filter(|hold| !history.holds.contains_key(*hold)) {
            history.strangers.insert(hold.to_owned());
        }
    }

    /// Lets every fan finish what it is at, and end.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// One fan, signed in.
#[derive(Debug, Clone)]
pub(super) struct Fan {
    http: Client,
}

/// How an operation ended for a client that tries again.
enum Outcome {
    /// It was done.
    Done(Value),
    /// It was refused for this reason, and nothing changed.
    Refused(Value),
    /// No attempt told what became of it.
    Unknown,
}

impl Fan {
    /// Somebody without an account.
    ///
    /// # Errors
    /// Never, in practice.
    pub(super) fn new() -> anyhow::Result<Self> {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(ATTEMPT)
            .build()?;
        Ok(Self { http })
    }

    /// Asks one node once.
    ///
    /// # Errors
    /// If there is no answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        url: &str,
        body: &Value,
        key: &str,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let request = self.http.request(method, url).header("Idempotency-Key", key).json(body);
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    /// Buys, lets go and gives back until the crowd is told to end.
    pub(super) async fn shop(self, crowd: Arc<Crowd>, seed: u64) {
        let mut dice = Dice::new(seed);
        while !crowd.over.load(Ordering::Relaxed) {
            if self.round(&crowd, &mut dice).await.is_none() {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Does one thing, at whatever node answers, with one key for all attempts.
    async fn does(&self, crowd: &Crowd, method: Method, path: &str, body: &Value) -> Outcome {
        let key = format!("{:032x}", rand::random::<u128>());
        let give_up_at = Instant::now() + PATIENCE;
        let mut said = String::new();
        while Instant::now() < give_up_at {
            let turn = crowd.next.fetch_add(1, Ordering::Relaxed);
            let url = format!("{}{path}", crowd.nodes[turn % crowd.nodes.len()]);
            match self.ask(method.clone(), &url, body, &key).await {
                Ok((status, answer)) if status.is_success() => {
                    crowd.history().acknowledged();
                    return Outcome::Done(answer);
                }
                Ok((status, problem)) if status.is_client_error() && status != 429 => {
                    return Outcome::Refused(problem);
                }
                Ok((status, answer)) => {
                    said = format!("{method} {path}: {status} {answer}");
                    // Overload and outage are refused with a time to retry; nothing else may be.
                    if !matches!(status.as_u16(), 429 | 503) || answer["retry_after_ms"].is_null() {
                        crowd.history().errors.push(said.clone());
                    }
                }
                Err(error) => said = format!("{method} {path}: {error:?}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        crowd.history().errors.push(said);
        Outcome::Unknown
    }

    /// Something that must be done for the round to go on.
    async fn must(&self, crowd: &Crowd, method: Method, path: &str, body: Value) -> Option<Value> {
        match self.does(crowd, method, path, &body).await {
            Outcome::Done(answer) => Some(answer),
            Outcome::Refused(problem) => {
                crowd.stands_in_the_way(problem["hold"].as_str());
                None
            }
            Outcome::Unknown => {
                crowd.history().unknown += 1;
                None
            }
        }
    }

    async fn round(&self, crowd: &Crowd, dice: &mut Dice) -> Option<()> {
        let queue = format!("/api/v1/events/{}/queue", crowd.event);
        self.must(crowd, Method::POST, &queue, json!({})).await?;
        self.must(crowd, Method::POST, &format!("{queue}/claim"), json!({})).await?;
        let hold = self.hold(crowd, 1 + dice.below(3)).await?;
        if dice.once_in(2) {
            return self.release(crowd, &hold).await;
        }
        let path = format!("/api/v1/holds/{hold}/order");
        let order = self.must(crowd, Method::POST, &path, json!({})).await?;
        let order = order["id"].as_str()?.to_owned();
        let paid = self.pay(crowd, &order).await?;
        crowd.history().paid.insert(order.clone(), paid);
        if !dice.once_in(3) {
            return Some(());
        }
        if let Some(kept) = crowd.history().holds.get_mut(&hold) {
            kept.until = Some(moment(Instant::now()));
        }
        let path = format!("/api/v1/orders/{order}/return");
        let returned = self.must(crowd, Method::POST, &path, json!({})).await?;
        if returned["state"] == "returned" {
            crowd.history().returned.insert(order, AckedReturn::default());
        }
        Some(())
    }

    async fn hold(&self, crowd: &Crowd, quantity: u64) -> Option<String> {
        let path = format!("/api/v1/events/{}/holds", crowd.event);
        let body = json!({"type": "best_available", "quantity": quantity, "ticket_type": "adult"});
        let hold = self.must(crowd, Method::POST, &path, body).await?;
        let id = hold["id"].as_str()?.to_owned();
        let items = hold["items"].as_array()?.iter();
        let places = items.filter_map(|item| u32::try_from(item["place"].as_u64()?).ok()).collect();
        let from = moment(Instant::now());
        let acked = AckedHold { places, from, until: None, released: false };
        crowd.history().holds.insert(id.clone(), acked);
        Some(id)
    }

    async fn release(&self, crowd: &Crowd, hold: &str) -> Option<()> {
        if let Some(kept) = crowd.history().holds.get_mut(hold) {
            kept.until = Some(moment(Instant::now()));
        }
        let path = format!("/api/v1/holds/{hold}");
        self.must(crowd, Method::DELETE, &path, json!({})).await?;
        crowd.history().holds.get_mut(hold)?.released = true;
        Some(())
    }

    /// Pays an order at the sandbox, and confirms; what it cost, and how many tickets there are.
    async fn pay(&self, crowd: &Crowd, order: &str) -> Option<AckedOrder> {
        let path = format!("/api/v1/orders/{order}/payments");
        let started = self.must(crowd, Method::POST, &path, json!({})).await?;
        let (key, amount) = self.authorise(started["window_url"].as_str()?).await?;
        let path = format!("{path}/{}/confirm", started["payment"].as_str()?);
        let body = json!({"payment_key": key, "amount_minor": amount});
        let order = self.must(crowd, Method::POST, &path, body).await?;
        let tickets = order["tickets"].as_array().map_or(0, Vec::len);
        let paid = AckedOrder { tickets, charged_minor: amount };
        (order["state"] == "paid").then_some(paid)
    }

    /// Chooses success on the sandbox's page, as the browser would; the key and amount that it is
    /// sent back with.
    async fn authorise(&self, window: &str) -> Option<(String, i64)> {
        let url = Url::parse(window).ok()?;
        let mut form: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        form.insert("choice".to_owned(), "succeed".to_owned());
        let decide = url.join("/window/decide").ok()?;
        let answer = self.http.post(decide).form(&form).send().await.ok()?;
        let back = Url::parse(answer.headers().get("location")?.to_str().ok()?).ok()?;
        let given: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
        Some((given.get("paymentKey")?.clone(), given.get("amount")?.parse().ok()?))
    }
}
