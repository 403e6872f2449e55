//! Memory of the server process for each live socket that is idle, in a new process each round.

use std::path::Path;

use super::figure::{Figure, Goal};
use crate::cluster::Services;
use crate::size::Size;
use crate::sockets;
use crate::stage::Node;

const PLACES: usize = 20_000;
/// Sockets that are counted; a tenth more warms the process up.
const SOCKETS: usize = 5_000;

/// Measures.
///
/// # Errors
/// If the node does not start or refuses a socket.
pub(super) async fn measure(
    services: &Services,
    tiketi: &Path,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let mut node = Node::start(services, tiketi, PLACES).await?;
    let event = node.stage.event(1, 0).await?.id.to_string();
    let sockets = size.pick(SOCKETS, 100);
    let mut all = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        node.restart().await?;
        let (server, pid) = (node.address(), node.pid()?);
        let args = sockets::Args { server, event: event.clone(), pid, sockets };
        all.push(sockets::kb_each(&args).await?);
    }
    node.stop().await?;
    Ok(vec![Figure {
        key: "idle_socket_kb",
        title: "Memory of an idle live socket in the server, session included",
        unit: " KB",
        goal: Goal::AtMost(5.0, 2.0),
        rounds: all,
        parts: Vec::new(),
    }])
}
