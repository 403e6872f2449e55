//! A file of the release before is brought to this one with whoever is signed in.
#![cfg(test)]

use std::borrow::Cow;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tiketi_engine::domain::ids::AccountId;
use tiketi_engine::ports::{Accounts as _, Role, Rotation};
use tiketi_engine::testing::sample::OPENS_AT;
use tiketi_persistence::embedded;

static ALL: Migrator = sqlx::migrate!("migrations/sqlite");

#[tokio::test]
async fn accounts_and_sessions_of_the_release_before_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tiketi.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut connection = options.foreign_keys(true).connect().await.unwrap();
    let before: Vec<_> = ALL.iter().filter(|migration| migration.version < 7).cloned().collect();
    let before = Migrator { migrations: Cow::Owned(before), ..Migrator::DEFAULT };
    before.run(&mut connection).await.unwrap();
    let rows = "INSERT INTO accounts_account (id, email, name, role, password_hash, created_at)
                VALUES (1, 'op@example.com', 'Op', 'operator', 'x', 0),
                       (2, 'fan@example.com', 'Fan', 'fan', 'x', 0)";
    sqlx::raw_sql(rows).execute(&mut connection).await.unwrap();
    let expires_at = OPENS_AT.after(Duration::from_hours(1));
    sqlx::query(
        "INSERT INTO accounts_refresh_token (hash, session, account, expires_at) VALUES (?, ?, 1, ?)",
    )
    .bind(&[1; 32][..])
    .bind(&[1; 16][..])
    .bind(expires_at.as_millis())
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let store = embedded(&file).await.unwrap();
    for (number, role) in [(1, Role::Operator), (2, Role::Fan)] {
        let account = store.by_id(AccountId::new(number)).await.unwrap().unwrap();
        assert_eq!(account.role, role);
    }
    let account = AccountId::new(1);
    let rotated = store.rotate([1; 32], [2; 32], OPENS_AT).await;
    assert_eq!(rotated, Ok(Rotation::Rotated { account, expires_at }));
}
