//! A fan who stands in line and asks how far it is; then another.

use std::time::Instant;

use anyhow::bail;
use tiketi_engine::domain::ids::FanId;

use super::holder::leave;
use super::world::World;
use crate::audit::{History, ToldPlace, moment};
use crate::load::asker::Asker;
use crate::load::pool::Request;
use crate::load::recorder::Step;
use crate::stage::Signing;

/// See the module.
pub(super) struct Waiter {
    pub(super) asker: Asker,
    signing: Signing,
    /// Who is in line or inside.
    fan: Option<FanId>,
    pub(super) history: History,
}

impl Waiter {
    /// Nobody yet.
    pub(super) fn new(asker: Asker, signing: Signing) -> Self {
        Self { asker, signing, fan: None, history: History::default() }
    }

    /// Takes the next step: joins; asks; claims once it is called; leaves once it is inside.
    ///
    /// # Errors
    /// If it is refused.
    pub(super) async fn ask(&mut self, world: &World) -> anyhow::Result<()> {
        let queue = format!("/api/v1/events/{}/queue", world.event);
        let Some(fan) = self.fan else { return self.join(world, &queue).await };
        let cookie = self.signing.cookie(fan.number())?;
        let me = format!("/api/v1/events/{}/me", world.event);
        let answer = self.asker.ask(Step::Standing, Request::read_by(&cookie, &me), &[]).await?;
        match answer.json()["standing"]["type"].as_str() {
            Some("waiting") => {}
            Some("called") => {
                let claim = format!("{queue}/claim");
                self.asker.ask(Step::Claim, Request::by(&cookie, "POST", &claim), &[]).await?;
            }
            Some("admitted") => self.leave(world).await?,
            // Whoever was called did not claim in time.
            Some("outside") => self.fan = None,
            _ => bail!("a standing that is none"),
        }
        Ok(())
    }

    /// Goes, wherever it stands.
    ///
    /// # Errors
    /// If it cannot.
    pub(super) async fn leave(&mut self, world: &World) -> anyhow::Result<()> {
        match self.fan.take() {
            Some(fan) => leave(&mut self.asker, &self.signing, world, fan).await,
            None => Ok(()),
        }
    }

    async fn join(&mut self, world: &World, queue: &str) -> anyhow::Result<()> {
        let fan = world.fan();
        let cookie = self.signing.cookie(fan.number())?;
        let asked = moment(Instant::now());
        let answer = self.asker.ask(Step::Join, Request::by(&cookie, "POST", queue), &[]).await?;
        self.fan = Some(fan);
        if let Some(number) = answer.json()["number"].as_u64() {
            let told = moment(Instant::now());
            self.history.places.push(ToldPlace { fan, number, asked, told });
        }
        Ok(())
    }
}
