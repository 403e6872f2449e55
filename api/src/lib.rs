//! The tiketi server: REST, WebSocket, the web app, and the commands around them.
//!
//! [`cli`] parses, [`commands`] run, [`bootstrap`] puts the parts together and is the only place
//! that knows which adapters there are. A request passes [`middleware`], a handler of [`http`]
//! that extracts, asks the engine and converts, and [`problem`], where every error becomes an
//! answer. What is on the wire is in [`wire`]. Live frames go through [`ws`], errands of other nodes
//! through [`peers`]. What those see who run an on-sale is in [`ops`], what they prepare is judged in [`programme`]. What happens behind the sales is in [`workers`].

pub mod bootstrap;
pub mod cli;
pub mod commands;
pub mod config;
pub mod problem;
pub mod wire;

mod asyncapi;
mod auth;
mod catalog;
mod clock;
mod demo;
mod disk;
mod http;
mod image;
mod metrics;
mod middleware;
mod openapi;
mod ops;
mod payments;
mod peers;
mod programme;
mod roster;
mod server;
mod state;
mod task;
mod telemetry;
mod ticket_code;
mod trace;
mod workers;
mod ws;
