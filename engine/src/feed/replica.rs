//! The public side of one sale, kept wherever its sockets are.

use std::collections::VecDeque;

use bytes::Bytes;

use super::frame;
use super::{PublicState, Publication};
use crate::domain::ids::{Fence, Seq};

/// Deltas kept for those who resume; whoever is further behind gets a snapshot.
const RING_MAX: usize = 256;

/// What a publication did to a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// It followed on: send it on.
    Followed,
    /// It was known already, or came from a stale owner: drop it.
    Old,
    /// Something in between is missing: start the replica anew.
    Gap,
}

/// What a socket needs to catch up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catch {
    /// Nothing.
    Nothing,
    /// These deltas, in order.
    Deltas(Vec<Bytes>),
    /// The state of every place.
    Snapshot(Bytes),
}

/// Public states as published, with the latest deltas.
#[derive(Debug)]
pub struct Replica {
    epoch: Fence,
    seq: Seq,
    states: Vec<PublicState>,
    room: Bytes,
    ring: VecDeque<(Seq, Bytes)>,
    snapshot: Option<Bytes>,
}

impl Replica {
    /// From what [`super::Projection::start`] gave.
    pub fn new((epoch, seq, states, room): (Fence, Seq, Vec<PublicState>, Bytes)) -> Self {
        Self { epoch, seq, states, room, ring: VecDeque::new(), snapshot: None }
    }

    /// The owner's fence.
    pub fn epoch(&self) -> Fence {
        self.epoch
    }

    /// The last record that is in it.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.states.len()
    }

    /// The latest room frame.
    pub fn room(&self) -> &Bytes {
        &self.room
    }

    /// Takes a publication in.
    pub fn follow(&mut self, publication: &Publication) -> Follow {
        if publication.epoch < self.epoch
            || publication.epoch == self.epoch && publication.after < self.seq
        {
            return Follow::Old;
        }
        if publication.epoch > self.epoch || publication.before != self.seq {
            return Follow::Gap;
        }
        for (place, state) in &publication.changed {
            self.states[place.index()] = *state;
        }
        if publication.after > self.seq {
            self.ring.push_back((self.seq, publication.delta.clone()));
            if self.ring.len() > RING_MAX {
                self.ring.pop_front();
            }
            self.seq = publication.after;
            self.snapshot = None;
        }
        if let Some(room) = &publication.room {
            self.room = room.clone();
        }
        Follow::Followed
    }

    /// What whoever has seen everything up to `seq` of `epoch` still needs: all of it, or a
    /// snapshot; never a part.
    pub fn catch_up(&mut self, epoch: Fence, seq: Seq) -> Catch {
        if epoch == self.epoch && seq == self.seq {
            return Catch::Nothing;
        }
        let known = self.ring.iter().position(|(before, _)| *before == seq);
        match known {
            Some(from) if epoch == self.epoch => {
                Catch::Deltas(self.ring.range(from..).map(|(_, delta)| delta.clone()).collect())
            }
            _ => Catch::Snapshot(self.snapshot()),
        }
    }

    /// The snapshot frame; made once for each sequence.
    pub fn snapshot(&mut self) -> Bytes {
        let (epoch, seq) = (self.epoch, self.seq);
        let states = &self.states;
        self.snapshot.get_or_insert_with(|| frame::snapshot(epoch, seq, states)).clone()
    }
}
