//! Who sends a request, for handlers.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use tiketi_engine::domain::command::Origin;
use tiketi_engine::domain::ids::{AccountId, DeedNumber};
use tiketi_engine::ports::Role;

use super::tokens::Identity;
use crate::middleware::cost;
use crate::problem::Problem;
use crate::state::AppState;

/// Somebody who may be signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MaybeSignedIn(pub(crate) Option<Identity>);

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedIn(pub(crate) Identity);

impl SignedIn {
    /// The account in its part as a fan.
    pub(crate) fn fan(self) -> AccountId {
        self.0.account
    }

    /// As the engine names it.
    pub(crate) fn origin(self) -> Origin {
        Origin::Fan(self.0.account)
    }
}

/// Somebody who may see how sales and nodes do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer;

/// Somebody who may run sales.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operator(pub(crate) AccountId);

/// Somebody who may say who may do what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Administrator(pub(crate) AccountId);

impl Operator {
    /// As the engine names it, with the deed that it does.
    pub(crate) fn origin(self, deed: DeedNumber) -> Origin {
        Origin::Operator(self.0, Some(deed))
    }
}

/// A bot in the rehearsal that a request is about; the middleware makes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bot(pub(crate) AccountId);

impl FromRequestParts<AppState> for MaybeSignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        if let Some(Bot(account)) = parts.extensions.get() {
            return Ok(Self(Some(Identity { account: *account, role: Role::Fan })));
        }
        let token = state.cookies.access(&parts.headers);
        Ok(Self(token.and_then(|token| state.access.check(token, state.clock.now()))))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Ok(MaybeSignedIn(identity)) = MaybeSignedIn::from_request_parts(parts, state).await;
        let identity = identity.ok_or_else(Problem::not_signed_in)?;
        let is_bot = parts.extensions.get::<Bot>().is_some();
        let cost = cost(&parts.method, parts.extensions.get::<MatchedPath>());
        if let Some(cost) = cost.filter(|_| !is_bot) {
            state.rates.account(identity.account, cost)?;
        }
        Ok(Self(identity))
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        at_least(Role::Operator, parts, state).await.map(|who| Self(who.account))
    }
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        at_least(Role::Viewer, parts, state).await.map(|_| Self)
    }
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        at_least(Role::Administrator, parts, state).await.map(|who| Self(who.account))
    }
}

async fn at_least(least: Role, parts: &mut Parts, state: &AppState) -> Result<Identity, Problem> {
    let SignedIn(identity) = SignedIn::from_request_parts(parts, state).await?;
    if identity.role >= least { Ok(identity) } else { Err(Problem::forbidden()) }
}
