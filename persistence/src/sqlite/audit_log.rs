//! What was done.

use async_trait::async_trait;
use tiketi_engine::ports::{AuditEntry, AuditFilter, AuditLog, Deed, StoreError};

use super::{Embedded, begin};
use crate::columns::Fault;
use crate::{codec, read};

#[async_trait]
impl AuditLog for Embedded {
    async fn add(&self, deed: &Deed) -> Result<AuditEntry, StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        let last = sqlx::query(
            "SELECT number, at, account, event, action, target, reason, outcome, hash
             FROM accounts_audit ORDER BY number DESC LIMIT 1",
        )
        .fetch_optional(&mut *transaction)
        .await
        .map_err(Fault::from)?;
        let last = last.map(|row| read::audit_entry(&row)).transpose()?;
        let before = last.map_or((0, [0; 32]), |last| (last.number, last.hash));
        let entry = AuditEntry::following(before, deed.clone());
        sqlx::query(
            "INSERT INTO accounts_audit
                 (number, at, account, event, action, target, reason, outcome, hash)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.number.cast_signed())
        .bind(deed.at.as_millis())
        .bind(deed.by.number().cast_signed())
        .bind(codec::event_or_none(deed.event))
        .bind(&deed.action)
        .bind(&deed.target)
        .bind(&deed.reason)
        .bind(&deed.outcome)
        .bind(&entry.hash[..])
        .execute(&mut *transaction)
        .await
        .map_err(Fault::from)?;
        transaction.commit().await.map_err(Fault::from)?;
        Ok(entry)
    }

    async fn latest(
        &self,
        fits: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, at, account, event, action, target, reason, outcome, hash
             FROM accounts_audit
             WHERE number < ?1 AND (?2 IS NULL OR event = ?2) AND (?3 IS NULL OR account = ?3)
                 AND (?4 IS NULL OR action = ?4)
             ORDER BY number DESC LIMIT ?5",
        )
        .bind(before.map_or(i64::MAX, u64::cast_signed))
        .bind(fits.event.map(|event| event.number().cast_signed()))
        .bind(fits.by.map(|account| account.number().cast_signed()))
        .bind(fits.action.as_deref())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(rows.iter().map(read::audit_entry).collect::<Result<_, _>>()?)
    }

    async fn entries(&self, after: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, at, account, event, action, target, reason, outcome, hash
             FROM accounts_audit WHERE number > ? ORDER BY number LIMIT ?",
        )
        .bind(after.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(rows.iter().map(read::audit_entry).collect::<Result<_, _>>()?)
    }
}
