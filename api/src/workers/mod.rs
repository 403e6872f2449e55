//! What happens behind the sales, on nodes with the role `worker`.
//!
//! [`Relay`] brings records from the journals to the stream, on one node at a time. [`StatsWorker`]
//! is the first consumer: it counts sales, on as many nodes as there are. Neither is in any fan's
//! way: what they cannot do now they do later. [`recount()`] counts from the journal alone, to hold
//! the count against.

mod lag;
mod metrics;
mod pages;
mod recount;
mod relay;
mod stats;
mod tally;
#[cfg(test)]
mod tests;
mod trouble;

pub(crate) use lag::{Lag, follow_lag};
pub(crate) use metrics::WorkerMetrics;
pub(crate) use recount::recount;
pub(crate) use relay::{Relay, RelayPorts};
pub(crate) use stats::{StatsPorts, StatsWorker};
pub(crate) use tally::Tally;
