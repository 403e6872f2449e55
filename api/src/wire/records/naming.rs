//! From records to messages: indices become the names that people know.

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::change::{Capture, Change, Record};
use tiketi_engine::domain::chart::{CategoryIx, Chart, PlaceIx};
use tiketi_engine::domain::command::Origin;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{
    EventId, FanId, HoldId, Id, Kind, OrderId, PaymentId, TicketId, scoped,
};
use tiketi_engine::domain::pricing::{PriceEntry, TicketTypeIx};
use tiketi_engine::domain::terms::{SaleStatus, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::domain::waiting_room::Notice;

use super::{
    CalledRecord, ChangeView, ClaimedRecord, FanRecord, HoldChangedRecord, HoldEndedRecord,
    HoldExtendedRecord, HoldPlacedRecord, ItemRecord, JoinedRecord, NoticeRecord,
    OrderCancelledRecord, OrderPaidRecord, OrderPlacedRecord, OrderReturnedRecord, OriginView,
    PaymentAmountRecord, PaymentDeclinedRecord, PaymentStartedRecord, PlaceRecord, PlacesRecord,
    PriceRecord, RateRecord, RecordMessage, StatusRecord, TermsRecord, TicketRedeemedRecord,
    TicketTypeRecord, VERSION,
};

/// Names the things of one event.
///
/// It needs the terms in force at a record, or later ones: ticket types are only ever added and the
/// currency never changes, so that both give the same names.
#[derive(Debug, Clone)]
pub struct Naming {
    event: EventId,
    chart: Arc<Chart>,
    terms: Terms,
}

/// A record names what the chart or the terms do not have: they are not the event's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a record names {0}, which the event does not have")]
pub struct NotPublishable(String);

impl Naming {
    /// Of an event with this chart, from a record on for which these terms are new enough.
    pub fn new(event: EventId, chart: Arc<Chart>, terms: Terms) -> Self {
        Self { event, chart, terms }
    }

    /// The terms after the last record.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// What others read of a record; `None` if it does not concern them.
    ///
    /// # Errors
    /// [`NotPublishable`].
    pub fn message(&mut self, record: &Record) -> Result<Option<RecordMessage>, NotPublishable> {
        if let Change::SaleOpened { terms } | Change::TermsChanged { terms } = &record.change {
            self.terms = (**terms).clone();
        }
        let change = self.change(record)?;
        Ok(change.map(|change| RecordMessage {
            version: VERSION,
            event: self.event.to_string(),
            seq: record.seq.0,
            at: record.at.to_string(),
            by: record.by.into(),
            change,
        }))
    }

    fn change(&self, record: &Record) -> Result<Option<ChangeView>, NotPublishable> {
        use ChangeView as View;
        let view = match &record.change {
            Change::SaleOpened { terms } => View::SaleOpened(self.terms_of(terms)?),
            Change::TermsChanged { terms } => View::TermsChanged(self.terms_of(terms)?),
            Change::StatusChanged { status } => View::StatusChanged((*status).into()),
            Change::Joined { fan, number } => {
                View::Joined(JoinedRecord { fan: fan.to_string(), number: number.0 })
            }
            Change::Left { fan } => View::Left((*fan).into()),
            Change::Called { fans, claim_by } => {
                let fans = fans.iter().map(ToString::to_string).collect();
                View::Called(CalledRecord { fans, claim_by: claim_by.to_string() })
            }
            Change::Claimed { fan, until } => View::Claimed(claimed(*fan, *until)),
            Change::ClaimLapsed { fan } => View::ClaimLapsed((*fan).into()),
            Change::SessionEnded { fan } => View::SessionEnded((*fan).into()),
            Change::HoldPlaced { fan, items, expires_at, .. } => {
                let hold = HoldId::new(record.seq.0);
                View::HoldPlaced(self.hold_placed(*fan, hold, items, *expires_at)?)
            }
            Change::HoldChanged { fan, hold, added, removed } => {
                View::HoldChanged(self.hold_changed(*fan, *hold, added, removed)?)
            }
            Change::HoldExtended { fan, hold, expires_at } => {
                View::HoldExtended(self.hold_extended(*fan, *hold, *expires_at))
            }
            Change::HoldReleased { fan, hold, places } => {
                View::HoldReleased(self.hold_ended(*fan, *hold, places)?)
            }
            Change::HoldExpired { fan, hold, places } => {
                View::HoldExpired(self.hold_ended(*fan, *hold, places)?)
            }
            Change::OrderPlaced { fan, hold, total_minor } => {
                View::OrderPlaced(self.order_placed(*fan, *hold, *total_minor))
            }
            Change::OrderCancelled { fan, order, places } => {
                View::OrderCancelled(self.order_cancelled(*fan, *order, places)?)
            }
            Change::PaymentStarted { fan, order } => {
                let payment = PaymentId::new(record.seq.0);
                View::PaymentStarted(self.payment_started(*fan, *order, payment))
            }
            Change::PaymentDeclined { fan, order, payment, code } => {
                View::PaymentDeclined(self.payment_declined(*fan, *order, *payment, code))
            }
            Change::OrderPaid { fan, order, payment, items, first_ticket } => {
                let paid = (*fan, *order, payment.as_ref());
                View::OrderPaid(self.order_paid(paid, items, *first_ticket)?)
            }
            Change::PaymentStranded { fan, order, payment } => {
                let Capture { payment, amount_minor, .. } = payment;
                View::PaymentStranded(self.amount(*fan, *order, *payment, *amount_minor))
            }
            Change::OrderReturned { fan, order, items } => {
                View::OrderReturned(self.order_returned(*fan, *order, items)?)
            }
            Change::PaymentRefunded { fan, order, payment, amount_minor } => {
                View::PaymentRefunded(self.amount(*fan, *order, *payment, *amount_minor))
            }
            Change::TicketRedeemed { fan, ticket, gate } => {
                View::TicketRedeemed(self.ticket_redeemed(*fan, *ticket, gate))
            }
            Change::PlacesBlocked { places } => View::PlacesBlocked(self.off_sale(places)?),
            Change::PlacesFreed { places } => View::PlacesFreed(self.off_sale(places)?),
            Change::RateChanged { per_minute } => View::RateChanged((*per_minute).into()),
            Change::NoticeChanged { notice } => View::NoticeChanged(notice.as_ref().into()),
            Change::Answered { .. } => return Ok(None),
        };
        Ok(Some(view))
    }

    fn terms_of(&self, terms: &Terms) -> Result<TermsRecord, NotPublishable> {
        let (prices, rules) = (&terms.prices, &terms.rules);
        let types = prices.ticket_types().iter();
        let price = |entry: &PriceEntry| {
            Ok(PriceRecord {
                category: self.category(entry.category)?,
                ticket_type: self.ticket_type(entry.ticket_type)?,
                amount_minor: entry.price.amount_minor,
                fee_minor: entry.price.fee_minor,
            })
        };
        let key_and_label =
            types.map(|of| TicketTypeRecord { key: of.key.clone(), label: of.label.clone() });
        Ok(TermsRecord {
            chart: terms.chart.to_string(),
            currency: prices.currency().code().to_owned(),
            order_fee_minor: prices.order_fee_minor(),
            ticket_types: key_and_label.collect(),
            prices: prices.entries().iter().map(price).collect::<Result<_, _>>()?,
            lobby_opens_at: rules.lobby_opens_at.to_string(),
            opens_at: rules.opens_at.to_string(),
            closes_at: rules.closes_at.to_string(),
            refunds_until: rules.refunds_until.to_string(),
            places_per_hold_max: rules.places_per_hold_max,
            places_per_fan_max: rules.places_per_fan_max,
            hold_ttl_ms: millis(rules.hold_ttl),
            hold_extension_ms: millis(rules.hold_extension),
            admitted_max: rules.admitted_max,
            claim_ttl_ms: millis(rules.claim_ttl),
            session_ttl_ms: millis(rules.session_ttl),
        })
    }

    fn hold_placed(
        &self,
        fan: FanId,
        hold: HoldId,
        items: &[Item],
        expires_at: Timestamp,
    ) -> Result<HoldPlacedRecord, NotPublishable> {
        Ok(HoldPlacedRecord {
            fan: fan.to_string(),
            hold: self.id(hold),
            items: self.items(items)?,
            currency: self.currency(),
            expires_at: expires_at.to_string(),
        })
    }

    fn hold_changed(
        &self,
        fan: FanId,
        hold: HoldId,
        added: &[Item],
        removed: &[PlaceIx],
    ) -> Result<HoldChangedRecord, NotPublishable> {
        Ok(HoldChangedRecord {
            fan: fan.to_string(),
            hold: self.id(hold),
            added: self.items(added)?,
            removed: self.places(removed)?,
            currency: self.currency(),
        })
    }

    fn hold_extended(&self, fan: FanId, hold: HoldId, expires_at: Timestamp) -> HoldExtendedRecord {
        HoldExtendedRecord {
            fan: fan.to_string(),
            hold: self.id(hold),
            expires_at: expires_at.to_string(),
        }
    }

    fn hold_ended(
        &self,
        fan: FanId,
        hold: HoldId,
        places: &[PlaceIx],
    ) -> Result<HoldEndedRecord, NotPublishable> {
        let places = self.places(places)?;
        Ok(HoldEndedRecord { fan: fan.to_string(), hold: self.id(hold), places })
    }

    fn order_placed(&self, fan: FanId, hold: HoldId, total_minor: i64) -> OrderPlacedRecord {
        OrderPlacedRecord {
            fan: fan.to_string(),
            order: self.id(OrderId::new(hold.number())),
            hold: self.id(hold),
            total_minor,
            currency: self.currency(),
        }
    }

    fn order_cancelled(
        &self,
        fan: FanId,
        order: OrderId,
        places: &[PlaceIx],
    ) -> Result<OrderCancelledRecord, NotPublishable> {
        let places = self.places(places)?;
        Ok(OrderCancelledRecord { fan: fan.to_string(), order: self.id(order), places })
    }

    fn payment_started(
        &self,
        fan: FanId,
        order: OrderId,
        payment: PaymentId,
    ) -> PaymentStartedRecord {
        let (order, payment) = (self.id(order), self.id(payment));
        PaymentStartedRecord { fan: fan.to_string(), order, payment }
    }

    fn payment_declined(
        &self,
        fan: FanId,
        order: OrderId,
        payment: PaymentId,
        code: &str,
    ) -> PaymentDeclinedRecord {
        PaymentDeclinedRecord {
            fan: fan.to_string(),
            order: self.id(order),
            payment: self.id(payment),
            code: code.to_owned(),
        }
    }

    fn order_paid(
        &self,
        (fan, order, capture): (FanId, OrderId, Option<&Capture>),
        items: &[Item],
        first_ticket: TicketId,
    ) -> Result<OrderPaidRecord, NotPublishable> {
        let tickets = (first_ticket.number()..).take(items.len());
        Ok(OrderPaidRecord {
            fan: fan.to_string(),
            order: self.id(order),
            payment: capture.map(|capture| self.id(capture.payment)),
            paid_minor: capture.map_or(0, |capture| capture.amount_minor),
            currency: self.currency(),
            items: self.items(items)?,
            tickets: tickets.map(|number| self.id(TicketId::new(number))).collect(),
        })
    }

    fn order_returned(
        &self,
        fan: FanId,
        order: OrderId,
        items: &[Item],
    ) -> Result<OrderReturnedRecord, NotPublishable> {
        Ok(OrderReturnedRecord {
            fan: fan.to_string(),
            order: self.id(order),
            items: self.items(items)?,
            currency: self.currency(),
        })
    }

    fn amount(
        &self,
        fan: FanId,
        order: OrderId,
        payment: PaymentId,
        amount_minor: i64,
    ) -> PaymentAmountRecord {
        PaymentAmountRecord {
            fan: fan.to_string(),
            order: self.id(order),
            payment: self.id(payment),
            amount_minor,
            currency: self.currency(),
        }
    }

    fn ticket_redeemed(&self, fan: FanId, ticket: TicketId, gate: &str) -> TicketRedeemedRecord {
        let (ticket, gate) = (self.id(ticket), gate.to_owned());
        TicketRedeemedRecord { fan: fan.to_string(), ticket, gate }
    }

    fn off_sale(&self, places: &[PlaceIx]) -> Result<PlacesRecord, NotPublishable> {
        Ok(PlacesRecord { places: self.places(places)? })
    }

    fn id<K: Kind>(&self, id: Id<K>) -> String {
        scoped(self.event, id)
    }

    fn currency(&self) -> String {
        self.terms.prices.currency().code().to_owned()
    }

    fn items(&self, items: &[Item]) -> Result<Vec<ItemRecord>, NotPublishable> {
        let item = |item: &Item| {
            Ok(ItemRecord {
                place: self.place(item.place)?,
                ticket_type: self.ticket_type(item.ticket_type)?,
                amount_minor: item.price.amount_minor,
                fee_minor: item.price.fee_minor,
            })
        };
        items.iter().map(item).collect()
    }

    fn places(&self, places: &[PlaceIx]) -> Result<Vec<PlaceRecord>, NotPublishable> {
        places.iter().map(|place| self.place(*place)).collect()
    }

    fn place(&self, ix: PlaceIx) -> Result<PlaceRecord, NotPublishable> {
        let missing = || NotPublishable(format!("place {}", ix.0));
        let place = self.chart.place(ix).ok_or_else(missing)?;
        let block = self.chart.block_of(ix);
        Ok(PlaceRecord {
            kind: block.kind.into(),
            section: self.chart.section_of(block).label.clone(),
            block: block.label.clone(),
            seat: place.label.clone(),
            category: self.category(place.category)?,
        })
    }

    fn category(&self, ix: CategoryIx) -> Result<String, NotPublishable> {
        let found = self.chart.categories().get(usize::from(ix.0));
        let missing = || NotPublishable(format!("category {}", ix.0));
        found.map(|category| category.key.clone()).ok_or_else(missing)
    }

    fn ticket_type(&self, ix: TicketTypeIx) -> Result<String, NotPublishable> {
        let found = self.terms.prices.ticket_types().get(usize::from(ix.0));
        let missing = || NotPublishable(format!("ticket type {}", ix.0));
        found.map(|of| of.key.clone()).ok_or_else(missing)
    }
}

fn claimed(fan: FanId, until: Timestamp) -> ClaimedRecord {
    ClaimedRecord { fan: fan.to_string(), until: until.to_string() }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl From<SaleStatus> for StatusRecord {
    fn from(status: SaleStatus) -> Self {
        Self { status: status.into() }
    }
}

impl From<Option<u32>> for RateRecord {
    fn from(per_minute: Option<u32>) -> Self {
        Self { per_minute }
    }
}

impl From<Option<&Notice>> for NoticeRecord {
    fn from(notice: Option<&Notice>) -> Self {
        Self { text: notice.map(|notice| notice.as_str().to_owned()) }
    }
}

impl From<FanId> for FanRecord {
    fn from(fan: FanId) -> Self {
        Self { fan: fan.to_string() }
    }
}

impl From<Origin> for OriginView {
    fn from(by: Origin) -> Self {
        match by {
            Origin::Clock => Self::Clock,
            Origin::Fan(_) => Self::Fan,
            Origin::Operator(..) => Self::Operator,
            Origin::Provider => Self::Provider,
        }
    }
}
