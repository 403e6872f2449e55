//! A frame as figures and a table, and both as text.

use std::fmt;

use serde::Serialize;

use crate::wire::ops::{
    ActorView, ActorsFrame, LatencyView, NodeView, NodesFrame, OverviewFrame, OwnsView, Rates,
};

/// What is shown: figures by name, and a table below.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// When it was so.
    pub(super) at: String,
    pub(super) figures: Vec<(&'static str, String)>,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Characters of a title: a terminal has few.
const TITLE_MAX: usize = 24;
/// What is not known.
const UNKNOWN: &str = "–";

fn known<T>(value: Option<T>, shown: impl Fn(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), shown)
}

/// As it is on the wire.
pub(super) fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn one_digit(value: Option<f32>) -> String {
    known(value, |value| format!("{value:.1}"))
}

/// The latest last, each as high as it is to the highest of them.
fn sparkline(rates: &[u16]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = usize::from(rates.iter().copied().max().unwrap_or(0)).max(1);
    rates.iter().map(|rate| BARS[usize::from(*rate) * (BARS.len() - 1) / most]).collect()
}

impl From<OverviewFrame> for Sheet {
    fn from(of: OverviewFrame) -> Self {
        let rate =
            |which: fn(Rates) -> f64| known(of.rates, |rates| format!("{:.1}", which(rates)));
        let took = |which: fn(&LatencyView) -> f64| {
            known(of.hold_latency.as_ref(), |latency| format!("{:.1} ms", which(latency)))
        };
        let figures = vec![
            ("on sale", of.on_sale.to_string()),
            ("actors", of.actors.to_string()),
            ("commands/s", rate(|rates| rates.commands)),
            ("holds/s", rate(|rates| rates.holds)),
            ("tickets/s", rate(|rates| rates.tickets)),
            ("hold p50", took(|latency| latency.p50_ms)),
            ("hold p99", took(|latency| latency.p99_ms)),
            ("in line", of.waiting.to_string()),
            ("inside", of.inside.to_string()),
            ("free", of.free.to_string()),
            ("held", of.held.to_string()),
            ("sold", of.sold.to_string()),
            ("sockets", of.sockets.to_string()),
            ("nodes heard", format!("{} of {}", of.nodes_heard, of.nodes)),
            ("sold twice", of.sold_twice.to_string()),
        ];
        let rows = of.troubles.into_iter();
        let rows = rows
            .map(|each| vec![each.code.into_owned(), each.node, each.count.to_string()])
            .collect();
        Self { at: of.at, figures, columns: vec!["wrong", "node", "times"], rows }
    }
}

impl From<NodesFrame> for Sheet {
    fn from(of: NodesFrame) -> Self {
        let row = |node: NodeView| {
            let owns = |which: fn(&OwnsView) -> u64| {
                known(node.owns.as_ref(), |owns| which(owns).to_string())
            };
            let rate =
                |which: fn(Rates) -> f64| known(node.rates, |rates| format!("{:.1}", which(rates)));
            vec![
                node.roles.iter().map(word).collect::<Vec<_>>().join(" "),
                owns(|owns| owns.actors),
                owns(|owns| owns.on_sale),
                owns(|owns| owns.misplaced),
                owns(|owns| owns.waiting),
                owns(|owns| owns.sockets),
                rate(|rates| rates.commands),
                rate(|rates| rates.holds),
                if node.draining { "draining" } else { "" }.to_owned(),
                node.address.clone(),
                node.id.clone(),
            ]
        };
        Self {
            at: of.at,
            figures: vec![("nodes", of.nodes.len().to_string())],
            columns: vec![
                "roles",
                "actors",
                "on sale",
                "misplaced",
                "in line",
                "sockets",
                "commands/s",
                "holds/s",
                "",
                "address",
                "node",
            ],
            rows: of.nodes.into_iter().map(row).collect(),
        }
    }
}

