//! What would move if a node stepped back, or owned events again.

use tiketi_engine::cluster::placement;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Member, NodeId};

use super::report::{ActorRow, NodeOrder};

/// An event that would change its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) event: EventId,
    pub(crate) title: String,
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
}

/// What would move, in the order of titles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moves {
    pub(crate) moves: Vec<Move>,
    /// False if a node did not say what it has, or has too much to say.
    pub(crate) complete: bool,
}

/// The nodes as they would be if one did as it was told.
pub(super) fn afterwards(members: &[Member], node: NodeId, order: NodeOrder) -> Vec<Member> {
    let draining = match order {
        NodeOrder::StepBack => true,
        NodeOrder::Rejoin => false,
    };
    let after = |member: &Member| Member {
        draining: if member.id == node { draining } else { member.draining },
        ..member.clone()
    };
    members.iter().map(after).collect()
}

/// What of these actors would move from or to a node if the nodes were these.
pub(super) fn moves<'a>(
    actors: impl Iterator<Item = &'a ActorRow>,
    node: NodeId,
    after: &[Member],
) -> Vec<Move> {
    let moved = |row: &ActorRow| {
        let to = placement::preferred(row.event, after)?;
        let moves = to != row.node && (row.node == node || to == node);
        moves.then(|| Move { event: row.event, title: row.title.clone(), from: row.node, to })
    };
    let mut moves: Vec<Move> = actors.filter_map(moved).collect();
    moves.sort_by(|one, other| (&one.title, one.event).cmp(&(&other.title, other.event)));
    moves
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::ids::{Fence, Seq};
    use tiketi_engine::domain::terms::SaleStatus;
    use tiketi_engine::ports::Roles;

    use super::*;

    fn member(number: u64) -> Member {
        let (address, roles) = (format!("host-{number}:9465"), Roles::ALL);
        Member { id: NodeId(number), address, roles, draining: false }
    }

    fn row(event: u64, node: NodeId) -> ActorRow {
        ActorRow {
            event: EventId::new(event),
            title: format!("Night {event:02}"),
            node,
            status: SaleStatus::Open,
            fence: Fence(1),
            seq: Seq(1),
            owned_for: std::time::Duration::ZERO,
            quiet_for: std::time::Duration::ZERO,
            snapshot_age: None,
            lease_left: std::time::Duration::ZERO,
            depth: 0,
            rate: None,
            wait_us: None,
            turn_us: None,
            batch: None,
            append_us: None,
            rejections: None,
            refusals: 0,
            take_overs: 1,
            unsnapped: 0,
            line: 0,
            inside: 0,
            free: 0,
            held: 0,
            sold: 0,
            rates: Vec::new(),
        }
    }

    #[test]
    fn what_a_node_has_moves_away_and_comes_back_to_the_same_place() {
        let members: Vec<Member> = (1..=3).map(member).collect();
        let preferred = |event| placement::preferred(EventId::new(event), &members).unwrap();
        let rows: Vec<ActorRow> = (1..=30).map(|event| row(event, preferred(event))).collect();
        let node = NodeId(2);
        let has = rows.iter().filter(|row| row.node == node).count();
        assert!(has > 0 && has < 30);
        let without = afterwards(&members, node, NodeOrder::StepBack);
        let away = moves(rows.iter(), node, &without);
        assert_eq!(away.len(), has, "all it has, and nothing else");
        assert!(away.iter().all(|moved| moved.from == node && moved.to != node));
        assert!(away.is_sorted_by(|one, other| one.title <= other.title));
        let moved_rows = |row: &ActorRow| {
            let to = away.iter().find(|moved| moved.event == row.event).map(|moved| moved.to);
            ActorRow { node: to.unwrap_or(row.node), ..row.clone() }
        };
        let moved: Vec<ActorRow> = rows.iter().map(moved_rows).collect();
        let with = afterwards(&without, node, NodeOrder::Rejoin);
        assert_eq!(with, members);
        let back = moves(moved.iter(), node, &with);
        assert_eq!(back.len(), has);
        assert!(back.iter().all(|moved| moved.to == node));
    }

    #[test]
    fn nothing_moves_where_there_is_no_other_node() {
        let alone = [member(1)];
        let after = afterwards(&alone, NodeId(1), NodeOrder::StepBack);
        assert_eq!(moves([row(1, NodeId(1))].iter(), NodeId(1), &after), []);
    }
}
