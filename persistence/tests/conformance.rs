//! The suite that every adapter passes, on SQLite.
#![cfg(test)]

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tiketi_engine::domain::ids::{AccountId, EventId, FanId};
use tiketi_engine::testing::conformance;
use tiketi_persistence::{Embedded, embedded};

struct File {
    folder: tempfile::TempDir,
    store: Embedded,
}

async fn file() -> File {
    let folder = tempfile::tempdir().unwrap();
    let store = embedded(&folder.path().join("tiketi.db")).await.unwrap();
    File { folder, store }
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
async fn roster_conforms() {
    let file = file().await;
    conformance::roster(&file.store, &file.store, EventId::new(1_000)).await;
}

#[tokio::test]
async fn accounts_conform() {
    conformance::accounts(&file().await.store, AccountId::new(400)).await;
}

#[tokio::test]
async fn audit_log_conforms() {
    let file = file().await;
    conformance::audit_log(&file.store, EventId::new(900)).await;
    // What the log has stays as it is, whoever holds the file.
    let path = file.folder.path().join("tiketi.db");
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    for sql in ["UPDATE accounts_audit SET reason = 'x'", "DELETE FROM accounts_audit"] {
        let refused = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
        assert!(refused.to_string().contains("only added to"), "{refused}");
    }
}

#[tokio::test]
async fn rivals_are_told_apart() {
    let file = file().await;
    // As a second process has it: connections of its own to the same file.
    let other = embedded(&file.folder.path().join("tiketi.db")).await.unwrap();
    conformance::rivals(&file.store, &other, EventId::new(500)).await;
}

#[tokio::test]
async fn relay_positions_conform() {
    let file = file().await;
    conformance::relay_positions(&file.store, &file.store, EventId::new(600)).await;
}

#[tokio::test]
async fn stats_conform() {
    conformance::stats(&file().await.store, EventId::new(700)).await;
}

#[tokio::test]
async fn payment_log_conforms() {
    conformance::payment_log(&file().await.store, EventId::new(800)).await;
}
