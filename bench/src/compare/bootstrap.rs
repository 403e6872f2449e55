//! The percentile bootstrap of a ratio of medians (Efron and Tibshirani, "An Introduction to the
//! Bootstrap", 1993, chapter 13).

use anyhow::ensure;
use tiketi_engine::testing::dice::Dice;

use crate::ratios::median;

/// Resamples of each side.
const RESAMPLES: usize = 10_000;
/// Fewer say nothing about a spread.
pub(super) const ROUNDS_MIN: usize = 5;

/// A ratio with the ends of its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) ratio: f64,
    pub(super) high: f64,
}

/// What an interval shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The second is higher.
    Higher,
    /// The second is lower.
    Lower,
    /// One lies in the interval.
    NoneShown,
}

impl Verdict {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Higher => "B is higher",
            Self::Lower => "B is lower",
            Self::NoneShown => "no difference shown",
        }
    }
}

impl Interval {
    pub(super) fn verdict(self) -> Verdict {
        if self.low > 1.0 {
            Verdict::Higher
        } else if self.high < 1.0 {
            Verdict::Lower
        } else {
            Verdict::NoneShown
        }
    }
}

/// The second over the first; one of so many figures that are judged together.
///
/// # Errors
/// If a side has fewer than [`ROUNDS_MIN`] rounds, or one that is not a number above zero.
pub(super) fn compare(
    a: &[f64],
    b: &[f64],
    seed: u64,
    together: usize,
) -> anyhow::Result<Interval> {
    for side in [a, b] {
        ensure!(side.len() >= ROUNDS_MIN, "{} rounds, at least {ROUNDS_MIN} needed", side.len());
        let sound = side.iter().all(|round| round.is_finite() && *round > 0.0);
        ensure!(sound, "a round is not above zero: {side:?}");
    }
    let mut dice = Dice::new(seed);
    let mut ratios: Vec<f64> =
        (0..RESAMPLES).map(|_| resampled(b, &mut dice) / resampled(a, &mut dice)).collect();
    ratios.sort_by(f64::total_cmp);
    // 2.5 % at either end, shared by as many as are judged together (Bonferroni).
    let beyond = RESAMPLES / (40 * together);
    let (low, high) = (ratios[beyond], ratios[RESAMPLES - 1 - beyond]);
    Ok(Interval { low, ratio: median(b) / median(a), high })
}

/// The median of as many rounds, drawn with replacement.
fn resampled(rounds: &[f64], dice: &mut Dice) -> f64 {
    let drawn: Vec<f64> = rounds.iter().filter_map(|_| dice.pick(rounds).copied()).collect();
    median(&drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds around a centre, evenly spread over a tenth of it on both sides.
    fn rounds(centre: f64, dice: &mut Dice) -> Vec<f64> {
        let spread = |_| {
            let permille = u32::try_from(dice.below(201)).unwrap_or(0);
            centre * (0.9 + f64::from(permille) / 1_000.0)
        };
        (0..15).map(spread).collect()
    }

    #[test]
    fn a_difference_far_beyond_the_spread_is_shown() {
        for seed in 0..20 {
            let mut dice = Dice::new(seed);
            let (a, b) = (rounds(100.0, &mut dice), rounds(150.0, &mut dice));
            let verdicts = [(&a, &b), (&b, &a)].map(|(a, b)| compare(a, b, seed, 20));
            let verdicts = verdicts.map(|interval| interval.expect("sound").verdict());
            assert_eq!(verdicts, [Verdict::Higher, Verdict::Lower], "seed {seed}");
        }
    }

    #[test]
    fn the_interval_of_equals_holds_one_most_of_the_time() {
        let shown = (0..100)
            .filter(|seed| {
                let mut dice = Dice::new(*seed);
                let (a, b) = (rounds(100.0, &mut dice), rounds(100.0, &mut dice));
                compare(&a, &b, *seed, 1).expect("sound").verdict() != Verdict::NoneShown
            })
            .count();
        assert!(shown <= 10, "{shown} of 100 equals were told apart");
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 4.0, 5.0, 6.0]);
        let first = compare(&a, &b, 3, 1).expect("sound");
        assert_eq!(first, compare(&a, &b, 3, 1).expect("sound"));
        assert!(first.low <= first.ratio && first.ratio <= first.high);
    }

    #[test]
    fn too_few_rounds_and_zeros_are_refused() {
        let good = [1.0; 5];
        for bad in [&[1.0; 4][..], &[1.0, 1.0, 0.0, 1.0, 1.0], &[f64::NAN; 5]] {
            assert!(compare(&good, bad, 1, 1).is_err() && compare(bad, &good, 1, 1).is_err());
        }
    }
}
