//! Schemas, roles and migrations: made by `tiketi migrate`, only looked at by everything else.
//!
//! A migration must work beside the release before it: it adds, and what is to go goes a release
//! later. One that an older release cannot live with says so by raising `needs` in its schema's
//! `compatibility`; every release refuses a schema that needs to be known better than it does.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;

use super::config::{Context, PostgresConfig};
use super::connect::{self, address, as_user};
use super::error::PostgresError;
use super::server::Server;
use crate::columns::{Columns, Fault};

/// Keeps two that migrate apart; each context adds its own number.
const LOCK: i64 = 0x7469_6b65_7469;
/// How long looking at a schema may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// What every schema has before its own migrations run.
const PREPARE: &str = "
    GRANT USAGE ON SCHEMA {context} TO tiketi_{context};
    CREATE TABLE IF NOT EXISTS {context}.compatibility (
        one   boolean NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (one),
        needs bigint  NOT NULL
    );
    COMMENT ON COLUMN {context}.compatibility.needs IS
        'the oldest version of this schema that a running release must know';
    INSERT INTO {context}.compatibility (needs) VALUES (1) ON CONFLICT DO NOTHING;
    GRANT SELECT ON {context}.compatibility TO tiketi_{context};";

fn migrator(context: Context) -> Migrator {
    let mut migrator = match context {
        Context::Catalog => sqlx::migrate!("migrations/postgres/catalog"),
        Context::Sales => sqlx::migrate!("migrations/postgres/sales"),
        Context::Payments => sqlx::migrate!("migrations/postgres/payments"),
        Context::Stats => sqlx::migrate!("migrations/postgres/stats"),
        Context::Accounts => sqlx::migrate!("migrations/postgres/accounts"),
    };
    migrator.dangerous_set_table_name(format!("{context}.migration"));
    // A newer release may have added to the schema; and who migrates holds a lock already.
    migrator.set_ignore_missing(true).set_locking(false);
    migrator
}

/// Makes schemas, roles, rights and tables, or brings them to this release. Doing it again does
/// nothing; it may run while this release or the one before serves.
///
/// # Errors
/// [`PostgresError`].
pub async fn migrate(config: &PostgresConfig) -> Result<(), PostgresError> {
    for context in Context::ALL {
        let mut connection = open(config, context, "tiketi migrate").await?;
        prepare(&mut connection, context).await?;
        migrator(context)
            .run(&mut connection)
            .await
            .map_err(|source| PostgresError::Migrate { context, source })?;
        let sql = format!("GRANT SELECT ON {context}.migration TO {}", context.role());
        run(&mut connection, context, sql).await?;
        connect::finish(connection).await;
        check(config, context).await?;
    }
    Ok(())
}

/// Refuses a server that is not fit, and a schema that is not this release's.
pub(super) async fn check(config: &PostgresConfig, context: Context) -> Result<(), PostgresError> {
    let checked = tokio::time::timeout(CHECK_TIMEOUT, async {
        let mut connection = open(config, context, "tiketi check").await?;
        match Standing::of(&mut connection, context).await? {
            Standing::NoRole => return Err(PostgresError::TooOld { context }),
            Standing::Outside { user } => {
                return Err(PostgresError::MayNotActAs { user, role: context.role() });
            }
            Standing::Member => {}
        }
        run(&mut connection, context, format!("SET ROLE {}", context.role())).await?;
        let schema = Schema::of(&mut connection, context).await?;
        connect::finish(connection).await;
        schema.judge(context, &migrator(context))
    });
    checked.await.unwrap_or_else(|_| {
        let address = address(&as_user(config, context, "")?);
        let reason = format!("no answer within {} s", CHECK_TIMEOUT.as_secs());
        Err(PostgresError::Unreachable { context, address, reason })
    })
}

async fn open(
    config: &PostgresConfig,
    context: Context,
    name: &str,
) -> Result<PgConnection, PostgresError> {
    let options = as_user(config, context, name)?;
    let address = address(&options);
    let mut connection = match connect::connect(&options).await {
        Ok(connection) => connection,
        Err(reason) => return Err(PostgresError::Unreachable { context, address, reason }),
    };
    let server = Server::of(&mut connection).await.map_err(|fault| sql(context, fault))?;
    server.judge().map_err(|fault| PostgresError::Unfit { context, address, fault })?;
    Ok(connection)
}

async fn prepare(connection: &mut PgConnection, context: Context) -> Result<(), PostgresError> {
    let lock = LOCK + context as i64;
    run(connection, context, format!("SELECT pg_advisory_lock({lock})")).await?;
    // A migration that waits for a table makes everybody behind it wait.
    run(connection, context, "SET lock_timeout = '5s'".to_owned()).await?;
    make_role(connection, context).await?;
    let there = sqlx::query("SELECT 1 FROM pg_namespace WHERE nspname = $1")
        .bind(context.as_str())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|source| PostgresError::Sql { context, source })?;
    if there.is_none() {
        run(connection, context, format!("CREATE SCHEMA {context}")).await?;
    }
    run(connection, context, PREPARE.replace("{context}", context.as_str())).await
}

