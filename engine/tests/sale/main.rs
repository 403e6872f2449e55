//! The rules of a sale, one story each.
#![cfg(test)]

mod operators;
mod story;

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::chart::{BlockKind, PlaceIx};
use tiketi_engine::domain::command::{
    Command, Origin, PaymentOutcome, Reply, Request, RequestKey, Selection, StandingView, Wanted,
};
use tiketi_engine::domain::ids::{FanId, TicketId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{OrderState, PaymentState};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::rejection::Rejection;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::ticket::TicketState;
use tiketi_engine::testing::sample;

use story::{ADULT, Story, best, block, by, operator};

#[test]
fn the_first_to_come_is_the_first_to_be_called() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 2);
    for fan in 1..=5 {
        story.fan(fan, Command::Join).unwrap();
    }
    assert_eq!([3, 4, 5].map(|fan| story.ahead(fan)), [Some(0), Some(1), Some(2)]);
    story.fan(4, Command::Leave).unwrap();
    assert_eq!(story.ahead(5), Some(1), "whoever leaves makes everybody behind move up");
    story.fan(1, Command::Leave).unwrap();
    story.tick_after(Duration::ZERO);
    assert!(matches!(story.sale.standing(FanId::new(3)), StandingView::Called { .. }));
    assert_eq!(story.ahead(5), Some(0));
}

#[test]
fn joining_again_keeps_the_place() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 1);
    for fan in 1..=3 {
        story.fan(fan, Command::Join).unwrap();
    }
    let before = story.sale.standing(FanId::new(2));
    assert_eq!(story.fan(2, Command::Join), Ok(Reply::Standing(before)));
    assert_eq!(story.sale.seq().0, 5, "and nothing is journaled");
}

#[test]
fn who_does_not_claim_in_time_loses_the_turn_and_may_come_back() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 1);
    story.fan(1, Command::Join).unwrap();
    story.fan(2, Command::Join).unwrap();
    story.now = story.now.after(Duration::from_mins(2));
    assert_eq!(story.fan(1, Command::Claim), Err(Rejection::NotInLine), "too late");
    story.tick_after(Duration::ZERO);
    assert!(matches!(story.sale.standing(FanId::new(2)), StandingView::Called { .. }));
    story.fan(1, Command::Join).unwrap();
    assert_eq!(story.ahead(1), Some(0));
}

#[test]
fn a_session_ends_and_its_hold_does_not_end_with_it() {
    let mut story = Story::with(|terms| terms.rules.session_ttl = Duration::from_mins(1));
    story.enter(1);
    let hold = story.hold(1, &[10]).unwrap();
    story.tick_after(Duration::from_mins(1));
    assert_eq!(story.sale.standing(FanId::new(1)), StandingView::Outside);
    let add = vec![Wanted::Seat { place: PlaceIx(11), ticket_type: ADULT }];
    let change = Command::ChangeHold { hold: hold.id, add, remove: Vec::new() };
    assert_eq!(story.fan(1, change), Err(Rejection::NotAdmitted), "nothing more can be held");
    assert!(story.order(1, &hold).is_ok(), "what is held can be ordered");
}

#[test]
fn nobody_is_admitted_before_the_sale_opens_or_while_it_is_paused() {
    let mut story = Story::with(|terms| {
        terms.rules.opens_at = terms.rules.lobby_opens_at.after(Duration::from_hours(1));
    });
    let opens_at = story.sale.terms().rules.opens_at;
    story.fan(1, Command::Join).unwrap();
    assert_eq!(story.ahead(1), Some(0), "in the lobby");
    assert_eq!(story.sale.next_due(story.now), Some(opens_at));
    story.tick_after(Duration::from_mins(59));
    assert_eq!(story.ahead(1), Some(0));
    story.ask(operator(), Command::SetStatus(SaleStatus::Paused)).unwrap();
    story.tick_after(Duration::from_mins(2));
    assert_eq!(story.ahead(1), Some(0));
    story.ask(operator(), Command::SetStatus(SaleStatus::Open)).unwrap();
    story.tick_after(Duration::ZERO);
    story.fan(1, Command::Claim).unwrap();
    story.ask(operator(), Command::SetStatus(SaleStatus::Paused)).unwrap();
    assert_eq!(story.hold(1, &[10]), Err(Rejection::SalePaused));
    story.ask(operator(), Command::SetStatus(SaleStatus::Closed)).unwrap();
    assert_eq!(story.hold(1, &[10]), Err(Rejection::SaleClosed));
    let reopened = story.ask(operator(), Command::SetStatus(SaleStatus::Open));
    assert_eq!(reopened, Err(Rejection::StatusConflict), "closed is closed");
}

