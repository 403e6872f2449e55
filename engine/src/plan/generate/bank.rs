//! A bank of seats: curved rows around an oval, in tiers, cut into sections by aisles.

use std::ops::Range;

use super::oval::Oval;
use crate::domain::chart::{BlockKind, PlaceDraft, Point, RowDraft, SectionDraft};
use crate::plan::geometry::{Spot, floor, real};

/// From seat to seat, in tenths of a metre, which is the length unit of every generated plan.
pub(super) const SEAT_PITCH: f64 = 5.0;
/// From row to row.
pub(super) const ROW_PITCH: f64 = 9.0;
/// Between two sections.
pub(super) const AISLE: f64 = 12.0;
/// Between two tiers.
const TIER_GAP: f64 = 30.0;
/// What no row may exceed: nobody should have to pass more than twenty others.
const ROW_SEATS_MAX: usize = 40;
/// What a row is not shortened below as long as there is another way.
const ROW_SEATS_MIN: usize = 10;

/// Where a bank may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    /// What it is built around.
    pub(super) oval: Oval,
    /// The station where it begins.
    pub(super) from: f64,
    /// The station where it ends.
    pub(super) to: f64,
    /// How far outside the oval its first row is.
    pub(super) inner: f64,
    /// Rows that go into one tier.
    pub(super) tier_rows_max: usize,
    /// What the middle row of a section should seat.
    pub(super) row_seats: f64,
}

#[derive(Debug, Clone, Copy)]
struct Tier {
    inner: f64,
    rows: usize,
    sections: usize,
}

/// One row of one section.
#[derive(Debug, Clone, Copy)]
struct Rank {
    tier: usize,
    section: usize,
    row: usize,
    seats: usize,
}

/// A bank that has exactly the seats it was asked for.
pub(super) struct Bank {
    ground: Ground,
    tiers: Vec<Tier>,
    ranks: Vec<Rank>,
}

/// One section of a bank.
#[derive(Debug, Clone, Copy)]
pub(super) struct BankSection {
    /// Counted from the front.
    pub(super) tier: usize,
    /// Counted clockwise, within its tier.
    pub(super) number: usize,
    /// How many there are in its tier.
    pub(super) of: usize,
}

impl BankSection {
    /// The part of the way around its tier at which its middle lies.
    pub(super) fn part_around(self) -> f64 {
        (real(self.number) + 0.5) / real(self.of)
    }
}

impl Bank {
    /// The smallest bank that seats `places`, shortened to exactly that.
    pub(super) fn seating(ground: Ground, places: usize) -> Self {
        let mut bank = Self { ground, tiers: Vec::new(), ranks: Vec::new() };
        let mut rows = 0;
        let mut seats = 0;
        while seats < places {
            rows += 1;
            bank.tiers = tiers(&ground, rows);
            bank.ranks = bank.full_ranks();
            seats = bank.ranks.iter().map(|rank| rank.seats).sum();
        }
        bank.shorten(seats - places);
        bank
    }

    /// How far outside the oval it ends.
    pub(super) fn outer(&self) -> f64 {
        let tier = self.tiers.last();
        tier.map_or(self.ground.inner, |tier| tier.inner + real(tier.rows) * ROW_PITCH)
    }

    /// The sections, tier by tier, clockwise; those without a seat are left out.
    pub(super) fn sections(&self) -> Vec<BankSection> {
        let mut sections = Vec::new();
        for (tier, shape) in self.tiers.iter().enumerate() {
            for number in 0..shape.sections {
                let section = BankSection { tier, number, of: shape.sections };
                if self.ranks_of(section).next().is_some() {
                    sections.push(section);
                }
            }
        }
        sections
    }

    /// Draws a section; rows are labelled front to back by `row_label`.
    pub(super) fn draw(
        &self,
        section: BankSection,
        label: String,
        row_label: impl Fn(usize) -> String,
    ) -> SectionDraft {
        let mut rows = Vec::new();
        for rank in self.ranks_of(section) {
            rows.push(self.row(rank, row_label(rank.row)));
        }
        SectionDraft {
            label,
            outline: self.outline(section, rows.len()),
            rows,
            ..SectionDraft::default()
        }
    }

    fn ranks_of(&self, section: BankSection) -> impl Iterator<Item = &Rank> {
        let same = move |rank: &&Rank| {
            rank.tier == section.tier && rank.section == section.number && rank.seats > 0
        };
        self.ranks.iter().filter(same)
    }

    fn full_ranks(&self) -> Vec<Rank> {
        let mut ranks = Vec::new();
        for (index, tier) in self.tiers.iter().enumerate() {
            for row in 0..tier.rows {
                for section in 0..tier.sections {
                    let (start, end) = reach(&self.ground, tier, section, tier.row(row));
                    ranks.push(Rank {
                        tier: index,
                        section,
                        row,
                        seats: floor((end - start) / SEAT_PITCH),
                    });
                }
            }
        }
        ranks
    }

