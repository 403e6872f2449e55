//! An event's journal and its sale as it was, for those who run it. No fan is named.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tiketi_engine::domain::change::Change;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{EventId, HoldId, OrderId, Seq, scoped};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{OrderState, PaymentState};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::domain::waiting_room::Standing;
use tiketi_engine::replay::{Journaled, Past, TimesHeld};
use utoipa::{IntoParams, ToSchema};

use super::operators::StatusView;
use super::records::OriginView;

/// Which moment is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PastQuery {
    /// After this record; after the last one if absent.
    pub seq: Option<u64>,
}

/// Which records are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JournalQuery {
    /// The first of them; the last ones if absent.
    pub from: Option<u64>,
    /// How many: 1 to 100.
    pub limit: Option<u32>,
    /// Those alone that came of the deed which the audit log has under this number, if there are any.
    pub deed: Option<u64>,
}

/// A sale as it was after a record of its journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastView {
    /// Which record.
    pub seq: u64,
    /// The last record of the journal, as of the question.
    pub last: u64,
    /// When the record was decided.
    pub at: String,
    /// Whether the sale ran, as operators had set it.
    pub status: StatusView,
    /// Places nobody had.
    pub free: usize,
    /// Places held.
    pub held: usize,
    /// Places sold.
    pub sold: usize,
    /// Places taken off sale.
    pub blocked: usize,
    /// Fans in line.
    pub waiting: u32,
    /// Fans whose turn it was and who had not claimed it.
    pub called: usize,
    /// Fans who might hold places.
    pub admitted: usize,
    /// Fans that might be called or admitted at one time.
    pub admitted_max: u32,
    /// Fans called in a minute at most; any number if null.
    pub admission_rate: Option<u32>,
    /// Holds by how long they had been there, the youngest first.
    pub holds: Vec<HoldAgeView>,
    /// Orders by where they stood.
    pub orders: OrderCountsView,
    /// Payments, and where their money was.
    pub money: MoneyView,
    /// The hash of the chart.
    pub chart: String,
    /// By place, in base64: 0 is free, 1 sold, 2 not for sale, and from 3 on held, for so many whole
    /// minutes more than 3 says, at most 12.
    pub places: String,
}

/// Holds that had been there for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HoldAgeView {
    /// For so many seconds or more, and less than the next.
    pub from_s: u64,
    /// How many.
    pub holds: u64,
    /// Their places.
    pub places: u64,
}

/// Orders by where they stood.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct OrderCountsView {
    /// Not paid yet.
    pub awaiting_payment: u64,
    /// Paid, with tickets.
    pub paid: u64,
    /// Not paid in time.
    pub expired: u64,
    /// Given up.
    pub cancelled: u64,
    /// Given back.
    pub returned: u64,
}

/// Payments, and where their money was.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoneyView {
    /// ISO 4217.
    pub currency: String,
    /// Decimal digits of its smallest unit.
    pub decimals: u32,
    /// Payments whose outcome was not known.
    pub open: u64,
    /// Payments that were declined.
    pub declined: u64,
    /// What was taken and kept.
    pub captured_minor: i64,
    /// What was taken and owed back.
    pub refund_due_minor: i64,
    /// What was given back.
    pub refunded_minor: i64,
}

/// From how many seconds on a hold counts as older.
const AGES_S: [u64; 4] = [0, 60, 180, 300];

impl PastView {
    pub(crate) fn of(past: &Past) -> Self {
        let sale = &*past.sale;
        let counts = sale.inventory().counts();
        let (called, admitted) = inside(sale);
        Self {
            seq: sale.seq().0,
            last: past.last.0,
            at: sale.at().to_string(),
            status: sale.status().into(),
            free: counts.free,
            held: counts.held,
            sold: counts.sold,
            blocked: sale.inventory().blocked(),
            waiting: sale.room().line().len(),
            called,
            admitted,
            admitted_max: sale.terms().rules.admitted_max,
            admission_rate: sale.rate(),
            holds: ages(sale),
            orders: OrderCountsView::of(sale),
            money: MoneyView::of(sale),
            chart: sale.chart().hash().to_string(),
            places: STANDARD.encode(heat(sale)),
        }
    }
}

