//! What fans have authorised.

use async_trait::async_trait;
use tiketi_engine::domain::ids::{EventId, PaymentId};
use tiketi_engine::ports::{Authorisation, PaymentLog, StoreError};

use super::Embedded;
use crate::columns::Fault;
use crate::read;

#[async_trait]
impl PaymentLog for Embedded {
    async fn keep(&self, authorisation: &Authorisation) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        sqlx::query(
            "INSERT INTO payments_authorisation
                 (event, payment, order_number, payment_key, amount_minor, kept_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6
             WHERE NOT EXISTS (SELECT 1 FROM payments_rehearsal WHERE event = ?1 AND wiped = 1)
             ON CONFLICT (event, payment) DO NOTHING",
        )
        .bind(authorisation.event.number().cast_signed())
        .bind(authorisation.payment.number().cast_signed())
        .bind(authorisation.order.number().cast_signed())
        .bind(&authorisation.payment_key)
        .bind(authorisation.amount_minor)
        .bind(authorisation.at.as_millis())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn authorisation(
        &self,
        event: EventId,
        payment: PaymentId,
    ) -> Result<Option<Authorisation>, StoreError> {
        let row = sqlx::query(
            "SELECT event, payment, order_number, payment_key, amount_minor, kept_at
             FROM payments_authorisation WHERE event = ? AND payment = ?",
        )
        .bind(event.number().cast_signed())
        .bind(payment.number().cast_signed())
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(row.map(|row| read::authorisation(&row)).transpose()?)
    }
}
