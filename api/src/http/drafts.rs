//! Events that are being prepared, until they are published; and the terms of those that are.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Draft, StoreError};

use super::deeds::{Doing, logged};
use super::extract::{Body, Query};
use super::ids;
use crate::auth::Operator;
use crate::catalog::{ShelvedChart, ShelvedEvent};
use crate::problem::Problem;
use crate::programme::{Sound, Unpriced, differences, fixed, judge};
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::operators::NewEventView;
use crate::wire::programme::{
    ChangeDraftBody, DraftBody, DraftEntryView, DraftVersionBody, DraftVersionQuery, DraftView,
    FaultView, SetTermsBody,
};

/// Drafts that a list shows.
const LISTED_MAX: u32 = 500;

/// Drafts, the latest changed first, 500 at most.
#[utoipa::path(get, path = "/api/v1/operator/drafts", tag = "operators",
    operation_id = "list_drafts",
    responses((status = 200, body = Vec<DraftEntryView>), (status = 403, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Json<Vec<DraftEntryView>>, Problem> {
    let drafts = state.catalog.drafts(LISTED_MAX).await?;
    let entry = |draft: &Draft| content(draft).map(|event| DraftEntryView::of(draft, event));
    drafts.iter().map(entry).collect::<Result<_, Problem>>().map(Json)
}

/// Begin a draft.
#[utoipa::path(post, path = "/api/v1/operator/drafts", tag = "operators",
    operation_id = "begin_draft", request_body = DraftBody,
    responses((status = 201, body = DraftView), (status = 403, body = ProblemDetails)))]
pub(super) async fn begin(
    State(state): State<AppState>,
    operator: Operator,
    Body(event): Body<DraftBody>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    let now = state.clock.now();
    let draft = Draft {
        id: EventId::new(crate::bootstrap::new_id(now)),
        body: written(&event)?,
        version: 1,
        created_at: now,
        changed_at: now,
    };
    let doing = doing(operator, draft.id, "begin_draft", event.title.clone());
    let adding = async { state.catalog.add_draft(&draft).await.map_err(Problem::from) };
    logged(&state, doing, adding).await?;
    Ok((StatusCode::CREATED, Json(view(&state, &draft, event).await?)))
}

/// A draft with everything that keeps it from being published.
#[utoipa::path(get, path = "/api/v1/operator/drafts/{draft}", tag = "operators",
    operation_id = "show_draft", params(("draft" = String, Path)),
    responses((status = 200, body = DraftView), (status = 404, body = ProblemDetails)))]
pub(super) async fn show(
    State(state): State<AppState>,
    _: Operator,
    Path(draft): Path<String>,
) -> Result<Json<DraftView>, Problem> {
    let draft = draft_of(&state, ids::draft(&draft)?).await?;
    view(&state, &draft, content(&draft)?).await.map(Json)
}

