//! What operators do to a running sale, and the log of it. Each deed is in the log before it is
//! done, and again with what came of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tiketi_engine::books::Books;
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::command::{Command, Lot, Origin};
use tiketi_engine::domain::ids::{AccountId, EventId, HoldId, OrderId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::limits::NOTICE_CHARS_MAX;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::waiting_room::Notice;
use tiketi_engine::ports::{AuditEntry, AuditFilter};

use super::deeds::{Doing, numbered};
use super::extract::{Body, Query};
use super::ids;
use crate::auth::Operator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::actions::{
    ActionBody, ActionName, AuditCheckView, AuditEntryView, AuditExportQuery, AuditPageView,
    AuditQuery, EffectView, Extent,
};
use crate::wire::places;

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
    let reason = reason_of(&body.reason, body.preview)?;
    let task = Task::of(&state, event, &body).await?;
    // It also makes sure that the event has an owner, and that this node knows who that is.
    let before = state.engine.books(event).await;
    let before = before.map_err(|error| Problem::engine(event, &error))?;
    let extent = task.extent(&state, event).await?;
    if body.preview {
        return Ok(Json(EffectView::of(&before, extent, false)));
    }
    let doing = Doing {
        by: operator.0,
        event: Some(event),
        action: body.action.as_str(),
        target: task.target(&body, &before),
        reason,
    };
    let run = |deed| task.run(&state, event, operator.origin(deed));
    numbered(&state, doing, run).await?;
    Ok(Json(EffectView::of(&before, extent, true)))
}

/// Something to do, to something that there may be.
enum Task {
    SetStatus(SaleStatus),
    SetAdmittedMax(u32),
    SetRate(Option<u32>),
    SetNotice(Option<Notice>),
    HandOver,
    ReleaseHold(HoldId),
    CancelOrder(OrderId),
    ReturnOrder(OrderId),
    BlockPlaces(Arc<Chart>, Vec<Lot>),
    FreePlaces(Arc<Chart>, Vec<Lot>),
}

impl Task {
    async fn of(state: &AppState, event: EventId, body: &ActionBody) -> Result<Self, Problem> {
        let target = || body.target.as_deref().unwrap_or_default();
        let here = |(of, id): (EventId, _), what| {
            if of == event { Ok(id) } else { Err(Problem::unknown(what)) }
        };
        match body.action {
            ActionName::Pause => Ok(Self::SetStatus(SaleStatus::Paused)),
            ActionName::Resume => Ok(Self::SetStatus(SaleStatus::Open)),
            ActionName::Close => Ok(Self::SetStatus(SaleStatus::Closed)),
            ActionName::HandOver => Ok(Self::HandOver),
            ActionName::ReleaseHold => {
                let (of, hold) = ids::hold(target())?;
                here((of, Self::ReleaseHold(hold)), "hold")
            }
            ActionName::CancelOrder => {
                let (of, order) = ids::order(target())?;
                here((of, Self::CancelOrder(order)), "order")
            }
            ActionName::ReturnOrder => {
                let (of, order) = ids::order(target())?;
                here((of, Self::ReturnOrder(order)), "order")
            }
            ActionName::SetAdmittedMax => {
                let most = body.admitted_max;
                let most = most.ok_or_else(|| Problem::invalid("admitted_max", "say how many"))?;
                Ok(Self::SetAdmittedMax(most))
            }
            ActionName::SetAdmissionRate => {
                let most = body.admission_rate;
                let most =
                    most.ok_or_else(|| Problem::invalid("admission_rate", "say how many"))?;
                Ok(Self::SetRate(Some(most).filter(|most| *most > 0)))
            }
            ActionName::SetNotice => Ok(Self::SetNotice(notice_of(body)?)),
            ActionName::BlockPlaces => {
                let (chart, lots) = lots_of(state, event, body).await?;
                Ok(Self::BlockPlaces(chart, lots))
            }
            ActionName::FreePlaces => {
                let (chart, lots) = lots_of(state, event, body).await?;
                Ok(Self::FreePlaces(chart, lots))
            }
        }
    }

