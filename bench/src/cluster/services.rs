//! The services that the environment names.

use std::env;

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};

/// Where they are.
#[derive(Debug, Clone)]
pub struct Services {
    /// `postgres://user:password@host:port/database`, of a user who may make databases.
    pub postgres: String,
    /// `redis://…`.
    pub redis: String,
    /// `host:port` of a broker.
    pub kafka: String,
}

impl Services {
    /// Those that `TIKETI_TEST_POSTGRES`, `_REDIS` and `_KAFKA` name.
    ///
    /// # Errors
    /// If one is not named.
    pub fn from_env() -> anyhow::Result<Self> {
        let named = |service: &str| {
            let variable = format!("TIKETI_TEST_{service}");
            env::var(&variable)
                .with_context(|| format!("{variable} is not set: run .ci/services start DIR"))
        };
        let (postgres, redis, kafka) = (named("POSTGRES")?, named("REDIS")?, named("KAFKA")?);
        Ok(Self { postgres, redis, kafka })
    }

    /// Makes an empty database; its URL.
    ///
    /// # Errors
    /// If Postgres cannot be reached or refuses.
    pub async fn create_database(&self, name: &str) -> anyhow::Result<String> {
        let mut postgres = PgConnection::connect(&self.postgres)
            .await
            .context("Postgres cannot be reached at TIKETI_TEST_POSTGRES")?;
        // The name is ours: hexadecimal digits.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut postgres)
            .await?;
        postgres.close().await?;
        let (server, _) = self.postgres.rsplit_once('/').context("the URL names no database")?;
        Ok(format!("{server}/{name}"))
    }
}
