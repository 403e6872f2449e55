//! How many fans are called in a minute: never more in any 60 seconds, and spread over them.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

const MINUTE_MS: u64 = 60_000;

/// A bound on how many fans are called in a minute, and how many were lately.
///
/// A minute has so many pulses of one length; in any time of that length at most a share is called.
/// Up to 60 a minute a share is one fan; above that a pulse takes about a second. Shares that do not
/// fit into a minute as a whole are not given, which costs less than one call in 60.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    per_minute: u32,
    /// Calls of the last pulse, oldest first: when, and of how many fans.
    called: VecDeque<(Timestamp, u32)>,
}

impl Rate {
    /// Nobody has been called yet; `per_minute` is at least 1.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, called: VecDeque::new() }
    }

    /// The bound.
    pub fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// How many may be called now.
    pub fn allows(&self, now: Timestamp) -> u32 {
        let counts = self.called.iter().filter(|(at, _)| at.after(self.pulse()) > now);
        self.share().saturating_sub(counts.map(|(_, fans)| fans).sum())
    }

    /// From when on somebody may be called.
    pub fn next_at(&self, now: Timestamp) -> Timestamp {
        if self.allows(now) > 0 {
            return now;
        }
        // Whichever call leaves the pulse first makes room.
        let ends = self.called.iter().map(|(at, _)| at.after(self.pulse()));
        ends.filter(|end| *end > now).min().unwrap_or(now)
    }

    /// Takes note of a call.
    pub fn note(&mut self, at: Timestamp, fans: u32) {
        let pulse = self.pulse();
        while self.called.front().is_some_and(|(before, _)| before.after(pulse) <= at) {
            self.called.pop_front();
        }
        self.called.push_back((at, fans));
    }

    fn share(&self) -> u32 {
        (self.per_minute / 60).max(1)
    }

    fn pulse(&self) -> Duration {
        let shares = u64::from(self.per_minute / self.share());
        Duration::from_millis(MINUTE_MS.div_ceil(shares.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::RATE_PER_MINUTE_MAX;

    /// Calls as many as may be called as soon as they may, for so long.
    fn greedy(per_minute: u32, minutes: u64) -> Vec<(Timestamp, u32)> {
        let (mut rate, mut calls) = (Rate::new(per_minute), Vec::new());
        let begun = Timestamp::from_millis(1_800_000_000_000);
        let end = begun.after(Duration::from_mins(minutes));
        let mut now = begun;
        while now < end {
            let fans = rate.allows(now);
            assert!(fans > 0, "{per_minute} a minute: woken too early");
            rate.note(now, fans);
            calls.push((now, fans));
            assert!(rate.called.len() <= 2, "what is remembered has a bound");
            now = rate.next_at(now);
        }
        calls
    }

    #[test]
    fn no_60_seconds_have_more_and_all_of_them_hardly_fewer() {
        for per_minute in (1..=200).chain([999, 6_000, 6_001, 59_999, RATE_PER_MINUTE_MAX]) {
            let calls = greedy(per_minute, 10);
            for (first, (from, _)) in calls.iter().enumerate() {
                let minute = calls[first..]
                    .iter()
                    .take_while(|(at, _)| *at < from.after(Duration::from_mins(1)));
                let fans: u32 = minute.map(|(_, fans)| fans).sum();
                assert!(fans <= per_minute, "{fans} from {from:?} at {per_minute} a minute");
            }
            let all: u64 = calls.iter().map(|(_, fans)| u64::from(*fans)).sum();
            let wanted = u64::from(per_minute) * 10;
            assert!(all * 100 >= wanted * 97, "{all} of {wanted} at {per_minute} a minute");
        }
    }

    #[test]
    fn calls_one_by_one_count_like_calls_together() {
        let mut rate = Rate::new(180);
        let now = Timestamp::from_millis(1_000);
        let later = |ms| now.after(Duration::from_millis(ms));
        rate.note(now, 1);
        rate.note(later(400), 2);
        assert_eq!((rate.allows(later(400)), rate.next_at(later(400))), (0, later(1_000)));
        assert_eq!((rate.allows(later(1_000)), rate.allows(later(1_400))), (1, 3));
        rate.note(later(1_000), 1);
        assert_eq!(rate.next_at(later(1_000)), later(1_400));
    }
}
