//! What can happen next, in any order: the model that is explored.

use stateright::{Model, Property};

use crate::history::{FanId, Seat, Want};
use crate::properties::properties;
use crate::protocol::{Load, Protocol};
use crate::world::{Bounds, Fan, Node, NodeId, Owner, Redis, SEATS, Stage, World};

/// A way of owning an event, and how much may happen to it.
#[derive(Debug, Clone)]
pub(crate) struct Ownership {
    pub(crate) protocol: Protocol,
    pub(crate) bounds: Bounds,
}

/// One step of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A node takes the lease and begins to take over.
    Acquire(NodeId),
    /// The lease ends.
    Lapse,
    /// Redis loses everything.
    LoseRedis,
    /// A node sees that it has lost the lease.
    NoticeLoss(NodeId),
    /// A take-over begins that will load what is there now.
    Begin(NodeId),
    /// A node's statement is executed.
    Execute(NodeId),
    /// A statement is executed that nobody waits for any more.
    ExecuteStray(usize),
    /// The reply arrives.
    Hear(NodeId),
    /// The reply does not arrive in time.
    Doubt(NodeId),
    /// A node loses its memory, or its actor gives up.
    Crash(NodeId),
    /// A fan asks, and a node decides.
    Ask(FanId, NodeId, Want),
    /// A node ships what is pending.
    Ship(NodeId),
    /// A fan does not get the answer.
    LoseAnswer(FanId),
}

impl Model for Ownership {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.bounds)]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        redis_steps(world, steps);
        for (id, node) in (0..).map(NodeId).zip(&world.nodes) {
            self.node_steps(world, id, node, steps);
        }
        steps.extend((0..world.stray.len()).map(Step::ExecuteStray));
        for (id, fan) in (0..).map(FanId).zip(&world.fans) {
            if matches!(fan, Fan::Waiting { .. }) && world.left.lost_answers > 0 {
                steps.push(Step::LoseAnswer(id));
            }
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        let protocol = self.protocol;
        match step {
            Step::Acquire(id) => world.acquire(protocol, id),
            Step::Lapse => {
                world.left.lapses -= 1;
                world.redis.holder = None;
            }
            Step::LoseRedis => {
                world.left.redis_losses -= 1;
                world.redis = Redis::default();
            }
            Step::NoticeLoss(id) => world.notice_loss(id),
            Step::Begin(id) => world.begin(id),
            Step::Execute(id) => world.execute(protocol, id),
            Step::ExecuteStray(index) => world.execute_stray(protocol, index),
            Step::Hear(id) => world.hear(protocol, id),
            Step::Doubt(id) => {
                world.left.doubts -= 1;
                world.doubt(protocol, id);
            }
            Step::Crash(id) => {
                world.left.crashes -= 1;
                world.crash(id);
            }
            Step::Ask(fan, id, want) => {
                world.left.asks -= 1;
                world.ask(protocol, fan, id, want);
            }
            Step::Ship(id) => world.ship(protocol, id),
            Step::LoseAnswer(fan) => {
                world.left.lost_answers -= 1;
                world.lose_answer(fan);
            }
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties()
    }
}

/// Whoever may take the lease, and what may happen to it.
fn redis_steps(world: &World, steps: &mut Vec<Step>) {
    let is_idle = |id: NodeId| matches!(world.nodes[usize::from(id.0)], Node::Idle);
    // Nodes that know nothing are all the same: trying one of them is trying each.
    let next = match world.redis.holder {
        None => (0..).map(NodeId).take(world.nodes.len()).find(|id| is_idle(*id)),
        Some(holder) => Some(holder).filter(|id| is_idle(*id)),
    };
    steps.extend(next.map(Step::Acquire));
    if world.redis.holder.is_some() && world.left.lapses > 0 {
        steps.push(Step::Lapse);
    }
    if world.redis.holder.is_some() && world.left.redis_losses > 0 {
        steps.push(Step::LoseRedis);
    }
}

impl Ownership {
    fn node_steps(&self, world: &World, id: NodeId, node: &Node, steps: &mut Vec<Step>) {
        match node {
            Node::Idle => return,
            Node::TakingOver { loaded: None, .. } if self.protocol.load == Load::Within => {
                steps.push(Step::Begin(id));
            }
            Node::TakingOver { .. } | Node::Loading { .. } => steps.push(Step::Execute(id)),
            Node::Owner(owner) => {
                if let Some(flight) = &owner.flight {
                    Self::flight_steps(world, id, flight.stage, steps);
                } else if owner.sale.len() > owner.durable {
                    steps.push(Step::Ship(id));
                }
                if owner.answering && world.redis.holder != Some(id) {
                    steps.push(Step::NoticeLoss(id));
                }
                ask_steps(world, id, owner, steps);
            }
        }
        if world.left.crashes > 0 {
            steps.push(Step::Crash(id));
        }
    }

    fn flight_steps(world: &World, id: NodeId, stage: Stage, steps: &mut Vec<Step>) {
        let replied = matches!(stage, Stage::Appended | Stage::Refused | Stage::Stands(..));
        steps.push(if replied { Step::Hear(id) } else { Step::Execute(id) });
        // A check that is not answered changes nothing: to crash is the same.
        if world.left.doubts > 0 && stage != Stage::Checking {
            steps.push(Step::Doubt(id));
        }
    }
}

/// What each fan can ask an actor. Fans, and seats, that nobody has named yet are all the same: the
/// first of them is as good as each.
fn ask_steps(world: &World, id: NodeId, owner: &Owner, steps: &mut Vec<Step>) {
    if !owner.answering || world.left.asks == 0 {
        return;
    }
    let named = if world.fans[0] == Fan::New { 1 } else { SEATS };
    for (fan, state) in (0..).map(FanId).zip(&world.fans) {
        match *state {
            Fan::New => {
                steps.extend((0..named).map(|seat| Step::Ask(fan, id, Want::Hold(Seat(seat)))));
                return;
            }
            Fan::Unsure(want) => steps.push(Step::Ask(fan, id, want)),
            Fan::Holding(seat) => steps.push(Step::Ask(fan, id, Want::Release(seat))),
            Fan::Waiting { .. } | Fan::Released(_) | Fan::Refused(_) => {}
        }
    }
}
