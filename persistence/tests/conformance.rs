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

#[tokio::test]
async fn rehearsals_are_wiped_and_nothing_else_can_be() {
    let file = file().await;
    conformance::rehearsals(&file.store, EventId::new(1_000)).await;
    // Event 1000 is a real sale; 1009 is a rehearsal that was wiped. Whoever holds the file:
    let path = file.folder.path().join("tiketi.db");
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    for (sql, why) in [
        ("DELETE FROM sales_journal WHERE event = 1000", "only added to"),
        ("UPDATE sales_owner SET fence = 9223372036854775807 WHERE event = 1000", "is buried"),
        ("UPDATE sales_owner SET fence = 5 WHERE event = 1009", "is buried"),
        ("INSERT INTO sales_rehearsal (event) VALUES (1000)", "does not become"),
        ("UPDATE sales_rehearsal SET event = 1000 WHERE event = 1009", "stays one"),
        ("DELETE FROM sales_rehearsal", "stays one"),
        ("DELETE FROM catalog_event WHERE id = 1000", "being wiped goes"),
        (
            "INSERT INTO catalog_rehearsal (event, copy_of, title, made_at, state)
             VALUES (1000, 1, '', 0, 'wiping')",
            "does not become",
        ),
        ("UPDATE catalog_rehearsal SET event = 1000 WHERE event = 1009", "stays one"),
        ("UPDATE catalog_rehearsal SET state = 'made'", "stays one"),
        ("DELETE FROM catalog_rehearsal", "stays one"),
        ("DELETE FROM payments_authorisation WHERE event = 1000", "authorised goes"),
        ("INSERT INTO payments_rehearsal (event) VALUES (1000)", "does not become"),
        ("UPDATE payments_rehearsal SET wiped = 0", "stays one"),
        ("DELETE FROM payments_rehearsal", "stays one"),
    ] {
        let refused = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{sql}: {refused}");
    }
}
