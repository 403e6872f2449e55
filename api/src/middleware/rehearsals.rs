//! Rehearsals, apart from everything else: who finds them, and what bots find.
//!
//! Fans find no rehearsal: what is one is not there for them, whatever they know of it. Bots find
//! theirs alone: their token says nothing where a path is not about that event.

use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tiketi_engine::domain::ids::{AccountId, EventId};
use tiketi_engine::ports::Role;

use crate::auth::cookies::Cookies;
use crate::auth::{Bot, MaybeSignedIn};
use crate::http::ids;
use crate::problem::Problem;
use crate::state::AppState;

/// Bots' numbers begin here: an account gets none of them before the year 2054.
const BOTS_FROM: u64 = 1 << 62;

/// Finds out whether a request comes from a bot of the rehearsal that it is about.
pub(crate) async fn know_bots(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(bot) = bot(&mut parts, &state).await {
        parts.extensions.insert(bot);
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn bot(parts: &mut Parts, state: &AppState) -> Option<Bot> {
    let (number, token) = Cookies::bot(&parts.headers)?;
    let number: u64 = number.parse().ok()?;
    let rehearsal = state.access.check_bots(token, state.clock.now())?;
    let events = events_of(parts, state).await;
    let own = !events.is_empty() && events.iter().all(|event| *event == rehearsal);
    (own && number >= BOTS_FROM).then(|| Bot(AccountId::new(number)))
}

/// Lets nobody find a rehearsal but its bots and those who may see how sales do.
pub(crate) async fn rehearsals_apart(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut apart = false;
    for event in events_of(&mut parts, &state).await {
        match state.shelf.event(event).await {
            Ok(shelved) => apart |= shelved.is_some_and(|shelved| shelved.rehearsal),
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    if !apart {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(MaybeSignedIn(who)) = MaybeSignedIn::from_request_parts(&mut parts, &state).await;
    let is_bot = parts.extensions.get::<Bot>().is_some();
    if !is_bot && who.is_none_or(|who| who.role < Role::Viewer) {
        return Problem::unknown("event").into_response();
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The events that the path of a request is about.
async fn events_of(parts: &mut Parts, state: &AppState) -> Vec<EventId> {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else {
        return Vec::new();
    };
    params.iter().filter_map(|(name, text)| ids::event_of(name, text)).collect()
}
