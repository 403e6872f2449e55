//! A figure: a ratio in each of several rounds, and what it is to reach.

use serde_json::{Map, Value, json};

use crate::size::Size;

/// What a figure is to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// At least this; better still the second.
    AtLeast(f64, f64),
    /// At most this; better still the second.
    AtMost(f64, f64),
}

impl Goal {
    /// The goal, and the aim beyond it.
    pub(super) const fn marks(self) -> (f64, f64) {
        match self {
            Self::AtLeast(goal, aim) | Self::AtMost(goal, aim) => (goal, aim),
        }
    }

    /// Whether a value reaches it.
    pub(super) fn is_reached_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(goal, _) => value >= goal,
            Self::AtMost(goal, _) => value <= goal,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast(..) => "≥",
            Self::AtMost(..) => "≤",
        }
    }
}

/// Whether a goal is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    NotReached,
    /// It was only tried.
    Meaningless,
}

impl Verdict {
    /// As reports have it.
    const fn as_bool(self) -> Option<bool> {
        match self {
            Self::Reached => Some(true),
            Self::NotReached => Some(false),
            Self::Meaningless => None,
        }
    }

    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not reached",
            Self::Meaningless => "meaningless",
        }
    }
}

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// Its key in the report.
    pub(super) key: &'static str,
    /// What it compares, in a few words.
    pub(super) title: &'static str,
    /// After the number: ` ×`, ` KB`.
    pub(super) unit: &'static str,
    pub(super) goal: Goal,
    /// One value for each round.
    pub(super) rounds: Vec<f64>,
    /// What the ratio was made of: a name with its unit, and its value in each round.
    pub(super) parts: Vec<(&'static str, Vec<f64>)>,
}

impl Figure {
    /// Of what two measurements gave in each round: the first over the second.
    pub(super) fn ratio(
        (key, title): (&'static str, &'static str),
        goal: Goal,
        over: (&'static str, &[f64]),
        under: (&'static str, &[f64]),
    ) -> Self {
        let rounds = over.1.iter().zip(under.1).map(|(over, under)| over / under).collect();
        let parts = vec![(over.0, over.1.to_vec()), (under.0, under.1.to_vec())];
        Self { key, title, unit: " ×", goal, rounds, parts }
    }

    pub(super) fn median(&self) -> f64 {
        median(&self.rounds)
    }

    /// Whether it reaches its goal, at the size at which it was measured.
    pub(super) fn verdict(&self, size: Size) -> Verdict {
        match (size, self.goal.is_reached_by(self.median())) {
            (Size::Smoke, _) => Verdict::Meaningless,
            (Size::Full, true) => Verdict::Reached,
            (Size::Full, false) => Verdict::NotReached,
        }
    }

    /// What it is to reach, in words.
    pub(super) fn to_reach(&self) -> String {
        let (goal, aim) = self.goal.marks();
        let (sign, unit) = (self.goal.sign(), self.unit);
        if (goal - aim).abs() < f64::EPSILON {
            format!("{sign} {goal}{unit}")
        } else {
            format!("{sign} {goal}{unit}, aim {aim}{unit}")
        }
    }

    pub(super) fn to_json(&self, size: Size) -> Value {
        let parts: Map<String, Value> = self
            .parts
            .iter()
            .map(|(name, rounds)| {
                let part = json!({"median": median(rounds), "rounds": rounds});
                ((*name).to_owned(), part)
            })
            .collect();
        json!({
            "title": self.title,
            "median": self.median(),
            "rounds": self.rounds,
            "to_reach": self.to_reach(),
            "reached": self.verdict(size).as_bool(),
            "of": parts,
        })
    }
}

/// The middle value, or the mean of the two in the middle; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let (ours, theirs) = ([10.0, 30.0, 8.0], [1.0, 2.0, 1.0]);
        let goal = Goal::AtLeast(10.0, 20.0);
        let figure = Figure::ratio(("k", "t"), goal, ("a", &ours), ("b", &theirs));
        assert_eq!(figure.rounds, [10.0, 15.0, 8.0]);
        assert!(
            (figure.median() - 10.0).abs() < 1e-9 && figure.verdict(Size::Full) == Verdict::Reached
        );
        assert_eq!(figure.verdict(Size::Smoke), Verdict::Meaningless);
        assert_eq!(figure.to_reach(), "≥ 10 ×, aim 20 ×");
        assert!(!Goal::AtMost(5.0, 2.0).is_reached_by(5.1));
    }

    #[test]
    fn a_median_of_an_even_number_lies_in_between() {
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < 1e-9);
    }
}
