//! Bugs that can be planted in a debug build, so that whoever looks for them can prove that they
//! would be found. `PLANTED_BUG` names one. A release build has none of this.

use std::env;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Answers are given before what they rest on is durable.
    AnswerBeforeCommit,
    /// Frames are pushed before their records are durable.
    PushBeforeCommit,
    /// An append whose answer was lost is taken for done.
    DoubtAsSuccess,
    /// An append whose answer was lost is taken for refused, and so are the commands in it.
    DoubtAsFailure,
    /// Whether the fence is still the owner's is asked first, and written in a statement after it.
    CheckApart,
    /// An append does not look at the fence, nor at what it follows on.
    NoFence,
    /// Sessions do not wait for their commits to be on the disk.
    CommitUnsynced,
    /// A Postgres that does not sync is taken for a sound one.
    ServerUnsynced,
    /// Holds end by the machine's clock, which may be stepped.
    WallClock,
    /// The relay moves its position on although nothing was published.
    RelaySkips,
}

impl Bug {
    /// Every bug, by the name that `PLANTED_BUG` has for it.
    pub const ALL: [(&'static str, Self); 10] = [
        ("answer-before-commit", Self::AnswerBeforeCommit),
        ("push-before-commit", Self::PushBeforeCommit),
        ("doubt-as-success", Self::DoubtAsSuccess),
        ("doubt-as-failure", Self::DoubtAsFailure),
        ("check-apart", Self::CheckApart),
        ("no-fence", Self::NoFence),
        ("commit-unsynced", Self::CommitUnsynced),
        ("server-unsynced", Self::ServerUnsynced),
        ("wall-clock", Self::WallClock),
        ("relay-skips", Self::RelaySkips),
    ];

    /// Whether this one is planted in this process.
    pub fn is_planted(self) -> bool {
        static PLANTED: OnceLock<Option<Bug>> = OnceLock::new();
        cfg!(debug_assertions) && *PLANTED.get_or_init(named) == Some(self)
    }
}

/// What the machine's clock says.
#[expect(clippy::disallowed_methods, reason = "it is the bug")]
pub(crate) fn wall_clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

fn named() -> Option<Bug> {
    let name = env::var("PLANTED_BUG").ok()?;
    Bug::ALL.iter().find(|(known, _)| *known == name).map(|(_, bug)| *bug)
}
