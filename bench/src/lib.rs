//! Load and micro benchmarks of the engine.
//!
//! What is measured here is stated as ratios within one run, or per core; machines differ.

pub mod crowd;
