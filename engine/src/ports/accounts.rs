//! Who has an account, and which sessions live.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::ids::AccountId;
use crate::domain::time::Timestamp;

/// Stores accounts and refresh tokens.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Adds an account.
    ///
    /// # Errors
    /// [`StoreError::Exists`] with `"email"` or `"id"` if that is taken.
    async fn add(&self, account: &Account) -> Result<(), StoreError>;

    /// An account.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn by_id(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// An account by e-mail address, in lower case.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn by_email(&self, email: &str) -> Result<Option<Account>, StoreError>;

    /// Whether there is an account with a role.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn has_role(&self, role: Role) -> Result<bool, StoreError>;

    /// Everybody who has more than the least role, by e-mail address, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn staff(&self, limit: u32) -> Result<Vec<Account>, StoreError>;

    /// Gives an account a role; false if it has the only administrator's, or is not there.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_role(&self, id: AccountId, role: Role) -> Result<bool, StoreError>;

    /// Keeps the first token of a new session.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn begin_session(&self, token: &RefreshToken) -> Result<(), StoreError>;

    /// Trades a token for the next of its session, in one step. A token that was traded before
    /// ends its session: somebody else has it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn rotate(
        &self,
        old_hash: [u8; 32],
        next_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Rotation, StoreError>;

    /// Ends the session of a token; does nothing if there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_session(&self, hash: [u8; 32]) -> Result<(), StoreError>;

    /// Keeps the hash of a link that makes one account with a role, in place of older ones.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put_setup_link(
        &self,
        hash: [u8; 32],
        role: Role,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Uses a link up and says which role it gives; `None` if there is no such link, or not any
    /// more.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn use_setup_link(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Role>, StoreError>;
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// In lower case; unique.
    pub email: String,
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// In PHC string format.
    pub password_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What an account may do: each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Buy.
    Fan,
    /// See how sales and nodes do.
    Viewer,
    /// Run sales.
    Operator,
    /// Say who may do what.
    Administrator,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Fan, Self::Viewer, Self::Operator, Self::Administrator];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fan => "fan",
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }
}

/// One token of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token; the token itself is not stored.
    pub hash: [u8; 32],
    /// The session that it belongs to.
    pub session: [u8; 16],
    /// Whose.
    pub account: AccountId,
    /// When the session ends unless it is ended before.
    pub expires_at: Timestamp,
}

/// What came of trading a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The next token is kept.
    Rotated {
        /// Whose session it is.
        account: AccountId,
        /// When the session ends.
        expires_at: Timestamp,
    },
    /// The token was traded before: its session is over now.
    Reused,
    /// There is no such token, or its session is over.
    Unknown,
}
