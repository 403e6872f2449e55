//! The processes of fans, from the side of who starts them.

use std::env;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::generator::{Answer, Order, Plan};
use crate::usage::resident_kb;

/// The command that a generator runs.
pub(crate) const COMMAND: &str = "waiting-room-fans";

/// See the module. They are killed when it goes out of scope.
pub(super) struct Generators(Vec<Generator>);

struct Generator {
    process: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Generators {
    /// Starts a process for each plan.
    ///
    /// # Errors
    /// If one does not start.
    pub(super) async fn start(plans: Vec<Plan>) -> anyhow::Result<Self> {
        let mut all = Vec::with_capacity(plans.len());
        for plan in plans {
            let mut process = Command::new(env::current_exe()?)
                .arg(COMMAND)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            let orders = process.stdin.take().context("a generator takes no orders")?;
            let answers = process.stdout.take().context("a generator says nothing")?;
            let answers = BufReader::new(answers).lines();
            let mut generator = Generator { process, orders, answers };
            generator.write(serde_json::to_string(&plan)?).await?;
            all.push(generator);
        }
        Ok(Self(all))
    }

    /// Gives everybody an order.
    ///
    /// # Errors
    /// If one has ended.
    pub(super) async fn tell(&mut self, order: Order) -> anyhow::Result<()> {
        for generator in &mut self.0 {
            generator.write(serde_json::to_string(&order)?).await?;
        }
        Ok(())
    }

    /// What everybody answers to the last order.
    ///
    /// # Errors
    /// What went wrong there; or if an answer does not come in time.
    pub(super) async fn answers<T: DeserializeOwned>(
        &mut self,
        within: Duration,
    ) -> anyhow::Result<Vec<T>> {
        let answering = self.0.iter_mut().zip(1..).map(|(generator, number)| async move {
            let answer = generator.answer().await;
            answer.with_context(|| format!("generator {number}"))
        });
        // The first that fails says why.
        let all = timeout(within, try_join_all(answering)).await;
        all.with_context(|| format!("not done in {within:?}"))?
    }

    /// Resident memory of all of them, in KB.
    ///
    /// # Errors
    /// If one has ended.
    pub(super) fn resident_kb(&self) -> anyhow::Result<f64> {
        let mut sum = 0.0;
        for generator in &self.0 {
            sum += resident_kb(generator.process.id().context("a generator has ended")?)?;
        }
        Ok(sum)
    }
}

impl Generator {
    async fn answer<T: DeserializeOwned>(&mut self) -> anyhow::Result<T> {
        let line = self.answers.next_line().await?.context("it has ended")?;
        let answer: Answer<T> = serde_json::from_str(&line)?;
        answer.map_err(|error| anyhow!(error))
    }

    async fn write(&mut self, mut line: String) -> anyhow::Result<()> {
        line.push('\n');
        self.orders.write_all(line.as_bytes()).await.context("a generator has ended")
    }
}
