//! What would move if a node stepped back, owned events again, or all had as many as each other.

use std::collections::BTreeMap;

use tiketi_engine::cluster::placement;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Member, NodeId};

use super::report::{ActorRow, NodeOrder};

/// Events that one rebalance moves at most: more move when it is run again.
const EVENED_MAX: usize = 100;

/// An event that would change its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) event: EventId,
    pub(crate) title: String,
    pub(crate) rehearsal: bool,
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
        moves.then(|| move_of(row, row.node, to))
    };
    in_order(actors.filter_map(moved).collect())
}

fn move_of(row: &ActorRow, from: NodeId, to: NodeId) -> Move {
    Move { event: row.event, title: row.title.clone(), rehearsal: row.rehearsal, from, to }
}

fn in_order(mut moves: Vec<Move>) -> Vec<Move> {
    moves.sort_by(|one, other| (&one.title, one.event).cmp(&(&other.title, other.event)));
    moves
}

/// What of these actors would move for all nodes that can own events to have as many, give or take
/// one: as few as will do, from whoever has most to whoever has fewest. Of those that a node has,
/// first what the other should own by [`placement`], then the oldest event: so the answer does not
/// change as long as the owners do not.
pub(super) fn evened<'a>(
    actors: impl Iterator<Item = &'a ActorRow>,
    members: &[Member],
) -> Vec<Move> {
    let able = members.iter().filter(|member| member.roles.engine && !member.draining);
    let mut owned: BTreeMap<NodeId, Vec<&ActorRow>> =
        able.map(|member| (member.id, Vec::new())).collect();
    for row in actors {
        if let Some(rows) = owned.get_mut(&row.node) {
            rows.push(row);
        }
    }
    let mut moves = Vec::new();
    while moves.len() < EVENED_MAX {
        let counts = || owned.iter().map(|(node, rows)| (rows.len(), *node));
        let (Some((most, from)), Some((fewest, to))) = (counts().max(), counts().min()) else {
            break;
        };
        if most - fewest < 2 {
            break;
        }
        let is_theirs = |row: &ActorRow| placement::preferred(row.event, members) == Some(to);
        let rank = |row: &ActorRow| (!is_theirs(row), row.event);
        let rows = owned.entry(from).or_default();
        let first = (0..rows.len()).min_by_key(|index| rank(rows[*index]));
        let Some(row) = first.map(|index| rows.swap_remove(index)) else { break };
        moves.push(move_of(row, from, to));
        owned.entry(to).or_default().push(row);
    }
    in_order(moves)
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
            rehearsal: false,
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
    fn as_few_move_as_make_all_nodes_even_and_none_to_a_node_that_can_own_nothing() {
        let mut members: Vec<Member> = (1..=5).map(member).collect();
        members[3].draining = true;
        members[4].roles.engine = false;
        let rows: Vec<ActorRow> = (1..=12)
            .map(|event| row(event, NodeId(if event <= 9 { 1 } else { event - 8 })))
            .collect();
        // Nine on the first, one each on the second and the third, one on the one that drains.
        let count = |rows: &[ActorRow], node| rows.iter().filter(|row| row.node == node).count();
        assert_eq!([1, 2, 3, 4].map(|node| count(&rows, NodeId(node))), [9, 1, 1, 1]);
        let evening = evened(rows.iter(), &members);
        assert_eq!(evening.len(), 5);
        assert_eq!(evening, evened(rows.iter().rev(), &members), "whoever is asked first");
        let after: Vec<ActorRow> = rows
            .iter()
            .map(|row| {
                let to = evening.iter().find(|moved| moved.event == row.event);
                ActorRow { node: to.map_or(row.node, |moved| moved.to), ..row.clone() }
            })
            .collect();
        let mut counts = [1, 2, 3].map(|node| count(&after, NodeId(node)));
        counts.sort_unstable();
        assert_eq!((counts, count(&after, NodeId(4))), ([3, 4, 4], 1));
        assert_eq!(evened(after.iter(), &members), [], "it is done");
    }

    #[test]
    fn one_rebalance_moves_no_more_than_a_hundred() {
        let members = [member(1), member(2)];
        let rows: Vec<ActorRow> = (1..=500).map(|event| row(event, NodeId(1))).collect();
        let first = evened(rows.iter(), &members);
        assert_eq!(first.len(), EVENED_MAX);
        let to_their_place =
            |moved: &&Move| placement::preferred(moved.event, &members) == Some(NodeId(2));
        assert_eq!(first.iter().filter(to_their_place).count(), EVENED_MAX, "those first");
    }

    #[test]
    fn nothing_moves_where_there_is_no_other_node() {
        let alone = [member(1)];
        let after = afterwards(&alone, NodeId(1), NodeOrder::StepBack);
        assert_eq!(moves([row(1, NodeId(1))].iter(), NodeId(1), &after), []);
        assert_eq!(evened([row(1, NodeId(1)), row(2, NodeId(1))].iter(), &alone), []);
    }
}
