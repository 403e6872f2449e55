//! What is asked of the owner of an event, wherever that is, and what comes back.
//!
//! Nodes send these to each other as they are, so fields and variants are only added at the end.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::books::Books;
use crate::domain::command::{Reply, Request, StandingView};
use crate::domain::hold::Hold;
use crate::domain::ids::{DeedNumber, EventId, FanId, Fence, Seq};
use crate::domain::inventory::Counts;
use crate::domain::rejection::Rejection;
use crate::domain::terms::{SaleStatus, Terms};
use crate::feed::PublicState;
use crate::ports::NodeId;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// Carry out a request.
    Submit(Request),
    /// Say something without changing anything.
    Ask(Question),
    /// Give the event up; whoever asks next has it taken over anew.
    HandOver,
    /// Give the event up to this node, which takes it over at once.
    HandOverTo(NodeId),
    /// Own the event, though another node should, until the nodes change.
    TakeOver,
}

/// An errand on its way to another node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Of which event.
    pub event: EventId,
    /// What is asked.
    pub errand: Errand,
    /// Whether the node may take the event over to answer. If not, it answers only if it owns the
    /// event already.
    pub may_take_over: bool,
}

impl Call {
    /// What is sent: the call, then the deed that it is. Releases that know of no deeds read no
    /// further than the call.
    pub fn sent(&self) -> (&Self, Option<DeedNumber>) {
        (self, self.errand.deed())
    }

    /// Reads what was sent.
    ///
    /// # Errors
    /// If it asks for something that this release does not know.
    pub fn received(bytes: &[u8]) -> postcard::Result<Self> {
        let (mut call, rest): (Self, _) = postcard::take_from_bytes(bytes)?;
        let deed = if rest.is_empty() { None } else { postcard::from_bytes(rest)? };
        if let (Errand::Submit(request), Some(deed)) = (&mut call.errand, deed) {
            request.by = request.by.as_deed(deed);
        }
        Ok(call)
    }
}

impl Errand {
    fn deed(&self) -> Option<DeedNumber> {
        match self {
            Self::Submit(request) => request.by.deed(),
            Self::Ask(_) | Self::HandOver | Self::HandOverTo(_) | Self::TakeOver => None,
        }
    }

    /// Whether running it once more after it may have been run does no harm.
    pub fn is_repeatable(&self) -> bool {
        match self {
            Self::Submit(request) => request.key.is_some(),
            Self::Ask(_) | Self::HandOver | Self::HandOverTo(_) | Self::TakeOver => true,
        }
    }
}

/// What can be asked of an event without changing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// What a fan has and where the fan stands.
    Fan(FanId),
    /// The sale as operators see it.
    Overview,
    /// The public state, to begin a replica with.
    Feed,
    /// The sale in figures, for those who run it.
    Books,
}

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// A command's answer.
    Reply(Reply),
    /// See [`Question::Fan`].
    Fan {
        /// Where the fan stands.
        standing: StandingView,
        /// The fan's live hold.
        hold: Option<Hold>,
        /// Places that the fan has bought.
        bought: u32,
    },
    /// See [`Question::Overview`].
    Overview(Box<Overview>),
    /// See [`Question::Feed`].
    Feed((Fence, Seq, Vec<PublicState>, Bytes)),
    /// See [`Question::Books`].
    Books(Box<Books>),
}

/// A sale as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The last record.
    pub seq: Seq,
    /// The owner's fence.
    pub fence: Fence,
    /// Whether the sale runs.
    pub status: SaleStatus,
    /// The terms in force.
    pub terms: Terms,
    /// Places by state.
    pub counts: Counts,
    /// Fans called or admitted.
    pub inside: u32,
    /// Fans in line.
    pub waiting: u32,
}

/// Why a node gave no answer to an errand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Missed {
    /// This is the answer.
    #[error(transparent)]
    Answered(#[from] EngineError),
    /// The node does not own the event. Nothing changed.
    #[error("another node owns the event")]
    Elsewhere {
        /// Who does, if that is known.
        by: Option<NodeId>,
        /// When it may be this node's to take: ask again then.
        retry_after: Duration,
    },
    /// The node cannot own events now. Nothing changed.
    #[error("the node cannot own events now")]
    Unable,
    /// Its owner was lost on the way: whether the errand was run is unknown.
    #[error("the event's owner was lost on the way")]
    Unknown,
}

impl Missed {
    /// Nothing was done: another node has the event, or can have it now.
    pub(crate) const MOVED: Self = Self::Elsewhere { by: None, retry_after: Duration::ZERO };
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum EngineError {
    /// The sale says no. Nothing changed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is no sale of this event.
    #[error("the event has no sale")]
    UnknownEvent,
    /// Too much is waiting already. Nothing changed.
    #[error("too many requests are waiting")]
    Overloaded {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The outcome is unknown: ask again with the same key.
    #[error("the engine cannot answer now")]
    Unavailable {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The server is going down. Nothing changed.
    #[error("the engine is stopping")]
    Stopping,
    /// What is stored of the event cannot be read: somebody must look.
    #[error("the event's journal is damaged")]
    Damaged,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::{Command, Origin};
    use crate::domain::ids::AccountId;

    fn call(deed: Option<DeedNumber>) -> Call {
        let by = Origin::Operator(AccountId::new(9), deed);
        let request = Request { by, key: None, command: Command::SetStatus(SaleStatus::Paused) };
        Call { event: EventId::new(7), errand: Errand::Submit(request), may_take_over: true }
    }

    #[test]
    fn a_call_brings_its_deed_along_and_older_releases_read_it_without() {
        for deed in [None, Some(DeedNumber(300))] {
            let sent = postcard::to_stdvec(&call(deed).sent()).unwrap();
            assert_eq!(Call::received(&sent), Ok(call(deed)));
            assert_eq!(postcard::from_bytes(&sent), Ok(call(None)));
        }
        let older = postcard::to_stdvec(&call(None)).unwrap();
        assert_eq!(Call::received(&older), Ok(call(None)));
        let ask = Call { errand: Errand::Ask(Question::Books), ..call(None) };
        assert_eq!(Call::received(&postcard::to_stdvec(&ask.sent()).unwrap()), Ok(ask));
    }
}
