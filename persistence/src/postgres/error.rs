//! Why Postgres cannot be used: one sentence each that says what to do.

use sqlx::migrate::MigrateError;

use super::config::Context;

/// Why Postgres cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// The URL is not one.
    #[error(
        "the Postgres URL of {context} is not postgres://user:password@host/database: {source}"
    )]
    Url {
        /// Whose.
        context: Context,
        /// What is wrong with it.
        source: sqlx::Error,
    },
    /// No connection.
    #[error(
        "cannot connect to Postgres at {address} for {context}, see that it runs there and that \
         the URL is right: {reason}"
    )]
    Unreachable {
        /// For what.
        context: Context,
        /// Where.
        address: String,
        /// What was said, or that nothing was.
        reason: String,
    },
    /// The server would lose or garble what it was given.
    #[error("Postgres at {address} must not keep {context}: {fault}")]
    Unfit {
        /// For what.
        context: Context,
        /// Where.
        address: String,
        /// Why.
        fault: Unfit,
    },
    /// The role of a context is missing, and cannot be made.
    #[error(
        "{user} may not create roles: have an administrator run \
         CREATE ROLE {role} NOLOGIN; GRANT {role} TO {user}"
    )]
    MayNotCreateRole {
        /// The user of the URL.
        user: String,
        /// The role.
        role: &'static str,
    },
    /// The user of the URL may not act as the role of a context.
    #[error("{user} may not act as {role}: have an administrator run GRANT {role} TO {user}")]
    MayNotActAs {
        /// The user of the URL.
        user: String,
        /// The role.
        role: &'static str,
    },
    /// The schema is older than this release.
    #[error("the schema {context} is older than this release: run `tiketi migrate`")]
    TooOld {
        /// Which.
        context: Context,
    },
    /// The schema is not for this release any more.
    #[error(
        "the schema {context} is too new for this release, which knows its version {known} and \
         would have to know {needs}: run a newer release"
    )]
    TooNew {
        /// Which.
        context: Context,
        /// The newest version that this release knows.
        known: i64,
        /// The oldest version that a running release must know.
        needs: i64,
    },
    /// The schema was made by something else.
    #[error(
        "migration {version} of the schema {context} is not the one of this release: use a \
         database that tiketi alone has migrated"
    )]
    Foreign {
        /// Which.
        context: Context,
        /// The migration.
        version: i64,
    },
    /// A migration failed; what it began was undone.
    #[error("cannot bring the schema {context} to this release: {source}")]
    Migrate {
        /// Which.
        context: Context,
        /// What went wrong.
        source: MigrateError,
    },
    /// The server refused something that it should not have.
    #[error("cannot prepare the schema {context}: {source}")]
    Sql {
        /// Which.
        context: Context,
        /// What the server said.
        source: sqlx::Error,
    },
}

/// Why a server is not fit to keep what must not be lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It would acknowledge what is not on disk yet.
    #[error("{setting} is off and what was sold could be lost, set it to on")]
    Lossy {
        /// Which setting.
        setting: &'static str,
    },
    /// It follows another server.
    #[error("it is a replica, use the URL of its primary")]
    Replica,
    /// It cannot hold every text.
    #[error("the database is in {encoding}, create one with ENCODING 'UTF8'")]
    Encoding {
        /// What it is in.
        encoding: String,
    },
    /// It does not know what is asked of it.
    #[error("its version is {version}, use 14 or later")]
    Version {
        /// Its version.
        version: String,
    },
}
