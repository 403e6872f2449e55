//! The contract between the edge and this server, all of it.
//!
//! The edge is the proxy that fans reach. With each request it sends, once each,
//!
//! - `X-Edge-Auth`: the bytes of the key `edge` as 64 hexadecimal digits in lower case,
//! - `X-Client-IP`: the address that the request came to it from,
//!
//! in place of whatever its clients sent under these names. Whatever does not prove so that it comes
//! from the edge is refused, whatever else it says. A second key is accepted beside the first, and
//! both are read again when they change, so that replacing one refuses nobody: first the new one as
//! `edge.second.key` here, then at the edge, then as `edge.key` here, then without the old one.
//!
//! Where no edge is required, both headers are ignored, and a request comes from where its
//! connection does.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;

use crate::auth::keys::{Key, KeyError, KeyFolder};
use crate::problem::Problem;

const AUTH: HeaderName = HeaderName::from_static("x-edge-auth");
const CLIENT: HeaderName = HeaderName::from_static("x-client-ip");
/// How often the keys are read again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The other side of the connection that a request came by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Whom a request comes from, as far as that is proven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) IpAddr);

/// What the edge has to prove. Clones are the same.
#[derive(Clone)]
pub(crate) enum Edge {
    /// There is none.
    Off,
    /// That it has one of the keys: the key in use, and the second one.
    Required(Arc<RwLock<(Key, Option<Key>)>>),
}

impl Edge {
    /// Requires the key of a folder.
    ///
    /// # Errors
    /// If it is not there, or is no key.
    pub(crate) fn required(keys: &KeyFolder) -> Result<Self, KeyError> {
        Ok(Self::Required(Arc::new(RwLock::new(keys.load("edge")?))))
    }

    /// Whom a request comes from.
    ///
    /// # Errors
    /// That it does not prove that it comes from the edge.
    fn client(&self, headers: &HeaderMap, peer: SocketAddr) -> Result<IpAddr, Problem> {
        let Self::Required(keys) = self else { return Ok(peer.ip().to_canonical()) };
        let proof = only(headers, &AUTH).and_then(digits).ok_or_else(Problem::edge_only)?;
        let (current, second) = *keys.read().unwrap_or_else(PoisonError::into_inner);
        let is_current = proof.ct_eq(&current);
        let is_second = second.map_or(0.into(), |second| proof.ct_eq(&second));
        if !bool::from(is_current | is_second) {
            return Err(Problem::edge_only());
        }
        let address = only(headers, &CLIENT).and_then(|address| address.parse::<IpAddr>().ok());
        Ok(address.ok_or_else(Problem::edge_only)?.to_canonical())
    }
}

/// The value of a header that is there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// A key as its hexadecimal digits say it.
fn digits(text: &str) -> Option<Key> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut key = Key::default();
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != key.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in key.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(key)
}

/// Refuses what does not come from the edge, and says whom the rest comes from. No handler sees
/// what others claim about that.
pub(crate) async fn from_edge(
    State(edge): State<Edge>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() else {
        return Problem::edge_only().into_response();
    };
    let client = match edge.client(request.headers(), peer) {
        Ok(client) => client,
        Err(problem) => return problem.into_response(),
    };
    request.headers_mut().remove(AUTH);
    request.headers_mut().remove(CLIENT);
    request.extensions_mut().insert(Client(client));
    next.run(request).await
}

/// Reads the keys again until it is stopped. While they cannot be read, those from before are good.
pub(crate) async fn follow_edge(edge: Edge, keys: KeyFolder, stopping: CancellationToken) {
    let Edge::Required(accepted) = edge else { return };
    let mut broken = false;
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        match keys.load("edge") {
            Ok(now) => {
                let mut accepted = accepted.write().unwrap_or_else(PoisonError::into_inner);
                if *accepted != now {
                    *accepted = now;
                    tracing::info!(
                        second = now.1.is_some(),
                        "the keys of the edge were read again"
                    );
                }
                broken = false;
            }
            Err(error) => {
                if !broken {
                    tracing::warn!(%error, "the keys of the edge stay as they were");
                }
                broken = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = *b"\x00\x9f0123456789abcdefghijklmnopqrst";

    fn hex(key: &Key) -> String {
        key.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    #[test]
    fn whom_a_request_comes_from_is_believed_of_the_edge_alone() {
        let second: Key = std::array::from_fn(|at| 7 * u8::try_from(at).unwrap());
        let edge = Edge::Required(Arc::new(RwLock::new((KEY, Some(second)))));
        let (right, other) = (hex(&KEY), hex(&second));
        let named = |name: &'static str, value: &str| (name, value.to_owned());
        let client = named("x-client-ip", "203.0.113.7");
        let cases = [
            (vec![named("x-edge-auth", &right), client.clone()], Some("203.0.113.7")),
            (vec![named("x-edge-auth", &other), client.clone()], Some("203.0.113.7")),
            (
                vec![named("x-edge-auth", &right), named("x-client-ip", "::ffff:203.0.113.7")],
                Some("203.0.113.7"),
            ),
            (vec![client.clone()], None),
            (vec![named("x-edge-auth", ""), client.clone()], None),
            (vec![named("x-edge-auth", &right.to_uppercase()), client.clone()], None),
            (vec![named("x-edge-auth", &right[..62]), client.clone()], None),
            (vec![named("x-edge-auth", &format!("{right}0")), client.clone()], None),
            (vec![named("x-edge-auth", &format!("{right},{right}")), client.clone()], None),
            (
                vec![named("x-edge-auth", &right), named("x-edge-auth", &right), client.clone()],
                None,
            ),
            (vec![named("x-edge-auth", &right)], None),
            (vec![named("x-edge-auth", &right), client.clone(), client.clone()], None),
            (vec![named("x-edge-auth", &right), named("x-client-ip", "203.0.113.7:1")], None),
        ];
        let peer = SocketAddr::from(([127, 0, 0, 1], 5_000));
        for (headers, expected) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(*name, value.parse().unwrap());
            }
            let client = edge.client(&map, peer).ok().map(|client| client.to_string());
            assert_eq!(client.as_deref(), expected, "{headers:?}");
            assert_eq!(Edge::Off.client(&map, peer).ok(), Some(peer.ip()), "{headers:?}");
        }
    }
}
