//! Where Postgres is, and which part of the house connects as whom.

use std::fmt;

/// How to reach Postgres. A context without a URL of its own uses the main one.
#[derive(Clone, Default)]
pub struct PostgresConfig {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// Of the catalog alone.
    pub catalog: Option<String>,
    /// Of the sales alone.
    pub sales: Option<String>,
    /// Of the payments alone.
    pub payments: Option<String>,
    /// Of the statistics alone.
    pub stats: Option<String>,
    /// Of the accounts alone.
    pub accounts: Option<String>,
}

impl PostgresConfig {
    /// Everything at one URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    pub(super) fn url_of(&self, context: Context) -> &str {
        let own = match context {
            Context::Catalog => &self.catalog,
            Context::Sales => &self.sales,
            Context::Payments => &self.payments,
            Context::Stats => &self.stats,
            Context::Accounts => &self.accounts,
        };
        own.as_deref().unwrap_or(&self.url)
    }
}

/// URLs hold passwords: this says only which there are.
impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PostgresConfig");
        shown.field("url", &(!self.url.is_empty()).then_some("…"));
        for context in Context::ALL {
            let own = self.url_of(context) != self.url;
            shown.field(context.as_str(), &own.then_some("…"));
        }
        shown.finish_non_exhaustive()
    }
}

/// A bounded context: a schema with tables of its own, and a role that reaches no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Events and charts.
    Catalog,
    /// Journals and what follows from them.
    Sales,
    /// What fans have authorised.
    Payments,
    /// Sales counted.
    Stats,
    /// Accounts and sessions.
    Accounts,
}

impl Context {
    pub(super) const ALL: [Self; 5] =
        [Self::Catalog, Self::Sales, Self::Payments, Self::Stats, Self::Accounts];

    /// The name of its schema.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Sales => "sales",
            Self::Payments => "payments",
            Self::Stats => "stats",
            Self::Accounts => "accounts",
        }
    }

    /// The role that its connections act as.
    pub(super) const fn role(self) -> &'static str {
        match self {
            Self::Catalog => "tiketi_catalog",
            Self::Sales => "tiketi_sales",
            Self::Payments => "tiketi_payments",
            Self::Stats => "tiketi_stats",
            Self::Accounts => "tiketi_accounts",
        }
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_it_has_no_password() {
        let config = PostgresConfig {
            stats: Some("postgres://counter:another@stats/tiketi".to_owned()),
            ..PostgresConfig::new("postgres://tiketi:secret@main/tiketi")
        };
        let shown = format!("{config:?}");
        assert!(!shown.contains("secret") && !shown.contains("another"), "{shown}");
        assert!(shown.contains("stats: Some"), "{shown}");
        assert_eq!(config.url_of(Context::Stats), "postgres://counter:another@stats/tiketi");
        assert_eq!(config.url_of(Context::Sales), "postgres://tiketi:secret@main/tiketi");
    }
}
