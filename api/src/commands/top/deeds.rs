//! Which entry of the audit log a record of a journal came of. Neither names the other: a deed is in the
//! log before it is done and again after, and the record is of the time in between.

use tiketi_engine::domain::time::Timestamp;

use crate::wire::actions::AuditEntryView;
use crate::wire::records::OriginView;
use crate::wire::replay::JournalRecordView;

/// By how much the clocks of two nodes may differ.
const SKEW_MS: i64 = 1_000;

/// What an action makes, where it is one kind alone.
fn made(action: &str) -> Option<&'static str> {
    Some(match action {
        "pause" | "resume" | "close" => "status_changed",
        "release_hold" => "hold_released",
        "cancel_order" => "order_cancelled",
        "return_order" => "order_returned",
        "block_places" => "places_blocked",
        "free_places" => "places_freed",
        "set_admission_rate" => "rate_changed",
        "set_notice" => "notice_changed",
        _ if action.starts_with("set_") => "terms_changed",
        _ => return None,
    })
}

/// What no other action makes, or none at all.
const OTHERS: [&str; 10] = [
    "status_changed",
    "hold_released",
    "order_cancelled",
    "order_returned",
    "places_blocked",
    "places_freed",
    "rate_changed",
    "notice_changed",
    "answered",
    "ticket_redeemed",
];

fn makes(action: &str, kind: &str) -> bool {
    match made(action) {
        Some(made) => made == kind,
        None => kind != "terms_changed" && !OTHERS.contains(&kind),
    }
}

/// Whether an entry is about this hold or order, if it is about one.
fn about(target: &str, subject: Option<&str>) -> bool {
    !(target.starts_with("hld_") || target.starts_with("ord_")) || Some(target) == subject
}

fn millis(at: &str) -> Option<i64> {
    at.parse::<Timestamp>().ok().map(Timestamp::as_millis)
}

/// The entry of the latest, newest first, that a record came of; none if none of them fits.
pub(super) fn deed_of<'a>(
    record: &JournalRecordView,
    entries: &'a [AuditEntryView],
) -> Option<&'a AuditEntryView> {
    if record.by != OriginView::Operator {
        return None;
    }
    let at = millis(&record.at)?;
    let fits = |(index, done): &(usize, &'a AuditEntryView)| {
        let late = millis(&done.at).is_none_or(|done| done + SKEW_MS < at);
        if done.outcome != "done" || late {
            return false;
        }
        if !makes(&done.action, &record.kind) || !about(&done.target, record.subject.as_deref()) {
            return false;
        }
        let same = |entry: &&AuditEntryView| {
            entry.outcome == "asked"
                && (&entry.by, &entry.action) == (&done.by, &done.action)
                && (&entry.target, &entry.reason) == (&done.target, &done.reason)
        };
        let asked = entries.iter().skip(index + 1).find(same);
        asked.and_then(|asked| millis(&asked.at)).is_some_and(|asked| asked - SKEW_MS <= at)
    };
    entries.iter().enumerate().find(fits).map(|(_, done)| done)
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    const AT_MS: i64 = 1_790_000_000_000;

    fn time(offset_s: i64) -> String {
        Timestamp::from_millis(AT_MS + offset_s * 1_000).to_string()
    }

    pub(in super::super) fn record(seq: u64, by: &str, kind: &str) -> JournalRecordView {
        let record = json!({"seq": seq, "at": time(0), "by": by, "kind": kind,
            "subject": "hld_1", "places": 0, "fans": 0, "amount_minor": 1500, "batch": 1, "fence": 1});
        serde_json::from_value(record).unwrap()
    }

    pub(in super::super) fn entry(action: &str, outcome: &str, offset_s: i64) -> AuditEntryView {
        let entry = json!({"number": 1, "at": time(offset_s), "by": "acc_1",
            "email": "op@example.com", "event": "evt_1", "action": action, "target": "",
            "reason": "too many", "outcome": outcome, "hash": ""});
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn a_record_came_of_what_was_asked_before_it_and_done_after() {
        let record = record(7, "operator", "status_changed");
        let of = |entries: &[AuditEntryView]| deed_of(&record, entries).is_some();
        assert!(of(&[entry("pause", "done", 1), entry("pause", "asked", -1)]));
        assert!(!of(&[entry("pause", "done", -5), entry("pause", "asked", -6)]), "before it");
        assert!(!of(&[entry("pause", "done", 5), entry("pause", "asked", 4)]), "after it");
        assert!(!of(&[entry("pause", "done", 1)]), "never asked");
        assert!(!of(&[entry("set_notice", "done", 1), entry("set_notice", "asked", -1)]));
        let hand_over = [entry("hand_over", "done", 1), entry("hand_over", "asked", -1)];
        assert!(!of(&hand_over), "it makes no record of this kind");
    }

    #[test]
    fn one_of_a_fan_or_about_another_hold_came_of_none() {
        let entries = |target: &str| {
            [entry("release_hold", "done", 1), entry("release_hold", "asked", -1)]
                .map(|entry| AuditEntryView { target: target.to_owned(), ..entry })
        };
        let record_by = |by: &str| record(7, by, "hold_released");
        assert!(deed_of(&record_by("operator"), &entries("hld_1")).is_some());
        assert!(deed_of(&record_by("operator"), &entries("hld_2")).is_none());
        assert!(deed_of(&record_by("fan"), &entries("hld_1")).is_none());
    }
}
