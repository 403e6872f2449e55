//! What a sale is and every rule about it: pure, synchronous, deterministic.
//!
//! Same records in, same state out. Nothing in here knows a clock, a random number, a thread or a
//! file; time arrives with each request. Start at [`sale::Sale`]: `decide` says what a command
//! changes, `apply` changes it.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod audit;
pub mod best_available;
pub mod bitset;
pub mod change;
pub mod chart;
pub mod command;
pub mod hold;
pub mod ids;
pub mod inventory;
pub mod limits;
pub mod money;
pub mod order;
pub mod pricing;
pub mod rejection;
pub mod rows;
pub mod sale;
pub mod seating;
pub mod terms;
pub mod ticket;
pub mod time;
pub mod waiting_room;
