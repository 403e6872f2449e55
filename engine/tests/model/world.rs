//! Everything that there is at one moment: Redis, Postgres, nodes, fans, and statements on their
//! way.
//!
//! A node that is paused needs nothing of its own: its steps do not happen for a while.

use crate::history::{History, Seat, Want};
use crate::postgres::{Postgres, Statement, Title};

pub(crate) const NODES: usize = 3;
pub(crate) const FANS: usize = 3;
pub(crate) const SEATS: u8 = 2;

/// A node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(pub(crate) u8);

/// How often each thing may happen in one history. What is finite here makes the model finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bounds {
    /// Commands of fans, repeats included.
    pub(crate) asks: u8,
    /// Leases that end without being given back.
    pub(crate) lapses: u8,
    /// Losses of everything that is in Redis.
    pub(crate) redis_losses: u8,
    /// Nodes that lose their memory, and actors that end without having settled a doubt.
    pub(crate) crashes: u8,
    /// Replies of Postgres that do not come.
    pub(crate) doubts: u8,
    /// Answers to fans that do not come.
    pub(crate) lost_answers: u8,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) redis: Redis,
    pub(crate) postgres: Postgres,
    pub(crate) nodes: [Node; NODES],
    pub(crate) fans: [Fan; FANS],
    /// Statements for whose replies nobody waits any more; sorted, so that their order is none.
    pub(crate) stray: Vec<Statement>,
    /// What may happen yet.
    pub(crate) left: Bounds,
    /// Whether a fan was told something that rested on what was not durable.
    pub(crate) hasty: bool,
}

/// Who should own the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Redis {
    pub(crate) holder: Option<NodeId>,
    /// For those who take fences from here.
    pub(crate) counter: u8,
}

/// What a node does about the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// Nothing: it knows nothing either.
    Idle,
    /// The statement that raises the fence is on its way.
    TakingOver {
        /// The fence to write, for those who bring one.
        token: u8,
        /// What was read already, for those who read too early.
        loaded: Option<History>,
    },
    /// The statement that reads the journal is on its way.
    Loading {
        /// As what it has taken over, unless it reads too early.
        title: Option<Title>,
    },
    /// Its actor runs.
    Owner(Owner),
}

/// A running actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) title: Title,
    /// Whether it believes that it has the lease. If not, only what is in flight goes on.
    pub(crate) answering: bool,
    /// The state in memory, by what led to it: durable, then in flight, then pending.
    pub(crate) sale: History,
    /// How much of it was durable when it last heard.
    pub(crate) durable: u8,
    pub(crate) flight: Option<Flight>,
}

/// An append until its outcome is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Flight {
    /// As what it is appended.
    pub(crate) title: Title,
    /// The last record of the batch; its first follows on what is durable.
    pub(crate) to: u8,
    pub(crate) stage: Stage,
}

/// How far an append is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// The statement that only checks is on its way, for those who check apart.
    Checking,
    /// The statement is on its way.
    Appending,
    /// It was executed, and the reply is on its way.
    Appended,
    /// It was refused, and the reply is on its way.
    Refused,
    /// In doubt: the statement that takes over again is on its way, with the fence of those who
    /// bring one.
    TakingOver(u8),
    /// In doubt: a plain read is on its way, for those who only read.
    Reading,
    /// In doubt: where the journal stands is on its way.
    Stands(Title, History),
}

/// A fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fan {
    /// Has not asked for anything.
    New,
    /// Has asked a node, which has decided and will tell once `after` records are durable.
    Waiting { want: Want, attempt: Attempt, node: NodeId, answer: Answer, after: u8 },
    /// Was not told what came of it.
    Unsure(Want),
    /// Was told that the seat is held.
    Holding(Seat),
    /// Was told that the seat is given back.
    Released(Seat),
    /// Was told that the seat cannot be had.
    Refused(Seat),
}

/// Whether a fan asks for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Attempt {
    First,
    Repeat,
}

/// What an actor decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Yes,
    No,
}

impl World {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            redis: Redis::default(),
            postgres: Postgres::default(),
            nodes: [Node::Idle; NODES],
            fans: [Fan::New; FANS],
            stray: Vec::new(),
            left: bounds,
            hasty: false,
        }
    }
}
