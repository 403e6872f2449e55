//! The auditor: replays a journal against a second, simpler model and names every broken rule.
//!
//! It shares nothing with [`super::sale`] but the records, so that one mistake does not hide in
//! both. It never panics on a record, however wrong, and goes on after a violation.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part of the model reads only the changes that concern it"
)]

mod money;
mod places;
mod room;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use self::money::Books;
use self::places::Floor;
use self::room::Door;
use super::change::{Change, Record};
use super::chart::Chart;
use super::ids::Seq;
use super::terms::{SaleStatus, Terms};
use super::time::Timestamp;

/// What a journal must never show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Records are numbered 1, 2, 3 … and never get older.
    Order,
    /// A place has at most one owner, and only its owner gives it up.
    OneOwner,
    /// Holds, orders, payments and tickets move only as listed.
    LegalStep,
    /// One charge for an order; money without a ticket goes back; amounts add up.
    Money,
    /// Never more fans inside than admitted, first come first called.
    Admission,
    /// Places are held only under a live entry.
    Entry,
    /// Window, status, limits and prices are those of the terms.
    Terms,
    /// Nothing ends earlier than promised, and nothing expired is used.
    Time,
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub seq: Seq,
    /// Which rule.
    pub rule: Rule,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: {} ({:?})", self.seq, self.what, self.rule)
    }
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records read.
    pub records: u64,
    /// How many of each kind of change, by name.
    pub changes: BTreeMap<&'static str, u64>,
    /// Places that nobody has, that are held, that are sold.
    pub free: usize,
    /// See `free`.
    pub held: usize,
    /// See `free`.
    pub sold: usize,
    /// Places that are taken off sale.
    pub blocked: usize,
    /// What payers gave, in the smallest unit of the sale's currency.
    pub captured_minor: i64,
    /// What payers got back.
    pub refunded_minor: i64,
    /// What payers will get back.
    pub refund_due_minor: i64,
    /// Every broken rule, in the order of the journal.
    pub violations: Vec<Violation>,
}

/// Reads a journal from its first record on.
#[derive(Debug)]
pub struct Auditor {
    chart: Arc<Chart>,
    terms: Option<Terms>,
    status: SaleStatus,
    seq: Seq,
    at: Timestamp,
    changes: BTreeMap<&'static str, u64>,
    floor: Floor,
    door: Door,
    books: Books,
    violations: Vec<Violation>,
}

/// What the parts of the model see of a record, and where they report.
struct Page<'a> {
    chart: &'a Chart,
    terms: &'a Terms,
    status: SaleStatus,
    seq: Seq,
    at: Timestamp,
    violations: &'a mut Vec<Violation>,
}

impl Page<'_> {
    /// Notes a violation unless something that must be true is.
    fn check(&mut self, rule: Rule, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(Violation { seq: self.seq, rule, what: what() });
        }
    }

    /// Whether fans may be admitted and places held at this moment.
    fn on_sale(&self) -> bool {
        let rules = &self.terms.rules;
        self.status == SaleStatus::Open && rules.opens_at <= self.at && self.at < rules.closes_at
    }
}

impl Auditor {
    /// Begins with an empty journal of a sale with this chart.
    pub fn new(chart: Arc<Chart>) -> Self {
        Self {
            floor: Floor::new(chart.capacity()),
            chart,
            terms: None,
            status: SaleStatus::Open,
            seq: Seq(0),
            at: Timestamp::from_millis(i64::MIN),
            changes: BTreeMap::new(),
            door: Door::default(),
            books: Books::default(),
            violations: Vec::new(),
        }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        *self.changes.entry(record.change.name()).or_default() += 1;
        if record.seq != self.seq.next() || record.at < self.at {
            let what = format!("follows on {} of {}", self.seq, self.at);
            self.violations.push(Violation { seq: record.seq, rule: Rule::Order, what });
        }
        self.seq = record.seq;
        self.at = self.at.max(record.at);
        match &record.change {
            Change::SaleOpened { terms } => {
                let again = self.terms.replace((**terms).clone()).is_some();
                if again || terms.chart != self.chart.hash() {
                    let what = "the sale opened twice, or with another chart".to_owned();
                    self.violations.push(Violation { seq: self.seq, rule: Rule::LegalStep, what });
                }
            }
            Change::TermsChanged { terms } => self.terms = Some((**terms).clone()),
            Change::StatusChanged { status } => self.change_status(*status),
            other => self.read_change(record, other),
        }
    }

    fn change_status(&mut self, status: SaleStatus) {
        if !self.status.may_become(status) {
            let what = format!("the sale went from {:?} to {status:?}", self.status);
            self.violations.push(Violation { seq: self.seq, rule: Rule::LegalStep, what });
        }
        self.status = status;
    }

    fn read_change(&mut self, record: &Record, change: &Change) {
        let Some(terms) = &self.terms else {
            let what = "the sale has not been opened".to_owned();
            self.violations.push(Violation { seq: self.seq, rule: Rule::LegalStep, what });
            return;
        };
        let mut page = Page {
            chart: &self.chart,
            terms,
            status: self.status,
            seq: record.seq,
            at: record.at,
            violations: &mut self.violations,
        };
        self.door.read(&mut page, change);
        self.floor.read(&mut page, &self.door, change);
        self.books.read(&mut page, change);
    }

    /// Closes the books.
    pub fn finish(mut self) -> Report {
        let seq = self.seq;
        for what in self.books.faults() {
            self.violations.push(Violation { seq, rule: Rule::Money, what });
        }
        let (free, held, sold, blocked) = self.floor.counts();
        Report {
            records: self.changes.values().sum(),
            changes: self.changes,
            free,
            held,
            sold,
            blocked,
            captured_minor: self.books.captured_minor(),
            refunded_minor: self.books.refunded_minor(),
            refund_due_minor: self.books.refund_due_minor(),
            violations: self.violations,
        }
    }
}