#[test]
fn the_same_fan_asking_again_gets_the_same_hold() {
    let mut story = Story::plain();
    story.enter(1);
    let hold = story.hold(1, &[10, 11]).unwrap();
    assert_eq!(story.hold(1, &[10, 11]), Ok(hold.clone()));
    assert_eq!(story.hold(1, &[11]), Ok(hold.clone()), "a part of it too");
    assert_eq!(story.fan(1, best(2)), Ok(Reply::Hold(hold.clone())));
    assert_eq!(story.hold(1, &[12]), Err(Rejection::HoldExists(hold.id)));
    story.ask(operator(), Command::SetStatus(SaleStatus::Paused)).unwrap();
    assert_eq!(story.hold(1, &[10, 11]), Ok(hold), "even while the sale is paused");
}

#[test]
fn all_places_are_held_or_none() {
    let mut story = Story::plain();
    story.enter(1);
    story.enter(2);
    story.hold(1, &[10]).unwrap();
    let taken = Err(Rejection::Taken { places: vec![PlaceIx(10)] });
    assert_eq!(story.hold(2, &[9, 10, 11]), taken);
    assert_eq!(story.sale.inventory().counts().held, 1);
    let mine = story.hold(2, &[9]).unwrap();
    let add = [11, 10].map(|place| Wanted::Seat { place: PlaceIx(place), ticket_type: ADULT });
    let change = Command::ChangeHold { hold: mine.id, add: add.to_vec(), remove: vec![PlaceIx(9)] };
    assert_eq!(story.fan(2, change), Err(Rejection::Taken { places: vec![PlaceIx(10)] }));
    assert_eq!(story.sale.hold(mine.id), Some(&mine), "nothing was given back either");
}

#[test]
fn a_hold_keeps_the_price_that_it_found() {
    let mut story = Story::plain();
    story.enter(1);
    let hold = story.hold(1, &[10]).unwrap();
    let mut terms = story.sale.terms().clone();
    let types = terms.prices.ticket_types().to_vec();
    let mut entries = terms.prices.entries().to_vec();
    for entry in &mut entries {
        entry.price.amount_minor *= 2;
    }
    let categories = story.sale.chart().categories().len();
    terms.prices = tiketi_engine::domain::pricing::PriceTable::new(
        terms.prices.currency(),
        types,
        entries,
        500,
        categories,
    )
    .unwrap();
    story.ask(operator(), Command::SetTerms(Box::new(terms))).unwrap();
    let order = story.order(1, &hold).unwrap();
    assert_eq!(order.total_minor, hold.items[0].price.total_minor() + 500);
    story.enter(2);
    let dearer = story.hold(2, &[11]).unwrap();
    assert_eq!(dearer.items[0].price.amount_minor, 2 * hold.items[0].price.amount_minor);
}

#[test]
fn a_hold_can_be_extended_once_and_lasts_until_the_new_end() {
    let mut story = Story::plain();
    story.enter(1);
    let hold = story.hold(1, &[10]).unwrap();
    assert_eq!(hold.expires_at, story.now.after(Duration::from_mins(7)));
    let Reply::Hold(longer) = story.fan(1, Command::ExtendHold(hold.id)).unwrap() else {
        panic!("a hold");
    };
    assert_eq!(longer.expires_at, hold.expires_at.after(Duration::from_mins(3)));
    assert_eq!(story.fan(1, Command::ExtendHold(hold.id)), Err(Rejection::ExtensionUsed));
    story.tick_after(Duration::from_mins(10) - Duration::from_millis(1));
    assert!(story.sale.hold(hold.id).is_some());
    story.tick_after(Duration::from_millis(1));
    assert!(story.sale.hold(hold.id).is_none());
    assert_eq!(story.sale.inventory().state(PlaceIx(10)), PlaceState::Free);
}

