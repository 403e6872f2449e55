//! The server is killed at random moments while it sells; nothing acknowledged may be lost.
//!
//! `KILLS=n` says how often; `CRASH_SEED=n` repeats the same moments.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::ids::{EventId, HoldKind, OrderKind, Seq, parse_scoped};
use tiketi_engine::journal::ChainHash;
use tiketi_engine::ports::Journal as _;
use tiketi_engine::testing::dice::Dice;
use tiketi_persistence::embedded;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::harness::{Caller, Server, Setup, eventually};
use crate::purchase::choose;

const FANS: usize = 12;

/// What the server acknowledged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acknowledged {
    /// By hold: its places.
    pub(crate) holds: BTreeMap<String, Vec<u32>>,
    pub(crate) orders: BTreeMap<String, i64>,
    /// By order: its tickets.
    pub(crate) paid: BTreeMap<String, Vec<String>>,
    returned: Vec<String>,
    released: Vec<String>,
}

pub(crate) struct Crowd {
    pub(crate) event: String,
    pub(crate) acknowledged: Mutex<Acknowledged>,
    pub(crate) asked: AtomicU64,
    pub(crate) over: AtomicBool,
}

impl Crowd {
    pub(crate) fn of(event: &str) -> Arc<Self> {
        Arc::new(Self {
            event: event.to_owned(),
            acknowledged: Mutex::default(),
            asked: AtomicU64::new(0),
            over: AtomicBool::new(false),
        })
    }

    /// Whether so much was held and sold that something could be missing of it.
    async fn has_done_much(&self) -> bool {
        let acknowledged = self.acknowledged.lock().await;
        acknowledged.holds.len() > 100 && acknowledged.paid.len() > 20
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_it_loses_nothing_that_was_acknowledged() {
    let number = |name: &str, or: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
    };
    let (kills, seed) = (number("KILLS", 50), number("CRASH_SEED", 1));
    let mut server = Server::with(Setup { payments: true, ..Setup::default() });
    let operator = server.operator().await;
    let event = server
        .event(&operator, 40, 40, |body| {
            body["places_per_hold_max"] = json!(4);
            body["places_per_fan_max"] = json!(1_000_000);
        })
        .await;
    let crowd = Crowd::of(&event);
    let mut tasks = JoinSet::new();
    for number in 0..FANS {
        let fan = server.fan(&format!("fan{number}")).await;
        tasks.spawn(buy(Arc::clone(&crowd), fan, seed * 1_000 + number as u64));
    }
    let mut dice = Dice::new(seed);
    for _ in 0..kills {
        let asked = crowd.asked.load(Ordering::Relaxed);
        // Some progress first, then a random moment.
        while crowd.asked.load(Ordering::Relaxed) < asked + 20 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_micros(dice.below(150_000))).await;
        server.process.kill();
        server.restart();
    }
    let done = async || crowd.has_done_much().await.then_some(());
    eventually("much was held and sold", done).await;
    crowd.over.store(true, Ordering::Relaxed);
    while tasks.join_next().await.is_some() {}
    assert!(server.process.terminate().success());
    let acknowledged = crowd.acknowledged.lock().await;
    let records = journal(&server, &event).await;
    compare(&acknowledged, &records);
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
}

