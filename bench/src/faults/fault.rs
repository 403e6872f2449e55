//! What is broken, and how it is mended.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::sleep;

use super::rig::{LEASE_TTL, OnSale, Rig};
use crate::cluster::{Link, Mode, Node};

/// Something that goes wrong while a sale is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Fault {
    /// The owner's process is killed.
    OwnerKilled,
    /// The owner's process is killed while what it appends is on its way to Postgres, and arrives
    /// when another owns the event.
    KilledMidAppend,
    /// The owner's process is stopped past its lease, and goes on.
    OwnerFrozen,
    /// The owner is asked to end, and hands over.
    OwnerDrained,
    /// Redis forgets everything.
    RedisFlushed,
    /// Redis is killed and started again, empty.
    RedisRestarted,
    /// Postgres is killed and started again.
    PostgresRestarted,
    /// The sessions of all nodes in Postgres are ended, over and over.
    SessionsEnded,
    /// Kafka stops.
    KafkaStopped,
    /// The owner is cut off from Redis alone.
    CutFromRedis,
    /// The owner is cut off from Postgres alone.
    CutFromPostgres,
    /// The owner cannot be reached by other nodes.
    CutFromPeers,
    /// What Postgres answers the owner is lost, though it does what it is asked.
    AnswersLost,
    /// Redis forgets everything while other nodes cannot reach the owner: two believe they own.
    TwoOwners,
    /// Every node is ended and started again, one after the other.
    RollingRestart,
    /// The wall clock of the owner is stepped by an hour, forth and back.
    ClockStepped,
    /// The disk under Postgres is full for a while.
    DiskFull,
    /// The machine under Postgres loses power.
    PostgresPowerCut,
    /// What Postgres has is lost, and restored from a back-up and the log that was archived since.
    PostgresRestored,
    /// The machine under a node that is alone loses power.
    SqlitePowerCut,
}

/// Longer than any lease.
const PAST_LEASE: Duration = LEASE_TTL.saturating_mul(3);

impl Fault {
    /// Whether another node takes over without having been told.
    pub(super) fn is_failover(self) -> bool {
        matches!(self, Self::OwnerKilled | Self::OwnerFrozen)
    }

    /// Whether it needs nodes whose wall clock can be stepped.
    pub(super) fn steps_clocks(self) -> bool {
        self == Self::ClockStepped
    }

    /// Whether it breaks services that somebody else may use.
    pub(super) fn breaks_services(self) -> bool {
        matches!(
            self,
            Self::RedisFlushed
                | Self::RedisRestarted
                | Self::PostgresRestarted
                | Self::KafkaStopped
                | Self::TwoOwners
        )
    }

    /// Whether it needs a Postgres on a disk of its own.
    pub(super) fn needs_disk(self) -> bool {
        matches!(
            self,
            Self::DiskFull | Self::PostgresPowerCut | Self::PostgresRestored | Self::SqlitePowerCut
        )
    }

    /// Lets it loose and mends it.
    ///
    /// # Errors
    /// If the rig cannot do it.
    pub(super) async fn strike(self, rig: &mut Rig, sale: &OnSale) -> anyhow::Result<()> {
        let owner = rig.cluster.owner().await?;
        match self {
            Self::OwnerKilled => {
                rig.cluster.nodes[owner].kill().await?;
                sleep(PAST_LEASE).await;
                rig.cluster.nodes[owner].start().await
            }
            Self::KilledMidAppend => {
                services(&rig.cluster.nodes[owner])?.postgres.set(Mode::Held);
                sleep(LEASE_TTL / 4).await;
                rig.cluster.nodes[owner].kill().await?;
                sale.goes_on(3).await?;
                services(&rig.cluster.nodes[owner])?.postgres.set(Mode::Open);
                rig.cluster.nodes[owner].start().await
            }
            Self::OwnerFrozen => {
                rig.cluster.nodes[owner].signal("STOP").await?;
                sleep(PAST_LEASE).await;
                rig.cluster.nodes[owner].signal("CONT").await
            }
            Self::OwnerDrained => {
                rig.cluster.nodes[owner].terminate().await?;
                rig.cluster.nodes[owner].start().await
            }
            Self::RedisFlushed => rig.flush_redis().await,
            Self::RedisRestarted => rig.restart_service("redis", PAST_LEASE).await,
            Self::PostgresRestarted => rig.restart_service("postgres", LEASE_TTL).await,
            Self::SessionsEnded => {
                for _ in 0..10 {
                    sale.goes_on(3).await?;
                    rig.end_sessions().await?;
                }
                Ok(())
            }
            Self::KafkaStopped => rig.freeze_kafka().await,
            Self::CutFromRedis | Self::CutFromPostgres | Self::CutFromPeers => {
                let link = self.cuts(&rig.cluster.nodes[owner])?;
                link.set(Mode::Cut);
                sleep(PAST_LEASE).await;
                link.set(Mode::Open);
                Ok(())
            }
            Self::AnswersLost => answers_lost(rig, sale).await,
            Self::TwoOwners => two_owners(rig, owner).await,
            Self::DiskFull
            | Self::PostgresPowerCut
            | Self::PostgresRestored
            | Self::SqlitePowerCut => {
                bail!("it needs a disk of its own")
            }
            Self::ClockStepped => clock_stepped(rig, owner, sale).await,
            Self::RollingRestart => {
                for node in &mut rig.cluster.nodes {
                    node.terminate().await?;
                    node.start().await?;
                }
                Ok(())
            }
        }
    }

    /// Which link of the owner is cut.
    fn cuts(self, owner: &Node) -> anyhow::Result<&Link> {
        Ok(match self {
            Self::CutFromRedis => &services(owner)?.redis,
            Self::CutFromPostgres => &services(owner)?.postgres,
            _ => &owner.peers,
        })
    }
}

fn services(node: &Node) -> anyhow::Result<&crate::cluster::ServiceLinks> {
    node.services.as_ref().context("the node has no links to cut")
}

/// Over and over, what was appended last is not answered: to whoever owns the event by then.
async fn answers_lost(rig: &Rig, sale: &OnSale) -> anyhow::Result<()> {
    for _ in 0..10 {
        let link = &services(&rig.cluster.nodes[rig.cluster.owner().await?])?.postgres;
        link.set(Mode::OneWay);
        sleep(LEASE_TTL / 10).await;
        link.set(Mode::Open);
        // So long that new connections have prepared their statements, and append.
        sale.goes_on(60).await?;
    }
    Ok(())
}

async fn clock_stepped(rig: &Rig, owner: usize, sale: &OnSale) -> anyhow::Result<()> {
    for seconds in [3_600, 0, -3_600, 0] {
        rig.cluster.nodes[owner].step_clock(seconds)?;
        if seconds > 0 {
            // That the step is seen at all; no answer is dated back.
            rig.is_ahead(owner, seconds).await?;
        }
        sale.goes_on(100).await?;
    }
    Ok(())
}

/// The owner goes on with its own fans, while others find neither it nor a lease.
async fn two_owners(rig: &Rig, owner: usize) -> anyhow::Result<()> {
    rig.cluster.nodes[owner].peers.set(Mode::Cut);
    for _ in 0..5 {
        rig.flush_redis().await?;
        sleep(LEASE_TTL / 2).await;
    }
    rig.cluster.nodes[owner].peers.set(Mode::Open);
    Ok(())
}
