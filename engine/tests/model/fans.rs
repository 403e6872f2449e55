//! What fans are told, and what they are left to wonder about.

use crate::history::{FanId, History, Want};
use crate::protocol::{Protocol, Repeat};
use crate::world::{Answer, Attempt, Fan, NodeId, World};

impl World {
    fn waiting_at(&self, id: NodeId) -> Vec<(FanId, u8)> {
        let numbered = (0..).map(FanId).zip(self.fans);
        numbered
            .filter_map(|(fan, state)| match state {
                Fan::Waiting { node, after, .. } if node == id => Some((fan, after)),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn leave_unsure(&mut self, id: NodeId) {
        for (fan, _) in self.waiting_at(id) {
            self.lose_answer(fan);
        }
    }

    /// The fan is not told what came of it.
    pub(crate) fn lose_answer(&mut self, fan: FanId) {
        let fan = &mut self.fans[usize::from(fan.0)];
        if let Fan::Waiting { want, .. } = *fan {
            *fan = Fan::Unsure(want);
        }
    }

    /// Tells everybody whose answer rests on what is durable by now.
    pub(crate) fn tell_durable(&mut self, protocol: Protocol, id: NodeId) {
        if let Some(owner) = self.owner(id) {
            let durable = owner.durable;
            self.tell_up_to(protocol, id, durable);
        }
    }

    pub(crate) fn tell_up_to(&mut self, protocol: Protocol, id: NodeId, len: u8) {
        for (fan, after) in self.waiting_at(id) {
            if after <= len {
                self.tell(protocol, fan);
            }
        }
    }

    /// Tells everybody who waits that it failed.
    pub(crate) fn refuse_all(&mut self, protocol: Protocol, id: NodeId) {
        for (fan, _) in self.waiting_at(id) {
            if let Fan::Waiting { answer, .. } = &mut self.fans[usize::from(fan.0)] {
                *answer = Answer::No;
            }
            self.tell(protocol, fan);
        }
    }

    pub(crate) fn tell(&mut self, protocol: Protocol, fan: FanId) {
        let Fan::Waiting { want, attempt, node, answer, after } = self.fans[usize::from(fan.0)]
        else {
            return;
        };
        let rests_on = self.owner(node).map_or(History::default(), |owner| owner.sale.first(after));
        self.hasty |= !rests_on.begins(self.postgres.journal);
        let doubtful = attempt == Attempt::Repeat && protocol.repeat == Repeat::Unknown;
        self.fans[usize::from(fan.0)] = match (answer, want) {
            (Answer::No, _) if doubtful => Fan::Unsure(want),
            (Answer::No, Want::Hold(seat)) => Fan::Refused(seat),
            (Answer::Yes, Want::Release(seat)) => Fan::Released(seat),
            (Answer::Yes, Want::Hold(seat)) | (Answer::No, Want::Release(seat)) => {
                Fan::Holding(seat)
            }
        };
    }
}