#[test]
fn limits_hold_for_one_hold_and_for_one_fan_over_time() {
    let mut story = Story::with(|terms| {
        (terms.rules.places_per_hold_max, terms.rules.places_per_fan_max) = (3, 4);
    });
    story.enter(1);
    assert_eq!(story.hold(1, &[8, 9, 10, 11]), Err(Rejection::HoldLimit { max: 3 }));
    let hold = story.hold(1, &[8, 9, 10]).unwrap();
    let order = story.order(1, &hold).unwrap();
    let Reply::Order(started) = story.fan(1, Command::StartPayment(order.id)).unwrap() else {
        panic!("an order");
    };
    story.capture(&order, started.payments[0].id, order.total_minor);
    story.enter(1);
    assert_eq!(story.hold(1, &[11, 12]), Err(Rejection::FanLimit { max: 4 }));
    assert!(story.hold(1, &[11]).is_ok());
}

#[test]
fn general_admission_and_whole_tables_are_held_like_seats() {
    let mut story = Story::plain();
    let chart = Arc::clone(story.sale.chart());
    let (area, table) = (block(&chart, BlockKind::Area), block(&chart, BlockKind::WholeTable));
    let units = |quantity| Wanted::Units { block: area, quantity, ticket_type: ADULT };
    let hold_all = |wanted| Command::PlaceHold(Selection::Wanted(wanted));
    story.enter(1);
    let mixed = vec![units(2), Wanted::Table { block: table, ticket_type: ADULT }];
    let Reply::Hold(hold) = story.fan(1, hold_all(mixed)).unwrap() else { panic!("a hold") };
    assert_eq!(hold.items.len(), 8, "two units and a table for six");
    let seat_of_table = chart.blocks()[usize::from(table.0)].places().next().unwrap();
    let remove = Command::ChangeHold { hold: hold.id, add: vec![], remove: vec![seat_of_table] };
    let Reply::Hold(rest) = story.fan(1, remove).unwrap() else { panic!("a hold") };
    assert_eq!(rest.items.len(), 2, "a table goes as a whole");
    story.enter(2);
    let alone = Wanted::Seat { place: seat_of_table, ticket_type: ADULT };
    let refused = story.fan(2, hold_all(vec![alone]));
    assert_eq!(refused, Err(Rejection::NotSoldAlone(seat_of_table)));
    let eight = story.fan(2, hold_all(vec![units(8)]));
    assert!(eight.is_ok(), "eight of ten are left");
    story.enter(3);
    let first = chart.blocks()[usize::from(area.0)].places().next().unwrap();
    let one = story.fan(3, hold_all(vec![units(1)]));
    assert_eq!(one, Err(Rejection::Taken { places: vec![first] }));
}

#[test]
fn what_has_no_price_is_not_for_sale() {
    let mut story = Story::plain();
    story.enter(1);
    // The last row's category has no price.
    let unpriced = 5 * 8;
    assert_eq!(story.hold(1, &[unpriced]), Err(Rejection::NotForSale));
    let child = Wanted::Units {
        block: block(story.sale.chart(), BlockKind::Area),
        quantity: 1,
        ticket_type: TicketTypeIx(1),
    };
    let refused = story.fan(1, Command::PlaceHold(Selection::Wanted(vec![child])));
    assert_eq!(refused, Err(Rejection::NotForSale), "no child stands");
}

