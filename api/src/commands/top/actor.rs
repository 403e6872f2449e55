//! One actor: what it does now, and the latest records of its journal.

use serde::Deserialize;

use super::actors::{LEASE_MS_MAX, status};
use super::figures::{
    UNKNOWN, duration, known, micros, money, share, tenth, tenths, time_of_day, took,
};
use super::past::Past;
use super::question::Question;
use super::session::{Frames, Least, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::topic_of;
use crate::wire::actions::{AuditEntryView, AuditPageView};
use crate::wire::ops::{ActorFrame, ActorView};
use crate::wire::records::OriginView;
use crate::wire::replay::{JournalRecordView, JournalView};

/// Records that are shown.
const SHOWN: u32 = 20;
/// Entries of the log that are read for who did something.
const ENTRIES: u32 = 100;

pub(super) struct ActorPage {
    event: String,
    /// None if the event is shown to nobody.
    currency: Option<Currency>,
    frames: Frames,
    past: Past<4>,
    journal: Option<Journal>,
    /// Whether this account may ask who did something, and why.
    may: bool,
}

/// In what an event is paid for.
#[derive(Debug, Deserialize)]
struct Currency {
    currency: String,
    currency_decimals: u32,
}

/// The latest records, and the entries of the log that say more about them.
struct Journal {
    /// The last record when it was read, if an actor said which.
    seq: Option<u64>,
    records: Vec<JournalRecordView>,
    entries: Vec<AuditEntryView>,
}

impl ActorPage {
    pub(super) async fn begin(session: &Session, event: &str) -> Result<Self, Missed> {
        let frames = session.watch(&topic_of("actor", event)).await?;
        let path = format!("/api/v1/events/{event}");
        let currency = session.get(&path, &[], Least::Viewer).await.ok();
        let event = event.to_owned();
        Ok(Self { event, currency, frames, past: past(), journal: None, may: true })
    }

    pub(super) async fn next(&mut self, session: &Session) -> Result<Sheet, Missed> {
        let frame: ActorFrame = self.frames.next().await?;
        let seq = frame.actor.as_ref().map(|actor| actor.seq);
        if self.journal.as_ref().is_none_or(|journal| journal.seq != seq) {
            let records = self.records(session).await?;
            let entries = self.entries(session, &records).await?;
            self.journal = Some(Journal { seq, records, entries });
        }
        let mut shown = sheet(frame, &mut self.past);
        if let Some(journal) = &self.journal {
            shown.parts.push(records(journal, self.currency.as_ref()));
        }
        Ok(shown)
    }

    async fn records(&self, session: &Session) -> Result<Vec<JournalRecordView>, Missed> {
        let path = format!("/api/v1/ops/events/{}/journal", self.event);
        let pairs = [("limit", SHOWN.to_string())];
        let journal: JournalView = session.get(&path, &pairs, Least::Viewer).await?;
        Ok(journal.records.into_iter().rev().collect())
    }

    async fn entries(
        &mut self,
        session: &Session,
        records: &[JournalRecordView],
    ) -> Result<Vec<AuditEntryView>, Missed> {
        let last = records.iter().filter_map(|record| record.deed).max();
        let Some(last) = last.filter(|_| self.may) else { return Ok(Vec::new()) };
        let before = (last + 1).to_string();
        let pairs =
            [("event", self.event.clone()), ("before", before), ("limit", ENTRIES.to_string())];
        match session.get("/api/v1/ops/audit", &pairs, Least::Operator).await {
            Ok(AuditPageView { entries, .. }) => Ok(entries),
            Err(Missed::Refused(_)) => {
                self.may = false;
                Ok(Vec::new())
            }
            Err(failed) => Err(failed),
        }
    }
}

fn past() -> Past<4> {
    Past::new([("Commands/s", tenth), ("Wait", micros), ("Append", micros), ("Batch", tenth)])
}

fn sheet(of: ActorFrame, past: &mut Past<4>) -> Sheet {
    let beat =
        |which: fn(&ActorView) -> Option<f32>| of.actor.as_ref().and_then(which).map(f64::from);
    past.push([
        beat(|actor| actor.rate),
        beat(|actor| actor.wait_us),
        beat(|actor| actor.append_us),
        beat(|actor| actor.batch),
    ]);
    let sockets: u64 = of.sockets.iter().map(|node| node.sockets).sum();
    let mut now = match &of.actor {
        Some(actor) => Part::new("").note(actor.title.clone()).figures(figures(actor, sockets)),
        None => Part::new("").note("No node has it now. The next request has it taken over."),
    };
    if !of.complete {
        now = now.note("A node does not answer: this is not all.");
    }
    let mut rejections = of.rejections;
    rejections.sort_by_key(|of| std::cmp::Reverse(of.count));
    let rejections = rejections.into_iter().map(|of| Row::new([of.code, of.count.to_string()]));
    let rejections = Part::new("Rejected commands").table(
        ["Code", "How many"],
        rejections,
        "Nothing was rejected.",
    );
    let by_node = of.sockets.into_iter().map(|of| Row::new([of.node, of.sockets.to_string()]));
    let by_node = Part::new("Sockets").table(["Node", "How many"], by_node, "None.");
    Sheet::new(of.at, vec![now, past.part(), rejections, by_node])
}

fn figures(of: &ActorView, sockets: u64) -> Vec<(&'static str, String)> {
    let mut figures = vec![
        ("Status", status(of.status).to_owned()),
        ("Owner", of.node.clone()),
        ("Owned for", duration(of.owned_for_s)),
        ("Fence", of.fence.to_string()),
    ];
    if of.lease_left_ms < LEASE_MS_MAX {
        let tenths = of.lease_left_ms / 100;
        figures.push(("Lease left", format!("{}.{} s", tenths / 10, tenths % 10)));
    }
    figures.extend([
        ("Take-overs", of.take_overs.to_string()),
        ("Record", of.seq.to_string()),
        ("Since last record", duration(of.quiet_for_s)),
        ("Since snapshot", of.unsnapped.to_string()),
        ("Snapshot age", of.snapshot_age_s.map_or_else(|| "none".to_owned(), duration)),
        ("Commands/s", tenths(of.rate)),
        ("Mailbox", of.depth.to_string()),
        ("Wait", took(of.wait_us)),
        ("Turn", took(of.turn_us)),
        ("Batch", tenths(of.batch)),
        ("Append", took(of.append_us)),
        ("Rejections/s", tenths(of.rejections)),
        ("Refused", of.refusals.to_string()),
        ("In line", of.line.to_string()),
        ("Inside", of.inside.to_string()),
        ("Sold", share(of.sold, of.free + of.held + of.sold)),
        ("Sockets", sockets.to_string()),
    ]);
    figures
}

/// The latest records first, each with who asked for it, and why, if that is known.
fn records(journal: &Journal, currency: Option<&Currency>) -> Part {
    const COLUMNS: [&str; 11] = [
        "Record", "Time", "By", "Change", "Who", "Reason", "Seats", "Amount", "Batch", "Fence",
        "About",
    ];
    /// Where it is said who did something.
    const WHO: std::ops::Range<usize> = 4..6;
    let of = |record: &JournalRecordView| {
        journal.entries.iter().find(|entry| Some(entry.number) == record.deed)
    };
    let deeds: Vec<_> = journal.records.iter().map(of).collect();
    let told = deeds.iter().any(Option::is_some);
    let rows = journal.records.iter().zip(deeds).map(|(record, deed)| {
        let amount = |minor: i64| match currency {
            Some(of) => money(minor, &of.currency, of.currency_decimals),
            None => minor.to_string(),
        };
        let (who, why) = deed.map_or_else(Default::default, |deed| {
            (deed.email.clone().unwrap_or_else(|| deed.by.clone()), deed.reason.clone())
        });
        let mut cells = vec![
            record.seq.to_string(),
            time_of_day(&record.at),
            by(record.by).to_owned(),
            kind(&record.kind).to_owned(),
            who,
            why,
            if record.places == 0 { String::new() } else { record.places.to_string() },
            record.amount_minor.map_or_else(String::new, amount),
            record.batch.to_string(),
            record.fence.to_string(),
            known(record.subject.clone(), |subject| subject),
        ];
        if !told {
            cells.drain(WHO);
        }
        Row::new(cells)
    });
    let mut columns = COLUMNS.to_vec();
    if !told {
        columns.drain(WHO);
    }
    Part::new("Records").table(columns, rows, UNKNOWN)
}

fn by(origin: OriginView) -> &'static str {
    match origin {
        OriginView::Clock => "time",
        OriginView::Fan => "fan",
        OriginView::Operator => "operator",
        OriginView::Provider => "payment company",
    }
}

