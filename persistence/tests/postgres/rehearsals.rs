//! What is under way while a rehearsal is wiped.

use std::cell::Cell;
use std::time::Duration;

use tiketi_engine::domain::ids::{EventId, OrderId, PaymentId};
use tiketi_engine::ports::{
    Authorisation, PaymentLog, Rehearsal, RehearsalState, Rehearsals, WipeStep,
};
use tiketi_engine::testing::sample::OPENS_AT;

use crate::harness::{Database, outcome};

/// Rounds in which a limit may end a statement before it is let go.
const ROUNDS: u64 = 20;

#[tokio::test]
async fn an_authorisation_that_is_under_way_does_not_outlive_a_wipe() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let mut somebody = database.session().await;
    for round in 1..=ROUNDS {
        let (event, payment) = (EventId::new(round), PaymentId::new(1));
        node.mark(&marked(event)).await.unwrap();
        // The same payment, by somebody who has not come to an end: whoever keeps it waits, after it
        // has seen that nothing was wiped.
        let same = format!(
            "BEGIN; INSERT INTO payments.authorisation VALUES ({round}, 1, 1, 'tgen', 5, 0)"
        );
        assert_eq!(outcome(&mut somebody, &same).await, "");
        let (kept, wiped) = (Cell::new(false), Cell::new(false));
        let keeping = async {
            let answer = node.keep(&authorised(event, payment)).await;
            kept.set(true);
            answer
        };
        let wiping = async {
            until(&database, 1, || kept.get()).await;
            let answer = node.wipe(event, WipeStep::Payments).await;
            wiped.set(true);
            answer
        };
        let letting_go = async {
            until(&database, 2, || kept.get() || wiped.get()).await;
            assert_eq!(outcome(&mut somebody, "ROLLBACK").await, "");
        };
        if let (Ok(()), Ok(false), ()) = tokio::join!(keeping, wiping, letting_go) {
            assert_eq!(node.authorisation(event, payment).await, Ok(None), "it was left behind");
            node.keep(&authorised(event, payment)).await.unwrap();
            assert_eq!(node.authorisation(event, payment).await, Ok(None), "nor is a later one");
            return;
        }
    }
    panic!("a limit ended one of them each time");
}

/// Waits until so many wait for a lock, or this is so.
async fn until(database: &Database, waiting: i64, or: impl Fn() -> bool) {
    while !or() && database.waiting().await < waiting {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn marked(event: EventId) -> Rehearsal {
    Rehearsal {
        event,
        of: EventId::new(1_000),
        title: "A rehearsal".to_owned(),
        made_at: OPENS_AT,
        state: RehearsalState::Made,
    }
}

fn authorised(event: EventId, payment: PaymentId) -> Authorisation {
    Authorisation {
        event,
        payment,
        order: OrderId::new(1),
        payment_key: "tgen".to_owned(),
        amount_minor: 5,
        at: OPENS_AT,
    }
}
