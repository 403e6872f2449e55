//! The floor of an arena: blocks of seats, or standing room.

use super::STANDING;
use super::arena::Stage;
use super::bank::{AISLE, ROW_PITCH, SEAT_PITCH};
use super::oval::{Oval, STATIONS};
use crate::domain::chart::{AreaDraft, BlockKind, PlaceDraft, RowDraft, SectionDraft};
use crate::plan::geometry::{Spot, floor, real};

/// Seats of one row of a block.
const BLOCK_SEATS: usize = 14;
/// Rows of one block.
const BLOCK_ROWS: usize = 8;
/// From block to block, either way: a block is about as deep as it is wide.
const BLOCK_PITCH: f64 = 14.0 * SEAT_PITCH + AISLE;
/// Kept free inside the bowl.
const INSET: f64 = 15.0;
/// Kept free before the stage.
const PIT: f64 = 30.0;
/// Corners of the outline of standing room.
const CORNERS: usize = 48;

/// What lies inside the bowl, whose middle is the origin.
pub(super) struct Hall {
    pub(super) oval: Oval,
    pub(super) stage: Stage,
    /// The middle of the stage.
    pub(super) stage_middle: Spot,
    /// Half the stage's width and depth.
    pub(super) stage_half: Spot,
}

impl Hall {
    /// Blocks of seats, the nearest first, as long as they hold no more than `places` together.
    pub(super) fn blocks(&self, places: usize) -> Vec<SectionDraft> {
        let half = self.oval.half();
        let columns = floor(half.x * 2.0 / BLOCK_PITCH);
        let lines = floor(half.y * 2.0 / BLOCK_PITCH);
        let mut blocks = Vec::new();
        for line in 0..lines {
            for column in 0..columns {
                let middle = Spot::new(
                    (real(column) - real(columns - 1) / 2.0) * BLOCK_PITCH,
                    (real(line) - real(lines - 1) / 2.0) * BLOCK_PITCH,
                );
                if self.is_free(middle) {
                    blocks.push((middle, format!("Floor {}{}", letter(line), column + 1)));
                }
            }
        }
        let distance = |middle: &Spot| middle.distance(self.stage_middle);
        blocks.sort_by(|(a, _), (b, _)| distance(a).total_cmp(&distance(b)));
        blocks.truncate(places / (BLOCK_SEATS * BLOCK_ROWS));
        blocks.sort_by(|(_, a), (_, b)| a.len().cmp(&b.len()).then(a.cmp(b)));
        let blocks = blocks.into_iter();
        blocks.map(|(middle, label)| self.block(middle, label)).collect()
    }

    /// Whether a block around `middle` stands inside the bowl and off the stage.
    fn is_free(&self, middle: Spot) -> bool {
        let half = (BLOCK_PITCH - AISLE) / 2.0;
        let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
        let inside = |&(x, y): &(f64, f64)| self.oval.holds(middle + Spot::new(x, y), INSET);
        let arm = middle - self.stage_middle;
        let beside = arm.x.abs() >= self.stage_half.x + PIT + half;
        let before = match self.stage {
            Stage::End => arm.y >= self.stage_half.y + PIT + half,
            Stage::Centre => beside || arm.y.abs() >= self.stage_half.y + PIT + half,
        };
        before && corners.iter().all(inside)
    }

