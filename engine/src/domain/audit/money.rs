//! The auditor's books: orders, payments, tickets, and sums that must agree.

use std::collections::BTreeMap;

use super::{Page, Rule};
use crate::domain::change::{Capture, Change};
use crate::domain::ids::TicketId;
use crate::domain::order::{OrderState, OrderStep, PaymentState, PaymentStep};

#[derive(Debug)]
struct Entry {
    total_minor: i64,
    state: OrderState,
    /// By number: where the money is, and how much was captured.
    payments: BTreeMap<u64, (PaymentState, i64)>,
    tickets: Vec<u64>,
}

/// Orders by number, and who was let in.
#[derive(Debug, Default)]
pub(super) struct Books {
    orders: BTreeMap<u64, Entry>,
    /// What each hold costs as it stands.
    holds: BTreeMap<u64, BTreeMap<u32, i64>>,
    /// By number less one: whether the ticket is still good.
    tickets: Vec<bool>,
}

impl Books {
    pub(super) fn read(&mut self, page: &mut Page<'_>, change: &Change) {
        self.read_prices(page, change);
        self.read_orders(page, change);
    }

    fn read_prices(&mut self, page: &Page<'_>, change: &Change) {
        match change {
            Change::HoldPlaced { items, .. } => {
                let priced = items.iter().map(|item| (item.place.0, item.price.total_minor()));
                self.holds.insert(page.seq.0, priced.collect());
            }
            Change::HoldChanged { hold, added, removed, .. } => {
                let prices = self.holds.entry(hold.number()).or_default();
                prices.retain(|place, _| removed.iter().all(|gone| gone.0 != *place));
                prices.extend(added.iter().map(|item| (item.place.0, item.price.total_minor())));
            }
            Change::HoldReleased { hold, .. } | Change::HoldExpired { hold, .. } => {
                self.holds.remove(&hold.number());
            }
            _ => {}
        }
    }

    fn read_orders(&mut self, page: &mut Page<'_>, change: &Change) {
        match change {
            Change::HoldExpired { hold, .. } if self.orders.contains_key(&hold.number()) => {
                self.step(page, hold.number(), OrderStep::Expire);
            }
            Change::OrderPlaced { hold, total_minor, .. } => {
                self.place(page, hold.number(), *total_minor);
            }
            Change::OrderCancelled { order, .. } => {
                self.step(page, order.number(), OrderStep::Cancel);
            }
            Change::PaymentStarted { order, .. } => self.begin(page, order.number()),
            Change::PaymentDeclined { order, payment, .. } => {
                self.pay(page, order.number(), payment.number(), PaymentStep::Decline);
            }
            Change::OrderPaid { order, payment, items, first_ticket, .. } => {
                self.issue(page, order.number(), payment.as_ref(), items.len(), *first_ticket);
            }
            Change::PaymentStranded { order, payment, .. } => {
                self.capture(page, order.number(), payment, PaymentStep::Strand);
            }
            Change::OrderReturned { order, .. } => self.take_back(page, order.number()),
            Change::PaymentRefunded { order, payment, amount_minor, .. } => {
                self.refund(page, order.number(), payment.number(), *amount_minor);
            }
            Change::TicketRedeemed { ticket, .. } => {
                let good = index_of(ticket.number()).and_then(|index| self.tickets.get_mut(index));
                let good = good.is_some_and(|good| std::mem::replace(good, false));
                page.check(Rule::LegalStep, good, || format!("{ticket:?} was not good any more"));
            }
            _ => {}
        }
    }

    fn place(&mut self, page: &mut Page<'_>, hold: u64, total_minor: i64) {
        let places: i64 = self.holds.get(&hold).map_or(-1, |prices| prices.values().sum());
        let total = places + page.terms.prices.order_fee_minor();
        page.check(Rule::Money, places >= 0 && total == total_minor, || {
            format!("an order of {total} asks for {total_minor}")
        });
        let entry = Entry {
            total_minor,
            state: OrderState::AwaitingPayment,
            payments: BTreeMap::new(),
            tickets: Vec::new(),
        };
        let twice = self.orders.insert(hold, entry).is_some();
        page.check(Rule::LegalStep, !twice, || format!("hold {hold} was ordered twice"));
    }

    fn begin(&mut self, page: &mut Page<'_>, order: u64) {
        let lawful = self.orders.get_mut(&order).is_some_and(|entry| {
            let open = entry.payments.values().any(|(state, _)| *state == PaymentState::Started);
            entry.payments.insert(page.seq.0, (PaymentState::Started, 0));
            !open && entry.state == OrderState::AwaitingPayment
        });
        page.check(Rule::LegalStep, lawful, || format!("order {order} was not to be paid"));
    }

