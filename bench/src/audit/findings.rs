//! What an audit found, in a form that can be looked up.

use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Two clients were told the same place for the same time.
    DoubleSold,
    /// The journal does not have what a client was told, or has it otherwise.
    AckLost,
    /// The journal has a hold that no client asked for.
    Phantom,
    /// Somebody came later and was served earlier.
    OutOfOrder,
    /// A sum that is not what it should be.
    WrongMoney,
    /// Money that was not given back by the end.
    RefundOwed,
    /// Nobody got a ticket: the run says nothing.
    NothingSold,
}

impl Kind {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DoubleSold => "double-sold",
            Self::AckLost => "ack-lost",
            Self::Phantom => "phantom",
            Self::OutOfOrder => "out-of-order",
            Self::WrongMoney => "wrong-money",
            Self::RefundOwed => "refund-owed",
            Self::NothingSold => "nothing-sold",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Which hold, order, place or fan, and what is there instead.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.what)
    }
}

/// The outcome of an audit.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Acknowledgements that were looked for.
    pub acked: usize,
    /// Everything that is wrong.
    pub all: Vec<Finding>,
}

impl Findings {
    pub(super) fn add(&mut self, kind: Kind, what: String) {
        self.all.push(Finding { kind, what });
    }

    /// Looks for something that a client was told.
    pub(super) fn told(&mut self, is_there: bool, what: impl FnOnce() -> String) {
        self.acked += 1;
        if !is_there {
            self.add(Kind::AckLost, what());
        }
    }

    /// How many are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.all.iter().filter(|finding| finding.kind == kind).count()
    }
}