/// Makes the role of a context, if it is not there, and lets the user of the URL act as it.
async fn make_role(connection: &mut PgConnection, context: Context) -> Result<(), PostgresError> {
    let role = context.role();
    if matches!(Standing::of(connection, context).await?, Standing::NoRole) {
        match run(connection, context, format!("CREATE ROLE {role} NOLOGIN")).await {
            Err(PostgresError::Sql { source, .. }) if is(&source, MAY_NOT) => {
                let user = user(connection, context).await?;
                return Err(PostgresError::MayNotCreateRole { user, role });
            }
            // Roles belong to all databases of a server: another one's migration was faster.
            Err(PostgresError::Sql { source, .. }) if is(&source, ROLE_THERE) => {}
            made => made?,
        }
    }
    let Standing::Outside { user } = Standing::of(connection, context).await? else {
        return Ok(());
    };
    match run(connection, context, format!("GRANT {role} TO CURRENT_USER")).await {
        Err(PostgresError::Sql { source, .. }) if is(&source, MAY_NOT) => {
            Err(PostgresError::MayNotActAs { user, role })
        }
        Err(PostgresError::Sql { source, .. }) if is(&source, ROLE_THERE) => Ok(()),
        granted => granted,
    }
}

/// `insufficient_privilege`.
const MAY_NOT: &[&str] = &["42501"];
/// `duplicate_object`, and `unique_violation` in the catalog when two do it at once.
const ROLE_THERE: &[&str] = &["42710", "23505"];
/// `undefined_table`, `invalid_schema_name`.
const MISSING: &[&str] = &["42P01", "3F000"];

fn is(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| codes.contains(&&*code))
}

/// How the user of the URL stands to the role of a context.
enum Standing {
    NoRole,
    Outside { user: String },
    Member,
}

impl Standing {
    async fn of(connection: &mut PgConnection, context: Context) -> Result<Self, PostgresError> {
        // Since version 16 a member may have been kept from acting as the role.
        let row = sqlx::query(
            "SELECT pg_has_role(oid, CASE
                        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET'
                        ELSE 'MEMBER'
                    END)::int::bigint AS member
             FROM pg_roles WHERE rolname = $1",
        )
        .bind(context.role())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|source| PostgresError::Sql { context, source })?;
        let Some(row) = row else { return Ok(Self::NoRole) };
        match row.integer("member").map_err(|fault| sql(context, fault))? {
            0 => Ok(Self::Outside { user: user(connection, context).await? }),
            _ => Ok(Self::Member),
        }
    }
}

async fn user(connection: &mut PgConnection, context: Context) -> Result<String, PostgresError> {
    let row = sqlx::query("SELECT current_user::text AS name")
        .fetch_one(connection)
        .await
        .map_err(|source| PostgresError::Sql { context, source })?;
    Ok(row.text("name").map_err(|fault| sql(context, fault))?.to_owned())
}

/// What a schema says about itself.
struct Schema {
    applied: Vec<(i64, Vec<u8>)>,
    needs: i64,
}

impl Schema {
    async fn of(connection: &mut PgConnection, context: Context) -> Result<Self, PostgresError> {
        match Self::read(connection, context).await {
            Ok(schema) => Ok(schema),
            Err(Fault::Sql(source)) if is(&source, MISSING) => {
                Err(PostgresError::TooOld { context })
            }
            Err(fault) => Err(sql(context, fault)),
        }
    }

    async fn read(connection: &mut PgConnection, context: Context) -> Result<Self, Fault> {
        let versions = format!("SELECT version, checksum FROM {context}.migration WHERE success");
        let rows = sqlx::query(AssertSqlSafe(versions)).fetch_all(&mut *connection).await?;
        let mut applied = Vec::with_capacity(rows.len());
        for row in &rows {
            applied.push((row.integer("version")?, row.bytes("checksum")?.to_vec()));
        }
        let needs = format!("SELECT needs FROM {context}.compatibility");
        let row = sqlx::query(AssertSqlSafe(needs)).fetch_one(connection).await?;
        Ok(Self { applied, needs: row.integer("needs")? })
    }

    fn judge(&self, context: Context, release: &Migrator) -> Result<(), PostgresError> {
        let known = release.iter().map(|migration| migration.version).max().unwrap_or(0);
        if self.needs > known {
            return Err(PostgresError::TooNew { context, known, needs: self.needs });
        }
        for migration in release.iter() {
            let version = migration.version;
            let applied = self.applied.iter().find(|(applied, _)| *applied == version);
            match applied {
                None => return Err(PostgresError::TooOld { context }),
                Some((_, checksum)) if *checksum != *migration.checksum => {
                    return Err(PostgresError::Foreign { context, version });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

async fn run(
    connection: &mut PgConnection,
    context: Context,
    sql: String,
) -> Result<(), PostgresError> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    done.map(drop).map_err(|source| PostgresError::Sql { context, source })
}

fn sql(context: Context, fault: Fault) -> PostgresError {
    let source = match fault {
        Fault::Sql(source) => source,
        Fault::Column(column) => sqlx::Error::Decode(column.into()),
    };
    PostgresError::Sql { context, source }
}
