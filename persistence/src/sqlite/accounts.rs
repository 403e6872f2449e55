//! Accounts, sessions and links that give a role.

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tiketi_engine::domain::ids::AccountId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Account, Accounts, RefreshToken, Role, Rotation, StoreError};

use super::{Embedded, begin};
use crate::columns::{Columns, Fault};
use crate::read;

#[async_trait]
impl Accounts for Embedded {
    async fn add(&self, account: &Account) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let result = sqlx::query(
            "INSERT INTO accounts_account (id, email, name, role, password_hash, created_at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(account.id.number().cast_signed())
        .bind(&account.email)
        .bind(&account.name)
        .bind(account.role.as_str())
        .bind(&account.password_hash)
        .bind(account.created_at.as_millis())
        .execute(&mut *writer)
        .await;
        match result {
            Ok(_) => Ok(()),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                let of_email = error.message().contains("email");
                Err(StoreError::Exists(if of_email { "email" } else { "id" }))
            }
            Err(error) => Err(Fault::from(error).into()),
        }
    }

    async fn by_id(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at FROM accounts_account
             WHERE id = ?",
        )
        .bind(id.number().cast_signed())
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(row.map(|row| read::account(&row)).transpose()?)
    }

    async fn by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at FROM accounts_account
             WHERE email = ?",
        )
        .bind(email)
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(row.map(|row| read::account(&row)).transpose()?)
    }

    async fn has_role(&self, role: Role) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM accounts_account WHERE role = ? LIMIT 1")
            .bind(role.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.is_some())
    }

    async fn staff(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at FROM accounts_account
             WHERE role <> 'fan' ORDER BY email LIMIT ?",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::account(row)?)).collect()
    }

    async fn set_role(&self, id: AccountId, role: Role) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        let set = sqlx::query(
            "UPDATE accounts_account SET role = ?2
             WHERE id = ?1 AND (?2 = 'administrator' OR EXISTS (
                 SELECT 1 FROM accounts_account WHERE role = 'administrator' AND id <> ?1
             ))",
        )
        .bind(id.number().cast_signed())
        .bind(role.as_str())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(set.rows_affected() == 1)
    }

    async fn begin_session(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        Ok(keep(&mut writer, token).await?)
    }

    async fn rotate(
        &self,
        old_hash: [u8; 32],
        next_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let mut writer = self.writer().await;
        Ok(rotate(&mut writer, old_hash, next_hash, now).await?)
    }

    async fn end_session(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        sqlx::query(
            "DELETE FROM accounts_refresh_token
             WHERE session = (SELECT session FROM accounts_refresh_token WHERE hash = ?)",
        )
        .bind(&hash[..])
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn put_setup_link(
        &self,
        hash: [u8; 32],
        role: Role,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        sqlx::query("DELETE FROM accounts_setup_link")
            .execute(&mut *transaction)
            .await
            .map_err(Fault::from)?;
        sqlx::query("INSERT INTO accounts_setup_link (hash, role, expires_at) VALUES (?, ?, ?)")
            .bind(&hash[..])
            .bind(role.as_str())
            .bind(expires_at.as_millis())
            .execute(&mut *transaction)
            .await
            .map_err(Fault::from)?;
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }

    async fn use_setup_link(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Role>, StoreError> {
        let mut writer = self.writer().await;
        let used = sqlx::query(
            "DELETE FROM accounts_setup_link WHERE hash = ? AND expires_at > ? RETURNING role",
        )
        .bind(&hash[..])
        .bind(now.as_millis())
        .fetch_optional(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(used.map(|row| read::role(&row)).transpose()?)
    }
}

async fn keep(writer: &mut SqliteConnection, token: &RefreshToken) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO accounts_refresh_token (hash, session, account, expires_at)
         VALUES (?, ?, ?, ?)",
    )
    .bind(&token.hash[..])
    .bind(&token.session[..])
    .bind(token.account.number().cast_signed())
    .bind(token.expires_at.as_millis())
    .execute(writer)
    .await?;
    Ok(())
}

async fn rotate(
    writer: &mut SqliteConnection,
    old_hash: [u8; 32],
    next_hash: [u8; 32],
    now: Timestamp,
) -> Result<Rotation, Fault> {
    let mut transaction = begin(writer).await?;
    // Sessions that are over leave nothing behind.
    sqlx::query("DELETE FROM accounts_refresh_token WHERE expires_at <= ?")
        .bind(now.as_millis())
        .execute(&mut *transaction)
        .await?;
    let row = sqlx::query(
        "SELECT session, account, expires_at, traded FROM accounts_refresh_token WHERE hash = ?",
    )
    .bind(&old_hash[..])
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else {
        transaction.commit().await?;
        return Ok(Rotation::Unknown);
    };
    let session = row.bytes("session")?;
    if row.integer("traded")? != 0 {
        sqlx::query("DELETE FROM accounts_refresh_token WHERE session = ?")
            .bind(session)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        return Ok(Rotation::Reused);
    }
    let account: AccountId = row.id("account")?;
    let expires_at = row.time("expires_at")?;
    sqlx::query("UPDATE accounts_refresh_token SET traded = 1 WHERE hash = ?")
        .bind(&old_hash[..])
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO accounts_refresh_token (hash, session, account, expires_at)
         VALUES (?, ?, ?, ?)",
    )
    .bind(&next_hash[..])
    .bind(session)
    .bind(account.number().cast_signed())
    .bind(expires_at.as_millis())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Rotation::Rotated { account, expires_at })
}
