//! Which node should own an event: rendezvous hashing (Thaler and Ravishankar, "Using name-based
//! mappings to increase hit rates", 1998).
//!
//! Every node works out the same answer from the list of live nodes alone. When a node comes or
//! goes, only events that it gets or had change their owner.

use crate::domain::ids::EventId;
use crate::ports::{Member, NodeId};

/// The nodes that may own events, the best for this one first.
pub fn ranked(event: EventId, members: &[Member]) -> Vec<&Member> {
    let able = members.iter().filter(|member| member.roles.engine && !member.draining);
    let mut ranked: Vec<&Member> = able.collect();
    ranked.sort_by_key(|member| std::cmp::Reverse((weight(event, member.id), member.id)));
    ranked
}

/// The node that should own an event; `None` if no node may.
pub fn preferred(event: EventId, members: &[Member]) -> Option<NodeId> {
    let able = members.iter().filter(|member| member.roles.engine && !member.draining);
    able.map(|member| member.id).max_by_key(|id| (weight(event, *id), *id))
}

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014) over both numbers.
fn weight(event: EventId, node: NodeId) -> u64 {
    let mut mixed = event.number() ^ node.0.rotate_left(32);
    for multiplier in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(multiplier);
    }
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Roles;

    fn members(count: u64) -> Vec<Member> {
        let member = |number: u64| Member {
            id: NodeId(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            address: String::new(),
            roles: Roles::ALL,
            draining: false,
        };
        (1..=count).map(member).collect()
    }

    #[test]
    fn events_spread_evenly() {
        let members = members(5);
        let mut owned = std::collections::BTreeMap::new();
        for event in 0..10_000 {
            let owner = preferred(EventId::new(event << 22), &members).unwrap();
            *owned.entry(owner).or_insert(0) += 1;
        }
        assert_eq!(owned.len(), 5);
        assert!(owned.values().all(|count| (1_800..2_200).contains(count)), "{owned:?}");
    }

    #[test]
    fn a_node_that_goes_moves_only_what_it_had() {
        let all = members(4);
        let (gone, rest) = all.split_first().unwrap();
        for event in (0..1_000).map(EventId::new) {
            let before = preferred(event, &all).unwrap();
            let after = preferred(event, rest).unwrap();
            assert!(before == after || before == gone.id);
            assert_eq!(ranked(event, &all)[0].id, before);
        }
    }

    #[test]
    fn who_leaves_or_owns_nothing_is_not_chosen() {
        let mut all = members(3);
        all[0].draining = true;
        all[1].roles.engine = false;
        assert_eq!(preferred(EventId::new(1), &all), Some(all[2].id));
        assert_eq!(preferred(EventId::new(1), &all[..2]), None);
        assert_eq!(ranked(EventId::new(1), &all).len(), 1);
    }
}
