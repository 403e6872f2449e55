//! Live frames: one hub for each event that somebody watches, one small connection for each
//! socket.
//!
//! A hub's task follows the event ([`tiketi_engine::engine::Watch`]) and writes each frame, framed
//! once for the wire, to all its sockets. A socket that cannot take it keeps a bounded backlog; one
//! that falls behind is given a fresh snapshot as soon as it can take one, never the backlog. A [`watch`]er only listens, and is sent what is latest.

mod connection;
mod hub;
mod socket;
mod watcher;

pub(crate) use connection::framed_text;
pub(crate) use hub::Hub;
pub(crate) use socket::{SocketMetrics, serve};
pub(crate) use watcher::watch;
