//! A small front before several nodes: connections go round, past nodes that are not there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Accepts connections and gives each to the next node that takes it; never returns.
pub async fn front(listener: TcpListener, nodes: Vec<SocketAddr>) {
    let mut connections = JoinSet::new();
    let (nodes, next) = (Arc::new(nodes), Arc::new(AtomicUsize::new(0)));
    loop {
        let Ok((mut fan, _)) = listener.accept().await else { continue };
        let (nodes, first) = (Arc::clone(&nodes), next.fetch_add(1, Ordering::Relaxed));
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            for turn in 0..nodes.len() {
                let node = nodes[(first + turn) % nodes.len()];
                if let Ok(mut node) = TcpStream::connect(node).await {
                    // However it ends, both sides are closed by then.
                    copy_bidirectional(&mut fan, &mut node).await.ok();
                    return;
                }
            }
        });
    }
}
