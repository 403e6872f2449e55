//! The ports in memory pass the suite that every adapter passes.
#![cfg(test)]

use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::testing::conformance;
use tiketi_engine::testing::memory::{MemoryCatalog, MemoryJournal};

#[tokio::test]
async fn journal_conforms() {
    conformance::journal(&MemoryJournal::default(), EventId::new(100)).await;
}

#[tokio::test]
async fn ledger_conforms() {
    let journal = MemoryJournal::default();
    conformance::ledger(&journal, &journal, EventId::new(200), FanId::new(1)).await;
}

#[tokio::test]
async fn catalog_conforms() {
    conformance::catalog(&MemoryCatalog::default(), EventId::new(300)).await;
}

#[tokio::test]
async fn rivals_are_told_apart() {
    let journal = MemoryJournal::default();
    conformance::rivals(&journal, &journal, EventId::new(500)).await;
}