    /// What it is done to, for the log.
    fn target(&self, body: &ActionBody, before: &Books) -> String {
        match self {
            Self::SetAdmittedMax(most) => {
                format!("{} -> {most}", before.overview.terms.rules.admitted_max)
            }
            Self::SetRate(most) => {
                let named = |rate: Option<u32>| rate.map_or("any".into(), |n| n.to_string());
                format!("{} -> {}", named(before.rate), named(*most))
            }
            Self::SetNotice(notice) => {
                let named = |notice: &Option<Notice>| {
                    notice.as_ref().map_or("nothing", Notice::as_str).to_owned()
                };
                format!("{} -> {}", named(&before.notice), named(notice))
            }
            Self::SetStatus(_) | Self::HandOver => String::new(),
            Self::ReleaseHold(_) | Self::CancelOrder(_) | Self::ReturnOrder(_) => {
                body.target.clone().unwrap_or_default()
            }
            Self::BlockPlaces(..) | Self::FreePlaces(..) => {
                body.places.as_deref().unwrap_or_default().trim().to_owned()
            }
        }
    }

    /// What the hold, the order or the places come to that it is done to.
    async fn extent(&self, state: &AppState, event: EventId) -> Result<Extent, Problem> {
        match self {
            Self::SetStatus(_)
            | Self::SetAdmittedMax(_)
            | Self::SetRate(_)
            | Self::SetNotice(_)
            | Self::HandOver => Ok(Extent::default()),
            Self::ReleaseHold(hold) => {
                let places = state.ledger.places(event).await?;
                let held = places.iter().filter(|(_, of)| *of == PlaceState::Held(*hold)).count();
                if held == 0 {
                    return Err(Problem::unknown("hold"));
                }
                Ok(Extent { places: Some(held), ..Extent::default() })
            }
            Self::CancelOrder(order) | Self::ReturnOrder(order) => {
                let order = state.ledger.order(event, *order).await?;
                let order = order.ok_or_else(|| Problem::unknown("order"))?;
                Ok(Extent {
                    places: Some(order.items.len()),
                    amount_minor: Some(order.total_minor),
                    order: Some(order.state.into()),
                    ..Extent::default()
                })
            }
            Self::BlockPlaces(chart, lots) => {
                fitting(state, event, chart, lots, PlaceState::Free).await
            }
            Self::FreePlaces(chart, lots) => {
                fitting(state, event, chart, lots, PlaceState::Blocked).await
            }
        }
    }

    async fn run(self, state: &AppState, event: EventId, by: Origin) -> Result<(), Problem> {
        let command = match self {
            Self::HandOver => {
                let done = state.engine.hand_over(event).await;
                return done.map_err(|error| Problem::engine(event, &error));
            }
            Self::SetStatus(status) => Command::SetStatus(status),
            Self::SetAdmittedMax(most) => Command::SetAdmittedMax(most),
            Self::SetRate(most) => Command::SetRate(most),
            Self::SetNotice(notice) => Command::SetNotice(notice),
            Self::ReleaseHold(hold) => Command::ReleaseHold(hold),
            Self::CancelOrder(order) => Command::CancelOrder(order),
            Self::ReturnOrder(order) => Command::ReturnOrder(order),
            Self::BlockPlaces(_, lots) => Command::BlockPlaces(lots),
            Self::FreePlaces(_, lots) => Command::FreePlaces(lots),
        };
        let done = state.engine.operate(event, by, command).await;
        done.map(drop).map_err(|error| Problem::engine(event, &error))
    }
}

