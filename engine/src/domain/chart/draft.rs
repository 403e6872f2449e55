//! A chart before it is checked: plain names and nesting, each part with its path in the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Block, BlockIx, BlockKind, Category, CategoryIx, Chart, Fault, FaultCode, Place, Point,
    Section, SectionIx, Traits,
};
use crate::domain::limits::{
    CATEGORIES_MAX, COORDINATE_MAX, LABEL_BYTES_MAX, PLACES_PER_CHART_MAX, SECTIONS_MAX,
};

/// A chart before it is checked.
#[derive(Debug, Clone, Default)]
pub struct ChartDraft {
    /// See [`Chart::name`].
    pub name: String,
    /// See [`Chart::focal_point`].
    pub focal_point: Point,
    /// The categories that places may name.
    pub categories: Vec<CategoryDraft>,
    /// The sections with all that is in them.
    pub sections: Vec<SectionDraft>,
}

/// A category before it is checked.
#[derive(Debug, Clone, Default)]
pub struct CategoryDraft {
    /// See [`Category::key`].
    pub key: String,
    /// See [`Category::label`].
    pub label: String,
    /// See [`Category::color`].
    pub color: String,
    /// Where in the file.
    pub path: String,
}

/// A section before it is checked.
#[derive(Debug, Clone, Default)]
pub struct SectionDraft {
    /// See [`Section::label`].
    pub label: String,
    /// See [`Section::focal_point`].
    pub focal_point: Option<Point>,
    /// See [`Section::outline`].
    pub outline: Vec<Point>,
    /// See [`Section::entrance`].
    pub entrance: String,
    /// Rows and tables, front to back.
    pub rows: Vec<RowDraft>,
    /// General-admission areas.
    pub areas: Vec<AreaDraft>,
    /// Where in the file.
    pub path: String,
}

/// A row or table before it is checked.
#[derive(Debug, Clone)]
pub struct RowDraft {
    /// See [`Block::label`].
    pub label: String,
    /// Any kind but [`BlockKind::Area`].
    pub kind: BlockKind,
    /// The seats in order.
    pub places: Vec<PlaceDraft>,
    /// Where in the file.
    pub path: String,
}

/// A seat before it is checked.
#[derive(Debug, Clone, Default)]
pub struct PlaceDraft {
    /// See [`Place::label`].
    pub label: String,
    /// See [`Place::at`].
    pub at: Point,
    /// The key of its category.
    pub category: String,
    /// See [`Place::traits`].
    pub traits: Traits,
    /// Where in the file.
    pub path: String,
}

/// A general-admission area before it is checked.
#[derive(Debug, Clone, Default)]
pub struct AreaDraft {
    /// See [`Block::label`].
    pub label: String,
    /// How many it admits.
    pub capacity: u32,
    /// The key of its category.
    pub category: String,
    /// Its middle.
    pub at: Point,
    /// Its corners.
    pub outline: Vec<Point>,
    /// Where in the file.
    pub path: String,
}

impl ChartDraft {
    /// Checks the draft and lays its places out.
    ///
    /// # Errors
    /// Every fault that was found, in the order of the file; nothing is built then.
    pub fn build(&self) -> Result<Chart, Vec<Fault>> {
        let mut builder = Builder::default();
        builder.name("$.name", "name", &self.name);
        builder.point("$.focalPoint", self.focal_point);
        builder.categories(&self.categories);
        builder.sections(&self.sections);
        if builder.places.is_empty() && builder.faults.is_empty() {
            builder.fault("$", FaultCode::NoPlaces, "the plan has no place to sell".to_owned());
        }
        if builder.places.len() > PLACES_PER_CHART_MAX {
            let message = format!("more than {PLACES_PER_CHART_MAX} places");
            builder.fault("$", FaultCode::OutOfRange, message);
        }
        if !builder.faults.is_empty() {
            return Err(builder.faults);
        }
        Ok(Chart {
            name: self.name.clone(),
            focal_point: self.focal_point,
            categories: builder.categories,
            sections: builder.sections,
            blocks: builder.blocks,
            places: builder.places,
        })
    }
}

#[derive(Default)]
struct Builder<'a> {
    faults: Vec<Fault>,
    categories: Vec<Category>,
    category_by_key: BTreeMap<&'a str, CategoryIx>,
    sections: Vec<Section>,
    blocks: Vec<Block>,
    places: Vec<Place>,
    /// Where the seats of rows stand. Tables are judged each by itself: plans that drawing services
    /// accept do lay one table over another.
    row_spots: BTreeSet<(i32, i32)>,
}

