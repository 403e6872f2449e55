//! Identifiers: newtypes over 64-bit numbers, with one text form.
//!
//! An event and an account have an identity of their own. What belongs to one event (a hold, an
//! order, a payment, a ticket) is numbered within it; its text form carries the event's number too,
//! so that an order id alone tells which event to ask.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an [`Id`] identifies; fixes the prefix of its text form.
pub trait Kind {
    /// Lower-case letters before the underscore, for example `evt`.
    const PREFIX: &'static str;
}

/// A 64-bit identifier of one kind of thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<K> {
    number: u64,
    #[serde(skip)]
    kind: PhantomData<K>,
}

impl<K> Id<K> {
    /// Wraps a number.
    pub const fn new(number: u64) -> Self {
        Self { number, kind: PhantomData }
    }

    /// The number itself.
    pub const fn number(self) -> u64 {
        self.number
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", K::PREFIX, self.number)
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, base32(u128::from(self.number), SHORT_LEN))
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = strip_prefix::<K>(text)?;
        let number = parse_base32(digits, SHORT_LEN)?;
        u64::try_from(number).map(Self::new).map_err(|_| IdError::Malformed)
    }
}

/// The text form of something numbered within an event: both numbers in one word.
pub fn scoped<K: Kind>(event: EventId, id: Id<K>) -> String {
    let both = (u128::from(event.number()) << 64) | u128::from(id.number());
    format!("{}_{}", K::PREFIX, base32(both, LONG_LEN))
}

/// Reads what [`scoped`] wrote.
///
/// # Errors
/// [`IdError::WrongKind`] if the prefix is another's, [`IdError::Malformed`] otherwise.
pub fn parse_scoped<K: Kind>(text: &str) -> Result<(EventId, Id<K>), IdError> {
    let digits = strip_prefix::<K>(text)?;
    let both = parse_base32(digits, LONG_LEN)?;
    let event = u64::try_from(both >> 64).map_err(|_| IdError::Malformed)?;
    let number = u64::try_from(both & u128::from(u64::MAX)).map_err(|_| IdError::Malformed)?;
    Ok((EventId::new(event), Id::new(number)))
}

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The prefix belongs to another kind of thing.
    #[error("identifier of another kind")]
    WrongKind,
    /// Wrong length, a character outside the alphabet, or a number out of range.
    #[error("malformed identifier")]
    Malformed,
}

/// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Digits that hold 64 bits.
const SHORT_LEN: usize = 13;
/// Digits that hold 128 bits.
const LONG_LEN: usize = 26;

fn base32(mut number: u128, len: usize) -> String {
    let mut digits = vec![b'0'; len];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    digits.into_iter().map(char::from).collect()
}

fn parse_base32(digits: &str, len: usize) -> Result<u128, IdError> {
    if digits.len() != len {
        return Err(IdError::Malformed);
    }
    let mut number: u128 = 0;
    for byte in digits.bytes() {
        let value = ALPHABET.iter().position(|&a| a == byte).ok_or(IdError::Malformed)?;
        if number >> 123 != 0 {
            return Err(IdError::Malformed);
        }
        number = (number << 5) | value as u128;
    }
    Ok(number)
}

fn strip_prefix<K: Kind>(text: &str) -> Result<&str, IdError> {
    let (prefix, digits) = text.split_once('_').ok_or(IdError::Malformed)?;
    if prefix == K::PREFIX { Ok(digits) } else { Err(IdError::WrongKind) }
}

/// Marker of [`EventId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event;
impl Kind for Event {
    const PREFIX: &'static str = "evt";
}
/// The show on sale.
pub type EventId = Id<Event>;

/// Marker of [`AccountId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account;
impl Kind for Account {
    const PREFIX: &'static str = "acc";
}
/// Somebody with an account: a fan or an operator.
pub type AccountId = Id<Account>;
/// An account in its part as a buyer.
pub type FanId = AccountId;

/// Marker of [`VenueId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VenueKind;
impl Kind for VenueKind {
    const PREFIX: &'static str = "ven";
}
/// A house that events are in.
pub type VenueId = Id<VenueKind>;

/// Marker of [`ArtistId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtistKind;
impl Kind for ArtistKind {
    const PREFIX: &'static str = "art";
}
/// Somebody who is on stage.
pub type ArtistId = Id<ArtistKind>;

/// Marker of [`HoldId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldKind;
impl Kind for HoldKind {
    const PREFIX: &'static str = "hld";
}
/// A hold, numbered by the journal sequence of its first record.
pub type HoldId = Id<HoldKind>;

/// Marker of [`OrderId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKind;
impl Kind for OrderKind {
    const PREFIX: &'static str = "ord";
}
/// An order, with the number of the hold that it was made of.
pub type OrderId = Id<OrderKind>;

/// Marker of [`PaymentId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentKind;
impl Kind for PaymentKind {
    const PREFIX: &'static str = "pay";
}
/// One attempt to pay an order, numbered by the journal sequence of its first record.
pub type PaymentId = Id<PaymentKind>;

/// Marker of [`TicketId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketKind;
impl Kind for TicketKind {
    const PREFIX: &'static str = "tkt";
}
/// A ticket, numbered from 1 in the order of issue.
pub type TicketId = Id<TicketKind>;

/// A record's place in its event's journal: 1, 2, 3 … without a gap.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number that makes a stale owner harmless: it grows with every change of owner, and every
/// append names it. In frames it is called the epoch.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fence(pub u64);

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The place in the audit log of what was entered there before it was done: 1, 2, 3 …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeedNumber(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_read_back() {
        for number in [0, 1, 31, 32, 1 << 40, u64::MAX] {
            let event = EventId::new(number);
            assert_eq!(event.to_string().parse::<EventId>(), Ok(event));
            let order = OrderId::new(number ^ 0x4d);
            assert_eq!(parse_scoped::<OrderKind>(&scoped(event, order)), Ok((event, order)));
        }
    }

    #[test]
    fn foreign_and_malformed_ids_are_refused() {
        assert_eq!("ord_0000000000001".parse::<EventId>(), Err(IdError::WrongKind));
        for bad in
            ["", "evt", "evt_", "evt_1", "evt_000000000000I", "evt_zzzzzzzzzzzzz", "évt_0000"]
        {
            assert!(bad.parse::<EventId>().is_err(), "{bad}");
        }
        assert!(parse_scoped::<OrderKind>("ord_zzzzzzzzzzzzzzzzzzzzzzzzzz").is_err());
    }
}
