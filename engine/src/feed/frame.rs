#![doc = include_str!("PROTOCOL.md")]

use bytes::Bytes;

use super::PublicState;
use crate::domain::chart::PlaceIx;
use crate::domain::ids::{Fence, Seq};
use crate::domain::terms::SaleStatus;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::{Notice, QueueNumber};

/// The version that [`hello`] announces.
pub const PROTOCOL_VERSION: u64 = 1;

/// The largest frame that a browser may send, in bytes.
pub const CLIENT_FRAME_BYTES_MAX: usize = 64;

/// Marks up to this many ahead are consecutive.
const EXACT_MARKS: u32 = 64;
/// Beyond, each mark is this much further: the error of a place stays below 1 in 20.
const MARK_STEP_DIVISOR: u32 = 20;

const HELLO: u8 = 0x01;
const SNAPSHOT: u8 = 0x02;
const DELTA: u8 = 0x03;
const ROOM: u8 = 0x04;
const YOURS: u8 = 0x05;
const PONG: u8 = 0x06;
const RESUME: u8 = 0x81;
const PING: u8 = 0x82;

/// How many wait before the fan of the mark with this index: 0, 1 … 63, then geometric.
pub fn mark_ahead(index: u32) -> u32 {
    marks().nth(index as usize).unwrap_or(u32::MAX)
}

/// The counts of all marks, ascending.
pub fn marks() -> impl Iterator<Item = u32> {
    std::iter::successors(Some(0_u32), |&ahead| {
        let step = if ahead < EXACT_MARKS { 1 } else { ahead / MARK_STEP_DIVISOR };
        ahead.checked_add(step)
    })
}

/// The state of the waiting room, for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFrame {
    /// The owner's fence.
    pub epoch: Fence,
    /// The last record that is in it.
    pub seq: Seq,
    /// When it was made.
    pub at: Timestamp,
    /// Whether the sale runs.
    pub status: SaleStatus,
    /// Fans called or admitted.
    pub inside: u32,
    /// Fans in line.
    pub waiting: u32,
    /// The number that the next fan gets.
    pub next_number: QueueNumber,
    /// See the protocol.
    pub marks: Vec<QueueNumber>,
    /// Fans called in a minute at most, if that has a bound.
    pub per_minute: Option<u32>,
    /// What those in line are told.
    pub notice: Option<Notice>,
}

impl RoomFrame {
    /// The bytes.
    pub fn encode(&self) -> Bytes {
        let mut out = vec![ROOM];
        put(&mut out, self.epoch.0);
        put(&mut out, self.seq.0);
        put_time(&mut out, self.at);
        out.push(match self.status {
            SaleStatus::Open => 0,
            SaleStatus::Paused => 1,
            SaleStatus::Closed => 2,
        });
        put(&mut out, u64::from(self.inside));
        put(&mut out, u64::from(self.waiting));
        put(&mut out, self.next_number.0);
        put(&mut out, self.marks.len() as u64);
        let mut before = 0;
        for mark in &self.marks {
            put(&mut out, mark.0 - before);
            before = mark.0;
        }
        if self.per_minute.is_some() || self.notice.is_some() {
            let notice = self.notice.as_ref().map_or("", Notice::as_str);
            put(&mut out, u64::from(self.per_minute.unwrap_or(0)));
            put(&mut out, notice.len() as u64);
            out.extend_from_slice(notice.as_bytes());
        }
        out.into()
    }
}

/// The first frame on a socket.
pub fn hello(epoch: Fence, seq: Seq, now: Timestamp, places: usize) -> Bytes {
    let mut out = vec![HELLO];
    put(&mut out, PROTOCOL_VERSION);
    put(&mut out, epoch.0);
    put(&mut out, seq.0);
    put_time(&mut out, now);
    put(&mut out, places as u64);
    out.into()
}

/// Every place's state.
pub fn snapshot(epoch: Fence, seq: Seq, states: &[PublicState]) -> Bytes {
    let mut out = Vec::with_capacity(states.len() / 4 + 24);
    out.push(SNAPSHOT);
    put(&mut out, epoch.0);
    put(&mut out, seq.0);
    put(&mut out, states.len() as u64);
    for four in states.chunks(4) {
        let pack = |(at, state): (usize, &PublicState)| (*state as u8) << (2 * at);
        out.push(four.iter().enumerate().map(pack).fold(0, |byte, bits| byte | bits));
    }
    out.into()
}