impl<'a> Builder<'a> {
    fn categories(&mut self, drafts: &'a [CategoryDraft]) {
        if drafts.len() > CATEGORIES_MAX {
            let message = format!("more than {CATEGORIES_MAX} categories");
            self.fault("$.categories", FaultCode::OutOfRange, message);
        }
        for (index, draft) in drafts.iter().enumerate() {
            self.name(&draft.path, "category key", &draft.key);
            self.name(&draft.path, "category label", &draft.label);
            if !is_color(&draft.color) {
                let message = "color must be six hexadecimal digits, or nothing".to_owned();
                self.fault(&draft.path, FaultCode::OutOfRange, message);
            }
            let ix = CategoryIx(u8::try_from(index).unwrap_or(u8::MAX));
            if self.category_by_key.insert(&draft.key, ix).is_some() {
                let message = format!("category key {:?} appears twice", draft.key);
                self.fault(&draft.path, FaultCode::Duplicate, message);
            }
            self.categories.push(Category {
                key: draft.key.clone(),
                label: draft.label.clone(),
                color: draft.color.clone(),
            });
        }
    }

    fn sections(&mut self, drafts: &'a [SectionDraft]) {
        let blocks: usize = drafts.iter().map(|s| s.rows.len() + s.areas.len()).sum();
        if drafts.len() > SECTIONS_MAX || blocks > usize::from(u16::MAX) {
            let message = format!("more than {SECTIONS_MAX} sections, or 65535 rows and areas");
            self.fault("$", FaultCode::OutOfRange, message);
            return;
        }
        let mut labels = BTreeSet::new();
        for (index, draft) in drafts.iter().enumerate() {
            self.name(&draft.path, "section label", &draft.label);
            self.unique(&mut labels, &draft.path, "section", &draft.label);
            if !draft.entrance.is_empty() {
                self.name(&draft.path, "entrance", &draft.entrance);
            }
            for &corner in draft.focal_point.iter().chain(&draft.outline) {
                self.point(&draft.path, corner);
            }
            self.sections.push(Section {
                label: draft.label.clone(),
                focal_point: draft.focal_point,
                outline: draft.outline.clone(),
                entrance: draft.entrance.clone(),
            });
            let section = SectionIx(u16::try_from(index).unwrap_or(u16::MAX));
            self.rows(section, &draft.rows);
            self.areas(section, &draft.areas);
        }
    }

    fn rows(&mut self, section: SectionIx, drafts: &'a [RowDraft]) {
        let (mut rows, mut tables) = (BTreeSet::new(), BTreeSet::new());
        for draft in drafts {
            self.name(&draft.path, "row label", &draft.label);
            match draft.kind {
                BlockKind::Row => self.unique(&mut rows, &draft.path, "row", &draft.label),
                BlockKind::Table | BlockKind::WholeTable | BlockKind::Area => {
                    self.unique(&mut tables, &draft.path, "table", &draft.label);
                }
            }
            if draft.places.is_empty() {
                let message = format!("row {:?} has no seat", draft.label);
                self.fault(&draft.path, FaultCode::OutOfRange, message);
                continue;
            }
            let first = self.places.len();
            let mut labels = BTreeSet::new();
            let mut table_spots = BTreeSet::new();
            for place in &draft.places {
                self.seat(&mut labels, place);
                let spots = match draft.kind {
                    BlockKind::Row => &mut self.row_spots,
                    BlockKind::Table | BlockKind::WholeTable | BlockKind::Area => &mut table_spots,
                };
                if !spots.insert((place.at.x, place.at.y)) {
                    let message = format!("seat {:?} stands on another seat", place.label);
                    self.fault(&place.path, FaultCode::SameSpot, message);
                }
            }
            self.block(section, &draft.label, draft.kind, &[], first);
        }
    }

    fn seat(&mut self, labels: &mut BTreeSet<&'a str>, draft: &'a PlaceDraft) {
        self.name(&draft.path, "seat label", &draft.label);
        self.unique(labels, &draft.path, "seat", &draft.label);
        self.point(&draft.path, draft.at);
        let category = self.category(&draft.path, &draft.category);
        self.places.push(Place {
            label: draft.label.clone(),
            at: draft.at,
            category,
            traits: draft.traits,
            block: self.next_block(),
        });
    }

    fn areas(&mut self, section: SectionIx, drafts: &'a [AreaDraft]) {
        let mut labels = BTreeSet::new();
        for draft in drafts {
            self.name(&draft.path, "area label", &draft.label);
            self.unique(&mut labels, &draft.path, "area", &draft.label);
            for &corner in std::iter::once(&draft.at).chain(&draft.outline) {
                self.point(&draft.path, corner);
            }
            let category = self.category(&draft.path, &draft.category);
            let capacity = draft.capacity as usize;
            if !(1..=PLACES_PER_CHART_MAX).contains(&capacity) {
                let message = format!("capacity must be 1 to {PLACES_PER_CHART_MAX}");
                self.fault(&draft.path, FaultCode::OutOfRange, message);
                continue;
            }
            if self.places.len() + capacity > PLACES_PER_CHART_MAX {
                let message = format!("more than {PLACES_PER_CHART_MAX} places up to here");
                self.fault(&draft.path, FaultCode::OutOfRange, message);
                continue;
            }
            let first = self.places.len();
            let unit = Place {
                label: String::new(),
                at: draft.at,
                category,
                traits: Traits::default(),
                block: self.next_block(),
            };
            self.places.resize(first + capacity, unit);
            self.block(section, &draft.label, BlockKind::Area, &draft.outline, first);
        }
    }

