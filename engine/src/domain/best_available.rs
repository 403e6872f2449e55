//! The best places for a party, by a stated objective and in stated steps.
//!
//! The objective is the least sum of the distances of the party's places to the focal point of
//! their section; among equals the lowest place wins. The first step that finds places decides:
//!
//! 1. side by side, leaving no single free seat behind that was not single before;
//! 2. side by side;
//! 3. in consecutive rows of one section: the fewest rows, nobody alone if avoidable;
//! 4. in groups wherever they are: the largest groups first, nobody alone if avoidable;
//! 5. a free table that is sold as a whole and has exactly as many seats;
//! 6. one general-admission area.
//!
//! Accessible places are taken only when asked for, and then exactly as many as asked: the party
//! sits side by side around them if it can, or else each accessible place is the nearest there is
//! and the others follow the steps above.

use super::bitset::{BitSet, ones, positions};
use super::chart::{Chart, PlaceIx, SectionIx};
use super::seating::{Run, Seating};

/// What a party asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// How many places: at least 1.
    pub size: u32,
    /// How many of them for wheelchair users: at most `size`.
    pub accessible: u32,
    /// Only these categories, as bits by index.
    pub categories: u64,
    /// Only this section.
    pub section: Option<SectionIx>,
}

/// Which step found the places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Step 1.
    SideBySide,
    /// Step 2.
    LeavingSingle,
    /// Step 3.
    ConsecutiveRows,
    /// Step 4.
    Scattered,
    /// Step 5.
    WholeTable,
    /// Step 6.
    Area,
}

/// The places found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As many as the party asked for.
    pub places: Vec<PlaceIx>,
    /// How good they are.
    pub step: Step,
}

/// Rows that a party is spread over at most in step 3.
const CONSECUTIVE_ROWS_MAX: usize = 8;

/// Finds the best free places for a party; `None` if there are not enough.
///
/// `free` has a bit for every place of the chart that nobody has.
pub fn best_available(
    chart: &Chart,
    seating: &Seating,
    free: &BitSet,
    party: &Party,
) -> Option<Found> {
    let search = Search { chart, seating, free, party };
    if party.accessible > 0 {
        return search.with_accessible();
    }
    search.by_steps(party.size)
}

struct Search<'a> {
    chart: &'a Chart,
    seating: &'a Seating,
    free: &'a BitSet,
    party: &'a Party,
}

/// `len` neighbouring places and what they cost by the objective.
#[derive(Debug, Clone, Copy)]
struct Group {
    first: u32,
    len: u32,
    distance: u64,
}

impl Group {
    fn places(self) -> impl Iterator<Item = PlaceIx> {
        (self.first..self.first + self.len).map(PlaceIx)
    }
}

