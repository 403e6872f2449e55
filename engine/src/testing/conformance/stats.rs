//! Sales counted from the stream.

use std::time::Duration;

use crate::domain::ids::{EventId, Seq};
use crate::ports::{Counted, SalesLine, Stats};
use crate::testing::sample::OPENS_AT;

/// [`Stats`]: each record counts once, in whatever order they come.
///
/// Uses `event` and the one after it.
///
/// # Panics
/// If the adapter does not conform.
pub async fn stats(stats: &dyn Stats, event: EventId) {
    let other = EventId::new(event.number() + 1);
    assert_eq!(stats.sales(event).await, Ok(Vec::new()));
    assert_eq!(stats.count(&[]).await, Ok(()), "nothing to count");

    let first = counted(event, 3, vec![line(1, "Stalls", "a", 2)]);
    let later = counted(event, 9, vec![line(1, "Stalls", "a", 1), line(0, "Stalls", "b", 4)]);
    let of_other = counted(other, 3, vec![line(1, "Stalls", "a", 7)]);
    let without_lines = counted(event, 4, Vec::new());
    stats.count(&[later.clone(), without_lines.clone(), of_other]).await.expect("counted");
    stats.count(&[first.clone(), later.clone()]).await.expect("counted");
    stats.count(&[first.clone(), first.clone(), without_lines]).await.expect("counted");
    let all = vec![line(0, "Stalls", "b", 4), line(1, "Stalls", "a", 3)];
    assert_eq!(stats.sales(event).await, Ok(all), "each once, by hour");
    assert_eq!(stats.sales(other).await, Ok(vec![line(1, "Stalls", "a", 7)]));

    let twice_in_one = counted(event, 10, vec![line(1, "Balcony", "c", 1), back("Balcony", "c")]);
    stats.count(&[twice_in_one.clone(), twice_in_one]).await.expect("counted");
    let both = SalesLine { returned: 1, returned_minor: 900, ..line(1, "Balcony", "c", 1) };
    let sales = stats.sales(event).await.expect("read");
    assert_eq!(sales[1], both, "one line for each hour, section and category");
    assert_eq!(sales.len(), 3);

    stats.clear(event).await.expect("cleared");
    assert_eq!(stats.sales(event).await, Ok(Vec::new()));
    assert_eq!(stats.sales(other).await.expect("read").len(), 1, "others are left alone");
    stats.count(&[later, first]).await.expect("counted");
    assert_eq!(stats.sales(event).await.expect("read").len(), 2, "counted anew");
    at_once(stats, other).await;
}

/// Two that read the same stream count the same records at the same time.
async fn at_once(stats: &dyn Stats, event: EventId) {
    stats.clear(event).await.expect("cleared");
    let record = |seq: u64| {
        let section = if seq.is_multiple_of(2) { "Stalls" } else { "Balcony" };
        counted(event, seq, vec![line(0, section, "a", 1), line(1, "Stalls", "a", 1)])
    };
    let up: Vec<Counted> = (1..=40).map(record).collect();
    let down: Vec<Counted> = up.iter().rev().cloned().collect();
    let (one, other) = tokio::join!(stats.count(&up), stats.count(&down));
    assert_eq!((one, other), (Ok(()), Ok(())));
    let sold: i64 = stats.sales(event).await.expect("read").iter().map(|line| line.sold).sum();
    assert_eq!(sold, 80, "two tickets for each of forty records");
}

fn counted(event: EventId, seq: u64, lines: Vec<SalesLine>) -> Counted {
    Counted { event, seq: Seq(seq), lines }
}

fn line(hour: u64, section: &str, category: &str, sold: i64) -> SalesLine {
    SalesLine {
        hour: OPENS_AT.after(Duration::from_hours(hour)),
        section: section.to_owned(),
        category: category.to_owned(),
        sold,
        returned: 0,
        sold_minor: sold * 1_000,
        returned_minor: 0,
    }
}

fn back(section: &str, category: &str) -> SalesLine {
    SalesLine { returned: 1, returned_minor: 900, ..line(1, section, category, 0) }
}
