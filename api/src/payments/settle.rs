//! One round over open payments: ask the provider, tell the sale, give money back.

use std::time::Duration;

use tiketi_engine::domain::command::{Command, Origin, PaymentOutcome};
use tiketi_engine::domain::ids::{EventId, OrderId, PaymentId, scoped};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{Ledger, OpenPayment};

use super::toss::{Answer, TossClient};
use super::{Payments, captured, take, tell_sale};

/// Payments looked at in one round.
const PAYMENTS_MAX: u32 = 100;
/// How long an attempt is left to the fan and the provider before it is asked about.
const GRACE: Duration = Duration::from_secs(3);
/// After this the provider lets an attempt lapse that was not confirmed.
const LAPSE: Duration = Duration::from_mins(11);

pub(super) async fn round(payments: &Payments, engine: &Engine, ledger: &dyn Ledger) {
    let now = payments.clock.now();
    let open = match ledger.open_payments(now, PAYMENTS_MAX).await {
        Ok(open) => open,
        Err(error) => {
            tracing::warn!(%error, "open payments cannot be read");
            return;
        }
    };
    payments.metrics.found(&open);
    for payment in open {
        match payment {
            OpenPayment::Unsettled { event, order, payment, started_at } => {
                if now.since(started_at) >= GRACE {
                    ask(payments, engine, (event, order, payment), started_at, now).await;
                }
            }
            OpenPayment::RefundDue { event, order, payment, reference, .. } => {
                give_back(&payments.toss, engine, (event, order, payment), &reference).await;
            }
        }
    }
}

type Which = (EventId, OrderId, PaymentId);

async fn ask(
    payments: &Payments,
    engine: &Engine,
    (event, order, payment): Which,
    started_at: Timestamp,
    now: Timestamp,
) {
    let id = scoped(event, payment);
    let outcome = match payments.toss.look_up(&id).await {
        Ok(Answer::Done { payment_key, amount_minor }) => captured(payment_key, amount_minor),
        Ok(Answer::Refused { code }) => PaymentOutcome::Declined { code },
        Ok(Answer::Open | Answer::Missing) if now.since(started_at) >= LAPSE => {
            PaymentOutcome::Declined { code: "LAPSED".to_owned() }
        }
        Ok(Answer::Open | Answer::Missing) => match confirm_again(payments, event, payment).await {
            Some(outcome) => outcome,
            None => return,
        },
        Err(error) => {
            tracing::warn!(payment.id = %id, %error, "the provider does not answer");
            return;
        }
    };
    tell_sale(engine, event, order, payment, outcome).await;
}

/// The fan had authorised it, and the confirmation was lost.
async fn confirm_again(
    payments: &Payments,
    event: EventId,
    payment: PaymentId,
) -> Option<PaymentOutcome> {
    match payments.log.authorisation(event, payment).await {
        Ok(authorised) => take(&payments.toss, &authorised?).await,
        Err(error) => {
            tracing::warn!(payment.id = %scoped(event, payment), %error, "not known whether paid");
            None
        }
    }
}

async fn give_back(
    toss: &TossClient,
    engine: &Engine,
    (event, order, payment): Which,
    reference: &str,
) {
    let id = scoped(event, payment);
    match toss.cancel(&id, reference).await {
        Ok(()) => {
            let command = Command::SettleRefund { order, payment };
            if let Err(error) = engine.operate(event, Origin::Provider, command).await {
                tracing::warn!(payment.id = %id, %error, "refund not settled");
            }
        }
        Err(error) => tracing::warn!(payment.id = %id, %error, "refund not made; tried again"),
    }
}
