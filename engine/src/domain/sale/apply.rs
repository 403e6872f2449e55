//! What each record does to the state. Nothing is decided here: a record that does not fit the
//! state is a bug or a corrupt journal, and stops the sale.

use super::{Basket, Deadline, Sale, count_for_sale};
use crate::domain::change::{Capture, Change, Record};
use crate::domain::chart::PlaceIx;
use crate::domain::hold::{Hold, Item};
use crate::domain::ids::{FanId, HoldId, OrderId, PaymentId, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::{Order, OrderState, OrderStep, Payment, PaymentState, PaymentStep};
use crate::domain::terms::Terms;
use crate::domain::ticket::{Ticket, TicketState};
use crate::domain::time::Timestamp;
use crate::domain::waiting_room::{Rate, Standing};

impl Sale {
    /// Changes the state by one record.
    ///
    /// # Panics
    /// If the record does not follow the one before, or does not fit the state.
    pub fn apply(&mut self, record: &Record) {
        assert_eq!(record.seq, self.seq.next(), "a record is missing or repeated");
        assert!(record.at >= self.at, "record {} is older than the one before", record.seq);
        self.seq = record.seq;
        self.at = record.at;
        self.change(record);
    }

    fn change(&mut self, record: &Record) {
        match &record.change {
            Change::SaleOpened { .. } => panic!("a sale opens once"),
            Change::TermsChanged { terms } => self.change_terms(terms),
            Change::StatusChanged { status } => self.status = *status,
            Change::Joined { fan, number } => self.room.join(*fan, *number),
            Change::Left { fan } | Change::ClaimLapsed { fan } | Change::SessionEnded { fan } => {
                self.leave_room(*fan);
            }
            Change::Called { fans, claim_by } => self.call_fans(record.at, fans, *claim_by),
            Change::Claimed { fan, until } => self.admit(record, *fan, *until),
            Change::HoldPlaced { fan, entry: _, items, expires_at } => {
                self.hold_places(record, *fan, items, *expires_at);
            }
            Change::HoldChanged { hold, added, removed, .. } => {
                self.change_places(*hold, added, removed);
            }
            Change::HoldExtended { hold, expires_at, .. } => self.extend(*hold, *expires_at),
            Change::HoldReleased { hold, places, .. } => self.release(*hold, places),
            Change::HoldExpired { hold, places, .. } => self.expire(*hold, places),
            Change::OrderPlaced { hold, total_minor, .. } => {
                self.place(record, *hold, *total_minor);
            }
            Change::OrderCancelled { order, places, .. } => self.cancel(*order, places),
            Change::PaymentStarted { order, .. } => self.begin_payment(record, *order),
            Change::PaymentDeclined { order, payment, code, .. } => {
                self.decline(*order, *payment, code);
            }
            Change::OrderPaid { order, payment, items, first_ticket, .. } => {
                self.pay(record.at, *order, payment.as_ref(), items, *first_ticket);
            }
            Change::PaymentStranded { order, payment, .. } => {
                self.take_money(*order, payment, PaymentStep::Strand);
            }
            Change::OrderReturned { order, items, .. } => self.take_back(*order, items),
            Change::PaymentRefunded { order, payment, .. } => {
                self.step_payment(*order, *payment, PaymentStep::Refund);
            }
            Change::TicketRedeemed { ticket, gate, .. } => self.redeem(*ticket, record.at, gate),
            Change::Answered { key, reply } => self.answers.keep(record.at, *key, reply.clone()),
            Change::PlacesBlocked { places } => {
                self.move_places(places, PlaceState::Free, PlaceState::Blocked);
            }
            Change::PlacesFreed { places } => {
                self.move_places(places, PlaceState::Blocked, PlaceState::Free);
            }
            Change::RateChanged { per_minute } => self.rate = per_minute.map(Rate::new),
            Change::NoticeChanged { notice } => self.notice.clone_from(notice),
        }
    }

    fn change_terms(&mut self, terms: &Terms) {
        self.terms = terms.clone();
        self.offered = count_for_sale(&self.chart, terms, &self.inventory);
    }

    fn move_places(&mut self, places: &[PlaceIx], from: PlaceState, to: PlaceState) {
        for place in places {
            self.inventory.set(*place, from, to);
        }
        self.offered = count_for_sale(&self.chart, &self.terms, &self.inventory);
    }

    fn call_fans(&mut self, at: Timestamp, fans: &[FanId], claim_by: Timestamp) {
        if let Some(rate) = &mut self.rate {
            rate.note(at, u32::try_from(fans.len()).unwrap_or(u32::MAX));
        }
        for fan in fans {
            self.room.call(*fan, claim_by);
            self.deadlines.insert((claim_by, Deadline::Claim(*fan)));
        }
    }

    fn admit(&mut self, record: &Record, fan: FanId, until: Timestamp) {
        if let Some(Standing::Called { claim_by }) = self.room.standing(fan) {
            self.deadlines.remove(&(claim_by, Deadline::Claim(fan)));
        }
        self.room.admit(fan, record.seq, until);
        self.deadlines.insert((until, Deadline::Session(fan)));
    }

    fn leave_room(&mut self, fan: FanId) {
        let deadline = match self.room.leave(fan) {
            None => panic!("{fan} is not in the waiting room"),
            Some(Standing::Waiting { .. }) => return,
            Some(Standing::Called { claim_by }) => (claim_by, Deadline::Claim(fan)),
            Some(Standing::Admitted { until, .. }) => (until, Deadline::Session(fan)),
        };
        self.deadlines.remove(&deadline);
    }

    fn hold_places(&mut self, record: &Record, fan: FanId, items: &[Item], expires_at: Timestamp) {
        let id = HoldId::new(record.seq.0);
        for item in items {
            self.inventory.set(item.place, PlaceState::Free, PlaceState::Held(id));
        }
        let hold = Hold {
            id,
            fan,
            items: items.to_vec(),
            placed_at: record.at,
            expires_at,
            extended: false,
            ordered: false,
        };
        self.holds.insert(id, hold);
        self.deadlines.insert((expires_at, Deadline::Hold(id)));
        let basket = self.basket(fan);
        assert!(basket.hold.is_none(), "{fan} holds places already");
        basket.hold = Some(id);
    }

    fn change_places(&mut self, id: HoldId, added: &[Item], removed: &[PlaceIx]) {
        self.free(id, removed);
        for item in added {
            self.inventory.set(item.place, PlaceState::Free, PlaceState::Held(id));
        }
        let hold = self.hold_mut(id);
        hold.items.retain(|item| !removed.contains(&item.place));
        hold.items.extend_from_slice(added);
        assert!(!hold.items.is_empty(), "a hold keeps at least one place");
    }

    fn extend(&mut self, id: HoldId, expires_at: Timestamp) {
        let hold = self.hold_mut(id);
        let before = std::mem::replace(&mut hold.expires_at, expires_at);
        hold.extended = true;
        self.deadlines.remove(&(before, Deadline::Hold(id)));
        self.deadlines.insert((expires_at, Deadline::Hold(id)));
    }

    fn release(&mut self, hold: HoldId, places: &[PlaceIx]) {
        self.end_hold(hold);
        self.free(hold, places);
    }

    fn expire(&mut self, hold: HoldId, places: &[PlaceIx]) {
        let ordered = self.end_hold(hold).ordered;
        self.free(hold, places);
        if ordered {
            self.step_order(OrderId::new(hold.number()), OrderStep::Expire);
        }
    }

    fn cancel(&mut self, order: OrderId, places: &[PlaceIx]) {
        let hold = self.step_order(order, OrderStep::Cancel).hold;
        self.release(hold, places);
    }

    /// Takes a hold out of the books; its places are another matter.
    fn end_hold(&mut self, id: HoldId) -> Hold {
        let hold = self.holds.remove(&id).expect("a record names a hold that lives");
        self.deadlines.remove(&(hold.expires_at, Deadline::Hold(id)));
        self.basket(hold.fan).hold = None;
        self.forget_empty_basket(hold.fan);
        hold
    }

    fn free(&mut self, hold: HoldId, places: &[PlaceIx]) {
        for place in places {
            self.inventory.set(*place, PlaceState::Held(hold), PlaceState::Free);
        }
    }

    fn place(&mut self, record: &Record, hold: HoldId, total_minor: i64) {
        let id = OrderId::new(hold.number());
        let hold = self.hold_mut(hold);
        assert!(!std::mem::replace(&mut hold.ordered, true), "a hold is ordered once");
        let order = Order {
            id,
            fan: hold.fan,
            hold: hold.id,
            items: hold.items.clone(),
            total_minor,
            placed_at: record.at,
            state: OrderState::AwaitingPayment,
            changed_at: record.at,
            payments: Vec::new(),
            tickets: Vec::new(),
        };
        self.orders.insert(id, order);
    }

    fn begin_payment(&mut self, record: &Record, order: OrderId) {
        let payment = Payment {
            id: PaymentId::new(record.seq.0),
            started_at: record.at,
            state: PaymentState::Started,
            changed_at: record.at,
            reference: String::new(),
            captured_minor: 0,
            decline_code: String::new(),
        };
        self.order_mut(order).payments.push(payment);
    }

    fn pay(
        &mut self,
        at: Timestamp,
        id: OrderId,
        payment: Option<&Capture>,
        items: &[Item],
        first_ticket: TicketId,
    ) {
        let late = self.order_mut(id).state == OrderState::Expired;
        let order = self.step_order(id, OrderStep::Pay).clone();
        assert_eq!(first_ticket.number(), self.tickets.len() as u64 + 1, "tickets are numbered on");
        if let Some(capture) = payment {
            self.take_money(id, capture, PaymentStep::Capture);
        }
        let from = if late {
            PlaceState::Free
        } else {
            self.end_hold(order.hold);
            PlaceState::Held(order.hold)
        };
        let mut tickets = Vec::with_capacity(items.len());
        for item in items {
            let ticket = TicketId::new(self.tickets.len() as u64 + 1);
            self.inventory.set(item.place, from, PlaceState::Sold(ticket));
            self.tickets.push(Ticket {
                id: ticket,
                order: id,
                fan: order.fan,
                place: item.place,
                ticket_type: item.ticket_type,
                issued_at: at,
                state: TicketState::Valid,
            });
            tickets.push(ticket);
        }
        assert_eq!(items, order.items, "the record pays what was ordered");
        self.basket(order.fan).bought += u32::try_from(tickets.len()).unwrap_or(u32::MAX);
        self.order_mut(id).tickets = tickets;
    }

    fn decline(&mut self, order: OrderId, payment: PaymentId, code: &str) {
        let attempt = self.step_payment(order, payment, PaymentStep::Decline);
        code.clone_into(&mut attempt.decline_code);
    }

    fn take_money(&mut self, order: OrderId, capture: &Capture, step: PaymentStep) {
        let attempt = self.step_payment(order, capture.payment, step);
        attempt.reference.clone_from(&capture.reference);
        attempt.captured_minor = capture.amount_minor;
    }

    fn take_back(&mut self, id: OrderId, items: &[Item]) {
        let order = self.step_order(id, OrderStep::Return).clone();
        for (ticket, item) in order.tickets.iter().zip(items) {
            self.inventory.set(item.place, PlaceState::Sold(*ticket), PlaceState::Free);
            self.ticket_mut(*ticket).state = TicketState::Void;
        }
        for payment in &order.payments {
            if payment.state == PaymentState::Captured {
                self.step_payment(id, payment.id, PaymentStep::Return);
            }
        }
        let basket = self.basket(order.fan);
        basket.bought -= u32::try_from(order.tickets.len()).unwrap_or(u32::MAX);
        self.forget_empty_basket(order.fan);
    }

    fn redeem(&mut self, id: TicketId, at: Timestamp, gate: &str) {
        let ticket = self.ticket_mut(id);
        assert_eq!(ticket.state, TicketState::Valid, "a ticket is good for one entry");
        ticket.state = TicketState::Redeemed { at, gate: gate.to_owned() };
    }

    fn step_order(&mut self, id: OrderId, step: OrderStep) -> &Order {
        let at = self.at;
        let order = self.order_mut(id);
        order.state = order.state.step(step).expect("a record makes a legal step");
        order.changed_at = at;
        order
    }

    fn step_payment(&mut self, order: OrderId, id: PaymentId, step: PaymentStep) -> &mut Payment {
        let at = self.at;
        let payments = &mut self.order_mut(order).payments;
        let payment = payments
            .iter_mut()
            .find(|payment| payment.id == id)
            .expect("a record names a payment of its order");
        payment.state = payment.state.step(step).expect("a record makes a legal step");
        payment.changed_at = at;
        payment
    }

    fn hold_mut(&mut self, id: HoldId) -> &mut Hold {
        self.holds.get_mut(&id).expect("a record names a hold that lives")
    }

    fn order_mut(&mut self, id: OrderId) -> &mut Order {
        self.orders.get_mut(&id).expect("a record names an order that exists")
    }

    fn ticket_mut(&mut self, id: TicketId) -> &mut Ticket {
        let index = usize::try_from(id.number() - 1).expect("tickets fit in memory");
        &mut self.tickets[index]
    }

    fn basket(&mut self, fan: FanId) -> &mut Basket {
        self.baskets.entry(fan).or_default()
    }

    fn forget_empty_basket(&mut self, fan: FanId) {
        if self.baskets.get(&fan) == Some(&Basket::default()) {
            self.baskets.swap_remove(&fan);
        }
    }
}
