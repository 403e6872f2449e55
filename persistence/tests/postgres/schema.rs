//! What is made by migrating, and what is refused at start.

use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Catalog as _, NodeId, Roster as _};
use tiketi_engine::testing::conformance;
use tiketi_persistence::postgres::{self, Context, PostgresConfig, PostgresError, Unfit};

use crate::harness::Database;

async fn refusal(config: &PostgresConfig) -> PostgresError {
    match postgres::open(config, NodeId(1)).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn migrating_twice_or_at_once_is_as_good_as_once() {
    let Some(database) = Database::empty().await else { return };
    let config = database.config();
    let (one, other) = tokio::join!(postgres::migrate(&config), postgres::migrate(&config));
    one.and(other).unwrap();
    let objects = "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text
                   IN ('catalog', 'sales', 'payments', 'stats', 'accounts')";
    let made = database.number(objects).await;
    postgres::migrate(&config).await.unwrap();
    assert_eq!(database.number(objects).await, made);
    assert!(made > 30, "{made} tables and indexes");
}

#[tokio::test]
async fn a_schema_that_is_missing_or_too_old_asks_to_be_migrated() {
    let Some(database) = Database::empty().await else { return };
    let error = refusal(&database.config()).await;
    assert!(matches!(error, PostgresError::TooOld { context: Context::Catalog }), "{error}");
    assert!(error.to_string().ends_with("run `tiketi migrate`"), "{error}");

    postgres::migrate(&database.config()).await.unwrap();
    database.run("DELETE FROM stats.migration").await;
    let error = refusal(&database.config()).await;
    assert!(matches!(error, PostgresError::TooOld { context: Context::Stats }), "{error}");
}

#[tokio::test]
async fn what_a_newer_release_added_is_accepted_until_it_says_otherwise() {
    let Some(database) = Database::migrated().await else { return };
    database
        .run(
            "ALTER TABLE sales.ticket ADD COLUMN note text;
             INSERT INTO sales.migration (version, description, success, checksum, execution_time)
             VALUES (900, 'note', TRUE, '\\x00', 1)",
        )
        .await;
    let node = database.node().await;
    conformance::Owner::open(&node, EventId::new(1)).await.unwrap();
    postgres::migrate(&database.config()).await.unwrap();

    database.run("UPDATE sales.compatibility SET needs = 900").await;
    let error = refusal(&database.config()).await;
    let too_new =
        matches!(error, PostgresError::TooNew { context: Context::Sales, needs: 900, .. });
    assert!(too_new, "{error}");
    let error = postgres::migrate(&database.config()).await.unwrap_err();
    assert!(matches!(error, PostgresError::TooNew { .. }), "{error}");
}

#[tokio::test]
async fn a_schema_of_another_make_is_refused() {
    let Some(database) = Database::migrated().await else { return };
    database.run("UPDATE accounts.migration SET checksum = '\\x00'").await;
    let error = refusal(&database.config()).await;
    let foreign =
        matches!(error, PostgresError::Foreign { context: Context::Accounts, version: 1 });
    assert!(foreign, "{error}");
}

#[tokio::test]
async fn a_migration_does_not_wait_for_ever_for_a_table() {
    let Some(database) = Database::migrated().await else { return };
    database.run("DELETE FROM payments.migration; DROP TABLE payments.authorisation").await;
    let mut session = database.session().await;
    crate::harness::outcome(&mut session, "BEGIN; LOCK TABLE payments.migration").await;
    let error = postgres::migrate(&database.config()).await.unwrap_err();
    assert!(matches!(error, PostgresError::Migrate { .. } | PostgresError::Sql { .. }), "{error}");
}

#[tokio::test]
async fn a_database_that_could_lose_or_garble_something_is_refused() {
    let Some(database) = Database::migrated().await else { return };
    let hasty = "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() ||
                 ' SET synchronous_commit = off'; END $$";
    database.run(hasty).await;
    let error = refusal(&database.config()).await;
    let fault = Unfit::Lossy { setting: "synchronous_commit" };
    assert!(matches!(&error, PostgresError::Unfit { fault: f, .. } if *f == fault), "{error}");

    let options = "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'";
    let Some(ascii) = Database::with(options).await else { return };
    let error = postgres::migrate(&ascii.config()).await.unwrap_err();
    let fault = Unfit::Encoding { encoding: "SQL_ASCII".to_owned() };
    assert!(matches!(&error, PostgresError::Unfit { fault: f, .. } if *f == fault), "{error}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_without_its_password() {
    let config = PostgresConfig::new("postgres://tiketi:secret@127.0.0.1:1/tiketi");
    let error = refusal(&config).await;
    assert!(matches!(error, PostgresError::Unreachable { .. }), "{error}");
    let text = format!("{error} {error:?}");
    assert!(text.contains("127.0.0.1:1") && !text.contains("secret"), "{text}");

    let error = refusal(&PostgresConfig::new("not a url, secret")).await;
    assert!(matches!(error, PostgresError::Url { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
}

#[tokio::test]
async fn what_events_of_the_release_before_said_of_their_venue_becomes_one() {
    let Some(database) = Database::migrated().await else { return };
    database
        .run(
            "DELETE FROM catalog.migration WHERE version = 4;
             DROP TABLE catalog.event_artist, catalog.artist;
             ALTER TABLE catalog.chart DROP COLUMN venue;
             ALTER TABLE catalog.event DROP COLUMN venue_id, DROP COLUMN image,
                 DROP COLUMN alt_ko, DROP COLUMN alt_en;
             DROP TABLE catalog.venue, catalog.image;
             INSERT INTO catalog.chart (hash, name, places, body, created_at)
             VALUES (sha256('a'), 'A plan', 0, '', 0);
             INSERT INTO catalog.event
                 (id, title, description, venue, starts_at, chart, state, created_at)
             VALUES (1, 'One', '', 'The hall', 10, sha256('a'), 'published', 1),
                    (2, 'Two', '', 'The room', 20, sha256('a'), 'published', 2),
                    (3, 'Three', '', 'The hall', 30, sha256('a'), 'published', 3)",
        )
        .await;
    postgres::migrate(&database.config()).await.unwrap();
    let node = database.node().await;
    let venues = node.venues(9).await.unwrap();
    let named: Vec<&str> = venues.iter().map(|venue| venue.name.en.as_str()).collect();
    assert_eq!(named, ["The hall", "The room"], "one for each text");
    let events = node.events(None, 9).await.unwrap();
    let at: Vec<_> = events.iter().map(|event| event.venue_id).collect();
    assert_eq!(at, [0, 1, 0].map(|which: usize| Some(venues[which].id)));
    node.close().await;
}
