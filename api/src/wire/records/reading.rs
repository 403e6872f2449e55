//! From a message back to what it says, for consumers of our own.
//!
//! Whoever can write to the stream may have sent anything: what gets past this is a record as the
//! relay makes them, or is at least within the bounds of one.

use serde::Deserialize;
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::domain::limits::LABEL_BYTES_MAX;
use tiketi_engine::domain::pricing::PRICE_MINOR_MAX;
use tiketi_engine::domain::time::Timestamp;

use super::{ItemRecord, OrderPaidRecord, OrderReturnedRecord, VERSION};

/// A record as it was received.
#[derive(Debug)]
pub struct Received {
    /// The event.
    pub event: EventId,
    /// Its place in the event's journal.
    pub seq: Seq,
    /// When it was decided.
    pub at: Timestamp,
    /// What changed.
    pub change: ReceivedChange,
}

/// What changed, as far as consumers of our own want to know.
#[derive(Debug)]
pub enum ReceivedChange {
    /// An order is paid.
    OrderPaid(OrderPaidRecord),
    /// A paid order was returned.
    OrderReturned(OrderReturnedRecord),
    /// Something else, perhaps of a kind that was added later.
    Other,
}

/// Why a message cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It has another layout.
    #[error("its version is {0}, and this release reads {VERSION}")]
    Version(Value),
    /// It is not JSON, or not of this layout.
    #[error("it is no record: {0}")]
    Layout(#[from] serde_json::Error),
    /// A value is not one that a record has.
    #[error("{0} is not one that a record has")]
    Value(&'static str),
}

/// What every kind of message has.
#[derive(Deserialize)]
struct Head {
    event: String,
    seq: u64,
    at: String,
    kind: String,
    #[serde(default)]
    data: Value,
}

impl Received {
    /// Reads a message.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(payload: &[u8]) -> Result<Self, Unreadable> {
        let message: Value = serde_json::from_slice(payload)?;
        let version = &message["version"];
        if version.as_u64() != Some(u64::from(VERSION)) {
            return Err(Unreadable::Version(version.clone()));
        }
        let Head { event, seq, at, kind, data } = serde_json::from_value(message)?;
        if seq == 0 || i64::try_from(seq).is_err() {
            return Err(Unreadable::Value("its seq"));
        }
        Ok(Self {
            event: event.parse().map_err(|_| Unreadable::Value("its event"))?,
            seq: Seq(seq),
            at: at.parse().map_err(|_| Unreadable::Value("its time"))?,
            change: change(&kind, data)?,
        })
    }
}

fn change(kind: &str, data: Value) -> Result<ReceivedChange, Unreadable> {
    match kind {
        "order_paid" => {
            let paid: OrderPaidRecord = serde_json::from_value(data)?;
            check(&paid.items)?;
            Ok(ReceivedChange::OrderPaid(paid))
        }
        "order_returned" => {
            let returned: OrderReturnedRecord = serde_json::from_value(data)?;
            check(&returned.items)?;
            Ok(ReceivedChange::OrderReturned(returned))
        }
        _ => Ok(ReceivedChange::Other),
    }
}

/// Whether items are within the bounds of what a sale has.
fn check(items: &[ItemRecord]) -> Result<(), Unreadable> {
    let amount = |minor: i64| (0..=PRICE_MINOR_MAX).contains(&minor);
    let label = |text: &str| text.len() <= LABEL_BYTES_MAX && !text.chars().any(char::is_control);
    for item in items {
        if !amount(item.amount_minor) || !amount(item.fee_minor) {
            return Err(Unreadable::Value("an amount"));
        }
        if !label(&item.place.section) || !label(&item.place.category) {
            return Err(Unreadable::Value("a section or category"));
        }
    }
    Ok(())
}
