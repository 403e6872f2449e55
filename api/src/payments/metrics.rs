//! What settling counts. No label names a payment or an event.

use prometheus::{IntGauge, IntGaugeVec, Opts, Registry};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::OpenPayment;

/// The metrics of payments that something is still to be done about, registered once for a process.
#[derive(Debug, Clone)]
pub(crate) struct PaymentMetrics {
    /// Nobody knows yet whether the money was taken.
    unsettled: Open,
    /// Money is to be given back.
    refund_due: Open,
}

#[derive(Debug, Clone)]
struct Open {
    /// `tiketi_payments_open`: how many there are; 0 on nodes that do not settle.
    number: IntGauge,
    /// `tiketi_payments_oldest_timestamp_seconds`: since when the oldest of them is so; 0 for none.
    since: IntGauge,
}

impl PaymentMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauges = |name: &str, help: &str| {
            let gauges =
                IntGaugeVec::new(Opts::new(format!("tiketi_payments_{name}"), help), &["state"])?;
            registry.register(Box::new(gauges.clone()))?;
            Ok::<_, prometheus::Error>(gauges)
        };
        let number = gauges(
            "open",
            "Payments whose outcome is not known, or whose money is owed back; at most 100 in all.",
        )?;
        let since = gauges(
            "oldest_timestamp_seconds",
            "Unix time since which the oldest open payment is in its state; 0 if there is none.",
        )?;
        let of = |state| Open {
            number: number.with_label_values(&[state]),
            since: since.with_label_values(&[state]),
        };
        Ok(Self { unsettled: of("unsettled"), refund_due: of("refund_due") })
    }

    /// These are all that are open, as far as this node knows.
    pub(super) fn found(&self, open: &[OpenPayment]) {
        let (mut unsettled, mut refund_due) = (Vec::new(), Vec::new());
        for payment in open {
            match payment {
                OpenPayment::Unsettled { started_at, .. } => unsettled.push(*started_at),
                OpenPayment::RefundDue { due_since, .. } => refund_due.push(*due_since),
            }
        }
        self.unsettled.are(&unsettled);
        self.refund_due.are(&refund_due);
    }
}

impl Open {
    fn are(&self, since: &[Timestamp]) {
        self.number.set(i64::try_from(since.len()).unwrap_or(i64::MAX));
        self.since.set(since.iter().min().map_or(0, |since| since.as_millis() / 1_000));
    }
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::ids::{EventId, OrderId, PaymentId};

    use super::*;

    #[test]
    fn what_is_open_is_counted_by_state_with_the_oldest_and_forgotten_when_it_is_over() {
        let metrics = crate::metrics::Metrics::register(&Registry::new()).unwrap().payments;
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000 + 999);
        let which = (EventId::new(1), OrderId::new(2), PaymentId::new(3));
        let unsettled = |seconds| OpenPayment::Unsettled {
            event: which.0,
            order: which.1,
            payment: which.2,
            started_at: at(seconds),
        };
        let refund = OpenPayment::RefundDue {
            event: which.0,
            order: which.1,
            payment: which.2,
            reference: "tsk".to_owned(),
            amount_minor: 1,
            due_since: at(60),
        };
        let said = |open: &Open| (open.number.get(), open.since.get());
        metrics.found(&[unsettled(100), refund, unsettled(90)]);
        assert_eq!((said(&metrics.unsettled), said(&metrics.refund_due)), ((2, 90), (1, 60)));
        metrics.found(&[unsettled(100)]);
        assert_eq!((said(&metrics.unsettled), said(&metrics.refund_due)), ((1, 100), (0, 0)));
        metrics.found(&[]);
        assert_eq!(said(&metrics.unsettled), (0, 0));
    }
}
