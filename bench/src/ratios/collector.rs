//! A collector of traces that takes whatever it is sent, and keeps nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// See the module; ends when it goes out of scope.
pub(super) struct Collector {
    pub(super) address: SocketAddr,
    requests: Arc<AtomicU64>,
    _accepting: JoinSet<()>,
}

impl Collector {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, requests) = (listener.local_addr()?, Arc::new(AtomicU64::new(0)));
        let (counted, mut accepting) = (Arc::clone(&requests), JoinSet::new());
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                // A connection ends with its node.
                connections.spawn(async move { serve(stream, &counted).await.ok() });
            }
        });
        Ok(Self { address, requests, _accepting: accepting })
    }

    /// Requests that were answered.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn serve(stream: TcpStream, counted: &AtomicU64) -> anyhow::Result<()> {
    let (mut stream, mut line, mut body) = (BufReader::new(stream), String::new(), Vec::new());
    loop {
        let mut length = None;
        loop {
            line.clear();
            anyhow::ensure!(stream.read_line(&mut line).await? > 0, "the node has gone");
            let Some((name, value)) = line.split_once(':') else {
                if line == "\r\n" {
                    break;
                }
                continue;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            }
        }
        body.resize(length.context("no length")?, 0);
        stream.read_exact(&mut body).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await?;
        counted.fetch_add(1, Ordering::Relaxed);
    }
}
