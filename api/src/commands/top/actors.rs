//! Actors, fifty at a time, sorted and filtered by the server.

use super::figures::{duration, known, share, sparkline, tenths, took};
use super::question::{Question, ROWS, Table};
use super::sheet::{Part, Row, Sheet};
use crate::wire::operators::StatusView;
use crate::wire::ops::{ActorView, ActorsFrame};
use crate::wire::watch::SortName;

/// Characters of a title: a terminal has few.
const TITLE_MAX: usize = 24;
/// Seconds of a sparkline.
const RATES_MAX: usize = 16;
/// A lease that nobody else could ask for is as good as none.
pub(super) const LEASE_MS_MAX: u64 = 3_600_000;

const COLUMNS: [&str; 18] = [
    "Event",
    "Commands/s",
    "",
    "Mailbox",
    "Wait",
    "Turn",
    "Append",
    "Batch",
    "Rejections/s",
    "Refused",
    "Take-overs",
    "Since snapshot",
    "Snapshot age",
    "In line",
    "Sold",
    "Status",
    "Owner",
    "Id of the event",
];

/// What a column is called that actors are sorted by.
pub(super) fn column(sort: SortName) -> &'static str {
    match sort {
        SortName::Rate => "Commands/s",
        SortName::Depth => "Mailbox",
        SortName::Wait => "Wait",
        SortName::Turn => "Turn",
        SortName::Batch => "Batch",
        SortName::Append => "Append",
        SortName::Rejections => "Rejections/s",
        SortName::Refusals => "Refused",
        SortName::TakeOvers => "Take-overs",
        SortName::Unsnapped => "Since snapshot",
        SortName::Line => "In line",
        SortName::Sold => "Sold",
        SortName::Title => "Event",
        SortName::Snapshot => "Snapshot age",
    }
}

pub(super) fn status(status: StatusView) -> &'static str {
    match status {
        StatusView::Open => "On sale",
        StatusView::Paused => "Paused",
        StatusView::Closed => "Over",
    }
}

pub(super) fn sheet(of: ActorsFrame, table: &Table) -> Sheet {
    let last = u64::from(of.offset) + of.rows.len() as u64;
    let first = u64::from(of.offset) + u64::from(!of.rows.is_empty());
    let mut part = Part::new("").note(format!("{first}–{last} of {}", of.matching));
    if !table.text.is_empty() {
        part = part.note(format!("Title or id of the event: {}", table.text));
    }
    if let Some(node) = &table.node {
        part = part.note(format!("Only node {node}"));
    }
    if !of.complete {
        part = part.note("A node does not answer: this is not all.");
    }
    let part = part.table(COLUMNS, of.rows.into_iter().map(row), "None.");
    let at = |offset| Question::Actors(Table { offset, ..table.clone() });
    Sheet {
        before: (table.offset > 0).then(|| at(table.offset.saturating_sub(ROWS))),
        after: (last < of.matching).then(|| at(table.offset + ROWS)),
        ..Sheet::new(of.at, vec![part])
    }
}

/// A rehearsal is called what its original is: the mark comes first, so that nothing cuts it off.
fn title(actor: &ActorView) -> String {
    let mark = if actor.rehearsal { "Rehearsal: " } else { "" };
    let title = if actor.title.is_empty() { &actor.event } else { &actor.title };
    mark.chars().chain(title.chars()).take(TITLE_MAX).collect()
}

fn row(actor: ActorView) -> Row {
    let rates = actor.rates.iter().rev().take(RATES_MAX).rev().map(|rate| f64::from(*rate));
    let cells = [
        title(&actor),
        tenths(actor.rate),
        sparkline(rates),
        actor.depth.to_string(),
        took(actor.wait_us),
        took(actor.turn_us),
        took(actor.append_us),
        tenths(actor.batch),
        tenths(actor.rejections),
        actor.refusals.to_string(),
        actor.take_overs.to_string(),
        actor.unsnapped.to_string(),
        known(actor.snapshot_age_s, duration),
        actor.line.to_string(),
        share(actor.sold, actor.free + actor.held + actor.sold),
        status(actor.status).to_owned(),
        actor.node,
        actor.event.clone(),
    ];
    Row::new(cells).opening(Question::Actor(actor.event))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::super::sheet::tests::said_as_on_the_dashboard;
    use super::*;

    pub(in super::super) fn actor(event: &str) -> Value {
        json!({
            "event": event, "title": "밤", "rehearsal": false, "node": "00ff", "status": "open", "fence": 3, "seq": 40,
            "owned_for_s": 61, "lease_left_ms": 2500, "depth": 1, "rate": 3.5, "wait_us": 20.0,
            "turn_us": null, "batch": 1.5, "append_us": 2500.0, "rejections": 0.5, "refusals": 2,
            "take_overs": 1, "unsnapped": 5, "line": 7, "inside": 4, "free": 10, "held": 2, "sold": 8,
            "rates": [0, 7], "snapshot_age_s": null, "quiet_for_s": 0,
        })
    }

    #[test]
    fn a_page_in_the_middle_has_one_before_and_one_after() {
        let table = Table { offset: 50, text: "night".to_owned(), ..Table::default() };
        let frame = json!({"type": "actors", "at": "now", "matching": 120, "offset": 50,
            "complete": false, "rows": vec![actor("evt_1"); 50]});
        let shown = sheet(serde_json::from_value(frame).unwrap(), &table);
        said_as_on_the_dashboard(&shown);
        assert!(shown.parts[0].notes.contains(&"51–100 of 120".to_owned()), "{shown}");
        assert!(shown.to_string().contains("A node does not answer"), "{shown}");
        let at = |offset| Some(Question::Actors(Table { offset, ..table.clone() }));
        assert_eq!((&shown.before, &shown.after), (&at(0), &at(100)));
        let row = &shown.parts[0].rows[0];
        assert_eq!(row.cells[..5].join("|"), "밤|3.5|▁█|1|20 µs");
        assert_eq!(row.opens, Some(Question::Actor("evt_1".to_owned())));
    }

    #[test]
    fn a_rehearsal_says_so_before_its_title() {
        let mut rehearsed = actor("evt_1");
        rehearsed["rehearsal"] = json!(true);
        let row = row(serde_json::from_value(rehearsed).unwrap());
        assert_eq!(row.cells[0], "Rehearsal: 밤");
    }

    #[test]
    fn each_order_is_a_column() {
        for sort in SortName::ALL {
            assert!(COLUMNS.contains(&column(sort)), "{sort:?}");
        }
    }
}
