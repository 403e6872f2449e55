//! Orders, payments and tickets. Where each may go next is listed in [`crate::domain::order`].

use super::{Answer, Decision, Sale, may_act_for};
use crate::domain::change::{Capture, Change};
use crate::domain::chart::PlaceIx;
use crate::domain::command::{Origin, PaymentOutcome};
use crate::domain::hold::Item;
use crate::domain::ids::{FanId, HoldId, OrderId, PaymentId, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::{Order, OrderState, OrderStep, Payment, PaymentState, PaymentStep};
use crate::domain::rejection::Rejection;
use crate::domain::ticket::TicketState;
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::Standing;

impl Sale {
    pub(super) fn place_order(
        &self,
        now: Timestamp,
        by: Origin,
        id: HoldId,
    ) -> Result<Decision, Rejection> {
        // A repeat after the hold was paid or has run out still finds its order.
        let order = OrderId::new(id.number());
        if self.order_for(by, order).is_ok() {
            return Ok(Self::decision(Vec::new(), Answer::Order(order)));
        }
        let hold = self.live_hold(now, by, id)?;
        let places: i64 = hold.items.iter().map(|item| item.price.total_minor()).sum();
        let total_minor = places + self.terms.prices.order_fee_minor();
        let mut changes = vec![Change::OrderPlaced { fan: hold.fan, hold: id, total_minor }];
        if total_minor == 0 {
            changes.push(Change::OrderPaid {
                fan: hold.fan,
                order,
                payment: None,
                items: hold.items.clone(),
                first_ticket: self.next_ticket(),
            });
            changes.extend(self.end_of_session(hold.fan));
        }
        Ok(Self::decision(changes, Answer::Order(order)))
    }

    pub(super) fn cancel_order(&self, by: Origin, id: OrderId) -> Result<Decision, Rejection> {
        let order = self.order_for(by, id)?;
        if order.state == OrderState::Cancelled {
            return Ok(Self::decision(Vec::new(), Answer::Order(id)));
        }
        order.state.step(OrderStep::Cancel).ok_or(Rejection::OrderNotPayable)?;
        if open_payment(order).is_some() {
            return Err(Rejection::PaymentPending);
        }
        let places = places_of(&order.items);
        Ok(Self::decision(
            vec![Change::OrderCancelled { fan: order.fan, order: id, places }],
            Answer::Order(id),
        ))
    }

    pub(super) fn start_payment(
        &self,
        now: Timestamp,
        by: Origin,
        id: OrderId,
    ) -> Result<Decision, Rejection> {
        let order = self.order_for(by, id)?;
        let live = self.holds.get(&order.hold).is_some_and(|hold| now < hold.expires_at);
        if order.state != OrderState::AwaitingPayment || !live {
            return Err(Rejection::OrderNotPayable);
        }
        let changes = match open_payment(order) {
            Some(_) => Vec::new(),
            None => vec![Change::PaymentStarted { fan: order.fan, order: id }],
        };
        Ok(Self::decision(changes, Answer::Order(id)))
    }

    pub(super) fn settle_payment(
        &self,
        id: OrderId,
        payment: PaymentId,
        outcome: &PaymentOutcome,
    ) -> Result<Decision, Rejection> {
        let order = self.orders.get(&id).ok_or(Rejection::UnknownOrder)?;
        let attempt = order.payment(payment).ok_or(Rejection::UnknownPayment)?;
        let changes = match outcome {
            PaymentOutcome::Captured { reference, amount_minor } => {
                self.capture(order, attempt, reference, *amount_minor)?
            }
            PaymentOutcome::Declined { code } => decline(order, attempt, code)?,
        };
        Ok(Self::decision(changes, Answer::Order(id)))
    }

    fn capture(
        &self,
        order: &Order,
        attempt: &Payment,
        reference: &str,
        amount_minor: i64,
    ) -> Result<Vec<Change>, Rejection> {
        let open = attempt.state.step(PaymentStep::Capture).is_some();
        if !open {
            let repeat = attempt.reference == reference;
            return if repeat { Ok(Vec::new()) } else { Err(Rejection::PaymentSettled) };
        }
        let payment =
            Capture { payment: attempt.id, reference: reference.to_owned(), amount_minor };
        let payable = order.state.step(OrderStep::Pay).is_some()
            && amount_minor == order.total_minor
            && self.can_seat(order);
        if !payable {
            return Ok(vec![Change::PaymentStranded { fan: order.fan, order: order.id, payment }]);
        }
        let mut changes = vec![Change::OrderPaid {
            fan: order.fan,
            order: order.id,
            payment: Some(payment),
            items: order.items.clone(),
            first_ticket: self.next_ticket(),
        }];
        changes.extend(self.end_of_session(order.fan));
        Ok(changes)
    }

    pub(super) fn settle_refund(
        &self,
        id: OrderId,
        payment: PaymentId,
    ) -> Result<Decision, Rejection> {
        let order = self.orders.get(&id).ok_or(Rejection::UnknownOrder)?;
        let attempt = order.payment(payment).ok_or(Rejection::UnknownPayment)?;
        if attempt.state == PaymentState::Refunded {
            return Ok(Self::decision(Vec::new(), Answer::Order(id)));
        }
        attempt.state.step(PaymentStep::Refund).ok_or(Rejection::PaymentSettled)?;
        let amount_minor = attempt.captured_minor;
        let changes =
            vec![Change::PaymentRefunded { fan: order.fan, order: id, payment, amount_minor }];
        Ok(Self::decision(changes, Answer::Order(id)))
    }

    pub(super) fn return_order(
        &self,
        now: Timestamp,
        by: Origin,
        id: OrderId,
    ) -> Result<Decision, Rejection> {
        let order = self.order_for(by, id)?;
        if order.state == OrderState::Returned {
            return Ok(Self::decision(Vec::new(), Answer::Order(id)));
        }
        let in_time = match by {
            Origin::Fan(_) => now <= self.terms.rules.refunds_until,
            Origin::Operator(..) | Origin::Clock | Origin::Provider => true,
        };
        let unused = |id: &TicketId| {
            self.ticket(*id).is_some_and(|ticket| ticket.state == TicketState::Valid)
        };
        let returnable = order.state.step(OrderStep::Return).is_some();
        if !returnable || !in_time || !order.tickets.iter().all(unused) {
            return Err(Rejection::NotReturnable);
        }
        let items = order.items.clone();
        Ok(Self::decision(
            vec![Change::OrderReturned { fan: order.fan, order: id, items }],
            Answer::Order(id),
        ))
    }

    pub(super) fn redeem_ticket(&self, id: TicketId, gate: &str) -> Result<Decision, Rejection> {
        let ticket = self.ticket(id).ok_or(Rejection::UnknownTicket)?;
        match &ticket.state {
            TicketState::Valid => {
                let changes = vec![Change::TicketRedeemed {
                    fan: ticket.fan,
                    ticket: id,
                    gate: gate.to_owned(),
                }];
                Ok(Self::decision(changes, Answer::Ticket(id)))
            }
            TicketState::Redeemed { at, gate } => {
                Err(Rejection::TicketUsed { at: *at, gate: gate.clone() })
            }
            TicketState::Void => Err(Rejection::TicketVoid),
        }
    }

    /// Whether an order's places are its own; or, after its hold has run out, still free and within
    /// what the fan may have.
    fn can_seat(&self, order: &Order) -> bool {
        let held = self.hold_of(order.fan).map_or(0, |hold| hold.items.len());
        let total = held + order.items.len() + self.bought(order.fan) as usize;
        let late = order.state == OrderState::Expired
            && total <= self.terms.rules.places_per_fan_max as usize;
        order.items.iter().all(|item| match self.inventory.state(item.place) {
            PlaceState::Free => late,
            PlaceState::Held(hold) => hold == order.hold,
            PlaceState::Sold(_) | PlaceState::Blocked => false,
        })
    }

    fn order_for(&self, by: Origin, id: OrderId) -> Result<&Order, Rejection> {
        self.orders
            .get(&id)
            .filter(|order| may_act_for(by, order.fan))
            .ok_or(Rejection::UnknownOrder)
    }

    fn next_ticket(&self) -> TicketId {
        TicketId::new(self.tickets.len() as u64 + 1)
    }

    /// A fan who has bought makes room for the next.
    fn end_of_session(&self, fan: FanId) -> Option<Change> {
        match self.room.standing(fan)? {
            Standing::Admitted { .. } => Some(Change::SessionEnded { fan }),
            Standing::Waiting { .. } | Standing::Called { .. } => None,
        }
    }
}

fn decline(order: &Order, attempt: &Payment, code: &str) -> Result<Vec<Change>, Rejection> {
    if attempt.state == PaymentState::Declined {
        return Ok(Vec::new());
    }
    attempt.state.step(PaymentStep::Decline).ok_or(Rejection::PaymentSettled)?;
    let (fan, order, payment) = (order.fan, order.id, attempt.id);
    Ok(vec![Change::PaymentDeclined { fan, order, payment, code: code.to_owned() }])
}

fn open_payment(order: &Order) -> Option<&Payment> {
    order.payments.iter().find(|payment| payment.state == PaymentState::Started)
}

fn places_of(items: &[Item]) -> Vec<PlaceIx> {
    items.iter().map(|item| item.place).collect()
}
