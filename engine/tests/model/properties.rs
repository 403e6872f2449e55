//! What must hold in every state, and what must have happened in some for a run to mean anything.

use stateright::{Expectation, Property};

use crate::history::{FanId, History, Record, Seat, Want};
use crate::steps::Ownership;
use crate::world::{Fan, Flight, Node, Owner, SEATS, Stage, World};

pub(crate) const ONE_FAN: &str = "no seat is acknowledged to two fans at once";
pub(crate) const DURABLE: &str = "what is acknowledged is in the journal";
pub(crate) const NOT_DONE: &str = "what is refused is not done";
pub(crate) const RESTS: &str = "no answer rests on what is not durable";
pub(crate) const GAPLESS: &str = "the journal has no gap";
pub(crate) const FENCES: &str = "fences never fall along the journal";
pub(crate) const LAWFUL: &str = "one live owner for each seat, each wish granted once";
pub(crate) const STALE: &str = "an owner that was succeeded changes nothing";
pub(crate) const MEMORY: &str = "the owner's memory is what the journal replays to";
pub(crate) const PREFIX: &str = "what any owner takes for durable begins the journal";

pub(crate) type Holds = fn(&Ownership, &World) -> bool;

/// In every state.
pub(crate) const ALWAYS: [(&str, Holds); 10] = [
    (ONE_FAN, |_, world| (0..SEATS).all(|seat| holders(world, Seat(seat)) <= 1)),
    (DURABLE, |_, world| acknowledged(world).all(|record| world.postgres.journal.has(record))),
    (NOT_DONE, |_, world| refused(world).all(|record| !world.postgres.journal.has(record))),
    (RESTS, |_, world| !world.hasty),
    (GAPLESS, |_, world| !world.postgres.gap),
    (FENCES, |_, world| {
        let len = usize::from(world.postgres.journal.len());
        world.postgres.fences[..len].is_sorted()
    }),
    (LAWFUL, |_, world| world.postgres.journal.is_lawful()),
    (STALE, |_, world| !world.postgres.stale_write),
    (MEMORY, |_, world| owners(world).all(|owner| remembers(world, owner))),
    (PREFIX, |_, world| owners(world).all(|owner| owner.known().begins(world.postgres.journal))),
];

/// In some state, or the run did not try what it should have.
pub(crate) const SOMETIMES: [(&str, Holds); 12] = [
    ("succeeded while an append was on its way", |_, world| {
        let late = |flight: &Flight| {
            flight.stage == Stage::Appending && flight.title.reign < world.postgres.owner.reign
        };
        owners(world).filter_map(|owner| owner.flight).any(|flight| late(&flight))
    }),
    ("a stale append was refused", |_, world| {
        owners(world).filter_map(|owner| owner.flight).any(|flight| flight.stage == Stage::Refused)
    }),
    ("in doubt, and it had happened", |_, world| stands(world, Owner::shipped)),
    ("in doubt, had not happened, and was appended again", |_, world| {
        owners(world).any(|owner| {
            let again = |flight: Flight| flight.title != owner.title;
            owner.flight.is_some_and(|flight| again(flight) && flight.stage == Stage::Appended)
        })
    }),
    ("in doubt, and another had written since", |_, world| {
        owners(world).any(|owner| match owner.flight {
            Some(Flight { stage: Stage::Stands(_, journal), .. }) => {
                journal != owner.shipped() && journal != owner.known()
            }
            _ => false,
        })
    }),
    ("Redis lost everything while an owner lived", |model, world| {
        let lost = world.left.redis_losses < model.bounds.redis_losses;
        lost && world.redis.holder.is_none() && owners(world).any(|owner| owner.answering)
    }),
    ("two nodes believed that they had the lease", |_, world| {
        owners(world).filter(|owner| owner.answering).count() >= 2
    }),
    ("acknowledged under two owners, a crash between", |model, world| {
        let fences = || acknowledged(world).filter_map(|record| fence_of(world, record));
        world.left.crashes < model.bounds.crashes && fences().min() < fences().max()
    }),
    ("a batch of two", |_, world| {
        owners(world).any(|owner| owner.flight.is_some_and(|flight| flight.to >= owner.durable + 2))
    }),
    ("decided on what was in flight", |_, world| {
        owners(world).any(|owner| owner.flight.is_some_and(|flight| flight.to < owner.sale.len()))
    }),
    ("refused", |_, world| world.fans.iter().any(|fan| matches!(fan, Fan::Refused(_)))),
    ("given back, and acknowledged to another", |_, world| {
        let gave = |seat| world.fans.contains(&Fan::Released(seat));
        (0..SEATS).map(Seat).any(|seat| gave(seat) && holders(world, seat) == 1)
    }),
];

