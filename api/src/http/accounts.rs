//! Accounts and sessions.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tiketi_engine::domain::ids::AccountId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Account, Accounts, RefreshToken, Role, Rotation, StoreError};

use super::deeds::{Doing, logged};
use super::extract::Body;
use crate::auth::tokens::{Identity, opaque_token, token_hash};
use crate::auth::{Administrator, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::accounts::{
    NewAccount, RegisterBody, SessionView, SetupBody, SetupLinkBody, SetupLinkView, SignInBody,
    normal_email,
};

/// Make an account and sign in.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = RegisterBody,
    responses((status = 201, body = SessionView), (status = 409, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn register(
    State(state): State<AppState>,
    Body(body): Body<RegisterBody>,
) -> Result<Response, Problem> {
    let new = NewAccount::check(&body.email, &body.name, body.password)?;
    let account = add(&state, new, Role::Fan).await?;
    begin(&state, &account, StatusCode::CREATED).await
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/session", tag = "accounts", request_body = SignInBody,
    responses((status = 200, body = SessionView), (status = 401, body = ProblemDetails)))]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Body(body): Body<SignInBody>,
) -> Result<Response, Problem> {
    let account = match normal_email(&body.email) {
        Some(email) => state.accounts.by_email(&email).await?,
        None => None,
    };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = state.passwords.verify(body.password, hash).await?;
    match account.filter(|_| fits) {
        Some(account) => begin(&state, &account, StatusCode::OK).await,
        None => Err(Problem::wrong_credentials()),
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "accounts",
    responses((status = 200, body = SessionView), (status = 401, body = ProblemDetails)))]
pub(super) async fn session(
    State(state): State<AppState>,
    who: SignedIn,
) -> Result<Json<SessionView>, Problem> {
    let account = state.accounts.by_id(who.fan()).await?;
    account.map(|account| Json((&account).into())).ok_or_else(Problem::session_over)
}

/// Trade the refresh token for the next one and a new access token. One that was traded before
/// ends its session.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "accounts",
    responses((status = 200, body = SessionView), (status = 401, body = ProblemDetails)))]
pub(super) async fn refresh(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let old = state.cookies.refresh(&headers).ok_or_else(Problem::not_signed_in)?;
    let (next, next_hash) = opaque_token();
    let now = state.clock.now();
    match state.accounts.rotate(token_hash(old), next_hash, now).await? {
        Rotation::Rotated { account, expires_at } => {
            let account = state.accounts.by_id(account).await?;
            let account = account.ok_or_else(Problem::session_over)?;
            hand_out(&state, &account, (&next, expires_at.since(now)), StatusCode::OK)
        }
        Rotation::Reused | Rotation::Unknown => {
            let mut response = Problem::session_over().into_response();
            state.cookies.clear(response.headers_mut());
            Ok(response)
        }
    }
}

/// Sign out: the session is over everywhere.
#[utoipa::path(delete, path = "/api/v1/session", tag = "accounts", responses((status = 204)))]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = state.cookies.refresh(&headers) {
        state.accounts.end_session(token_hash(token)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    state.cookies.clear(response.headers_mut());
    Ok(response)
}

/// Make the account that a link is for, once.
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", request_body = SetupBody,
    responses((status = 201, body = SessionView), (status = 403, body = ProblemDetails)))]
pub(super) async fn set_up(
    State(state): State<AppState>,
    Body(body): Body<SetupBody>,
) -> Result<Response, Problem> {
    let new = NewAccount::check(&body.email, &body.name, body.password)?;
    if state.accounts.by_email(&new.email).await?.is_some() {
        return Err(Problem::email_taken());
    }
    let hash = token_hash(&body.token);
    let role = state.accounts.use_setup_link(hash, state.clock.now()).await?;
    let account = add(&state, new, role.ok_or_else(Problem::setup_link_used)?).await?;
    begin(&state, &account, StatusCode::CREATED).await
}

/// Make a link with which somebody becomes a viewer, an operator or an administrator.
#[utoipa::path(post, path = "/api/v1/operator/setup-links", tag = "operators",
    request_body = SetupLinkBody,
    responses((status = 201, body = SetupLinkView), (status = 403, body = ProblemDetails)))]
pub(super) async fn make_setup_link(
    State(state): State<AppState>,
    administrator: Administrator,
    Body(body): Body<SetupLinkBody>,
) -> Result<(StatusCode, Json<SetupLinkView>), Problem> {
    let role: Role = body.role.into();
    let doing = Doing {
        by: administrator.0,
        event: None,
        action: "make_setup_link",
        target: role.as_str().to_owned(),
        reason: String::new(),
    };
    let making = async {
        let (accounts, now) = (&*state.accounts, state.clock.now());
        setup_link(accounts, role, &state.operators_url, now).await.map_err(Problem::from)
    };
    let url = logged(&state, doing, making).await?;
    Ok((StatusCode::CREATED, Json(SetupLinkView { url })))
}

/// How long a link that gives a role is good for.
const SETUP_LINK_TTL: Duration = Duration::from_mins(30);

/// A link that makes one account with a role, in place of older ones.
pub(crate) async fn setup_link(
    accounts: &dyn Accounts,
    role: Role,
    operators_url: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let (token, hash) = opaque_token();
    accounts.put_setup_link(hash, role, now.after(SETUP_LINK_TTL)).await?;
    // After the sign of a fragment, so that no server or log ever sees the token.
    Ok(format!("{operators_url}/setup#{token}"))
}

async fn add(state: &AppState, new: NewAccount, role: Role) -> Result<Account, Problem> {
    let password_hash = state.passwords.hash(new.password).await?;
    let created_at = state.clock.now();
    let (email, name) = (new.email, new.name);
    let id = AccountId::new(crate::bootstrap::new_id(created_at));
    let account = Account { id, email, name, role, password_hash, created_at };
    match state.accounts.add(&account).await {
        Ok(()) => Ok(account),
        Err(StoreError::Exists("email")) => Err(Problem::email_taken()),
        Err(error) => Err(error.into()),
    }
}

async fn begin(
    state: &AppState,
    account: &Account,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (token, hash) = opaque_token();
    let expires_at = state.clock.now().after(state.refresh_ttl);
    let session = rand::random();
    let refresh = RefreshToken { hash, session, account: account.id, expires_at };
    state.accounts.begin_session(&refresh).await?;
    hand_out(state, account, (&token, state.refresh_ttl), status)
}

fn hand_out(
    state: &AppState,
    account: &Account,
    refresh: (&str, Duration),
    status: StatusCode,
) -> Result<Response, Problem> {
    let identity = Identity { account: account.id, role: account.role };
    let access = state.access.issue(identity, state.clock.now());
    let access = access.ok_or_else(Problem::session_over)?;
    let mut response = (status, Json(SessionView::from(account))).into_response();
    state.cookies.set(response.headers_mut(), (&access, state.access.ttl()), refresh);
    Ok(response)
}
