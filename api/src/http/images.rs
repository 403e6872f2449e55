//! Images: kept once by the hash of their file, and served by it.

use std::sync::Arc;

use axum::Json;
use axum::body::{Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Image, ImageHash};

use super::deeds::{Doing, logged};
use crate::auth::Operator;
use crate::image::{self, IMAGE_BYTES_MAX, ImageFault, media_type};
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::programme::FaultView;
use crate::wire::roster::{KeptImageView, PictureBody};

/// How long an image that nothing has is kept, so that whoever uploaded it can say what has it: a day.
const UNUSED_KEPT_MS: i64 = 24 * 3_600_000;

/// A file, of whatever type its sender calls it.
pub(super) struct ImageFile(Bytes);

impl FromRequest<AppState> for ImageFile {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        let body = request.into_body();
        let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if least > IMAGE_BYTES_MAX {
            return Err(Problem::body_too_large(IMAGE_BYTES_MAX));
        }
        let bytes = to_bytes(body, IMAGE_BYTES_MAX).await;
        bytes.map(Self).map_err(|_| Problem::body_too_large(IMAGE_BYTES_MAX))
    }
}

/// Keep an image. One that is there already is left as it is; one that nothing has is removed after
/// a day.
#[utoipa::path(post, path = "/api/v1/operator/images", tag = "operators",
    operation_id = "keep_image",
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "A PNG, JPEG, WebP or AVIF file, at most 1 MiB and 4,096 pixels a side; what \
            it is its bytes say."),
    responses((status = 201, body = KeptImageView), (status = 413, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn keep(
    State(state): State<AppState>,
    operator: Operator,
    ImageFile(bytes): ImageFile,
) -> Result<(StatusCode, Json<KeptImageView>), Problem> {
    let image = image::read(bytes).map_err(refused)?;
    let (media, hash, bytes) = (media_type(image.kind), image.hash(), image.bytes.len());
    let (width, height) = (image.width, image.height);
    let doing = Doing {
        by: operator.0,
        event: None,
        action: "keep_image",
        target: format!("{media}, {width} × {height}, {bytes} bytes: {hash}"),
        reason: String::new(),
    };
    let now = state.clock.now();
    let keeping = async { state.roster.put_image(&image, now).await.map_err(Problem::from) };
    logged(&state, doing, keeping).await?;
    let before = Timestamp::from_millis(now.as_millis() - UNUSED_KEPT_MS);
    if let Err(error) = state.roster.sweep_images(before).await {
        tracing::warn!(%error, "images that nothing has are left for the next time");
    }
    Ok((StatusCode::CREATED, Json((&image).into())))
}

/// An image. It never changes.
#[utoipa::path(get, path = "/api/v1/images/{hash}", tag = "events", operation_id = "show_image",
    params(("hash" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/*"), (status = 304),
        (status = 404, body = ProblemDetails)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hash: ImageHash = hash.parse().map_err(|_| Problem::unknown("image"))?;
    let tag = format!("\"{hash}\"");
    let always =
        [(CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()), (ETAG, tag.clone())];
    let image = state.shelf.image(hash).await?.ok_or_else(|| Problem::unknown("image"))?;
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, always).into_response());
    }
    let media = [(CONTENT_TYPE, media_type(image.kind))];
    Ok((always, media, image.bytes.clone()).into_response())
}

/// The image that something is to have, if there is one of that name.
pub(super) async fn named(
    state: &AppState,
    picture: Option<&PictureBody>,
) -> Result<Option<Arc<Image>>, Problem> {
    match picture.and_then(|picture| picture.image.parse().ok()) {
        Some(hash) => Ok(state.shelf.image(hash).await?),
        None => Ok(None),
    }
}

fn refused(fault: ImageFault) -> Problem {
    Problem::faulty(&[FaultView {
        path: "image".to_owned(),
        code: fault.code().to_owned(),
        message: fault.to_string(),
    }])
}
