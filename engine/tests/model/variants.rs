//! Ways of owning an event that look as good as the engine's, and what each of them breaks.

use std::collections::BTreeSet;

use stateright::{Checker, HasDiscoveries, Model};

use crate::properties::{DURABLE, MEMORY, NOT_DONE, ONE_FAN, RESTS, STALE};
use crate::protocol::{Acknowledge, Doubt, Guard, Load, Protocol, Refuse, Repeat, Token};
use crate::sizes::NOTHING;
use crate::steps::{Ownership, Step};
use crate::world::Bounds;

/// A broken way.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) protocol: Protocol,
    /// The least that has to happen.
    pub(crate) bounds: Bounds,
    /// The property that fails.
    pub(crate) breaks: &'static str,
}

const ENGINE: Protocol = Protocol::ENGINE;
const UNDISTURBED: Bounds = Bounds { asks: 2, ..NOTHING };
const LAPSE: Bounds = Bounds { lapses: 1, ..UNDISTURBED };
const REDIS_LOSS: Bounds = Bounds { redis_losses: 1, ..UNDISTURBED };
const DOUBT: Bounds = Bounds { doubts: 1, ..UNDISTURBED };

pub(crate) const VARIANTS: [Variant; 16] = [
    Variant {
        name: "token from Redis",
        protocol: Protocol { token: Token::Redis, ..ENGINE },
        bounds: REDIS_LOSS,
        breaks: STALE,
    },
    Variant {
        name: "token from Redis, and the chain not compared",
        protocol: Protocol { token: Token::Redis, guard: Guard::Fence, ..ENGINE },
        bounds: REDIS_LOSS,
        breaks: ONE_FAN,
    },
    Variant {
        name: "check apart from the write",
        protocol: Protocol { guard: Guard::Apart, ..ENGINE },
        bounds: LAPSE,
        breaks: ONE_FAN,
    },
    Variant {
        name: "load before the fence is raised",
        protocol: Protocol { load: Load::Before, ..ENGINE },
        bounds: LAPSE,
        breaks: MEMORY,
    },
    Variant {
        name: "load before the fence is raised, and the chain not compared",
        protocol: Protocol { load: Load::Before, guard: Guard::Fence, ..ENGINE },
        bounds: LAPSE,
        breaks: ONE_FAN,
    },
    Variant {
        name: "load in the statement that raises the fence",
        protocol: Protocol { load: Load::Within, ..ENGINE },
        bounds: LAPSE,
        breaks: MEMORY,
    },
    Variant {
        name: "load in the statement that raises the fence, and the chain not compared",
        protocol: Protocol { load: Load::Within, guard: Guard::Fence, ..ENGINE },
        bounds: LAPSE,
        breaks: ONE_FAN,
    },
    Variant {
        name: "no fence",
        protocol: Protocol { guard: Guard::Chain, ..ENGINE },
        bounds: LAPSE,
        breaks: STALE,
    },
    Variant {
        name: "no fence, and the chain not compared",
        protocol: Protocol { guard: Guard::Nothing, ..ENGINE },
        bounds: LAPSE,
        breaks: ONE_FAN,
    },
    Variant {
        name: "a lost commit reply is a failure",
        protocol: Protocol { doubt: Doubt::Failed, ..ENGINE },
        bounds: DOUBT,
        breaks: NOT_DONE,
    },
    Variant {
        name: "a lost commit reply is a success",
        protocol: Protocol { doubt: Doubt::Done, ..ENGINE },
        bounds: DOUBT,
        breaks: DURABLE,
    },
    Variant {
        name: "a doubt settled by reading, the fence not raised",
        protocol: Protocol { doubt: Doubt::Read, ..ENGINE },
        bounds: DOUBT,
        breaks: NOT_DONE,
    },
    Variant {
        name: "append again without looking, and the chain not compared",
        protocol: Protocol { doubt: Doubt::AppendAgain, guard: Guard::Fence, ..ENGINE },
        bounds: Bounds { lapses: 1, ..DOUBT },
        breaks: ONE_FAN,
    },
    Variant {
        name: "acknowledged when sent",
        protocol: Protocol { acknowledge: Acknowledge::Sent, ..ENGINE },
        bounds: UNDISTURBED,
        breaks: DURABLE,
    },
    Variant {
        name: "refused because of what is not durable",
        protocol: Protocol { refuse: Refuse::Decided, ..ENGINE },
        bounds: UNDISTURBED,
        breaks: RESTS,
    },
    Variant {
        name: "a refused repeat speaks for the first attempt",
        protocol: Protocol { repeat: Repeat::Refused, ..ENGINE },
        bounds: Bounds { asks: 4, lost_answers: 1, ..LAPSE },
        breaks: NOT_DONE,
    },
];

/// No trace needs as many steps.
const STEPS_MAX: usize = 40;

impl Variant {
    /// The steps to the nearest state in which the property fails.
    pub(crate) fn shortest_trace(&self) -> Option<Vec<Step>> {
        (0..STEPS_MAX).find_map(|steps| self.trace_within(steps))
    }

    fn trace_within(&self, steps: usize) -> Option<Vec<Step>> {
        let model = Ownership { protocol: self.protocol, bounds: self.bounds };
        // The checker counts states rather than steps, and leaves the deepest unexamined.
        let checker = model.checker().target_max_depth(steps + 2);
        let broken = HasDiscoveries::AllOf(BTreeSet::from([self.breaks]));
        let found = checker.finish_when(broken).spawn_bfs().join().discovery(self.breaks);
        found.map(stateright::Path::into_actions)
    }
}
