//! A file that was copied and put in place.
#![cfg(test)]

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use tiketi_engine::domain::command::{Command, Origin};
use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::ports::{
    Journal as _, JournalError, Rehearsal, RehearsalState, Rehearsals as _, WipeStep,
};
use tiketi_engine::testing::conformance::Owner;
use tiketi_engine::testing::sample::OPENS_AT;
use tiketi_persistence::{BackupError, Embedded, check_file, embedded, put_in_place};

const EVENT: EventId = EventId::new(1);

#[tokio::test]
async fn who_owned_an_event_before_a_restore_appends_nothing_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("tiketi.db"), folder.path().join("copy.db"));
    let store = embedded(&file).await.unwrap();
    let mut copied = Owner::open(&store, EVENT).await.unwrap();
    store.copy_to(&copy).await.unwrap();
    // Taken over again since: what the file in use says must not be below the restored one either.
    let fence = store.take_over(EVENT).await.unwrap().fence;
    store.close().await;
    drop(store);
    let replaced = put_in_place(&copy, &file).await.unwrap();
    assert!(replaced.kept.unwrap().exists());
    let [(event, raised)] = replaced.fences[..] else { panic!("{:?}", replaced.fences) };
    assert!(event == EVENT && raised > fence.0, "{raised}");
    let store = embedded(&file).await.unwrap();
    let stale = copied.run(&store, Origin::Fan(FanId::new(1)), Command::Join).await;
    assert_eq!(stale.err(), Some(JournalError::Fenced));
    assert_eq!(store.take_over(EVENT).await.unwrap().seq.0, 1, "only the opening");
    store.close().await;
}

async fn wiped(store: &Embedded, event: EventId) {
    for step in WipeStep::ALL {
        while store.wipe(event, step).await.unwrap() {}
    }
}

#[tokio::test]
async fn a_rehearsal_is_as_the_copy_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("tiketi.db"), folder.path().join("copy.db"));
    let store = embedded(&file).await.unwrap();
    let (before, after) = (EventId::new(8), EventId::new(9));
    for event in [before, after] {
        let (of, title, state) = (EVENT, "A rehearsal".to_owned(), RehearsalState::Made);
        let rehearsal = Rehearsal { event, of, title, made_at: OPENS_AT, state };
        store.mark(&rehearsal).await.unwrap();
        Owner::open(&store, event).await.unwrap();
    }
    wiped(&store, before).await;
    assert_eq!(store.journals().await.unwrap(), [after], "nothing to audit of the other");
    store.copy_to(&copy).await.unwrap();
    wiped(&store, after).await;
    store.close().await;
    drop(store);
    let replaced = put_in_place(&copy, &file).await.unwrap();
    let [(event, _)] = replaced.fences[..] else { panic!("{:?}", replaced.fences) };
    assert_eq!(event, after, "what was wiped since is there again");
    let store = embedded(&file).await.unwrap();
    assert_eq!(store.take_over(before).await, Err(JournalError::NotFound));
    assert_eq!(store.take_over(after).await.unwrap().seq.0, 1);
    wiped(&store, after).await;
    store.close().await;
}

#[tokio::test]
async fn a_damaged_copy_is_not_put_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("tiketi.db"), folder.path().join("copy.db"));
    let store = embedded(&file).await.unwrap();
    Owner::open(&store, EVENT).await.unwrap();
    store.copy_to(&copy).await.unwrap();
    store.close().await;
    drop(store);
    // The header stays: SQLite opens it.
    let mut bytes = fs::File::options().write(true).open(&copy).unwrap();
    let half = bytes.metadata().unwrap().len() / 2;
    bytes.seek(SeekFrom::Start(half)).unwrap();
    bytes.write_all(&vec![0xa5; usize::try_from(half).unwrap()]).unwrap();
    drop(bytes);
    let checked = check_file(&copy).await;
    let refused = matches!(checked, Err(BackupError::Damaged { .. } | BackupError::Sqlite { .. }));
    assert!(refused, "{checked:?}");
    assert!(put_in_place(&copy, &file).await.is_err());
    let store = embedded(&file).await.unwrap();
    assert_eq!(store.take_over(EVENT).await.unwrap().seq.0, 1, "the old file is still there");
    store.close().await;
}
