//! The log of what was done.

use std::time::Duration;

use crate::domain::ids::{AccountId, EventId};
use crate::ports::{AuditEntry, AuditFilter, AuditLog, Deed};
use crate::testing::sample::OPENS_AT;

/// [`AuditLog`], on a log without entries.
///
/// # Panics
/// If the adapter does not conform.
pub async fn audit_log(log: &dyn AuditLog, event: EventId) {
    let deed = |number: u64| Deed {
        at: OPENS_AT.after(Duration::from_secs(number)),
        by: AccountId::new(number % 2 + 1),
        event: (number != 6).then_some(event),
        action: if number < 3 { "pause" } else { "close" }.to_owned(),
        target: String::new(),
        reason: format!("because of {number}"),
        outcome: "done".to_owned(),
    };
    let mut before = (0, [0; 32]);
    for number in 1..=4 {
        let entry = log.add(&deed(number)).await.expect("added");
        assert_eq!(entry, AuditEntry::following(before, deed(number)));
        before = (entry.number, entry.hash);
    }
    let all = log.entries(0, 10).await.expect("read");
    assert_eq!(all.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let mut before = (0, [0; 32]);
    for entry in &all {
        assert!(entry.follows(before));
        before = (entry.number, entry.hash);
    }
    let mut altered = all[1].clone();
    "another".clone_into(&mut altered.deed.reason);
    assert!(!altered.follows((all[0].number, all[0].hash)), "an alteration shows");
    assert!(!all[2].follows((all[0].number, all[0].hash)), "a gap shows");
    assert_eq!(log.entries(2, 1).await.expect("read"), [all[2].clone()]);
    let numbers = async |fits: AuditFilter, before, limit| {
        let entries = log.latest(&fits, before, limit).await.expect("read");
        entries.iter().map(|entry| entry.number).collect::<Vec<_>>()
    };
    let any = AuditFilter::default;
    assert_eq!(numbers(any(), None, 3).await, [4, 3, 2]);
    assert_eq!(numbers(any(), Some(2), 3).await, [1]);
    assert_eq!(
        numbers(AuditFilter { by: Some(AccountId::new(1)), ..any() }, None, 9).await,
        [4, 2]
    );
    let paused = AuditFilter { action: Some("pause".to_owned()), ..any() };
    assert_eq!(numbers(paused, None, 9).await, [2, 1]);
    let other = EventId::new(event.number() + 1);
    assert_eq!(numbers(AuditFilter { event: Some(other), ..any() }, None, 9).await, [0_u64; 0]);
    assert_eq!(numbers(AuditFilter { event: Some(event), ..any() }, None, 9).await, [4, 3, 2, 1]);
    // Two who add at once both find a place.
    let (later, latest) = (deed(5), deed(6));
    let (one, two) = tokio::join!(log.add(&later), log.add(&latest));
    let mut numbers = [one.expect("added").number, two.expect("added").number];
    numbers.sort_unstable();
    assert_eq!(numbers, [5, 6]);
    let kept = log.entries(4, 2).await.expect("read");
    assert_eq!(kept.iter().filter(|entry| entry.deed.event.is_none()).count(), 1);
    assert!(kept[0].follows((all[3].number, all[3].hash)), "also what is no event's");
    assert!(kept[1].follows((kept[0].number, kept[0].hash)));
}
