//! What was done.

use async_trait::async_trait;
use tiketi_engine::ports::{AuditEntry, AuditFilter, AuditLog, Deed, StoreError};

use super::Postgres;
use crate::columns::Fault;
use crate::{codec, read};

/// Others that may take the next place before an entry finds its own.
const RIVALS_MAX: usize = 32;

#[async_trait]
impl AuditLog for Postgres {
    async fn add(&self, deed: &Deed) -> Result<AuditEntry, StoreError> {
        for _ in 0..RIVALS_MAX {
            let last = self.last_entry().await?;
            let before = last.map_or((0, [0; 32]), |last| (last.number, last.hash));
            let entry = AuditEntry::following(before, deed.clone());
            if self.put_entry(&entry).await? {
                return Ok(entry);
            }
        }
        Err(StoreError::Unavailable("others keep adding to the audit log".to_owned()))
    }

    async fn latest(
        &self,
        fits: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT number, at, account, event, action, target, reason, outcome, hash
                 FROM accounts.audit
                 WHERE number < $1 AND ($2::bigint IS NULL OR event = $2)
                     AND ($3::bigint IS NULL OR account = $3)
                     AND ($4::text IS NULL OR action = $4)
                 ORDER BY number DESC LIMIT $5",
            )
            .bind(before.map_or(i64::MAX, u64::cast_signed))
            .bind(fits.event.map(|event| event.number().cast_signed()))
            .bind(fits.by.map(|account| account.number().cast_signed()))
            .bind(fits.action.as_deref())
            .bind(i64::from(limit))
        };
        let rows = self.accounts.all(query).await.map_err(Fault::from)?;
        Ok(rows.iter().map(read::audit_entry).collect::<Result<_, _>>()?)
    }

    async fn entries(&self, after: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT number, at, account, event, action, target, reason, outcome, hash
                 FROM accounts.audit WHERE number > $1 ORDER BY number LIMIT $2",
            )
            .bind(after.cast_signed())
            .bind(i64::from(limit))
        };
        let rows = self.accounts.all(query).await.map_err(Fault::from)?;
        Ok(rows.iter().map(read::audit_entry).collect::<Result<_, _>>()?)
    }
}

impl Postgres {
    async fn last_entry(&self) -> Result<Option<AuditEntry>, StoreError> {
        let fits = AuditFilter::default();
        Ok(self.latest(&fits, None, 1).await?.pop())
    }

    /// False if its place is taken.
    async fn put_entry(&self, entry: &AuditEntry) -> Result<bool, StoreError> {
        let deed = &entry.deed;
        let statement = sqlx::query(
            "INSERT INTO accounts.audit
                 (number, at, account, event, action, target, reason, outcome, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO NOTHING",
        )
        .bind(entry.number.cast_signed())
        .bind(deed.at.as_millis())
        .bind(deed.by.number().cast_signed())
        .bind(codec::event_or_none(deed.event))
        .bind(&deed.action)
        .bind(&deed.target)
        .bind(&deed.reason)
        .bind(&deed.outcome)
        .bind(&entry.hash[..]);
        Ok(self.accounts.write(statement).await.map_err(Fault::from)? == 1)
    }
}