/// What changed between two sequences; `changed` ascends by place and has each once.
pub fn delta(epoch: Fence, before: Seq, after: Seq, changed: &[(PlaceIx, PublicState)]) -> Bytes {
    let mut out = Vec::with_capacity(changed.len() * 2 + 24);
    out.push(DELTA);
    put(&mut out, epoch.0);
    put(&mut out, before.0);
    put(&mut out, after.0);
    put(&mut out, changed.len() as u64);
    let mut next = 0;
    for (place, state) in changed {
        let gap = u64::from(place.0 + 1 - next);
        put(&mut out, gap << 2 | u64::from(*state as u8));
        next = place.0 + 1;
    }
    out.into()
}

/// Something of the receiver's own changed: ask for it.
pub fn yours(seq: Seq) -> Bytes {
    let mut out = vec![YOURS];
    put(&mut out, seq.0);
    out.into()
}

/// The answer to a ping.
pub fn pong(echo: u64, now: Timestamp) -> Bytes {
    let mut out = vec![PONG];
    put(&mut out, echo);
    put_time(&mut out, now);
    out.into()
}

/// What a browser can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFrame {
    /// Carry on after this point.
    Resume {
        /// The epoch of the last frame, or 0.
        epoch: Fence,
        /// The sequence of the last frame, or 0.
        seq: Seq,
    },
    /// Answer with the time.
    Ping {
        /// Sent back.
        echo: u64,
    },
}

/// The bytes are not a frame that a browser can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a client frame")]
pub struct MalformedFrame;

impl ClientFrame {
    /// Reads a browser's frame.
    ///
    /// # Errors
    /// [`MalformedFrame`] if the type is unknown, a number is cut off or too large.
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedFrame> {
        let (&kind, rest) = bytes.split_first().ok_or(MalformedFrame)?;
        let mut rest = rest;
        match kind {
            RESUME => {
                Ok(Self::Resume { epoch: Fence(take(&mut rest)?), seq: Seq(take(&mut rest)?) })
            }
            PING => Ok(Self::Ping { echo: take(&mut rest)? }),
            _ => Err(MalformedFrame),
        }
    }

    /// The bytes, as a browser sends them.
    pub fn encode(self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Resume { epoch, seq } => {
                out.push(RESUME);
                put(&mut out, epoch.0);
                put(&mut out, seq.0);
            }
            Self::Ping { echo } => {
                out.push(PING);
                put(&mut out, echo);
            }
        }
        out
    }
}

/// What the server can send, read back: for load generators and tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame {
    /// See [`hello`].
    Hello {
        /// The protocol's version.
        version: u64,
        /// The owner's fence.
        epoch: Fence,
        /// The last record that is visible.
        seq: Seq,
        /// The server's clock.
        at: Timestamp,
        /// Places of the chart.
        places: usize,
    },
    /// See [`snapshot`].
    Snapshot {
        /// The owner's fence.
        epoch: Fence,
        /// The last record that is in it.
        seq: Seq,
        /// By place.
        states: Vec<PublicState>,
    },
    /// See [`delta`].
    Delta {
        /// The owner's fence.
        epoch: Fence,
        /// It follows on this.
        before: Seq,
        /// The last record that is in it.
        after: Seq,
        /// Ascending by place.
        changed: Vec<(PlaceIx, PublicState)>,
    },
    /// See [`RoomFrame`].
    Room(RoomFrame),
    /// See [`yours`].
    Yours {
        /// The record that changed it.
        seq: Seq,
    },
    /// See [`pong`].
    Pong {
        /// As it was sent.
        echo: u64,
        /// The server's clock.
        at: Timestamp,
    },
}

impl ServerFrame {
    /// Reads a server's frame.
    ///
    /// # Errors
    /// [`MalformedFrame`] if the type is unknown or the bytes end early.
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedFrame> {
        let (&kind, rest) = bytes.split_first().ok_or(MalformedFrame)?;
        let mut rest = rest;
        let rest = &mut rest;
        match kind {
            HELLO => Ok(Self::Hello {
                version: take(rest)?,
                epoch: Fence(take(rest)?),
                seq: Seq(take(rest)?),
                at: take_time(rest)?,
                places: take_len(rest)?,
            }),
            SNAPSHOT => decode_snapshot(rest),
            DELTA => decode_delta(rest),
            ROOM => decode_room(rest),
            YOURS => Ok(Self::Yours { seq: Seq(take(rest)?) }),
            PONG => Ok(Self::Pong { echo: take(rest)?, at: take_time(rest)? }),
            _ => Err(MalformedFrame),
        }
    }
}

