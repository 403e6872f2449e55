//! The Postgres adapter on a real server, which `TIKETI_TEST_POSTGRES` names. Each test makes a
//! database of its own and drops it.
#![cfg(test)]

mod fencing;
mod harness;
mod network;
mod rehearsals;
mod roles;
mod schema;
mod suite;
mod work;
