//! Who did what to a sale, or to what sales are made of, and why: entries that are only ever added,
//! each chained to the one before.

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::domain::ids::{AccountId, EventId, Id};
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: AccountId,
    /// To which event; none if to something that is no event's.
    pub event: Option<EventId>,
    /// What.
    pub action: String,
    /// To what of the event, or of the cluster, and from what to what; empty if to all of it.
    pub target: String,
    /// Why, in their words.
    pub reason: String,
    /// What came of it.
    pub outcome: String,
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
        self.event.is_none_or(|event| deed.event == Some(event))
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
        // No event is 0: entries from when all named one keep their hashes.
        let event = deed.event.map_or(0, Id::number);
        let what = (&deed.action, &deed.target, &deed.reason, &deed.outcome);
        let encoded = postcard::to_stdvec(&(number, deed.at, deed.by, event, what))
            .expect("a deed can be encoded");
        let hash = Sha256::new().chain_update(hash).chain_update(encoded).finalize().into();
        Self { number, deed, hash }
    }

    /// Whether this is the entry that was put after one with this number and hash.
    pub fn follows(&self, before: (u64, ChainHash)) -> bool {
        *self == Self::following(before, self.deed.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_names_an_event_keeps_the_hash_it_always_had() {
        let deed = Deed {
            at: Timestamp::from_millis(1_800_000_000_000),
            by: AccountId::new(7),
            event: Some(EventId::new(9)),
            action: "pause".to_owned(),
            target: String::new(),
            reason: "the gates are not open yet".to_owned(),
            outcome: "done".to_owned(),
        };
        // Postcard writes fields one after the other, whatever they are grouped into.
        let fields = (1_u64, deed.at, deed.by, EventId::new(9));
        let texts = ("pause", "", "the gates are not open yet", "done");
        let encoded = postcard::to_stdvec(&(fields, texts)).unwrap();
        let hash = Sha256::new().chain_update([0; 32]).chain_update(encoded).finalize();
        assert_eq!(AuditEntry::following((0, [0; 32]), deed).hash[..], hash[..]);
    }
}
