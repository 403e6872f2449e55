//! Holding places: all that was asked for, or none.

use std::collections::BTreeSet;

use super::{Answer, Decision, Sale, may_act_for};
use crate::domain::best_available::{Party, best_available};
use crate::domain::change::Change;
use crate::domain::chart::{Block, BlockIx, BlockKind, PlaceIx};
use crate::domain::command::{BestAvailable, Origin, Selection, Wanted};
use crate::domain::hold::{Hold, Item};
use crate::domain::ids::{FanId, HoldId, Seq};
use crate::domain::inventory::PlaceState;
use crate::domain::pricing::TicketTypeIx;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::Standing;

impl Sale {
    pub(super) fn place_hold(
        &self,
        now: Timestamp,
        fan: FanId,
        selection: &Selection,
    ) -> Result<Decision, Rejection> {
        self.check_selection(selection)?;
        let own = self.hold_of(fan);
        let (live, stale) = match own {
            Some(hold) if now < hold.expires_at => (Some(hold), None),
            other => (None, other),
        };
        if let Some(hold) = live {
            if self.covers(hold, selection) {
                return Ok(Self::decision(Vec::new(), Answer::Hold(hold.id)));
            }
            self.on_sale(now)?;
            return Err(Rejection::HoldExists(hold.id));
        }
        self.on_sale(now)?;
        let entry = self.entry_of(now, fan)?;
        self.check_limits(fan, 0, size_of(self, selection))?;
        let stale_places = stale.map(Hold::places).unwrap_or_default();
        let items = match selection {
            Selection::Wanted(wanted) => self.items_of(wanted, &stale_places)?,
            Selection::BestAvailable(party) => self.best_items(party)?,
        };
        let expires_at = now.after(self.terms.rules.hold_ttl);
        let mut changes = Vec::with_capacity(2);
        changes.extend(stale.map(|hold| Change::HoldExpired {
            fan,
            hold: hold.id,
            places: hold.places(),
        }));
        let id = HoldId::new(self.number_of(changes.len() as u64));
        changes.push(Change::HoldPlaced { fan, entry, items, expires_at });
        Ok(Self::decision(changes, Answer::Hold(id)))
    }

    pub(super) fn change_hold(
        &self,
        now: Timestamp,
        by: Origin,
        id: HoldId,
        add: &[Wanted],
        remove: &[PlaceIx],
    ) -> Result<Decision, Rejection> {
        if add.is_empty() && remove.is_empty() {
            return Err(Rejection::NothingWanted);
        }
        self.check_wanted(add)?;
        let hold = self.live_hold(now, by, id)?;
        if !add.is_empty() {
            self.on_sale(now)?;
            self.entry_of(now, hold.fan)?;
        }
        let leaving: BTreeSet<PlaceIx> = remove.iter().copied().collect();
        if leaving.len() < remove.len() {
            return Err(Rejection::WantedTwice);
        }
        let added = add.iter().map(|wanted| places_of(self, wanted)).sum::<u32>();
        let kept = count(hold.items.len()).saturating_sub(count(leaving.len()));
        self.check_limits(hold.fan, kept, added)?;
        if hold.ordered {
            return Err(Rejection::HoldOrdered);
        }
        let mine: BTreeSet<PlaceIx> = hold.items.iter().map(|item| item.place).collect();
        if let Some(missing) = leaving.iter().find(|place| !mine.contains(place)) {
            return Err(Rejection::NotInHold(*missing));
        }
        let removed = self.with_whole_tables(&leaving);
        let kept_none = mine.iter().all(|place| removed.contains(place));
        if kept_none && add.is_empty() {
            return Err(Rejection::HoldEmptied);
        }
        // A place that is given back can be asked for again in the same breath: as another type.
        let removed: Vec<PlaceIx> = removed.into_iter().collect();
        let added = self.items_of(add, &removed)?;
        let changes = vec![Change::HoldChanged { fan: hold.fan, hold: id, added, removed }];
        Ok(Self::decision(changes, Answer::Hold(id)))
    }

    pub(super) fn extend_hold(
        &self,
        now: Timestamp,
        by: Origin,
        id: HoldId,
    ) -> Result<Decision, Rejection> {
        let hold = self.live_hold(now, by, id)?;
        let extension = self.terms.rules.hold_extension;
        if hold.extended || extension.is_zero() {
            return Err(Rejection::ExtensionUsed);
        }
        let expires_at = hold.expires_at.after(extension);
        Ok(Self::decision(
            vec![Change::HoldExtended { fan: hold.fan, hold: id, expires_at }],
            Answer::Hold(id),
        ))
    }

