//! The suite that every adapter passes.

use tiketi_engine::domain::ids::{AccountId, EventId, FanId};
use tiketi_engine::testing::conformance;

use crate::harness::Database;

#[tokio::test]
async fn every_port_conforms() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    conformance::journal(&node, EventId::new(100)).await;
    conformance::ledger(&node, &node, EventId::new(200), FanId::new(1)).await;
    conformance::catalog(&node, EventId::new(300)).await;
    conformance::accounts(&node, AccountId::new(400)).await;
    conformance::relay_positions(&node, &node, EventId::new(600)).await;
    conformance::stats(&node, EventId::new(700)).await;
    conformance::payment_log(&node, EventId::new(800)).await;
    conformance::audit_log(&node, EventId::new(900)).await;
    conformance::roster(&node, &node, EventId::new(1_000)).await;
    conformance::rehearsals(&node, EventId::new(1_000)).await;
    node.close().await;
}

#[tokio::test]
async fn rivals_are_told_apart() {
    let Some(database) = Database::migrated().await else { return };
    let (one, other) = (database.node().await, database.node().await);
    conformance::rivals(&one, &other, EventId::new(500)).await;
}

#[tokio::test]
async fn the_servers_clock_is_told() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let first = node.now().await.unwrap();
    let second = node.now().await.unwrap();
    assert!(first <= second && first.as_millis() > 1_700_000_000_000, "{first:?} {second:?}");
}
