//! The owner's row, the journal, and the statements that touch them. A statement is one step: the
//! row's lock makes it so.

use crate::history::History;
use crate::protocol::{Guard, Protocol, Token};

/// As what somebody has taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Title {
    /// What an owner can show.
    pub(crate) fence: u8,
    /// Which of all take-overs it really was. Nobody compares it: the properties tell a stale owner
    /// by it, also where fences are given out twice.
    pub(crate) reign: u8,
}

/// A statement on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Statement {
    /// Raises the fence, to the token for those who bring one.
    TakeOver { token: u8 },
    /// Appends what `sale` has after its first `after` records.
    Append { title: Title, after: u8, sale: History },
}

/// What is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Postgres {
    /// The owner's row: the last take-over. Its last sequence and hash are the journal's.
    pub(crate) owner: Title,
    /// Every record. The row of each seat is written by the same statement, and follows from it.
    pub(crate) journal: History,
    /// The fence of each record.
    pub(crate) fences: [u8; History::MAX as usize],
    /// Whether an owner that had been succeeded changed anything.
    pub(crate) stale_write: bool,
    /// Whether a batch was appended that does not begin where the journal ended.
    pub(crate) gap: bool,
}

impl Postgres {
    /// Raises the fence.
    pub(crate) fn take_over(&mut self, protocol: Protocol, token: u8) -> Title {
        let fence = match protocol.token {
            Token::Postgres => self.owner.fence + 1,
            Token::Redis => token,
        };
        self.owner = Title { fence, reign: self.owner.reign + 1 };
        self.owner
    }

    /// Whether an append by this owner, on these records, passes the check.
    pub(crate) fn admits(&self, guard: Guard, title: Title, before: History) -> bool {
        let fence = title.fence == self.owner.fence;
        let chain = before == self.journal;
        match guard {
            Guard::FenceAndChain | Guard::Apart => fence && chain,
            Guard::Fence => fence,
            Guard::Chain => chain,
            Guard::Nothing => true,
        }
    }

    /// Checks and appends; whether it did. What is checked apart was checked before.
    pub(crate) fn append(&mut self, guard: Guard, title: Title, after: u8, sale: History) -> bool {
        let unchecked = guard == Guard::Apart;
        if !unchecked && !self.admits(guard, title, sale.first(after)) {
            return false;
        }
        self.stale_write |= title.reign < self.owner.reign;
        let from = self.journal.len();
        self.gap |= from != after;
        self.journal.extend(sale, after);
        for fence in &mut self.fences[usize::from(from)..usize::from(self.journal.len())] {
            *fence = title.fence;
        }
        true
    }
}
