//! What the journal wrote through as rows.

use std::time::Duration;

use super::Owner;
use crate::domain::command::{Command, Origin};
use crate::domain::ids::{AccountId, EventId, FanId, Fence, OrderId, PaymentId, Seq, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::Payment;
use crate::domain::rows::PlaceRow;
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
    all_or_nothing(journal, ledger, &mut owner, fan).await;
    redeems_and_returns(journal, ledger, owner, fan).await;
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
