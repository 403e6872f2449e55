//! What every adapter of a port must do, whatever is behind it.
//!
//! Each function is a set of checks; an adapter's tests call all of those for its ports. They use
//! events and accounts of their own, so that they can share one database.

use std::sync::Arc;
use std::time::Duration;

use super::sample::{self, OPENS_AT};
use crate::domain::change::Record;
use crate::domain::chart::Chart;
use crate::domain::command::{
    BestAvailable, Command, Origin, PaymentOutcome, Reply, Request, Selection,
};
use crate::domain::ids::{AccountId, EventId, FanId, Fence, OrderId, PaymentId, Seq};
use crate::domain::order::Order;
use crate::domain::pricing::TicketTypeIx;
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::domain::ticket::TicketState;
use crate::domain::time::Timestamp;
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{
    Account, Accounts, Catalog, Journal, JournalError, Ledger, Listing, ListingState, OpenPayment,
    RefreshToken, Role, Rotation, StoreError, StoredSnapshot,
};

/// A sale with its journal, as its actor would drive it, but one request at a time.
#[derive(Debug)]
pub struct Owner {
    /// The state.
    pub sale: Sale,
    /// Its fence.
    pub fence: Fence,
    /// The hash of its last batch.
    pub hash: ChainHash,
}

impl Owner {
    /// Opens a sale of a small room and takes it over.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// Never: the room and its terms are sound.
    pub async fn open(journal: &dyn Journal, event: EventId) -> Result<Self, JournalError> {
        let chart = Arc::new(sample::chart(4, 8, 20));
        let terms = sample::terms(&chart);
        let record = Sale::opening(OPENS_AT, &chart, terms).expect("the terms are sound");
        let sale = Sale::open(event, chart, &record);
        let records = [record];
        let batch = Batch::seal(event, Fence(0), ChainHash::default(), &records);
        let hash = batch.hash;
        journal.create(&Append { rows: Rows::of(&sale, &records), batch }).await?;
        let taken = journal.take_over(event).await?;
        assert_eq!((taken.seq, taken.hash), (sale.seq(), hash), "nothing else is in it");
        Ok(Self { sale, fence: taken.fence, hash })
    }

    /// The chart of the room.
    pub fn chart(&self) -> &Arc<Chart> {
        self.sale.chart()
    }

    /// Executes a request a second after the last.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub fn decide(&mut self, by: Origin, command: Command) -> (Vec<Record>, Reply) {
        let now = self.sale.at().after(Duration::from_secs(1));
        let request = Request { by, key: None, command };
        let executed = self.sale.execute(now, &request).expect("a lawful request");
        (executed.records, executed.reply)
    }

    /// Packs records that have been decided.
    pub fn seal(&mut self, records: &[Record]) -> Append {
        let batch = Batch::seal(self.sale.event(), self.fence, self.hash, records);
        self.hash = batch.hash;
        Append { rows: Rows::of(&self.sale, records), batch }
    }

    /// Executes and appends.
    ///
    /// # Errors
    /// Whatever the journal says.
    pub async fn run(
        &mut self,
        journal: &dyn Journal,
        by: Origin,
        command: Command,
    ) -> Result<Reply, JournalError> {
        let (records, reply) = self.decide(by, command);
        let append = self.seal(&records);
        journal.append(&append).await?;
        Ok(reply)
    }

    /// Lets a fan in, holds places, and orders them.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub async fn order(
        &mut self,
        journal: &dyn Journal,
        fan: FanId,
        quantity: u32,
    ) -> Result<Order, JournalError> {
        let by = Origin::Fan(fan);
        self.run(journal, by, Command::Join).await?;
        self.run(journal, by, Command::Claim).await?;
        let party = BestAvailable {
            quantity,
            accessible: 0,
            categories: Vec::new(),
            section: None,
            ticket_type: TicketTypeIx(0),
        };
        let command = Command::PlaceHold(Selection::BestAvailable(party));
        let Reply::Hold(hold) = self.run(journal, by, command).await? else {
            panic!("a hold was asked for");
        };
        let Reply::Order(order) = self.run(journal, by, Command::PlaceOrder(hold.id)).await? else {
            panic!("an order was asked for");
        };
        Ok(*order)
    }

    /// Begins to pay an order.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub async fn start_payment(
        &mut self,
        journal: &dyn Journal,
        order: &Order,
    ) -> Result<PaymentId, JournalError> {
        let by = Origin::Fan(order.fan);
        let reply = self.run(journal, by, Command::StartPayment(order.id)).await?;
        let Reply::Order(order) = reply else { panic!("an order was asked for") };
        Ok(order.payments.last().expect("a payment was started").id)
    }

    /// Settles a payment as captured.
    ///
    /// # Errors
    /// Whatever the journal says.
    pub async fn capture(
        &mut self,
        journal: &dyn Journal,
        order: &Order,
        payment: PaymentId,
    ) -> Result<(), JournalError> {
        let outcome = PaymentOutcome::Captured {
            reference: format!("ref-{}", payment.number()),
            amount_minor: order.total_minor,
        };
        let command = Command::SettlePayment { order: order.id, payment, outcome };
        self.run(journal, Origin::Provider, command).await.map(drop)
    }
}

