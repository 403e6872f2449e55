//! Bodies and keys of requests.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tiketi_engine::domain::command::{Command, Origin, Request as EngineRequest, RequestKey};

use crate::auth::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The largest body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes = read(request, state).await?;
        if json { parse(&bytes).map(Self) } else { Err(Problem::wrong_media_type()) }
    }
}

/// A body of a signed-in account's request with the key that makes repeats harmless: header
/// `Idempotency-Key`, 1 to 255 visible ASCII characters. The key is bound to the account; its
/// fingerprint covers method, path and body.
#[derive(Debug)]
pub(crate) struct Keyed<T> {
    pub(crate) who: SignedIn,
    pub(crate) key: Option<RequestKey>,
    pub(crate) body: T,
}

/// No body, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T> Keyed<T> {
    /// A fan's request to the engine.
    pub(crate) fn as_fan(&self, command: Command) -> EngineRequest {
        EngineRequest { by: self.who.origin(), key: self.key, command }
    }

    /// An operator's request to the engine; the caller has checked that it is one.
    pub(crate) fn as_operator(&self, command: Command) -> EngineRequest {
        let by = Origin::Operator(self.who.fan(), None);
        EngineRequest { by, key: self.key, command }
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let who = SignedIn::from_request_parts(&mut parts, state).await?;
        let header = key_of(&parts.headers)?.map(str::to_owned);
        let json = is_json(&parts.headers);
        let about = format!("{} {}", parts.method, parts.uri.path());
        let bytes = read(Request::from_parts(parts, body), state).await?;
        if !json && !bytes.is_empty() {
            return Err(Problem::wrong_media_type());
        }
        let key = header.map(|header| request_key(who, &header, &about, &bytes));
        let body = parse(if bytes.is_empty() { b"{}" } else { &bytes })?;
        Ok(Self { who, key, body })
    }
}

async fn read(request: Request, state: &AppState) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error)
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            Problem::body_too_large(BODY_BYTES_MAX)
        }
        other => Problem::malformed_body(other.to_string()),
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Problem::malformed_body(error.to_string()))
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(first) = values.next() else { return Ok(None) };
    let text = first.to_str().map_err(|_| Problem::malformed_key())?;
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if values.next().is_some() || !(1..=255).contains(&text.len()) || !visible {
        return Err(Problem::malformed_key());
    }
    Ok(Some(text))
}

fn request_key(who: SignedIn, header: &str, about: &str, body: &[u8]) -> RequestKey {
    let account = who.fan().number().to_be_bytes();
    let key = Sha256::new().chain_update(account).chain_update(header).finalize();
    let asked = Sha256::new().chain_update(about).chain_update([0]).chain_update(body).finalize();
    let (mut high, mut low) = ([0; 16], [0; 8]);
    high.copy_from_slice(&key[..16]);
    low.copy_from_slice(&asked[..8]);
    RequestKey { key: u128::from_be_bytes(high), fingerprint: u64::from_be_bytes(low) }
}

/// A page of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Where the last page ended: its `next`.
    pub(crate) cursor: Option<String>,
    /// How many: 1 to 100.
    pub(crate) limit: Option<u32>,
}

impl PageQuery {
    /// How many, 20 unless said.
    pub(crate) fn limit(&self) -> Result<u32, Problem> {
        let limit = self.limit.unwrap_or(20);
        let lawful = (1..=100).contains(&limit);
        if lawful { Ok(limit) } else { Err(Problem::malformed_query("limit must be 1 to 100")) }
    }
}

/// A query string.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &AppState,
    ) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|query| Self(query.0))
            .map_err(|error| Problem::malformed_query(error.body_text()))
    }
}
