//! What many appends leave behind.

use std::time::Duration;

use tiketi_engine::domain::command::{
    BestAvailable, Command, Origin, PaymentOutcome, Reply, Selection,
};
use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::ports::Ledger;
use tiketi_engine::testing::conformance::Owner;
use tiketi_persistence::postgres::Postgres;

use crate::harness::Database;

/// A row that left its page with every version would leave an entry in its indexes each time, and
/// every append would be dearer than the last.
#[tokio::test]
async fn rows_that_change_with_every_append_stay_on_their_pages() {
    let Some(database) = Database::migrated().await else { return };
    let mut seen = [(0, 0), (0, 0)];
    // A transaction that somebody has open in another database of the server keeps dead versions
    // from being cleared away for as long as it lasts, and pages fill up.
    for round in 1..=20 {
        let node = database.node().await;
        hold_and_release(&node, EventId::new(round)).await;
        node.close().await;
        let mut all_in_place = true;
        for (table, seen) in ["owner", "place"].iter().zip(&mut seen) {
            let now = updates(&database, table, seen.0 + APPENDS).await;
            all_in_place &= (now.1 - seen.1) * 10 > (now.0 - seen.0) * 9;
            *seen = now;
        }
        if all_in_place {
            return;
        }
    }
    panic!("updated, in place: {seen:?}");
}

const APPENDS: i64 = 120;

async fn hold_and_release(node: &Postgres, event: EventId) {
    let mut owner = Owner::open(node, event).await.unwrap();
    let by = Origin::Fan(FanId::new(1));
    owner.run(node, by, Command::Join).await.unwrap();
    owner.run(node, by, Command::Claim).await.unwrap();
    for _ in 0..APPENDS / 2 {
        let eight = BestAvailable {
            quantity: 8,
            accessible: 0,
            categories: Vec::new(),
            section: None,
            ticket_type: TicketTypeIx(0),
        };
        let hold = Command::PlaceHold(Selection::BestAvailable(eight));
        let Reply::Hold(hold) = owner.run(node, by, hold).await.unwrap() else { panic!() };
        owner.run(node, by, Command::ReleaseHold(hold.id)).await.unwrap();
    }
}

/// How often rows of a table were updated, and how often in place, once sessions that have ended
/// have handed in that it was so many times.
async fn updates(database: &Database, table: &str, at_least: i64) -> (i64, i64) {
    let of = |column: &str| {
        format!(
            "SELECT {column} FROM pg_stat_user_tables
             WHERE schemaname = 'sales' AND relname = '{table}'"
        )
    };
    loop {
        let updated = database.number(&of("n_tup_upd")).await;
        if updated >= at_least {
            return (updated, database.number(&of("n_tup_hot_upd")).await);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A payment company's words go into a row as they come.
#[tokio::test]
async fn a_character_that_no_column_holds_does_not_end_a_sale() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    let mut owner = Owner::open(&node, event).await.unwrap();
    let order = owner.order(&node, FanId::new(1), 1).await.unwrap();
    let payment = owner.start_payment(&node, &order).await.unwrap();
    let outcome = PaymentOutcome::Declined { code: "NOT\0TODAY".to_owned() };
    let settle = Command::SettlePayment { order: order.id, payment, outcome };
    owner.run(&node, Origin::Provider, settle).await.unwrap();
    let row = node.order(event, order.id).await.unwrap().unwrap();
    assert_eq!(row.payments[0].decline_code, "NOT\u{fffd}TODAY");
}
