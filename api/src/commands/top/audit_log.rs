//! What operators did, and why, the latest first.

use super::figures::{UNKNOWN, moment};
use super::question::{Entries, Question};
use super::session::{Least, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::Pace;
use crate::wire::actions::{AuditCheckView, AuditEntryView, AuditPageView};

/// Entries of a page.
const SHOWN: u32 = 25;
const PATH: &str = "/api/v1/ops/audit";

const COLUMNS: [&str; 8] = ["No.", "When", "Who", "Action", "Outcome", "Reason", "Target", "Event"];

pub(super) struct AuditLogPage {
    wanted: Entries,
    /// All of the log is read for it: once a page.
    whole: Option<AuditCheckView>,
    pace: Pace,
}

impl AuditLogPage {
    pub(super) fn new(wanted: &Entries) -> Self {
        Self { wanted: wanted.clone(), whole: None, pace: Pace::default() }
    }

    pub(super) async fn next(&mut self, session: &Session) -> Result<Sheet, Missed> {
        self.pace.wait().await;
        let whole = match &self.whole {
            Some(whole) => whole,
            None => {
                let path = format!("{PATH}/check");
                self.whole.insert(session.get(&path, &[], Least::Operator).await?)
            }
        };
        let Entries { event, before } = &self.wanted;
        let mut pairs = vec![("limit", SHOWN.to_string())];
        pairs.extend(event.iter().map(|event| ("event", event.clone())));
        pairs.extend(before.iter().map(|before| ("before", before.to_string())));
        let page = session.get(PATH, &pairs, Least::Operator).await?;
        self.pace.asked();
        Ok(sheet(page, whole, &self.wanted))
    }
}

fn sheet(of: AuditPageView, whole: &AuditCheckView, wanted: &Entries) -> Sheet {
    let mut part = Part::new("").note(match (whole.broken_at, whole.entries) {
        (Some(at), _) => {
            format!("Entry {at} was altered or is missing. Trust only what is before it.")
        }
        (None, 1) => "The log has one entry, and it is whole.".to_owned(),
        (None, many) => format!("The log has {many} entries, and all of them are whole."),
    });
    if let Some(event) = &wanted.event {
        part = part.note(format!("Id of the event: {event}"));
    }
    let at = |before| Question::AuditLog(Entries { before, ..wanted.clone() });
    let part = part.table(COLUMNS, of.entries.into_iter().map(row), "No entry fits.");
    Sheet {
        before: wanted.before.map(|_| at(None)),
        after: of.next.map(|next| at(Some(next))),
        ..Sheet::new(String::new(), vec![part])
    }
}

fn row(of: AuditEntryView) -> Row {
    let outcome = match &*of.outcome {
        "asked" => "Asked",
        "done" => "Done",
        code => code,
    };
    let or_none = |text: &str| if text.is_empty() { UNKNOWN } else { text }.to_owned();
    let row = Row::new([
        of.number.to_string(),
        moment(&of.at),
        of.email.unwrap_or(of.by),
        action(&of.action).to_owned(),
        outcome.to_owned(),
        of.reason,
        or_none(&of.target),
        or_none(&of.event),
    ]);
    if of.event.is_empty() { row } else { row.opening(Question::Sale(of.event)) }
}

/// What was done, in words; the log may have more.
fn action(name: &str) -> &str {
    match name {
        "pause" => "Pause",
        "resume" => "Resume",
        "close" => "End the sale",
        "set_admitted_max" => "Change how many are inside",
        "set_admission_rate" => "Change how fast fans are let in",
        "set_notice" => "Tell those in line",
        "block_places" => "Take places off sale",
        "free_places" => "Put places back on sale",
        "hand_over" => "Hand the actor over",
        "release_hold" => "Release a hold",
        "cancel_order" => "Cancel an order",
        "return_order" => "Return an order",
        "drain_node" => "Drain the node",
        "rejoin_node" => "Use the node again",
        "rebalance" => "Even the nodes out",
        "replay_dead_letter" => "Replay a dead letter",
        "begin_draft" => "Begin a draft",
        "change_draft" => "Change a draft",
        "remove_draft" => "Throw a draft away",
        "publish_draft" => "Publish an event",
        "create_event" => "Create an event",
        "set_terms" => "Change a published event",
        "keep_plan" => "Keep a plan",
        "set_chart_venue" => "Change the venue of a plan",
        "keep_image" => "Keep an image",
        "add_venue" => "Add a venue",
        "change_venue" => "Change a venue",
        "remove_venue" => "Remove a venue",
        "add_artist" => "Add an artist",
        "change_artist" => "Change an artist",
        "remove_artist" => "Remove an artist",
        "set_role" => "Change a role",
        "make_setup_link" => "Make a set-up link",
        "rehearse" => "Rehearse",
        "let_bots_in" => "Let bots in",
        "wipe_rehearsal" => "Wipe a rehearsal",
        name => name,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    /// The first entry of a log.
    pub(in super::super) fn entry(action: &str, outcome: &str) -> AuditEntryView {
        let entry = json!({"number": 1, "at": "2026-11-28T15:00:05.000Z", "by": "acc_1",
            "email": "op@example.com", "event": "evt_1", "action": action, "target": "",
            "reason": "too many", "outcome": outcome, "hash": ""});
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn an_entry_says_who_why_and_what_came_of_it() {
        let whole = AuditCheckView { entries: 30, broken_at: None };
        let entries = vec![entry("pause", "done"), entry("odd", "sold_out")];
        let page = AuditPageView { entries, next: Some(4) };
        let wanted = Entries { event: Some("evt_1".to_owned()), before: Some(30) };
        let shown = sheet(page, &whole, &wanted);
        said_as_on_the_dashboard(&shown);
        has_lines(&shown, &["The log has 30 entries, and all of them are whole."]);
        let cells: Vec<_> = shown.rows().map(|row| row.cells[2..7].join("|")).collect();
        let who = "op@example.com";
        let told =
            [format!("{who}|Pause|Done|too many|–"), format!("{who}|odd|sold_out|too many|–")];
        assert_eq!(cells, told);
        let at = |before| Some(Question::AuditLog(Entries { before, ..wanted.clone() }));
        assert_eq!((&shown.before, &shown.after), (&at(None), &at(Some(4))));
        let opened = shown.rows().next().and_then(|row| row.opens.clone());
        assert_eq!(opened, Some(Question::Sale("evt_1".to_owned())));
    }

    #[test]
    fn a_log_that_was_altered_says_where() {
        let whole = AuditCheckView { entries: 6, broken_at: Some(7) };
        let page = AuditPageView { entries: Vec::new(), next: None };
        let shown = sheet(page, &whole, &Entries::default());
        has_lines(&shown, &["No entry fits."]);
        assert!(shown.to_string().starts_with("Entry 7 was altered or is missing."), "{shown}");
    }
}
