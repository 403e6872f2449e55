//! Rehearsals: a real sale cannot be wiped, and of a wiped one nothing comes back.

use super::Owner;
use crate::domain::command::{Command, Origin};
use crate::domain::ids::{EventId, FanId, PaymentId};
use crate::domain::order::Order;
use crate::domain::time::Timestamp;
use crate::ports::{
    Authorisation, Bilingual, Catalog, Extent, Journal, JournalError, Ledger, Listing,
    ListingState, PaymentLog, Rehearsal, RehearsalState, Rehearsals, RelayPositions,
    StoredSnapshot, WipeError, WipeStep,
};
use crate::testing::sample::OPENS_AT;

/// Every port that keeps something of a sale.
pub trait Everything:
    Catalog + Journal + Ledger + PaymentLog + Rehearsals + RelayPositions
{
}

impl<S: Catalog + Journal + Ledger + PaymentLog + Rehearsals + RelayPositions> Everything for S {}

/// [`Rehearsals`]: uses `event`, a real sale afterwards, and the twenty after it.
///
/// # Panics
/// If the adapter does not conform.
pub async fn rehearsals<S: Everything>(store: &S, event: EventId) {
    let real = Sold::open(store, event).await;
    a_real_sale_cannot_be_wiped(store, event).await;
    // Wiping is cut short before each step and after the last.
    for done in 0..=WipeStep::ALL.len() {
        let number = event.number() + 4 + done as u64;
        let rehearsal = of(event, EventId::new(number), done as u64);
        wiped_in_two_goes(store, &rehearsal, done).await;
    }
    nothing_was_sold(store, &of(event, EventId::new(event.number() + 12), 9)).await;
    assert_eq!(store.rehearsals(2).await.expect("read").len(), 2, "no more than asked for");
    let latest = store.rehearsals(1).await.expect("read").remove(0);
    assert_eq!((latest.event.number(), latest.of), (event.number() + 12, event));
    real.is_there(store).await;
}

fn of(real: EventId, event: EventId, later: u64) -> Rehearsal {
    let made_at = OPENS_AT.after(std::time::Duration::from_hours(1_000 + later));
    let (title, state) = ("A rehearsal".to_owned(), RehearsalState::Made);
    Rehearsal { event, of: real, title, made_at, state }
}

/// A sale with something in every table.
struct Sold {
    owner: Owner,
    order: Order,
    authorisation: Authorisation,
}

impl Sold {
    async fn open<S: Everything>(store: &S, event: EventId) -> Self {
        let mut owner = Owner::open(store, event).await.expect("opened");
        let chart = store.put_chart(owner.chart(), OPENS_AT).await.expect("kept");
        let listing = Listing {
            id: event,
            title: "A night".to_owned(),
            description: String::new(),
            venue: Bilingual::same("A room"),
            venue_id: None,
            poster: None,
            starts_at: OPENS_AT,
            chart,
            state: ListingState::Draft,
            created_at: OPENS_AT,
        };
        store.add_event(&listing).await.expect("added");
        let order = owner.order(store, FanId::new(event.number()), 2).await.expect("ordered");
        let payment = owner.start_payment(store, &order).await.expect("started");
        owner.capture(store, &order, payment).await.expect("captured");
        let authorisation = authorised(event, &order, payment, OPENS_AT);
        store.keep(&authorisation).await.expect("kept");
        store.save_snapshot(event, &snapshot(&owner)).await.expect("saved");
        Self { owner, order, authorisation }
    }

    async fn is_there<S: Everything>(&self, store: &S) {
        let event = self.owner.sale.event();
        assert!(store.event(event).await.expect("read").is_some());
        assert!(store.order(event, self.order.id).await.expect("read").is_some());
        let kept = store.authorisation(event, self.authorisation.payment).await;
        assert_eq!(kept, Ok(Some(self.authorisation.clone())));
        assert!(store.snapshot(event).await.expect("read").is_some());
        let records = store.extent(event).await.expect("read").records;
        assert_eq!(records, self.owner.sale.seq().0);
        store.take_over(event).await.expect("it goes on");
    }

    /// Whoever owned it, and whoever was about to write something, writes nothing.
    async fn stays_away<S: Everything>(&mut self, store: &S) {
        let event = self.owner.sale.event();
        let by = Origin::Fan(FanId::new(1_000_000 + self.owner.sale.seq().0));
        let stale = self.owner.run(store, by, Command::Join).await;
        assert_eq!(stale.err(), Some(JournalError::Fenced), "the stale owner");
        store.save_snapshot(event, &snapshot(&self.owner)).await.expect("ignored");
        assert_eq!(store.take_over(event).await, Err(JournalError::NotFound), "no owner after it");
    }