    /// A block whose rows look at the stage along the nearer axis.
    fn block(&self, middle: Spot, label: String) -> SectionDraft {
        let arm = middle - self.stage_middle;
        let degrees = match self.stage {
            Stage::End => 0.0,
            Stage::Centre if arm.y.abs() >= arm.x.abs() && arm.y >= 0.0 => 0.0,
            Stage::Centre if arm.y.abs() >= arm.x.abs() => 180.0,
            Stage::Centre if arm.x > 0.0 => 270.0,
            Stage::Centre => 90.0,
        };
        let turned = |x, y| {
            let spot: Spot = middle + Spot::new(x, y);
            spot.turned(middle, f64::to_radians(degrees)).point()
        };
        let mut rows = Vec::new();
        for row in 0..BLOCK_ROWS {
            let y = (real(row) - real(BLOCK_ROWS - 1) / 2.0) * ROW_PITCH;
            let mut places = Vec::new();
            for seat in 0..BLOCK_SEATS {
                let x = (real(seat) - real(BLOCK_SEATS - 1) / 2.0) * SEAT_PITCH;
                places.push(PlaceDraft {
                    label: (seat + 1).to_string(),
                    at: turned(x, y),
                    ..PlaceDraft::default()
                });
            }
            rows.push(RowDraft {
                label: (row + 1).to_string(),
                kind: BlockKind::Row,
                places,
                path: String::new(),
            });
        }
        let x = real(BLOCK_SEATS) * SEAT_PITCH / 2.0;
        let y = real(BLOCK_ROWS) * ROW_PITCH / 2.0;
        SectionDraft {
            label,
            outline: vec![turned(-x, -y), turned(x, -y), turned(x, y), turned(-x, y)],
            rows,
            ..SectionDraft::default()
        }
    }

    /// Standing room for that many: before a stage at the end, on both sides of one in the middle.
    pub(super) fn standing(&self, capacity: u32) -> Vec<SectionDraft> {
        let areas = match self.stage {
            Stage::End => vec![area("Standing", capacity, self.room_before())],
            Stage::Centre => vec![
                area("Standing East", capacity.div_ceil(2), self.room_beside(1.0)),
                area("Standing West", capacity / 2, self.room_beside(-1.0)),
            ],
        };
        let areas: Vec<AreaDraft> = areas.into_iter().filter(|area| area.capacity > 0).collect();
        if areas.is_empty() {
            return Vec::new();
        }
        vec![SectionDraft { label: "Floor".to_owned(), areas, ..SectionDraft::default() }]
    }

    fn room_before(&self) -> (Spot, Vec<Spot>) {
        let front = self.stage_middle.y + self.stage_half.y + PIT;
        let outline = self.inner_line(0.0, STATIONS).into_iter();
        let outline = outline.map(|spot| Spot::new(spot.x, spot.y.max(front)));
        let at = Spot::new(0.0, f64::midpoint(front, self.oval.half().y));
        (at, outline.collect())
    }

    /// The half of the hall to the right of the stage, or mirrored, to its left.
    fn room_beside(&self, side: f64) -> (Spot, Vec<Spot>) {
        let x = self.stage_half.x + PIT;
        let y = self.stage_half.y + PIT;
        let aisle = AISLE / 2.0;
        let mut outline = self.inner_line(0.0, STATIONS / 2.0);
        for spot in &mut outline {
            spot.x = spot.x.max(aisle);
        }
        for (x, y) in [(aisle, y), (x, y), (x, -y), (aisle, -y)] {
            outline.push(self.stage_middle + Spot::new(x, y));
        }
        for spot in &mut outline {
            spot.x *= side;
        }
        let reach = f64::midpoint(x, self.oval.half().x);
        (Spot::new(side * reach, 0.0), outline)
    }

    /// A polygon along the inside of the bowl.
    fn inner_line(&self, from: f64, to: f64) -> Vec<Spot> {
        let start = self.oval.along(-INSET, from);
        let step = (self.oval.along(-INSET, to) - start) / real(CORNERS);
        let along = (0..=CORNERS).map(|corner| start + real(corner) * step);
        along.map(|along| self.oval.spot(-INSET, along)).collect()
    }
}

fn letter(line: usize) -> char {
    u8::try_from(line).map_or('Z', |line| char::from(b'A' + line.min(25)))
}

fn area(label: &str, capacity: u32, (at, outline): (Spot, Vec<Spot>)) -> AreaDraft {
    AreaDraft {
        label: label.to_owned(),
        capacity,
        category: STANDING.to_owned(),
        at: at.point(),
        outline: outline.into_iter().map(Spot::point).collect(),
        path: String::new(),
    }
}
