//! Who may do what.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};
use tiketi_engine::domain::ids::{AccountId, EventId};
use tiketi_engine::ports::{Journal, NodeId};
use tiketi_engine::testing::conformance::{self, Owner};
use tiketi_persistence::postgres::{self, PostgresConfig, PostgresError};

use crate::harness::{Database, outcome};

const CONTEXTS: [&str; 5] = ["catalog", "sales", "payments", "stats", "accounts"];
const DENIED: &str = "42501";

#[tokio::test]
async fn each_role_reaches_its_own_schema_alone() {
    let Some(database) = Database::migrated().await else { return };
    let mut session = database.session().await;
    for role in CONTEXTS {
        assert_eq!(outcome(&mut session, &format!("SET ROLE tiketi_{role}")).await, "");
        for schema in CONTEXTS {
            let read = format!("SELECT count(*) FROM {schema}.compatibility");
            let expected = if role == schema { "" } else { DENIED };
            assert_eq!(outcome(&mut session, &read).await, expected, "{role} reads {schema}");
        }
        for sql in ["CREATE SCHEMA mine", "CREATE TABLE public.mine ()", "CREATE ROLE mine"] {
            assert_eq!(outcome(&mut session, sql).await, DENIED, "{role}: {sql}");
        }
        let create = format!("CREATE TABLE {role}.mine ()");
        assert_eq!(outcome(&mut session, &create).await, DENIED, "{role} only fills tables");
        let raise = format!("UPDATE {role}.compatibility SET needs = 9");
        assert_eq!(outcome(&mut session, &raise).await, DENIED);
        assert_eq!(outcome(&mut session, "RESET ROLE").await, "");
    }
}

#[tokio::test]
async fn the_journal_only_grows() {
    let Some(database) = Database::migrated().await else { return };
    Owner::open(&database.node().await, EventId::new(1)).await.unwrap();
    let mut session = database.session().await;
    assert_eq!(outcome(&mut session, "SET ROLE tiketi_sales").await, "");
    for sql in [
        "UPDATE sales.journal SET body = ''",
        "DELETE FROM sales.journal",
        "TRUNCATE sales.journal",
        "DELETE FROM sales.owner",
        "DELETE FROM sales.ticket",
        "ALTER TABLE sales.journal DISABLE TRIGGER ALL",
    ] {
        assert_eq!(outcome(&mut session, sql).await, DENIED, "{sql}");
    }
}

#[tokio::test]
async fn nothing_but_a_rehearsal_is_wiped_by_whoever_asks() {
    const BROKEN: &str = "23514";
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    conformance::rehearsals(&node, EventId::new(1_000)).await;
    let mut session = database.session().await;
    // Event 1000 is a real sale; 1009 is a rehearsal that was wiped.
    for sql in [
        "DELETE FROM sales.journal WHERE event = 1000",
        "UPDATE sales.owner SET fence = 9223372036854775807 WHERE event = 1000",
        "UPDATE sales.owner SET fence = 5 WHERE event = 1009",
        "INSERT INTO sales.rehearsal (event) VALUES (1000)",
        "UPDATE sales.rehearsal SET event = 1000 WHERE event = 1009",
        "DELETE FROM sales.rehearsal",
        "DELETE FROM catalog.event WHERE id = 1000",
        "INSERT INTO catalog.rehearsal (event, copy_of, title, made_at, state)
         VALUES (1000, 1, '', 0, 'wiping')",
        "UPDATE catalog.rehearsal SET event = 1000 WHERE event = 1009",
        "UPDATE catalog.rehearsal SET state = 'made'",
        "DELETE FROM catalog.rehearsal",
        "DELETE FROM payments.authorisation WHERE event = 1000",
        "INSERT INTO payments.rehearsal (event) VALUES (1000)",
        "UPDATE payments.rehearsal SET wiped = FALSE",
        "DELETE FROM payments.rehearsal",
    ] {
        assert_eq!(outcome(&mut session, sql).await, BROKEN, "{sql}");
    }
    let records = "SELECT count(*) FROM sales.journal WHERE event = 1000";
    let before = database.number(records).await;
    assert!(before > 0);
    for (role, sql) in [
        ("sales", "DELETE FROM sales.journal WHERE event = 1009"),
        ("sales", "DELETE FROM sales.rehearsal"),
        ("sales", "UPDATE sales.rehearsal SET event = 1000"),
        ("catalog", "UPDATE catalog.rehearsal SET event = 1000"),
        ("catalog", "DELETE FROM catalog.rehearsal"),
        ("payments", "UPDATE payments.rehearsal SET event = 1000"),
        ("stats", "SELECT sales.wipe(1009, 10)"),
    ] {
        assert_eq!(outcome(&mut session, &format!("SET ROLE tiketi_{role}")).await, "");
        assert_eq!(outcome(&mut session, sql).await, DENIED, "{role}: {sql}");
    }
    let wipe = "SELECT coalesce(sales.wipe(1000, 10), -1)";
    assert_eq!(database.number(wipe).await, -1, "not even by the owner of the tables");
    assert_eq!(database.number(records).await, before);
}

