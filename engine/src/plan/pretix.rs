//! Reads the pretix seating-plan format.
//!
//! A plan has zones, a zone rows, a row seats; a seat's place on the plan is the sum of the three
//! positions. A category is known by its name. `areas` are decoration, which tiketi does not draw,
//! but one that is named "stage" tells where everybody looks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::geometry::{Spot, middle, rectangle};
use super::reader::{Node, Reader};
use crate::domain::chart::{
    BlockKind, CategoryDraft, ChartDraft, FaultCode, PlaceDraft, RowDraft, SectionDraft, Traits,
};

/// Reads a pretix seating plan as far as it can be read.
pub(super) fn draft(reader: &mut Reader, plan: &Node<'_>) -> ChartDraft {
    let name = reader.plan_name(plan, "name");
    let categories = categories(reader, plan);
    let size = reader.object(plan, "size");
    let size = size.map(|size| {
        let width = reader.number(&size, "width");
        Spot::new(width, reader.number(&size, "height"))
    });
    let mut zones = ZoneReader { reader, seat_guids: BTreeSet::new(), stage: None };
    zones.outside_row(plan);
    let nodes = zones.reader.list(plan, "zones");
    let sections = nodes.iter().map(|zone| zones.section(zone)).collect();
    let top_middle = Spot::new(size.unwrap_or_default().x / 2.0, 0.0);
    ChartDraft {
        name,
        focal_point: zones.stage.unwrap_or(top_middle).point(),
        categories,
        sections,
    }
}

fn categories(reader: &mut Reader, plan: &Node<'_>) -> Vec<CategoryDraft> {
    let before = reader.fault_count();
    let mut drafts = Vec::new();
    for node in reader.list(plan, "categories") {
        let name = reader.name(&node, "name");
        drafts.push(CategoryDraft {
            key: name.clone(),
            label: name,
            color: reader.color(&node, "color"),
            path: node.path,
        });
    }
    if reader.fault_count() > before {
        // Which seats meant the category that cannot be read, nobody knows.
        reader.explain_everywhere(FaultCode::UnknownCategory);
    }
    drafts
}

struct ZoneReader<'r> {
    reader: &'r mut Reader,
    /// Of the seats so far; unique over the whole plan.
    seat_guids: BTreeSet<String>,
    /// The middle of the first stage so far.
    stage: Option<Spot>,
}

impl ZoneReader<'_> {
    fn section(&mut self, zone: &Node<'_>) -> SectionDraft {
        self.outside_row(zone);
        let before = self.reader.fault_count();
        let origin = self.reader.position(zone, "position");
        if self.reader.fault_count() > before {
            // Seats count from the position of their zone, so these now lie on others.
            self.reader.explain_everywhere(FaultCode::SameSpot);
        }
        let label = self.zone_label(zone);
        let rows = self.reader.list(zone, "rows");
        let rows = rows.iter().map(|row| self.row(row, origin)).collect();
        for area in self.reader.optional_list(zone, "areas") {
            if self.stage.is_none() && is_stage(&area) {
                self.stage = Some(origin + self.area_middle(&area));
            }
        }
        SectionDraft { label, rows, path: zone.path.clone(), ..SectionDraft::default() }
    }

    /// The name of a zone; the format lets it be missing, then its id must do.
    fn zone_label(&mut self, zone: &Node<'_>) -> String {
        let nameless = match zone.get("name") {
            Some(name) => name.as_str().is_some_and(|name| name.trim().is_empty()),
            None => true,
        };
        if nameless && zone.get("zone_id").is_some() {
            return self.reader.name(zone, "zone_id");
        }
        self.reader.name(zone, "name")
    }

    fn row(&mut self, row: &Node<'_>, origin: Spot) -> RowDraft {
        let position = self.reader.optional_position(row, "position");
        let origin = origin + position.unwrap_or_default();
        let label = self.reader.name(row, "row_number");
        let mut places = Vec::new();
        for seat in self.reader.list(row, "seats") {
            places.push(self.seat(&seat, origin));
        }
        RowDraft { label, kind: BlockKind::Row, places, path: row.path.clone() }
    }

    fn seat(&mut self, seat: &Node<'_>, origin: Spot) -> PlaceDraft {
        if let Some(seat_guid) = self.reader.required_name(seat, "seat_guid") {
            let message = format!("seat guid {seat_guid:?} appears twice");
            if !self.seat_guids.insert(seat_guid) {
                let path = seat.at("seat_guid");
                self.reader.fault(path, FaultCode::Duplicate, message);
            }
        }
        PlaceDraft {
            label: self.reader.name(seat, "seat_number"),
            at: (origin + self.reader.position(seat, "position")).point(),
            category: self.reader.category(seat, "category"),
            traits: Traits::default(),
            path: seat.path.clone(),
        }
    }

    /// Seats that hang in a zone or in the plan itself.
    fn outside_row(&mut self, node: &Node<'_>) {
        for seat in self.reader.optional_list(node, "seats") {
            let message = "a seat must stand in a row".to_owned();
            self.reader.fault(seat.path, FaultCode::OutsideRow, message);
        }
    }

    /// The middle of an area, from the position of its zone. A rectangle begins at its own position
    /// and is turned around it, as is a polygon; the other shapes are centred on it.
    fn area_middle(&mut self, area: &Node<'_>) -> Spot {
        let position = self.reader.optional_position(area, "position");
        let position = position.unwrap_or_default();
        let mut corners = Vec::new();
        if let Some(shape) = self.reader.optional_object(area, "rectangle") {
            let width = self.reader.number(&shape, "width");
            let height = self.reader.number(&shape, "height");
            let centre = position + Spot::new(width / 2.0, height / 2.0);
            corners = rectangle(centre, width, height, 0.0);
        } else if let Some(shape) = self.reader.optional_object(area, "polygon") {
            for corner in self.reader.optional_list(&shape, "points") {
                corners.push(position + self.reader.spot(&corner));
            }
        }
        if corners.is_empty() {
            return position;
        }
        let degrees = self.reader.optional_number(area, "rotation");
        middle(&corners).turned(position, degrees.to_radians())
    }
}

/// Whether an area is named "stage". Areas are decoration: one that cannot be read is no fault.
fn is_stage(area: &Node<'_>) -> bool {
    let text = area.get("text").and_then(|text| text.get("text"));
    let name = text.and_then(Value::as_str).unwrap_or_default();
    name.trim().eq_ignore_ascii_case("stage")
}
