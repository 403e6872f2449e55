//! What operators do to a sale.

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::chart::{BlockKind, PlaceIx};
use tiketi_engine::domain::command::{
    Command, Lot, Reply, Request, RequestKey, Selection, StandingView, Wanted,
};
use tiketi_engine::domain::hold::Hold;
use tiketi_engine::domain::ids::{DeedNumber, EventId, FanId, Fence, OrderId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::PaymentState;
use tiketi_engine::domain::rejection::Rejection;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::terms::{SaleStatus, Terms};
use tiketi_engine::domain::waiting_room::Notice;
use tiketi_engine::feed::frame::ServerFrame;
use tiketi_engine::feed::room_frame;

use crate::story::{ADULT, Story, best, block, by as by_fan, operator};

#[test]
fn a_lower_limit_sends_nobody_out_and_lets_nobody_in_until_it_is_kept() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 3);
    (1..=5).for_each(|fan| drop(story.fan(fan, Command::Join).unwrap()));
    let mut terms = story.sale.terms().clone();
    terms.rules.admitted_max = 1;
    story.ask(operator(), Command::SetTerms(Box::new(terms))).unwrap();
    assert_eq!(story.sale.room().inside(), 3);
    for fan in [1, 2] {
        story.fan(fan, Command::Leave).unwrap();
        story.tick_after(Duration::ZERO);
        assert_eq!(story.ahead(4), Some(0), "still waiting");
    }
    story.fan(3, Command::Leave).unwrap();
    story.tick_after(Duration::ZERO);
    assert_eq!(story.ahead(4), None, "called");
}

#[test]
fn after_the_last_day_only_an_operator_returns_an_order() {
    let mut story = Story::with(|terms| {
        terms.rules.refunds_until = terms.rules.opens_at.after(Duration::from_hours(1));
    });
    let (order, payment) = story.at_the_till(1, &[10]);
    story.capture(&order, payment, order.total_minor);
    story.now = story.now.after(Duration::from_hours(2));
    let back = Command::ReturnOrder(order.id);
    assert_eq!(story.fan(1, back.clone()), Err(Rejection::NotReturnable));
    assert!(story.ask(operator(), back).is_ok());
}