/// A user who has nothing but the right to act as the roles: what works, works as one of them.
#[tokio::test]
async fn every_connection_acts_as_its_contexts_role() {
    let Some(mut database) = Database::migrated().await else { return };
    let (user, url) = database.ordinary_user().await;
    for context in CONTEXTS {
        database.run(&format!("GRANT tiketi_{context} TO {user}")).await;
    }
    let node = postgres::open(&PostgresConfig::new(url), NodeId(7)).await.unwrap();
    conformance::journal(&node, EventId::new(1)).await;
    conformance::catalog(&node, EventId::new(1)).await;
    conformance::accounts(&node, AccountId::new(1)).await;
    conformance::stats(&node, EventId::new(1)).await;
    conformance::payment_log(&node, EventId::new(1)).await;
    conformance::rehearsals(&node, EventId::new(1_000)).await;

    let rows = sqlx::query("SELECT application_name FROM pg_stat_activity WHERE usename = $1")
        .bind(user)
        .fetch_all(&mut database.session().await)
        .await
        .unwrap();
    let names: BTreeSet<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
    let named = |context: &str| format!("tiketi {context} 0000000000000007");
    assert_eq!(names, CONTEXTS.map(named).into(), "and says whose it is");
}

#[tokio::test]
async fn an_ordinary_user_suffices_once_the_roles_are_granted() {
    // So that the roles are there, whoever has run before.
    let Some(_roles) = Database::migrated().await else { return };
    let Some(mut database) = Database::empty().await else { return };
    let (user, url) = database.ordinary_user().await;
    database.give_to(&user).await;
    let config = PostgresConfig::new(&url);
    let error = postgres::migrate(&config).await.unwrap_err();
    let asks = format!("GRANT tiketi_catalog TO {user}");
    assert!(matches!(error, PostgresError::MayNotActAs { .. }), "{error}");
    assert!(error.to_string().ends_with(&asks), "{error}");

    for context in CONTEXTS {
        database.run(&format!("GRANT tiketi_{context} TO {user}")).await;
    }
    postgres::migrate(&config).await.unwrap();
    let node = postgres::open(&config, NodeId(1)).await.unwrap();
    conformance::journal(&node, EventId::new(1)).await;

    // It may also end its own sessions, which a take-over rests on.
    let owner = Owner::open(&node, EventId::new(9)).await.unwrap();
    let options: PgConnectOptions = url.parse().unwrap();
    let mut frozen = options.connect().await.unwrap();
    let lock = "BEGIN; SELECT 1 FROM sales.owner WHERE event = 9 FOR UPDATE";
    assert_eq!(outcome(&mut frozen, lock).await, "");
    let started = Instant::now();
    let taken = node.take_over(EventId::new(9)).await.unwrap();
    assert_eq!(taken.fence.0, owner.fence.0 + 1);
    assert!(started.elapsed() < Duration::from_millis(1_500), "{:?}", started.elapsed());
    assert!(frozen.ping().await.is_err(), "its session was ended");
}

#[tokio::test]
async fn a_context_may_have_a_url_of_its_own() {
    let Some(database) = Database::migrated().await else { return };
    let Some(mut other) = Database::empty().await else { return };
    let (user, url) = other.ordinary_user().await;
    other.give_to(&user).await;
    other.run(&format!("GRANT tiketi_stats TO {user}")).await;
    let config = PostgresConfig { stats: Some(url), ..database.config() };
    postgres::migrate(&config).await.unwrap();
    let node = postgres::open(&config, NodeId(1)).await.unwrap();
    conformance::stats(&node, EventId::new(1)).await;
    assert!(other.number("SELECT count(*) FROM stats.sale").await > 0);
    assert_eq!(database.number("SELECT count(*) FROM stats.sale").await, 0);
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'sales'";
    assert_eq!(other.number(schemas).await, 0, "nothing but what it is for");
}

#[tokio::test]
async fn a_user_who_may_create_roles_needs_nobody() {
    let Some(_roles) = Database::migrated().await else { return };
    let Some(mut database) = Database::empty().await else { return };
    // Since then, only a role's own creator may grant it.
    let version = "SELECT current_setting('server_version_num')::bigint";
    if database.number(version).await >= 160_000 {
        return;
    }
    let (user, url) = database.ordinary_user().await;
    database.give_to(&user).await;
    database.run(&format!("ALTER ROLE {user} CREATEROLE")).await;
    let config = PostgresConfig::new(url);
    postgres::migrate(&config).await.unwrap();
    let node = postgres::open(&config, NodeId(1)).await.unwrap();
    conformance::journal(&node, EventId::new(1)).await;
}
