//! Rehearsals: copies of events that bots buy from, and that are wiped.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::domain::ids::{AccountId, EventId};
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Listing, Rehearsal, RehearsalState, WipeError, WipeStep};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::drafts::{content, judged, on_sale};
use super::extract::Body;
use super::ids;
use crate::auth::Operator;
use crate::catalog::ShelvedChart;
use crate::problem::Problem;
use crate::programme::{Sound, Unpriced};
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::programme::DraftBody;
use crate::wire::rehearsals::{
    BotsView, RehearsalView, RehearseBody, RehearseView, WipeBody, WipeView,
};

/// Rehearsals that a list shows.
const LISTED_MAX: u32 = 500;
/// How long an actor may take to end, before its event is buried all the same.
const ACTOR_ENDS_WITHIN: Duration = Duration::from_secs(5);
/// How long one is on sale.
const ON_SALE_FOR: Duration = Duration::from_hours(24);

/// Rehearsals, the latest first, 500 at most; also those that were wiped.
#[utoipa::path(get, path = "/api/v1/operator/rehearsals", tag = "operators",
    operation_id = "list_rehearsals",
    responses((status = 200, body = Vec<RehearsalView>), (status = 403, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Json<Vec<RehearsalView>>, Problem> {
    let rehearsals = state.rehearsals.rehearsals(LISTED_MAX).await?;
    let events: Vec<EventId> = rehearsals.iter().map(|rehearsal| rehearsal.event).collect();
    let sales: BTreeMap<EventId, Summary> =
        state.ledger.summaries(&events).await?.into_iter().collect();
    let now = state.clock.now();
    let view = |of: &Rehearsal| RehearsalView::of(of, sales.get(&of.event), now);
    Ok(Json(rehearsals.iter().map(view).collect()))
}

/// Make a rehearsal of a draft or of a published event, or ask what would be made.
#[utoipa::path(post, path = "/api/v1/operator/rehearsals", tag = "operators",
    operation_id = "rehearse", request_body = RehearseBody,
    responses((status = 200, body = RehearseView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn make(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<RehearseBody>,
) -> Result<Json<RehearseView>, Problem> {
    let of = ids::event(&body.of)?;
    let reason = reason_of(&body.reason, body.preview)?;
    if state.payments.as_ref().is_some_and(|payments| !payments.is_sandbox()) {
        return Err(Problem::rehearsal_payments());
    }
    let now = state.clock.now();
    let (sound, chart) = copied(&state, of, now).await?;
    let listing = sound.showing(EventId::new(crate::bootstrap::new_id(now)), now).listing;
    let places = chart.chart.capacity();
    let view = RehearseView::of(&listing, &sound.terms, places, state.payments.is_some());
    if body.preview {
        return Ok(Json(view));
    }
    let target = format!("{}: a copy of {of}", listing.title);
    let doing = doing(operator.0, listing.id, "rehearse", target, reason);
    let view = view.made(&listing);
    logged(&state, doing, open(&state, of, listing, sound, &chart)).await?;
    Ok(Json(view))
}

/// What a rehearsal of an event is: all of it, under its name, on sale at once.
async fn copied(
    state: &AppState,
    of: EventId,
    now: Timestamp,
) -> Result<(Sound, Arc<ShelvedChart>), Problem> {
    let (original, unpriced) = match state.catalog.draft(of).await? {
        Some(draft) => (content(&draft)?, Unpriced::Refused),
        None => {
            let on_sale = on_sale(state, of).await?;
            if on_sale.rehearsal {
                return Err(Problem::unknown("event"));
            }
            (on_sale.filled_in(), Unpriced::Allowed)
        }
    };
    let copy = DraftBody {
        lobby_opens_at: String::new(),
        opens_at: now.to_string(),
        closes_at: now.after(ON_SALE_FOR).to_string(),
        refunds_until: String::new(),
        ..original
    };
    judged(state, &copy, unpriced).await
}

/// Marks it before there is anything of it. What a crash leaves in between can be wiped.
async fn open(
    state: &AppState,
    of: EventId,
    listing: Listing,
    sound: Sound,
    chart: &ShelvedChart,
) -> Result<(), Problem> {
    let event = listing.id;
    let rehearsal = Rehearsal {
        event,
        of,
        title: listing.title.clone(),
        made_at: listing.created_at,
        state: RehearsalState::Made,
    };
    state.rehearsals.mark(&rehearsal).await?;
    let (engine, catalog) = (&state.engine, &*state.catalog);
    crate::catalog::open(engine, catalog, listing, &chart.chart, sound.terms)
        .await
        .map_err(|error| error.problem(event))
}

/// Wipe a rehearsal, or ask what would be wiped. One that was begun to be wiped is gone on with.
#[utoipa::path(post, path = "/api/v1/operator/rehearsals/{rehearsal}/wipe", tag = "operators",
    operation_id = "wipe_rehearsal", params(("rehearsal" = String, Path)),
    request_body = WipeBody,
    responses((status = 200, body = WipeView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn wipe(
    State(state): State<AppState>,
    operator: Operator,
    Path(rehearsal): Path<String>,
    Body(body): Body<WipeBody>,
) -> Result<Json<WipeView>, Problem> {
    let reason = reason_of(&body.reason, body.preview)?;
    let rehearsal = there(&state, &rehearsal).await?;
    let extent = state.rehearsals.extent(rehearsal.event).await?;
    if body.preview {
        return Ok(Json(WipeView::of(&rehearsal, &extent, false)));
    }
    let (title, event) = (&rehearsal.title, rehearsal.event);
    let (records, tickets) = (extent.records, extent.tickets);
    let target = format!("{title}: {records} records, {tickets} tickets");
    let doing = doing(operator.0, event, "wipe_rehearsal", target, reason);
    // It is gone on with when whoever asked does not wait.
    let (done, answer) = oneshot::channel();
    let wiping = state.clone();
    state.tasks.spawn("wipe", async move {
        drop(done.send(logged(&wiping, doing, wiped(&wiping, event)).await));
    });
    answer.await.map_err(|_| Problem::too_slow())??;
    Ok(Json(WipeView::of(&rehearsal, &extent, true)))
}

/// Takes every step, from the first: each is as good as taken once if it is taken twice.
async fn wiped(state: &AppState, event: EventId) -> Result<(), Problem> {
    for step in WipeStep::ALL {
        while state.rehearsals.wipe(event, step).await.map_err(refused)? {}
        match step {
            // Its actor ends in peace; one that is made meanwhile would not notice that it is
            // buried before it has something to append.
            WipeStep::Hide | WipeStep::Bury => end_actor(state, event).await,
            // Nothing is counted of a rehearsal, unless somebody has had it counted anew.
            WipeStep::Payments => state.stats.clear(event).await?,
            WipeStep::Sales | WipeStep::Forget => {}
        }
    }
    Ok(())
}

/// Has the actor end, if there is one. One that cannot be reached appends nothing all the same.
async fn end_actor(state: &AppState, event: EventId) {
    state.shelf.forget(event);
    if state.engine.overview(event).await.is_ok() {
        drop(timeout(ACTOR_ENDS_WITHIN, state.engine.hand_over(event)).await);
    }
}

fn refused(error: WipeError) -> Problem {
    match error {
        WipeError::Refused => Problem::unknown("rehearsal"),
        WipeError::Store(error) => error.into(),
    }
}

/// Let bots into a rehearsal for two hours. What lets them in is shown this once.
#[utoipa::path(post, path = "/api/v1/operator/rehearsals/{rehearsal}/bots", tag = "operators",
    operation_id = "let_bots_in", params(("rehearsal" = String, Path)),
    responses((status = 200, body = BotsView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(super) async fn let_bots_in(
    State(state): State<AppState>,
    operator: Operator,
    Path(rehearsal): Path<String>,
) -> Result<Json<BotsView>, Problem> {
    let rehearsal = there(&state, &rehearsal).await?;
    if rehearsal.state != RehearsalState::Made {
        return Err(Problem::unknown("rehearsal"));
    }
    let event = rehearsal.event;
    let issued = state.access.issue_to_bots(event, state.clock.now());
    let (token, expires_at) = issued.ok_or_else(Problem::internal)?;
    let target = format!("{}: until {expires_at}", rehearsal.title);
    let doing = doing(operator.0, event, "let_bots_in", target, String::new());
    logged(&state, doing, async { Ok(()) }).await?;
    Ok(Json(BotsView {
        token,
        expires_at: expires_at.to_string(),
        url: state.operators_url.clone(),
        database: state.journal_file.clone(),
    }))
}

/// A rehearsal of which there may be something.
async fn there(state: &AppState, id: &str) -> Result<Rehearsal, Problem> {
    let missing = || Problem::unknown("rehearsal");
    let event = id.parse().map_err(|_| missing())?;
    let rehearsal = state.rehearsals.rehearsal(event).await?;
    rehearsal.filter(|found| found.state != RehearsalState::Wiped).ok_or_else(missing)
}

fn doing(
    by: AccountId,
    event: EventId,
    action: &'static str,
    target: String,
    reason: String,
) -> Doing {
    Doing { by, event: Some(event), action, target, reason }
}
