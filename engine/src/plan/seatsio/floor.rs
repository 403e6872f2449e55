//! One floor: its sections, and the implicit ones for what stands outside any.

use super::objects::Objects;
use super::{IMPLICIT_SECTION, Venue, label, outside_row};
use crate::domain::chart::{FaultCode, Point, SectionDraft};
use crate::plan::geometry::Spot;
use crate::plan::reader::{Node, Reader};

/// Where a floor lies and what it looks at.
pub(super) struct Floor<'a> {
    pub(super) venue: &'a Venue,
    /// Where its own coordinates count from.
    pub(super) origin: Spot,
    /// What it looks at, if it says so.
    pub(super) focal_point: Option<Spot>,
}

impl Floor<'_> {
    /// The sections in the order of the file, then the implicit ones.
    pub(super) fn sections(&self, reader: &mut Reader, floor: &Node<'_>) -> Vec<SectionDraft> {
        let mut sections = Vec::new();
        for node in reader.optional_list(floor, "sections") {
            sections.push(self.section(reader, &node));
        }
        let objects = Objects { venue: self.venue, origin: self.origin, category: None };
        let mut implicit: Vec<SectionDraft> = Vec::new();
        let fallback = implicit_label(reader, floor, &sections);
        for (label, row) in objects.rows(reader, floor) {
            let section = self.implicit(&mut implicit, label, &fallback, floor);
            section.rows.push(row);
        }
        for (label, area) in objects.areas(reader, floor) {
            let section = self.implicit(&mut implicit, label, &fallback, floor);
            section.areas.push(area);
        }
        sections.extend(implicit);
        sections
    }

    fn section(&self, reader: &mut Reader, node: &Node<'_>) -> SectionDraft {
        outside_row(reader, node);
        let mut section = SectionDraft {
            label: label(reader, node),
            focal_point: self.focal_point_of(reader, node),
            entrance: reader.optional_name(node, "entrance"),
            path: node.path.clone(),
            ..SectionDraft::default()
        };
        for corner in reader.optional_list(node, "points") {
            section.outline.push((self.origin + reader.spot(&corner)).point());
        }
        let before = reader.fault_count();
        let top_left = reader.position(node, "topLeft");
        if reader.fault_count() > before {
            // Every section's own coordinates begin at nought, so this one now lies on others.
            reader.explain_everywhere(FaultCode::SameSpot);
        }
        let Some(sub_chart) = reader.object(node, "subChart") else {
            return section;
        };
        outside_row(reader, &sub_chart);
        for inner in reader.optional_list(&sub_chart, "sections") {
            let message = "a section must not stand in another".to_owned();
            reader.fault(inner.path, FaultCode::Unsupported, message);
        }
        let objects = Objects {
            venue: self.venue,
            origin: self.origin + top_left,
            category: reader.optional_key(node, "categoryKey"),
        };
        let rows = objects.rows(reader, &sub_chart);
        section.rows = rows.into_iter().map(|(_, row)| row).collect();
        let areas = objects.areas(reader, &sub_chart);
        section.areas = areas.into_iter().map(|(_, area)| area).collect();
        section
    }

    fn focal_point_of(&self, reader: &mut Reader, section: &Node<'_>) -> Option<Point> {
        let of_floor = self.focal_point.map(Spot::point);
        let Some(key) = reader.optional_key(section, "zone") else {
            return of_floor;
        };
        if let Some(&focal_point) = self.venue.zones.get(&key) {
            return Some((self.origin + focal_point).point());
        }
        if !key.is_empty() {
            let message = format!("zone {key:?} is not one of the plan's");
            reader.fault(section.at("zone"), FaultCode::OutOfRange, message);
        }
        of_floor
    }

    fn implicit<'s>(
        &self,
        sections: &'s mut Vec<SectionDraft>,
        label: String,
        fallback: &str,
        floor: &Node<'_>,
    ) -> &'s mut SectionDraft {
        let label = if label.is_empty() { fallback.to_owned() } else { label };
        let found = sections.iter().position(|section| section.label == label);
        let index = found.unwrap_or(sections.len());
        if found.is_none() {
            sections.push(SectionDraft {
                label,
                focal_point: self.focal_point.map(Spot::point),
                path: floor.path.clone(),
                ..SectionDraft::default()
            });
        }
        &mut sections[index]
    }
}

/// A label for what stands outside any section, which no section of the floor has.
fn implicit_label(reader: &mut Reader, floor: &Node<'_>, sections: &[SectionDraft]) -> String {
    let displayed = reader.optional_name(floor, "floorDisplayName");
    let technical = reader.optional_name(floor, "floorName");
    let names = [displayed, technical, IMPLICIT_SECTION.to_owned()];
    let name = names.into_iter().find(|name| !name.is_empty());
    let name = name.unwrap_or_default();
    let taken = |label: &String| sections.iter().any(|section| section.label == *label);
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.clone()).chain(numbered).find(|label| !taken(label)).unwrap_or_default()
}
