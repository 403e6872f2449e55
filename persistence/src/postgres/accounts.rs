//! Accounts, sessions and links that give a role.

use async_trait::async_trait;
use tiketi_engine::domain::ids::AccountId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Account, Accounts, RefreshToken, Role, Rotation, StoreError};

use super::Postgres;
use crate::columns::{Columns, Fault};
use crate::read;

/// Trades a token if nobody has, in one step: of two who trade the same, the second waits for the
/// first and then finds it traded. Sessions that are over leave nothing behind; whoever else is
/// clearing them away is not waited for.
const TRADE: &str = "
    WITH over AS (
        DELETE FROM accounts.refresh_token WHERE hash IN (
            SELECT hash FROM accounts.refresh_token WHERE expires_at <= $3
            LIMIT 100 FOR UPDATE SKIP LOCKED
        )
    ), old AS (
        UPDATE accounts.refresh_token SET traded = TRUE
        WHERE hash = $1 AND NOT traded AND expires_at > $3
        RETURNING session, account, expires_at
    ), next AS (
        INSERT INTO accounts.refresh_token (hash, session, account, expires_at)
        SELECT $2, session, account, expires_at FROM old
    )
    SELECT account, expires_at FROM old";

/// Two administrators who take each other's role both lock the one with the lower number first: the
/// second finds that the first is none any more.
const SET_ROLE: &str = "
    WITH administrator AS (
        SELECT id FROM accounts.account WHERE role = 'administrator' ORDER BY id FOR UPDATE
    )
    UPDATE accounts.account SET role = $2
    WHERE id = $1
        AND ($2 = 'administrator' OR EXISTS (SELECT 1 FROM administrator WHERE id <> $1))";

#[async_trait]
impl Accounts for Postgres {
    async fn add(&self, account: &Account) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO accounts.account (id, email, name, role, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(account.id.number().cast_signed())
        .bind(&account.email)
        .bind(&account.name)
        .bind(account.role.as_str())
        .bind(&account.password_hash)
        .bind(account.created_at.as_millis());
        match self.accounts.write(statement).await {
            Ok(_) => Ok(()),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                let of_email = error.constraint() == Some("account_email_is_taken");
                Err(StoreError::Exists(if of_email { "email" } else { "id" }))
            }
            Err(error) => Err(Fault::from(error).into()),
        }
    }

    async fn by_id(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT id, email, name, role, password_hash, created_at FROM accounts.account
                 WHERE id = $1",
            )
            .bind(id.number().cast_signed())
        };
        let row = self.accounts.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::account(&row)).transpose()?)
    }

    async fn by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT id, email, name, role, password_hash, created_at FROM accounts.account
                 WHERE email = $1",
            )
            .bind(email)
        };
        let row = self.accounts.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::account(&row)).transpose()?)
    }

    async fn has_role(&self, role: Role) -> Result<bool, StoreError> {
        let query = || {
            sqlx::query("SELECT 1 FROM accounts.account WHERE role = $1 LIMIT 1")
                .bind(role.as_str())
        };
        Ok(self.accounts.first(query).await.map_err(Fault::from)?.is_some())
    }

    async fn staff(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT id, email, name, role, password_hash, created_at FROM accounts.account
                 WHERE role <> 'fan' ORDER BY email LIMIT $1",
            )
            .bind(i64::from(limit))
        };
        let rows = self.accounts.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::account(row)?)).collect()
    }

    async fn set_role(&self, id: AccountId, role: Role) -> Result<bool, StoreError> {
        let statement = sqlx::query(SET_ROLE).bind(id.number().cast_signed()).bind(role.as_str());
        Ok(self.accounts.write(statement).await.map_err(Fault::from)? == 1)
    }

    async fn begin_session(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO accounts.refresh_token (hash, session, account, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(&token.hash[..])
        .bind(&token.session[..])
        .bind(token.account.number().cast_signed())
        .bind(token.expires_at.as_millis());
        self.accounts.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn rotate(
        &self,
        old_hash: [u8; 32],
        next_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let trade =
            sqlx::query(TRADE).bind(&old_hash[..]).bind(&next_hash[..]).bind(now.as_millis());
        if let Some(old) = self.accounts.written(trade).await.map_err(Fault::from)? {
            let (account, expires_at) = (old.id("account")?, old.time("expires_at")?);
            return Ok(Rotation::Rotated { account, expires_at });
        }
        let end_if_traded = sqlx::query(
            "DELETE FROM accounts.refresh_token WHERE session = (
                 SELECT session FROM accounts.refresh_token
                 WHERE hash = $1 AND traded AND expires_at > $2
             )",
        )
        .bind(&old_hash[..])
        .bind(now.as_millis());
        let ended = self.accounts.write(end_if_traded).await.map_err(Fault::from)?;
        Ok(if ended > 0 { Rotation::Reused } else { Rotation::Unknown })
    }

    async fn end_session(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "DELETE FROM accounts.refresh_token
             WHERE session = (SELECT session FROM accounts.refresh_token WHERE hash = $1)",
        )
        .bind(&hash[..]);
        self.accounts.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn put_setup_link(
        &self,
        hash: [u8; 32],
        role: Role,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO accounts.setup_link (hash, role, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (one) DO UPDATE
             SET hash = excluded.hash, role = excluded.role, expires_at = excluded.expires_at",
        )
        .bind(&hash[..])
        .bind(role.as_str())
        .bind(expires_at.as_millis());
        self.accounts.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn use_setup_link(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Role>, StoreError> {
        let statement = sqlx::query(
            "DELETE FROM accounts.setup_link WHERE hash = $1 AND expires_at > $2 RETURNING role",
        )
        .bind(&hash[..])
        .bind(now.as_millis());
        let used = self.accounts.written(statement).await.map_err(Fault::from)?;
        Ok(used.map(|row| read::role(&row)).transpose()?)
    }
}
