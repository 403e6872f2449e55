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
        let same_owner = publication.epoch == self.epoch;
        let fits = same_owner && publication.before == self.seq;
        if !fits && (publication.epoch < self.epoch || same_owner && publication.after <= self.seq)
        {
            return Follow::Old;
        }
        if !fits {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chart::PlaceIx;

    const EPOCH: Fence = Fence(3);

    fn replica() -> Replica {
        Replica::new((EPOCH, Seq(10), vec![PublicState::Free; 4], Bytes::from_static(b"room")))
    }

    fn publication(epoch: u64, before: u64, after: u64) -> Publication {
        let changed = vec![(PlaceIx(1), PublicState::Held)];
        Publication {
            epoch: Fence(epoch),
            before: Seq(before),
            after: Seq(after),
            delta: frame::delta(Fence(epoch), Seq(before), Seq(after), &changed),
            changed,
            room: None,
            fans: Vec::new(),
        }
    }

    #[test]
    fn only_what_follows_on_is_followed() {
        let cases = [
            ((3, 10, 12), Follow::Followed),
            // The waiting room alone changed.
            ((3, 10, 10), Follow::Followed),
            ((3, 8, 10), Follow::Old),
            ((3, 8, 9), Follow::Old),
            ((2, 10, 99), Follow::Old),
            ((3, 11, 12), Follow::Gap),
            ((3, 9, 12), Follow::Gap),
            ((4, 10, 12), Follow::Gap),
        ];
        for ((epoch, before, after), expected) in cases {
            let followed = replica().follow(&publication(epoch, before, after));
            assert_eq!(followed, expected, "{epoch} {before}..{after}");
        }
    }

    #[test]
    fn who_resumes_gets_every_delta_or_a_snapshot() {
        let mut replica = replica();
        let deltas: Vec<Publication> = (10..13).map(|seq| publication(3, seq, seq + 1)).collect();
        for publication in &deltas {
            assert_eq!(replica.follow(publication), Follow::Followed);
        }
        assert_eq!(replica.catch_up(EPOCH, Seq(13)), Catch::Nothing);
        let missed = vec![deltas[1].delta.clone(), deltas[2].delta.clone()];
        assert_eq!(replica.catch_up(EPOCH, Seq(11)), Catch::Deltas(missed));
        let snapshot = Catch::Snapshot(replica.snapshot());
        assert_eq!(replica.catch_up(EPOCH, Seq(9)), snapshot, "too far behind");
        assert_eq!(replica.catch_up(Fence(2), Seq(13)), snapshot, "of another owner");
        assert_eq!(replica.catch_up(Fence(0), Seq(0)), snapshot, "nothing known");
    }

    #[test]
    fn what_is_kept_for_those_who_resume_has_a_bound() {
        let mut replica = replica();
        for seq in 10..10 + RING_MAX as u64 + 50 {
            replica.follow(&publication(3, seq, seq + 1));
        }
        assert_eq!(replica.ring.len(), RING_MAX);
    }
}
