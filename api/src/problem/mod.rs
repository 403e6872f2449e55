//! Every error as an answer: problem details (RFC 9457) with a stable code.
//!
//! HTTP status codes appear in this file and nowhere else. A handler returns a [`Problem`]; the
//! outermost middleware renders it with the id of its request, and makes one of any bare error
//! that a library answered with.

mod codes;

pub(crate) use codes::page;

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiketi_engine::domain::ids::{EventId, IdError, scoped};
use tiketi_engine::domain::rejection::Rejection;
use tiketi_engine::errand::EngineError;
use tiketi_engine::ports::StoreError;
use tiketi_engine::replay::ReplayError;

use crate::auth::passwords::PasswordError;
use crate::ops::LettersMissed;
use crate::wire::programme::FaultView;

/// Faults that one answer lists.
const FAULTS_MAX: usize = 1_000;

/// An error on its way to whoever asked.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<Duration>,
    extra: Map<String, Value>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), retry_after: None, extra: Map::new() }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "sign in first")
    }

    pub(crate) fn wrong_credentials() -> Self {
        let detail = "e-mail address or password is wrong";
        Self::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail)
    }

    pub(crate) fn session_over() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "session_over", "sign in again")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "operators only")
    }

    pub(crate) fn cross_site() -> Self {
        let detail = "requests that change something must come from the server's own pages";
        Self::new(StatusCode::FORBIDDEN, "cross_site", detail)
    }

    pub(crate) fn email_taken() -> Self {
        let detail = "there is an account with this e-mail address";
        Self::new(StatusCode::CONFLICT, "email_taken", detail)
    }

    pub(crate) fn setup_link_used() -> Self {
        let detail =
            "the link was used, replaced or is too old: tiketi operator-link prints another";
        Self::new(StatusCode::FORBIDDEN, "setup_link_used", detail)
    }

    pub(crate) fn malformed_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_body", detail)
    }

    pub(crate) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", detail).with("field", field)
    }

    pub(crate) fn malformed_key() -> Self {
        let detail = "Idempotency-Key must be 1 to 255 visible ASCII characters, once";
        Self::new(StatusCode::BAD_REQUEST, "malformed_idempotency_key", detail)
    }

    pub(crate) fn malformed_query(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_query", detail)
    }

    pub(crate) fn malformed_cursor() -> Self {
        let detail = "the cursor is not one that this list gave";
        Self::new(StatusCode::BAD_REQUEST, "malformed_cursor", detail)
    }

    pub(crate) fn wrong_media_type() -> Self {
        let detail = "the body must be application/json";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_media_type", detail)
    }

    pub(crate) fn body_too_large(bytes_max: usize) -> Self {
        let detail = format!("a body has at most {bytes_max} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    pub(crate) fn malformed_host() -> Self {
        let detail = "a request names its host once";
        Self::new(StatusCode::BAD_REQUEST, "malformed_host", detail)
    }

    pub(crate) fn no_such_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_such_page", "there is nothing here")
    }

    pub(crate) fn unknown(what: &'static str) -> Self {
        let (code, detail) = match what {
            "event" => ("unknown_event", "no such event"),
            "chart" => ("unknown_chart", "no such chart"),
            "draft" => ("unknown_draft", "no such draft"),
            "venue" => ("unknown_venue", "no such venue"),
            "artist" => ("unknown_artist", "no such artist"),
            "image" => ("unknown_image", "no such image"),
            "rehearsal" => ("unknown_rehearsal", "no such rehearsal"),
            "account" => ("unknown_account", "no such account"),
            "hold" => ("unknown_hold", "no such hold"),
            "order" => ("unknown_order", "no such order"),
            "payment" => ("unknown_payment", "no such payment"),
            "ticket" => ("unknown_ticket", "no such ticket"),
            _ => ("no_such_page", "there is nothing here"),
        };
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    pub(crate) fn faulty(faults: &[FaultView]) -> Self {
        let detail = format!("{} faults; nothing was kept", faults.len());
        let listed = &faults[..faults.len().min(FAULTS_MAX)];
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "faulty", detail)
            .with("faults", json!(listed))
            .with("faults_total", faults.len())
    }

    pub(crate) fn changed_since() -> Self {
        let detail = "somebody has changed it since it was read";
        Self::new(StatusCode::CONFLICT, "changed_since", detail)
    }

    pub(crate) fn draft_published() -> Self {
        let detail = "the draft is being published";
        Self::new(StatusCode::CONFLICT, "draft_published", detail)
    }

    pub(crate) fn in_use() -> Self {
        let detail = "an event needs it";
        Self::new(StatusCode::CONFLICT, "in_use", detail)
    }

    pub(crate) fn rehearsal_payments() -> Self {
        let detail = "a rehearsal moves no money, and payments.secret_key is not one for trying: \
                      rehearse on a server that is given the provider's test keys";
        Self::new(StatusCode::CONFLICT, "rehearsal_payments", detail)
    }

    pub(crate) fn rehearsal_ticket() -> Self {
        let detail = "the ticket is a rehearsal's and lets nobody in";
        Self::new(StatusCode::CONFLICT, "rehearsal_ticket", detail)
    }

    pub(crate) fn last_administrator() -> Self {
        let detail = "the account is the only administrator's";
        Self::new(StatusCode::CONFLICT, "last_administrator", detail)
    }

    pub(crate) fn bad_ticket_code() -> Self {
        let detail = "the code was not issued here";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_ticket_code", detail)
    }

    pub(crate) fn payments_off() -> Self {
        let detail = "this server takes no payments: payments.provider is not set";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "payments_off", detail)
    }

    pub(crate) fn amount_mismatch() -> Self {
        let detail = "the amount is not the order's";
        Self::new(StatusCode::CONFLICT, "amount_mismatch", detail)
    }

    pub(crate) fn not_a_websocket() -> Self {
        let detail = "this address takes WebSocket connections from the server's own pages";
        Self::new(StatusCode::UPGRADE_REQUIRED, "not_a_websocket", detail)
    }

    pub(crate) fn edge_only() -> Self {
        let detail = "this server is reached through its edge alone";
        Self::new(StatusCode::FORBIDDEN, "edge_only", detail)
    }

    pub(crate) fn too_many_requests(after: Duration) -> Self {
        let detail = "this account or address asks for too much; nothing was done";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(after)
    }

    pub(crate) fn too_many_sockets() -> Self {
        let detail = "this account has too many live sockets";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sockets", detail)
            .retry_after(Duration::from_secs(5))
    }

    /// Why an event cannot be shown as it was.
    pub(crate) fn replay(error: &ReplayError) -> Self {
        match error {
            ReplayError::UnknownEvent => Self::unknown("event"),
            ReplayError::UnknownRecord { last } => {
                Self::new(StatusCode::NOT_FOUND, "unknown_record", error.to_string())
                    .with("last", last.0)
            }
            ReplayError::Busy => {
                let detail =
                    "too much is replayed now, or this takes longer; ask again for the rest";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "replay_busy", detail)
                    .retry_after(Duration::from_secs(1))
            }
            ReplayError::Unavailable(_) => {
                tracing::warn!(%error, "not replayed");
                let detail = "the journal cannot be read now";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
                    .retry_after(Duration::from_secs(1))
            }
            ReplayError::Damaged(_) => {
                tracing::error!(%error, "not replayed");
                Self::internal()
            }
        }
    }

    /// Why dead letters cannot be looked at, or one of them not replayed.
    pub(crate) fn letters(error: &LettersMissed) -> Self {
        let detail = match error {
            LettersMissed::Unknown => return Self::unknown("dead letter"),
            LettersMissed::Refused(why) => return Self::invalid("position", why),
            LettersMissed::Silent => return Self::silent_node(Duration::from_secs(2)),
            LettersMissed::NoWorker => "no worker was reached; nothing was replayed",
            LettersMissed::Unavailable(_) => {
                tracing::warn!(%error, "stream not read");
                "the record stream cannot be reached now"
            }
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
            .retry_after(Duration::from_secs(2))
    }

    /// Another node did not answer; it may do what it was told all the same.
    pub(crate) fn silent_node(ask_again_after: Duration) -> Self {
        let detail = "the node did not answer; it may have heard all the same";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
            .retry_after(ask_again_after)
    }

    /// Some events did not move; the rest does if it is tried again.
    pub(crate) fn partly_moved(moved: usize, of: usize) -> Self {
        let detail =
            format!("{moved} of {of} events moved; what is left moves when it is run again");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
            .retry_after(Duration::from_secs(1))
    }

    pub(crate) fn too_slow() -> Self {
        let detail = "the request took too long; its outcome is unknown: ask again with its key";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail)
            .retry_after(Duration::from_secs(1))
    }

    pub(crate) fn internal() -> Self {
        let detail = "something went wrong here; the request id finds it in the logs";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// A rejection, with the ids in it as this event's.
    pub(crate) fn rejected(event: EventId, rejection: &Rejection) -> Self {
        let problem = Self::new(status_of(rejection), rejection.code(), rejection.to_string());
        match rejection {
            Rejection::SaleNotOpen { opens_at } => problem.with("opens_at", opens_at.to_string()),
            Rejection::HoldExists(hold) => problem.with("hold", scoped(event, *hold)),
            Rejection::HoldLimit { max } | Rejection::FanLimit { max } => problem.with("max", *max),
            Rejection::Taken { places } => {
                let places: Vec<u32> = places.iter().map(|place| place.0).collect();
                problem.with("places", places)
            }
            Rejection::NotBlocked(place) => problem.with("places", vec![place.0]),
            Rejection::TicketUsed { at, gate } => {
                problem.with("used_at", at.to_string()).with("gate", gate.clone())
            }
            _ => problem,
        }
    }

    /// The engine's error, with the ids in it as this event's.
    pub(crate) fn engine(event: EventId, error: &EngineError) -> Self {
        let unavailable = |code, after: Duration| {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, error.to_string()).retry_after(after)
        };
        match error {
            EngineError::Rejected(rejection) => Self::rejected(event, rejection),
            EngineError::UnknownEvent => Self::unknown("event"),
            EngineError::Overloaded { retry_after } => unavailable("overloaded", *retry_after),
            EngineError::Unavailable { retry_after } => unavailable("unavailable", *retry_after),
            EngineError::Stopping => unavailable("stopping", Duration::from_secs(2)),
            EngineError::Damaged => Self::internal(),
        }
    }

    /// Renders the answer; `request_id` says which request it was.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let mut body = self.extra.clone();
        body.insert("type".to_owned(), json!(format!("/problems#{}", self.code)));
        body.insert("title".to_owned(), json!(self.status.canonical_reason().unwrap_or("Error")));
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("detail".to_owned(), json!(self.detail));
        body.insert("code".to_owned(), json!(self.code));
        body.insert("request_id".to_owned(), json!(request_id));
        if let Some(after) = self.retry_after {
            let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            body.insert("retry_after_ms".to_owned(), json!(millis));
        }
        let mut response = (self.status, Value::Object(body).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(after) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        response
    }

    /// What a library's bare error answer comes to; `None` if it is no error.
    pub(crate) fn of_bare(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::no_such_page()),
            StatusCode::METHOD_NOT_ALLOWED => {
                Some(Self::new(status, "method_not_allowed", "not with this method"))
            }
            status if status.is_client_error() => {
                Some(Self::new(status, "bad_request", "the request cannot be understood"))
            }
            status if status.is_server_error() => Some(Self::internal()),
            _ => None,
        }
    }
}