    fn block(
        &mut self,
        section: SectionIx,
        label: &str,
        kind: BlockKind,
        outline: &[Point],
        first: usize,
    ) {
        let bound = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.blocks.push(Block {
            label: label.to_owned(),
            kind,
            section,
            outline: outline.to_vec(),
            first: bound(first),
            len: bound(self.places.len() - first),
        });
    }

    fn next_block(&self) -> BlockIx {
        BlockIx(u16::try_from(self.blocks.len()).unwrap_or(u16::MAX))
    }

    fn category(&mut self, path: &str, key: &str) -> CategoryIx {
        if let Some(&ix) = self.category_by_key.get(key) {
            return ix;
        }
        let message = format!("category {key:?} is not one of the plan's");
        self.fault(path, FaultCode::UnknownCategory, message);
        CategoryIx(0)
    }

    fn name(&mut self, path: &str, what: &str, text: &str) {
        if !is_name(text) {
            let message = format!("{what} must be 1 to {LABEL_BYTES_MAX} printable bytes");
            self.fault(path, FaultCode::OutOfRange, message);
        }
    }

    fn unique(&mut self, seen: &mut BTreeSet<&'a str>, path: &str, what: &str, label: &'a str) {
        if !seen.insert(label) {
            let message = format!("{what} {label:?} appears twice");
            self.fault(path, FaultCode::Duplicate, message);
        }
    }

    fn point(&mut self, path: &str, at: Point) {
        let inside = |n: i32| n.unsigned_abs() <= COORDINATE_MAX.unsigned_abs();
        if !inside(at.x) || !inside(at.y) {
            let message = format!("coordinates must lie within ±{COORDINATE_MAX}");
            self.fault(path, FaultCode::OutOfRange, message);
        }
    }

    fn fault(&mut self, path: &str, code: FaultCode, message: String) {
        self.faults.push(Fault { path: path.to_owned(), code, message });
    }
}

/// Whether a text can name a part of a chart: 1 to [`LABEL_BYTES_MAX`] printable bytes.
pub fn is_name(text: &str) -> bool {
    let printable = !text.chars().any(char::is_control);
    !text.trim().is_empty() && text.len() <= LABEL_BYTES_MAX && printable
}

fn is_color(text: &str) -> bool {
    text.is_empty() || (text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, kind: BlockKind, x: i32) -> RowDraft {
        let seat = PlaceDraft {
            label: "1".to_owned(),
            at: Point { x, y: 0 },
            category: "a".to_owned(),
            ..PlaceDraft::default()
        };
        RowDraft { label: label.to_owned(), kind, places: vec![seat], path: String::new() }
    }

    fn draft(rows: Vec<RowDraft>) -> ChartDraft {
        let category = CategoryDraft {
            key: "a".to_owned(),
            label: "A".to_owned(),
            color: "0072b2".to_owned(),
            path: String::new(),
        };
        let section = SectionDraft { label: "Main".to_owned(), rows, ..SectionDraft::default() };
        ChartDraft {
            name: "Hall".to_owned(),
            categories: vec![category],
            sections: vec![section],
            ..ChartDraft::default()
        }
    }

    fn codes(draft: &ChartDraft) -> Vec<FaultCode> {
        let faults = draft.build().err().into_iter().flatten();
        faults.map(|fault| fault.code).collect()
    }

    #[test]
    fn rows_must_not_cross_and_tables_may_be_laid_over_one_another() {
        let rows = vec![row("A", BlockKind::Row, 0), row("B", BlockKind::Row, 0)];
        assert_eq!(codes(&draft(rows)), [FaultCode::SameSpot]);
        let tables = vec![row("A", BlockKind::Table, 0), row("B", BlockKind::WholeTable, 0)];
        assert_eq!(codes(&draft(tables)), []);
    }

    #[test]
    fn colour_must_be_six_digits_and_an_entrance_a_name() {
        let mut draft = draft(vec![row("A", BlockKind::Row, 0)]);
        draft.sections[0].entrance = "Gate\n3".to_owned();
        draft.categories[0].color = "#0072b2".to_owned();
        assert_eq!(codes(&draft), [FaultCode::OutOfRange; 2]);
    }

    #[test]
    fn too_many_categories_are_one_fault() {
        let mut draft = draft(vec![row("A", BlockKind::Row, 0)]);
        for number in 0..CATEGORIES_MAX {
            let label = number.to_string();
            draft.categories.push(CategoryDraft {
                key: label.clone(),
                label,
                ..CategoryDraft::default()
            });
        }
        draft.sections[0].rows[0].places[0].category = (CATEGORIES_MAX - 1).to_string();
        assert_eq!(codes(&draft), [FaultCode::OutOfRange]);
    }
}
