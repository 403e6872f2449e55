//! What browsers see of a sale: a snapshot, then ordered frames; whoever missed one resyncs.
//!
//! A [`Projection`] lives beside the sale that its actor owns, takes in records once they are
//! durable, and gives out one [`Publication`] per tick. A [`Replica`] lives wherever sockets are,
//! follows the publications, and answers whoever connects or resumes. Bytes are made once, in
//! [`frame`], and are the same for every socket of an event. Who someone is plays no part here:
//! a fan whose own things changed is only told to ask.

mod bus;
pub mod frame;
mod projection;
mod replica;

use serde::{Deserialize, Serialize};

pub use bus::LocalBus;
pub use projection::{Projection, Publication, room_frame};
pub use replica::{Catch, Follow, Replica};

/// What a frame says of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum PublicState {
    /// Can be held.
    Free = 0,
    /// In somebody's hold.
    Held = 1,
    /// In somebody's ticket.
    Sold = 2,
    /// Has no price.
    NotForSale = 3,
}

impl PublicState {
    /// From its number in frames.
    pub const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Free,
            1 => Self::Held,
            2 => Self::Sold,
            _ => Self::NotForSale,
        }
    }
}
