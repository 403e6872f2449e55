//! Memory of the server process per idle live socket.
//!
//! Opens sockets to one event, lets each catch up, and compares the process's resident memory
//! before and after. A first tenth warms the allocator up and is not counted.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use tiketi_engine::domain::ids::{Fence, Seq};
use tiketi_engine::feed::frame::{ClientFrame, ServerFrame};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::usage::resident_kb;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub server: SocketAddr,
    /// The event to watch.
    #[arg(long)]
    pub event: String,
    /// The server's process id.
    #[arg(long)]
    pub pid: u32,
    /// How many sockets to count.
    #[arg(long, default_value_t = 5_000)]
    pub sockets: usize,
}

type Socket = WebSocketStream<TcpStream>;

/// Measures and prints one line.
///
/// # Errors
/// If a socket cannot be opened, or the process's memory cannot be read.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let each = kb_each(args).await?;
    writeln!(io::stdout(), "{} sockets: {each:.2} KB each", args.sockets)?;
    Ok(())
}

/// Measures: KB of the server's memory for each socket.
///
/// # Errors
/// As [`run`].
pub async fn kb_each(args: &Args) -> anyhow::Result<f64> {
    ensure!(args.server.ip().is_loopback(), "the server must be on this machine");
    let mut open = Vec::with_capacity(args.sockets + args.sockets / 10);
    for _ in 0..args.sockets / 10 {
        open.push(connect(args).await?);
    }
    let before = resident_kb(args.pid)?;
    for _ in 0..args.sockets {
        open.push(connect(args).await?);
    }
    let after = resident_kb(args.pid)?;
    Ok((after - before) / f64::from(u32::try_from(args.sockets)?))
}

async fn connect(args: &Args) -> anyhow::Result<Socket> {
    let stream = TcpStream::connect(args.server).await?;
    let url = format!("ws://{}/api/v1/events/{}/live", args.server, args.event);
    let config = WebSocketConfig::default().read_buffer_size(1_024);
    let (mut socket, _) = client_async_with_config(url, stream, Some(config)).await?;
    let resume = ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) };
    socket.send(Message::binary(resume.encode())).await?;
    loop {
        match socket.next().await.context("closed by the server")?? {
            Message::Binary(bytes) => {
                if let Ok(ServerFrame::Snapshot { .. }) = ServerFrame::decode(&bytes) {
                    return Ok(socket);
                }
            }
            Message::Close(close) => bail!("closed by the server: {close:?}"),
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}