/// Fans who are called, and those who are admitted.
fn inside(sale: &Sale) -> (usize, usize) {
    let is_called = |standing: &Standing| matches!(standing, Standing::Called { .. });
    let called = sale.room().standings().filter(|(_, standing)| is_called(standing)).count();
    let inside = usize::try_from(sale.room().inside()).unwrap_or(usize::MAX);
    (called, inside.saturating_sub(called))
}

fn ages(sale: &Sale) -> Vec<HoldAgeView> {
    let none = |from_s| HoldAgeView { from_s, holds: 0, places: 0 };
    let mut ages = AGES_S.map(none);
    for hold in sale.holds() {
        let age_s = sale.at().since(hold.placed_at).as_secs();
        if let Some(age) = ages.iter_mut().rfind(|age| age.from_s <= age_s) {
            age.holds += 1;
            age.places += hold.items.len() as u64;
        }
    }
    ages.to_vec()
}

fn heat(sale: &Sale) -> Vec<u8> {
    const MINUTES_MAX: u64 = 12;
    let minutes = |placed_at: Timestamp| {
        let minutes = (sale.at().since(placed_at).as_secs() / 60).min(MINUTES_MAX);
        u8::try_from(3 + minutes).unwrap_or(u8::MAX)
    };
    let held = |hold: HoldId| sale.hold(hold).map_or(3, |hold| minutes(hold.placed_at));
    let states = sale.inventory().states().iter().zip(sale.chart().places());
    let heat = states.map(|(state, place)| match state {
        PlaceState::Sold(_) => 1,
        PlaceState::Held(hold) => held(*hold),
        PlaceState::Free if sale.terms().prices.sells(place.category) => 0,
        PlaceState::Free | PlaceState::Blocked => 2,
    });
    heat.collect()
}

impl OrderCountsView {
    fn of(sale: &Sale) -> Self {
        let mut counts = Self::default();
        for order in sale.orders() {
            *match order.state {
                OrderState::AwaitingPayment => &mut counts.awaiting_payment,
                OrderState::Paid => &mut counts.paid,
                OrderState::Expired => &mut counts.expired,
                OrderState::Cancelled => &mut counts.cancelled,
                OrderState::Returned => &mut counts.returned,
            } += 1;
        }
        counts
    }
}

impl MoneyView {
    fn of(sale: &Sale) -> Self {
        let currency = sale.terms().prices.currency();
        let mut money = Self {
            currency: currency.code().to_owned(),
            decimals: currency.decimals(),
            open: 0,
            declined: 0,
            captured_minor: 0,
            refund_due_minor: 0,
            refunded_minor: 0,
        };
        for payment in sale.orders().flat_map(|order| &order.payments) {
            match payment.state {
                PaymentState::Started => money.open += 1,
                PaymentState::Declined => money.declined += 1,
                PaymentState::Captured => money.captured_minor += payment.captured_minor,
                PaymentState::RefundDue => money.refund_due_minor += payment.captured_minor,
                PaymentState::Refunded => money.refunded_minor += payment.captured_minor,
            }
        }
        money
    }
}

/// How often places were held.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentionView {
    /// The first record that was counted.
    pub from: u64,
    /// The last.
    pub to: u64,
    /// By place, in base64: how often, at most 255. What comes after the last byte was never held.
    pub places: String,
}

impl ContentionView {
    pub(crate) fn of(held: &TimesHeld) -> Self {
        let places = held.places.last_key_value().map_or(0, |(last, _)| last.index() + 1);
        let mut times = vec![0; places];
        for (place, count) in &held.places {
            times[place.index()] = u8::try_from(*count).unwrap_or(u8::MAX);
        }
        Self { from: held.from.0, to: held.to.0, places: STANDARD.encode(times) }
    }
}

/// Records of a journal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JournalView {
    /// In order.
    pub records: Vec<JournalRecordView>,
    /// The last record of the journal, as of the question.
    pub last: u64,
}

/// One record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JournalRecordView {
    /// Its place in the journal.
    pub seq: u64,
    /// When it was decided.
    pub at: String,
    /// Who asked for it.
    pub by: OriginView,
    /// The entry of the audit log before it was done, if it came of one.
    pub deed: Option<u64>,
    /// What changed; as in the record stream, and `answered` for the answer that is kept for repeats.
    pub kind: Cow<'static, str>,
    /// The hold, order, payment or ticket that it is about, if it is about one.
    pub subject: Option<String>,
    /// Places whose state changed.
    pub places: usize,
    /// Fans whose standing or belongings changed.
    pub fans: usize,
    /// The money that it is about, in the sale's smallest unit.
    pub amount_minor: Option<i64>,
    /// The first record of the batch that it became durable with.
    pub batch: u64,
    /// The fence of the owner that wrote it.
    pub fence: u64,
}

