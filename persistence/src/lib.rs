//! Adapters behind the engine's ports.
//!
//! Embedded: everything in one SQLite file. This crate knows the ports and the domain's types, and
//! neither HTTP nor actors. Start at [`embedded`].

mod codec;
mod redis;
mod columns;
mod read;
mod sqlite;

pub use redis::{Redis, RedisBus, RedisConfig, RedisOpenError};
pub use sqlite::{Embedded, OpenError, embedded};
