//! What operators do to a running sale, and the log of it. Each deed is in the log before it is
//! done, and again with what came of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::{AccountId, EventId, HoldId, OrderId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::ports::{AuditEntry, AuditFilter, Deed};

use super::extract::{Body, Query};
use super::ids;
use crate::auth::Operator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::actions::{
    ActionBody, ActionName, AuditCheckView, AuditEntryView, AuditPageView, AuditQuery, EffectView,
};

/// The length of a reason, in characters.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 3..=500;
/// Entries that are read at one time, to check or to export them all.
const ENTRIES_AT_ONCE: u32 = 1_000;

/// Do something to a running sale, or ask what it would be done to.
#[utoipa::path(post, path = "/api/v1/ops/events/{event}/actions", tag = "operators",
    params(("event" = String, Path)), request_body = ActionBody,
    responses((status = 200, body = EffectView), (status = 403, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn act(
    State(state): State<AppState>,
    operator: Operator,
    Path(event): Path<String>,
    Body(body): Body<ActionBody>,
) -> Result<Json<EffectView>, Problem> {
    let event = ids::event(&event)?;
    let reason = reason_of(&body.reason)?;
    let task = Task::of(event, &body)?;
    // It also makes sure that the event has an owner, and that this node knows who that is.
    let overview = state.engine.overview(event).await;
    let overview = overview.map_err(|error| Problem::engine(event, &error))?;
    let places = task.places(&state, event).await?;
    if body.preview {
        return Ok(Json(EffectView::of(&overview, places, false)));
    }
    let deed = |outcome: &str| Deed {
        at: state.clock.now(),
        by: operator.0,
        event: Some(event),
        action: body.action.as_str().to_owned(),
        target: body.target.clone().unwrap_or_default(),
        reason: reason.clone(),
        outcome: outcome.to_owned(),
    };
    state.audit_log.add(&deed("asked")).await?;
    let done = task.run(&state, event, operator).await;
    let outcome = done.as_ref().err().map_or("done", Problem::code);
    state.audit_log.add(&deed(outcome)).await?;
    done?;
    Ok(Json(EffectView::of(&overview, places, true)))
}

/// Something to do, to something that there may be.
enum Task {
    Command(Command),
    HandOver,
    ReleaseHold(HoldId),
    CancelOrder(OrderId),
}

impl Task {
    fn of(event: EventId, body: &ActionBody) -> Result<Self, Problem> {
        let target = || body.target.as_deref().unwrap_or_default();
        let here = |(of, id): (EventId, _), what| {
            if of == event { Ok(id) } else { Err(Problem::unknown(what)) }
        };
        let status = |status| Ok(Self::Command(Command::SetStatus(status)));
        match body.action {
            ActionName::Pause => status(SaleStatus::Paused),
            ActionName::Resume => status(SaleStatus::Open),
            ActionName::Close => status(SaleStatus::Closed),
            ActionName::HandOver => Ok(Self::HandOver),
            ActionName::ReleaseHold => {
                let (of, hold) = ids::hold(target())?;
                here((of, Self::ReleaseHold(hold)), "hold")
            }
            ActionName::CancelOrder => {
                let (of, order) = ids::order(target())?;
                here((of, Self::CancelOrder(order)), "order")
            }
        }
    }

    /// The places of the hold or order that it is done to.
    async fn places(&self, state: &AppState, event: EventId) -> Result<Option<usize>, Problem> {
        match self {
            Self::Command(_) | Self::HandOver => Ok(None),
            Self::ReleaseHold(hold) => {
                let places = state.ledger.places(event).await?;
                let held = places.iter().filter(|(_, of)| *of == PlaceState::Held(*hold)).count();
                if held > 0 { Ok(Some(held)) } else { Err(Problem::unknown("hold")) }
            }
            Self::CancelOrder(order) => {
                let order = state.ledger.order(event, *order).await?;
                Ok(Some(order.ok_or_else(|| Problem::unknown("order"))?.items.len()))
            }
        }
    }

    async fn run(self, state: &AppState, event: EventId, by: Operator) -> Result<(), Problem> {
        let command = match self {
            Self::HandOver => {
                let done = state.engine.hand_over(event).await;
                return done.map_err(|error| Problem::engine(event, &error));
            }
            Self::Command(command) => command,
            Self::ReleaseHold(hold) => Command::ReleaseHold(hold),
            Self::CancelOrder(order) => Command::CancelOrder(order),
        };
        let done = state.engine.operate(event, by.origin(), command).await;
        done.map(drop).map_err(|error| Problem::engine(event, &error))
    }
}

/// What was done to running sales, the latest first.
#[utoipa::path(get, path = "/api/v1/ops/audit", tag = "operators", operation_id = "audit_entries",
    params(AuditQuery),
    responses((status = 200, body = AuditPageView), (status = 403, body = ProblemDetails)))]