/// What those in line are to be told; none if nothing.
fn notice_of(body: &ActionBody) -> Result<Option<Notice>, Problem> {
    let invalid =
        || Problem::invalid("notice", format!("at most {NOTICE_CHARS_MAX} printable characters"));
    match body.notice.as_deref().ok_or_else(invalid)?.trim() {
        "" => Ok(None),
        text => Notice::new(text).map(Some).ok_or_else(invalid),
    }
}

/// The places that are named, and the chart that has them.
async fn lots_of(
    state: &AppState,
    event: EventId,
    body: &ActionBody,
) -> Result<(Arc<Chart>, Vec<Lot>), Problem> {
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let chart = Arc::clone(&shelved.chart.chart);
    let lots = places::lots(&chart, body.places.as_deref().unwrap_or_default())?;
    Ok((chart, lots))
}

/// How many of some places are in a state, and which are not.
async fn fitting(
    state: &AppState,
    event: EventId,
    chart: &Chart,
    lots: &[Lot],
    wanted: PlaceState,
) -> Result<Extent, Problem> {
    let states: BTreeMap<_, _> = state.ledger.places(event).await?.into_iter().collect();
    let (fit, unfit) = places::fitting(chart, lots, &states, wanted);
    Ok(Extent { places: Some(fit), unfit, ..Extent::default() })
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
    let Some(fits) = filter_of(&state, &query).await? else {
        return Ok(Json(AuditPageView { entries: Vec::new(), next: None }));
    };
    let mut entries = state.audit_log.latest(&fits, query.before, limit + 1).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(|entry| entry.number);
    Ok(Json(AuditPageView { entries: with_emails(&state, &entries).await?, next }))
}

/// What is wanted; `None` if nobody has the e-mail address that is asked for.
async fn filter_of(state: &AppState, query: &AuditQuery) -> Result<Option<AuditFilter>, Problem> {
    let by = match query.by.as_deref() {
        Some(email) if email.contains('@') => {
            let account = state.accounts.by_email(&email.trim().to_lowercase()).await?;
            let Some(account) = account else { return Ok(None) };
            Some(account.id)
        }
        id => id.map(str::parse::<AccountId>).transpose().map_err(|_| {
            Problem::malformed_query("by must be the id or the e-mail address of an account")
        })?,
    };
    let event = query.event.as_deref().map(ids::event).transpose()?;
    Ok(Some(AuditFilter { event, by, action: query.action.clone() }))
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

/// What was done to running sales: a line of JSON each, oldest first.
#[utoipa::path(get, path = "/api/v1/ops/audit/export", tag = "operators",
    params(AuditExportQuery),
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = 403, body = ProblemDetails)))]
pub(super) async fn export(
    State(state): State<AppState>,
    _: Operator,
    Query(query): Query<AuditExportQuery>,
) -> Result<Response, Problem> {
    let fits = filter_of(&state, &query.into()).await?;
    let (mut lines, mut after) = (Vec::new(), 0);
    while let Some(fits) = &fits {
        let mut entries = state.audit_log.entries(after, ENTRIES_AT_ONCE).await?;
        let complete = entries.len() < ENTRIES_AT_ONCE as usize;
        after = entries.last().map_or(after, |last| last.number);
        entries.retain(|entry| fits.wants(&entry.deed));
        for view in with_emails(&state, &entries).await? {
            let line = serde_json::to_vec(&view);
            lines.extend(line.map_err(|error| Problem::malformed_query(error.to_string()))?);
            lines.push(b'\n');
        }
        if complete {
            break;
        }
    }
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"tiketi-audit.ndjson\""),
    ];
    Ok((headers, lines).into_response())
}

/// Why something is done; only asking needs no reason.
pub(super) fn reason_of(text: &str, preview: bool) -> Result<String, Problem> {
    let text = text.trim();
    if preview {
        return Ok(String::new());
    }
    if !REASON_CHARS.contains(&text.chars().count()) || text.chars().any(char::is_control) {
        return Err(Problem::invalid("reason", "3 to 500 printable characters"));
    }
    Ok(text.to_owned())
}
