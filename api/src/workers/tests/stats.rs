//! What is counted of what comes, in whatever state it comes.

use std::sync::Arc;

use serde_json::{Value, json};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{DeadLetters as _, Message, StreamReaders as _, StreamWriter as _};
use tiketi_engine::stream::LocalStream;

use super::{EVENT, OTHER, Scene, messages, relay_all, sale};

fn stream(scene: &Scene) -> LocalStream {
    LocalStream::new(Arc::clone(&scene.clock) as _)
}

#[tokio::test]
async fn the_count_equals_a_recount_also_after_duplicates_and_a_replay_from_zero() {
    let (one, two) = (sale(EVENT), sale(OTHER));
    let scene = Scene::of(&[&one, &two]).await;
    let stream = stream(&scene);
    let metrics = scene.count(stream.clone()).await;
    relay_all(&mut scene.relay(stream.clone())).await;
    assert_eq!(scene.counted(EVENT).await, scene.truth(EVENT).await);
    assert_eq!(scene.counted(OTHER).await, scene.truth(OTHER).await);
    let once = metrics.counted.get();

    let mut shuffled = messages(&one);
    shuffled.reverse();
    stream.publish(shuffled).await.unwrap();
    // Another's journal of the same sales, of which nothing has been relayed.
    let again = Scene::of(&[&one, &two]).await;
    relay_all(&mut again.relay(stream.clone())).await;
    assert!(metrics.counted.get() > once * 2, "it was tried");
    assert_eq!(scene.counted(EVENT).await, scene.truth(EVENT).await);
    assert_eq!(scene.counted(OTHER).await, scene.truth(OTHER).await);
    scene.tasks.stop().await;
}

/// A message that sold something, with what `change` changes.
fn spoiled(like: &Message, change: impl FnOnce(&mut Value)) -> Message {
    let mut value: Value = serde_json::from_slice(&like.payload).unwrap();
    change(&mut value);
    Message { payload: value.to_string().into(), ..like.clone() }
}

fn is_kind(message: &Message, kind: &str) -> bool {
    serde_json::from_slice::<Value>(&message.payload).unwrap()["kind"] == kind
}

#[tokio::test]
async fn what_cannot_be_read_is_buried_with_the_reason_and_what_is_behind_it_counts() {
    let sale = sale(EVENT);
    let scene = Scene::of(&[&sale]).await;
    let stream = stream(&scene);
    let metrics = scene.count(stream.clone()).await;
    let paid = messages(&sale).into_iter().find(|message| is_kind(message, "order_paid")).unwrap();
    let item = "/data/items/0";
    let set = |pointer: &str, to: Value| {
        spoiled(&paid, |value| *value.pointer_mut(pointer).unwrap() = to)
    };
    let cases = [
        (Message { payload: "hello".into(), ..paid.clone() }, "it is no record"),
        (Message { payload: "[]".into(), ..paid.clone() }, "its version is null"),
        (set("/version", json!(2)), "its version is 2, and this release reads 1"),
        (set("/at", json!("yesterday")), "its time"),
        (set("/seq", json!(0)), "its seq"),
        (set("/event", json!("evt_nobody")), "its event"),
        (set("/data/items", json!({})), "it is no record"),
        (set(&format!("{item}/amount_minor"), json!(-1)), "an amount"),
        (set(&format!("{item}/fee_minor"), json!(i64::MAX)), "an amount"),
        (set(&format!("{item}/place/section"), json!("a\u{0}b")), "a section or category"),
        (Message { event: OTHER, ..paid.clone() }, "it was not sent as what it is"),
        (Message { seq: Seq(paid.seq.0 + 1), ..paid.clone() }, "it was not sent as what it is"),
    ];
    let messages: Vec<Message> = cases.iter().map(|(message, _)| message.clone()).collect();
    stream.publish(messages).await.unwrap();
    let letters = stream.list(99).await.unwrap();
    assert_eq!(letters.len(), cases.len());
    for (letter, (message, reason)) in letters.iter().zip(&cases) {
        assert!(letter.reason.contains(reason), "{:?} does not say {reason:?}", letter.reason);
        assert_eq!(letter.payload, message.payload);
    }
    assert_eq!(metrics.buried.get(), cases.len() as u64);
    assert_eq!(scene.counted(EVENT).await, []);

    let later = spoiled(&paid, |value| {
        value["kind"] = json!("added_later");
        value["data"] = json!({"anything": true});
    });
    let more = spoiled(&paid, |value| value["data"]["added_later"] = json!(1));
    stream.publish(vec![later, more]).await.unwrap();
    assert_eq!(metrics.buried.get(), cases.len() as u64, "what is only unknown is left alone");
    relay_all(&mut scene.relay(stream)).await;
    assert_eq!(scene.counted(EVENT).await, scene.truth(EVENT).await);
    scene.tasks.stop().await;
}

#[tokio::test]
async fn a_dead_letter_that_can_be_read_by_now_counts_when_it_is_replayed() {
    let sale = sale(EVENT);
    let scene = Scene::of(&[&sale]).await;
    let stream = stream(&scene);
    // An older release that cannot read what returns an order.
    let mut older = stream.subscribe("stats").await.unwrap();
    let (mut published, all) = (0, messages(&sale));
    let reading = async {
        while published < all.len() {
            let deliveries = older.next(100).await.unwrap();
            for delivery in &deliveries {
                let message = &all[published];
                if is_kind(message, "order_returned") || is_kind(message, "order_paid") {
                    older.bury(delivery, "I am too old").await.unwrap();
                }
                published += 1;
            }
            older.commit().await.unwrap();
        }
    };
    let (sent, ()) = tokio::join!(stream.publish(all.clone()), reading);
    sent.unwrap();
    let letters = stream.list(usize::MAX).await.unwrap();
    assert!(letters.len() > 10);
    let metrics = scene.count(stream.clone()).await;
    assert_eq!(scene.counted(EVENT).await, [], "it was committed");
    stream.replay(&letters).await.unwrap();
    assert_eq!(scene.counted(EVENT).await, scene.truth(EVENT).await);
    assert_eq!((stream.list(9).await.unwrap(), metrics.buried.get()), (Vec::new(), 0));
    scene.tasks.stop().await;
}

#[tokio::test]
async fn a_count_that_fails_is_tried_again_and_loses_nothing() {
    let sale = sale(EVENT);
    let scene = Scene::of(&[&sale]).await;
    let stream = stream(&scene);
    let metrics = scene.count(stream.clone()).await;
    scene.stats.fail_next(5);
    let mut relay = scene.relay(stream);
    tokio::select! {
        () = relay_all(&mut relay) => {}
        () = scene.until("it is counted", async || false) => {}
    }
    assert_eq!(metrics.stats_failures.get(), 5);
    assert_eq!(scene.counted(EVENT).await, scene.truth(EVENT).await);
    scene.tasks.stop().await;
}

#[tokio::test]
async fn an_event_without_a_journal_cannot_be_counted_anew() {
    let scene = Scene::new();
    let nowhere = EventId::new(404);
    let refused = super::recount(&*scene.journal, &*scene.catalog, nowhere).await.unwrap_err();
    assert_eq!(refused.to_string(), "the event has no journal");
}
