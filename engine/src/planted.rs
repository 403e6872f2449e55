//! Bugs that can be planted in a debug build, so that whoever looks for them can prove that they
//! would be found. `PLANTED_BUG` names one. A release build has none of this.

use std::env;
use std::sync::OnceLock;

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Answers are given before what they rest on is durable.
    AnswerBeforeCommit,
    /// Frames are pushed before their records are durable.
    PushBeforeCommit,
    /// An append whose answer was lost is taken for done.
    DoubtAsSuccess,
    /// The relay moves its position on although nothing was published.
    RelaySkips,
}

impl Bug {
    /// Every bug, by the name that `PLANTED_BUG` has for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("answer-before-commit", Self::AnswerBeforeCommit),
        ("push-before-commit", Self::PushBeforeCommit),
        ("doubt-as-success", Self::DoubtAsSuccess),
        ("relay-skips", Self::RelaySkips),
    ];

    /// Whether this one is planted in this process.
    pub fn is_planted(self) -> bool {
        static PLANTED: OnceLock<Option<Bug>> = OnceLock::new();
        cfg!(debug_assertions) && *PLANTED.get_or_init(named) == Some(self)
    }
}

fn named() -> Option<Bug> {
    let name = env::var("PLANTED_BUG").ok()?;
    Bug::ALL.iter().find(|(known, _)| *known == name).map(|(_, bug)| *bug)
}
