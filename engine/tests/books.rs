//! A sale in figures says what its journal says.
#![cfg(test)]

use std::time::Duration;

use tiketi_engine::books::Books;
use tiketi_engine::domain::change::Change;
use tiketi_engine::domain::ids::{EventId, Fence};
use tiketi_engine::domain::order::PaymentState;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::errand::Overview;
use tiketi_engine::testing::history::history;

fn books(sale: &Sale, now: Timestamp) -> Books {
    let overview = Overview {
        seq: sale.seq(),
        fence: Fence(1),
        status: sale.status(),
        terms: sale.terms().clone(),
        counts: sale.inventory().counts(),
        inside: sale.room().inside(),
        waiting: sale.room().line().len(),
    };
    Books::of(sale, overview, now)
}

fn money(books: &Books, wanted: &[PaymentState]) -> i64 {
    let of = books.payments.iter().filter(|(state, _)| wanted.contains(state));
    of.map(|(_, sum)| sum.amount_minor).sum()
}

#[test]
fn figures_of_random_histories_add_up_to_what_was_journaled() {
    let (mut held, mut refunded, mut unpaid) = (0, 0, 0);
    for seed in 0..60 {
        let history = history(EventId::new(9), seed, 600);
        let sale = &history.sale;
        let books = books(sale, sale.at());
        let places: usize = books.ages.iter().map(|group| group.places).sum();
        assert_eq!(places, sale.inventory().counts().held, "seed {seed}");
        let holds: usize = books.ages.iter().map(|group| group.holds).sum();
        assert_eq!(holds, sale.holds().count(), "seed {seed}");
        assert_eq!(books.holds.len(), holds.min(20), "seed {seed}");
        let orders: usize = books.orders.iter().map(|(_, sum)| sum.count).sum();
        assert_eq!(orders, sale.orders().count(), "seed {seed}");
        let (mut taken, mut returned) = (0, 0);
        for record in history.records() {
            match record.change {
                Change::OrderPaid { payment: Some(capture), .. }
                | Change::PaymentStranded { payment: capture, .. } => taken += capture.amount_minor,
                Change::PaymentRefunded { amount_minor, .. } => returned += amount_minor,
                _ => {}
            }
        }
        let with_us = [PaymentState::Captured, PaymentState::RefundDue];
        assert_eq!(money(&books, &with_us), taken - returned, "seed {seed}");
        assert_eq!(money(&books, &[PaymentState::Refunded]), returned, "seed {seed}");
        held += holds;
        refunded += returned;
        unpaid += books.unpaid.len();
    }
    assert!(held > 0 && refunded > 0 && unpaid > 0, "{held} {refunded} {unpaid}");
}

#[test]
fn a_hold_moves_from_group_to_group_as_it_ages() {
    let seeds = (0..60).map(|seed| history(EventId::new(9), seed, 600).sale);
    let sale = seeds.into_iter().find(|sale| sale.holds().count() > 0).expect("one holds places");
    let oldest = sale.holds().next().unwrap().placed_at;
    let latest = sale.holds().last().unwrap().placed_at;
    let all = sale.holds().count();
    let young = books(&sale, oldest.after(Duration::from_secs(59)));
    assert!(young.ages[0].holds > 0 && young.ages[0].under == Some(Duration::from_mins(1)));
    let old = books(&sale, latest.after(Duration::from_mins(10)));
    assert_eq!((old.ages[4].holds, old.ages[4].under), (all, None));
    assert_eq!(old.holds[0].placed_at, oldest);
}