impl JournalView {
    pub(crate) fn of(event: EventId, records: &[Journaled], last: Seq) -> Self {
        let view = |of: &Journaled| JournalRecordView::of(event, of);
        Self { records: records.iter().map(view).collect(), last: last.0 }
    }
}

impl JournalRecordView {
    fn of(event: EventId, Journaled { record, batch, fence }: &Journaled) -> Self {
        let change = &record.change;
        Self {
            seq: record.seq.0,
            at: record.at.to_string(),
            by: record.by.into(),
            deed: record.by.deed().map(|deed| deed.0),
            kind: change.name().into(),
            subject: subject(event, record.seq, change),
            places: change.places().len(),
            fans: change.fans().len(),
            amount_minor: amount(change),
            batch: batch.0,
            fence: fence.0,
        }
    }
}

fn subject(event: EventId, seq: Seq, change: &Change) -> Option<String> {
    match change {
        Change::HoldPlaced { .. } => Some(scoped(event, HoldId::new(seq.0))),
        Change::HoldChanged { hold, .. }
        | Change::HoldExtended { hold, .. }
        | Change::HoldReleased { hold, .. }
        | Change::HoldExpired { hold, .. } => Some(scoped(event, *hold)),
        // It has the number of its hold.
        Change::OrderPlaced { hold, .. } => Some(scoped(event, OrderId::new(hold.number()))),
        Change::OrderCancelled { order, .. }
        | Change::PaymentStarted { order, .. }
        | Change::PaymentDeclined { order, .. }
        | Change::OrderPaid { order, .. }
        | Change::PaymentStranded { order, .. }
        | Change::OrderReturned { order, .. }
        | Change::PaymentRefunded { order, .. } => Some(scoped(event, *order)),
        Change::TicketRedeemed { ticket, .. } => Some(scoped(event, *ticket)),
        Change::SaleOpened { .. }
        | Change::TermsChanged { .. }
        | Change::StatusChanged { .. }
        | Change::Joined { .. }
        | Change::Left { .. }
        | Change::Called { .. }
        | Change::Claimed { .. }
        | Change::ClaimLapsed { .. }
        | Change::SessionEnded { .. }
        | Change::Answered { .. }
        | Change::PlacesBlocked { .. }
        | Change::PlacesFreed { .. }
        | Change::RateChanged { .. }
        | Change::NoticeChanged { .. } => None,
    }
}

fn amount(change: &Change) -> Option<i64> {
    let sum = |items: &[Item]| {
        items.iter().map(|item| item.price.amount_minor + item.price.fee_minor).sum()
    };
    match change {
        Change::HoldPlaced { items, .. } | Change::OrderReturned { items, .. } => Some(sum(items)),
        Change::OrderPlaced { total_minor, .. } => Some(*total_minor),
        Change::OrderPaid { payment, .. } => {
            Some(payment.as_ref().map_or(0, |payment| payment.amount_minor))
        }
        Change::PaymentStranded { payment, .. } => Some(payment.amount_minor),
        Change::PaymentRefunded { amount_minor, .. } => Some(*amount_minor),
        Change::SaleOpened { .. }
        | Change::TermsChanged { .. }
        | Change::StatusChanged { .. }
        | Change::Joined { .. }
        | Change::Left { .. }
        | Change::Called { .. }
        | Change::Claimed { .. }
        | Change::ClaimLapsed { .. }
        | Change::SessionEnded { .. }
        | Change::HoldChanged { .. }
        | Change::HoldExtended { .. }
        | Change::HoldReleased { .. }
        | Change::HoldExpired { .. }
        | Change::OrderCancelled { .. }
        | Change::PaymentStarted { .. }
        | Change::PaymentDeclined { .. }
        | Change::TicketRedeemed { .. }
        | Change::Answered { .. }
        | Change::PlacesBlocked { .. }
        | Change::PlacesFreed { .. }
        | Change::RateChanged { .. }
        | Change::NoticeChanged { .. } => None,
    }
}
