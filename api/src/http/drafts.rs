//! Events that are being prepared, until they are published; and the terms of those that are.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::{ArtistId, EventId};
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::ports::{Artist, Draft, Image, Listing, StoreError, Venue};

use super::deeds::{Doing, logged, numbered};
use super::extract::{Body, Query};
use super::{ids, images, venues};
use crate::auth::Operator;
use crate::catalog::ShelvedChart;
use crate::problem::Problem;
use crate::programme::{ARTISTS_MAX, Known, Sound, Unpriced, differences, fixed, judge};
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
    let venues = state.roster.venues(venues::LISTED_MAX).await?.into_iter();
    let called: BTreeMap<String, String> =
        venues.map(|venue| (venue.id.to_string(), venue.name.ko)).collect();
    let entry = |draft: &Draft| -> Result<DraftEntryView, Problem> {
        let event = content(draft)?;
        let venue = called.get(&event.venue_id).cloned();
        Ok(DraftEntryView::of(draft, event, venue))
    };
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
    let showing = sound.showing(draft.id, state.clock.now());
    let target = format!("{}: draft → published", showing.listing.title);
    let id = draft.id;
    let publishing = async {
        crate::catalog::publish(&state, showing, &chart.chart, sound.terms)
            .await
            .map_err(|error| error.problem(id))?;
        state.catalog.remove_draft(id, draft.version).await.map_err(Problem::from)
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
    Ok(Json(on_sale(&state, ids::event(&event)?).await?.filled_in()))
}

/// Change a published event: its artists, its poster, and the prices, times and limits of its sale.
/// The rest stays.
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
    let on_sale = on_sale(&state, event).await?;
    let (old, new) = (on_sale.filled_in(), body.event);
    if body.seen != old {
        return Err(Problem::changed_since());
    }
    let fixed = fixed(&old, &new);
    if !fixed.is_empty() {
        return Err(Problem::faulty(&fixed));
    }
    let (sound, _) = judged(&state, &new, Unpriced::Allowed).await?;
    let changed = differences(&old, &new);
    let dressed = (&old.artists, &old.poster) != (&new.artists, &new.poster);
    let setting = async |deed| {
        let command = Command::SetTerms(Box::new(sound.terms.clone()));
        let set = state.engine.operate(event, operator.origin(deed), command).await;
        set.map(drop).map_err(|error| Problem::engine(event, &error))?;
        if dressed {
            state.roster.dress(event, &sound.artists, sound.poster.as_ref()).await?;
        }
        Ok::<(), Problem>(())
    };
    numbered(&state, doing(operator, event, "set_terms", changed), setting).await?;
    let terms = sound.terms.clone();
    let artists = state.roster.artists_of(event).await?;
    let listing = Listing { poster: sound.poster, ..on_sale.listing };
    Ok(Json(OnSale { listing, artists, terms, ..on_sale }.filled_in()))
}

fn doing(operator: Operator, event: EventId, action: &'static str, target: String) -> Doing {
    Doing { by: operator.0, event: Some(event), action, target, reason: String::new() }
}

/// A published event as it is now: the shelf's may be a second old.
pub(super) struct OnSale {
    listing: Listing,
    artists: Vec<Artist>,
    terms: Terms,
    chart: Arc<ShelvedChart>,
    pub(super) rehearsal: bool,
}

impl OnSale {
    pub(super) fn filled_in(&self) -> DraftBody {
        let parts = (&self.terms.prices, &self.terms.rules);
        DraftBody::of(&self.listing, &self.artists, &self.chart.chart, parts)
    }
}

pub(super) async fn on_sale(state: &AppState, event: EventId) -> Result<OnSale, Problem> {
    let unknown = || Problem::unknown("event");
    let shelved = state.shelf.event(event).await?.ok_or_else(unknown)?;
    Ok(OnSale {
        listing: state.catalog.event(event).await?.ok_or_else(unknown)?,
        artists: state.roster.artists_of(event).await?,
        terms: state.ledger.terms(event).await?.ok_or_else(unknown)?,
        chart: Arc::clone(&shelved.chart),
        rehearsal: shelved.rehearsal,
    })
}

/// What there is of what an event names.
pub(super) struct Named {
    pub(super) chart: Option<Arc<ShelvedChart>>,
    venue: Option<Venue>,
    artists: Vec<ArtistId>,
    poster: Option<Arc<Image>>,
}

impl Named {
    pub(super) async fn by(state: &AppState, event: &DraftBody) -> Result<Self, Problem> {
        let chart = match event.chart.parse() {
            Ok(hash) => state.shelf.chart(hash).await?,
            Err(_) => None,
        };
        let venue = match event.venue_id.parse() {
            Ok(venue) => state.roster.venue(venue).await?,
            Err(_) => None,
        };
        let mut artists = Vec::new();
        for id in event.artists.iter().take(ARTISTS_MAX).filter_map(|id| id.parse().ok()) {
            artists.extend(state.roster.artist(id).await?.map(|artist| artist.id));
        }
        let poster = images::named(state, event.poster.as_ref()).await?;
        Ok(Self { chart, venue, artists, poster })
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            chart: self.chart.as_deref().map(|of| (&*of.chart, of.hash)),
            venue: self.venue.as_ref(),
            artists: &self.artists,
            poster: self.poster.as_deref(),
        }
    }
}

pub(super) async fn judged(
    state: &AppState,
    event: &DraftBody,
    unpriced: Unpriced,
) -> Result<(Sound, Arc<ShelvedChart>), Problem> {
    let named = Named::by(state, event).await?;
    let sound = judge(event, named.known(), unpriced);
    let sound = sound.map_err(|faults| Problem::faulty(&faults))?;
    Ok((sound, named.chart.ok_or_else(|| Problem::unknown("chart"))?))
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
    let named = Named::by(state, &event).await?;
    let judged = judge(&event, named.known(), Unpriced::Refused);
    let faults: Vec<FaultView> = judged.err().unwrap_or_default();
    Ok(DraftView {
        id: draft.id.to_string(),
        version: draft.version,
        changed_at: draft.changed_at.to_string(),
        event,
        faults,
    })
}
