//! A venue's layout: immutable and content-hashed. It knows no price, no event and no status.
//!
//! Everything that can be sold is a *place* with an index: the seats of rows and tables, and every
//! unit of a general-admission area. The places of one row, table or area are neighbours in the
//! index, so a block of places is a range. A [`ChartDraft`] is what an importer or a generator
//! builds; [`ChartDraft::build`] checks it and lays the places out.

mod draft;
mod fault;

pub use draft::{
    AreaDraft, CategoryDraft, ChartDraft, PlaceDraft, RowDraft, SectionDraft, is_name,
};
pub use fault::{Fault, FaultCode};

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A point of the plan, in chart units: a tenth of the length unit of the imported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

impl Point {
    /// The square of the distance to another point.
    pub fn distance_squared(self, other: Self) -> u64 {
        let dx = u64::from(self.x.abs_diff(other.x));
        let dy = u64::from(self.y.abs_diff(other.y));
        dx * dx + dy * dy
    }

    /// The distance to another point, rounded down.
    pub fn distance(self, other: Self) -> u32 {
        u32::try_from(self.distance_squared(other).isqrt()).unwrap_or(u32::MAX)
    }
}

/// Index of a place in its chart: 0 to the capacity less one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceIx(pub u32);

impl PlaceIx {
    /// As an index into slices by place.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Index of a category in its chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CategoryIx(pub u8);

/// Index of a section in its chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SectionIx(pub u16);

/// Index of a block in its chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlockIx(pub u16);

/// A class of places that share a price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Stable name within the chart; price tables refer to it.
    pub key: String,
    /// What a fan reads.
    pub label: String,
    /// Six hexadecimal digits, or empty.
    pub color: String,
}

/// A named part of the venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What a fan reads; unique in the chart.
    pub label: String,
    /// What fans of this section look at; the chart's focal point if none.
    pub focal_point: Option<Point>,
    /// Corners of the section, or none if it has no shape of its own.
    pub outline: Vec<Point>,
    /// The way in, or empty.
    pub entrance: String,
}

/// How a block's places hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// Seats side by side, in order.
    Row,
    /// Seats around a table, each sold by itself.
    Table,
    /// Seats around a table that is sold as a whole.
    WholeTable,
    /// Units of general admission: no seat of one's own.
    Area,
}

/// A row, a table or a general-admission area: a range of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What a fan reads; unique in its section among blocks of its kind.
    pub label: String,
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub section: SectionIx,
    /// Corners of an area; empty for rows and tables.
    pub outline: Vec<Point>,
    first: u32,
    len: u32,
}

impl Block {
    /// The places of the block; never empty.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = PlaceIx> + ExactSizeIterator + use<> {
        self.range().map(PlaceIx)
    }

    /// The indices of its places.
    pub fn range(&self) -> Range<u32> {
        self.first..self.first + self.len
    }

    /// How many places it has: at least 1.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether it has no place; never true of a built chart.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// What is special about a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Traits {
    /// For a wheelchair user.
    pub accessible: bool,
    /// Beside an accessible place, for a companion.
    pub companion: bool,
    /// The view is restricted.
    pub restricted_view: bool,
}

/// One seat, or one unit of a general-admission area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What a fan reads, unique in its block; empty for general admission.
    pub label: String,
    /// Where it is.
    pub at: Point,
    /// What it is priced by.
    pub category: CategoryIx,
    /// What is special about it.
    pub traits: Traits,
    /// The block it belongs to.
    pub block: BlockIx,
}

/// A venue's layout; see the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    name: String,
    focal_point: Point,
    categories: Vec<Category>,
    sections: Vec<Section>,
    blocks: Vec<Block>,
    places: Vec<Place>,
}

impl Chart {
    /// What the venue calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What everybody looks at: the middle of the stage.
    pub fn focal_point(&self) -> Point {
        self.focal_point
    }

    /// The categories, by [`CategoryIx`].
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The sections, by [`SectionIx`].
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Rows, tables and areas, by [`BlockIx`].
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The places, by [`PlaceIx`].
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// How many places there are.
    pub fn capacity(&self) -> usize {
        self.places.len()
    }

    /// A place, if the index is one of this chart's.
    pub fn place(&self, place: PlaceIx) -> Option<&Place> {
        self.places.get(place.index())
    }

    /// The block of a place.
    ///
    /// # Panics
    /// If the index is not one of this chart's.
    pub fn block_of(&self, place: PlaceIx) -> &Block {
        &self.blocks[usize::from(self.places[place.index()].block.0)]
    }

    /// The section of a block.
    pub fn section_of(&self, block: &Block) -> &Section {
        &self.sections[usize::from(block.section.0)]
    }

    /// What fans of a section look at.
    pub fn focal_point_of(&self, section: SectionIx) -> Point {
        self.sections[usize::from(section.0)].focal_point.unwrap_or(self.focal_point)
    }

    /// The canonical encoding.
    ///
    /// # Panics
    /// Never: a chart has nothing that cannot be encoded.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("a chart has nothing that cannot be encoded")
    }

    /// A chart from its encoding; `None` unless it is the one with this hash.
    pub fn decode(bytes: &[u8], hash: ChartHash) -> Option<Self> {
        let right = ChartHash::of(bytes) == hash;
        postcard::from_bytes(bytes).ok().filter(|_| right)
    }

    /// The hash of everything above: two charts with one hash are the same chart.
    pub fn hash(&self) -> ChartHash {
        ChartHash::of(&self.encode())
    }
}

/// SHA-256 over a chart's canonical encoding; its text form is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChartHash(pub [u8; 32]);

impl ChartHash {
    fn of(encoding: &[u8]) -> Self {
        Self(Sha256::digest(encoding).into())
    }
}

impl fmt::Display for ChartHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChartHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a chart hash")]
pub struct NotAChartHash;

impl FromStr for ChartHash {
    type Err = NotAChartHash;

    fn from_str(text: &str) -> Result<Self, NotAChartHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NotAChartHash);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let nibble = |digit: u8| char::from(digit).to_digit(16).ok_or(NotAChartHash);
            *byte = u8::try_from(nibble(pair[0])? << 4 | nibble(pair[1])?)
                .map_err(|_| NotAChartHash)?;
        }
        Ok(Self(hash))
    }
}
