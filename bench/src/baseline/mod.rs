//! The way of the system that tiketi replaces, to measure against: a lock in Redis, then a
//! transaction in Postgres that looks at the seat under a row lock and writes it back with the
//! lock's token, a reservation and its item.
//!
//! As good as it can honestly be made: a connection of its own for each client to either service,
//! prepared statements, one statement for reservation and item, no lookups beside the hold itself,
//! and seats that nobody else wants. The original has more round trips, a pool and an HTTP server.

pub(crate) mod polling;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use redis::AsyncConnectionConfig;
use redis::Script;
use redis::aio::MultiplexedConnection;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::load::closed::Client;

/// How long a lock lasts, in seconds.
const LOCK_TTL_S: u32 = 420;
/// How long Redis may take to answer: by itself, the client gives up after half a second.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The one event.
const EVENT: i64 = 1;

/// A client of the old system: one connection to Redis, one to Postgres.
pub struct OldClient {
    redis: MultiplexedConnection,
    postgres: PgConnection,
    lock: Script,
    prefix: String,
    /// The next seat that nobody has; shared by all clients.
    next: Arc<AtomicI64>,
    seats: i64,
}

/// Makes the tables in a database, and so many clients.
///
/// # Errors
/// If a service cannot be reached or refuses.
pub async fn start(
    postgres: &str,
    redis: &str,
    seats: i64,
    clients: usize,
) -> anyhow::Result<Vec<OldClient>> {
    let mut connection = PgConnection::connect(postgres).await?;
    sqlx::raw_sql(include_str!("schema.sql")).execute(&mut connection).await?;
    sqlx::query(
        "INSERT INTO baseline.seats (id, event_id, price, status, version)
         SELECT id, $1, 100000, 'available', 0 FROM generate_series(0, $2 - 1) AS id",
    )
    .bind(EVENT)
    .bind(seats)
    .execute(&mut connection)
    .await?;
    sqlx::raw_sql("VACUUM ANALYZE baseline.seats").execute(&mut connection).await?;
    connection.close().await?;
    let next = Arc::new(AtomicI64::new(0));
    let prefix = format!("baseline:{:08x}", rand::random::<u32>());
    let mut made = Vec::with_capacity(clients);
    for _ in 0..clients {
        made.push(OldClient {
            redis: connect(redis).await?,
            postgres: PgConnection::connect(postgres).await?,
            lock: Script::new(include_str!("lock.lua")),
            prefix: prefix.clone(),
            next: Arc::clone(&next),
            seats,
        });
    }
    Ok(made)
}

/// A connection to Redis whose answers may take as long as those of ours.
async fn connect(redis: &str) -> anyhow::Result<MultiplexedConnection> {
    let client = redis::Client::open(redis)?;
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(ANSWER_WITHIN));
    Ok(client.get_multiplexed_async_connection_with_config(&config).await?)
}

impl OldClient {
    async fn hold(&mut self, seat: i64, user: i64) -> anyhow::Result<()> {
        let token: i64 = self
            .lock
            .key(format!("{}:seat:{{{EVENT}}}:{seat}", self.prefix))
            .key(format!("{}:seat:{{{EVENT}}}:{seat}:token_seq", self.prefix))
            .arg(user)
            .arg(LOCK_TTL_S)
            .invoke_async(&mut self.redis)
            .await?;
        ensure!(token > 0, "seat {seat} is locked");
        let mut transaction = self.postgres.begin().await?;
        let row = sqlx::query(
            "SELECT status, version, price FROM baseline.seats WHERE id = $1 FOR UPDATE",
        )
        .bind(seat)
        .fetch_optional(&mut *transaction)
        .await?
        .with_context(|| format!("there is no seat {seat}"))?;
        let (status, version, price): (&str, i64, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        ensure!(status == "available", "seat {seat} is {status}");
        let written = sqlx::query(
            "UPDATE baseline.seats
             SET status = 'locked', version = version + 1, fencing_token = $2, locked_by = $3
             WHERE id = $1 AND version = $4",
        )
        .bind(seat)
        .bind(token)
        .bind(user)
        .bind(version)
        .execute(&mut *transaction)
        .await?;
        ensure!(written.rows_affected() == 1, "somebody else has written seat {seat}");
        sqlx::query(
            "WITH made AS (
                 INSERT INTO baseline.reservations
                     (reservation_number, user_id, event_id, total_amount, status, expires_at)
                 VALUES ($1, $2, $3, $4, 'pending', now() + interval '5 minutes')
                 RETURNING id
             )
             INSERT INTO baseline.reservation_items (reservation_id, seat_id, unit_price)
             SELECT id, $5, $4 FROM made",
        )
        .bind(format!("TK{user}-{seat:08x}"))
        .bind(user)
        .bind(EVENT)
        .bind(price)
        .bind(seat)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

impl Client for OldClient {
    async fn request(&mut self, _: u64) -> anyhow::Result<()> {
        let seat = self.next.fetch_add(1, Ordering::Relaxed);
        ensure!(seat < self.seats, "the baseline has no seats left");
        self.hold(seat, seat).await
    }
}
