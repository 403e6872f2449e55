//! What the journal wrote through as rows.

use std::time::Duration;

use super::Owner;
use crate::domain::chart::{Block, BlockKind, PlaceIx};
use crate::domain::command::{Command, Lot, Origin, PaymentOutcome, Reply, Selection, Wanted};
use crate::domain::hold::Item;
use crate::domain::ids::{AccountId, EventId, FanId, Fence, OrderId, PaymentId, Seq, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::{Order, Payment};
use crate::domain::rows::{PlaceRow, Summary};
use crate::domain::ticket::{Ticket, TicketState};
use crate::journal::Append;
use crate::ports::{Journal, JournalError, Ledger, OpenPayment};

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
    assert_eq!(summaries, [(event, Summary::of(&owner.sale))]);
    assert_eq!(ledger.terms(event).await, Ok(Some(owner.sale.terms().clone())));
    let mut terms = owner.sale.terms().clone();
    terms.rules.admitted_max += 1;
    let operator = Origin::Operator(AccountId::new(5), None);
    let change = Command::SetTerms(Box::new(terms.clone()));
    owner.run(journal, operator, change).await.expect("changed");
    assert_eq!(ledger.terms(event).await, Ok(Some(terms)));
    assert_eq!(ledger.terms(EventId::new(event.number() + 1)).await, Ok(None));
    let places = ledger.places(event).await.expect("read");
    assert_eq!(places.len(), 3, "one row for each place that somebody had");
    for (place, state) in places {
        assert_eq!(state, owner.sale.inventory().state(place));
    }
    blocks_and_frees(journal, ledger, &mut owner).await;
    all_or_nothing(journal, ledger, &mut owner, fan).await;
    redeems_and_returns(journal, ledger, owner, fan).await;
}

/// A place that is taken off sale has a row that says so, and is free once it is put back.
async fn blocks_and_frees(journal: &dyn Journal, ledger: &dyn Ledger, owner: &mut Owner) {
    let (event, operator) = (owner.sale.event(), Origin::Operator(AccountId::new(5), None));
    let rows = owner.sale.chart().blocks().iter().filter(|block| block.kind == BlockKind::Row);
    let inventory = owner.sale.inventory();
    let free = |place: &PlaceIx| inventory.state(*place) == PlaceState::Free;
    let place = rows.flat_map(Block::places).rfind(free).expect("one is free");
    for (command, state) in [
        (Command::BlockPlaces(vec![Lot::Seat(place)]), PlaceState::Blocked),
        (Command::FreePlaces(vec![Lot::Seat(place)]), PlaceState::Free),
    ] {
        owner.run(journal, operator, command).await.expect("done");
        let places = ledger.places(event).await.expect("read");
        assert!(places.contains(&(place, state)), "{places:?}");
        let summaries = ledger.summaries(&[event]).await.expect("read");
        assert_eq!(summaries, [(event, Summary::of(&owner.sale))]);
        assert_eq!(summaries[0].1.blocked, usize::from(state == PlaceState::Blocked));
    }
}

/// A batch that is refused, or that runs into one of the last walls, leaves no row behind.
async fn all_or_nothing(journal: &dyn Journal, ledger: &dyn Ledger, owner: &mut Owner, fan: FanId) {
    let event = owner.sale.event();
    let order = ledger.orders_of(fan, None, 1).await.expect("read").remove(0).order;
    let sold = owner.sale.tickets()[0].clone();
    let (records, _) = owner.decide(Origin::Fan(FanId::new(fan.number() + 1)), Command::Join);
    let lawful = owner.seal(&records);
    let altered = |change: &dyn Fn(&mut Append)| {
        let mut append = lawful.clone();
        change(&mut append);
        append
    };
    let place =
        |version| PlaceRow { place: sold.place, state: PlaceState::Free, fan: None, version };
    let refused = [
        altered(&|append| {
            append.batch.fence = Fence(append.batch.fence.0 - 1);
            append.rows.places.push(place(append.batch.last));
        }),
        // A row that is newer than the batch.
        altered(&|append| append.rows.places.push(place(Seq(1)))),
        // A second ticket for a place.
        altered(&|append| {
            append.rows.places.push(place(append.batch.last));
            append.rows.tickets.push(Ticket { id: TicketId::new(9_999), ..sold.clone() });
        }),
        // A second charge for an order.
        altered(&|append| {
            let mut order = order.clone();
            let again = Payment { id: PaymentId::new(9_999), ..order.payments[0].clone() };
            order.payments.push(again);
            append.rows.orders.push(order);
        }),
    ];
    let rows = || async {
        let places = ledger.places(event).await.expect("read");
        let tickets = ledger.tickets_of(event, order.id).await.expect("read");
        let order = ledger.order(event, order.id).await.expect("read");
        let summary = ledger.summaries(&[event]).await.expect("read");
        (places, tickets, order, summary, journal.recover(event).await.expect("recovered"))
    };
    let before = rows().await;
    for (number, append) in refused.iter().enumerate() {
        match journal.append(append).await {
            Err(JournalError::Fenced) => assert_eq!(number, 0, "only the stale one"),
            Err(JournalError::Corrupt(_)) => assert_ne!(number, 0, "all but the stale one"),
            other => panic!("batch {number}: {other:?}"),
        }
        assert_eq!(rows().await, before, "batch {number} left something");
    }
    journal.append(&lawful).await.expect("appended");
}

