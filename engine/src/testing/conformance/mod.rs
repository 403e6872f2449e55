//! What every adapter of a port must do, whatever is behind it.
//!
//! Each function is a set of checks; an adapter's tests call all of those for its ports. They use
//! events and accounts of their own, so that they can share one database.

mod accounts;
mod audit_log;
mod catalog;
mod journal;
mod ledger;
mod owner;
mod payment_log;
mod rehearsals;
mod relay;
mod rivals;
mod roster;
mod stats;
mod stream;

pub use accounts::accounts;
pub use audit_log::audit_log;
pub use catalog::catalog;
pub use journal::journal;
pub use ledger::ledger;
pub use owner::Owner;
pub use payment_log::payment_log;
pub use rehearsals::{Everything, rehearsals};
pub use relay::relay_positions;
pub use rivals::rivals;
pub use roster::roster;
pub use stats::stats;
pub use stream::stream;