/// [`Journal`]: order, fencing, atomicity, recovery.
///
/// # Panics
/// If the adapter does not conform.
pub async fn journal(journal: &dyn Journal, event: EventId) {
    let missing = EventId::new(event.number() + 1);
    assert_eq!(journal.take_over(missing).await, Err(JournalError::NotFound));
    assert_eq!(journal.recover(missing).await, Err(JournalError::NotFound));
    assert_eq!(journal.batches(missing, Seq(0), 9).await, Err(JournalError::NotFound));

    let mut owner = Owner::open(journal, event).await.expect("opened");
    assert_eq!(owner.fence, Fence(1), "the first owner");
    let again = Owner::open(journal, event).await;
    assert_eq!(again.err(), Some(JournalError::Exists), "a journal begins once");

    let by = |fan: u64| Origin::Fan(FanId::new(fan));
    for fan in 1..=5 {
        owner.run(journal, by(fan), Command::Join).await.expect("appended");
    }
    let recovered = journal.recover(event).await.expect("recovered");
    assert_eq!(recovered.snapshot, None);
    assert_eq!(recovered.batches.len(), 6);
    assert_eq!(
        replayed(owner.chart(), event, &recovered.batches).state_hash(),
        owner.sale.state_hash()
    );
    let some = journal.batches(event, Seq(1), 2).await.expect("read");
    assert_eq!(some, recovered.batches[1..3], "after the first record, two of them");

    refuses_what_does_not_follow(journal, &mut owner).await;
    keeps_the_newest_snapshot(journal, &mut owner).await;
    fences_the_old_owner(journal, owner).await;
}

async fn refuses_what_does_not_follow(journal: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    let (records, _) = owner.decide(Origin::Fan(FanId::new(6)), Command::Join);
    let append = owner.seal(&records);
    let altered = |change: fn(&mut Batch)| {
        let mut append = append.clone();
        change(&mut append.batch);
        append
    };
    let before = journal.recover(event).await.expect("recovered");
    let other_fence = altered(|batch| batch.fence = Fence(batch.fence.0 + 1));
    assert_eq!(journal.append(&other_fence).await, Err(JournalError::Fenced));
    let gap = altered(|batch| batch.first = batch.first.next());
    assert_eq!(journal.append(&gap).await, Err(JournalError::Fenced));
    let broken = altered(|batch| batch.prev_hash = [7; 32]);
    assert_eq!(journal.append(&broken).await, Err(JournalError::Fenced));
    assert_eq!(journal.recover(event).await, Ok(before), "a refused batch leaves nothing");
    assert_eq!(journal.append(&append).await, Ok(()));
    assert_eq!(journal.append(&append).await, Err(JournalError::Fenced), "not twice");
}

