//! Rehearsals: copies of sales that may be wiped. What is one was marked before it had anything,
//! stays marked for ever, and is all that can be wiped.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::ids::{EventId, Fence};
use crate::domain::time::Timestamp;

/// The fence of an event that nobody ever owns again: no number that fits a column is higher.
pub const BURIED: Fence = Fence(0x7fff_ffff_ffff_ffff);

/// Marks and wipes rehearsals. Each context keeps marks of its own, which its own database holds to.
#[async_trait]
pub trait Rehearsals: Send + Sync + 'static {
    /// Marks a number that no event has.
    ///
    /// # Errors
    /// [`StoreError`]; of a number that an event has nothing becomes a rehearsal.
    async fn mark(&self, rehearsal: &Rehearsal) -> Result<(), StoreError>;

    /// What is known of a rehearsal, also after it was wiped; nothing of any other event.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn rehearsal(&self, event: EventId) -> Result<Option<Rehearsal>, StoreError>;

    /// Rehearsals, the latest first, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn rehearsals(&self, limit: u32) -> Result<Vec<Rehearsal>, StoreError>;

    /// What would be wiped of an event.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn extent(&self, event: EventId) -> Result<Extent, StoreError>;

    /// Takes a part of a step, each after the one before was done; whether there is more of it. A
    /// step that was taken may be taken again.
    ///
    /// # Errors
    /// [`WipeError`]; nothing was wiped then.
    async fn wipe(&self, event: EventId, step: WipeStep) -> Result<bool, WipeError>;
}

/// A rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// Its own number.
    pub event: EventId,
    /// The draft or event that it is a copy of.
    pub of: EventId,
    /// What it is called.
    pub title: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether it is still there.
    pub state: RehearsalState,
}

/// Whether a rehearsal is still there; it only moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RehearsalState {
    /// It is.
    Made,
    /// Some of it may be.
    Wiping,
    /// Nothing of it is but its mark.
    Wiped,
}

impl RehearsalState {
    /// Every state, in order.
    pub const ALL: [Self; 3] = [Self::Made, Self::Wiping, Self::Wiped];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Wiping => "wiping",
            Self::Wiped => "wiped",
        }
    }
}

/// How much there is of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Records in its journal.
    pub records: u64,
    /// Orders.
    pub orders: u64,
    /// Attempts to pay.
    pub payments: u64,
    /// Tickets.
    pub tickets: u64,
    /// What fans have authorised the payment company to take.
    pub authorisations: u64,
}

/// The steps of wiping, in order; each is one context's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WipeStep {
    /// Nobody finds it any more.
    Hide,
    /// Nobody owns it any more, and whoever did appends no more.
    Bury,
    /// Its journal goes, and all rows that it wrote through.
    Sales,
    /// What was authorised goes.
    Payments,
    /// The event goes from the catalog.
    Forget,
}

impl WipeStep {
    /// Every step, in order.
    pub const ALL: [Self; 5] = [Self::Hide, Self::Bury, Self::Sales, Self::Payments, Self::Forget];
}

/// Why nothing was wiped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WipeError {
    /// The event is not marked, or the step before was not taken.
    #[error("only a rehearsal can be wiped, step by step")]
    Refused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
