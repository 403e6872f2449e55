//! Load and micro benchmarks of tiketi.
//!
//! What is measured here is stated as ratios within one run, or per core or socket; machines
//! differ.

pub mod all;
pub mod audit;
pub mod baseline;
pub mod cli;
pub mod cluster;
pub mod compare;
pub mod crowd;
pub mod dashboard;
pub mod exit;
pub mod faults;
mod html;
mod live;
pub mod load;
mod machine;
pub mod ratios;
pub mod scenario;
pub mod sellout;
pub mod signals;
mod size;
pub mod sockets;
mod stage;
mod usage;
pub mod waiting_room;