async fn keeps_the_newest_snapshot(journal: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    let (seq, hash) = (owner.sale.seq(), owner.hash);
    let snapshot = StoredSnapshot { seq, hash, state: owner.sale.snapshot() };
    journal.save_snapshot(event, &snapshot).await.expect("saved");
    let older = StoredSnapshot { seq: Seq(1), hash: [0; 32], state: vec![1] };
    journal.save_snapshot(event, &older).await.expect("ignored");
    owner.run(journal, Origin::Fan(FanId::new(7)), Command::Join).await.expect("appended");
    let recovered = journal.recover(event).await.expect("recovered");
    assert_eq!(recovered.snapshot, Some(snapshot));
    assert_eq!(recovered.batches.len(), 1, "only what the snapshot does not have");
    assert_eq!(recovered.batches[0].first, seq.next());
}

async fn fences_the_old_owner(journal: &dyn Journal, mut old: Owner) {
    let (event, before) = (old.sale.event(), old.hash);
    let taken = journal.take_over(event).await.expect("taken over");
    assert!(taken.fence > old.fence, "fences grow");
    assert_eq!(taken.hash, before, "all that was appended, and not what was refused");
    let stale = old.run(journal, Origin::Fan(FanId::new(8)), Command::Join).await;
    assert_eq!(stale.err(), Some(JournalError::Fenced));
    let batches = journal.batches(event, Seq(0), u32::MAX).await.expect("read");
    let sale = replayed(old.chart(), event, &batches);
    let mut new = Owner { sale, fence: taken.fence, hash: batches.last().expect("not empty").hash };
    new.run(journal, Origin::Fan(FanId::new(9)), Command::Join).await.expect("appended");
}

fn replayed(chart: &Arc<Chart>, event: EventId, batches: &[Batch]) -> Sale {
    let mut sale: Option<Sale> = None;
    let (mut seq, mut hash) = (Seq(0), ChainHash::default());
    for batch in batches {
        for record in batch.open(seq, hash).expect("the chain is whole") {
            match &mut sale {
                None => sale = Some(Sale::open(event, Arc::clone(chart), &record)),
                Some(sale) => sale.apply(&record),
            }
        }
        (seq, hash) = (batch.last, batch.hash);
    }
    sale.expect("the journal is not empty")
}

/// [`Ledger`]: what the journal wrote through can be asked for.
///
/// # Panics
/// If the adapter does not conform.
pub async fn ledger(journal: &dyn Journal, ledger: &dyn Ledger, event: EventId, fan: FanId) {
    let mut owner = Owner::open(journal, event).await.expect("opened");
    let order = owner.order(journal, fan, 3).await.expect("ordered");
    assert_eq!(ledger.order(event, order.id).await, Ok(Some(order.clone())));
    let missing = OrderId::new(99_999);
    assert_eq!(ledger.order(event, missing).await, Ok(None));

    let payment = owner.start_payment(journal, &order).await.expect("started");
    let late = owner.sale.at().after(Duration::from_mins(1));
    let open = ledger.open_payments(late, 1_000).await.expect("read");
    let unsettled = |open: &OpenPayment| matches!(open, OpenPayment::Unsettled { event: e, payment: p, .. } if (*e, *p) == (event, payment));
    assert!(open.iter().any(unsettled), "an open payment is listed");

    owner.capture(journal, &order, payment).await.expect("captured");
    let paid = ledger.order(event, order.id).await.expect("read").expect("there");
    assert_eq!(Some(&paid), owner.sale.order(order.id));
    let tickets = ledger.tickets_of(event, order.id).await.expect("read");
    assert_eq!(tickets, owner.sale.tickets());
    let first = &tickets[0];
    assert_eq!(ledger.ticket(event, first.id).await, Ok(Some(first.clone())));

    let summaries = ledger.summaries(&[event]).await.expect("read");
    assert_eq!(summaries, [(event, crate::domain::rows::Summary::of(&owner.sale))]);
    assert_eq!(ledger.terms(event).await, Ok(Some(owner.sale.terms().clone())));
    let mut terms = owner.sale.terms().clone();
    terms.rules.admitted_max += 1;
    let operator = Origin::Operator(AccountId::new(5));
    let change = Command::SetTerms(Box::new(terms.clone()));
    owner.run(journal, operator, change).await.expect("changed");
    assert_eq!(ledger.terms(event).await, Ok(Some(terms)));
    assert_eq!(ledger.terms(EventId::new(event.number() + 1)).await, Ok(None));
    let places = ledger.places(event).await.expect("read");
    assert_eq!(places.len(), 3, "one row for each place that somebody had");
    for (place, state) in places {
        assert_eq!(state, owner.sale.inventory().state(place));
    }
    redeems_and_returns(journal, ledger, owner, fan).await;
}