    fn issue(
        &mut self,
        page: &mut Page<'_>,
        order: u64,
        payment: Option<&Capture>,
        places: usize,
        first_ticket: TicketId,
    ) {
        self.step(page, order, OrderStep::Pay);
        if let Some(payment) = payment {
            self.capture(page, order, payment, PaymentStep::Capture);
        }
        let numbered_on = index_of(first_ticket.number()) == Some(self.tickets.len());
        page.check(Rule::LegalStep, numbered_on, || format!("{first_ticket:?} is out of order"));
        let paid = payment.map_or(0, |payment| payment.amount_minor);
        let first = self.tickets.len() as u64;
        self.tickets.resize(self.tickets.len() + places, true);
        if let Some(entry) = self.orders.get_mut(&order) {
            entry.tickets = (first..first + places as u64).collect();
            page.check(Rule::Money, paid == entry.total_minor, || {
                format!("order {order} of {} was paid {paid}", entry.total_minor)
            });
        }
    }

    fn capture(&mut self, page: &mut Page<'_>, order: u64, payment: &Capture, step: PaymentStep) {
        let number = payment.payment.number();
        self.pay(page, order, number, step);
        if let Some(entry) = self.orders.get_mut(&order)
            && let Some((_, captured)) = entry.payments.get_mut(&number)
        {
            *captured = payment.amount_minor;
        }
    }

    fn refund(&mut self, page: &mut Page<'_>, order: u64, payment: u64, amount_minor: i64) {
        self.pay(page, order, payment, PaymentStep::Refund);
        let entry = self.orders.get(&order);
        let captured =
            entry.and_then(|entry| entry.payments.get(&payment)).map(|(_, captured)| *captured);
        page.check(Rule::Money, captured == Some(amount_minor), || {
            format!("refunded {amount_minor} of {captured:?}")
        });
    }

    fn take_back(&mut self, page: &mut Page<'_>, order: u64) {
        self.step(page, order, OrderStep::Return);
        let Some(entry) = self.orders.get_mut(&order) else {
            return;
        };
        for (state, _) in entry.payments.values_mut() {
            *state = state.step(PaymentStep::Return).unwrap_or(*state);
        }
        let tickets = std::mem::take(&mut entry.tickets);
        let all_good = tickets.iter().all(|ticket| {
            let good = usize::try_from(*ticket).ok().and_then(|at| self.tickets.get_mut(at));
            good.is_some_and(|good| std::mem::replace(good, false))
        });
        page.check(Rule::LegalStep, all_good, || format!("order {order} had a used ticket"));
    }

    fn step(&mut self, page: &mut Page<'_>, order: u64, step: OrderStep) {
        let lawful = self.orders.get_mut(&order).is_some_and(|entry| {
            let next = entry.state.step(step);
            entry.state = next.unwrap_or(entry.state);
            next.is_some()
        });
        page.check(Rule::LegalStep, lawful, || format!("order {order} cannot {step:?}"));
    }

    fn pay(&mut self, page: &mut Page<'_>, order: u64, payment: u64, step: PaymentStep) {
        let entry = self.orders.get_mut(&order);
        let lawful =
            entry.and_then(|entry| entry.payments.get_mut(&payment)).is_some_and(|(state, _)| {
                let next = state.step(step);
                *state = next.unwrap_or(*state);
                next.is_some()
            });
        page.check(Rule::LegalStep, lawful, || format!("payment {payment} cannot {step:?}"));
    }

    /// What the sums say is wrong: a paid order without exactly one charge of its amount, another
    /// order that keeps money.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (order, entry) in &self.orders {
            let kept: Vec<i64> = entry
                .payments
                .values()
                .filter(|(state, _)| *state == PaymentState::Captured)
                .map(|(_, captured)| *captured)
                .collect();
            let right = match entry.state {
                OrderState::Paid if entry.total_minor == 0 => kept.is_empty(),
                OrderState::Paid => kept == [entry.total_minor],
                OrderState::AwaitingPayment
                | OrderState::Expired
                | OrderState::Cancelled
                | OrderState::Returned => kept.is_empty(),
            };
            if !right {
                faults.push(format!("order {order} is {:?} and keeps {kept:?}", entry.state));
            }
        }
        faults
    }

    pub(super) fn captured_minor(&self) -> i64 {
        self.sum(|state| match state {
            PaymentState::Captured | PaymentState::RefundDue | PaymentState::Refunded => true,
            PaymentState::Started | PaymentState::Declined => false,
        })
    }

    pub(super) fn refunded_minor(&self) -> i64 {
        self.sum(|state| state == PaymentState::Refunded)
    }

    pub(super) fn refund_due_minor(&self) -> i64 {
        self.sum(|state| state == PaymentState::RefundDue)
    }

    fn sum(&self, counts: impl Fn(PaymentState) -> bool) -> i64 {
        let payments = self.orders.values().flat_map(|entry| entry.payments.values());
        payments.filter(|(state, _)| counts(*state)).map(|(_, captured)| *captured).sum()
    }
}

/// Tickets are numbered from 1.
fn index_of(ticket: u64) -> Option<usize> {
    usize::try_from(ticket.checked_sub(1)?).ok()
}