/// A rehearsal is called what its original is: the mark comes first, so that nothing cuts it off.
fn title_of(actor: &ActorView) -> String {
    let mark = if actor.rehearsal { "Rehearsal: " } else { "" };
    mark.chars().chain(actor.title.chars()).take(TITLE_MAX).collect()
}

impl From<ActorsFrame> for Sheet {
    fn from(of: ActorsFrame) -> Self {
        let row = |actor: ActorView| {
            vec![
                title_of(&actor),
                one_digit(actor.rate),
                sparkline(&actor.rates),
                actor.depth.to_string(),
                one_digit(actor.wait_us),
                one_digit(actor.turn_us),
                one_digit(actor.batch),
                one_digit(actor.append_us),
                one_digit(actor.rejections),
                actor.refusals.to_string(),
                actor.take_overs.to_string(),
                actor.line.to_string(),
                actor.inside.to_string(),
                actor.free.to_string(),
                actor.held.to_string(),
                actor.sold.to_string(),
                word(&actor.status),
                actor.event,
                actor.node,
            ]
        };
        let last = u64::from(of.offset) + of.rows.len() as u64;
        let first = u64::from(of.offset) + u64::from(!of.rows.is_empty());
        let mut figures = vec![("actors", format!("{first} to {last} of {}", of.matching))];
        if !of.complete {
            figures.push(("not complete", "a node did not answer".to_owned()));
        }
        Self {
            at: of.at,
            figures,
            columns: vec![
                "title",
                "rate",
                "",
                "depth",
                "wait µs",
                "turn µs",
                "batch",
                "append µs",
                "rejected",
                "refused",
                "taken over",
                "in line",
                "inside",
                "free",
                "held",
                "sold",
                "status",
                "event",
                "node",
            ],
            rows: of.rows.into_iter().map(row).collect(),
        }
    }
}

impl Sheet {
    /// How wide each column is, in characters.
    pub(super) fn widths(&self) -> Vec<usize> {
        let of = |column: usize| {
            let cells =
                self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([self.columns[column].chars().count()]).max().unwrap_or(0)
        };
        (0..self.columns.len()).map(of).collect()
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.at)?;
        for (name, figure) in &self.figures {
            writeln!(f, "{name}: {figure}")?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        let widths = self.widths();
        let line = |cells: Vec<&str>| {
            let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        writeln!(f, "{}", line(self.columns.clone()))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row.iter().map(String::as_str).collect()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(frame: serde_json::Value) -> String {
        Sheet::from(serde_json::from_value::<OverviewFrame>(frame).unwrap()).to_string()
    }

    #[test]
    fn what_is_not_known_is_not_shown_as_nothing() {
        let told = text(json!({
            "type": "overview", "at": "2026-11-28T15:00:00Z", "on_sale": 2, "actors": 3, "rates": null,
            "hold_latency": {"count": 9, "p50_ms": 1.25, "p99_ms": 9.0}, "waiting": 10, "inside": 1,
            "free": 4, "held": 5, "sold": 6, "sockets": 7, "nodes": 3, "nodes_heard": 2, "sold_twice": 0,
            "troubles": [{"code": "draining", "node": "00ff", "count": 1}]
        }));
        let lines = ["holds/s: –", "hold p50: 1.2 ms", "nodes heard: 2 of 3", "draining  00ff  1"];
        assert!(lines.iter().all(|line| told.lines().any(|each| each == *line)), "{told}");
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let sheet = Sheet {
            columns: vec!["a", "longer"],
            rows: vec![
                vec!["wide".to_owned(), "x".to_owned()],
                vec![String::new(), "y".to_owned()],
            ],
            ..Sheet::default()
        };
        assert_eq!(sheet.to_string(), "\na     longer\nwide  x\n      y\n");
    }

    #[test]
    fn a_sparkline_is_as_high_as_the_most_of_it() {
        assert_eq!(sparkline(&[0, 50, 100]), "▁▄█");
        assert_eq!(sparkline(&[0, 0]), "▁▁");
        assert_eq!(sparkline(&[]), "");
    }
}
