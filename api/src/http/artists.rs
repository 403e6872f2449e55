//! Artists.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tiketi_engine::domain::ids::ArtistId;
use tiketi_engine::ports::Artist;

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::{Body, Query};
use super::venues::removed;
use super::{ids, images};
use crate::auth::Operator;
use crate::problem::Problem;
use crate::programme::differences;
use crate::roster::{self, Of};
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::roster::{AddArtistBody, ArtistBody, ArtistView, ChangeArtistBody, RemovalQuery};

/// Artists that a list shows.
const LISTED_MAX: u32 = 1_000;

/// Artists by name, 1,000 at most.
#[utoipa::path(get, path = "/api/v1/operator/artists", tag = "operators",
    operation_id = "list_artists",
    responses((status = 200, body = Vec<ArtistView>), (status = 403, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Operator,
) -> Result<Json<Vec<ArtistView>>, Problem> {
    let artists = state.roster.artists(LISTED_MAX).await?;
    Ok(Json(artists.iter().map(ArtistView::from).collect()))
}

/// Add an artist.
#[utoipa::path(post, path = "/api/v1/operator/artists", tag = "operators",
    operation_id = "add_artist", request_body = AddArtistBody,
    responses((status = 201, body = ArtistView), (status = 403, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn add(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<AddArtistBody>,
) -> Result<(StatusCode, Json<ArtistView>), Problem> {
    let reason = reason_of(&body.reason, false)?;
    let now = state.clock.now();
    let id = ArtistId::new(crate::bootstrap::new_id(now));
    let artist = judged(&state, &body.artist, (id, 1, now)).await?;
    let target = format!("{id}: {}", artist.name.ko);
    let adding = async { state.roster.add_artist(&artist).await.map_err(Problem::from) };
    logged(&state, doing(operator, "add_artist", target, reason), adding).await?;
    Ok((StatusCode::CREATED, Json((&artist).into())))
}

/// Put another version in place of an artist. Its events have it at once.
#[utoipa::path(patch, path = "/api/v1/operator/artists/{artist}", tag = "operators",
    operation_id = "change_artist", params(("artist" = String, Path)),
    request_body = ChangeArtistBody,
    responses((status = 200, body = ArtistView), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn change(
    State(state): State<AppState>,
    operator: Operator,
    Path(artist): Path<String>,
    Body(body): Body<ChangeArtistBody>,
) -> Result<Json<ArtistView>, Problem> {
    let reason = reason_of(&body.reason, false)?;
    let old = seen(&state, &artist, body.version).await?;
    let new = judged(&state, &body.artist, (old.id, old.version + 1, old.created_at)).await?;
    let changed = differences(&ArtistBody::from(&old), &ArtistBody::from(&new));
    if changed.is_empty() {
        return Ok(Json((&old).into()));
    }
    let target = format!("{}\n{changed}", old.id);
    let replacing = async {
        let replaced = state.roster.replace_artist(&new).await?;
        if replaced { Ok(()) } else { Err(Problem::changed_since()) }
    };
    logged(&state, doing(operator, "change_artist", target, reason), replacing).await?;
    Ok(Json((&new).into()))
}

/// Remove an artist that no event names.
#[utoipa::path(delete, path = "/api/v1/operator/artists/{artist}", tag = "operators",
    operation_id = "remove_artist", params(("artist" = String, Path), RemovalQuery),
    responses((status = 204), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails)))]
pub(super) async fn remove(
    State(state): State<AppState>,
    operator: Operator,
    Path(artist): Path<String>,
    Query(query): Query<RemovalQuery>,
) -> Result<StatusCode, Problem> {
    let reason = reason_of(&query.reason, false)?;
    let old = seen(&state, &artist, query.version).await?;
    let target = format!("{}: {} → removed", old.id, old.name.ko);
    let removing = async { removed(state.roster.remove_artist(old.id, old.version).await?) };
    logged(&state, doing(operator, "remove_artist", target, reason), removing).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn doing(by: Operator, action: &'static str, target: String, reason: String) -> Doing {
    Doing { by: by.0, event: None, action, target, reason }
}

async fn judged(state: &AppState, body: &ArtistBody, of: Of<ArtistId>) -> Result<Artist, Problem> {
    let image = images::named(state, body.picture.as_ref()).await?;
    roster::artist(body, image.as_deref(), of).map_err(|faults| Problem::faulty(&faults))
}

async fn artist_of(state: &AppState, artist: &str) -> Result<Artist, Problem> {
    let artist = state.roster.artist(ids::artist(artist)?).await?;
    artist.ok_or_else(|| Problem::unknown("artist"))
}

/// An artist, if it is the version that was seen.
async fn seen(state: &AppState, artist: &str, version: u32) -> Result<Artist, Problem> {
    let artist = artist_of(state, artist).await?;
    if artist.version == version { Ok(artist) } else { Err(Problem::changed_since()) }
}
