//! What a sale is and every rule about it: pure, synchronous, deterministic.
//!
//! Same records in, same state out. Nothing in here knows a clock, a random number, a thread or a
//! file; time arrives with each request. Start at [`sale::Sale`]: `decide` says what a command
//! changes, `apply` changes it.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod chart;
pub mod ids;
pub mod limits;
pub mod money;
pub mod time;
