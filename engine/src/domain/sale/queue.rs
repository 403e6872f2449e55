//! Joining, calling, claiming and leaving; and what ends by itself.

use super::{Answer, Deadline, Decision, Sale};
use crate::domain::change::Change;
use crate::domain::ids::FanId;
use crate::domain::limits::TICK_CHANGES_MAX;
use crate::domain::rejection::Rejection;
use crate::domain::terms::SaleStatus;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::Standing;

impl Sale {
    pub(super) fn join(&self, now: Timestamp, fan: FanId) -> Result<Decision, Rejection> {
        if self.current_standing(now, fan).is_some() {
            return Ok(Self::decision(Vec::new(), Answer::Standing(fan)));
        }
        self.not_closed(now)?;
        let lobby_opens_at = self.terms.rules.lobby_opens_at;
        if now < lobby_opens_at {
            return Err(Rejection::SaleNotOpen { opens_at: lobby_opens_at });
        }
        let mut changes = self.expiry_of_standing(fan);
        changes.push(Change::Joined { fan, number: self.room.next_number() });
        let free_turn = self.room.line().is_empty() && self.turns(now, self.room.inside()) > 0;
        // A turn that has just run out was this fan's own; whoever waits comes first.
        if free_turn && changes.len() == 1 && self.admits(now) {
            changes.push(self.call(now, vec![fan]));
        }
        Ok(Self::decision(changes, Answer::Standing(fan)))
    }

    pub(super) fn leave(&self, fan: FanId) -> Result<Decision, Rejection> {
        if self.room.standing(fan).is_none() {
            return Err(Rejection::NotInLine);
        }
        Ok(Self::decision(vec![Change::Left { fan }], Answer::Standing(fan)))
    }

    pub(super) fn claim(&self, now: Timestamp, fan: FanId) -> Result<Decision, Rejection> {
        let changes = match self.current_standing(now, fan) {
            None => return Err(Rejection::NotInLine),
            Some(Standing::Waiting { .. }) => return Err(Rejection::NotCalled),
            Some(Standing::Called { .. }) => {
                vec![Change::Claimed { fan, until: now.after(self.terms.rules.session_ttl) }]
            }
            Some(Standing::Admitted { .. }) => Vec::new(),
        };
        Ok(Self::decision(changes, Answer::Standing(fan)))
    }

    /// Expires what is due and calls who is next, at most [`TICK_CHANGES_MAX`] of each.
    pub(super) fn tick(&self, now: Timestamp) -> Decision {
        let mut changes = Vec::new();
        let mut inside = self.room.inside();
        for &(at, deadline) in self.deadlines.iter().take(TICK_CHANGES_MAX) {
            if at > now {
                break;
            }
            changes.push(match deadline {
                Deadline::Hold(id) => {
                    let hold = &self.holds[&id];
                    Change::HoldExpired { fan: hold.fan, hold: id, places: hold.places() }
                }
                Deadline::Claim(fan) => {
                    inside -= 1;
                    Change::ClaimLapsed { fan }
                }
                Deadline::Session(fan) => {
                    inside -= 1;
                    Change::SessionEnded { fan }
                }
            });
        }
        if self.admits(now) {
            let turns = self.turns(now, inside) as usize;
            let next = self.room.line().iter().take(turns.min(TICK_CHANGES_MAX));
            let fans: Vec<FanId> = next.map(|(_, fan)| fan).collect();
            if !fans.is_empty() {
                changes.push(self.call(now, fans));
            }
        }
        Self::decision(changes, Answer::Done)
    }

    /// When a tick would next change something; `None` if never by the passing of time alone.
    pub fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let expiry = self.deadlines.first().map(|(at, _)| *at);
        let waiting = !self.room.line().is_empty() && self.room.inside() < self.admitted_max();
        let opens_at = self.terms.rules.opens_at;
        let call = if waiting && self.admits(now) {
            Some(self.rate.as_ref().map_or(now, |rate| rate.next_at(now)))
        } else if waiting && self.status == SaleStatus::Open && now < opens_at {
            Some(opens_at)
        } else {
            None
        };
        [expiry, call].into_iter().flatten().min()
    }

    fn call(&self, now: Timestamp, fans: Vec<FanId>) -> Change {
        Change::Called { fans, claim_by: now.after(self.terms.rules.claim_ttl) }
    }

    /// How many more may be called now, when so many are inside.
    fn turns(&self, now: Timestamp, inside: u32) -> u32 {
        let at_once = self.rate.as_ref().map_or(u32::MAX, |rate| rate.allows(now));
        self.admitted_max().saturating_sub(inside).min(at_once)
    }

    fn admitted_max(&self) -> u32 {
        self.terms.rules.admitted_max
    }

    /// Whether fans are admitted and places held now.
    fn admits(&self, now: Timestamp) -> bool {
        self.on_sale(now).is_ok()
    }

    /// Whether places are held now; if not, why.
    pub(super) fn on_sale(&self, now: Timestamp) -> Result<(), Rejection> {
        self.not_closed(now)?;
        let opens_at = self.terms.rules.opens_at;
        if now < opens_at {
            return Err(Rejection::SaleNotOpen { opens_at });
        }
        match self.status {
            SaleStatus::Paused => Err(Rejection::SalePaused),
            SaleStatus::Open | SaleStatus::Closed => Ok(()),
        }
    }

    fn not_closed(&self, now: Timestamp) -> Result<(), Rejection> {
        if self.status == SaleStatus::Closed || now >= self.terms.rules.closes_at {
            return Err(Rejection::SaleClosed);
        }
        Ok(())
    }

    /// A fan's standing, unless its time has run out and only the tick has not come yet.
    pub(super) fn current_standing(&self, now: Timestamp, fan: FanId) -> Option<Standing> {
        self.room.standing(fan).filter(|standing| match standing {
            Standing::Waiting { .. } => true,
            Standing::Called { claim_by } => now < *claim_by,
            Standing::Admitted { until, .. } => now < *until,
        })
    }

    /// The change that the tick would have made of a standing whose time has run out.
    fn expiry_of_standing(&self, fan: FanId) -> Vec<Change> {
        match self.room.standing(fan) {
            None | Some(Standing::Waiting { .. }) => Vec::new(),
            Some(Standing::Called { .. }) => vec![Change::ClaimLapsed { fan }],
            Some(Standing::Admitted { .. }) => vec![Change::SessionEnded { fan }],
        }
    }
}