/// What changed, in words.
fn kind(kind: &str) -> &str {
    match kind {
        "sale_opened" => "sale opened",
        "terms_changed" => "terms changed",
        "status_changed" => "status changed",
        "joined" => "joined the line",
        "left" => "left",
        "called" => "called",
        "claimed" => "admitted",
        "claim_lapsed" => "missed the turn",
        "session_ended" => "session ended",
        "hold_placed" => "hold placed",
        "hold_changed" => "hold changed",
        "hold_extended" => "hold extended",
        "hold_released" => "hold released",
        "hold_expired" => "hold expired",
        "order_placed" => "order placed",
        "order_cancelled" => "order cancelled",
        "payment_started" => "payment started",
        "payment_declined" => "payment declined",
        "order_paid" => "order paid",
        "payment_stranded" => "paid without tickets",
        "order_returned" => "order returned",
        "payment_refunded" => "payment refunded",
        "ticket_redeemed" => "ticket used",
        "answered" => "answer kept",
        "places_blocked" => "places taken off sale",
        "places_freed" => "places put back on sale",
        "rate_changed" => "admission rate changed",
        "notice_changed" => "notice changed",
        kind => kind,
    }
}

/// The page of the event's sale, and that of its actor.
pub(super) fn other(question: &Question) -> Option<Question> {
    match question {
        Question::Actor(event) => Some(Question::Sale(event.clone())),
        Question::Sale(event) => Some(Question::Actor(event.clone())),
        Question::Overview
        | Question::Nodes
        | Question::Actors(_)
        | Question::Streams
        | Question::AuditLog(_)
        | Question::Settings(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::actors::tests::actor;
    use super::super::audit_log::tests::entry;
    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    fn record(seq: u64, by: &str, kind: &str, deed: Option<u64>) -> JournalRecordView {
        let record = json!({"seq": seq, "at": "now", "by": by, "deed": deed, "kind": kind,
            "subject": "hld_1", "places": 0, "fans": 0, "amount_minor": 1500, "batch": 1, "fence": 1});
        serde_json::from_value(record).unwrap()
    }

    fn shown(actor: &Value) -> Sheet {
        let frame = json!({
            "type": "actor", "at": "now", "event": "evt_1", "complete": true, "actor": actor,
            "rejections": [{"code": "sold_out", "count": 1}, {"code": "not_admitted", "count": 30}],
            "sockets": [{"node": "00ff", "sockets": 2}, {"node": "00aa", "sockets": 1}],
        });
        sheet(serde_json::from_value(frame).unwrap(), &mut past())
    }

    #[test]
    fn an_actor_has_its_figures_its_rejections_and_its_sockets() {
        let shown = shown(&actor("evt_1"));
        said_as_on_the_dashboard(&shown);
        has_lines(&shown, &["Lease left: 2.5 s", "Snapshot age: none", "Append: 2.5 ms"]);
        has_lines(&shown, &["Sockets: 3", "Owned for: 1 min 1 s", "Sold: 8 / 20"]);
        has_lines(&shown, &["Code          How many", "not_admitted  30", "sold_out      1"]);
    }

    #[test]
    fn one_that_nobody_owns_says_so() {
        let shown = shown(&json!(null));
        has_lines(&shown, &["No node has it now. The next request has it taken over."]);
    }

    #[test]
    fn a_record_says_who_and_why_where_the_log_does() {
        let currency = Currency { currency: "KRW".to_owned(), currency_decimals: 0 };
        let records_of = |entries| {
            let read = vec![
                record(7, "operator", "status_changed", Some(1)),
                record(6, "fan", "odd", None),
            ];
            records(&Journal { seq: Some(7), records: read, entries }, Some(&currency))
        };
        let known = Sheet::new(String::new(), vec![records_of(vec![entry("pause", "asked")])]);
        said_as_on_the_dashboard(&known);
        let cells = &known.parts[0].rows[0].cells;
        assert_eq!(cells[2..6].join("|"), "operator|status changed|op@example.com|too many");
        let unknown = records_of(Vec::new());
        assert_eq!(unknown.rows[1].cells[2..6].join("|"), "fan|odd||1500 KRW");
        assert!(!unknown.columns.contains(&"Who"));
    }
}
