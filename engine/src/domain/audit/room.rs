//! The auditor's waiting room: a plain list and a plain map.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::{Page, Rule};
use crate::domain::change::Change;
use crate::domain::ids::{FanId, Seq};
use crate::domain::limits::RATE_PER_MINUTE_MAX;
use crate::domain::time::Timestamp;

/// Who waits and who is inside.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// By number.
    line: BTreeMap<u64, FanId>,
    next_number: u64,
    called: BTreeMap<FanId, Timestamp>,
    admitted: BTreeMap<FanId, (Seq, Timestamp)>,
    /// Fans called in a minute at most.
    rate: Option<u32>,
    /// Who was called under it, and when.
    calls: VecDeque<Timestamp>,
}

impl Door {
    /// Whether a fan is admitted under this entry at this moment.
    pub(super) fn admits(&self, fan: FanId, entry: Option<Seq>, at: Timestamp) -> bool {
        self.admitted
            .get(&fan)
            .is_some_and(|(own, until)| entry.is_none_or(|entry| entry == *own) && at < *until)
    }

    pub(super) fn read(&mut self, page: &mut Page<'_>, change: &Change) {
        match change {
            Change::Joined { fan, number } => self.join(page, *fan, number.0),
            Change::Left { fan } => {
                let known = self.take_out(*fan);
                page.check(Rule::LegalStep, known, || format!("{fan} left without being there"));
            }
            Change::Called { fans, claim_by } => self.call(page, fans, *claim_by),
            Change::Claimed { fan, until } => {
                let in_time = self.called.remove(fan).is_some_and(|by| page.at < by);
                page.check(Rule::Time, in_time, || format!("{fan} claimed a turn that was not"));
                self.admitted.insert(*fan, (page.seq, *until));
            }
            Change::ClaimLapsed { fan } => {
                let late = self.called.remove(fan).is_some_and(|by| page.at >= by);
                page.check(Rule::Time, late, || format!("{fan} lost the turn too early"));
            }
            // A session also ends with a purchase, which is in the same decision.
            Change::SessionEnded { fan } => {
                let known = self.admitted.remove(fan).is_some();
                page.check(Rule::LegalStep, known, || format!("{fan} had no session"));
            }
            Change::RateChanged { per_minute } => {
                let lawful =
                    per_minute.is_none_or(|most| (1..=RATE_PER_MINUTE_MAX).contains(&most));
                page.check(Rule::Terms, lawful, || "a rate that cannot be".to_owned());
                self.rate = *per_minute;
                self.calls.clear();
            }
            _ => {}
        }
    }

    fn join(&mut self, page: &mut Page<'_>, fan: FanId, number: u64) {
        let in_order = number == self.next_number;
        page.check(Rule::Admission, in_order, || format!("{fan} got number {number} out of order"));
        let opens = page.terms.rules.lobby_opens_at;
        page.check(Rule::Terms, opens <= page.at, || format!("{fan} joined too early"));
        let twice = self.called.contains_key(&fan)
            || self.admitted.contains_key(&fan)
            || self.line.values().any(|other| *other == fan);
        page.check(Rule::LegalStep, !twice, || format!("{fan} stands in two places"));
        self.next_number = number + 1;
        self.line.insert(number, fan);
    }

    fn call(&mut self, page: &mut Page<'_>, fans: &[FanId], claim_by: Timestamp) {
        page.check(Rule::Terms, page.on_sale(), || "fans called outside the sale".to_owned());
        for fan in fans {
            let first = self.line.pop_first();
            let in_order = first.is_some_and(|(_, next)| next == *fan);
            page.check(Rule::Admission, in_order, || format!("{fan} called before others"));
            self.called.insert(*fan, claim_by);
        }
        let inside = self.called.len() + self.admitted.len();
        let within = inside <= page.terms.rules.admitted_max as usize;
        page.check(Rule::Admission, within, || format!("{inside} fans inside"));
        self.keep_rate(page, fans.len());
    }

    fn keep_rate(&mut self, page: &mut Page<'_>, called: usize) {
        let Some(most) = self.rate else { return };
        let is_over = |at: &Timestamp| at.after(Duration::from_mins(1)) <= page.at;
        while self.calls.front().is_some_and(is_over) {
            self.calls.pop_front();
        }
        self.calls.extend(std::iter::repeat_n(page.at, called));
        let lately = self.calls.len();
        page.check(Rule::Admission, lately <= most as usize, || {
            format!("{lately} fans called in a minute")
        });
    }

    fn take_out(&mut self, fan: FanId) -> bool {
        if self.called.remove(&fan).is_some() || self.admitted.remove(&fan).is_some() {
            return true;
        }
        let number = self.line.iter().find(|(_, other)| **other == fan).map(|(n, _)| *n);
        number.is_some_and(|number| self.line.remove(&number).is_some())
    }
}
