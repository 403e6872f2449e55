//! Seating plans: looked at, then kept as charts.

use axum::Json;
use axum::body::{Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use tiketi_engine::domain::chart::{Chart, ChartHash, Fault};
use tiketi_engine::domain::limits::PLAN_BYTES_MAX;
use tiketi_engine::plan;

use super::deeds::{Doing, logged};
use super::extract::is_json;
use crate::auth::Operator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::programme::{FaultView, KeptPlanView, PlanView};

/// A plan's file, which may be larger than other bodies.
pub(super) struct PlanFile(Bytes);

impl FromRequest<AppState> for PlanFile {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::wrong_media_type());
        }
        let body = request.into_body();
        let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if least > PLAN_BYTES_MAX {
            return Err(Problem::body_too_large(PLAN_BYTES_MAX));
        }
        let bytes = to_bytes(body, PLAN_BYTES_MAX).await;
        bytes.map(Self).map_err(|_| Problem::body_too_large(PLAN_BYTES_MAX))
    }
}

/// Read a seating plan and show what it comes to, or everything that is wrong with it. Nothing is
/// kept.
#[utoipa::path(post, path = "/api/v1/operator/charts/check", tag = "operators",
    operation_id = "check_plan",
    request_body(content = serde_json::Value, content_type = "application/json",
        description = "A seats.io chart or a pretix seating plan, at most 32 MiB."),
    responses((status = 200, body = PlanView), (status = 413, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn check(
    _: Operator,
    PlanFile(bytes): PlanFile,
) -> Result<Json<PlanView>, Problem> {
    let view = move || plan::read(&bytes).map(|chart| PlanView::of(&chart));
    aside(view).await.map(Json)
}

/// Keep a seating plan as a chart. One that is there already is left as it is.
#[utoipa::path(post, path = "/api/v1/operator/charts", tag = "operators",
    operation_id = "keep_plan",
    request_body(content = serde_json::Value, content_type = "application/json",
        description = "A seats.io chart or a pretix seating plan, at most 32 MiB."),
    responses((status = 201, body = KeptPlanView), (status = 413, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(super) async fn keep(
    State(state): State<AppState>,
    operator: Operator,
    PlanFile(bytes): PlanFile,
) -> Result<(StatusCode, Json<KeptPlanView>), Problem> {
    let read = move || plan::read(&bytes).map(|chart| (chart.hash(), chart));
    let (hash, chart): (ChartHash, Chart) = aside(read).await?;
    let doing = Doing {
        by: operator.0,
        event: None,
        action: "keep_plan",
        target: format!("{}, {} places: {hash}", chart.name(), chart.capacity()),
        reason: String::new(),
    };
    let keeping = async {
        let now = state.clock.now();
        state.catalog.put_chart(&chart, now).await.map_err(Problem::from)
    };
    logged(&state, doing, keeping).await?;
    Ok((StatusCode::CREATED, Json(KeptPlanView { hash: hash.to_string() })))
}

/// Reads a plan where nobody waits for the thread.
async fn aside<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Vec<Fault>> + Send + 'static,
) -> Result<T, Problem> {
    let read = tokio::task::spawn_blocking(read).await;
    // Reading does not panic; if it did, the request would be at fault.
    let read = read.map_err(|error| Problem::malformed_body(error.to_string()))?;
    read.map_err(|faults| {
        let faults: Vec<FaultView> = faults.into_iter().map(FaultView::from).collect();
        Problem::faulty(&faults)
    })
}
