//! Between the nodes of a cluster: errands for the owner of an event.
//!
//! One HTTP/2 connection between two nodes; `POST /node/v1` with a [`Call`] as postcard, answered
//! with a `Result<Told, Missed>`. `POST /node/v1/report` asks a node about itself, and no event,
//! `POST /node/v1/order` has it step back or own events again, `POST /node/v1/letters` has a worker
//! read or replay dead letters. Both ways the body is signed with the nodes' common key
//! (HMAC-SHA256, RFC 2104), the answer over the question's signature, so that neither can be
//! forged or given to another question. The time is signed too, so that a question cannot be sent
//! again after half a minute. A second key may be valid, so that the key can be replaced.
//!
//! [`Call`]: tiketi_engine::errand::Call

mod client;
mod server;
mod signature;

pub(crate) use client::HttpPeers;
pub(crate) use server::router;
pub(crate) use signature::NodeKeys;

/// Where errands are posted.
const PATH: &str = "/node/v1";
/// Where a node is asked how it does.
const REPORT_PATH: &str = "/node/v1/report";
/// Where a node is told to do something with itself.
const ORDER_PATH: &str = "/node/v1/order";
/// Where a worker is asked for dead letters.
const LETTERS_PATH: &str = "/node/v1/letters";
/// The signature of a question or an answer.
const SIGNATURE: &str = "x-tiketi-signature";
/// When a question was asked, in milliseconds since 1970, by the cluster's clock.
const ASKED_AT: &str = "x-tiketi-asked-at";
/// How long whoever asks will wait, in milliseconds.
const WITHIN: &str = "x-tiketi-within";
/// Bytes of a question or an answer.
const BODY_MAX: usize = 4 * 1024 * 1024;