    pub(super) fn release_hold(
        &self,
        now: Timestamp,
        by: Origin,
        id: HoldId,
    ) -> Result<Decision, Rejection> {
        let hold = self.live_hold(now, by, id)?;
        if hold.ordered {
            return Err(Rejection::HoldOrdered);
        }
        let changes = vec![Change::HoldReleased { fan: hold.fan, hold: id, places: hold.places() }];
        Ok(Self::decision(changes, Answer::Done))
    }

    /// A hold that has not run out, if whoever asks may act on it.
    pub(super) fn live_hold(
        &self,
        now: Timestamp,
        by: Origin,
        id: HoldId,
    ) -> Result<&Hold, Rejection> {
        self.holds
            .get(&id)
            .filter(|hold| may_act_for(by, hold.fan) && now < hold.expires_at)
            .ok_or(Rejection::UnknownHold)
    }

    /// The fan's entry token.
    fn entry_of(&self, now: Timestamp, fan: FanId) -> Result<Seq, Rejection> {
        match self.current_standing(now, fan) {
            Some(Standing::Admitted { entry, .. }) => Ok(entry),
            Some(Standing::Waiting { .. } | Standing::Called { .. }) | None => {
                Err(Rejection::NotAdmitted)
            }
        }
    }

    fn check_limits(&self, fan: FanId, kept: u32, added: u32) -> Result<(), Rejection> {
        let rules = &self.terms.rules;
        let total = kept.saturating_add(added);
        if total > rules.places_per_hold_max {
            return Err(Rejection::HoldLimit { max: rules.places_per_hold_max });
        }
        if total.saturating_add(self.bought(fan)) > rules.places_per_fan_max {
            return Err(Rejection::FanLimit { max: rules.places_per_fan_max });
        }
        Ok(())
    }

    fn check_selection(&self, selection: &Selection) -> Result<(), Rejection> {
        match selection {
            Selection::Wanted(wanted) if wanted.is_empty() => Err(Rejection::NothingWanted),
            Selection::Wanted(wanted) => self.check_wanted(wanted),
            Selection::BestAvailable(party) => self.check_party(party),
        }
    }

    fn check_party(&self, party: &BestAvailable) -> Result<(), Rejection> {
        if party.quantity == 0 {
            return Err(Rejection::NothingWanted);
        }
        let categories = self.chart.categories().len();
        if party.categories.iter().any(|category| usize::from(category.0) >= categories) {
            return Err(Rejection::UnknownCategory);
        }
        let sections = self.chart.sections().len();
        if party.section.is_some_and(|section| usize::from(section.0) >= sections) {
            return Err(Rejection::UnknownSection);
        }
        self.check_ticket_type(party.ticket_type)?;
        if party.accessible > party.quantity {
            return Err(Rejection::TooManyAccessible);
        }
        Ok(())
    }

    fn check_wanted(&self, wanted: &[Wanted]) -> Result<(), Rejection> {
        let (mut places, mut blocks) = (BTreeSet::new(), BTreeSet::new());
        for one in wanted {
            match *one {
                Wanted::Seat { place, .. } => {
                    if self.chart.place(place).is_none() {
                        return Err(Rejection::UnknownPlace(place));
                    }
                    if !places.insert(place) {
                        return Err(Rejection::WantedTwice);
                    }
                }
                Wanted::Table { block, .. } => {
                    self.block(block, BlockKind::WholeTable)?;
                    if !blocks.insert(block) {
                        return Err(Rejection::WantedTwice);
                    }
                }
                Wanted::Units { block, quantity, .. } => {
                    self.block(block, BlockKind::Area)?;
                    if quantity == 0 {
                        return Err(Rejection::NothingWanted);
                    }
                    if !blocks.insert(block) {
                        return Err(Rejection::WantedTwice);
                    }
                }
            }
        }
        for one in wanted {
            self.check_ticket_type(ticket_type_of(one))?;
            if let Wanted::Seat { place, .. } = *one {
                match self.chart.block_of(place).kind {
                    BlockKind::Row | BlockKind::Table => {}
                    BlockKind::WholeTable | BlockKind::Area => {
                        return Err(Rejection::NotSoldAlone(place));
                    }
                }
            }
        }
        Ok(())
    }

    fn check_ticket_type(&self, ticket_type: TicketTypeIx) -> Result<(), Rejection> {
        let known = usize::from(ticket_type.0) < self.terms.prices.ticket_types().len();
        if known { Ok(()) } else { Err(Rejection::UnknownTicketType) }
    }

