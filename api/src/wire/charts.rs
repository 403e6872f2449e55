//! A chart for drawing: a list of numbers for each row, so that 60,000 places stay small.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::chart::{Block, BlockKind, Chart, Place, Point, Traits};
use utoipa::ToSchema;

/// A venue's layout. Immutable: a hash names it for ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartView {
    /// What the venue calls it.
    pub name: String,
    /// How many places it has.
    pub places: usize,
    /// The middle of the stage, `[x, y]` in chart units.
    pub focal_point: [i32; 2],
    /// By index.
    pub categories: Vec<CategoryView>,
    /// By index.
    pub sections: Vec<SectionView>,
    /// Rows, tables and areas, by index; their places follow on each other.
    pub blocks: Vec<BlockView>,
}

/// A class of places that share a price.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    /// Stable name.
    pub key: String,
    /// What a fan reads.
    pub label: String,
    /// `#rrggbb`, or empty.
    pub color: String,
}

/// A named part of the venue.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionView {
    /// What a fan reads.
    pub label: String,
    /// Corners, `[x, y]`; empty if it has no shape of its own.
    pub outline: Vec<[i32; 2]>,
    /// The way in, or empty.
    pub entrance: String,
}

/// A row, a table or a general-admission area.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockView {
    /// What it is.
    pub kind: BlockKindView,
    /// What a fan reads.
    pub label: String,
    /// Index of its section.
    pub section: u16,
    /// Index of its first place.
    pub first: u32,
    /// How many places it has.
    pub count: u32,
    /// Indices of categories: one for each place, or a single one if all have the same.
    pub categories: Vec<u8>,
    /// By place: across; for an area a single one, its middle.
    pub x: Vec<i32>,
    /// By place: down; for an area a single one, its middle.
    pub y: Vec<i32>,
    /// By place: what a fan reads; empty for an area.
    pub labels: Vec<String>,
    /// Corners of an area, `[x, y]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<[i32; 2]>,
    /// Which of its places, counted from 0, are for wheelchair users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessible: Vec<u32>,
    /// Which of its places are for companions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companion: Vec<u32>,
    /// Which of its places have a restricted view.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restricted_view: Vec<u32>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKindView {
    /// Seats side by side.
    Row,
    /// A table whose seats are sold each by itself.
    Table,
    /// A table that is sold as a whole.
    WholeTable,
    /// General admission.
    Area,
}

impl From<BlockKind> for BlockKindView {
    fn from(kind: BlockKind) -> Self {
        match kind {
            BlockKind::Row => Self::Row,
            BlockKind::Table => Self::Table,
            BlockKind::WholeTable => Self::WholeTable,
            BlockKind::Area => Self::Area,
        }
    }
}

impl ChartView {
    /// Of a chart.
    pub fn of(chart: &Chart) -> Self {
        let category = |category: &tiketi_engine::domain::chart::Category| CategoryView {
            key: category.key.clone(),
            label: category.label.clone(),
            color: color(&category.color),
        };
        let section = |section: &tiketi_engine::domain::chart::Section| SectionView {
            label: section.label.clone(),
            outline: section.outline.iter().copied().map(pair).collect(),
            entrance: section.entrance.clone(),
        };
        Self {
            name: chart.name().to_owned(),
            places: chart.capacity(),
            focal_point: pair(chart.focal_point()),
            categories: chart.categories().iter().map(category).collect(),
            sections: chart.sections().iter().map(section).collect(),
            blocks: chart.blocks().iter().map(|block| BlockView::of(chart, block)).collect(),
        }
    }
}

impl BlockView {
    fn of(chart: &Chart, block: &Block) -> Self {
        let range = block.range();
        let places = &chart.places()[range.start as usize..range.end as usize];
        // The units of an area are all alike.
        let drawn = if block.kind == BlockKind::Area { &places[..1] } else { places };
        let mut categories: Vec<u8> = drawn.iter().map(|place| place.category.0).collect();
        if categories.windows(2).all(|pair| pair[0] == pair[1]) {
            categories.truncate(1);
        }
        let labels = drawn.iter().map(|place| place.label.clone());
        Self {
            kind: block.kind.into(),
            label: block.label.clone(),
            section: block.section.0,
            first: range.start,
            count: range.end - range.start,
            categories,
            x: drawn.iter().map(|place| place.at.x).collect(),
            y: drawn.iter().map(|place| place.at.y).collect(),
            labels: labels.filter(|label| !label.is_empty()).collect(),
            outline: block.outline.iter().copied().map(pair).collect(),
            accessible: which(drawn, |traits| traits.accessible),
            companion: which(drawn, |traits| traits.companion),
            restricted_view: which(drawn, |traits| traits.restricted_view),
        }
    }
}

fn which(places: &[Place], has: impl Fn(Traits) -> bool) -> Vec<u32> {
    places.iter().zip(0..).filter(|(place, _)| has(place.traits)).map(|(_, at)| at).collect()
}

fn pair(point: Point) -> [i32; 2] {
    [point.x, point.y]
}

/// A chart keeps six digits, with or without the sign before them.
pub(crate) fn color(digits: &str) -> String {
    if digits.is_empty() { String::new() } else { format!("#{}", digits.trim_start_matches('#')) }
}
