//! From a request to a socket: the handshake (RFC 6455 §4.2) that every live address shares.

use std::future::Future;

use axum::extract::Request;
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::middleware::is_own;
use crate::problem::Problem;
use crate::server::Place;
use crate::state::AppState;
use crate::task::Tasks;

/// A lawful request for a socket, from a page of our own.
pub(super) struct Handshake {
    accept: String,
}

/// A socket, and what was read of it beyond the handshake.
pub(super) type Opened = (TcpStream, Vec<u8>);

impl Handshake {
    pub(super) fn check(headers: &HeaderMap, state: &AppState) -> Result<Self, Problem> {
        let accept = accept_key(headers)?;
        if is_own(headers, state) { Ok(Self { accept }) } else { Err(Problem::cross_site()) }
    }

    /// Takes the socket out of the request; it has to be accepted then.
    pub(super) fn upgrade(self, request: &mut Request) -> Result<Upgrade, Problem> {
        let extensions = request.extensions_mut();
        let coming = extensions.remove::<OnUpgrade>().ok_or_else(Problem::not_a_websocket)?;
        Ok(Upgrade { accept: self.accept, coming, place: extensions.remove::<Place>() })
    }
}

/// A socket that is on its way.
pub(super) struct Upgrade {
    accept: String,
    coming: OnUpgrade,
    place: Option<Place>,
}

impl Upgrade {
    /// Answers the handshake and has a task serve the socket; it is told `None` if the socket did
    /// not come.
    pub(super) fn accept<F: Future<Output = ()> + Send>(
        self,
        tasks: &Tasks,
        serve: impl FnOnce(Option<Opened>) -> F + Send + 'static,
    ) -> Response {
        let Self { accept, coming, place } = self;
        tasks.spawn("socket", async move {
            serve(coming.await.ok().and_then(into_stream)).await;
            drop(place);
        });
        let headers = [
            (CONNECTION, "upgrade".to_owned()),
            (UPGRADE, "websocket".to_owned()),
            (SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// What was read is copied, because the library's buffer of 8 KiB would live as long as any part
/// of it.
fn into_stream(upgraded: Upgraded) -> Option<Opened> {
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some((parts.io.into_inner(), parts.read_buf.to_vec()))
}

fn accept_key(headers: &HeaderMap) -> Result<String, Problem> {
    let is = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|v| v.trim().eq_ignore_ascii_case(wanted))
    };
    let lawful =
        is(CONNECTION, "upgrade") && is(UPGRADE, "websocket") && is(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| lawful && key.len() == 24);
    key.map(|key| derive_accept_key(key.as_bytes())).ok_or_else(Problem::not_a_websocket)
}
