//! One event's journal, and its sale as it was: read, whoever owns it.

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::domain::ids::{DeedNumber, EventId, Seq};
use tiketi_engine::replay::Journaled;

use super::extract::Query;
use super::ids;
use crate::auth::Viewer;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::replay::{ContentionView, JournalQuery, JournalView, PastQuery, PastView};

/// The most records of one answer.
const RECORDS_MAX: u32 = 100;

/// A sale as it was after a record of its journal.
#[utoipa::path(get, path = "/api/v1/ops/events/{event}/state", tag = "operators",
    operation_id = "past_state", params(("event" = String, Path), PastQuery),
    responses((status = 200, body = PastView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(super) async fn state(
    State(state): State<AppState>,
    _: Viewer,
    Path(event): Path<String>,
    Query(query): Query<PastQuery>,
) -> Result<Json<PastView>, Problem> {
    let event = ids::event(&event)?;
    let past = state.replays.state(event, query.seq.map(Seq)).await;
    let past = past.map_err(|error| Problem::replay(&error))?;
    Ok(Json(PastView::of(&past)))
}

/// How often places were held by the last ten thousand records up to one.
#[utoipa::path(get, path = "/api/v1/ops/events/{event}/contention", tag = "operators",
    params(("event" = String, Path), PastQuery),
    responses((status = 200, body = ContentionView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(super) async fn contention(
    State(state): State<AppState>,
    _: Viewer,
    Path(event): Path<String>,
    Query(query): Query<PastQuery>,
) -> Result<Json<ContentionView>, Problem> {
    let event = ids::event(&event)?;
    let held = state.replays.times_held(event, query.seq.map(Seq)).await;
    let held = held.map_err(|error| Problem::replay(&error))?;
    Ok(Json(ContentionView::of(&held)))
}

/// Records of a journal, in order. Nobody is named in them.
#[utoipa::path(get, path = "/api/v1/ops/events/{event}/journal", tag = "operators",
    operation_id = "journal_records", params(("event" = String, Path), JournalQuery),
    responses((status = 200, body = JournalView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(super) async fn records(
    State(state): State<AppState>,
    _: Viewer,
    Path(event): Path<String>,
    Query(query): Query<JournalQuery>,
) -> Result<Json<JournalView>, Problem> {
    let event = ids::event(&event)?;
    let limit = query.limit.unwrap_or(20);
    if !(1..=RECORDS_MAX).contains(&limit) {
        return Err(Problem::malformed_query("limit must be 1 to 100"));
    }
    let (mut records, last) = match query.deed {
        Some(deed) => of_deed(&state, event, deed).await?,
        None => {
            let read = state.replays.records(event, query.from.map(Seq), limit).await;
            read.map_err(|error| Problem::replay(&error))?
        }
    };
    records.truncate(limit as usize);
    Ok(Json(JournalView::of(event, &records, last)))
}

async fn of_deed(
    state: &AppState,
    event: EventId,
    number: u64,
) -> Result<(Vec<Journaled>, Seq), Problem> {
    let entries = state.audit_log.entries(number.saturating_sub(1), 1).await?;
    let entry = entries.into_iter().find(|entry| entry.number == number);
    let entry = entry.filter(|entry| entry.deed.event == Some(event));
    let entry = entry.ok_or_else(|| {
        Problem::malformed_query("deed must be an entry of the audit log about the event")
    })?;
    let read = state.replays.of_deed(event, DeedNumber(number), entry.deed.at).await;
    read.map_err(|error| Problem::replay(&error))
}
