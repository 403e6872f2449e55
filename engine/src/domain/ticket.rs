//! A ticket: the right to one place, its code for the gate, and its redemption.

use serde::{Deserialize, Serialize};

use super::chart::PlaceIx;
use super::ids::{EventId, FanId, OrderId, TicketId};
use super::pricing::TicketTypeIx;
use super::time::Timestamp;

/// The right to one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number within the event.
    pub id: TicketId,
    /// The order that it was issued for.
    pub order: OrderId,
    /// Who holds it.
    pub fan: FanId,
    /// Where to sit or stand.
    pub place: PlaceIx,
    /// What it was bought as.
    pub ticket_type: TicketTypeIx,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// What it is good for.
    pub state: TicketState,
}

/// What a ticket is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TicketState {
    /// One entry.
    Valid,
    /// Nothing more: it has been used.
    Redeemed {
        /// When.
        at: Timestamp,
        /// Where.
        gate: String,
    },
    /// Nothing: its order was returned.
    Void,
}

/// What a ticket's code says. It is signed outside of the domain; a gate that has the public key
/// can check it without a network.
///
/// Layout, 29 bytes, numbers big-endian: version 1 (`u8`) · event (`u64`) · ticket (`u64`) ·
/// place (`u32`) · issued at (`u64`, milliseconds since 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketClaim {
    /// The event.
    pub event: EventId,
    /// The ticket within it.
    pub ticket: TicketId,
    /// Its place.
    pub place: PlaceIx,
    /// When it was issued.
    pub issued_at: Timestamp,
}

impl TicketClaim {
    /// Bytes of the layout.
    pub const LEN: usize = 29;
    const VERSION: u8 = 1;

    /// Writes the layout.
    pub fn encode(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[0] = Self::VERSION;
        bytes[1..9].copy_from_slice(&self.event.number().to_be_bytes());
        bytes[9..17].copy_from_slice(&self.ticket.number().to_be_bytes());
        bytes[17..21].copy_from_slice(&self.place.0.to_be_bytes());
        bytes[21..29].copy_from_slice(&self.issued_at.as_millis().to_be_bytes());
        bytes
    }

    /// Reads the layout; `None` if it is of another version.
    pub fn decode(bytes: &[u8; Self::LEN]) -> Option<Self> {
        let long = |at: usize| {
            let mut long = [0; 8];
            long.copy_from_slice(&bytes[at..at + 8]);
            long
        };
        let place = u32::from_be_bytes([bytes[17], bytes[18], bytes[19], bytes[20]]);
        (bytes[0] == Self::VERSION).then(|| Self {
            event: EventId::new(u64::from_be_bytes(long(1))),
            ticket: TicketId::new(u64::from_be_bytes(long(9))),
            place: PlaceIx(place),
            issued_at: Timestamp::from_millis(i64::from_be_bytes(long(21))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_reads_back_and_other_versions_are_refused() {
        let claim = TicketClaim {
            event: EventId::new(7),
            ticket: TicketId::new(u64::MAX),
            place: PlaceIx(59_999),
            issued_at: Timestamp::from_millis(1_795_564_799_999),
        };
        let mut bytes = claim.encode();
        assert_eq!(TicketClaim::decode(&bytes), Some(claim));
        bytes[0] = 2;
        assert_eq!(TicketClaim::decode(&bytes), None);
    }
}
