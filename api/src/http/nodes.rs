//! What operators do to a node.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use tiketi_engine::ports::{Member, NodeId};

use super::actions::reason_of;
use super::deeds::{Doing, logged};
use super::extract::Body;
use crate::auth::Operator;
use crate::ops::NodeOrder;
use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::ProblemDetails;
use crate::wire::nodes::{NodeActionBody, NodeEffectView, RebalanceBody};

/// When to ask again if a node did not answer.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Have a node hand over what it owns, or own events again; or ask what would move.
#[utoipa::path(post, path = "/api/v1/ops/nodes/{node}/actions", tag = "operators",
    operation_id = "act_on_node",
    params(("node" = String, Path)), request_body = NodeActionBody,
    responses((status = 200, body = NodeEffectView), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(super) async fn act(
    State(state): State<AppState>,
    operator: Operator,
    Path(node): Path<String>,
    Body(body): Body<NodeActionBody>,
) -> Result<Json<NodeEffectView>, Problem> {
    let reason = reason_of(&body.reason, body.preview)?;
    let (member, order) = (member(&state, &node)?, body.action.order());
    if order == NodeOrder::StepBack && !has_heir(&state, member.id) {
        return Err(Problem::invalid("node", "no other node can own events"));
    }
    let moves = state.feed.desk().moves(member.id, order).await;
    if body.preview {
        return Ok(Json(NodeEffectView::of(&moves, false)));
    }
    let doing = Doing {
        by: operator.0,
        event: None,
        action: body.action.as_str(),
        target: member.id.to_string(),
        reason,
    };
    let telling = async {
        state.feed.desk().tell(&member, order).await.map_err(|error| {
            tracing::warn!(node = %member.id, %error, "the node did not say that it does it");
            Problem::silent_node(ASK_AGAIN_AFTER)
        })
    };
    logged(&state, doing, telling).await?;
    Ok(Json(NodeEffectView::of(&moves, true)))
}

/// Have nodes hand events over until all own as many, give or take one; or ask what would move.
#[utoipa::path(post, path = "/api/v1/ops/rebalance", tag = "operators", request_body = RebalanceBody,
    responses((status = 200, body = NodeEffectView), (status = 403, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(super) async fn rebalance(
    State(state): State<AppState>,
    operator: Operator,
    Body(body): Body<RebalanceBody>,
) -> Result<Json<NodeEffectView>, Problem> {
    let reason = reason_of(&body.reason, body.preview)?;
    let desk = state.feed.desk();
    let evened = desk.evened().await;
    if body.preview {
        return Ok(Json(NodeEffectView::of(&evened, false)));
    }
    if !evened.complete {
        return Err(Problem::silent_node(ASK_AGAIN_AFTER));
    }
    let doing = Doing {
        by: operator.0,
        event: None,
        action: "rebalance",
        target: format!("{} events", evened.moves.len()),
        reason,
    };
    let moving = async {
        let (moved, all) = (desk.carry_out(&evened.moves).await, evened.moves.len());
        if moved == all { Ok(()) } else { Err(Problem::partly_moved(moved, all)) }
    };
    logged(&state, doing, moving).await?;
    Ok(Json(NodeEffectView::of(&evened, true)))
}

fn member(state: &AppState, node: &str) -> Result<Member, Problem> {
    let id = u64::from_str_radix(node, 16).map(NodeId);
    let members = state.engine.members();
    let found = id.ok().and_then(|id| members.iter().find(|member| member.id == id));
    found.cloned().ok_or_else(|| Problem::unknown("node"))
}

/// Whether another node can own events.
fn has_heir(state: &AppState, node: NodeId) -> bool {
    let able = |member: &Member| member.id != node && member.roles.engine && !member.draining;
    state.engine.members().iter().any(able)
}
