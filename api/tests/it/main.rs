//! The real binary, over HTTP, WebSocket and the command line.
#![cfg(test)]

mod accounts;
mod bad_input;
mod commands;
mod crash;
mod harness;
mod http;
mod live;
mod purchase;
