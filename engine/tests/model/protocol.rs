//! How an event is owned and written: as the engine does it, and the choices that look as good.

/// One way of doing it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Protocol {
    pub(crate) token: Token,
    pub(crate) guard: Guard,
    pub(crate) load: Load,
    pub(crate) doubt: Doubt,
    pub(crate) acknowledge: Acknowledge,
    pub(crate) refuse: Refuse,
    pub(crate) repeat: Repeat,
}

/// Where a new owner's fence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// Postgres adds one to the last.
    Postgres,
    /// A counter in Redis is raised, and Postgres takes down what it says without comparing.
    Redis,
}

/// What an append compares with the owner's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Fence, last sequence and last hash, in the statement that writes.
    FenceAndChain,
    /// The fence alone, in the statement that writes.
    Fence,
    /// Last sequence and last hash alone, in the statement that writes.
    Chain,
    /// Everything, in a statement of its own before the one that writes.
    Apart,
    /// Nothing: who has the lease is trusted.
    Nothing,
}

/// When a new owner reads the journal, as seen from the statement that raises the fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// In a second statement, once the first has returned.
    After,
    /// In a statement before it.
    Before,
    /// In the same statement: it sees what was there when it began, and may have
    /// waited for the old owner's append since.
    Within,
}

/// What an owner does about an append whose reply does not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Takes over again, looks whether it happened, and if not appends again.
    Settle,
    /// Takes over again, and appends again whatever is there.
    AppendAgain,
    /// Reads whether it happened without raising the fence; if not, says that it failed.
    Read,
    /// Says that it failed.
    Failed,
    /// Takes it as done.
    Done,
}

/// When fans are told that what they asked for is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acknowledge {
    /// Once the append has returned.
    Durable,
    /// Once the append is on its way.
    Sent,
}

/// When fans are told that what they asked for cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refuse {
    /// Once everything that was decided before is durable.
    Durable,
    /// At once.
    Decided,
}

/// What a refusal means to a fan who asks again because the first outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It speaks for the repeat alone: the first outcome stays unknown.
    Unknown,
    /// It speaks for the first too: it was not done.
    Refused,
}

impl Protocol {
    /// The engine's way.
    pub(crate) const ENGINE: Self = Self {
        token: Token::Postgres,
        guard: Guard::FenceAndChain,
        load: Load::After,
        doubt: Doubt::Settle,
        acknowledge: Acknowledge::Durable,
        refuse: Refuse::Durable,
        repeat: Repeat::Unknown,
    };
}
