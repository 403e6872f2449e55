//! Who may do what.

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::ports::Role;

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::Body;
use super::ids;
use crate::auth::Administrator;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::programme::{PersonView, SetRoleBody};

/// People that a list shows.
const LISTED_MAX: u32 = 1_000;

/// Everybody who may do more than buy, by e-mail address, 1,000 at most.
#[utoipa::path(get, path = "/api/v1/operator/people", tag = "operators",
    operation_id = "list_people",
    responses((status = 200, body = Vec<PersonView>), (status = 403, body = ProblemDetails)))]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Administrator,
) -> Result<Json<Vec<PersonView>>, Problem> {
    let staff = state.accounts.staff(LISTED_MAX).await?;
    Ok(Json(staff.iter().map(PersonView::from).collect()))
}

/// Give an account another role. It has it from the next refresh of its session on, ten minutes
/// later at most unless configured otherwise.
#[utoipa::path(patch, path = "/api/v1/operator/people/{account}", tag = "operators",
    operation_id = "set_role", params(("account" = String, Path)), request_body = SetRoleBody,
    responses((status = 200, body = PersonView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(super) async fn set_role(
    State(state): State<AppState>,
    administrator: Administrator,
    Path(account): Path<String>,
    Body(body): Body<SetRoleBody>,
) -> Result<Json<PersonView>, Problem> {
    let reason = reason_of(&body.reason, false)?;
    let account = state.accounts.by_id(ids::account(&account)?).await?;
    let mut account = account.ok_or_else(|| Problem::unknown("account"))?;
    let role: Role = body.role.into();
    let target = format!("{}: {} → {}", account.id, account.role.as_str(), role.as_str());
    let doing = Doing { by: administrator.0, event: None, action: "set_role", target, reason };
    let setting = async {
        let set = state.accounts.set_role(account.id, role).await?;
        if set { Ok(()) } else { Err(Problem::last_administrator()) }
    };
    logged(&state, doing, setting).await?;
    account.role = role;
    Ok(Json((&account).into()))
}