fn decode_snapshot(rest: &mut &[u8]) -> Result<ServerFrame, MalformedFrame> {
    let (epoch, seq, places) = (Fence(take(rest)?), Seq(take(rest)?), take_len(rest)?);
    if rest.len() < places.div_ceil(4) {
        return Err(MalformedFrame);
    }
    let state = |at: usize| PublicState::from_bits(rest[at / 4] >> (2 * (at % 4)));
    Ok(ServerFrame::Snapshot { epoch, seq, states: (0..places).map(state).collect() })
}

fn decode_delta(rest: &mut &[u8]) -> Result<ServerFrame, MalformedFrame> {
    let (epoch, before, after) = (Fence(take(rest)?), Seq(take(rest)?), Seq(take(rest)?));
    let mut changed = Vec::new();
    let mut next = 0_u32;
    for _ in 0..take_len(rest)? {
        let word = take(rest)?;
        let gap = u32::try_from(word >> 2).map_err(|_| MalformedFrame)?;
        next = next.checked_add(gap).ok_or(MalformedFrame)?;
        let place = PlaceIx(next.checked_sub(1).ok_or(MalformedFrame)?);
        let bits = u8::try_from(word & 3).map_err(|_| MalformedFrame)?;
        changed.push((place, PublicState::from_bits(bits)));
    }
    Ok(ServerFrame::Delta { epoch, before, after, changed })
}

fn decode_room(rest: &mut &[u8]) -> Result<ServerFrame, MalformedFrame> {
    let (epoch, seq, at) = (Fence(take(rest)?), Seq(take(rest)?), take_time(rest)?);
    let status = match take(rest)? {
        0 => SaleStatus::Open,
        1 => SaleStatus::Paused,
        2 => SaleStatus::Closed,
        _ => return Err(MalformedFrame),
    };
    let inside = u32::try_from(take(rest)?).map_err(|_| MalformedFrame)?;
    let waiting = u32::try_from(take(rest)?).map_err(|_| MalformedFrame)?;
    let next_number = QueueNumber(take(rest)?);
    let mut marks = Vec::new();
    let mut number = 0_u64;
    for _ in 0..take_len(rest)? {
        number = number.checked_add(take(rest)?).ok_or(MalformedFrame)?;
        marks.push(QueueNumber(number));
    }
    let (per_minute, notice) = decode_told(rest)?;
    Ok(ServerFrame::Room(RoomFrame {
        epoch,
        seq,
        at,
        status,
        inside,
        waiting,
        next_number,
        marks,
        per_minute,
        notice,
    }))
}

/// The rate and the notice; a frame without both ends before them.
fn decode_told(rest: &mut &[u8]) -> Result<(Option<u32>, Option<Notice>), MalformedFrame> {
    if rest.is_empty() {
        return Ok((None, None));
    }
    let per_minute = u32::try_from(take(rest)?).map_err(|_| MalformedFrame)?;
    let length = take_len(rest)?;
    let (text, after) = rest.split_at_checked(length).ok_or(MalformedFrame)?;
    *rest = after;
    let text = std::str::from_utf8(text).map_err(|_| MalformedFrame)?;
    Ok((Some(per_minute).filter(|most| *most > 0), Notice::new(text)))
}

fn put_time(out: &mut Vec<u8>, at: Timestamp) {
    put(out, u64::try_from(at.as_millis()).unwrap_or(0));
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(0x80 | number.to_le_bytes()[0]);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn take_time(rest: &mut &[u8]) -> Result<Timestamp, MalformedFrame> {
    i64::try_from(take(rest)?).map(Timestamp::from_millis).map_err(|_| MalformedFrame)
}

/// A count of things that take at least two bits each in what follows.
fn take_len(rest: &mut &[u8]) -> Result<usize, MalformedFrame> {
    usize::try_from(take(rest)?).map_err(|_| MalformedFrame)
}

fn take(rest: &mut &[u8]) -> Result<u64, MalformedFrame> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or(MalformedFrame)?;
        *rest = tail;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(MalformedFrame);
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(MalformedFrame)
}
