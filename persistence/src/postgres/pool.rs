//! A few connections of one context, for reading and for writes that nobody races.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{Connection, Error};

use super::config::Context;
use super::connect::{CONNECT_TIMEOUT, Limits, as_role, is_late, is_lost, within};

/// What a session may take on the server; whoever waits for it waits a little longer.
const LIMITS: Limits = Limits {
    statement: Duration::from_secs(10),
    lock: Duration::from_secs(3),
    idle_in_transaction: Duration::from_secs(5),
};
/// How long to wait for a statement before its connection is given up.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(12);

pub(super) type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, PgArguments>;

/// The connections of one context.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pool: PgPool,
}

impl Pool {
    /// Connects when somebody asks.
    pub(super) fn new(options: PgConnectOptions, context: Context, connections: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(CONNECT_TIMEOUT)
            // It would cost every use a round trip; a dead connection shows when it is used.
            .test_before_acquire(false)
            .connect_lazy_with(as_role(options, context, LIMITS));
        Self { pool }
    }

    /// Every row that a query reads.
    pub(super) async fn all<'q>(
        &self,
        query: impl Fn() -> Query<'q> + Send + Sync,
    ) -> Result<Vec<PgRow>, Error> {
        let mut dead = 0;
        loop {
            let mut borrowed = self.borrow().await?;
            let rows = within(STATEMENT_TIMEOUT, query().fetch_all(borrowed.get())).await;
            match borrowed.settle(rows) {
                // Reading again is safe, and all that were idle may have died together.
                Err(error) if self.may_be_another(&error, dead) => dead += 1,
                rows => return rows,
            }
        }
    }

    /// The one row that a query reads, if it reads any.
    pub(super) async fn first<'q>(
        &self,
        query: impl Fn() -> Query<'q> + Send + Sync,
    ) -> Result<Option<PgRow>, Error> {
        Ok(self.all(query).await?.pop())
    }

    /// How many rows a statement wrote.
    pub(super) async fn write(&self, statement: Query<'_>) -> Result<u64, Error> {
        let mut borrowed = self.live().await?;
        let written = within(STATEMENT_TIMEOUT, statement.execute(borrowed.get())).await;
        Ok(borrowed.settle(written)?.rows_affected())
    }

    /// The row that a statement answers with, after it wrote.
    pub(super) async fn written(&self, statement: Query<'_>) -> Result<Option<PgRow>, Error> {
        let mut borrowed = self.live().await?;
        let row = within(STATEMENT_TIMEOUT, statement.fetch_optional(borrowed.get())).await;
        borrowed.settle(row)
    }

    /// A connection that answers: what writes is said once, so that nobody does it twice.
    pub(super) async fn live(&self) -> Result<Borrowed, Error> {
        let mut dead = 0;
        loop {
            let mut borrowed = self.borrow().await?;
            let answer = within(CONNECT_TIMEOUT, borrowed.get().ping()).await;
            match answer {
                Ok(()) => return Ok(borrowed),
                Err(error) if self.may_be_another(&error, dead) => dead += 1,
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    async fn borrow(&self) -> Result<Borrowed, Error> {
        Ok(Borrowed { connection: Some(self.pool.acquire().await?) })
    }

    /// Whether the error was of one connection, and another may be in order.
    fn may_be_another(&self, error: &Error, dead: u32) -> bool {
        is_lost(error) && !is_late(error) && dead < self.pool.options().get_max_connections()
    }
}

/// A connection on loan. It is closed unless its use is settled: after one that was given up
/// halfway, nobody knows when, or whether, its answer will come.
pub(super) struct Borrowed {
    connection: Option<PoolConnection<sqlx::Postgres>>,
}

impl Borrowed {
    pub(super) fn get(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("it is taken when the loan ends")
    }

    /// Gives the connection back, if it is still good after what came of its use.
    pub(super) fn settle<T>(mut self, result: Result<T, Error>) -> Result<T, Error> {
        if !result.as_ref().is_err_and(is_lost) {
            drop(self.connection.take());
        }
        result
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}
