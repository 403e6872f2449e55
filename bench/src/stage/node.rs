//! A node of its own process, whose sales are set up behind its back, and whose fans need no accounts.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use tiketi_engine::domain::ids::AccountId;

use super::Stage;
use crate::cluster::{Cluster, ClusterSetup, Services};

/// A node, or the first of several, and the database that it shares with who sets its events up.
pub(crate) struct Node {
    pub(crate) cluster: Cluster,
    pub(crate) stage: Stage,
    signing: Signing,
}

/// Makes the cookies of fans: making so many accounts would take hours.
#[derive(Clone)]
pub(crate) struct Signing(Means);

#[derive(Clone)]
enum Means {
    /// A node's key: access tokens are signed with it as the node does.
    Key(EncodingKey),
    /// What lets bots into a rehearsal.
    Bots(String),
}

impl Signing {
    /// With a node's key.
    ///
    /// # Errors
    /// If there is no such file.
    pub(crate) fn read(key: &Path) -> anyhow::Result<Self> {
        let key = fs::read(key).with_context(|| format!("read {}", key.display()))?;
        Ok(Self(Means::Key(EncodingKey::from_secret(&key))))
    }

    /// With a token that an operator was given for bots.
    pub(crate) fn bots(token: &str) -> Self {
        Self(Means::Bots(token.to_owned()))
    }

    /// A fan's cookie, good for an hour at least, or as long as bots are let in.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub(crate) fn cookie(&self, fan: u64) -> anyhow::Result<String> {
        self.cookie_as("fan", fan)
    }

    /// What somebody needs to read what others read without; nothing if it is there for everybody.
    pub(crate) fn to_read(&self, fan: u64) -> Option<String> {
        match &self.0 {
            Means::Key(_) => None,
            Means::Bots(_) => self.cookie(fan).ok(),
        }
    }

    /// An operator's.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub(crate) fn operator(&self, account: u64) -> anyhow::Result<String> {
        self.cookie_as("operator", account)
    }

    fn cookie_as(&self, role: &str, account: u64) -> anyhow::Result<String> {
        let key = match &self.0 {
            Means::Key(key) => key,
            Means::Bots(token) => {
                ensure!(role == "fan", "bots of a rehearsal do not operate: use --access-key");
                return Ok(format!("tiketi-bot={account}.{token}"));
            }
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": "tiketi", "aud": "tiketi-api", "role": role,
            "sub": AccountId::new(account).to_string(),
            "iat": now, "nbf": now, "exp": now + 3_600,
        });
        let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::HS256) };
        Ok(format!("tiketi-access={}", encode(&header, &claims, key)?))
    }
}

impl Node {
    /// Starts a node that does everything, with an arena of so many places.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) async fn start(
        services: &Services,
        tiketi: &Path,
        places: usize,
    ) -> anyhow::Result<Self> {
        Self::first_of(1, services, tiketi, places).await
    }

    /// Starts so many nodes of one cluster, each of which does everything.
    ///
    /// # Errors
    /// If one does not start.
    pub(crate) async fn first_of(
        nodes: usize,
        services: &Services,
        tiketi: &Path,
        places: usize,
    ) -> anyhow::Result<Self> {
        Self::set_up(services, &Self::plain(nodes, tiketi), places).await
    }

    /// So many nodes that do everything, with nothing in between.
    pub(crate) fn plain(nodes: usize, tiketi: &Path) -> ClusterSetup {
        ClusterSetup {
            tiketi: tiketi.to_owned(),
            nodes,
            demo: false,
            environment: BTreeMap::new(),
            linked: false,
            fake_time: None,
        }
    }

    /// Starts nodes of one cluster.
    ///
    /// # Errors
    /// If one does not start.
    pub(crate) async fn set_up(
        services: &Services,
        setup: &ClusterSetup,
        places: usize,
    ) -> anyhow::Result<Self> {
        let cluster = Cluster::start(services, setup).await?;
        let stage = Stage::open(&cluster.database, places).await?;
        let signing = Signing::read(&access_key(&cluster)?)?;
        Ok(Self { cluster, stage, signing })
    }

    /// The file that tokens are signed with, for generators that are processes of their own.
    ///
    /// # Errors
    /// If it has none.
    pub(crate) fn access_key(&self) -> anyhow::Result<PathBuf> {
        access_key(&self.cluster)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.cluster.nodes[0].listen
    }

    /// The number of its process.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn pid(&mut self) -> anyhow::Result<u32> {
        self.cluster.nodes[0].pid()
    }

    /// Ends its process, and begins another.
    ///
    /// # Errors
    /// If it does not end or start.
    pub(crate) async fn restart(&mut self) -> anyhow::Result<()> {
        self.cluster.nodes[0].terminate().await?;
        self.cluster.nodes[0].start().await
    }

    /// What signs the tokens of its fans.
    pub(crate) fn signing(&self) -> Signing {
        self.signing.clone()
    }

    /// Ends the node.
    ///
    /// # Errors
    /// If it does not end well.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.stage.store.close().await;
        self.cluster.stop().await
    }
}

fn access_key(cluster: &Cluster) -> anyhow::Result<PathBuf> {
    let keys = cluster.environment.get("TIKETI_KEYS_DIR").context("the cluster has no keys")?;
    Ok(Path::new(keys).join("access.key"))
}
