//! The services that the environment names.

use std::env;
use std::path::PathBuf;

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
    /// The folder of `.ci/services`, if it started all of them: then they may be broken.
    pub ours: Option<PathBuf>,
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
        Ok(Self { postgres, redis, kafka, ours: Self::ours() })
    }

    /// The folder of `.ci/services`, if it started all of them.
    pub fn ours() -> Option<PathBuf> {
        env::var_os("TIKETI_TEST_SERVICES").map(PathBuf::from)
    }

    /// Makes an empty database; its URL.
    ///
    /// # Errors
    /// If Postgres cannot be reached or refuses.
    pub async fn create_database(&self, name: &str) -> anyhow::Result<String> {
        self.run(format!("CREATE DATABASE {name}")).await?;
        let (server, _) = self.postgres.rsplit_once('/').context("the URL names no database")?;
        Ok(format!("{server}/{name}"))
    }

    /// Removes a database that was made here, whoever is connected.
    ///
    /// # Errors
    /// If Postgres cannot be reached or refuses.
    pub async fn drop_database(&self, url: &str) -> anyhow::Result<()> {
        let (_, name) = url.rsplit_once('/').context("the URL names no database")?;
        self.run(format!("DROP DATABASE {name} WITH (FORCE)")).await
    }

    /// Lets Postgres have a gigabyte of log to write over again, as one has that has been in use:
    /// until then it makes each segment anew, which takes tens of milliseconds inside a commit.
    ///
    /// # Errors
    /// If Postgres cannot be reached, or its user may not do that.
    pub async fn fill_log(&self) -> anyhow::Result<()> {
        let switch = "DO $$ BEGIN FOR segment IN 1..64 LOOP
                PERFORM pg_logical_emit_message(false, 'bench', '');
                PERFORM pg_switch_wal();
            END LOOP; END $$";
        self.run(switch.to_owned()).await?;
        self.reuse_log().await
    }

    /// Lets Postgres write over whatever log it needs no more.
    ///
    /// # Errors
    /// If Postgres cannot be reached, or its user may not do that.
    pub async fn reuse_log(&self) -> anyhow::Result<()> {
        self.run("CHECKPOINT".to_owned()).await
    }

    /// Runs a statement; the names in it are ours: letters and hexadecimal digits.
    async fn run(&self, statement: String) -> anyhow::Result<()> {
        let mut postgres = PgConnection::connect(&self.postgres)
            .await
            .context("Postgres cannot be reached at TIKETI_TEST_POSTGRES")?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut postgres).await?;
        Ok(postgres.close().await?)
    }
}
