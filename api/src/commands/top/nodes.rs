//! Every node: what it does and what it owns.

use super::figures::{known, number, tenth};
use super::question::{Question, Table};
use super::sheet::{Part, Row, Sheet, word};
use crate::wire::ops::{NodeView, NodesFrame, OwnsView, Rates};

const COLUMNS: [&str; 11] = [
    "Node",
    "State",
    "Roles",
    "Events owned",
    "On sale",
    "To be moved",
    "Commands per second",
    "Holds per second",
    "Waiting",
    "Sockets",
    "Address",
];

pub(super) fn sheet(of: NodesFrame) -> Sheet {
    let part = Part::new("")
        .note("To be moved: events that this node has and another should own.")
        .table(COLUMNS, of.nodes.into_iter().map(row), "None.");
    Sheet::new(of.at, vec![part])
}

fn row(node: NodeView) -> Row {
    let owns = |which: fn(&OwnsView) -> u64| number(node.owns.as_ref().map(which));
    let rate = |which: fn(Rates) -> f64| known(node.rates, |rates| tenth(which(rates)));
    let state = match &node.owns {
        None => "Silent",
        Some(_) if node.draining => "Draining",
        Some(_) => "Up",
    };
    let cells = [
        node.id.clone(),
        state.to_owned(),
        node.roles.iter().map(word).collect::<Vec<_>>().join(", "),
        owns(|owns| owns.actors),
        owns(|owns| owns.on_sale),
        owns(|owns| owns.misplaced),
        rate(|rates| rates.commands),
        rate(|rates| rates.holds),
        owns(|owns| owns.waiting),
        owns(|owns| owns.sockets),
        node.address.clone(),
    ];
    let its = Table { node: Some(node.id), ..Table::default() };
    Row::new(cells).opening(Question::Actors(its))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    #[test]
    fn a_node_that_says_nothing_is_silent_and_opens_its_actors() {
        let node = |id: &str, owns: serde_json::Value| {
            json!({"id": id, "address": "", "roles": ["engine", "worker"], "draining": true,
                "owns": owns, "rates": null})
        };
        let owns = json!({"actors": 3, "on_sale": 1, "misplaced": 0, "waiting": 9, "sockets": 2});
        let frame = json!({"type": "nodes", "at": "now",
            "nodes": [node("00aa", json!(null)), node("00bb", owns)]});
        let shown = sheet(serde_json::from_value(frame).unwrap());
        said_as_on_the_dashboard(&shown);
        let cells: Vec<_> = shown.rows().map(|row| row.cells[1..4].join(" ")).collect();
        assert_eq!(cells, ["Silent engine, worker –", "Draining engine, worker 3"]);
        let Some(Question::Actors(table)) = &shown.parts[0].rows[1].opens else { panic!() };
        assert_eq!(table.node.as_deref(), Some("00bb"));
        has_lines(&shown, &["now"]);
    }
}