pub(super) async fn entries(
    State(state): State<AppState>,
    _: Operator,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditPageView>, Problem> {
    let limit = query.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Problem::malformed_query("limit must be 1 to 100"));
    }
    let by = query.by.as_deref().map(str::parse::<AccountId>).transpose();
    let fits = AuditFilter {
        event: query.event.as_deref().map(ids::event).transpose()?,
        by: by.map_err(|_| Problem::malformed_query("by must be the id of an account"))?,
        action: query.action,
    };
    let mut entries = state.audit_log.latest(&fits, query.before, limit + 1).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(|entry| entry.number);
    Ok(Json(AuditPageView { entries: with_emails(&state, &entries).await?, next }))
}

async fn with_emails(
    state: &AppState,
    entries: &[AuditEntry],
) -> Result<Vec<AuditEntryView>, Problem> {
    let mut emails = BTreeMap::new();
    for entry in entries {
        if let Entry::Vacant(unknown) = emails.entry(entry.deed.by) {
            let account = state.accounts.by_id(entry.deed.by).await?;
            unknown.insert(account.map(|account| account.email));
        }
    }
    let email = |by: AccountId| emails.get(&by).cloned().flatten();
    Ok(entries.iter().map(|entry| AuditEntryView::of(entry, email(entry.deed.by))).collect())
}

/// Whether nobody has altered what was done to running sales.
#[utoipa::path(get, path = "/api/v1/ops/audit/check", tag = "operators",
    responses((status = 200, body = AuditCheckView), (status = 403, body = ProblemDetails)))]
pub(super) async fn check(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Json<AuditCheckView>, Problem> {
    let mut before = (0, [0; 32]);
    loop {
        let entries = state.audit_log.entries(before.0, ENTRIES_AT_ONCE).await?;
        for entry in &entries {
            if !entry.follows(before) {
                let broken_at = Some(before.0 + 1);
                return Ok(Json(AuditCheckView { entries: before.0, broken_at }));
            }
            before = (entry.number, entry.hash);
        }
        if entries.len() < ENTRIES_AT_ONCE as usize {
            return Ok(Json(AuditCheckView { entries: before.0, broken_at: None }));
        }
    }
}

/// Everything that was done to running sales: a line of JSON each, oldest first.
#[utoipa::path(get, path = "/api/v1/ops/audit/export", tag = "operators",
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = 403, body = ProblemDetails)))]
pub(super) async fn export(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Response, Problem> {
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let entries = state.audit_log.entries(after, ENTRIES_AT_ONCE).await?;
        for view in with_emails(&state, &entries).await? {
            after = view.number;
            let line = serde_json::to_vec(&view);
            lines.extend(line.map_err(|error| Problem::malformed_query(error.to_string()))?);
            lines.push(b'\n');
        }
        if entries.len() < ENTRIES_AT_ONCE as usize {
            break;
        }
    }
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"tiketi-audit.ndjson\""),
    ];
    Ok((headers, lines).into_response())
}

/// A reason without space around it.
pub(super) fn reason_of(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if !REASON_CHARS.contains(&text.chars().count()) || text.chars().any(char::is_control) {
        return Err(Problem::invalid("reason", "3 to 500 printable characters"));
    }
    Ok(text.to_owned())
}
