//! What figures were in the last two minutes that somebody looked.

use std::collections::VecDeque;

use super::figures::{known, sparkline};
use super::sheet::{Part, Row};

/// Frames that make one bar: the highest of them.
const FRAMES_OF_A_BAR: u8 = 3;
/// Two minutes, at a frame a second.
const BARS_MAX: usize = 40;

/// A figure that is remembered: what it is called, and how it is written.
pub(super) type Named = (&'static str, fn(f64) -> String);

/// Figures as they were, the latest last.
#[derive(Debug)]
pub(super) struct Past<const N: usize> {
    names: [Named; N],
    now: [Option<f64>; N],
    bars: VecDeque<[f64; N]>,
    /// Of the last bar.
    frames: u8,
}

impl<const N: usize> Past<N> {
    pub(super) fn new(names: [Named; N]) -> Self {
        Self { names, now: [None; N], bars: VecDeque::new(), frames: FRAMES_OF_A_BAR }
    }

    /// What is not known has no bar, as on the dashboard.
    pub(super) fn push(&mut self, now: [Option<f64>; N]) {
        self.now = now;
        let now = now.map(Option::unwrap_or_default);
        match self.bars.back_mut() {
            Some(bar) if self.frames < FRAMES_OF_A_BAR => {
                for (most, now) in bar.iter_mut().zip(now) {
                    *most = most.max(now);
                }
                self.frames += 1;
            }
            _ => {
                self.bars.push_back(now);
                self.frames = 1;
            }
        }
        if self.bars.len() > BARS_MAX {
            self.bars.pop_front();
        }
    }

    /// A line of bars for each figure.
    pub(super) fn part(&self) -> Part {
        let row = |(of, (name, written)): (usize, &Named)| {
            let bars = self.bars.iter().map(|bar| bar[of]);
            let most = written(bars.clone().fold(0.0, f64::max));
            let said = format!("now {}, at most {most}", known(self.now[of], written));
            Row::new([(*name).to_owned(), sparkline(bars), said])
        };
        Part::new("The last two minutes").table([], self.names.iter().enumerate().map(row), "")
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::tenth;
    use super::*;

    #[test]
    fn a_bar_is_the_most_of_three_frames_and_forty_are_kept() {
        let mut past = Past::new([("Rate", tenth as fn(f64) -> String)]);
        for rate in [Some(7.0), None, Some(1.0), Some(14.0)] {
            past.push([rate]);
        }
        assert_eq!(past.part().rows[0].cells, ["Rate", "▄█", "now 14.0, at most 14.0"]);
        past.push([None]);
        assert_eq!(past.part().rows[0].cells[2], "now –, at most 14.0");
        for _ in 0..118 {
            past.push([Some(2.0)]);
        }
        let cells = &past.part().rows[0].cells;
        assert_eq!(cells[1].chars().count(), BARS_MAX);
        assert_eq!(cells[2], "now 2.0, at most 14.0", "the bar that began with it is still there");
    }
}
