//! The connections that append: a few, each with its own events, none of them in a pool.
//!
//! An event is always served by the same connection, so that its appends arrive in order. A
//! connection is out of its slot while a statement is on its way and comes back when the answer
//! has: whoever gives up in between leaves an empty slot, which the next one fills anew.

use std::pin::pin;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions, Error, Row};
use tiketi_engine::domain::ids::EventId;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use super::config::Context;
use super::connect::{self, Limits, as_role, is_lost, within};
use super::pool::Query;

/// Enough to keep a server's disk busy; more would only wait there.
const APPENDING: usize = 4;
/// Apart from those, so that a take-over that is held up holds up nothing else.
const TAKING_OVER: usize = 2;
/// What an append may take on the server.
const TO_APPEND: Limits = Limits {
    statement: Duration::from_secs(3),
    lock: Duration::from_millis(1_500),
    idle_in_transaction: Duration::from_millis(1_500),
};
/// A take-over may wait: it does something about it.
const TO_TAKE_OVER: Limits =
    Limits { statement: Duration::from_secs(4), lock: Duration::from_secs(4), ..TO_APPEND };
/// How long to wait for a slot, a connection and a statement before all of it is given up.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long somebody may stand in the way of a take-over: much longer than an append takes.
const IN_THE_WAY: Duration = Duration::from_millis(500);
/// How long to try to end who stands there, before looking again whether it is needed.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The connections that append, and those that take over.
pub(super) struct Writers {
    appending: [Slot; APPENDING],
    taking_over: [Slot; TAKING_OVER],
    to_append: PgConnectOptions,
    to_take_over: PgConnectOptions,
    /// To end sessions with: only the user that they logged in as may do that.
    as_user: PgConnectOptions,
}

type Slot = Mutex<Option<Writer>>;

struct Writer {
    connection: PgConnection,
    /// The number of its process on the server.
    process: i32,
}

impl Writers {
    pub(super) fn new(as_user: PgConnectOptions) -> Self {
        let options = |limits| {
            as_role(as_user.clone(), Context::Sales, limits).options([
                // These few statements are planned once, and by key: a plan that was made while a
                // table was small must not scan it when it is large.
                ("plan_cache_mode", "force_generic_plan"),
                ("enable_seqscan", "off"),
            ])
        };
        Self {
            appending: Default::default(),
            taking_over: Default::default(),
            to_append: options(TO_APPEND),
            to_take_over: options(TO_TAKE_OVER),
            as_user,
        }
    }

    /// Runs one statement on the connection of an event, and gives the row that it answers with.
    pub(super) async fn append(
        &self,
        event: EventId,
        statement: Query<'_>,
    ) -> Result<Option<PgRow>, Error> {
        within(WRITE_TIMEOUT, async {
            let mut borrowed = borrow(&self.appending, event, &self.to_append).await?;
            let row = statement.fetch_optional(&mut borrowed.writer.connection).await;
            borrowed.settle(row)
        })
        .await
    }

    /// Runs one statement that nobody may hold up for long: an owner that froze in the middle of
    /// its own must not keep its successor out. It may be run again if its connection is lost.
    pub(super) async fn take_over<'q>(
        &self,
        event: EventId,
        statement: impl Fn() -> Query<'q> + Send + Sync,
    ) -> Result<Option<PgRow>, Error> {
        within(WRITE_TIMEOUT, async {
            match self.unblocked(event, statement()).await {
                // It had died while it was idle.
                Err(error) if is_lost(&error) => self.unblocked(event, statement()).await,
                row => row,
            }
        })
        .await
    }

    async fn unblocked(
        &self,
        event: EventId,
        statement: Query<'_>,
    ) -> Result<Option<PgRow>, Error> {
        let mut borrowed = borrow(&self.taking_over, event, &self.to_take_over).await?;
        let Writer { connection, process } = &mut borrowed.writer;
        let row = {
            let mut row = pin!(statement.fetch_optional(connection));
            loop {
                match timeout(IN_THE_WAY, &mut row).await {
                    Ok(row) => break row,
                    Err(_) => self.end_whoever_blocks(*process).await,
                }
            }
        };
        borrowed.settle(row)
    }

    pub(super) async fn close(&self) {
        for slot in self.appending.iter().chain(&self.taking_over) {
            if let Some(writer) = slot.lock().await.take() {
                connect::finish(writer.connection).await;
            }
        }
    }

    /// Ends the sessions at the root of what a session waits for; what they had begun is undone.
    async fn end_whoever_blocks(&self, process: i32) {
        let ended = within(END_TIMEOUT, async {
            let mut connection = self.as_user.connect().await?;
            let rows = sqlx::query(
                "WITH RECURSIVE ahead AS (
                     SELECT unnest(pg_blocking_pids($1)) AS pid
                     UNION
                     SELECT further.pid FROM ahead, unnest(pg_blocking_pids(ahead.pid)) AS further (pid)
                 )
                 SELECT pid, pg_terminate_backend(pid) FROM ahead
                 WHERE cardinality(pg_blocking_pids(pid)) = 0",
            )
            .bind(process)
            .fetch_all(&mut connection)
            .await?;
            connect::finish(connection).await;
            Ok(rows.len())
        });
        match ended.await {
            Ok(0) => {}
            Ok(sessions) => tracing::warn!(sessions, "ended who stood in the way of a take-over"),
            Err(error) => tracing::warn!(%error, "cannot end who stands in the way of a take-over"),
        }
    }
}

async fn borrow<'a>(
    slots: &'a [Slot],
    event: EventId,
    options: &PgConnectOptions,
) -> Result<Borrowed<'a>, Error> {
    // The lowest bits of an event's number are drawn at random.
    let number = usize::try_from(event.number() % slots.len() as u64).unwrap_or(0);
    let mut slot = slots[number].lock().await;
    let writer = match slot.take() {
        Some(writer) => writer,
        None => Writer::connect(options).await?,
    };
    Ok(Borrowed { slot, writer })
}

impl Writer {
    async fn connect(options: &PgConnectOptions) -> Result<Self, Error> {
        let mut connection = options.connect().await?;
        let row = sqlx::query("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
        Ok(Self { process: row.try_get(0)?, connection })
    }
}

/// A writer out of its slot.
struct Borrowed<'a> {
    slot: MutexGuard<'a, Option<Writer>>,
    writer: Writer,
}

impl Borrowed<'_> {
    /// Puts the writer back, if its connection is still good after what came of its use.
    fn settle<T>(mut self, result: Result<T, Error>) -> Result<T, Error> {
        if !result.as_ref().is_err_and(is_lost) {
            *self.slot = Some(self.writer);
        }
        result
    }
}