impl Search<'_> {
    fn by_steps(&self, size: u32) -> Option<Found> {
        if let Some((group, step)) = self.side_by_side(size) {
            return Some(Found { places: group.places().collect(), step });
        }
        let found = |places, step| Found { places, step };
        self.consecutive_rows(size)
            .map(|places| found(places, Step::ConsecutiveRows))
            .or_else(|| self.scattered(size).map(|places| found(places, Step::Scattered)))
            .or_else(|| self.whole_table(size).map(|places| found(places, Step::WholeTable)))
            .or_else(|| self.area(size).map(|places| found(places, Step::Area)))
    }

    /// Steps 1 and 2 in one pass.
    fn side_by_side(&self, size: u32) -> Option<(Group, Step)> {
        let (mut clean, mut any): (Option<Group>, Option<Group>) = (None, None);
        let beats = |bound: u64, best: Option<Group>| best.is_none_or(|b| bound < b.distance);
        for run in self.seating.nearest_first() {
            let bound = u64::from(run.nearest) * u64::from(size);
            if !beats(bound, clean) {
                break;
            }
            if run.len < size || !self.in_section(run) {
                continue;
            }
            let starts = starts_of(self.eligible(run), size);
            if starts == 0 {
                continue;
            }
            let orphaning = self.orphaning(run, size);
            if let Some(group) = self.nearest_of(run, starts & !orphaning, size)
                && beats(group.distance, clean)
            {
                clean = Some(group);
            }
            if clean.is_none()
                && beats(bound, any)
                && let Some(group) = self.nearest_of(run, starts & orphaning, size)
                && beats(group.distance, any)
            {
                any = Some(group);
            }
        }
        clean
            .map(|group| (group, Step::SideBySide))
            .or_else(|| any.map(|group| (group, Step::LeavingSingle)))
    }

    /// Step 3: windows of consecutive rows in one section, the fewest rows first.
    fn consecutive_rows(&self, size: u32) -> Option<Vec<PlaceIx>> {
        let rows = self.longest_groups();
        for count in 2..=CONSECUTIVE_ROWS_MAX {
            let mut best: Option<(u64, Vec<Group>)> = None;
            for window in rows.windows(count) {
                let one_section = window.iter().all(|row| row.section == window[0].section);
                let lens: Vec<u32> = window.iter().map(|row| row.longest).collect();
                if !one_section || lens.contains(&0) {
                    continue;
                }
                let Some(sizes) = spread(&lens, size) else {
                    continue;
                };
                let groups: Option<Vec<Group>> = window
                    .iter()
                    .zip(&sizes)
                    .map(|(row, &len)| self.nearest_in(row.runs, len))
                    .collect();
                let Some(groups) = groups else { continue };
                let distance = groups.iter().map(|group| group.distance).sum();
                if best.as_ref().is_none_or(|(least, _)| distance < *least) {
                    best = Some((distance, groups));
                }
            }
            if let Some((_, groups)) = best {
                return Some(groups.into_iter().flat_map(Group::places).collect());
            }
        }
        None
    }

    /// Step 4: the largest groups that there are, each the nearest of its size.
    fn scattered(&self, size: u32) -> Option<Vec<PlaceIx>> {
        let mut free = self.free.clone();
        let mut places: Vec<PlaceIx> = Vec::new();
        let mut left = size;
        let mut len = size.min(u32::try_from(super::limits::PLACES_PER_RUN_MAX).unwrap_or(1));
        while left > 0 {
            let this = Search { free: &free, ..*self };
            // A remainder of one would leave somebody alone: give the last group one more.
            let wanted = if left == len + 1 && len > 2 { len - 1 } else { len.min(left) };
            match this.nearest_in(self.seating.runs(), wanted) {
                Some(group) => {
                    for place in group.places() {
                        free.remove(place.index());
                        places.push(place);
                    }
                    left -= group.len;
                }
                None if wanted > 1 => len = wanted - 1,
                None => return None,
            }
        }
        Some(places)
    }

    /// Step 5.
    fn whole_table(&self, size: u32) -> Option<Vec<PlaceIx>> {
        self.seating.whole_tables().iter().find_map(|ix| {
            let block = &self.chart.blocks()[usize::from(ix.0)];
            let wanted = block.len() == size as usize && self.wants_section(block.section);
            let all = wanted && block.places().all(|place| self.takes(place));
            all.then(|| block.places().collect())
        })
    }

    /// Step 6.
    fn area(&self, size: u32) -> Option<Vec<PlaceIx>> {
        self.seating.areas().iter().find_map(|ix| {
            let block = &self.chart.blocks()[usize::from(ix.0)];
            if !self.wants_section(block.section) {
                return None;
            }
            let range = block.range();
            let units: Vec<PlaceIx> = self
                .free
                .iter(range.start as usize..range.end as usize)
                .filter_map(|index| u32::try_from(index).ok().map(PlaceIx))
                .take_while(|place| self.takes(*place))
                .take(size as usize)
                .collect();
            (units.len() == size as usize).then_some(units)
        })
    }

    /// The party around its accessible places, or each of those where it is nearest.
    fn with_accessible(&self) -> Option<Found> {
        let Party { size, accessible, .. } = *self.party;
        let mut best: Option<Group> = None;
        for run in self.seating.accessible_runs().filter(|run| self.in_section(run)) {
            let special = self.seating.accessible().window(run.first as usize, run.len);
            let usable = self.eligible(run) | special & self.taken_by_category(run);
            for start in positions(starts_of(usable, size)) {
                let inside = special >> start & ones(size);
                let distance = self.seating.distance(run.first + start, size);
                let nearer = best.is_none_or(|group| distance < group.distance);
                if inside.count_ones() == accessible && nearer {
                    best = Some(Group { first: run.first + start, len: size, distance });
                }
            }
        }
        if let Some(group) = best {
            return Some(Found { places: group.places().collect(), step: Step::SideBySide });
        }
        let mut singles: Vec<PlaceIx> = Vec::new();
        for run in self.seating.accessible_runs().filter(|run| self.in_section(run)) {
            let special = self.seating.accessible().window(run.first as usize, run.len);
            let usable = special & self.taken_by_category(run);
            singles.extend(positions(usable).map(|at| PlaceIx(run.first + at)));
        }
        singles.sort_by_key(|place| (self.seating.distance(place.0, 1), *place));
        if singles.len() < accessible as usize {
            return None;
        }
        singles.truncate(accessible as usize);
        if size > accessible {
            singles.extend(self.by_steps(size - accessible)?.places);
        }
        Some(Found { places: singles, step: Step::Scattered })
    }

    /// The nearest group of `len` in any of `runs`; the lowest among equals.
    fn nearest_in(&self, runs: &[Run], len: u32) -> Option<Group> {
        let mut best: Option<Group> = None;
        for run in runs {
            let bound = u64::from(run.nearest) * u64::from(len);
            let hopeless = best.is_some_and(|group| bound >= group.distance);
            if hopeless || run.len < len || !self.in_section(run) {
                continue;
            }
            let starts = starts_of(self.eligible(run), len);
            if let Some(group) = self.nearest_of(run, starts, len)
                && best.is_none_or(|b| group.distance < b.distance)
            {
                best = Some(group);
            }
        }
        best
    }

    /// The nearest of some starts within one run.
    fn nearest_of(&self, run: &Run, starts: u128, len: u32) -> Option<Group> {
        positions(starts)
            .map(|start| Group {
                first: run.first + start,
                len,
                distance: self.seating.distance(run.first + start, len),
            })
            .min_by_key(|group| (group.distance, group.first))
    }

    /// Starts at which a group of `len` would leave a single free seat on either side.
    ///
    /// A free seat counts if another fan could take it: one for wheelchair users ends a run, a
    /// seat of another category does not.
    fn orphaning(&self, run: &Run, len: u32) -> u128 {
        let first = run.first as usize;
        let special = self.seating.accessible().window(first, run.len);
        let free = self.free.window(first, run.len) & !special;
        // Bit i: the seat before i is free and the one before that is not (or not there).
        let left = free << 1 & !(free << 2);
        let beyond = free.checked_shr(len).unwrap_or(0);
        left | beyond & !(beyond >> 1)
    }

    /// The free places of a run that the party may take, accessible ones apart.
    fn eligible(&self, run: &Run) -> u128 {
        self.taken_by_category(run) & !self.seating.accessible().window(run.first as usize, run.len)
    }

    fn taken_by_category(&self, run: &Run) -> u128 {
        let first = run.first as usize;
        let free = self.free.window(first, run.len);
        if free == 0 {
            return 0;
        }
        let mut wanted = 0;
        for category in positions(u128::from(self.party.categories)) {
            if let Some(set) = self.seating.category(category as usize) {
                wanted |= set.window(first, run.len);
            }
        }
        free & wanted
    }

    fn takes(&self, place: PlaceIx) -> bool {
        let place_ = &self.chart.places()[place.index()];
        self.free.contains(place.index()) && self.party.categories >> place_.category.0 & 1 == 1
    }

    fn in_section(&self, run: &Run) -> bool {
        self.wants_section(run.section)
    }

    fn wants_section(&self, section: SectionIx) -> bool {
        self.party.section.is_none_or(|wanted| wanted == section)
    }

    /// Every row with the longest group that fits it.
    fn longest_groups(&self) -> Vec<Row<'_>> {
        self.seating
            .runs()
            .chunk_by(|a, b| a.block == b.block)
            .map(|runs| Row {
                section: runs[0].section,
                runs,
                longest: runs
                    .iter()
                    .filter(|run| self.in_section(run))
                    .map(|run| longest_of(self.eligible(run)))
                    .max()
                    .unwrap_or(0),
            })
            .collect()
    }
}

