//! What the engine and the server around it need from outside, as traits.
//!
//! Each is implemented by adapters (one SQLite file, or Postgres, Redis and Kafka) and, for tests,
//! in memory; one suite in [`crate::testing`] is passed by all. A look-up gives `None` for what is
//! not there: absence is not an error.

mod accounts;
mod audit_log;
mod bus;
mod catalog;
mod clock;
mod journal;
mod leases;
mod ledger;
mod members;
mod payment_log;
mod peers;
mod rehearsals;
mod relay;
mod roster;
mod stats;
mod stream;
mod trace_notes;

pub use accounts::{Account, Accounts, RefreshToken, Role, Rotation};
pub use audit_log::{AuditEntry, AuditFilter, AuditLog, Deed};
pub use bus::{Bus, Lagged, Subscription};
pub use catalog::{Bilingual, Catalog, ChartEntry, Draft, Listing, ListingState};
pub use clock::Clock;
pub use journal::{Journal, JournalError, Recovered, StoredSnapshot, TakenOver};
pub use leases::{Acquired, Lease, LeaseError, Leases, Resource};
pub use ledger::{Ledger, OpenPayment, OrderRow};
pub use members::{Member, Members, MembersError, NodeId, Roles};
pub use payment_log::{Authorisation, PaymentLog};
pub use peers::{PeerError, Peers};
pub use rehearsals::{BURIED, Extent, Rehearsal, RehearsalState, Rehearsals, WipeError, WipeStep};
pub use relay::{Behind, RelayPositions};
pub use roster::{
    Artist, Image, ImageHash, ImageKind, NotAnImageHash, Picture, Removal, Roster, Venue,
};
pub use stats::{Counted, SalesLine, Stats};
pub use stream::{
    DeadLetter, DeadLetters, Delivery, Message, PartitionLag, StreamError, StreamLags,
    StreamReader, StreamReaders, StreamWriter,
};
pub use trace_notes::TraceNotes;

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or did not answer in time; asking again later may help.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// Something with this key or name is there already.
    #[error("already there: {0}")]
    Exists(&'static str),
    /// What is stored cannot be read.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
}