#[test]
fn paying_issues_a_ticket_for_each_place_and_makes_room_for_the_next() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 1);
    let (order, payment) = story.at_the_till(1, &[10, 11]);
    story.fan(2, Command::Join).unwrap();
    let paid = story.capture(&order, payment, order.total_minor);
    assert_eq!((paid.state, paid.tickets.len()), (OrderState::Paid, 2));
    assert_eq!(story.sale.inventory().state(PlaceIx(11)), PlaceState::Sold(TicketId::new(2)));
    story.tick_after(Duration::ZERO);
    assert!(matches!(story.sale.standing(FanId::new(2)), StandingView::Called { .. }));
    assert_eq!(story.capture(&order, payment, order.total_minor), paid, "again is nothing new");
}

#[test]
fn an_order_is_charged_once_whatever_the_provider_says_twice() {
    let mut story = Story::plain();
    let (order, first) = story.at_the_till(1, &[10]);
    let declined = PaymentOutcome::Declined { code: "REJECTED".to_owned() };
    let decline = Command::SettlePayment { order: order.id, payment: first, outcome: declined };
    story.ask(Origin::Provider, decline.clone()).unwrap();
    assert!(story.sale.hold(order.hold).is_some(), "a declined payment keeps the hold");
    let Reply::Order(again) = story.fan(1, Command::StartPayment(order.id)).unwrap() else {
        panic!("an order");
    };
    let second = again.payments[1].id;
    story.capture(&order, second, order.total_minor);
    // The first one was captured after all.
    let both = story.capture(&order, first, order.total_minor);
    assert_eq!(both.state, OrderState::Paid);
    assert_eq!(both.payment(first).unwrap().state, PaymentState::RefundDue);
    assert_eq!(both.payment(second).unwrap().state, PaymentState::Captured);
    assert_eq!(story.ask(Origin::Provider, decline), Err(Rejection::PaymentSettled));
}

#[test]
fn another_amount_buys_nothing_and_is_owed_back() {
    let mut story = Story::plain();
    let (order, payment) = story.at_the_till(1, &[10]);
    let after = story.capture(&order, payment, order.total_minor - 1);
    assert_eq!(after.state, OrderState::AwaitingPayment);
    assert_eq!(after.payments[0].state, PaymentState::RefundDue);
    let refund = Command::SettleRefund { order: order.id, payment };
    story.ask(Origin::Provider, refund.clone()).unwrap();
    assert!(story.ask(Origin::Provider, refund).is_ok(), "again is nothing new");
    assert_eq!(story.sale.order(order.id).unwrap().payments[0].state, PaymentState::Refunded);
}

#[test]
fn money_that_comes_late_gets_the_places_if_they_are_free_and_goes_back_if_not() {
    let mut story = Story::plain();
    let (early, early_payment) = story.at_the_till(1, &[10]);
    let (late, late_payment) = story.at_the_till(2, &[20]);
    story.tick_after(Duration::from_mins(7));
    assert_eq!(story.sale.order(early.id).unwrap().state, OrderState::Expired);
    story.enter(3);
    story.hold(3, &[20]).unwrap();
    let seated = story.capture(&early, early_payment, early.total_minor);
    assert_eq!((seated.state, seated.tickets.len()), (OrderState::Paid, 1));
    let stranded = story.capture(&late, late_payment, late.total_minor);
    assert_eq!(stranded.state, OrderState::Expired);
    assert_eq!(stranded.payments[0].state, PaymentState::RefundDue);
}

#[test]
fn an_order_is_given_up_only_while_nothing_is_being_paid() {
    let mut story = Story::plain();
    let (order, payment) = story.at_the_till(1, &[10]);
    let cancel = Command::CancelOrder(order.id);
    assert_eq!(story.fan(1, cancel.clone()), Err(Rejection::PaymentPending));
    let outcome = PaymentOutcome::Declined { code: "REJECTED".to_owned() };
    let decline = Command::SettlePayment { order: order.id, payment, outcome };
    story.ask(Origin::Provider, decline).unwrap();
    assert_eq!(story.fan(2, cancel.clone()), Err(Rejection::UnknownOrder), "not somebody else's");
    story.fan(1, cancel.clone()).unwrap();
    assert_eq!(story.sale.inventory().state(PlaceIx(10)), PlaceState::Free);
    assert!(story.fan(1, cancel).is_ok(), "again is nothing new");
    let paid = story.capture(&order, payment, order.total_minor);
    assert_eq!(paid.payments[0].state, PaymentState::RefundDue, "a cancelled order takes no money");
}

