//! Taking and giving back money, outside of any sale's turn.
//!
//! A sale journals that an attempt has begun, and what the fan has authorised is kept; then the
//! provider is asked, and what it says goes back to the sale as a command. An answer that is lost
//! leaves the attempt open: [`settle`] asks again until the provider has said what became of it.

mod metrics;
mod settle;
mod toss;

pub(crate) use metrics::PaymentMetrics;
pub(crate) use toss::TossClient;

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tiketi_engine::domain::command::{Command, Origin, PaymentOutcome};
use tiketi_engine::domain::ids::{EventId, OrderId, PaymentId, scoped};
use tiketi_engine::domain::order::Order;
use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{Authorisation, Clock, Ledger, PaymentLog};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use self::toss::Answer;
use crate::catalog::ShelvedEvent;

/// What the provider posts when a payment changed; only the order id is believed.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WebhookBody {
    /// What the message is about.
    pub(crate) data: WebhookData,
}

/// What a webhook is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookData {
    /// The id under which the payment was begun.
    pub(crate) order_id: String,
}

/// The provider, and what is to be settled with it. Clones share it.
#[derive(Clone)]
pub(crate) struct Payments {
    toss: Arc<TossClient>,
    log: Arc<dyn PaymentLog>,
    clock: Arc<dyn Clock>,
    metrics: PaymentMetrics,
    /// Told when there is something to settle before the next round.
    wake: Arc<Notify>,
}

impl Payments {
    pub(crate) fn new(
        toss: TossClient,
        log: Arc<dyn PaymentLog>,
        clock: Arc<dyn Clock>,
        metrics: PaymentMetrics,
    ) -> Self {
        Self { toss: Arc::new(toss), log, clock, metrics, wake: Arc::new(Notify::new()) }
    }

    /// Whether the provider only plays at taking money.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.toss.is_sandbox()
    }

    /// The provider's page for an attempt.
    pub(crate) fn window_url(
        &self,
        public_url: &str,
        event: &ShelvedEvent,
        order: &Order,
        payment: PaymentId,
    ) -> String {
        let id = event.listing.id;
        let of = format!("order={}&payment={}", scoped(id, order.id), scoped(id, payment));
        self.toss.window_url(&[
            ("orderId", &scoped(id, payment)),
            ("orderName", &event.title()),
            ("amount", &order.total_minor.to_string()),
            ("currency", event.terms.prices.currency().code()),
            ("successUrl", &format!("{public_url}/checkout/return?{of}")),
            ("failUrl", &format!("{public_url}/checkout/failed?{of}")),
        ])
    }

    /// Has the provider take the money that the fan has authorised; what it says goes to the sale.
    pub(crate) async fn confirm(
        &self,
        engine: &Engine,
        event: EventId,
        order: &Order,
        payment: PaymentId,
        payment_key: &str,
    ) {
        let authorisation = Authorisation {
            event,
            payment,
            order: order.id,
            payment_key: payment_key.to_owned(),
            amount_minor: order.total_minor,
            at: self.clock.now(),
        };
        // If this server dies before it has the answer, another can ask again.
        if let Err(error) = self.log.keep(&authorisation).await {
            tracing::warn!(payment.id = %scoped(event, payment), %error, "not confirmed");
            return;
        }
        match take(&self.toss, &authorisation).await {
            Some(outcome) => tell_sale(engine, event, order.id, payment, outcome).await,
            None => self.wake(),
        }
    }

    /// The fan came back without having paid: declined, unless the provider knows better.
    pub(crate) async fn give_up(
        &self,
        engine: &Engine,
        event: EventId,
        order: OrderId,
        payment: PaymentId,
    ) {
        let outcome = match self.toss.look_up(&scoped(event, payment)).await {
            Ok(Answer::Done { payment_key, amount_minor }) => captured(payment_key, amount_minor),
            Ok(Answer::Refused { code }) => PaymentOutcome::Declined { code },
            // Money is taken only when this server confirms, and it does not confirm what it has
            // declined.
            Ok(Answer::Missing | Answer::Open) => {
                PaymentOutcome::Declined { code: "GIVEN_UP".to_owned() }
            }
            Err(_) => return self.wake(),
        };
        tell_sale(engine, event, order, payment, outcome).await;
    }

    /// Something may be to be settled.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// A message about a payment came in: settle what is open now.
    pub(crate) fn heard_of(&self, event: EventId, payment: PaymentId) {
        tracing::debug!(payment.id = %scoped(event, payment), "the provider sent word");
        self.wake();
    }

    /// Settles what is open, every so often, while this node is the one that does; until told to
    /// stop.
    pub(crate) async fn run(
        self,
        engine: Engine,
        ledger: Arc<dyn Ledger>,
        mut leads: watch::Receiver<bool>,
        stopping: CancellationToken,
    ) {
        loop {
            while !*leads.borrow_and_update() {
                self.metrics.found(&[]);
                tokio::select! {
                    () = stopping.cancelled() => return,
                    changed = leads.changed() => if changed.is_err() { return },
                }
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
            settle::round(&self, &engine, &*ledger).await;
        }
    }
}

/// Has the provider take what was authorised; `None` if it does not say what came of that.
async fn take(toss: &TossClient, authorised: &Authorisation) -> Option<PaymentOutcome> {
    let id = scoped(authorised.event, authorised.payment);
    match toss.confirm(&id, &authorised.payment_key, authorised.amount_minor).await {
        Ok(Answer::Done { payment_key, amount_minor }) => Some(captured(payment_key, amount_minor)),
        Ok(Answer::Refused { code }) => Some(PaymentOutcome::Declined { code }),
        Ok(Answer::Open | Answer::Missing) => None,
        Err(error) => {
            tracing::warn!(payment.id = %id, %error, "the provider's answer is unknown");
            None
        }
    }
}

/// How often open payments are looked at.
const ROUND: Duration = Duration::from_secs(2);

fn captured(reference: String, amount_minor: i64) -> PaymentOutcome {
    PaymentOutcome::Captured { reference, amount_minor }
}

/// Tells a sale what the provider said; the next round tries again if it cannot be told.
async fn tell_sale(
    engine: &Engine,
    event: EventId,
    order: OrderId,
    payment: PaymentId,
    outcome: PaymentOutcome,
) {
    let command = Command::SettlePayment { order, payment, outcome };
    if let Err(error) = engine.operate(event, Origin::Provider, command).await {
        tracing::warn!(payment.id = %scoped(event, payment), %error, "payment not settled");
    }
}
