//! Connections and what their sessions are set to.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgSeverity};
use sqlx::{ConnectOptions, Connection, Error};
use tiketi_engine::planted::Bug;

use super::config::{Context, PostgresConfig};
use super::error::PostgresError;

/// How long to wait for a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// As the user of the URL, with nothing set but a name.
pub(super) fn as_user(
    config: &PostgresConfig,
    context: Context,
    name: &str,
) -> Result<PgConnectOptions, PostgresError> {
    let options = PgConnectOptions::from_str(config.url_of(context))
        .map_err(|source| PostgresError::Url { context, source })?;
    Ok(options.application_name(name).disable_statement_logging())
}

/// As the role of a context, within limits.
///
/// Every connection acts as its context's role, also one with a URL of its own: nothing that
/// serves has more rights than it needs.
pub(super) fn as_role(
    options: PgConnectOptions,
    context: Context,
    limits: Limits,
) -> PgConnectOptions {
    let millis = |limit: Duration| limit.as_millis().to_string();
    let synchronous_commit = if Bug::CommitUnsynced.is_planted() { "off" } else { "on" };
    options.options([
        ("role", context.role().to_owned()),
        // Names without a schema lead nowhere.
        ("search_path", "pg_catalog".to_owned()),
        ("synchronous_commit", synchronous_commit.to_owned()),
        // What follows on a wait for a row must see what that wait was for.
        ("default_transaction_isolation", "read committed".to_owned()),
        ("statement_timeout", millis(limits.statement)),
        ("lock_timeout", millis(limits.lock)),
        ("idle_in_transaction_session_timeout", millis(limits.idle_in_transaction)),
        // The server notices soon that a node is gone; over a Unix socket these mean nothing.
        ("tcp_keepalives_idle", "10".to_owned()),
        ("tcp_keepalives_interval", "3".to_owned()),
        ("tcp_keepalives_count", "3".to_owned()),
        ("tcp_user_timeout", "10000".to_owned()),
    ])
}

/// How long the server lets a session do something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) statement: Duration,
    pub(super) lock: Duration,
    pub(super) idle_in_transaction: Duration,
}

/// Connects, or says in words why not.
pub(super) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, String> {
    match tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await {
        Ok(connected) => connected.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())),
    }
}

/// Takes leave of the server, so that it does not wonder.
pub(super) async fn finish(connection: PgConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "a connection was not closed in order");
    }
}

/// Waits for a statement no longer than that: a network that swallows everything answers nothing.
pub(super) async fn within<T>(
    limit: Duration,
    statement: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, statement).await.unwrap_or_else(|_| {
        let late = format!("no answer within {} s", limit.as_secs());
        Err(Error::Io(io::Error::new(io::ErrorKind::TimedOut, late)))
    })
}

/// Whether an error says that nobody waited any longer.
pub(super) fn is_late(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// Host and port, or the socket.
pub(super) fn address(options: &PgConnectOptions) -> String {
    options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |socket| socket.display().to_string(),
    )
}

/// Whether a connection is of no use after an error: it is closed, or nobody knows what comes next.
pub(super) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Database(error) => {
            let ended = |error: &PgDatabaseError| error.severity() != PgSeverity::Error;
            error.try_downcast_ref().is_none_or(ended)
        }
        Error::ColumnNotFound(_) | Error::ColumnDecode { .. } | Error::RowNotFound => false,
        _ => true,
    }
}
