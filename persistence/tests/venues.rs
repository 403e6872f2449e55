//! A file of the release before says where its events are in words: they become venues.
#![cfg(test)]

use std::borrow::Cow;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tiketi_engine::ports::{Bilingual, Catalog as _, Roster as _};
use tiketi_persistence::embedded;

static ALL: Migrator = sqlx::migrate!("migrations/sqlite");

#[tokio::test]
async fn what_events_of_the_release_before_said_of_their_venue_becomes_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tiketi.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut connection = options.foreign_keys(true).connect().await.unwrap();
    let before: Vec<_> = ALL.iter().filter(|migration| migration.version < 12).cloned().collect();
    let before = Migrator { migrations: Cow::Owned(before), ..Migrator::DEFAULT };
    before.run(&mut connection).await.unwrap();
    let rows = "INSERT INTO catalog_chart (hash, name, places, body, created_at)
                VALUES (zeroblob(32), 'A plan', 0, x'', 0);
                INSERT INTO catalog_event
                    (id, title, description, venue, starts_at, chart, state, created_at)
                VALUES (1, 'One', '', 'The hall', 10, zeroblob(32), 'published', 1),
                       (2, 'Two', '', 'The room', 20, zeroblob(32), 'published', 2),
                       (3, 'Three', '', 'The hall', 30, zeroblob(32), 'published', 3)";
    sqlx::raw_sql(rows).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let store = embedded(&file).await.unwrap();
    let venues = store.venues(9).await.unwrap();
    let named: Vec<&str> = venues.iter().map(|venue| venue.name.en.as_str()).collect();
    assert_eq!(named, ["The hall", "The room"], "one for each text");
    let events = store.events(None, 9).await.unwrap();
    let of = |at: usize| (events[at].venue.clone(), events[at].venue_id);
    let hall = (Bilingual::same("The hall"), Some(venues[0].id));
    let room = (Bilingual::same("The room"), Some(venues[1].id));
    assert_eq!([of(0), of(1), of(2)], [hall.clone(), room, hall]);
    assert_eq!((venues[0].time_zone.as_str(), venues[0].version), ("", 1), "nothing is made up");
}