async fn redeems_and_returns(
    journal: &dyn Journal,
    ledger: &dyn Ledger,
    mut owner: Owner,
    fan: FanId,
) {
    let event = owner.sale.event();
    let operator = Origin::Operator(AccountId::new(5));
    let ticket = owner.sale.tickets()[0].id;
    let redeem = Command::RedeemTicket { ticket, gate: "Gate 1".to_owned() };
    owner.run(journal, operator, redeem).await.expect("redeemed");
    let row = ledger.ticket(event, ticket).await.expect("read").expect("there");
    assert_eq!(row.state, TicketState::Redeemed { at: owner.sale.at(), gate: "Gate 1".to_owned() });

    // A returned order frees its places, so that they can be sold again under the last wall.
    let second = owner.order(journal, fan, 2).await.expect("ordered");
    let payment = owner.start_payment(journal, &second).await.expect("started");
    owner.capture(journal, &second, payment).await.expect("captured");
    owner.run(journal, operator, Command::ReturnOrder(second.id)).await.expect("returned");
    let late = owner.sale.at().after(Duration::from_mins(1));
    let open = ledger.open_payments(late, 1_000).await.expect("read");
    let due = |open: &OpenPayment| {
        matches!(open, OpenPayment::RefundDue { event: e, payment: p, amount_minor, .. }
            if (*e, *p, *amount_minor) == (event, payment, second.total_minor))
    };
    assert!(open.iter().any(due), "money that is owed back is listed");
    let third = owner.order(journal, fan, 2).await.expect("ordered");
    assert_eq!(third.items, second.items, "the same places, free again");
    let payment = owner.start_payment(journal, &third).await.expect("started");
    owner.capture(journal, &third, payment).await.expect("captured");

    let all = ledger.orders_of(fan, None, 10).await.expect("read");
    let of_event: Vec<OrderId> =
        all.iter().filter(|row| row.event == event).map(|row| row.order.id).collect();
    assert_eq!(of_event, [third.id, second.id, all.last().expect("there").order.id]);
    let newest = &all[0];
    let before = Some((newest.order.placed_at, newest.event, newest.order.id));
    let page = ledger.orders_of(fan, before, 1).await.expect("read");
    assert_eq!(page, all[1..2], "the page after the newest");
}

/// [`Catalog`].
///
/// # Panics
/// If the adapter does not conform.
pub async fn catalog(catalog: &dyn Catalog, event: EventId) {
    let chart = sample::chart(3, 6, 10);
    let hash = catalog.put_chart(&chart, OPENS_AT).await.expect("kept");
    assert_eq!(hash, chart.hash());
    assert_eq!(catalog.put_chart(&chart, OPENS_AT).await, Ok(hash), "twice is once");
    let read = catalog.chart(hash).await.expect("read").expect("there");
    assert_eq!(*read, chart);
    assert_eq!(catalog.chart(crate::domain::chart::ChartHash([9; 32])).await, Ok(None));
    let listed = catalog.charts().await.expect("read");
    assert_eq!(listed.iter().filter(|entry| entry.hash == hash).count(), 1);

    let listing = |number: u64, hours: u64| Listing {
        id: EventId::new(event.number() + number),
        title: format!("Night {number}"),
        description: "Two sets".to_owned(),
        venue: "A room".to_owned(),
        starts_at: OPENS_AT.after(Duration::from_hours(hours)),
        chart: hash,
        state: ListingState::Published,
        created_at: OPENS_AT,
    };
    let draft = Listing { state: ListingState::Draft, ..listing(3, 1) };
    let all = [listing(0, 5), listing(1, 3), listing(2, 5)];
    for listing in all.iter().chain([&draft]) {
        catalog.add_event(listing).await.expect("added");
    }
    assert_eq!(catalog.add_event(&all[0]).await, Err(StoreError::Exists("event")));
    assert_eq!(catalog.event(draft.id).await, Ok(Some(draft.clone())));
    assert_eq!(catalog.event(EventId::new(event.number() + 9)).await, Ok(None));
    let first = catalog.events(None, 1).await.expect("read");
    assert_eq!(first, [all[1].clone()], "the earliest; drafts are not shown");
    let after = Some((first[0].starts_at, first[0].id));
    assert_eq!(catalog.events(after, 9).await, Ok(vec![all[0].clone(), all[2].clone()]));
    catalog.set_event_state(draft.id, ListingState::Published).await.expect("set");
    assert_eq!(catalog.events(None, 9).await.expect("read").len(), 4);
}