struct Row<'a> {
    section: SectionIx,
    runs: &'a [Run],
    longest: u32,
}

/// The positions at which `len` set bits begin: log2(len) steps of doubling.
fn starts_of(bits: u128, len: u32) -> u128 {
    if len > 128 {
        return 0;
    }
    let (mut starts, mut have) = (bits, 1);
    while have < len && starts != 0 {
        let step = have.min(len - have);
        starts &= starts >> step;
        have += step;
    }
    starts
}

/// The length of the longest stretch of set bits.
fn longest_of(mut bits: u128) -> u32 {
    let mut len = 0;
    while bits != 0 {
        bits &= bits >> 1;
        len += 1;
    }
    len
}

/// Spreads a party over rows that take at most `lens` each: as evenly as they allow, and nobody
/// alone if avoidable. `None` if the rows do not take the party, or one of them would stay empty.
fn spread(lens: &[u32], size: u32) -> Option<Vec<u32>> {
    let rows = u32::try_from(lens.len()).ok()?;
    if lens.iter().sum::<u32>() < size || size < rows {
        return None;
    }
    let mut sizes = vec![0; lens.len()];
    let mut left = size;
    while left > 0 {
        let fewest = (0..lens.len()).filter(|&i| sizes[i] < lens[i]).min_by_key(|&i| sizes[i])?;
        sizes[fewest] += 1;
        left -= 1;
    }
    Some(sizes)
}
