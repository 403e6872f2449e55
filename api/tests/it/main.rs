//! The real binary, over HTTP, WebSocket and the command line.
#![cfg(test)]

mod accounts;
mod acts;
mod backup;
mod bad_input;
mod collector;
mod commands;
mod crash;
mod dead_letters;
mod fail_fast;
mod harness;
mod http;
mod live;
mod logs;
mod ops;
mod programme;
mod purchase;
mod rebalance;
mod rehearsals;
mod replay;
mod roster;
mod sales;
mod same;
mod secrets;
mod top;
mod traces;