type Unlawful = (&'static str, fn(&mut Terms));

#[test]
fn who_sets_how_many_are_let_in_undoes_nobody_elses_terms() {
    let mut story = Story::plain();
    let mut terms = story.sale.terms().clone();
    terms.rules.places_per_fan_max += 1;
    story.ask(operator(), Command::SetTerms(Box::new(terms.clone()))).unwrap();
    story.ask(operator(), Command::SetAdmittedMax(7)).unwrap();
    terms.rules.admitted_max = 7;
    assert_eq!(story.sale.terms(), &terms);
    let refused = story.ask(operator(), Command::SetAdmittedMax(0));
    assert!(matches!(refused, Err(Rejection::UnlawfulTerms(_))), "{refused:?}");
}

#[test]
fn terms_that_cannot_be_are_refused() {
    let mut story = Story::plain();
    let cases: [Unlawful; 6] = [
        ("a window that ends before it begins", |t| t.rules.closes_at = t.rules.lobby_opens_at),
        ("no places per hold", |t| t.rules.places_per_hold_max = 0),
        ("fewer per fan than per hold", |t| t.rules.places_per_fan_max = 1),
        ("a hold of no time", |t| t.rules.hold_ttl = Duration::ZERO),
        ("nobody admitted", |t| t.rules.admitted_max = 0),
        ("another chart", |t| t.chart.0[0] ^= 1),
    ];
    for (what, change) in cases {
        let mut terms = story.sale.terms().clone();
        change(&mut terms);
        let refused = story.ask(operator(), Command::SetTerms(Box::new(terms)));
        assert!(matches!(refused, Err(Rejection::UnlawfulTerms(_))), "{what}: {refused:?}");
    }
    let unknown = OrderId::new(99);
    assert_eq!(story.fan(1, Command::StartPayment(unknown)), Err(Rejection::UnknownOrder));
}

fn seat_lots(places: &[u32]) -> Vec<Lot> {
    places.iter().map(|place| Lot::Seat(PlaceIx(*place))).collect()
}

#[test]
fn blocked_places_are_nobodys_until_they_are_put_back() {
    let mut story = Story::plain();
    story.enter(1);
    let summary = Summary::of(&story.sale);
    story.ask(operator(), Command::BlockPlaces(seat_lots(&[10, 11]))).unwrap();
    let blocked = Summary::of(&story.sale);
    assert_eq!((blocked.blocked, blocked.free), (2, summary.free - 2));
    assert_eq!(blocked.for_sale, summary.for_sale - 2, "it is sold out without them");
    let taken = |places: &[u32]| {
        Err(Rejection::Taken { places: places.iter().copied().map(PlaceIx).collect() })
    };
    assert_eq!(story.hold(1, &[10, 12]), taken(&[10]));
    let hold = story.hold(1, &[12]).unwrap();
    let lots = seat_lots(&[13, 12, 11]);
    let refused = story.ask(operator(), Command::BlockPlaces(lots));
    assert_eq!(refused, taken(&[12, 11]).map(|_: Hold| Reply::Done), "all or none");
    assert_eq!(story.sale.inventory().state(PlaceIx(13)), PlaceState::Free);
    assert_eq!(story.sale.inventory().state(PlaceIx(12)), PlaceState::Held(hold.id));

    let too_much = story.ask(operator(), Command::FreePlaces(seat_lots(&[10, 13])));
    assert_eq!(too_much, Err(Rejection::NotBlocked(PlaceIx(13))));
    story.ask(operator(), Command::FreePlaces(seat_lots(&[10, 11]))).unwrap();
    assert_eq!(Summary::of(&story.sale).for_sale, summary.for_sale);
    story.fan(1, Command::ReleaseHold(hold.id)).unwrap();
    story.hold(1, &[10, 11]).unwrap();
}

#[test]
fn units_and_whole_tables_are_blocked_as_they_are_sold() {
    let mut story = Story::plain();
    let area = block(story.sale.chart(), BlockKind::Area);
    let table = block(story.sale.chart(), BlockKind::WholeTable);
    let units = |quantity| vec![Lot::Units { block: area, quantity }];
    story.ask(operator(), Command::BlockPlaces(units(7))).unwrap();
    story.ask(operator(), Command::BlockPlaces(vec![Lot::Table(table)])).unwrap();
    assert_eq!(story.sale.inventory().blocked(), 13);
    let first = story.sale.chart().blocks()[usize::from(area.0)].places().next().unwrap();
    let refused = story.ask(operator(), Command::BlockPlaces(units(4)));
    assert_eq!(refused, Err(Rejection::Taken { places: vec![first] }), "three are left");
    story.enter(1);
    let wanted = |quantity| vec![Wanted::Units { block: area, quantity, ticket_type: ADULT }];
    let hold = |quantity| Command::PlaceHold(Selection::Wanted(wanted(quantity)));
    assert!(story.fan(1, hold(4)).is_err());
    story.fan(1, hold(3)).unwrap();
    let whole = vec![Wanted::Table { block: table, ticket_type: ADULT }];
    story.enter(2);
    assert!(story.fan(2, Command::PlaceHold(Selection::Wanted(whole))).is_err());
    let refused = story.ask(operator(), Command::FreePlaces(units(8)));
    assert_eq!(refused, Err(Rejection::NotBlocked(first)));
    story.ask(operator(), Command::FreePlaces(units(7))).unwrap();
    let part = story.sale.chart().blocks()[usize::from(table.0)].places().next().unwrap();
    let refused = story.ask(operator(), Command::FreePlaces(vec![Lot::Seat(part)]));
    assert_eq!(refused, Err(Rejection::NotSoldAlone(part)));
    for (lots, no) in [
        (Vec::new(), Rejection::NothingWanted),
        (units(0), Rejection::NothingWanted),
        (seat_lots(&[1, 1]), Rejection::WantedTwice),
        (seat_lots(&[9_999]), Rejection::UnknownPlace(PlaceIx(9_999))),
        (vec![Lot::Table(area)], Rejection::UnknownBlock(area)),
    ] {
        assert_eq!(story.ask(operator(), Command::BlockPlaces(lots)), Err(no));
    }
}

#[test]
fn the_best_available_are_never_blocked() {
    let mut story = Story::plain();
    story.enter(1);
    let Reply::Hold(first) = story.fan(1, best(2)).unwrap() else { panic!("a hold") };
    story.fan(1, Command::ReleaseHold(first.id)).unwrap();
    let lots = first.places().into_iter().map(Lot::Seat).collect();
    story.ask(operator(), Command::BlockPlaces(lots)).unwrap();
    let Reply::Hold(second) = story.fan(1, best(2)).unwrap() else { panic!("a hold") };
    assert!(second.places().iter().all(|place| !first.places().contains(place)));
}

#[test]
fn money_that_comes_late_for_blocked_places_goes_back() {
    let mut story = Story::plain();
    let (order, payment) = story.at_the_till(1, &[10]);
    story.tick_after(Duration::from_mins(7));
    story.ask(operator(), Command::BlockPlaces(seat_lots(&[10]))).unwrap();
    let late = story.capture(&order, payment, order.total_minor);
    assert_eq!(late.payments[0].state, PaymentState::RefundDue);
    assert_eq!(story.sale.inventory().state(PlaceIx(10)), PlaceState::Blocked);
}

#[test]
fn fans_are_called_at_the_rate_and_as_soon_as_it_allows() {
    let mut story = Story::plain();
    story.ask(operator(), Command::SetRate(Some(6))).unwrap();
    (1..=5).for_each(|fan| drop(story.fan(fan, Command::Join).unwrap()));
    let standing = |story: &Story, fan| story.sale.standing(FanId::new(fan));
    assert!(matches!(standing(&story, 1), StandingView::Called { .. }), "the rate allows one");
    assert_eq!((story.ahead(2), story.ahead(5)), (Some(0), Some(3)), "there is room, and no turn");
    let next = story.now.after(Duration::from_secs(10));
    assert_eq!(story.sale.next_due(story.now), Some(next));
    story.tick_after(Duration::from_millis(9_999));
    assert_eq!(story.ahead(2), Some(0));
    story.tick_after(Duration::from_millis(1));
    assert!(matches!(standing(&story, 2), StandingView::Called { .. }));
    assert_eq!(story.ahead(3), Some(0));

    // Whoever leaves makes room, but no turn.
    story.fan(2, Command::Leave).unwrap();
    story.tick_after(Duration::ZERO);
    assert_eq!(story.ahead(3), Some(0));
    let restored =
        Sale::restore(EventId::new(1), Arc::clone(story.sale.chart()), &story.sale.snapshot());
    assert_eq!(restored.unwrap().next_due(story.now), story.sale.next_due(story.now));

    story.ask(operator(), Command::SetRate(None)).unwrap();
    assert_eq!(story.sale.next_due(story.now), Some(story.now));
    story.tick_after(Duration::ZERO);
    assert!(story.sale.room().line().is_empty());
}

#[test]
fn the_limit_of_those_inside_holds_beside_the_rate() {
    let mut story = Story::with(|terms| terms.rules.admitted_max = 3);
    story.ask(operator(), Command::SetRate(Some(600))).unwrap();
    (1..=30).for_each(|fan| drop(story.fan(fan, Command::Join).unwrap()));
    story.tick_after(Duration::from_mins(1));
    assert_eq!(story.sale.room().inside(), 3);
    (1..=3).for_each(|fan| drop(story.fan(fan, Command::Leave).unwrap()));
    let mut terms = story.sale.terms().clone();
    terms.rules.admitted_max = 50;
    story.ask(operator(), Command::SetTerms(Box::new(terms))).unwrap();
    assert_eq!(story.sale.rate(), Some(600), "terms are another matter");
    story.tick_after(Duration::ZERO);
    assert_eq!(story.sale.room().inside(), 10, "ten a second");
    assert_eq!(story.sale.next_due(story.now), Some(story.now.after(Duration::from_secs(1))));
}

#[test]
fn a_rate_that_cannot_be_is_refused_and_one_that_is_changes_nothing() {
    let mut story = Story::plain();
    for rate in [0, 60_001, u32::MAX] {
        let refused = story.ask(operator(), Command::SetRate(Some(rate)));
        assert!(matches!(refused, Err(Rejection::UnlawfulTerms(_))), "{rate}: {refused:?}");
    }
    story.ask(operator(), Command::SetRate(Some(60_000))).unwrap();
    let seq = story.sale.seq();
    story.ask(operator(), Command::SetRate(Some(60_000))).unwrap();
    assert_eq!(story.sale.seq(), seq);
}

#[test]
fn those_in_line_are_told_until_they_are_told_otherwise() {
    let mut story = Story::plain();
    let notice = Notice::new("We open ten minutes late.");
    story.ask(operator(), Command::SetNotice(notice.clone())).unwrap();
    let seq = story.sale.seq();
    story.ask(operator(), Command::SetNotice(notice.clone())).unwrap();
    assert_eq!(story.sale.seq(), seq, "once");
    let told = |sale: &Sale| match ServerFrame::decode(&room_frame(sale, Fence(1), sale.at())) {
        Ok(ServerFrame::Room(room)) => (room.notice, room.per_minute),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(&story.sale), (notice.clone(), None));
    let chart = Arc::clone(story.sale.chart());
    let restored = Sale::restore(EventId::new(1), chart, &story.sale.snapshot()).unwrap();
    assert_eq!(told(&restored), (notice, None), "the next owner tells them the same");
    story.ask(operator(), Command::SetRate(Some(30))).unwrap();
    story.ask(operator(), Command::SetNotice(None)).unwrap();
    assert_eq!(told(&story.sale), (None, Some(30)));
}

#[test]
fn every_record_of_a_deed_names_it_and_what_time_brings_about_after_it_does_not() {
    let mut story = Story::plain();
    let deed = DeedNumber(7);
    let by = operator().as_deed(deed);
    let key = Some(RequestKey { key: 1, fingerprint: 2 });
    let pause = Request { by, key, command: Command::SetStatus(SaleStatus::Paused) };
    let paused = story.sale.execute(story.now, &pause).unwrap().records;
    assert_eq!(paused.len(), 2, "with the answer to its key");
    assert!(paused.iter().all(|record| record.by.deed() == Some(deed)));
    let join = Request { by: by_fan(1), key: None, command: Command::Join };
    let joined = story.sale.execute(story.now, &join).unwrap().records;
    assert!(joined.iter().all(|record| record.by.deed().is_none()));
    assert_eq!(by_fan(1).as_deed(deed), by_fan(1), "nobody else does any");
}
