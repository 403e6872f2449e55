//! What tests, benches and adapters share: a seeded workload, a simulation that crashes, ports in
//! memory, and the suite that every adapter of a port must pass.

pub mod conformance;
pub mod dice;
pub mod history;
pub mod memory;
pub mod plans;
pub mod sample;
pub mod services;
pub mod sharing;
pub mod workload;
