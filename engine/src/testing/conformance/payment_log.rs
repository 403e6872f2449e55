//! Authorisations, kept before the payment company is asked.

use crate::domain::ids::{EventId, OrderId, PaymentId};
use crate::ports::{Authorisation, PaymentLog};
use crate::testing::sample::OPENS_AT;

/// [`PaymentLog`]: the first authorisation of an attempt stands.
///
/// # Panics
/// If the adapter does not conform.
pub async fn payment_log(log: &dyn PaymentLog, event: EventId) {
    let payment = PaymentId::new(17);
    let first = Authorisation {
        event,
        payment,
        order: OrderId::new(12),
        payment_key: "tgen_20270115".to_owned(),
        amount_minor: 302_000,
        at: OPENS_AT,
    };
    assert_eq!(log.authorisation(event, payment).await, Ok(None));
    log.keep(&first).await.expect("kept");
    let second = Authorisation { payment_key: "another".to_owned(), ..first.clone() };
    log.keep(&second).await.expect("ignored");
    let of_other = Authorisation { payment: PaymentId::new(18), ..second };
    log.keep(&of_other).await.expect("kept");
    assert_eq!(log.authorisation(event, payment).await, Ok(Some(first)), "the first stands");
    assert_eq!(log.authorisation(event, of_other.payment).await, Ok(Some(of_other)));
    let other_event = EventId::new(event.number() + 1);
    assert_eq!(log.authorisation(other_event, payment).await, Ok(None));
}