/// [`Accounts`].
///
/// # Panics
/// If the adapter does not conform.
pub async fn accounts(accounts: &dyn Accounts, id: AccountId) {
    let account = Account {
        id,
        email: "minji@example.com".to_owned(),
        name: "Kim Minji".to_owned(),
        role: Role::Operator,
        password_hash: "$argon2id$…".to_owned(),
        created_at: OPENS_AT,
    };
    assert_eq!(accounts.has_role(Role::Operator).await, Ok(false));
    accounts.add(&account).await.expect("added");
    assert_eq!(accounts.has_role(Role::Operator).await, Ok(true));
    let same_email = Account { id: AccountId::new(id.number() + 1), ..account.clone() };
    assert_eq!(accounts.add(&same_email).await, Err(StoreError::Exists("email")));
    let same_id = Account { email: "jisoo@example.com".to_owned(), ..account.clone() };
    assert_eq!(accounts.add(&same_id).await, Err(StoreError::Exists("id")));
    assert_eq!(accounts.by_id(id).await, Ok(Some(account.clone())));
    assert_eq!(accounts.by_email("minji@example.com").await, Ok(Some(account)));
    assert_eq!(accounts.by_email("nobody@example.com").await, Ok(None));
    sessions(accounts, id).await;
    setup_links(accounts).await;
}

async fn sessions(accounts: &dyn Accounts, account: AccountId) {
    let expires_at = OPENS_AT.after(Duration::from_hours(1));
    let begin = |hash: u8, session: u8| RefreshToken {
        hash: [hash; 32],
        session: [session; 16],
        account,
        expires_at,
    };
    let rotated = Ok(Rotation::Rotated { account, expires_at });
    let trade = |old: u8, next: u8, now: Timestamp| accounts.rotate([old; 32], [next; 32], now);
    accounts.begin_session(&begin(1, 1)).await.expect("begun");
    accounts.begin_session(&begin(11, 2)).await.expect("begun");
    assert_eq!(trade(99, 98, OPENS_AT).await, Ok(Rotation::Unknown));
    assert_eq!(trade(1, 2, OPENS_AT).await, rotated);
    assert_eq!(trade(2, 3, OPENS_AT).await, rotated);
    assert_eq!(trade(1, 4, OPENS_AT).await, Ok(Rotation::Reused), "traded before");
    assert_eq!(trade(3, 5, OPENS_AT).await, Ok(Rotation::Unknown), "its session is over");
    assert_eq!(trade(11, 12, OPENS_AT).await, rotated, "another session lives on");
    accounts.end_session([12; 32]).await.expect("ended");
    assert_eq!(trade(12, 13, OPENS_AT).await, Ok(Rotation::Unknown));
    accounts.begin_session(&begin(21, 3)).await.expect("begun");
    assert_eq!(trade(21, 22, expires_at).await, Ok(Rotation::Unknown), "its time is over");
}

async fn setup_links(accounts: &dyn Accounts) {
    let expires_at = OPENS_AT.after(Duration::from_mins(30));
    accounts.put_setup_link([1; 32], expires_at).await.expect("kept");
    accounts.put_setup_link([2; 32], expires_at).await.expect("kept");
    assert_eq!(accounts.use_setup_link([1; 32], OPENS_AT).await, Ok(false), "replaced");
    assert_eq!(accounts.use_setup_link([2; 32], expires_at).await, Ok(false), "too late");
    assert_eq!(accounts.use_setup_link([2; 32], OPENS_AT).await, Ok(true));
    assert_eq!(accounts.use_setup_link([2; 32], OPENS_AT).await, Ok(false), "once");
}