pub(crate) fn properties() -> Vec<Property<Ownership>> {
    let named = |expectation: Expectation| {
        move |(name, condition): (&'static str, Holds)| Property {
            expectation: expectation.clone(),
            name,
            condition,
        }
    };
    let always = ALWAYS.into_iter().map(named(Expectation::Always));
    always.chain(SOMETIMES.into_iter().map(named(Expectation::Sometimes))).collect()
}

fn owners(world: &World) -> impl Iterator<Item = &Owner> {
    world.nodes.iter().filter_map(|node| match node {
        Node::Owner(owner) => Some(owner),
        Node::Idle | Node::TakingOver { .. } | Node::Loading { .. } => None,
    })
}

fn fans(world: &World) -> impl Iterator<Item = (FanId, Fan)> {
    (0..).map(FanId).zip(world.fans)
}

/// Fans who were told that they have a seat, and have not asked to give it back since.
fn holders(world: &World, seat: Seat) -> usize {
    world.fans.iter().filter(|fan| **fan == Fan::Holding(seat)).count()
}

/// What fans were told is done.
fn acknowledged(world: &World) -> impl Iterator<Item = Record> {
    fans(world).flat_map(|(fan, state)| {
        let (held, released) = match state {
            Fan::New | Fan::Refused(_) => (None, None),
            Fan::Waiting { want, .. } | Fan::Unsure(want) => match want {
                Want::Hold(_) => (None, None),
                Want::Release(seat) => (Some(seat), None),
            },
            Fan::Holding(seat) => (Some(seat), None),
            Fan::Released(seat) => (Some(seat), Some(seat)),
        };
        let wants = [held.map(Want::Hold), released.map(Want::Release)];
        wants.into_iter().flatten().map(move |want| Record { fan, want })
    })
}

/// What fans were told is not done. Who is told that a seat was not given back holds it still.
fn refused(world: &World) -> impl Iterator<Item = Record> {
    fans(world).filter_map(|(fan, state)| match state {
        Fan::Refused(seat) => Some(Record { fan, want: Want::Hold(seat) }),
        Fan::Holding(seat) => Some(Record { fan, want: Want::Release(seat) }),
        Fan::New | Fan::Waiting { .. } | Fan::Unsure(_) | Fan::Released(_) => None,
    })
}

fn fence_of(world: &World, record: Record) -> Option<u8> {
    world.postgres.journal.position(record).map(|at| world.postgres.fences[at])
}

/// Whether an owner, if nobody has taken over since, remembers the journal: all of it, with the
/// batch in flight if that was appended. While it is in doubt it may have been.
fn remembers(world: &World, owner: &Owner) -> bool {
    let journal = world.postgres.journal;
    let title = owner.flight.map_or(owner.title, |flight| flight.title);
    let (title, remembered) = match owner.flight.map(|flight| flight.stage) {
        None | Some(Stage::Checking | Stage::Appending | Stage::Refused) => {
            (title, journal == owner.known())
        }
        Some(Stage::Appended) => (title, journal == owner.shipped()),
        Some(Stage::TakingOver(_) | Stage::Reading) => {
            (title, journal == owner.known() || journal == owner.shipped())
        }
        Some(Stage::Stands(title, heard)) => (title, journal == heard),
    };
    title.reign != world.postgres.owner.reign || remembered
}

/// Whether some owner has learnt that the journal stands where `expected` says.
fn stands(world: &World, expected: impl Fn(&Owner) -> History) -> bool {
    owners(world).any(|owner| match owner.flight {
        Some(Flight { stage: Stage::Stands(_, journal), .. }) => journal == expected(owner),
        _ => false,
    })
}
