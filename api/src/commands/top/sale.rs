//! One sale and its waiting room: how they stand, and where the money is.

use serde::Deserialize;

use super::actors::status;
use super::figures::{duration, moment, money, share, time_of_day};
use super::session::{Frames, Least, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::topic_of;
use crate::wire::books::{AgeView, SaleBooksView, SaleFrame};
use crate::wire::orders::{OrderStateView, PaymentStateView};

const NONE: &str = "None.";

pub(super) struct SalePage {
    title: String,
    frames: Frames,
}

#[derive(Debug, Deserialize)]
struct Titled {
    title: String,
}

impl SalePage {
    pub(super) async fn begin(session: &Session, event: &str) -> Result<Self, Missed> {
        // It says in a sentence whether there is such an event.
        let path = format!("/api/v1/events/{event}");
        let Titled { title } = session.get(&path, &[], Least::Viewer).await?;
        let frames = session.watch(&topic_of("sale", event)).await?;
        Ok(Self { title, frames })
    }

    pub(super) async fn next(&mut self) -> Result<Sheet, Missed> {
        Ok(sheet(self.frames.next().await?, &self.title))
    }
}

fn sheet(of: SaleFrame, title: &str) -> Sheet {
    let part = Part::new("").note(title);
    let parts = match &of.sale {
        None => vec![part.note("The owner of this event does not answer.")],
        Some(sale) => vec![
            part.note(window(sale)).figures(figures(sale)),
            ages(sale),
            orders(sale),
            payments(sale),
            unsettled(sale),
            unpaid(sale),
            holds(sale),
        ],
    };
    Sheet::new(of.at, parts)
}

fn window(of: &SaleBooksView) -> String {
    let [from, to] = [&of.opens_at, &of.closes_at].map(|at| moment(at));
    let (seq, fence) = (of.overview.seq, of.overview.fence);
    format!("On sale from {from} to {to} · Record {seq} · fence {fence}")
}

fn amount(minor: i64, of: &SaleBooksView) -> String {
    money(minor, &of.currency, of.currency_decimals)
}

fn figures(of: &SaleBooksView) -> [(&'static str, String); 12] {
    let sale = &of.overview;
    let rate = of
        .admission_rate
        .map_or_else(|| "Any number".to_owned(), |rate| format!("{rate} a minute"));
    let sum = |state| {
        let sum = of.payments.iter().find(|sum| sum.state == state);
        amount(sum.map_or(0, |sum| sum.amount_minor), of)
    };
    [
        ("Status", status(sale.status).to_owned()),
        ("Sold", sale.sold.to_string()),
        ("Held", sale.held.to_string()),
        ("Free", sale.free.to_string()),
        ("Off sale", of.blocked.to_string()),
        ("Inside", share(sale.inside, sale.admitted_max)),
        ("Waiting", sale.waiting.to_string()),
        ("Let in per minute at most", rate),
        ("Captured", sum(PaymentStateView::Captured)),
        ("Owed back", sum(PaymentStateView::RefundDue)),
        ("Refunded", sum(PaymentStateView::Refunded)),
        ("What those in line read", of.notice.clone().unwrap_or_else(|| NONE.to_owned())),
    ]
}

fn ages(of: &SaleBooksView) -> Part {
    let from = [0].into_iter().chain(of.ages.iter().filter_map(|age| age.under_s));
    let row = |(age, from): (&AgeView, u64)| {
        let said = match age.under_s {
            Some(to) if from == 0 => format!("Under {}", duration(to)),
            Some(to) => format!("{} – {}", duration(from), duration(to)),
            None => format!("{} and more", duration(from)),
        };
        Row::new([said, age.holds.to_string(), age.places.to_string()])
    };
    let rows = of.ages.iter().zip(from).map(row);
    Part::new("Holds by age").table(["Age", "Holds", "Seats"], rows, NONE)
}

fn orders(of: &SaleBooksView) -> Part {
    let rows = of.orders.iter().map(|sum| {
        let state = match sum.state {
            OrderStateView::AwaitingPayment => "Awaiting payment",
            OrderStateView::Paid => "Paid",
            OrderStateView::Expired => "Expired",
            OrderStateView::Cancelled => "Cancelled",
            OrderStateView::Returned => "Returned",
        };
        Row::new([state.to_owned(), sum.count.to_string(), amount(sum.amount_minor, of)])
    });
    Part::new("Orders").table(["State", "Count", "Amount"], rows, NONE)
}

fn payment_state(state: PaymentStateView) -> String {
    let said = match state {
        PaymentStateView::Started => "Outcome unknown",
        PaymentStateView::Declined => "Declined",
        PaymentStateView::Captured => "Captured",
        PaymentStateView::RefundDue => "Refund due",
        PaymentStateView::Refunded => "Refunded",
    };
    said.to_owned()
}

fn payments(of: &SaleBooksView) -> Part {
    let rows = of.payments.iter().map(|sum| {
        Row::new([payment_state(sum.state), sum.count.to_string(), amount(sum.amount_minor, of)])
    });
    Part::new("Payments").table(["State", "Count", "Amount"], rows, NONE)
}

fn unsettled(of: &SaleBooksView) -> Part {
    let columns = ["Payment", "Order", "Amount", "Since", "State"];
    let rows = of.unsettled.iter().map(|payment| {
        Row::new([
            payment.id.clone(),
            payment.order.clone(),
            amount(payment.amount_minor, of),
            time_of_day(&payment.since),
            payment_state(payment.state),
        ])
    });
    Part::new("Payments that are not settled").table(columns, rows, NONE)
}

fn unpaid(of: &SaleBooksView) -> Part {
    let columns = ["Order", "Account", "Seats", "Amount", "Since"];
    let rows = of.unpaid.iter().map(|order| {
        Row::new([
            order.id.clone(),
            order.fan.clone(),
            order.places.to_string(),
            amount(order.total_minor, of),
            time_of_day(&order.placed_at),
        ])
    });
    Part::new("Orders that await payment").table(columns, rows, NONE)
}

fn holds(of: &SaleBooksView) -> Part {
    let columns = ["Hold", "Account", "Seats", "Since", "Until", ""];
    let rows = of.holds.iter().map(|hold| {
        Row::new([
            hold.id.clone(),
            hold.fan.clone(),
            hold.places.to_string(),
            time_of_day(&hold.placed_at),
            time_of_day(&hold.expires_at),
            if hold.ordered { "Ordered" } else { "" }.to_owned(),
        ])
    });
    Part::new("The oldest holds").table(columns, rows, NONE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    fn shown(sale: &serde_json::Value) -> Sheet {
        let frame = json!({"type": "sale", "at": "now", "event": "evt_1", "sale": sale});
        sheet(serde_json::from_value(frame).unwrap(), "A night")
    }

    #[test]
    fn a_sale_says_who_waits_what_is_held_and_where_the_money_is() {
        let at = "2026-11-28T15:00:05Z";
        let mut sale = json!({
            "overview": {"status": "paused", "seq": 9, "fence": 2, "free": 3, "held": 2, "sold": 1,
                "inside": 4, "waiting": 70, "admitted_max": 10},
            "opens_at": at, "closes_at": at, "currency": "USD", "currency_decimals": 2,
            "ages": [{"under_s": 60, "holds": 1, "places": 2}, {"under_s": 180, "holds": 0, "places": 0},
                {"under_s": null, "holds": 0, "places": 0}],
            "holds": [{"id": "hld_1", "fan": "acc_1", "places": 2, "placed_at": at, "expires_at": at,
                "ordered": true}],
            "orders": [{"state": "awaiting_payment", "count": 1, "amount_minor": 1250}],
            "unpaid": [{"id": "ord_1", "fan": "acc_1", "places": 2, "total_minor": 1250, "placed_at": at}],
            "payments": [{"state": "refund_due", "count": 1, "amount_minor": 999}],
            "unsettled": [{"id": "pay_1", "order": "ord_2", "state": "refund_due", "amount_minor": 999,
                "since": at}],
            "blocked": 5, "admission_rate": 30, "notice": "Please wait",
        });
        let told = shown(&sale);
        said_as_on_the_dashboard(&told);
        has_lines(&told, &["A night", "Status: Paused", "Inside: 4 / 10", "Owed back: 9.99 USD"]);
        has_lines(&told, &["Let in per minute at most: 30 a minute"]);
        has_lines(&told, &["What those in line read: Please wait", "Captured: 0.00 USD"]);
        has_lines(&told, &["Under 1 min     1      2", "1 min – 3 min   0      0"]);
        has_lines(&told, &["3 min and more  0      0", "Awaiting payment  1      12.50 USD"]);
        has_lines(&told, &["pay_1    ord_2  9.99 USD  15:00:05  Refund due"]);
        for name in ["admission_rate", "notice"] {
            sale[name] = json!(null);
        }
        let told = shown(&sale);
        has_lines(
            &told,
            &["Let in per minute at most: Any number", "What those in line read: None."],
        );
    }

    #[test]
    fn an_owner_that_says_nothing_is_told_of() {
        has_lines(&shown(&json!(null)), &["The owner of this event does not answer."]);
    }
}