/// Buys, gives back and returns, over and over, whatever the server does.
pub(crate) async fn buy(crowd: Arc<Crowd>, fan: Caller, seed: u64) {
    let mut dice = Dice::new(seed);
    while !crowd.over.load(Ordering::Relaxed) {
        if round(&crowd, &fan, &mut dice).await.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// One purchase, or a part of one; `None` as soon as something does not go on.
async fn round(crowd: &Crowd, fan: &Caller, dice: &mut Dice) -> Option<()> {
    let event = &crowd.event;
    let ask = |path: String, body: Value, key: Option<String>| async move {
        crowd.asked.fetch_add(1, Ordering::Relaxed);
        let answer = fan.send(Method::POST, &path, Some(&body), key.as_deref()).await.ok()?;
        (answer.status < 300).then_some(answer.body)
    };
    ask(format!("/api/v1/events/{event}/queue"), json!({}), None).await?;
    ask(format!("/api/v1/events/{event}/queue/claim"), json!({}), None).await?;
    let body = json!({
        "type": "best_available", "quantity": 1 + dice.below(3), "ticket_type": "adult",
    });
    let key = format!("{:016x}", dice.roll());
    let path = format!("/api/v1/events/{event}/holds");
    let hold = match ask(path.clone(), body.clone(), Some(key.clone())).await {
        Some(hold) => hold,
        // The answer may have been lost: the same key finds what was done.
        None => ask(path, body, Some(key)).await?,
    };
    let id = hold["id"].as_str()?.to_owned();
    let places = hold["items"].as_array()?.iter();
    let places: Vec<u32> =
        places.filter_map(|item| u32::try_from(item["place"].as_u64()?).ok()).collect();
    crowd.acknowledged.lock().await.holds.insert(id.clone(), places);
    if dice.once_in(4) {
        crowd.asked.fetch_add(1, Ordering::Relaxed);
        let path = format!("/api/v1/holds/{id}");
        let answer = fan.send(Method::DELETE, &path, None, None).await.ok()?;
        if answer.status == 204 {
            crowd.acknowledged.lock().await.released.push(id);
        }
        return Some(());
    }
    let order = ask(format!("/api/v1/holds/{id}/order"), json!({}), None).await?;
    let id = order["id"].as_str()?.to_owned();
    crowd.acknowledged.lock().await.orders.insert(id.clone(), order["total_minor"].as_i64()?);
    let started = ask(format!("/api/v1/orders/{id}/payments"), json!({}), None).await?;
    let choice = if dice.once_in(5) { "fail" } else { "succeed" };
    let given = choose(fan, started["window_url"].as_str()?, choice).await.ok()?;
    let payment = started["payment"].as_str()?;
    let amount: i64 = given.get("amount")?.parse().ok()?;
    let body = json!({"payment_key": given.get("paymentKey")?, "amount_minor": amount});
    let path = format!("/api/v1/orders/{id}/payments/{payment}/confirm");
    let confirmed = ask(path, body, None).await?;
    if confirmed["state"] == "paid" {
        let tickets = confirmed["tickets"].as_array()?.iter();
        let tickets = tickets.filter_map(|id| Some(id.as_str()?.to_owned())).collect();
        crowd.acknowledged.lock().await.paid.insert(id.clone(), tickets);
        if dice.once_in(3) {
            let returned = ask(format!("/api/v1/orders/{id}/return"), json!({}), None).await?;
            if returned["state"] == "returned" {
                crowd.acknowledged.lock().await.returned.push(id);
            }
        }
    }
    Some(())
}

pub(crate) async fn journal(server: &Server, event: &str) -> Vec<Record> {
    let event: EventId = event.parse().unwrap();
    let store = embedded(&server.data_dir().join("tiketi.db")).await.unwrap();
    let (mut seq, mut hash, mut records) = (Seq(0), ChainHash::default(), Vec::new());
    for batch in store.batches(event, Seq(0), u32::MAX).await.unwrap() {
        records.extend(batch.open(seq, hash).unwrap());
        (seq, hash) = (batch.last, batch.hash);
    }
    store.close().await;
    records
}

/// Every acknowledgement has its record.
pub(crate) fn compare(acknowledged: &Acknowledged, records: &[Record]) {
    let mut holds: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    let (mut orders, mut paid) = (BTreeMap::new(), BTreeMap::new());
    let (mut returned, mut released) = (Vec::new(), Vec::new());
    for record in records {
        match &record.change {
            Change::HoldPlaced { items, .. } => {
                let places = items.iter().map(|item| item.place.0).collect();
                holds.insert(record.seq.0, places);
            }
            Change::HoldReleased { hold, .. } => released.push(hold.number()),
            Change::OrderPlaced { hold, total_minor, .. } => {
                orders.insert(hold.number(), *total_minor);
            }
            Change::OrderPaid { order, first_ticket, items, .. } => {
                paid.insert(order.number(), (first_ticket.number(), items.len()));
            }
            Change::OrderReturned { order, .. } => returned.push(order.number()),
            _ => {}
        }
    }
    let of_hold = |id: &str| parse_scoped::<HoldKind>(id).unwrap().1.number();
    let of_order = |id: &str| parse_scoped::<OrderKind>(id).unwrap().1.number();
    for (id, places) in &acknowledged.holds {
        assert_eq!(holds.get(&of_hold(id)), Some(places), "hold {id} was acknowledged");
    }
    for id in &acknowledged.released {
        assert!(released.contains(&of_hold(id)), "the release of {id} was acknowledged");
    }
    for (id, total) in &acknowledged.orders {
        assert_eq!(orders.get(&of_order(id)), Some(total), "order {id} was acknowledged");
    }
    for (id, tickets) in &acknowledged.paid {
        let (_, count) = paid[&of_order(id)];
        assert_eq!(count, tickets.len(), "the tickets of {id} were acknowledged");
    }
    for id in &acknowledged.returned {
        assert!(returned.contains(&of_order(id)), "the return of {id} was acknowledged");
    }
}
