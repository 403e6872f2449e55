//! What a node does: as the engine's registry, actor and appending do it, step by step.

use crate::history::{FanId, History, Record, Want};
use crate::postgres::{Statement, Title};
use crate::protocol::{Acknowledge, Doubt, Guard, Load, Protocol, Refuse, Token};
use crate::world::{Answer, Attempt, Fan, Flight, Node, NodeId, Owner, Stage, World};

impl World {
    pub(crate) fn node(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[usize::from(id.0)]
    }

    pub(crate) fn owner(&mut self, id: NodeId) -> Option<&mut Owner> {
        match self.node(id) {
            Node::Owner(owner) => Some(owner),
            Node::Idle | Node::TakingOver { .. } | Node::Loading { .. } => None,
        }
    }

    /// The node has the lease, and begins to take the event over.
    pub(crate) fn acquire(&mut self, protocol: Protocol, id: NodeId) {
        self.redis.holder = Some(id);
        *self.node(id) = match protocol.load {
            Load::Before => Node::Loading { title: None },
            Load::After | Load::Within => {
                Node::TakingOver { token: self.token(protocol), loaded: None }
            }
        };
    }

    fn token(&mut self, protocol: Protocol) -> u8 {
        self.redis.counter += u8::from(protocol.token == Token::Redis);
        self.redis.counter
    }

    /// The actor decides in memory, on what is durable and what it has decided before.
    pub(crate) fn ask(&mut self, protocol: Protocol, fan: FanId, id: NodeId, want: Want) {
        let Some(owner) = self.owner(id) else { return };
        let record = Record { fan, want };
        let lawful = match want {
            Want::Hold(seat) => owner.sale.holder_of(seat).is_none(),
            Want::Release(seat) => owner.sale.holder_of(seat) == Some(fan),
        };
        let answer = if owner.sale.has(record) {
            Answer::Yes
        } else if lawful {
            owner.sale.push(record);
            Answer::Yes
        } else {
            Answer::No
        };
        let after = owner.sale.len();
        let attempt = match self.fans[usize::from(fan.0)] {
            Fan::Unsure(_) => Attempt::Repeat,
            _ => Attempt::First,
        };
        self.fans[usize::from(fan.0)] = Fan::Waiting { want, attempt, node: id, answer, after };
        if answer == Answer::No && protocol.refuse == Refuse::Decided {
            self.tell(protocol, fan);
        }
        self.tell_durable(protocol, id);
    }

    /// Ships everything that is pending as one batch.
    pub(crate) fn ship(&mut self, protocol: Protocol, id: NodeId) {
        let Some(owner) = self.owner(id) else { return };
        owner.sale.seal();
        let stage = if protocol.guard == Guard::Apart { Stage::Checking } else { Stage::Appending };
        let to = owner.sale.len();
        owner.flight = Some(Flight { title: owner.title, to, stage });
        if protocol.acknowledge == Acknowledge::Sent {
            self.tell_up_to(protocol, id, to);
        }
    }

    /// Postgres executes the statement that the node waits for. What is heard of raising the fence
    /// and of loading is heard at once: hearing it later would change nothing for anybody else.
    pub(crate) fn execute(&mut self, protocol: Protocol, id: NodeId) {
        let mut node = *self.node(id);
        match &mut node {
            Node::Idle => {}
            Node::TakingOver { token, loaded } => {
                let title = self.postgres.take_over(protocol, *token);
                node = match loaded {
                    Some(loaded) => Node::owner(title, *loaded),
                    None => Node::Loading { title: Some(title) },
                };
            }
            Node::Loading { title: Some(title) } => {
                node = Node::owner(*title, self.postgres.journal);
            }
            Node::Loading { title: None } => {
                let loaded = Some(self.postgres.journal);
                node = Node::TakingOver { token: self.token(protocol), loaded };
            }
            Node::Owner(owner) => self.execute_flight(protocol, owner),
        }
        *self.node(id) = node;
    }

    /// The statement that raises the fence and loads begins: this is what it will load.
    pub(crate) fn begin(&mut self, id: NodeId) {
        let journal = self.postgres.journal;
        if let Node::TakingOver { loaded, .. } = self.node(id) {
            *loaded = Some(journal);
        }
    }

    fn execute_flight(&mut self, protocol: Protocol, owner: &mut Owner) {
        let Some(flight) = &mut owner.flight else { return };
        let (title, after) = (flight.title, owner.durable);
        let sale = owner.sale.first(flight.to);
        flight.stage = match flight.stage {
            Stage::Checking if self.postgres.admits(protocol.guard, title, sale.first(after)) => {
                Stage::Appending
            }
            Stage::Appending if self.postgres.append(protocol.guard, title, after, sale) => {
                Stage::Appended
            }
            Stage::Checking | Stage::Appending => Stage::Refused,
            Stage::TakingOver(token) => {
                Stage::Stands(self.postgres.take_over(protocol, token), self.postgres.journal)
            }
            Stage::Reading => Stage::Stands(title, self.postgres.journal),
            heard @ (Stage::Appended | Stage::Refused | Stage::Stands(..)) => heard,
        };
    }