/// Put another version in place of a draft.
#[utoipa::path(patch, path = "/api/v1/operator/drafts/{draft}", tag = "operators",
    operation_id = "change_draft", params(("draft" = String, Path)),
    request_body = ChangeDraftBody,
    responses((status = 200, body = DraftView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn change(
    State(state): State<AppState>,
    operator: Operator,
    Path(draft): Path<String>,
    Body(body): Body<ChangeDraftBody>,
) -> Result<Json<DraftView>, Problem> {
    let old = seen(&state, ids::draft(&draft)?, body.version).await?;
    // What is being published is not changed beneath it.
    if state.catalog.event(old.id).await?.is_some() {
        return Err(Problem::draft_published());
    }
    let changed = differences(&content(&old)?, &body.event);
    if changed.is_empty() {
        return view(&state, &old, body.event).await.map(Json);
    }
    let new = Draft {
        body: written(&body.event)?,
        version: old.version + 1,
        changed_at: state.clock.now(),
        ..old
    };
    let replacing = async {
        let replaced = state.catalog.replace_draft(&new).await?;
        if replaced { Ok(()) } else { Err(Problem::changed_since()) }
    };
    logged(&state, doing(operator, new.id, "change_draft", changed), replacing).await?;
    view(&state, &new, body.event).await.map(Json)
}

/// Throw a draft away.
#[utoipa::path(delete, path = "/api/v1/operator/drafts/{draft}", tag = "operators",
    operation_id = "remove_draft",
    params(("draft" = String, Path), DraftVersionQuery),
    responses((status = 204), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn remove(
    State(state): State<AppState>,
    operator: Operator,
    Path(draft): Path<String>,
    Query(query): Query<DraftVersionQuery>,
) -> Result<StatusCode, Problem> {
    let draft = seen(&state, ids::draft(&draft)?, query.version).await?;
    let title = content(&draft)?.title;
    let removing = async { removed(&state, &draft).await };
    logged(&state, doing(operator, draft.id, "remove_draft", title), removing).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open the sale of a draft and show its event to fans, or say everything that keeps it from that.
#[utoipa::path(post, path = "/api/v1/operator/drafts/{draft}/publish", tag = "operators",
    operation_id = "publish_draft", params(("draft" = String, Path)),
    request_body = DraftVersionBody,
    responses((status = 201, body = NewEventView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn publish(
    State(state): State<AppState>,
    operator: Operator,
    Path(draft): Path<String>,
    Body(body): Body<DraftVersionBody>,
) -> Result<(StatusCode, Json<NewEventView>), Problem> {
    let draft = seen(&state, ids::draft(&draft)?, body.version).await?;
    let event = content(&draft)?;
    let (sound, chart) = judged(&state, &event, Unpriced::Refused).await?;
    let listing = sound.listing(draft.id, state.clock.now());
    let target = format!("{}: draft → published", listing.title);
    let (id, engine, catalog) = (draft.id, &state.engine, &*state.catalog);
    let publishing = async {
        crate::catalog::publish(engine, catalog, listing, &chart.chart, sound.terms)
            .await
            .map_err(|error| error.problem(id))?;
        catalog.remove_draft(id, draft.version).await.map_err(Problem::from)
    };
    logged(&state, doing(operator, id, "publish_draft", target), publishing).await?;
    Ok((StatusCode::CREATED, Json(NewEventView { id: id.to_string() })))
}

/// A published event as it was filled in, with the terms of now.
#[utoipa::path(get, path = "/api/v1/operator/events/{event}/terms", tag = "operators",
    operation_id = "show_terms", params(("event" = String, Path)),
    responses((status = 200, body = DraftBody), (status = 404, body = ProblemDetails)))]
pub(super) async fn terms(
    State(state): State<AppState>,
    _: Operator,
    Path(event): Path<String>,
) -> Result<Json<DraftBody>, Problem> {
    let (_, filled_in) = on_sale(&state, ids::event(&event)?).await?;
    Ok(Json(filled_in))
}

/// Change the terms of a published event's sale: its prices, times and limits. The rest stays.
#[utoipa::path(patch, path = "/api/v1/operator/events/{event}/terms", tag = "operators",
    operation_id = "set_terms", params(("event" = String, Path)), request_body = SetTermsBody,
    responses((status = 200, body = DraftBody), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn set_terms(
    State(state): State<AppState>,
    operator: Operator,
    Path(event): Path<String>,
    Body(body): Body<SetTermsBody>,
) -> Result<Json<DraftBody>, Problem> {
    let event = ids::event(&event)?;
    let (shelved, old) = on_sale(&state, event).await?;
    let new = body.event;
    if body.seen != old {
        return Err(Problem::changed_since());
    }
    let fixed = fixed(&old, &new);
    if !fixed.is_empty() {
        return Err(Problem::faulty(&fixed));
    }
    let (sound, _) = judged(&state, &new, Unpriced::Allowed).await?;
    let changed = differences(&old, &new);
    let setting = async {
        let command = Command::SetTerms(Box::new(sound.terms.clone()));
        let set = state.engine.operate(event, operator.origin(), command).await;
        set.map(drop).map_err(|error| Problem::engine(event, &error))
    };
    logged(&state, doing(operator, event, "set_terms", changed), setting).await?;
    let parts = (&sound.terms.prices, &sound.terms.rules);
    Ok(Json(DraftBody::of(&shelved.listing, &shelved.chart.chart, parts)))
}

fn doing(operator: Operator, event: EventId, action: &'static str, target: String) -> Doing {
    Doing { by: operator.0, event: Some(event), action, target, reason: String::new() }
}

/// A published event as it was filled in, with the terms of now: the shelf's may be a second old.
pub(super) async fn on_sale(
    state: &AppState,
    event: EventId,
) -> Result<(Arc<ShelvedEvent>, DraftBody), Problem> {
    let shelved = state.shelf.event(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let terms = state.ledger.terms(event).await?.ok_or_else(|| Problem::unknown("event"))?;
    let parts = (&terms.prices, &terms.rules);
    let filled_in = DraftBody::of(&shelved.listing, &shelved.chart.chart, parts);
    Ok((shelved, filled_in))
}

/// The chart that an event names, if there is one of that name.
pub(super) async fn chart_of(
    state: &AppState,
    event: &DraftBody,
) -> Result<Option<Arc<ShelvedChart>>, Problem> {
    match event.chart.parse() {
        Ok(hash) => Ok(state.shelf.chart(hash).await?),
        Err(_) => Ok(None),
    }
}

pub(super) async fn judged(
    state: &AppState,
    event: &DraftBody,
    unpriced: Unpriced,
) -> Result<(Sound, Arc<ShelvedChart>), Problem> {
    let chart = chart_of(state, event).await?;
    let named = chart.as_deref().map(|of| (&*of.chart, of.hash));
    let sound = judge(event, named, unpriced).map_err(|faults| Problem::faulty(&faults))?;
    Ok((sound, chart.ok_or_else(|| Problem::unknown("chart"))?))
}

async fn draft_of(state: &AppState, id: EventId) -> Result<Draft, Problem> {
    state.catalog.draft(id).await?.ok_or_else(|| Problem::unknown("draft"))
}

/// A draft, if it is the version that was seen.
async fn seen(state: &AppState, id: EventId, version: u32) -> Result<Draft, Problem> {
    let draft = draft_of(state, id).await?;
    if draft.version == version { Ok(draft) } else { Err(Problem::changed_since()) }
}

async fn removed(state: &AppState, draft: &Draft) -> Result<(), Problem> {
    let removed = state.catalog.remove_draft(draft.id, draft.version).await?;
    if removed { Ok(()) } else { Err(Problem::changed_since()) }
}

pub(super) fn content(draft: &Draft) -> Result<DraftBody, Problem> {
    let damaged = |error: serde_json::Error| StoreError::Corrupt(error.to_string()).into();
    serde_json::from_str(&draft.body).map_err(damaged)
}

fn written(event: &DraftBody) -> Result<String, Problem> {
    serde_json::to_string(event).map_err(|error| Problem::malformed_body(error.to_string()))
}

async fn view(state: &AppState, draft: &Draft, event: DraftBody) -> Result<DraftView, Problem> {
    let chart = chart_of(state, &event).await?;
    let named = chart.as_deref().map(|of| (&*of.chart, of.hash));
    let faults: Vec<FaultView> = judge(&event, named, Unpriced::Refused).err().unwrap_or_default();
    Ok(DraftView {
        id: draft.id.to_string(),
        version: draft.version,
        changed_at: draft.changed_at.to_string(),
        event,
        faults,
    })
}
