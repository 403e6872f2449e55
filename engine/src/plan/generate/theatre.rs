//! Theatres: stalls, a lounge with tables, and a balcony, in arcs around the stage.

use std::f64::consts::TAU;

use super::bank::{Bank, BankSection, Ground};
use super::oval::{LOWER_LEFT, LOWER_RIGHT, Oval};
use super::{add_wheelchair_places, bounded, finish};
use crate::domain::chart::{BlockKind, ChartDraft, PlaceDraft, Point, RowDraft, SectionDraft};
use crate::plan::geometry::{Spot, real};

/// From the middle of the stage to the first row of a small theatre.
const REACH_MIN: f64 = 40.0;
/// How that grows with the square root of the places: 11 metres at 1,000.
const REACH_PER_ROOT: f64 = 2.2;
/// Between the stalls and the balcony.
const FOYER: f64 = 40.0;
/// The part of a quarter turn that the stalls leave open on either side.
const STALLS_OPEN: f64 = 0.42;
/// The same of the balcony.
const BALCONY_OPEN: f64 = 0.6;
/// The balcony's part of the seats, in percent.
const BALCONY_PERCENT: usize = 30;
/// Theatres smaller than this have no lounge.
const LOUNGE_FROM: usize = 150;
/// Tables of a lounge.
const TABLES: usize = 5;
/// Seats around each.
const TABLE_SEATS: usize = 6;
/// From the middle of a table to its seats.
const TABLE_REACH: f64 = 9.0;
/// From table to table.
const TABLE_PITCH: f64 = 38.0;
/// The depth of the lounge, walks and all.
const LOUNGE_DEPTH: f64 = 50.0;

/// Specification of a theatre, meant for some 300 to 1,500 places but good for any number.
///
/// Stalls and balcony have lettered rows in one section or several; the lounge behind the stalls
/// has a few tables, the first of which is sold as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theatre {
    /// What the chart is called.
    pub name: String,
    /// How many places it has.
    pub places: usize,
}

impl Theatre {
    /// Draws it: exactly [`places`](Self::places) places, the same ones every time.
    pub fn draft(&self) -> ChartDraft {
        let places = bounded(self.places);
        let reach = REACH_MIN + REACH_PER_ROOT * real(places).sqrt();
        let oval = Oval::reaching(Spot::new(reach, reach), 1.0);
        let has_lounge = places >= LOUNGE_FROM;
        let in_lounge = if has_lounge { TABLES * TABLE_SEATS } else { 0 };
        let in_balcony = (places - in_lounge) * BALCONY_PERCENT / 100;
        let stalls_ground = ground(oval, STALLS_OPEN, 0.0);
        let stalls = Bank::seating(stalls_ground, places - in_lounge - in_balcony);
        let lounge_depth = if has_lounge { LOUNGE_DEPTH } else { 0.0 };
        let balcony_ground = ground(oval, BALCONY_OPEN, stalls.outer() + lounge_depth + FOYER);
        let balcony = Bank::seating(balcony_ground, in_balcony);

        let mut sections = Vec::new();
        for section in stalls.sections() {
            let mut draft = part(&stalls, section, "Stalls");
            add_wheelchair_places(&mut draft);
            sections.push(draft);
        }
        if has_lounge {
            sections.push(lounge(&oval, stalls.outer() + LOUNGE_DEPTH / 2.0));
        }
        for section in balcony.sections() {
            sections.push(part(&balcony, section, "Balcony"));
        }
        for place in sections
            .iter_mut()
            .flat_map(|section| &mut section.rows)
            .flat_map(|row| &mut row.places)
        {
            // From so far to the side the wings of the stage stand in the way.
            place.traits.restricted_view = place.at.x.abs() * 10 > place.at.y.abs() * 11;
        }
        finish(&self.name, Point::default(), sections)
    }
}

fn ground(oval: Oval, open: f64, inner: f64) -> Ground {
    Ground {
        oval,
        from: LOWER_RIGHT + open,
        to: LOWER_LEFT - open,
        inner,
        tier_rows_max: usize::MAX,
        row_seats: 20.0,
    }
}

/// A section of the stalls or the balcony. Sections run clockwise, which is from right to left as
/// the audience sees it.
fn part(bank: &Bank, section: BankSection, name: &str) -> SectionDraft {
    let from_left = section.of - section.number;
    let (label, door) = match (section.of, from_left) {
        (1, _) => (name.to_owned(), "Centre"),
        (3, 1) => (format!("{name} Left"), "Left"),
        (3, 2) => (format!("{name} Centre"), "Centre"),
        (3, _) => (format!("{name} Right"), "Right"),
        (of, number) if number * 2 <= of => (format!("{name} {number}"), "Left"),
        (_, number) => (format!("{name} {number}"), "Right"),
    };
    let mut draft = bank.draw(section, label, row_letters);
    draft.entrance = format!("Door {name} {door}");
    draft
}

/// A, B and so on without I and O, which look like digits; then AA, BB.
fn row_letters(row: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = char::from(LETTERS[row % LETTERS.len()]);
    String::from(letter).repeat(row / LETTERS.len() + 1)
}

/// Tables along an arc.
fn lounge(oval: &Oval, outside: f64) -> SectionDraft {
    let middle = oval.along(outside, f64::midpoint(LOWER_RIGHT, LOWER_LEFT));
    let leftmost = middle + real(TABLES - 1) / 2.0 * TABLE_PITCH;
    let mut rows = Vec::new();
    for table in 0..TABLES {
        let along = leftmost - real(table) * TABLE_PITCH;
        rows.push(round_table(table, oval.spot(outside, along)));
    }
    let mut front = Vec::new();
    let mut back = Vec::new();
    for corner in 0..=TABLES {
        let along = leftmost - (real(corner) - 0.5) * TABLE_PITCH;
        let station = oval.station(outside, along);
        let corner = |outside| oval.spot(outside, oval.along(outside, station)).point();
        front.push(corner(outside - TABLE_PITCH / 2.0));
        back.push(corner(outside + TABLE_PITCH / 2.0));
    }
    back.reverse();
    SectionDraft {
        label: "Lounge".to_owned(),
        outline: [front, back].concat(),
        entrance: "Door Lounge".to_owned(),
        rows,
        ..SectionDraft::default()
    }
}

fn round_table(table: usize, middle: Spot) -> RowDraft {
    let first = middle + Spot::new(0.0, TABLE_REACH);
    let mut places = Vec::new();
    for seat in 0..TABLE_SEATS {
        let turn = real(seat) / real(TABLE_SEATS) * TAU;
        places.push(PlaceDraft {
            label: (seat + 1).to_string(),
            at: first.turned(middle, turn).point(),
            ..PlaceDraft::default()
        });
    }
    let kind = if table == 0 { BlockKind::WholeTable } else { BlockKind::Table };
    RowDraft { label: format!("T{}", table + 1), kind, places, path: String::new() }
}
