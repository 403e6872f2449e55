//! Adding up sales.

use std::collections::BTreeMap;

use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::SalesLine;

const HOUR_MS: i64 = 3_600_000;

/// Sales by hour, section and category.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lines: BTreeMap<(Timestamp, String, String), SalesLine>,
}

/// Whether a ticket was issued or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Sold,
    Returned,
}

impl Tally {
    /// Adds a line.
    pub(crate) fn add(&mut self, line: SalesLine) {
        let key = (line.hour, line.section.clone(), line.category.clone());
        match self.lines.get_mut(&key) {
            Some(sum) => sum.add(&line),
            None => drop(self.lines.insert(key, line)),
        }
    }

    /// Adds one ticket.
    pub(super) fn ticket(
        &mut self,
        way: Way,
        at: Timestamp,
        (section, category): (&str, &str),
        minor: i64,
    ) {
        let one = |counted: Way| if counted == way { (1, minor) } else { (0, 0) };
        let ((sold, sold_minor), (returned, returned_minor)) = (one(Way::Sold), one(Way::Returned));
        let (section, category) = (section.to_owned(), category.to_owned());
        let hour = hour(at);
        self.add(SalesLine { hour, section, category, sold, returned, sold_minor, returned_minor });
    }

    /// The lines, by hour, section and category.
    pub(crate) fn into_lines(self) -> Vec<SalesLine> {
        self.lines.into_values().collect()
    }
}

impl Extend<SalesLine> for Tally {
    fn extend<I: IntoIterator<Item = SalesLine>>(&mut self, lines: I) {
        lines.into_iter().for_each(|line| self.add(line));
    }
}

/// The first moment of an hour, UTC.
fn hour(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis().div_euclid(HOUR_MS) * HOUR_MS)
}
