//! One user's requests, each measured.

use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;

use super::pool::{Answer, Pool, Request};
use super::recorder::{Outcome, Recorder, Step};

/// See the module.
#[derive(Clone)]
pub(crate) struct Asker {
    pool: Arc<Pool>,
    recorder: Arc<Recorder>,
    /// When the next request was to be made, if a plan says so.
    intended: Option<Instant>,
    /// The last request, and what is recorded of it.
    last: Option<(Step, Outcome)>,
}

impl Asker {
    pub(crate) fn new(pool: Arc<Pool>, recorder: Arc<Recorder>) -> Self {
        Self { pool, recorder, intended: None, last: None }
    }

    /// The latency of the next request counts from then.
    pub(crate) fn intend(&mut self, at: Instant) {
        self.intended = Some(at);
    }

    /// Asks for what is to be granted, or refused with one of some codes.
    ///
    /// # Errors
    /// If it is neither.
    pub(crate) async fn ask(
        &mut self,
        step: Step,
        request: Request<'_>,
        lawful: &[&str],
    ) -> anyhow::Result<Answer> {
        let from = self.intended.take().unwrap_or_else(Instant::now);
        let answer = self.pool.ask(request).await;
        let outcome = match &answer {
            Ok(answer) if answer.is_granted() => Outcome::Granted,
            Ok(answer) => {
                let problem = answer.json();
                let code = problem["code"].as_str().unwrap_or_default().to_owned();
                if lawful.contains(&code.as_str()) {
                    Outcome::Refused(code)
                } else {
                    Outcome::Failed(format!("{} {code}", answer.status))
                }
            }
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        self.note(step, from, outcome)?;
        answer
    }

    /// Notes a request that was made elsewhere.
    ///
    /// # Errors
    /// If it failed.
    pub(crate) fn note(
        &mut self,
        step: Step,
        from: Instant,
        outcome: Outcome,
    ) -> anyhow::Result<()> {
        let failed = match &outcome {
            Outcome::Granted | Outcome::Refused(_) => None,
            Outcome::Failed(reason) => Some(format!("{}: {reason}", step.name())),
        };
        self.recorder.record(step, from.elapsed(), outcome.clone());
        self.last = Some((step, outcome));
        match failed {
            Some(failed) => bail!(failed),
            None => Ok(()),
        }
    }

    /// Notes that a user cannot go on: unless the last request failed, its answer was not what it
    /// should be.
    pub(crate) fn give_up(&mut self, why: &anyhow::Error) {
        match self.last.take() {
            None | Some((_, Outcome::Failed(_))) => {}
            // Of what it says, the part without ids: reasons are counted.
            Some((step, outcome)) => self.recorder.correct(step, &outcome, why.to_string()),
        }
    }
}
