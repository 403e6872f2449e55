//! What was decided, in order: the model's journal, and the model's memory of it.
//!
//! The engine compares the hashes of batches. A hash covers its batch and everything before it, so
//! that two equal hashes mean two equal journals, cut into batches at the same places: the model
//! compares those instead. The fence is not under the hash, so it is not in here either.

/// A fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FanId(pub(crate) u8);

/// A seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Seat(pub(crate) u8);

/// What a fan wants done with a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Want {
    /// To have it.
    Hold(Seat),
    /// To give it back.
    Release(Seat),
}

/// One record: whose wish was granted. A fan holds once and releases once, so that it is its own
/// idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Record {
    pub(crate) fan: FanId,
    pub(crate) want: Want,
}

/// Records in batches. One byte a record, the first in the lowest: states are copied and hashed by
/// the ten million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct History(u64);

const PRESENT: u8 = 0x80;
const ENDS_BATCH: u8 = 0x40;
const RELEASE: u8 = 0x20;
const SEAT_SHIFT: u8 = 3;
const THREE_BITS: u8 = 0x07;

impl Record {
    fn pack(self) -> u8 {
        let (kind, seat) = match self.want {
            Want::Hold(seat) => (0, seat),
            Want::Release(seat) => (RELEASE, seat),
        };
        PRESENT | kind | seat.0 << SEAT_SHIFT | self.fan.0
    }

    fn unpack(byte: u8) -> Self {
        let seat = Seat(byte >> SEAT_SHIFT & 1);
        let want = if byte & RELEASE == 0 { Want::Hold(seat) } else { Want::Release(seat) };
        Self { fan: FanId(byte & THREE_BITS), want }
    }
}

impl History {
    /// Records that fit.
    pub(crate) const MAX: u8 = 8;

    /// Records in it: the last sequence number.
    pub(crate) fn len(self) -> u8 {
        Self::MAX - u8::try_from(self.0.leading_zeros() / u8::BITS).expect("at most eight")
    }

    /// Adds a record that is in no batch yet.
    ///
    /// # Panics
    /// If there are [`Self::MAX`] already: the bounds of the run are too wide.
    pub(crate) fn push(&mut self, record: Record) {
        self.push_byte(record.pack());
    }

    /// Ends a batch with the last record.
    pub(crate) fn seal(&mut self) {
        let last = self.len().checked_sub(1).expect("a batch has records");
        self.0 |= u64::from(ENDS_BATCH) << (u32::from(last) * u8::BITS);
    }

    /// The first `len` records.
    pub(crate) fn first(self, len: u8) -> Self {
        let bits = u32::from(len) * u8::BITS;
        Self(if bits >= u64::BITS { self.0 } else { self.0 & ((1 << bits) - 1) })
    }

    /// Adds what `other` has after its first `from` records, cut into the same batches.
    pub(crate) fn extend(&mut self, other: Self, from: u8) {
        for byte in other.bytes().skip(usize::from(from)) {
            self.push_byte(byte);
        }
    }

    /// Whether `self` is how `other` begins.
    pub(crate) fn begins(self, other: Self) -> bool {
        other.first(self.len()) == self
    }

    pub(crate) fn records(self) -> impl Iterator<Item = Record> {
        self.bytes().map(Record::unpack)
    }

    /// Where a record is, counted from 0.
    pub(crate) fn position(self, record: Record) -> Option<usize> {
        self.records().position(|found| found == record)
    }

    pub(crate) fn has(self, record: Record) -> bool {
        self.position(record).is_some()
    }

    /// Who has a seat after all of it.
    pub(crate) fn holder_of(self, seat: Seat) -> Option<FanId> {
        self.records().fold(None, |holder, record| match record.want {
            Want::Hold(held) if held == seat => Some(record.fan),
            Want::Release(released) if released == seat => None,
            Want::Hold(_) | Want::Release(_) => holder,
        })
    }

    /// Whether every record was lawful where it stands: a free seat held, or a held one given back
    /// by its holder, and none of it twice. This is what the row of each seat and the unique index
    /// over them would hold.
    pub(crate) fn is_lawful(self) -> bool {
        self.records().enumerate().all(|(at, record)| {
            let before = self.first(u8::try_from(at).expect("at most eight"));
            let fits = match record.want {
                Want::Hold(seat) => before.holder_of(seat).is_none(),
                Want::Release(seat) => before.holder_of(seat) == Some(record.fan),
            };
            fits && !before.has(record)
        })
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        self.0.to_le_bytes().into_iter().take_while(|byte| *byte != 0)
    }

    fn push_byte(&mut self, byte: u8) {
        let len = self.len();
        assert!(len < Self::MAX, "the bounds let a history grow beyond {} records", Self::MAX);
        self.0 |= u64::from(byte) << (u32::from(len) * u8::BITS);
    }
}
