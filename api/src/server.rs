//! Listeners: accept, bound, time out, drain.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::http::router;
use crate::middleware::{
    Edge, HttpMetrics, Peer, answer, from_edge, in_time, know_bots, no_operators, one_host,
    rehearsals_apart, same_site, within_rate,
};
use crate::state::AppState;
use crate::task::Tasks;

/// How long a connection may be silent before its first byte, and its headers may take.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Header bytes of one request.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Header fields of one request.
const HEADERS_MAX: usize = 64;
/// Errands of one other node that run at the same time.
const STREAMS_MAX: u32 = 16_384;
/// How long to wait before accepting again when the system has no descriptor left.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Whom a listener is for.
#[derive(Clone)]
pub(crate) enum Door {
    /// Everybody.
    All(Edge),
    /// Fans: what is for operators is not found there.
    Fans(Edge),
    /// Operators, who do not come through the edge.
    Operators,
}

/// The REST interface with everything that a request passes.
pub(crate) fn app(
    state: AppState,
    metrics: HttpMetrics,
    request_timeout: Duration,
    door: Door,
) -> Router {
    let (edge, router) = match door {
        Door::All(edge) => (edge, router()),
        Door::Fans(edge) => (edge, router().layer(from_fn(no_operators))),
        Door::Operators => (Edge::Off, router()),
    };
    router
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(from_fn_with_state(state.clone(), rehearsals_apart))
        .layer(from_fn_with_state(state.clone(), same_site))
        .layer(from_fn_with_state(request_timeout, in_time))
        .layer(from_fn_with_state(state.clone(), within_rate))
        .layer(from_fn_with_state(state.clone(), know_bots))
        .layer(from_fn(one_host))
        .layer(from_fn_with_state(edge, from_edge))
        .layer(from_fn_with_state(metrics, answer))
        .with_state(state)
}

/// Who is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Anybody: HTTP/1.1 with upgrades.
    Http1,
    /// Other nodes: HTTP/2 without TLS, known beforehand.
    Http2,
}

/// Serves a router until the tasks are stopped: open requests are finished, idle connections
/// closed.
pub(crate) async fn serve(
    listener: TcpListener,
    protocol: Protocol,
    app: Router,
    tasks: Tasks,
    connections_max: usize,
) {
    let room = Arc::new(Semaphore::new(connections_max));
    loop {
        let accepted = tokio::select! {
            () = tasks.stopping().cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Without a place left, closing at once is the refusal.
                let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
                let (app, stopping) = (app.clone(), tasks.stopping().clone());
                tasks.spawn("connection", async move {
                    let place = Place { _permit: Arc::new(place) };
                    connection(stream, protocol, peer, app, place, stopping).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// A connection's share of the bound on open ones. A live socket takes it along when it outlives
/// the HTTP connection that it was made of.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Given back when the last clone is gone.
    _permit: Arc<OwnedSemaphorePermit>,
}

async fn connection(
    stream: TcpStream,
    protocol: Protocol,
    peer: SocketAddr,
    app: Router,
    place: Place,
    stopping: tokio_util::sync::CancellationToken,
) {
    // A connection that never sends a byte is not the HTTP library's to notice.
    let first_byte = timeout(HEADERS_WITHIN, stream.readable());
    tokio::select! {
        () = stopping.cancelled() => return,
        readable = first_byte => if !matches!(readable, Ok(Ok(()))) { return },
    }
    let service =
        TowerToHyperService::new(app.map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(place.clone());
            request.extensions_mut().insert(Peer(peer));
            request
        }));
    let stream = TokioIo::new(stream);
    let ended = match protocol {
        Protocol::Http1 => {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(HEADERS_WITHIN)
                .max_headers(HEADERS_MAX)
                .max_buf_size(HEADER_BYTES_MAX);
            let serving = http.serve_connection(stream, service).with_upgrades();
            drive(serving, http1::UpgradeableConnection::graceful_shutdown, &stopping).await
        }
        Protocol::Http2 => {
            let mut http = http2::Builder::new(TokioExecutor::new());
            http.timer(TokioTimer::new()).adaptive_window(true).max_concurrent_streams(STREAMS_MAX);
            let serving = http.serve_connection(stream, service);
            drive(serving, http2::Connection::graceful_shutdown, &stopping).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

/// Until the connection has ended; after the tasks are stopped it ends once it is idle.
async fn drive<C: Future>(
    serving: C,
    wind_up: impl FnOnce(Pin<&mut C>),
    stopping: &tokio_util::sync::CancellationToken,
) -> C::Output {
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => ended,
        () = stopping.cancelled() => {
            wind_up(serving.as_mut());
            serving.await
        }
    }
}

/// Binds an address, or says what to do.
pub(crate) async fn bind(address: SocketAddr, setting: &str) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let text = format!("cannot listen on {address}: {error}; choose another with {setting}");
        io::Error::new(error.kind(), text)
    })
}
