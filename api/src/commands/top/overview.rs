//! All of an on-sale at a glance, and what is wrong.

use super::figures::{known, share, tenth};
use super::past::Past;
use super::session::{Frames, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::topic;
use crate::wire::ops::{LatencyView, OverviewFrame, Rates};

pub(super) struct OverviewPage {
    frames: Frames,
    past: Past<2>,
}

impl OverviewPage {
    pub(super) async fn begin(session: &Session) -> Result<Self, Missed> {
        let frames = session.watch(&topic("overview")).await?;
        Ok(Self { frames, past: past() })
    }

    pub(super) async fn next(&mut self) -> Result<Sheet, Missed> {
        let frame = self.frames.next().await?;
        Ok(sheet(frame, &mut self.past))
    }
}

fn past() -> Past<2> {
    Past::new([("Holds per second", tenth), ("Tickets per second", tenth)])
}

fn sheet(of: OverviewFrame, past: &mut Past<2>) -> Sheet {
    past.push([of.rates.map(|rates| rates.holds), of.rates.map(|rates| rates.tickets)]);
    let figures = Part::new("").figures(figures(&of));
    let troubles = if of.troubles.is_empty() {
        Part::new("").note("Nothing is wrong now.")
    } else {
        let rows = of.troubles.into_iter().map(|each| {
            Row::new([trouble(&each.code).to_owned(), format!("× {}", each.count), each.node])
        });
        Part::new("Look at this").table([], rows, "")
    };
    Sheet::new(of.at, vec![figures, troubles, past.part()])
}

fn figures(of: &OverviewFrame) -> [(&'static str, String); 14] {
    let rate = |which: fn(Rates) -> f64| known(of.rates, |rates| tenth(which(rates)));
    let took = |which: fn(&LatencyView) -> f64| {
        known(of.hold_latency.as_ref(), |latency| format!("{:.1} ms", which(latency)))
    };
    [
        ("On sale", of.on_sale.to_string()),
        ("Events owned", of.actors.to_string()),
        ("Holds per second", rate(|rates| rates.holds)),
        ("Tickets per second", rate(|rates| rates.tickets)),
        ("Hold p50", took(|latency| latency.p50_ms)),
        ("Hold p99", took(|latency| latency.p99_ms)),
        ("Waiting", of.waiting.to_string()),
        ("Inside", of.inside.to_string()),
        ("Sockets", of.sockets.to_string()),
        ("Sold", of.sold.to_string()),
        ("Held", of.held.to_string()),
        ("Free", of.free.to_string()),
        ("Nodes that answer", share(of.nodes_heard, of.nodes)),
        ("Double sales stopped", of.sold_twice.to_string()),
    ]
}

/// What is wrong, in words.
fn trouble(code: &str) -> &str {
    match code {
        "silent" => "Node does not answer",
        "sold_twice" => "The store stopped a double sale",
        "damaged" => "Journal cannot be read",
        "panicked" => "An actor panicked",
        "unowned" => "Requests without an owner",
        "append_failed" => "Actors ended by a failed append",
        "in_doubt" => "Appends in doubt",
        "lease_lost" => "Actors that lost their lease",
        "overloaded" => "Commands refused: too many waited",
        "slow_readers" => "Frames that slow readers missed",
        "misplaced" => "Events that another node should own",
        "draining" => "Node is draining",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    #[test]
    fn what_is_not_known_is_not_shown_as_nothing() {
        let mut frame = json!({
            "type": "overview", "at": "2026-11-28T15:00:00Z", "on_sale": 2, "actors": 3, "rates": null,
            "hold_latency": {"count": 9, "p50_ms": 1.25, "p99_ms": 9.0}, "waiting": 10, "inside": 1,
            "free": 4, "held": 5, "sold": 6, "sockets": 7, "nodes": 3, "nodes_heard": 2, "sold_twice": 0,
            "troubles": [{"code": "draining", "node": "00ff", "count": 1}]
        });
        let mut past = past();
        let shown = sheet(serde_json::from_value(frame.clone()).unwrap(), &mut past);
        said_as_on_the_dashboard(&shown);
        let lines = ["Holds per second: –", "Hold p50: 1.2 ms", "Nodes that answer: 2 / 3"];
        has_lines(&shown, &lines);
        has_lines(&shown, &["Look at this", "Node is draining  × 1  00ff"]);
        frame["troubles"] = json!([]);
        frame["rates"] = json!({"commands": 1.0, "holds": 2.0, "tickets": 0.0});
        let shown = sheet(serde_json::from_value(frame).unwrap(), &mut past);
        has_lines(&shown, &["Nothing is wrong now.", "The last two minutes"]);
        has_lines(&shown, &["Holds per second    █  now 2.0, at most 2.0"]);
    }
}