    /// Postgres executes a statement that nobody waits for any more.
    pub(crate) fn execute_stray(&mut self, protocol: Protocol, index: usize) {
        match self.stray.remove(index) {
            Statement::TakeOver { token } => {
                self.postgres.take_over(protocol, token);
            }
            Statement::Append { title, after, sale } => {
                self.postgres.append(protocol.guard, title, after, sale);
            }
        }
    }

    /// The reply of Postgres arrives.
    pub(crate) fn hear(&mut self, protocol: Protocol, id: NodeId) {
        let Some(owner) = self.owner(id) else { return };
        let Some(flight) = owner.flight else { return };
        match flight.stage {
            Stage::Checking | Stage::Appending | Stage::TakingOver(_) | Stage::Reading => {}
            Stage::Appended => self.appended(protocol, id, flight.title),
            Stage::Refused => self.end(id),
            Stage::Stands(title, journal) if journal == owner.shipped() => {
                self.appended(protocol, id, title);
            }
            Stage::Stands(..) if protocol.doubt == Doubt::Read => {
                self.refuse_all(protocol, id);
                self.end(id);
            }
            Stage::Stands(title, journal) => {
                let untouched = journal == owner.known();
                if untouched || protocol.doubt == Doubt::AppendAgain {
                    owner.flight = Some(Flight { title, stage: Stage::Appending, ..flight });
                } else {
                    self.end(id);
                }
            }
        }
    }

    /// The batch in flight is durable.
    fn appended(&mut self, protocol: Protocol, id: NodeId, title: Title) {
        let Some(owner) = self.owner(id) else { return };
        let Some(flight) = owner.flight.take() else { return };
        owner.title = title;
        owner.durable = flight.to;
        if !owner.answering {
            self.end(id);
            return;
        }
        let pending = owner.sale.len() > owner.durable;
        self.tell_durable(protocol, id);
        if pending {
            self.ship(protocol, id);
        }
    }

    /// No reply comes in time: what was sent may still be on its way.
    pub(crate) fn doubt(&mut self, protocol: Protocol, id: NodeId) {
        let token = self.token(protocol);
        let Some(owner) = self.owner(id) else { return };
        let (title, sent) = (owner.title, owner.sent());
        let Some(flight) = &mut owner.flight else { return };
        match protocol.doubt {
            Doubt::Settle | Doubt::AppendAgain => flight.stage = Stage::TakingOver(token),
            Doubt::Read => flight.stage = Stage::Reading,
            Doubt::Failed => {
                self.refuse_all(protocol, id);
                self.end(id);
            }
            Doubt::Done => self.appended(protocol, id, title),
        }
        self.stray(sent);
    }

    /// The node loses its memory.
    pub(crate) fn crash(&mut self, id: NodeId) {
        let sent = match *self.node(id) {
            Node::TakingOver { token, .. } => Some(Statement::TakeOver { token }),
            Node::Owner(owner) => owner.sent(),
            Node::Idle | Node::Loading { .. } => None,
        };
        self.stray(sent);
        self.end(id);
    }

    fn stray(&mut self, sent: Option<Statement>) {
        self.stray.extend(sent);
        self.stray.sort_unstable();
    }

    /// The node sees that it has lost the lease: it answers nobody any more. What is in flight goes
    /// on by itself; what is pending is dropped.
    pub(crate) fn notice_loss(&mut self, id: NodeId) {
        let Some(owner) = self.owner(id) else { return };
        match owner.flight {
            Some(flight) => {
                owner.answering = false;
                owner.sale = owner.sale.first(flight.to);
                self.leave_unsure(id);
            }
            None => self.end(id),
        }
    }

    /// The actor ends, and what it knew with it.
    fn end(&mut self, id: NodeId) {
        self.leave_unsure(id);
        *self.node(id) = Node::Idle;
    }
}

impl Node {
    fn owner(title: Title, loaded: History) -> Self {
        Self::Owner(Owner {
            title,
            answering: true,
            sale: loaded,
            durable: loaded.len(),
            flight: None,
        })
    }
}

impl Owner {
    /// What it knows to be durable.
    pub(crate) fn known(&self) -> History {
        self.sale.first(self.durable)
    }

    /// What is durable once the batch in flight is.
    pub(crate) fn shipped(&self) -> History {
        self.sale.first(self.flight.map_or(self.durable, |flight| flight.to))
    }

    /// The statement of its append that is on its way and may change something.
    pub(crate) fn sent(&self) -> Option<Statement> {
        let flight = self.flight?;
        match flight.stage {
            Stage::Appending => Some(Statement::Append {
                title: flight.title,
                after: self.durable,
                sale: self.shipped(),
            }),
            Stage::TakingOver(token) => Some(Statement::TakeOver { token }),
            Stage::Checking
            | Stage::Appended
            | Stage::Refused
            | Stage::Reading
            | Stage::Stands(..) => None,
        }
    }
}