    pub(super) fn block(&self, ix: BlockIx, kind: BlockKind) -> Result<&Block, Rejection> {
        self.chart
            .blocks()
            .get(usize::from(ix.0))
            .filter(|block| block.kind == kind)
            .ok_or(Rejection::UnknownBlock(ix))
    }

    /// The places that are asked for, priced. Those in `own`, which the fan gives back with the same
    /// change, count as free.
    fn items_of(&self, wanted: &[Wanted], own: &[PlaceIx]) -> Result<Vec<Item>, Rejection> {
        let mut items = Vec::with_capacity(wanted.len());
        let mut taken = Vec::new();
        let free = |place: PlaceIx| match self.inventory.state(place) {
            PlaceState::Free => true,
            PlaceState::Held(_) => own.contains(&place),
            PlaceState::Sold(_) | PlaceState::Blocked => false,
        };
        for one in wanted {
            let ticket_type = ticket_type_of(one);
            let mut take = |place: PlaceIx| -> Result<(), Rejection> {
                if free(place) {
                    items.push(self.item(place, ticket_type)?);
                } else {
                    taken.push(place);
                }
                Ok(())
            };
            match *one {
                Wanted::Seat { place, .. } => take(place)?,
                Wanted::Table { block, .. } => {
                    for place in self.block(block, BlockKind::WholeTable)?.places() {
                        take(place)?;
                    }
                }
                Wanted::Units { block, quantity, .. } => {
                    let block = self.block(block, BlockKind::Area)?;
                    let units = self.units_of(block, quantity as usize, own);
                    if units.len() < quantity as usize {
                        taken.extend(block.places().take(1));
                    } else {
                        units.into_iter().try_for_each(take)?;
                    }
                }
            }
        }
        if taken.is_empty() { Ok(items) } else { Err(Rejection::Taken { places: taken }) }
    }

    /// Units of an area: first those that the fan gives back anyway, then the lowest free ones.
    fn units_of(&self, block: &Block, quantity: usize, own: &[PlaceIx]) -> Vec<PlaceIx> {
        let range = block.range();
        let mut units: Vec<PlaceIx> =
            own.iter().copied().filter(|place| range.contains(&place.0)).take(quantity).collect();
        units.extend(self.inventory.lowest_free(block, quantity - units.len()));
        units
    }

    fn best_items(&self, party: &BestAvailable) -> Result<Vec<Item>, Rejection> {
        let asked = |category: u8| {
            party.categories.is_empty() || party.categories.iter().any(|c| c.0 == category)
        };
        let priced = self.terms.prices.entries().iter();
        let categories = priced
            .filter(|entry| entry.ticket_type == party.ticket_type && asked(entry.category.0))
            .fold(0_u64, |bits, entry| bits | 1 << entry.category.0);
        if categories == 0 {
            return Err(Rejection::NotForSale);
        }
        let party_ = Party {
            size: party.quantity,
            accessible: party.accessible,
            categories,
            section: party.section,
        };
        best_available(&self.chart, &self.seating, self.inventory.free(), &party_)
            .ok_or(Rejection::NotEnough)?
            .places
            .into_iter()
            .map(|place| self.item(place, party.ticket_type))
            .collect()
    }

    fn item(&self, place: PlaceIx, ticket_type: TicketTypeIx) -> Result<Item, Rejection> {
        let category = self.chart.places()[place.index()].category;
        let price = self.terms.prices.price(category, ticket_type).ok_or(Rejection::NotForSale)?;
        Ok(Item { place, ticket_type, price })
    }

    /// Whether a hold already has what is asked for.
    fn covers(&self, hold: &Hold, selection: &Selection) -> bool {
        let has = |place: PlaceIx, ticket_type: TicketTypeIx| {
            hold.items.iter().any(|item| item.place == place && item.ticket_type == ticket_type)
        };
        let in_block = |ix: BlockIx, ticket_type: TicketTypeIx| {
            let range = self.chart.blocks()[usize::from(ix.0)].range();
            let of_it =
                |item: &&Item| range.contains(&item.place.0) && item.ticket_type == ticket_type;
            count(hold.items.iter().filter(of_it).count())
        };
        match selection {
            Selection::Wanted(wanted) => wanted.iter().all(|one| match *one {
                Wanted::Seat { place, ticket_type } => has(place, ticket_type),
                Wanted::Table { block, ticket_type } => {
                    in_block(block, ticket_type) == places_of(self, one)
                }
                Wanted::Units { block, quantity, ticket_type } => {
                    in_block(block, ticket_type) >= quantity
                }
            }),
            Selection::BestAvailable(party) => {
                let like = |item: &Item| item.ticket_type == party.ticket_type;
                count(hold.items.len()) == party.quantity && hold.items.iter().all(like)
            }
        }
    }

