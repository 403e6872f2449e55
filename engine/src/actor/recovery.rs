//! Taking an event over: raise the fence, then load what is durable.

use std::sync::Arc;

use super::ActorPorts;
use crate::domain::change::Change;
use crate::domain::chart::{Chart, ChartHash};
use crate::domain::ids::{EventId, Fence, Seq};
use crate::domain::sale::Sale;
use crate::domain::time::Timestamp;
use crate::errand::EngineError;
use crate::journal::{Batch, BatchError, ChainHash};
use crate::ports::{JournalError, Recovered, StoreError, StoredSnapshot};

/// A sale that this process owns.
#[derive(Debug)]
pub(super) struct Owned {
    pub(super) sale: Sale,
    pub(super) fence: Fence,
    /// The hash of the last batch.
    pub(super) hash: ChainHash,
    /// Up to where it was loaded from a snapshot; 0 without one.
    pub(super) snapshot_at: Seq,
    /// When the last record in that snapshot was decided; none without one.
    pub(super) snapshot_of: Option<Timestamp>,
}

/// Why an event could not be taken over.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecoveryError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error("chart {0} is not in the catalog")]
    ChartMissing(ChartHash),
    #[error("the journal does not begin with the opening of a sale")]
    NoOpening,
    #[error("replaying the journal panicked")]
    Panicked,
}

impl RecoveryError {
    /// What to tell those who asked.
    pub(super) fn as_answer(&self, retry_after: std::time::Duration) -> EngineError {
        match self {
            Self::Journal(JournalError::NotFound) => EngineError::UnknownEvent,
            Self::Journal(
                JournalError::Fenced | JournalError::Exists | JournalError::Unavailable(_),
            )
            | Self::Store(StoreError::Unavailable(_) | StoreError::Exists(_)) => {
                EngineError::Unavailable { retry_after }
            }
            Self::Journal(JournalError::Corrupt(_))
            | Self::Store(StoreError::Corrupt(_))
            | Self::Batch(_)
            | Self::ChartMissing(_)
            | Self::NoOpening
            | Self::Panicked => EngineError::Damaged,
        }
    }
}

/// Takes an event over.
///
/// The fence is raised before anything is read: after that the old owner can append no more, so
/// that what is read is everything.
pub(super) async fn take_over(ports: &ActorPorts, event: EventId) -> Result<Owned, RecoveryError> {
    let fence = ports.journal.take_over(event).await?.fence;
    let recovered = ports.journal.recover(event).await?;
    let chart = chart_of(ports, event, &recovered).await?;
    let stored_at = recovered.snapshot.as_ref().map_or(Seq(0), |stored| stored.seq);
    let loaded = match recovered.snapshot {
        Some(stored) => from_snapshot(event, Arc::clone(&chart), stored, recovered.batches).await?,
        None => None,
    };
    let ((sale, hash), snapshot_at, snapshot_of) = if let Some((loaded, of)) = loaded {
        (loaded, stored_at, Some(of))
    } else {
        // No snapshot, or one of another release: the journal has everything.
        let batches = ports.journal.batches(event, Seq(0), u32::MAX).await?;
        (on_other_thread(move || from_opening(event, chart, &batches)).await?, Seq(0), None)
    };
    Ok(Owned { sale, fence, hash, snapshot_at, snapshot_of })
}

type Loaded = (Sale, ChainHash);

/// A long journal takes a while to replay: not on a thread that serves others.
async fn on_other_thread<T: Send + 'static>(
    replay: impl FnOnce() -> Result<T, RecoveryError> + Send + 'static,
) -> Result<T, RecoveryError> {
    tokio::task::spawn_blocking(replay).await.map_err(|_| RecoveryError::Panicked)?
}

async fn chart_of(
    ports: &ActorPorts,
    event: EventId,
    recovered: &Recovered,
) -> Result<Arc<Chart>, RecoveryError> {
    let first = match recovered.batches.first() {
        Some(batch) if batch.first == Seq(1) => batch.clone(),
        _ => {
            let batches = ports.journal.batches(event, Seq(0), 1).await?;
            batches.into_iter().next().ok_or(RecoveryError::NoOpening)?
        }
    };
    let records = first.open(Seq(0), ChainHash::default())?;
    let hash = match records.first().map(|record| &record.change) {
        Some(Change::SaleOpened { terms }) => terms.chart,
        _ => return Err(RecoveryError::NoOpening),
    };
    ports.catalog.chart(hash).await?.ok_or(RecoveryError::ChartMissing(hash))
}

/// With when the last record in the snapshot was decided; `None` if it is of another release, or
/// damaged.
async fn from_snapshot(
    event: EventId,
    chart: Arc<Chart>,
    stored: StoredSnapshot,
    batches: Vec<Batch>,
) -> Result<Option<(Loaded, Timestamp)>, RecoveryError> {
    on_other_thread(move || match Sale::restore(event, chart, &stored.state) {
        Ok(sale) => {
            let of = sale.at();
            replay(sale, stored.hash, &batches).map(|loaded| Some((loaded, of)))
        }
        Err(error) => {
            tracing::warn!(event.id = %event, seq = %stored.seq, %error, "snapshot not usable");
            Ok(None)
        }
    })
    .await
}

fn from_opening(
    event: EventId,
    chart: Arc<Chart>,
    batches: &[Batch],
) -> Result<Loaded, RecoveryError> {
    let (first, rest) = batches.split_first().ok_or(RecoveryError::NoOpening)?;
    let records = first.open(Seq(0), ChainHash::default())?;
    let (opening, others) = records.split_first().ok_or(RecoveryError::NoOpening)?;
    let mut sale = Sale::open(event, chart, opening);
    for record in others {
        sale.apply(record);
    }
    replay(sale, first.hash, rest)
}

fn replay(mut sale: Sale, mut hash: ChainHash, batches: &[Batch]) -> Result<Loaded, RecoveryError> {
    for batch in batches {
        for record in batch.open(sale.seq(), hash)? {
            sale.apply(&record);
        }
        hash = batch.hash;
    }
    Ok((sale, hash))
}
