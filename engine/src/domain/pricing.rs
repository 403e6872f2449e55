//! What a place costs: by category and ticket type, with fees. A hold freezes what it finds here.

use serde::{Deserialize, Serialize};

use super::chart::CategoryIx;
use super::limits::{CATEGORIES_MAX, LABEL_BYTES_MAX, TICKET_TYPES_MAX};
use super::money::{Currency, Money};

/// Index of a ticket type in its price table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketTypeIx(pub u8);

/// A kind of ticket that the same place can be sold as: adult, child …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketType {
    /// Stable name within the table.
    pub key: String,
    /// What a fan reads.
    pub label: String,
}

/// What one place costs as one ticket type, in the table's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// For the place.
    pub amount_minor: i64,
    /// For the service, on top.
    pub fee_minor: i64,
}

impl Price {
    /// Both together.
    pub const fn total_minor(self) -> i64 {
        self.amount_minor + self.fee_minor
    }
}

/// One cell of a price table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceEntry {
    /// The row.
    pub category: CategoryIx,
    /// The column.
    pub ticket_type: TicketTypeIx,
    /// What it costs.
    pub price: Price,
}

/// Prices of one event. What has no price is not for sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTable {
    currency: Currency,
    ticket_types: Vec<TicketType>,
    entries: Vec<PriceEntry>,
    order_fee_minor: i64,
}

/// The largest price or fee: 200,000 of them still add up to a lawful amount.
pub const PRICE_MINOR_MAX: i64 = Money::MAX_MINOR / 1_000_000;

/// Why a price table is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceFault {
    /// There is no ticket type, or too many.
    #[error("a price table has 1 to {TICKET_TYPES_MAX} ticket types")]
    TicketTypes,
    /// A ticket type's key or label is empty, too long or appears twice.
    #[error("ticket type {0:?} is empty, too long or appears twice")]
    TicketType(String),
    /// An entry names a category or ticket type that does not exist, or a cell twice.
    #[error("price entry {0} names an unknown category or ticket type, or a cell twice")]
    Entry(usize),
    /// An amount is negative or too large: of an entry, or what an order costs.
    #[error("amounts must be 0 to {PRICE_MINOR_MAX}")]
    Amount(Option<usize>),
}

impl PriceTable {
    /// Checks and makes a table for a chart with `categories` categories.
    ///
    /// # Errors
    /// The first of the [`Self::faults_of`] it.
    pub fn new(
        currency: Currency,
        ticket_types: Vec<TicketType>,
        entries: Vec<PriceEntry>,
        order_fee_minor: i64,
        categories: usize,
    ) -> Result<Self, PriceFault> {
        let faults = Self::faults_of(&ticket_types, &entries, order_fee_minor, categories);
        match faults.into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self { currency, ticket_types, entries, order_fee_minor }),
        }
    }

    /// Everything that is wrong with a table of these parts.
    pub fn faults_of(
        ticket_types: &[TicketType],
        entries: &[PriceEntry],
        order_fee_minor: i64,
        categories: usize,
    ) -> Vec<PriceFault> {
        let mut faults = Vec::new();
        if !(1..=TICKET_TYPES_MAX).contains(&ticket_types.len()) {
            faults.push(PriceFault::TicketTypes);
        }
        for (index, this) in ticket_types.iter().enumerate() {
            let bad = |text: &str| text.trim().is_empty() || text.len() > LABEL_BYTES_MAX;
            let twice = ticket_types[..index].iter().any(|other| other.key == this.key);
            if bad(&this.key) || bad(&this.label) || twice {
                faults.push(PriceFault::TicketType(this.key.clone()));
            }
        }
        let lawful = |minor: i64| (0..=PRICE_MINOR_MAX).contains(&minor);
        for (index, this) in entries.iter().enumerate() {
            let cell = |entry: &PriceEntry| (entry.category, entry.ticket_type);
            let known = usize::from(this.category.0) < categories.min(CATEGORIES_MAX)
                && usize::from(this.ticket_type.0) < ticket_types.len();
            if !known || entries[..index].iter().any(|other| cell(other) == cell(this)) {
                faults.push(PriceFault::Entry(index));
            }
            if !lawful(this.price.amount_minor) || !lawful(this.price.fee_minor) {
                faults.push(PriceFault::Amount(Some(index)));
            }
        }
        if !lawful(order_fee_minor) {
            faults.push(PriceFault::Amount(None));
        }
        faults
    }

    /// The currency of every amount in the table.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The ticket types, by [`TicketTypeIx`].
    pub fn ticket_types(&self) -> &[TicketType] {
        &self.ticket_types
    }

    /// Every cell that has a price.
    pub fn entries(&self) -> &[PriceEntry] {
        &self.entries
    }

    /// What an order costs beside its places.
    pub const fn order_fee_minor(&self) -> i64 {
        self.order_fee_minor
    }

    /// The price of a cell; `None` if it is not for sale.
    pub fn price(&self, category: CategoryIx, ticket_type: TicketTypeIx) -> Option<Price> {
        self.entries
            .iter()
            .find(|entry| entry.category == category && entry.ticket_type == ticket_type)
            .map(|entry| entry.price)
    }

    /// Whether a category is for sale as any ticket type.
    pub fn sells(&self, category: CategoryIx) -> bool {
        self.entries.iter().any(|entry| entry.category == category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(category: u8, ticket_type: u8, amount_minor: i64) -> PriceEntry {
        PriceEntry {
            category: CategoryIx(category),
            ticket_type: TicketTypeIx(ticket_type),
            price: Price { amount_minor, fee_minor: 1_000 },
        }
    }

    fn table(entries: Vec<PriceEntry>) -> Result<PriceTable, PriceFault> {
        let adult = TicketType { key: "adult".to_owned(), label: "Adult".to_owned() };
        PriceTable::new(Currency::Krw, vec![adult], entries, 0, 2)
    }

    #[test]
    fn what_has_no_price_is_not_for_sale() {
        let table = table(vec![entry(0, 0, 154_000)]).unwrap();
        let price = table.price(CategoryIx(0), TicketTypeIx(0)).unwrap();
        assert_eq!(price.total_minor(), 155_000);
        assert_eq!(table.price(CategoryIx(1), TicketTypeIx(0)), None);
        assert!(table.sells(CategoryIx(0)) && !table.sells(CategoryIx(1)));
    }

    #[test]
    fn unlawful_tables_are_refused() {
        assert_eq!(table(vec![entry(2, 0, 1)]), Err(PriceFault::Entry(0)));
        assert_eq!(table(vec![entry(0, 1, 1)]), Err(PriceFault::Entry(0)));
        assert_eq!(table(vec![entry(0, 0, 1), entry(0, 0, 2)]), Err(PriceFault::Entry(1)));
        assert_eq!(table(vec![entry(0, 0, -1)]), Err(PriceFault::Amount(Some(0))));
        let dear = table(vec![entry(0, 0, PRICE_MINOR_MAX + 1)]);
        assert_eq!(dear, Err(PriceFault::Amount(Some(0))));
        let none = PriceTable::new(Currency::Usd, vec![], vec![], 0, 1);
        assert_eq!(none, Err(PriceFault::TicketTypes));
        let all = PriceTable::faults_of(&[], &[entry(0, 0, -1)], -1, 1);
        let entry = [PriceFault::Entry(0), PriceFault::Amount(Some(0))];
        assert_eq!(all[..2], [PriceFault::TicketTypes, entry[0].clone()], "{all:?}");
        assert_eq!(all[2..], [entry[1].clone(), PriceFault::Amount(None)], "all at once");
    }
}
