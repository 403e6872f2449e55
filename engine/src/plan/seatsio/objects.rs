//! What can be sold on a floor or in a section: rows, tables, booths and areas.

use super::{Venue, label};
use crate::domain::chart::{AreaDraft, BlockKind, FaultCode, PlaceDraft, RowDraft, Traits};
use crate::plan::geometry::{Spot, ellipse, middle, rectangle};
use crate::plan::reader::{Node, Reader};

/// Where objects lie and what they inherit.
pub(super) struct Objects<'a> {
    pub(super) venue: &'a Venue,
    /// Where their coordinates count from.
    pub(super) origin: Spot,
    /// The category of what has none of its own. Blank if there is one that could not be read.
    pub(super) category: Option<String>,
}

impl Objects<'_> {
    /// Rows, tables and booths, each with the label of the implicit section it asks for, if any.
    pub(super) fn rows(
        &self,
        reader: &mut Reader,
        sub_chart: &Node<'_>,
    ) -> Vec<(String, RowDraft)> {
        let mut rows = Vec::new();
        for node in reader.optional_list(sub_chart, "rows") {
            let row = self.row(reader, &node, BlockKind::Row);
            rows.push((reader.optional_name(&node, "sectionLabel"), row));
        }
        for node in reader.optional_list(sub_chart, "tables") {
            let kind = if reader.flag(&node, "bookAsAWhole") {
                BlockKind::WholeTable
            } else {
                BlockKind::Table
            };
            let table = self.row(reader, &node, kind);
            rows.push((reader.optional_name(&node, "sectionLabel"), table));
        }
        for node in reader.optional_list(sub_chart, "booths") {
            let booth = self.booth(reader, &node);
            rows.push((reader.optional_name(&node, "sectionLabel"), booth));
        }
        rows
    }

    /// Areas, each with the label of the implicit section it asks for, if any.
    pub(super) fn areas(
        &self,
        reader: &mut Reader,
        sub_chart: &Node<'_>,
    ) -> Vec<(String, AreaDraft)> {
        let mut areas = Vec::new();
        for node in reader.optional_list(sub_chart, "generalAdmissionAreas") {
            let area = self.area(reader, &node);
            areas.push((reader.optional_name(&node, "sectionLabel"), area));
        }
        areas
    }

    fn row(&self, reader: &mut Reader, node: &Node<'_>, kind: BlockKind) -> RowDraft {
        let label = label(reader, node);
        let mut places = Vec::new();
        for seat in reader.list(node, "seats") {
            let at = self.origin + reader.spot(&seat);
            places.push(self.seat(reader, &seat, at));
        }
        RowDraft { label, kind, places, path: node.path.clone() }
    }

    fn booth(&self, reader: &mut Reader, node: &Node<'_>) -> RowDraft {
        let at = self.origin + reader.position(node, "center");
        let place = self.seat(reader, node, at);
        RowDraft {
            label: place.label.clone(),
            kind: BlockKind::WholeTable,
            places: vec![place],
            path: node.path.clone(),
        }
    }

    fn seat(&self, reader: &mut Reader, node: &Node<'_>, at: Spot) -> PlaceDraft {
        let category = self.category_of(reader, node);
        let traits = Traits {
            accessible: reader.flag(node, "accessible")
                || self.venue.accessible.contains(&category),
            companion: reader.flag(node, "companionSeat"),
            restricted_view: reader.flag(node, "restrictedView"),
        };
        PlaceDraft {
            label: label(reader, node),
            at: at.point(),
            category,
            traits,
            path: node.path.clone(),
        }
    }

    fn category_of(&self, reader: &mut Reader, node: &Node<'_>) -> String {
        let own = reader.optional_key(node, "categoryKey");
        let Some(category) = own.or_else(|| self.category.clone()) else {
            let message = "neither it nor its section has a category".to_owned();
            reader.fault(node.at("categoryKey"), FaultCode::Missing, message);
            reader.explain(&node.path, &[FaultCode::UnknownCategory]);
            return String::new();
        };
        if category.is_empty() {
            reader.explain(&node.path, &[FaultCode::UnknownCategory]);
        }
        category
    }

    fn area(&self, reader: &mut Reader, node: &Node<'_>) -> AreaDraft {
        let centre = reader.optional_position(node, "center");
        let centre = centre.map(|centre| self.origin + centre);
        let outline = self.outline(reader, node, centre);
        if centre.is_none() && outline.is_empty() {
            let message = "an area needs a center or points".to_owned();
            reader.fault(node.at("center"), FaultCode::Missing, message);
        }
        let at = centre.unwrap_or_else(|| middle(&outline));
        if reader.flag(node, "bookAsAWhole") {
            let message = "an area cannot be sold as a whole".to_owned();
            reader.fault(node.at("bookAsAWhole"), FaultCode::Unsupported, message);
        }
        AreaDraft {
            label: label(reader, node),
            capacity: reader.capacity(node, "capacity"),
            category: self.category_of(reader, node),
            at: at.point(),
            outline: outline.into_iter().map(Spot::point).collect(),
            path: node.path.clone(),
        }
    }

    /// The corners of an area, whichever of the format's three ways of drawing one it uses.
    fn outline(&self, reader: &mut Reader, node: &Node<'_>, centre: Option<Spot>) -> Vec<Spot> {
        let corners = reader.optional_list(node, "points");
        if !corners.is_empty() {
            let corners = corners.iter().map(|corner| self.origin + reader.spot(corner));
            return corners.collect();
        }
        let has = |member| node.get(member).is_some();
        let Some(centre) = centre.filter(|_| has("radius1") || has("width")) else {
            return Vec::new();
        };
        let degrees = reader.optional_number(node, "rotationAngle");
        if has("radius1") {
            let radius = Spot::new(reader.number(node, "radius1"), reader.number(node, "radius2"));
            return ellipse(centre, radius, degrees);
        }
        let (width, height) = (reader.number(node, "width"), reader.number(node, "height"));
        rectangle(centre, width, height, degrees)
    }
}