    /// Places to give back: a table that is sold as a whole goes as a whole.
    fn with_whole_tables(&self, leaving: &BTreeSet<PlaceIx>) -> BTreeSet<PlaceIx> {
        let mut all = leaving.clone();
        for place in leaving {
            let block = self.chart.block_of(*place);
            if block.kind == BlockKind::WholeTable {
                all.extend(block.places());
            }
        }
        all
    }
}

fn ticket_type_of(wanted: &Wanted) -> TicketTypeIx {
    match *wanted {
        Wanted::Seat { ticket_type, .. }
        | Wanted::Table { ticket_type, .. }
        | Wanted::Units { ticket_type, .. } => ticket_type,
    }
}

fn size_of(sale: &Sale, selection: &Selection) -> u32 {
    match selection {
        Selection::Wanted(wanted) => {
            wanted.iter().map(|one| places_of(sale, one)).fold(0, u32::saturating_add)
        }
        Selection::BestAvailable(party) => party.quantity,
    }
}

/// How many places one wish takes.
fn places_of(sale: &Sale, wanted: &Wanted) -> u32 {
    match *wanted {
        Wanted::Seat { .. } => 1,
        Wanted::Table { block, .. } => {
            sale.chart.blocks().get(usize::from(block.0)).map_or(0, |block| count(block.len()))
        }
        Wanted::Units { quantity, .. } => quantity,
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::command::{Command, Reply, Request};
    use crate::domain::ids::EventId;
    use crate::testing::sample;

    const FAN: FanId = FanId::new(1);

    /// A sale with one fan inside, and how to ask it something as that fan.
    struct Inside(Sale);

    impl Inside {
        fn new() -> Self {
            let chart = Arc::new(sample::chart(4, 10, 3));
            let opening = Sale::opening(sample::OPENS_AT, &chart, sample::terms(&chart)).unwrap();
            let mut this = Self(Sale::open(EventId::new(1), chart, &opening));
            this.ask(Command::Join).unwrap();
            this.ask(Command::Claim).unwrap();
            this
        }

        fn ask(&mut self, command: Command) -> Result<Reply, Rejection> {
            let request = Request { by: Origin::Fan(FAN), key: None, command };
            self.0.execute(sample::OPENS_AT, &request).map(|done| done.reply)
        }

        fn hold(&mut self, wanted: Vec<Wanted>) -> Hold {
            let held = self.ask(Command::PlaceHold(Selection::Wanted(wanted))).unwrap();
            let Reply::Hold(hold) = held else { panic!("{held:?}") };
            hold
        }

        fn change(&mut self, hold: &Hold, add: Vec<Wanted>, remove: Vec<PlaceIx>) -> Hold {
            let changed = self.ask(Command::ChangeHold { hold: hold.id, add, remove }).unwrap();
            let Reply::Hold(hold) = changed else { panic!("{changed:?}") };
            hold
        }
    }

    #[test]
    fn a_seat_changes_its_ticket_type_in_one_change() {
        let mut inside = Inside::new();
        let seat = |ticket_type| Wanted::Seat { place: PlaceIx(4), ticket_type };
        let hold = inside.hold(vec![seat(TicketTypeIx(0))]);
        let changed = inside.change(&hold, vec![seat(TicketTypeIx(1))], vec![PlaceIx(4)]);
        assert_eq!(changed.items.len(), 1);
        assert_eq!(changed.items[0].ticket_type, TicketTypeIx(1));
        assert_eq!(changed.expires_at, hold.expires_at);
        assert_eq!(inside.0.inventory().state(PlaceIx(4)), PlaceState::Held(hold.id));
    }

    #[test]
    fn units_of_a_full_area_can_be_exchanged_for_themselves() {
        let mut inside = Inside::new();
        let blocks = inside.0.chart().blocks();
        let area = blocks.iter().position(|block| block.kind == BlockKind::Area).unwrap();
        let block = BlockIx(u16::try_from(area).unwrap());
        let units = |quantity| Wanted::Units { block, quantity, ticket_type: TicketTypeIx(0) };
        let hold = inside.hold(vec![units(3)]);
        let changed = inside.change(&hold, vec![units(3)], hold.places());
        assert_eq!(changed.items.len(), 3);
    }
}
