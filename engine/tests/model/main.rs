//! A model of how an event is owned: the lease in Redis, the fence and the append in Postgres, the
//! take-over between them, with crashes, pauses, lost Redis state, delayed statements and lost
//! replies. Every state within the bounds is explored, and every variant that leaves a safeguard
//! out is caught.
//!
//! It proves the protocol, not the code: the adapters' conformance suite does that. Read
//! `protocol`, then `steps`; `properties` says what must hold.
#![cfg(test)]

mod fans;
mod history;
mod node;
mod postgres;
mod properties;
mod protocol;
mod sizes;
mod steps;
mod variants;
mod world;

use std::collections::BTreeSet;
use std::thread::available_parallelism;

use stateright::{Checker, HasDiscoveries, Model};

use properties::{ALWAYS, SOMETIMES};
use protocol::Protocol;
use steps::{Ownership, Step};
use variants::VARIANTS;
use world::Bounds;

#[test]
fn the_engines_way_is_safe_in_every_state() {
    explore_all(&sizes::SMALL);
}

#[test]
#[ignore = "takes minutes: make model"]
fn the_engines_way_is_safe_in_every_state_of_millions() {
    let states = explore_all(&sizes::FULL);
    assert!(states >= 2_000_000, "only {states} states");
}

#[test]
#[expect(clippy::print_stdout, reason = "a run says what it caught")]
fn every_broken_variant_is_caught() {
    for variant in VARIANTS {
        let trace = variant.shortest_trace();
        let trace = trace.unwrap_or_else(|| panic!("not caught: {}", variant.name));
        println!("caught in {} steps: {}; broken: {}", trace.len(), variant.name, variant.breaks);
    }
    println!("{} variants caught", VARIANTS.len());
}

/// Explores within each of the bounds, and gives the number of different states.
///
/// # Panics
/// If a property fails in any of them, or something was exercised in none.
#[expect(clippy::print_stdout, reason = "a run says what it explored")]
fn explore_all(sizes: &[Bounds]) -> usize {
    let mut exercised = BTreeSet::new();
    let mut states = 0;
    for bounds in sizes {
        states += explore(*bounds, &mut exercised);
    }
    for (name, _) in SOMETIMES {
        assert!(exercised.contains(name), "never happened: {name}");
    }
    println!("{states} states explored, {} properties hold in each", ALWAYS.len());
    states
}

#[expect(clippy::print_stdout, reason = "a run says what it explored")]
fn explore(bounds: Bounds, exercised: &mut BTreeSet<&'static str>) -> usize {
    let model = Ownership { protocol: Protocol::ENGINE, bounds };
    let threads = available_parallelism().map_or(1, usize::from);
    // Depth first, because it keeps no queue of states.
    let builder = model.checker().threads(threads).finish_when(HasDiscoveries::AnyFailures);
    let checker = builder.spawn_dfs().join();
    for (name, path) in checker.discoveries() {
        let expected = SOMETIMES.iter().any(|(sometimes, _)| *sometimes == name);
        assert!(expected, "broken: {name}\n{}", listed(&path.into_actions()));
        exercised.insert(name);
    }
    let states = checker.unique_state_count();
    println!("{states} states, {} steps deep: {bounds:?}", checker.max_depth() - 1);
    states
}

/// One step a line.
fn listed(trace: &[Step]) -> String {
    trace.iter().map(|step| format!("  {step:?}")).collect::<Vec<_>>().join("\n")
}
