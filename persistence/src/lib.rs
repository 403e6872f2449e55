//! Adapters behind the engine's ports.
//!
//! Embedded: everything in one SQLite file; start at [`embedded`]. Many nodes: [`postgres`] keeps
//! what must not be lost. This crate knows the ports and the domain's types, and neither HTTP nor
//! actors.

mod codec;
mod columns;
pub mod postgres;
mod read;
mod redis;
mod sqlite;

pub use redis::{Redis, RedisBus, RedisConfig, RedisOpenError};
pub use sqlite::{Embedded, OpenError, embedded};
