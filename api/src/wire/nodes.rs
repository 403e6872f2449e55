//! What operators do to a node, each with a reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tiketi_engine::ports::NodeId;
use utoipa::ToSchema;

use crate::ops::{Move, Moves, NodeOrder};

/// Events that are named one by one.
const NAMED_MAX: usize = 20;

/// Something to do to a node.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeActionBody {
    /// What.
    pub action: NodeActionName,
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what would move.
    #[serde(default)]
    pub preview: bool,
}

/// What can be done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeActionName {
    /// It hands over all that it owns and takes nothing over; it goes on serving fans.
    DrainNode,
    /// It owns events again.
    RejoinNode,
}

impl NodeActionName {
    /// The stable text form.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::DrainNode => "drain_node",
            Self::RejoinNode => "rejoin_node",
        }
    }

    pub(crate) const fn order(self) -> NodeOrder {
        match self {
            Self::DrainNode => NodeOrder::StepBack,
            Self::RejoinNode => NodeOrder::Rejoin,
        }
    }
}

/// All nodes are to have as many events as each other.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RebalanceBody {
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what would move.
    #[serde(default)]
    pub preview: bool,
}

/// What moves if something is done to a node.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeEffectView {
    /// How many events go from one node to another.
    pub sums: Vec<MoveSumView>,
    /// The first of them by title.
    pub moves: Vec<MoveView>,
    /// False if a node did not say what it has: more may move.
    pub complete: bool,
    /// Whether it was begun; not if it was only asked what would move.
    pub done: bool,
}

/// Events that go from one node to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveSumView {
    /// From here.
    pub from: String,
    /// To there.
    pub to: String,
    /// How many.
    pub events: usize,
}

/// An event that goes from one node to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveView {
    /// Which.
    pub event: String,
    /// What it is called; empty if it is not shown.
    pub title: String,
    /// Whether it is a rehearsal: it is called what its original is.
    pub rehearsal: bool,
    /// To there.
    pub to: String,
}

impl NodeEffectView {
    pub(crate) fn of(Moves { moves, complete }: &Moves, done: bool) -> Self {
        let mut sums: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
        for moved in moves {
            *sums.entry((moved.from, moved.to)).or_default() += 1;
        }
        let sum = |((from, to), events): ((NodeId, NodeId), usize)| MoveSumView {
            from: from.to_string(),
            to: to.to_string(),
            events,
        };
        let named = |moved: &Move| MoveView {
            event: moved.event.to_string(),
            title: moved.title.clone(),
            rehearsal: moved.rehearsal,
            to: moved.to.to_string(),
        };
        Self {
            sums: sums.into_iter().map(sum).collect(),
            moves: moves.iter().take(NAMED_MAX).map(named).collect(),
            complete: *complete,
            done,
        }
    }
}
