//! Adapters behind the engine's ports.
//!
//! Embedded: everything in one SQLite file; start at [`embedded`]. Many nodes: [`postgres`] keeps
//! what must not be lost, [`KafkaStream`] tells others. This crate knows the ports and the domain's
//! types, and neither HTTP nor actors.

mod codec;
mod columns;
mod kafka;
pub mod postgres;
mod read;
mod redis;
mod sqlite;

pub use kafka::{KafkaConfig, KafkaStream, OpenStreamError};
pub use redis::{Redis, RedisBus, RedisConfig, RedisOpenError};
pub use sqlite::{
    BackupError, Embedded, OpenError, Replaced, check_file, embedded, put_in_place, sync_folder_of,
};
