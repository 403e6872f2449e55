//! What a stale owner can still do, with its statements held up where it hurts.

use std::time::{Duration, Instant};

use sqlx::Connection;
use tiketi_engine::domain::command::{Command, Origin};
use tiketi_engine::domain::ids::{EventId, FanId, Fence, Seq};
use tiketi_engine::ports::{Journal, JournalError};
use tiketi_engine::testing::conformance::Owner;

use crate::harness::{Database, outcome};

#[tokio::test]
async fn an_append_that_waits_for_a_take_over_writes_nothing() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    let mut owner = Owner::open(&node, event).await.unwrap();
    let before = node.recover(event).await.unwrap();

    // A take-over that has raised the fence and not come to its end.
    let mut successor = database.session().await;
    let raise = "BEGIN; UPDATE sales.owner SET fence = fence + 1 WHERE event = 1";
    assert_eq!(outcome(&mut successor, raise).await, "");
    let (records, _) = owner.decide(Origin::Fan(FanId::new(1)), Command::Join);
    let append = owner.seal(&records);
    let commit = async {
        database.somebody_waits().await;
        assert_eq!(outcome(&mut successor, "COMMIT").await, "");
    };
    let (appended, ()) = tokio::join!(node.append(&append), commit);
    assert_eq!(appended, Err(JournalError::Fenced));
    assert_eq!(node.recover(event).await, Ok(before), "nothing was written");

    // The same, when the take-over comes to nothing.
    owner.fence = Fence(owner.fence.0 + 1);
    let append = {
        let mut append = append.clone();
        append.batch.fence = owner.fence;
        append
    };
    assert_eq!(outcome(&mut successor, raise).await, "");
    let rollback = async {
        database.somebody_waits().await;
        assert_eq!(outcome(&mut successor, "ROLLBACK").await, "");
    };
    let (appended, ()) = tokio::join!(node.append(&append), rollback);
    assert_eq!(appended, Ok(()));
}

#[tokio::test]
async fn a_take_over_sees_the_append_that_it_waited_for() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    Owner::open(&node, event).await.unwrap();

    // The old owner's statement, on its way to the disk.
    let mut old = database.session().await;
    let append = "BEGIN; UPDATE sales.owner
                  SET last_seq = 2, last_hash = decode(lpad('07', 64, '0'), 'hex')
                  WHERE event = 1";
    assert_eq!(outcome(&mut old, append).await, "");
    let commit = async {
        database.somebody_waits().await;
        assert_eq!(outcome(&mut old, "COMMIT").await, "");
    };
    let (taken, ()) = tokio::join!(node.take_over(event), commit);
    let taken = taken.unwrap();
    assert_eq!((taken.seq, taken.hash[31]), (Seq(2), 7));
}

#[tokio::test]
async fn a_frozen_owner_does_not_keep_its_successor_out() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    let owner = Owner::open(&node, event).await.unwrap();
    let mut frozen = database.session().await;
    let stop = "BEGIN; UPDATE sales.owner SET last_seq = 99 WHERE event = 1";
    assert_eq!(outcome(&mut frozen, stop).await, "");

    let started = Instant::now();
    let taken = node.take_over(event).await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(1_500), "{:?}", started.elapsed());
    assert_eq!((taken.fence.0, taken.hash), (owner.fence.0 + 1, owner.hash));
    assert!(frozen.ping().await.is_err(), "its session was ended");
}

#[tokio::test]
async fn two_successors_of_a_frozen_owner_do_not_end_each_other() {
    let Some(database) = Database::migrated().await else { return };
    let (one, other) = (database.node().await, database.node().await);
    let event = EventId::new(1);
    Owner::open(&one, event).await.unwrap();
    let mut frozen = database.session().await;
    let stop = "BEGIN; UPDATE sales.owner SET last_seq = 99 WHERE event = 1";
    assert_eq!(outcome(&mut frozen, stop).await, "");
    let (first, second) = tokio::join!(one.take_over(event), other.take_over(event));
    let fences = (first.unwrap().fence.0, second.unwrap().fence.0);
    assert!(fences == (2, 3) || fences == (3, 2), "{fences:?}");
}

/// A successor that is gone itself, its statement still in line.
#[tokio::test]
async fn whoever_waits_ahead_does_not_keep_a_successor_out() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    Owner::open(&node, event).await.unwrap();
    let (mut frozen, mut ahead) = (database.session().await, database.session().await);
    let stop = "BEGIN; UPDATE sales.owner SET last_seq = 99 WHERE event = 1";
    assert_eq!(outcome(&mut frozen, stop).await, "");
    let take_over = async {
        database.somebody_waits().await;
        let started = Instant::now();
        (node.take_over(event).await, started.elapsed())
    };
    let raise = "UPDATE sales.owner SET fence = fence + 1 WHERE event = 1";
    let (first, (second, took)) = tokio::join!(outcome(&mut ahead, raise), take_over);
    assert_eq!((first.as_str(), second.unwrap().fence), ("", Fence(3)));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn an_append_that_is_held_up_too_long_is_in_doubt_and_is_settled() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    let mut owner = Owner::open(&node, event).await.unwrap();
    let mut somebody = database.session().await;
    let hold = "BEGIN; SELECT 1 FROM sales.owner WHERE event = 1 FOR UPDATE";
    assert_eq!(outcome(&mut somebody, hold).await, "");
    let (records, _) = owner.decide(Origin::Fan(FanId::new(1)), Command::Join);
    let mut append = owner.seal(&records);
    let appended = node.append(&append).await;
    assert!(matches!(appended, Err(JournalError::Unavailable(_))), "{appended:?}");

    let taken = node.take_over(event).await.unwrap();
    assert_eq!(taken.hash, append.batch.prev_hash, "it never happened");
    append.batch.fence = taken.fence;
    assert_eq!(node.append(&append).await, Ok(()));
}
