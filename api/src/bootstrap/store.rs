//! Where everything is kept: one SQLite file, or Postgres. Never a mixture.

use std::sync::Arc;

use anyhow::Context as _;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{
    Accounts, AuditLog, Catalog, Journal, Ledger, NodeId, PaymentLog, Rehearsals, RelayPositions,
    Roster, Stats, StoreError,
};
use tiketi_persistence::postgres::{self, Postgres, PostgresConfig};
use tiketi_persistence::{Embedded, embedded};

use crate::config::{ClusterSettings, Config, Secret};

/// Every port behind which something is kept.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) roster: Arc<dyn Roster>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) audit_log: Arc<dyn AuditLog>,
    pub(crate) payment_log: Arc<dyn PaymentLog>,
    pub(crate) relay_positions: Arc<dyn RelayPositions>,
    pub(crate) stats: Arc<dyn Stats>,
    pub(crate) rehearsals: Arc<dyn Rehearsals>,
    kept_in: KeptIn,
}

#[derive(Clone)]
enum KeptIn {
    File(Embedded),
    Postgres(Postgres),
}

impl Store {
    /// Opens what the configuration names. `node` is the name under which Postgres knows us.
    pub(crate) async fn open(config: &Config, node: NodeId) -> anyhow::Result<Self> {
        if config.cluster.is_given() {
            let postgres = postgres::open(&postgres_config(&config.cluster), node).await?;
            return Ok(Self::over(postgres.clone(), KeptIn::Postgres(postgres)));
        }
        std::fs::create_dir_all(&config.data_dir).with_context(|| {
            format!("cannot make the data folder {}", config.data_dir.display())
        })?;
        Ok(Self::of_file(embedded(&config.database()).await?))
    }

    /// What is kept in a file that is open.
    pub(crate) fn of_file(file: Embedded) -> Self {
        Self::over(file.clone(), KeptIn::File(file))
    }

    fn over<S>(store: S, kept_in: KeptIn) -> Self
    where
        S: Journal
            + Ledger
            + Catalog
            + Roster
            + Accounts
            + AuditLog
            + PaymentLog
            + RelayPositions
            + Stats
            + Rehearsals,
    {
        let store = Arc::new(store);
        Self {
            journal: Arc::clone(&store) as _,
            ledger: Arc::clone(&store) as _,
            catalog: Arc::clone(&store) as _,
            roster: Arc::clone(&store) as _,
            accounts: Arc::clone(&store) as _,
            audit_log: Arc::clone(&store) as _,
            payment_log: Arc::clone(&store) as _,
            relay_positions: Arc::clone(&store) as _,
            stats: Arc::clone(&store) as _,
            rehearsals: store,
            kept_in,
        }
    }

    /// The time that all nodes go by; `None` if there is one node, which goes by its own.
    pub(crate) async fn now(&self) -> Result<Option<Timestamp>, StoreError> {
        match &self.kept_in {
            KeptIn::File(_) => Ok(None),
            KeptIn::Postgres(postgres) => postgres.now().await.map(Some),
        }
    }

    pub(crate) async fn close(&self) {
        match &self.kept_in {
            KeptIn::File(file) => file.close().await,
            KeptIn::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// Where Postgres is, for whoever migrates it or connects to it.
pub(crate) fn postgres_config(cluster: &ClusterSettings) -> PostgresConfig {
    let own = |url: &Option<Secret>| url.as_ref().map(|url| url.expose().to_owned());
    let urls = &cluster.postgres_urls;
    PostgresConfig {
        url: cluster.postgres_url.expose().to_owned(),
        catalog: own(&urls.catalog),
        sales: own(&urls.sales),
        payments: own(&urls.payments),
        stats: own(&urls.stats),
        accounts: own(&urls.accounts),
    }
}
