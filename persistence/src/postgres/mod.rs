//! Everything in Postgres: what many nodes share, and what makes a stale owner harmless.
//!
//! Five schemas, each with its own role, migrations and, if wanted, URL. Nothing is migrated at
//! start: [`open`] looks whether server and schemas are fit and refuses them in one sentence if
//! not. Start with `journal`: a batch and all its rows are one statement, which checks fence and
//! sequence while it holds the owner's row.

mod accounts;
mod audit_log;
mod catalog;
mod config;
mod connect;
mod error;
mod journal;
mod ledger;
mod payment_log;
mod pool;
mod rehearsals;
mod relay;
mod roster;
mod schema;
mod server;
mod stats;
mod together;
mod writers;

use std::sync::Arc;

use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Authorisation, NodeId, StoreError};

pub use self::config::{Context, PostgresConfig};
pub use self::error::{PostgresError, Unfit};
use self::pool::Pool;
pub use self::schema::migrate;
use self::together::Together;
use self::writers::Writers;
use crate::columns::{Columns, Fault};

/// All ports that need something kept, over Postgres. Clones share the connections.
#[derive(Clone)]
pub struct Postgres {
    catalog: Pool,
    sales: Pool,
    payments: Pool,
    stats: Pool,
    accounts: Pool,
    writers: Arc<Writers>,
    authorisations: Arc<Together<Authorisation>>,
}

/// Connections of each context, beside those that append.
const CONNECTIONS: u32 = 4;

/// Connects a node, if server and schemas are fit.
///
/// # Errors
/// [`PostgresError`], one sentence that says what to do.
pub async fn open(config: &PostgresConfig, node: NodeId) -> Result<Postgres, PostgresError> {
    for context in Context::ALL {
        schema::check(config, context).await?;
    }
    let options = |context| connect::as_user(config, context, &format!("tiketi {context} {node}"));
    let pool = |context| options(context).map(|found| Pool::new(found, context, CONNECTIONS));
    Ok(Postgres {
        catalog: pool(Context::Catalog)?,
        sales: pool(Context::Sales)?,
        payments: pool(Context::Payments)?,
        stats: pool(Context::Stats)?,
        accounts: pool(Context::Accounts)?,
        writers: Arc::new(Writers::new(options(Context::Sales)?)),
        authorisations: Arc::default(),
    })
}

impl Postgres {
    /// The server's time: what the clocks of all nodes are set by.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        let query =
            || sqlx::query("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now");
        let row = self.sales.first(query).await.map_err(Fault::from)?;
        let row = row.ok_or_else(|| Fault::from(sqlx::Error::RowNotFound))?;
        Ok(row.time("now")?)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.writers.close().await;
        for pool in [&self.catalog, &self.sales, &self.payments, &self.stats, &self.accounts] {
            pool.close().await;
        }
    }
}
