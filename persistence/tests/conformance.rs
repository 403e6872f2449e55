//! The suite that every adapter passes, on SQLite.
#![cfg(test)]

use tiketi_engine::domain::ids::{AccountId, EventId, FanId};
use tiketi_engine::testing::conformance;
use tiketi_persistence::{Embedded, embedded};

struct File {
    // Dropping it removes the folder.
    _folder: tempfile::TempDir,
    store: Embedded,
}

async fn file() -> File {
    let folder = tempfile::tempdir().unwrap();
    let store = embedded(&folder.path().join("tiketi.db")).await.unwrap();
    File { _folder: folder, store }
}

#[tokio::test]
async fn journal_conforms() {
    conformance::journal(&file().await.store, EventId::new(100)).await;
}

#[tokio::test]
async fn ledger_conforms() {
    let file = file().await;
    let (event, fan) = (EventId::new(200), FanId::new(1));
    conformance::ledger(&file.store, &file.store, event, fan).await;
}

#[tokio::test]
async fn catalog_conforms() {
    conformance::catalog(&file().await.store, EventId::new(300)).await;
}

#[tokio::test]
async fn accounts_conform() {
    conformance::accounts(&file().await.store, AccountId::new(400)).await;
}
