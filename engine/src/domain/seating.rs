//! What a chart says about neighbourhood and closeness, worked out once for the search of places.
//!
//! A *run* is a stretch of a row without an aisle: its places are neighbours in the index and on
//! the floor. An aisle is a gap of more than [`AISLE_PERCENT`] of the row's usual pitch.

use std::ops::Range;

use super::bitset::BitSet;
use super::chart::{BlockIx, BlockKind, Chart, PlaceIx, SectionIx};
use super::limits::PLACES_PER_RUN_MAX;

/// A gap wider than this share of the row's median pitch is an aisle.
const AISLE_PERCENT: u64 = 160;

/// A stretch of a row or of a table's seats without an aisle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its first place.
    pub first: u32,
    /// How many places: 1 to [`PLACES_PER_RUN_MAX`].
    pub len: u32,
    /// The row or table.
    pub block: BlockIx,
    /// Where it stands.
    pub section: SectionIx,
    /// The least distance of its places to the focal point.
    pub nearest: u32,
}

/// A row or table: the runs between its aisles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Indices of its runs.
    pub runs: Range<usize>,
    /// Where it stands.
    pub section: SectionIx,
    /// The least distance of its places to the focal point.
    pub nearest: u32,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Seating {
    /// In the order of the chart: by section, then by row.
    runs: Vec<Run>,
    /// In the order of the chart.
    rows: Vec<Row>,
    /// Indices of `runs`, nearest first.
    nearest_first: Vec<u32>,
    /// By place: the sum of the distances of all places before it.
    distance_before: Vec<u64>,
    /// By category: its places.
    by_category: Vec<BitSet>,
    /// Places for wheelchair users.
    accessible: BitSet,
    /// Runs that have an accessible place.
    accessible_runs: Vec<u32>,
    /// General-admission areas, nearest first.
    areas: Vec<BlockIx>,
    /// Tables that are sold as a whole, nearest first.
    whole_tables: Vec<BlockIx>,
}

impl Seating {
    /// Works a chart out.
    pub fn of(chart: &Chart) -> Self {
        let capacity = chart.capacity();
        let mut by_category = vec![BitSet::new(capacity); chart.categories().len()];
        let mut accessible = BitSet::new(capacity);
        let mut distance_before = Vec::with_capacity(capacity + 1);
        let mut sum = 0_u64;
        for (index, place) in chart.places().iter().enumerate() {
            by_category[usize::from(place.category.0)].insert(index);
            if place.traits.accessible {
                accessible.insert(index);
            }
            distance_before.push(sum);
            let section = chart.blocks()[usize::from(place.block.0)].section;
            sum += u64::from(place.at.distance(chart.focal_point_of(section)));
        }
        distance_before.push(sum);
        let mut this = Self {
            runs: Vec::new(),
            rows: Vec::new(),
            nearest_first: Vec::new(),
            distance_before,
            by_category,
            accessible,
            accessible_runs: Vec::new(),
            areas: Vec::new(),
            whole_tables: Vec::new(),
        };
        this.add_blocks(chart);
        this
    }

    fn add_blocks(&mut self, chart: &Chart) {
        for (index, block) in chart.blocks().iter().enumerate() {
            let first_run = self.runs.len();
            let ix = BlockIx(u16::try_from(index).unwrap_or(u16::MAX));
            match block.kind {
                BlockKind::Row => self.add_runs(chart, ix),
                BlockKind::Table => self.add_run(ix, block.section, block.range()),
                BlockKind::WholeTable => self.whole_tables.push(ix),
                BlockKind::Area => self.areas.push(ix),
            }
            let runs = first_run..self.runs.len();
            if let Some(nearest) = self.runs[runs.clone()].iter().map(|run| run.nearest).min() {
                self.rows.push(Row { runs, section: block.section, nearest });
            }
        }
        let first = |ix: &BlockIx| chart.blocks()[usize::from(ix.0)].range().start;
        let (mut areas, mut tables) =
            (std::mem::take(&mut self.areas), std::mem::take(&mut self.whole_tables));
        areas.sort_by_key(|ix| (self.distance(first(ix), 1), *ix));
        tables.sort_by_key(|ix| (self.distance(first(ix), 1), *ix));
        (self.areas, self.whole_tables) = (areas, tables);
        let count = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        self.nearest_first = (0..count).collect();
        self.nearest_first.sort_by_key(|&run| (self.runs[run as usize].nearest, run));
        self.accessible_runs = (0..count)
            .filter(|&run| {
                let run = self.runs[run as usize];
                self.accessible.window(run.first as usize, run.len) != 0
            })
            .collect();
    }

    /// Cuts a row at its aisles.
    fn add_runs(&mut self, chart: &Chart, ix: BlockIx) {
        let block = &chart.blocks()[usize::from(ix.0)];
        let range = block.range();
        let seats = &chart.places()[range.start as usize..range.end as usize];
        let gaps: Vec<u64> =
            seats.windows(2).map(|pair| u64::from(pair[0].at.distance(pair[1].at))).collect();
        let mut sorted = gaps.clone();
        sorted.sort_unstable();
        let pitch = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
        let mut start = range.start;
        for (at, gap) in (range.start + 1..).zip(&gaps) {
            let full = (at - start) as usize == PLACES_PER_RUN_MAX;
            if *gap * 100 > pitch * AISLE_PERCENT || full {
                self.add_run(ix, block.section, start..at);
                start = at;
            }
        }
        self.add_run(ix, block.section, start..range.end);
    }

    fn add_run(&mut self, block: BlockIx, section: SectionIx, places: Range<u32>) {
        let nearest = places.clone().map(|place| self.distance(place, 1)).min().unwrap_or(0);
        self.runs.push(Run {
            first: places.start,
            len: places.end - places.start,
            block,
            section,
            nearest: u32::try_from(nearest).unwrap_or(u32::MAX),
        });
    }

    /// Every run, by section, then by row.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Every row and table whose seats are sold by themselves, by section, front to back.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Every run, the nearest to the focal point first.
    pub fn nearest_first(&self) -> impl Iterator<Item = &Run> {
        self.nearest_first.iter().map(|&run| &self.runs[run as usize])
    }

    /// The runs with accessible places.
    pub fn accessible_runs(&self) -> impl Iterator<Item = &Run> {
        self.accessible_runs.iter().map(|&run| &self.runs[run as usize])
    }

    /// The sum of the distances of `len` neighbouring places to the focal point.
    pub fn distance(&self, first: u32, len: u32) -> u64 {
        self.distance_before[(first + len) as usize] - self.distance_before[first as usize]
    }

    /// The sum of the distances of some places to the focal point.
    pub fn distance_of(&self, places: &[PlaceIx]) -> u64 {
        places.iter().map(|place| self.distance(place.0, 1)).sum()
    }

    /// The places of a category.
    pub fn category(&self, category: usize) -> Option<&BitSet> {
        self.by_category.get(category)
    }

    /// The places for wheelchair users.
    pub fn accessible(&self) -> &BitSet {
        &self.accessible
    }

    /// General-admission areas, nearest first.
    pub fn areas(&self) -> &[BlockIx] {
        &self.areas
    }

    /// Tables that are sold as a whole, nearest first.
    pub fn whole_tables(&self) -> &[BlockIx] {
        &self.whole_tables
    }
}
