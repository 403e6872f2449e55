//! Draws arenas and theatres of any size, for demos, tests and load runs.
//!
//! One specification gives one chart, on any machine. The length unit is a tenth of a metre, so a
//! chart unit is a centimetre: seats stand half a metre apart and rows nine tenths.

mod arena;
mod bank;
mod hall;
mod oval;
#[cfg(test)]
mod tests;
mod theatre;

pub use arena::{Arena, Floor, Stage};
pub use theatre::Theatre;

use crate::domain::chart::{CategoryDraft, ChartDraft, Point, RowDraft, SectionDraft};
use crate::domain::limits::PLACES_PER_CHART_MAX;

/// Key, label and colour of the categories, the best first. The colours are those of Okabe and Ito,
/// which people with any kind of colour vision tell apart.
const CATEGORIES: [(&str, &str, &str); 5] = [
    ("vip", "VIP", "cc79a7"),
    ("r", "R", "d55e00"),
    ("s", "S", "e69f00"),
    ("a", "A", "009e73"),
    ("b", "B", "0072b2"),
];
/// The share of the seats, in percent, that is at least as good as each category.
const PERCENT_WITHIN: [usize; 5] = [5, 20, 45, 75, 100];
/// Kept free around a chart, in chart units.
const MARGIN: i32 = 200;
/// The category of standing places: near, but on one's feet.
const STANDING: &str = CATEGORIES[1].0;

/// Bounds the work for a specification that no chart could hold; building such a draft still
/// fails, as it has one place too many.
fn bounded(places: usize) -> usize {
    places.min(PLACES_PER_CHART_MAX + 1)
}

/// Finishes a draft that was drawn around the origin: every row gets the category that its distance
/// from the stage deserves, and the chart its place.
fn finish(name: &str, focal_point: Point, mut sections: Vec<SectionDraft>) -> ChartDraft {
    let mut rows: Vec<&mut RowDraft> =
        sections.iter_mut().flat_map(|section| &mut section.rows).collect();
    // Whole metres, so that rows which mirror each other get one category. The sort is stable: rows
    // at one distance stay in the order of the chart.
    let metres = |row: &RowDraft| row.places[row.places.len() / 2].at.distance(focal_point) / 100;
    rows.sort_by_key(|row| metres(row));
    let seats: usize = rows.iter().map(|row| row.places.len()).sum();
    let mut seats_before = 0;
    for rows in rows.chunk_by_mut(|one, next| metres(one) == metres(next)) {
        let better = |&percent: &usize| seats_before * 100 >= seats * percent;
        let class = PERCENT_WITHIN.iter().take_while(|percent| better(percent));
        let key = CATEGORIES[class.count()].0;
        for row in rows {
            seats_before += row.places.len();
            for place in &mut row.places {
                key.clone_into(&mut place.category);
            }
        }
    }
    let mut draft = ChartDraft {
        name: name.to_owned(),
        focal_point,
        categories: categories_of(&sections),
        sections,
    };
    shift(&mut draft);
    draft
}

/// Moves a draft that was drawn around the origin so that its upper left corner is there.
fn shift(draft: &mut ChartDraft) {
    let mut points = vec![&mut draft.focal_point];
    for section in &mut draft.sections {
        points.extend(&mut section.outline);
        for area in &mut section.areas {
            points.push(&mut area.at);
            points.extend(&mut area.outline);
        }
        let seats = section.rows.iter_mut().flat_map(|row| &mut row.places);
        points.extend(seats.map(|seat| &mut seat.at));
    }
    let left = points.iter().map(|point| point.x).min().unwrap_or(0) - MARGIN;
    let top = points.iter().map(|point| point.y).min().unwrap_or(0) - MARGIN;
    for point in points {
        point.x -= left;
        point.y -= top;
    }
}

/// The categories that some place has; a chart of a few seats does not need five.
fn categories_of(sections: &[SectionDraft]) -> Vec<CategoryDraft> {
    let used = |key: &str| {
        sections.iter().any(|section| {
            let mut seats = section.rows.iter().flat_map(|row| &row.places);
            seats.any(|seat| seat.category == key)
                || section.areas.iter().any(|area| area.category == key)
        })
    };
    let mut drafts = Vec::new();
    for (key, label, color) in CATEGORIES.into_iter().filter(|(key, _, _)| used(key)) {
        drafts.push(CategoryDraft {
            key: key.to_owned(),
            label: label.to_owned(),
            color: color.to_owned(),
            path: String::new(),
        });
    }
    drafts
}

/// Gives the back row of a section wheelchair places at both ends, each with a companion beside.
fn add_wheelchair_places(section: &mut SectionDraft) {
    let Some(row) = section.rows.last_mut() else {
        return;
    };
    let seats = row.places.len();
    if seats >= 2 {
        row.places[0].traits.accessible = true;
        row.places[1].traits.companion = true;
    }
    if seats >= 6 {
        row.places[seats - 1].traits.accessible = true;
        row.places[seats - 2].traits.companion = true;
    }
}