fn status_of(rejection: &Rejection) -> StatusCode {
    match rejection {
        Rejection::KeyReused
        | Rejection::NothingWanted
        | Rejection::WantedTwice
        | Rejection::UnknownPlace(_)
        | Rejection::UnknownBlock(_)
        | Rejection::UnknownCategory
        | Rejection::UnknownSection
        | Rejection::UnknownTicketType
        | Rejection::NotSoldAlone(_)
        | Rejection::TooManyAccessible
        | Rejection::UnlawfulTerms(_)
        | Rejection::HoldLimit { .. }
        | Rejection::FanLimit { .. }
        | Rejection::HoldEmptied => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::UnknownHold
        | Rejection::UnknownOrder
        | Rejection::UnknownPayment
        | Rejection::UnknownTicket => StatusCode::NOT_FOUND,
        Rejection::SaleClosed
        | Rejection::SaleNotOpen { .. }
        | Rejection::SalePaused
        | Rejection::NotInLine
        | Rejection::NotCalled
        | Rejection::NotAdmitted => StatusCode::FORBIDDEN,
        Rejection::HoldExists(_)
        | Rejection::HoldOrdered
        | Rejection::NotInHold(_)
        | Rejection::ExtensionUsed
        | Rejection::OrderNotPayable
        | Rejection::PaymentPending
        | Rejection::PaymentSettled
        | Rejection::NotReturnable
        | Rejection::TicketUsed { .. }
        | Rejection::TicketVoid
        | Rejection::StatusConflict
        | Rejection::NotForSale
        | Rejection::Taken { .. }
        | Rejection::NotEnough
        | Rejection::NotBlocked(_) => StatusCode::CONFLICT,
    }
}

impl IntoResponse for Problem {
    /// Bare: the outermost middleware renders it.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store failed");
        match error {
            StoreError::Unavailable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the store is unavailable",
            )
            .retry_after(Duration::from_secs(1)),
            StoreError::Exists(_) | StoreError::Corrupt(_) => Self::internal(),
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string())
                    .retry_after(Duration::from_secs(2))
            }
            PasswordError::Failed => Self::internal(),
        }
    }
}

impl Problem {
    /// An identifier in a path that is not one of its kind: there is nothing of that name.
    pub(crate) fn bad_id(what: &'static str, _: IdError) -> Self {
        Self::unknown(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_look_back_later_is_told_when() {
        let busy = Problem::replay(&ReplayError::Busy).render("r");
        assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        let gone = Problem::replay(&ReplayError::Unavailable("away".to_owned())).render("r");
        assert_eq!(gone.headers()[RETRY_AFTER], "1");
        let damaged = Problem::replay(&ReplayError::Damaged("a byte".to_owned()));
        assert_eq!((damaged.code(), damaged.detail.contains("byte")), ("internal", false));
    }
}
