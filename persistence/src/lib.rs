//! Adapters behind the engine's ports.
//!
//! Embedded: everything in one SQLite file. This crate knows the ports and the domain's types, and
//! neither HTTP nor actors. Start at [`embedded`].

mod codec;
mod sqlite;

pub use sqlite::{Embedded, OpenError, embedded};
