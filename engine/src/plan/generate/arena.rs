//! Arenas: a bowl of tiers around a floor with a stage.

use super::bank::{Bank, BankSection, Ground};
use super::hall::Hall;
use super::oval::{Oval, STATIONS};
use super::{add_wheelchair_places, bounded, finish};
use crate::domain::chart::{ChartDraft, SectionDraft};
use crate::plan::geometry::{Spot, floor, real};

/// The walk between the floor and the first row.
const WALK: f64 = 20.0;
/// How far a small arena's floor reaches from its middle.
const REACH_MIN: f64 = 60.0;
/// How that grows with the square root of the places: 25 metres at 20,000.
const REACH_PER_ROOT: f64 = 1.77;
/// Stations on either side of the top middle that a stage at the end takes from the bowl.
const OPEN_STATIONS: f64 = 1.75;
/// The floor never seats more than one in this many.
const FLOOR_SHARE: usize = 6;
/// Fans that one gate lets in.
const PLACES_PER_GATE: usize = 2_500;
/// Gates of the largest arena.
const GATES_MAX: usize = 24;

/// Where the stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// At one end; nobody sits behind it.
    End,
    /// In the middle, with seats all around.
    Centre,
}

/// What the floor before the stage is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Nothing.
    Empty,
    /// Blocks of seats.
    Seated,
    /// Standing room for that many of the arena's places; for all of them if it has no more.
    Standing(u32),
}

/// Specification of an arena: a bowl around a floor with a stage.
///
/// Sections are numbered clockwise, 101 up in the first tier, 201 up in the second; places are
/// priced in up to five categories by their distance from the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arena {
    /// What the chart is called.
    pub name: String,
    /// How many places it has, seats and standing places together.
    pub places: usize,
    /// Where the stage stands.
    pub stage: Stage,
    /// What the floor is used for.
    pub floor: Floor,
}

impl Arena {
    /// Draws it: exactly [`places`](Self::places) places, the same ones every time.
    pub fn draft(&self) -> ChartDraft {
        let places = bounded(self.places);
        let hall = self.hall(places);
        let mut sections = match self.floor {
            Floor::Empty => Vec::new(),
            Floor::Seated => hall.blocks(places / FLOOR_SHARE),
            Floor::Standing(standing) => {
                hall.standing(standing.min(u32::try_from(places).unwrap_or(u32::MAX)))
            }
        };
        for section in &mut sections {
            "Gate 1".clone_into(&mut section.entrance);
        }
        let in_bowl = places - sections.iter().map(places_of).sum::<usize>();
        let bank = Bank::seating(self.ground(hall.oval), in_bowl);
        for section in bank.sections() {
            sections.push(self.bowl_section(&bank, section, hall.stage_middle));
        }
        finish(&self.name, hall.stage_middle.point(), sections)
    }

    fn hall(&self, places: usize) -> Hall {
        let reach = (REACH_PER_ROOT * real(places).sqrt()).max(REACH_MIN);
        let (half, stage_half) = match self.stage {
            Stage::End => (Spot::new(0.95, 1.3), Spot::new(0.5, 0.18)),
            Stage::Centre => (Spot::new(1.3, 0.95), Spot::new(0.22, 0.22)),
        };
        let half = Spot::new(half.x * reach, half.y * reach);
        let stage_half = Spot::new(stage_half.x * reach, stage_half.y * reach);
        let stage_middle = match self.stage {
            Stage::End => Spot::new(0.0, stage_half.y - half.y),
            Stage::Centre => Spot::default(),
        };
        Hall { oval: Oval::reaching(half, 0.8), stage: self.stage, stage_middle, stage_half }
    }

    fn ground(&self, oval: Oval) -> Ground {
        let (from, to) = match self.stage {
            Stage::End => (OPEN_STATIONS, STATIONS - OPEN_STATIONS),
            Stage::Centre => (0.0, STATIONS),
        };
        Ground { oval, from, to, inner: WALK, tier_rows_max: 26, row_seats: 24.0 }
    }

    /// A section of the bowl, with its gate and what is special about its seats.
    fn bowl_section(&self, bank: &Bank, section: BankSection, focus: Spot) -> SectionDraft {
        let label = format!("{}{:02}", section.tier + 1, section.number + 1);
        let mut draft = bank.draw(section, label, |row| (row + 1).to_string());
        let gates = (self.places / PLACES_PER_GATE).clamp(1, GATES_MAX);
        let gate = floor(section.part_around() * real(gates)) + 1;
        draft.entrance = format!("Gate {gate}");
        if section.tier == 0 {
            add_wheelchair_places(&mut draft);
        } else if let Some(front) = draft.rows.first_mut() {
            // The rail before an upper tier, where the aisles end, stands in the way.
            if let [leftmost, .., rightmost] = front.places.as_mut_slice() {
                leftmost.traits.restricted_view = true;
                rightmost.traits.restricted_view = true;
            }
        }
        let stage_line = focus.point().y;
        for place in draft.rows.iter_mut().flat_map(|row| &mut row.places) {
            let behind = self.stage == Stage::End && place.at.y < stage_line;
            place.traits.restricted_view |= behind;
        }
        draft
    }
}

fn places_of(section: &SectionDraft) -> usize {
    let seats: usize = section.rows.iter().map(|row| row.places.len()).sum();
    let standing: u32 = section.areas.iter().map(|area| area.capacity).sum();
    seats + standing as usize
}