    /// Takes seats away: one here and one there in the last tier, so that nobody sees it; then rows
    /// at both ends of the last one; then what is left to take.
    fn shorten(&mut self, mut surplus: usize) {
        let last = self.tiers.len().saturating_sub(1);
        let mut shortened = true;
        while surplus > 0 && shortened {
            shortened = false;
            for rank in self.ranks.iter_mut().rev().filter(|rank| rank.tier == last) {
                if surplus > 0 && rank.seats > ROW_SEATS_MIN {
                    rank.seats -= 1;
                    surplus -= 1;
                    shortened = true;
                }
            }
        }
        let width = self.tiers.last().map_or(0, |tier| tier.sections);
        let back = self.ranks.len().saturating_sub(width)..self.ranks.len();
        for rank in from_both_ends(back) {
            let taken = surplus.min(self.ranks[rank].seats);
            self.ranks[rank].seats -= taken;
            surplus -= taken;
        }
        for rank in self.ranks.iter_mut().rev() {
            let taken = surplus.min(rank.seats);
            rank.seats -= taken;
            surplus -= taken;
        }
    }

    /// The seats of a rank, from the left as its fans see it: against the clock.
    fn row(&self, rank: &Rank, label: String) -> RowDraft {
        let tier = &self.tiers[rank.tier];
        let outside = tier.row(rank.row);
        let (start, end) = reach(&self.ground, tier, rank.section, outside);
        let leftmost = f64::midpoint(start, end) + real(rank.seats - 1) * SEAT_PITCH / 2.0;
        let mut places = Vec::new();
        for seat in 0..rank.seats {
            let along = leftmost - real(seat) * SEAT_PITCH;
            places.push(PlaceDraft {
                label: (seat + 1).to_string(),
                at: self.ground.oval.spot(outside, along).point(),
                ..PlaceDraft::default()
            });
        }
        RowDraft { label, kind: BlockKind::Row, places, path: String::new() }
    }

    fn outline(&self, section: BankSection, rows: usize) -> Vec<Point> {
        let tier = &self.tiers[section.tier];
        let front = tier.inner;
        let back = tier.inner + real(rows) * ROW_PITCH;
        let mut corners = self.edge(tier, section.number, front);
        let far_edge = self.edge(tier, section.number, back);
        corners.extend(far_edge.into_iter().rev());
        corners.into_iter().map(Spot::point).collect()
    }

    /// The line that bounds a section in front or at the back, with a corner every four metres.
    fn edge(&self, tier: &Tier, section: usize, outside: f64) -> Vec<Spot> {
        let (start, end) = reach(&self.ground, tier, section, outside);
        let steps = floor((end - start) / 40.0) + 1;
        let step = (end - start) / real(steps);
        let along = (0..=steps).map(|corner| start + real(corner) * step);
        along.map(|along| self.ground.oval.spot(outside, along)).collect()
    }
}

impl Tier {
    /// How far outside the oval the middle of a row is.
    fn row(&self, row: usize) -> f64 {
        self.inner + (real(row) + 0.5) * ROW_PITCH
    }

    fn middle(&self) -> f64 {
        self.inner + real(self.rows) * ROW_PITCH / 2.0
    }
}

/// The tiers for that many rows, each with the sections that keep its rows within bounds.
fn tiers(ground: &Ground, rows: usize) -> Vec<Tier> {
    let count = rows.div_ceil(ground.tier_rows_max).max(1);
    let mut inner = ground.inner;
    let mut tiers = Vec::new();
    for index in 0..count {
        let mut tier =
            Tier { inner, rows: rows / count + usize::from(index < rows % count), sections: 1 };
        let middle = tier.middle();
        let length = ground.oval.along(middle, ground.to) - ground.oval.along(middle, ground.from);
        // An odd number puts a section into the middle, where the view is best, and not an aisle.
        tier.sections = floor(length / (ground.row_seats * SEAT_PITCH + AISLE)) | 1;
        while longest_row(ground, &tier) > ROW_SEATS_MAX {
            tier.sections += 2;
        }
        inner = tier.inner + real(tier.rows) * ROW_PITCH + TIER_GAP;
        tiers.push(tier);
    }
    tiers
}

fn longest_row(ground: &Ground, tier: &Tier) -> usize {
    let back = tier.row(tier.rows.saturating_sub(1));
    let seats = |section| {
        let (start, end) = reach(ground, tier, section, back);
        floor((end - start) / SEAT_PITCH)
    };
    (0..tier.sections).map(seats).max().unwrap_or(0)
}

/// From where to where a section reaches along the line that runs `outside`. Aisles cut the middle
/// of the tier into equal parts.
fn reach(ground: &Ground, tier: &Tier, section: usize, outside: f64) -> (f64, f64) {
    let oval = &ground.oval;
    let middle = tier.middle();
    let start = oval.along(middle, ground.from);
    let part = (oval.along(middle, ground.to) - start) / real(tier.sections);
    let cut = |number: usize| {
        let station = if number == tier.sections {
            ground.to
        } else {
            oval.station(middle, start + real(number) * part)
        };
        oval.along(outside, station)
    };
    (cut(section) + AISLE / 2.0, cut(section + 1) - AISLE / 2.0)
}

/// The first, the last, the second, the last but one and so on.
fn from_both_ends(mut range: Range<usize>) -> Vec<usize> {
    let mut order = Vec::new();
    while let Some(first) = range.next() {
        order.push(first);
        order.extend(range.next_back());
    }
    order
}