#[test]
fn what_costs_nothing_is_paid_at_once() {
    let mut story = Story::with(|terms| {
        let mut entries = terms.prices.entries().to_vec();
        for entry in &mut entries {
            (entry.price.amount_minor, entry.price.fee_minor) = (0, 0);
        }
        let types = terms.prices.ticket_types().to_vec();
        terms.prices = tiketi_engine::domain::pricing::PriceTable::new(
            terms.prices.currency(),
            types,
            entries,
            0,
            4,
        )
        .unwrap();
    });
    story.enter(1);
    let hold = story.hold(1, &[10]).unwrap();
    let order = story.order(1, &hold).unwrap();
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 1));
    assert_eq!(story.order(1, &hold), Ok(order), "again is the same order");
}

#[test]
fn a_returned_order_frees_its_places_and_owes_its_money_until_a_ticket_is_used() {
    let mut story = Story::plain();
    let (order, payment) = story.at_the_till(1, &[10, 11]);
    story.capture(&order, payment, order.total_minor);
    let redeem =
        |ticket| Command::RedeemTicket { ticket: TicketId::new(ticket), gate: "A".to_owned() };
    assert_eq!(story.ask(operator(), redeem(3)), Err(Rejection::UnknownTicket));
    let Reply::Order(returned) = story.fan(1, Command::ReturnOrder(order.id)).unwrap() else {
        panic!("an order");
    };
    assert_eq!(returned.payments[0].state, PaymentState::RefundDue);
    assert_eq!(story.sale.ticket(TicketId::new(1)).unwrap().state, TicketState::Void);
    assert_eq!(story.sale.inventory().counts().sold, 0);
    assert_eq!(story.ask(operator(), redeem(1)), Err(Rejection::TicketVoid));

    let (other, payment) = story.at_the_till(2, &[10]);
    story.capture(&other, payment, other.total_minor);
    let at = story.now;
    story.ask(operator(), redeem(3)).unwrap();
    story.now = story.now.after(Duration::from_secs(9));
    let used = Err(Rejection::TicketUsed { at, gate: "A".to_owned() });
    assert_eq!(story.ask(operator(), redeem(3)), used, "with the time of the first");
    assert_eq!(story.fan(2, Command::ReturnOrder(other.id)), Err(Rejection::NotReturnable));
}

#[test]
fn a_key_gets_the_first_answer_for_a_day() {
    let mut story = Story::plain();
    let keyed = |fingerprint| Request {
        by: by(1),
        key: Some(RequestKey { key: 5, fingerprint }),
        command: Command::Join,
    };
    let first = story.sale.execute(story.now, &keyed(1)).unwrap();
    story.fan(1, Command::Leave).unwrap();
    let again = story.sale.execute(story.now, &keyed(1)).unwrap();
    assert_eq!((again.reply, again.records.len()), (first.reply, 0));
    assert_eq!(story.sale.execute(story.now, &keyed(2)), Err(Rejection::KeyReused));
    story.now = story.now.after(Duration::from_hours(24));
    // Old answers go when a new one comes.
    let other = Request { key: Some(RequestKey { key: 6, fingerprint: 1 }), ..keyed(1) };
    story.sale.execute(story.now, &Request { by: by(2), ..other }).unwrap();
    let after_a_day = story.sale.execute(story.now, &keyed(2)).unwrap();
    assert!(!after_a_day.records.is_empty(), "forgotten: it is done anew");
}

#[test]
fn time_does_not_run_backwards_in_a_sale() {
    let mut story = Story::plain();
    story.enter(1);
    let hold = story.hold(1, &[10]).unwrap();
    story.now = story.now.after(Duration::from_mins(1));
    story.enter(2);
    let late = story.now;
    story.now = sample::OPENS_AT;
    let other = story.hold(2, &[11]).unwrap();
    assert_eq!(other.placed_at, late, "an hour back is no time at all");
    assert!(story.sale.hold(hold.id).is_some());
}
