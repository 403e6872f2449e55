//! What operators set: the status of the sale, its terms, the rate of admission, and what
//! those in line are told.

use super::{Answer, Decision, Sale};
use crate::domain::change::Change;
use crate::domain::chart::Chart;
use crate::domain::limits::RATE_PER_MINUTE_MAX;
use crate::domain::rejection::Rejection;
use crate::domain::terms::{RuleFault, SaleStatus, Terms};
use crate::domain::waiting_room::Notice;

impl Sale {
    pub(super) fn set_status(&self, status: SaleStatus) -> Result<Decision, Rejection> {
        if status == self.status {
            return Ok(Self::decision(Vec::new(), Answer::Done));
        }
        if !self.status.may_become(status) {
            return Err(Rejection::StatusConflict);
        }
        Ok(Self::decision(vec![Change::StatusChanged { status }], Answer::Done))
    }

    pub(super) fn set_terms(&self, terms: &Terms) -> Result<Decision, Rejection> {
        if terms.prices.currency() != self.terms.prices.currency() {
            return Err(Rejection::UnlawfulTerms("the currency of a sale cannot change".into()));
        }
        // Ticket types are referred to by index in what is held and sold.
        if !terms.prices.ticket_types().starts_with(self.terms.prices.ticket_types()) {
            return Err(Rejection::UnlawfulTerms("ticket types can only be added".into()));
        }
        check_terms(&self.chart, terms)?;
        if *terms == self.terms {
            return Ok(Self::decision(Vec::new(), Answer::Done));
        }
        let changes = vec![Change::TermsChanged { terms: Box::new(terms.clone()) }];
        Ok(Self::decision(changes, Answer::Done))
    }

    pub(super) fn set_admitted_max(&self, most: u32) -> Result<Decision, Rejection> {
        let mut terms = self.terms.clone();
        terms.rules.admitted_max = most;
        self.set_terms(&terms)
    }

    pub(super) fn set_rate(&self, per_minute: Option<u32>) -> Result<Decision, Rejection> {
        if per_minute.is_some_and(|most| !(1..=RATE_PER_MINUTE_MAX).contains(&most)) {
            let why = "the rate of admission must be 1 to 60000 fans a minute, or none";
            return Err(Rejection::UnlawfulTerms(why.into()));
        }
        if per_minute == self.rate() {
            return Ok(Self::decision(Vec::new(), Answer::Done));
        }
        Ok(Self::decision(vec![Change::RateChanged { per_minute }], Answer::Done))
    }

    pub(super) fn set_notice(&self, notice: Option<&Notice>) -> Decision {
        if notice == self.notice() {
            return Self::decision(Vec::new(), Answer::Done);
        }
        let change = Change::NoticeChanged { notice: notice.cloned() };
        Self::decision(vec![change], Answer::Done)
    }
}

/// Whether terms can be those of a sale with this chart.
pub(super) fn check_terms(chart: &Chart, terms: &Terms) -> Result<(), Rejection> {
    if terms.chart != chart.hash() {
        return Err(Rejection::UnlawfulTerms("the terms are of another chart".into()));
    }
    terms.rules.check().map_err(|fault| {
        Rejection::UnlawfulTerms(
            match fault {
                RuleFault::Window => "lobby_opens_at, opens_at and closes_at must be in this order",
                RuleFault::Limits => {
                    "places_per_hold_max must be 1 to 500 and not above places_per_fan_max"
                }
                RuleFault::Durations => {
                    "hold_ttl, claim_ttl and session_ttl must be 1 second to 24 hours"
                }
                RuleFault::Admission => "admitted_max must be at least 1",
            }
            .into(),
        )
    })
}