    async fn is_gone<S: Everything>(&mut self, store: &S) {
        let event = self.owner.sale.event();
        self.stays_away(store).await;
        store.keep(&self.authorisation).await.expect("ignored");
        assert_eq!(Owner::open(store, event).await.err(), Some(JournalError::Exists));
        assert_eq!(store.extent(event).await, Ok(Extent::default()));
        assert_eq!(store.event(event).await, Ok(None));
        assert_eq!(store.recover(event).await, Err(JournalError::NotFound));
        assert_eq!(store.snapshot(event).await, Ok(None));
        assert_eq!(store.summaries(&[event]).await, Ok(Vec::new()));
        assert_eq!(store.terms(event).await, Ok(None));
        assert_eq!(store.places(event).await, Ok(Vec::new()));
        assert_eq!(store.order(event, self.order.id).await, Ok(None));
        assert_eq!(store.tickets_of(event, self.order.id).await, Ok(Vec::new()));
        let kept = store.authorisation(event, self.authorisation.payment).await;
        assert_eq!(kept, Ok(None));
        let state = store.rehearsal(event).await.expect("read").map(|marked| marked.state);
        assert_eq!(state, Some(RehearsalState::Wiped), "only the mark stays");
    }
}

fn authorised(event: EventId, order: &Order, payment: PaymentId, at: Timestamp) -> Authorisation {
    Authorisation {
        event,
        payment,
        order: order.id,
        payment_key: "tgen".to_owned(),
        amount_minor: order.total_minor,
        at,
    }
}

fn snapshot(owner: &Owner) -> StoredSnapshot {
    StoredSnapshot { seq: owner.sale.seq(), hash: owner.hash, state: owner.sale.snapshot() }
}

async fn a_real_sale_cannot_be_wiped<S: Everything>(store: &S, event: EventId) {
    assert_eq!(store.rehearsal(event).await, Ok(None));
    let later = of(event, event, 0);
    assert!(store.mark(&later).await.is_err(), "an event does not become a rehearsal");
    for step in WipeStep::ALL {
        assert_eq!(store.wipe(event, step).await, Err(WipeError::Refused), "{step:?}");
    }
}

async fn wiped_in_two_goes<S: Everything>(store: &S, rehearsal: &Rehearsal, done: usize) {
    let event = rehearsal.event;
    store.mark(rehearsal).await.expect("marked");
    assert!(store.mark(rehearsal).await.is_err(), "once");
    let mut sold = Sold::open(store, event).await;
    assert_eq!(store.rehearsal(event).await.as_ref(), Ok(&Some(rehearsal.clone())));
    let extent = store.extent(event).await.expect("read");
    let rest = (extent.orders, extent.payments, extent.tickets, extent.authorisations);
    assert_eq!((extent.records, rest), (sold.owner.sale.seq().0, (1, 1, 2, 1)));
    let published = store.set_event_state(event, ListingState::Published).await;
    assert!(published.is_err(), "it is never published");
    let behind = store.behind(u32::MAX).await.expect("read");
    assert!(behind.iter().all(|behind| behind.event != event), "it is nobody's to relay");
    for step in [WipeStep::Sales, WipeStep::Forget] {
        assert_eq!(store.wipe(event, step).await, Err(WipeError::Refused), "{step:?} comes later");
    }

    for step in &WipeStep::ALL[..done] {
        store.wipe(event, *step).await.expect("wiped");
        if *step == WipeStep::Bury {
            sold.stays_away(store).await;
        }
    }
    for _again in 0..2 {
        for step in WipeStep::ALL {
            while store.wipe(event, step).await.expect("wiped") {}
        }
        sold.is_gone(store).await;
    }
}

/// One that was marked when the process ended: it can be wiped, too, and no sale opens under it.
async fn nothing_was_sold<S: Everything>(store: &S, rehearsal: &Rehearsal) {
    let event = rehearsal.event;
    store.mark(rehearsal).await.expect("marked");
    for step in WipeStep::ALL {
        while store.wipe(event, step).await.expect("wiped") {}
    }
    assert_eq!(Owner::open(store, event).await.err(), Some(JournalError::Exists));
    assert_eq!(store.take_over(event).await, Err(JournalError::NotFound));
}
