//! What fans have authorised.

use async_trait::async_trait;
use tiketi_engine::domain::ids::{EventId, PaymentId};
use tiketi_engine::ports::{Authorisation, PaymentLog, StoreError};

use super::Postgres;
use crate::columns::Fault;
use crate::read;

#[async_trait]
impl PaymentLog for Postgres {
    async fn keep(&self, authorisation: &Authorisation) -> Result<(), StoreError> {
        self.authorisations.write(authorisation.clone(), |all| self.keep_all(all)).await
    }

    async fn authorisation(
        &self,
        event: EventId,
        payment: PaymentId,
    ) -> Result<Option<Authorisation>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT event, payment, order_number, payment_key, amount_minor, kept_at
                 FROM payments.authorisation WHERE event = $1 AND payment = $2",
            )
            .bind(event.number().cast_signed())
            .bind(payment.number().cast_signed())
        };
        let row = self.payments.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::authorisation(&row)).transpose()?)
    }
}

impl Postgres {
    async fn keep_all(&self, all: Vec<Authorisation>) -> Result<(), StoreError> {
        let numbers = |of: fn(&Authorisation) -> u64| -> Vec<i64> {
            all.iter().map(|one| of(one).cast_signed()).collect()
        };
        // A wipe that begins meanwhile waits for the lock, and deletes what was kept under it; one that
        // was begun is waited for.
        let statement = sqlx::query(
            "WITH rehearsal AS MATERIALIZED (
                 SELECT event, wiped FROM payments.rehearsal WHERE event = ANY ($1) FOR SHARE
             )
             INSERT INTO payments.authorisation
                 (event, payment, order_number, payment_key, amount_minor, kept_at)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[],
                                  $5::bigint[], $6::bigint[]) AS given (of)
             WHERE NOT EXISTS (SELECT 1 FROM rehearsal WHERE event = given.of AND wiped)
             ON CONFLICT (event, payment) DO NOTHING",
        )
        .bind(numbers(|one| one.event.number()))
        .bind(numbers(|one| one.payment.number()))
        .bind(numbers(|one| one.order.number()))
        .bind(all.iter().map(|one| one.payment_key.as_str()).collect::<Vec<_>>())
        .bind(all.iter().map(|one| one.amount_minor).collect::<Vec<_>>())
        .bind(all.iter().map(|one| one.at.as_millis()).collect::<Vec<_>>());
        self.payments.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }
}