async fn redeems_and_returns(
    journal: &dyn Journal,
    ledger: &dyn Ledger,
    mut owner: Owner,
    fan: FanId,
) {
    let event = owner.sale.event();
    let operator = Origin::Operator(AccountId::new(5), None);
    let ticket = owner.sale.tickets()[0].id;
    let redeem = Command::RedeemTicket { ticket, gate: "Gate 1".to_owned() };
    owner.run(journal, operator, redeem).await.expect("redeemed");
    let row = ledger.ticket(event, ticket).await.expect("read").expect("there");
    assert_eq!(row.state, TicketState::Redeemed { at: owner.sale.at(), gate: "Gate 1".to_owned() });

    // A returned order frees its places, so that they can be sold again under the last wall, and
    // all of that may have come in one batch.
    let second = owner.order(journal, fan, 2).await.expect("ordered");
    let payment = owner.start_payment(journal, &second).await.expect("started");
    owner.capture(journal, &second, payment).await.expect("captured");
    let due_since = owner.sale.at();
    let third = returned_and_sold_again(journal, &mut owner, &second).await;
    assert_eq!(third.items, second.items, "the same places, free again");
    let late = owner.sale.at().after(Duration::from_mins(1));
    let open = ledger.open_payments(late, 1_000).await.expect("read");
    let due = |open: &OpenPayment| {
        matches!(open, OpenPayment::RefundDue { event: e, payment: p, amount_minor, due_since: at, .. }
            if (*e, *p, *amount_minor) == (event, payment, second.total_minor) && *at >= due_since)
    };
    assert!(open.iter().any(due), "money that is owed back is listed");
    let tickets = ledger.tickets_of(event, second.id).await.expect("read");
    assert!(tickets.iter().all(|ticket| ticket.state == TicketState::Void));
    let row = ledger.order(event, third.id).await.expect("read");
    assert_eq!(row.as_ref(), owner.sale.order(third.id));

    let all = ledger.orders_of(fan, None, 10).await.expect("read");
    let of_event: Vec<OrderId> =
        all.iter().filter(|row| row.event == event).map(|row| row.order.id).collect();
    assert_eq!(of_event, [third.id, second.id, all.last().expect("there").order.id]);
    let newest = &all[0];
    let before = Some((newest.order.placed_at, newest.event, newest.order.id));
    let page = ledger.orders_of(fan, before, 1).await.expect("read");
    assert_eq!(page, all[1..2], "the page after the newest");
}

/// Returns an order and sells its places to the same fan again, in one batch.
async fn returned_and_sold_again(journal: &dyn Journal, owner: &mut Owner, order: &Order) -> Order {
    let by = Origin::Fan(order.fan);
    let operator = Origin::Operator(AccountId::new(5), None);
    let mut records = owner.decide(operator, Command::ReturnOrder(order.id)).0;
    for command in [Command::Join, Command::Claim] {
        records.extend(owner.decide(by, command).0);
    }
    let wanted = |item: &Item| Wanted::Seat { place: item.place, ticket_type: item.ticket_type };
    let same = Selection::Wanted(order.items.iter().map(wanted).collect());
    let (held, Reply::Hold(hold)) = owner.decide(by, Command::PlaceHold(same)) else {
        panic!("a hold was asked for");
    };
    let (placed, Reply::Order(again)) = owner.decide(by, Command::PlaceOrder(hold.id)) else {
        panic!("an order was asked for");
    };
    let (started, Reply::Order(again)) = owner.decide(by, Command::StartPayment(again.id)) else {
        panic!("an order was asked for");
    };
    let (payment, amount_minor) = (again.payments[0].id, again.total_minor);
    let outcome = PaymentOutcome::Captured { reference: "again".to_owned(), amount_minor };
    let settle = Command::SettlePayment { order: again.id, payment, outcome };
    let (paid, _) = owner.decide(Origin::Provider, settle);
    records.extend([held, placed, started, paid].into_iter().flatten());
    let append = owner.seal(&records);
    journal.append(&append).await.expect("appended");
    *again
}
