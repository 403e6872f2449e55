//! The ticketing engine.
//!
//! [`domain`] decides: it is pure, synchronous and deterministic. [`ports`] are the traits that the
//! engine needs from outside. [`actor`] is the async shell that admits commands, ships decisions as
//! durable batches, and only then replies and publishes. [`feed`] turns records into the frames that
//! every browser of an event receives. [`stream`] carries records to others within one process.
//! [`books`] are a sale in figures, [`replay`] shows it as it was after any record of its journal.
//! [`plan`] reads and generates seating plans, [`trace`] is how a request is followed through all of it.
//!
//! Start reading at [`domain::sale::Sale`], then [`actor`].

pub mod actor;
pub mod books;
pub mod cluster;
pub mod domain;
pub mod engine;
pub mod errand;
pub mod feed;
pub mod journal;
pub mod plan;
pub mod planted;
pub mod ports;
pub mod replay;
pub mod stream;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trace;
