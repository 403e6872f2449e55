//! Time, from outside.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::time::Timestamp;

/// Tells the time and waits.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The time now; never runs backwards within a process.
    fn now(&self) -> Timestamp;

    /// Waits for a while.
    async fn sleep(&self, while_: Duration);
}
