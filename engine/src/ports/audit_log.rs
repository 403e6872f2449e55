//! Who did what to a running sale, and why: entries that are only ever added, each chained to the
//! one before.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::domain::ids::{AccountId, EventId};
use crate::domain::time::Timestamp;
use crate::journal::ChainHash;

/// Keeps deeds in the order in which they were added.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Adds a deed after the last entry; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn add(&self, deed: &Deed) -> Result<AuditEntry, StoreError>;

    /// Entries that fit, those before `before`, the latest first, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn latest(
        &self,
        fits: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError>;

    /// Every entry after `after`, in order, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn entries(&self, after: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;
}

/// Something that somebody did, or tried to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: AccountId,
    /// To which event; [`Self::NO_EVENT`] if to none.
    pub event: EventId,
    /// What.
    pub action: String,
    /// To what of the event, or of the cluster; empty if to all of it. What was set, from what.
    pub target: String,
    /// Why, in their words.
    pub reason: String,
    /// What came of it.
    pub outcome: String,
}

impl Deed {
    /// In place of an event, of what is done to none: the number is never given to one.
    pub const NO_EVENT: EventId = EventId::new(0);
}

/// A deed with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place: 1, 2, 3 …
    pub number: u64,
    /// What was done.
    pub deed: Deed,
    /// SHA-256 over the hash before, the number and the deed.
    pub hash: ChainHash,
}

/// Which entries are wanted: any, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this event.
    pub event: Option<EventId>,
    /// By this account.
    pub by: Option<AccountId>,
    /// Of this action.
    pub action: Option<String>,
}

impl AuditFilter {
    /// Whether a deed is wanted.
    pub fn wants(&self, deed: &Deed) -> bool {
        self.event.is_none_or(|event| event == deed.event)
            && self.by.is_none_or(|by| by == deed.by)
            && self.action.as_ref().is_none_or(|action| *action == deed.action)
    }
}

impl AuditEntry {
    /// The entry that follows on one with this number and hash; the first follows on 0 and zeroes.
    ///
    /// # Panics
    /// Never: a deed has nothing that cannot be encoded.
    pub fn following((number, hash): (u64, ChainHash), deed: Deed) -> Self {
        let number = number + 1;
        let encoded = postcard::to_stdvec(&(number, &deed)).expect("a deed can be encoded");
        let hash = Sha256::new().chain_update(hash).chain_update(encoded).finalize().into();
        Self { number, deed, hash }
    }

    /// Whether this is the entry that was put after one with this number and hash.
    pub fn follows(&self, before: (u64, ChainHash)) -> bool {
        *self == Self::following(before, self.deed.clone())
    }
}
