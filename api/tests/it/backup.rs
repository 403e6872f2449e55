//! A back-up of a server that sells, and what is restored from it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;
use tiketi_engine::domain::change::{Change, Record};
use tokio::task::JoinSet;

use crate::crash::{Crowd, buy, compare, journal};
use crate::harness::{Server, Setup, eventually, tiketi};

const FANS: u64 = 6;

/// Waits until a crowd has asked so many times more.
async fn asked_more(crowd: &Crowd, times: u64) {
    let until = crowd.asked.load(Ordering::Relaxed) + times;
    let looked = || async { (crowd.asked.load(Ordering::Relaxed) >= until).then_some(()) };
    eventually("the crowd goes on", looked).await;
}

/// Somebody new comes in and holds places.
async fn sells(server: &Server, event: &str, fan: &str) {
    let fan = server.fan(fan).await;
    fan.enter(event).await;
    fan.hold_best(event, 2).await.ok();
}

/// The holds in a journal. A server that starts asks for payments that are open, so other records
/// may follow by themselves.
async fn holds(server: &Server, event: &str) -> Vec<Record> {
    let mut records = journal(server, event).await;
    records.retain(|record| matches!(record.change, Change::HoldPlaced { .. }));
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_sale_that_goes_on_has_all_that_was_acknowledged_before() {
    let mut server = Server::with(Setup { payments: true, ..Setup::default() });
    let operator = server.operator().await;
    let event =
        server.event(&operator, 40, 40, |body| body["places_per_fan_max"] = json!(1_000_000)).await;
    let crowd = Crowd::of(&event);
    let mut fans = JoinSet::new();
    for number in 0..FANS {
        fans.spawn(buy(Arc::clone(&crowd), server.fan(&format!("fan{number}")).await, number));
    }
    asked_more(&crowd, 300).await;
    let copy = server.data_dir().join("copy.db");
    let copy = copy.to_str().unwrap();
    let before = crowd.acknowledged.lock().await.clone();
    let said = server.says(&["backup", copy]);
    assert!(said.contains(&format!("{event}: ")) && said.contains(" 0 violations"), "{said}");
    assert!(before.holds.len() > 20 && before.paid.len() > 5, "too little happened: {before:?}");
    let again = server.command(&["backup", copy]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("exists already"), "{again:?}");
    let restored = server.command(&["restore", copy]);
    assert_eq!(restored.status.code(), Some(2), "{restored:?}");
    assert!(String::from_utf8_lossy(&restored.stderr).contains("is in use"), "{restored:?}");

    // Elsewhere, while the old server goes on: neither notices the other.
    let second = server.restored_from(copy.as_ref());
    compare(&before, &journal(&second, &event).await);
    let at_first = holds(&second, &event).await;
    asked_more(&crowd, 100).await;
    assert_eq!(holds(&second, &event).await, at_first, "the old server is not in the new file");
    sells(&second, &event, "new").await;
    assert_eq!(holds(&second, &event).await.len(), at_first.len() + 1);
    let (clean, said) = second.audit(&event);
    assert!(clean, "{said}");

    // In place of the old file.
    crowd.over.store(true, Ordering::Relaxed);
    while fans.join_next().await.is_some() {}
    assert!(server.process.terminate().success());
    let sold = journal(&server, &event).await;
    let said = server.says(&["restore", copy]);
    assert!(said.contains("tiketi.db.old-1") && said.contains("fence "), "{said}");
    assert!(!server.data_dir().join("tiketi.db-wal").exists());
    server.restart();
    compare(&before, &journal(&server, &event).await);
    sells(&server, &event, "newer").await;
    let (clean, said) = server.audit(&event);
    assert!(clean, "{said}");
    let kept = tempfile::tempdir().unwrap();
    let old = server.data_dir().join("tiketi.db.old-1");
    let arguments = ["restore", old.to_str().unwrap(), "--data-dir", kept.path().to_str().unwrap()];
    let output = tiketi(&arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(&format!("{event}: {} records, 0 violations", sold.len())), "{output:?}");
}

#[test]
fn a_file_that_is_no_backup_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "this is no database; ".repeat(500)).unwrap();
    let data = folder.path().join("data");
    let restore = ["restore", path.to_str().unwrap(), "--data-dir", data.to_str().unwrap()];
    let output = tiketi(&restore);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("not a database"), "{output:?}");
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0, "nothing was left behind");
}
