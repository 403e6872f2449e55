//! What every handler can reach.

use std::ops::Deref;
use std::sync::Arc;

use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{
    Accounts, AuditLog, Catalog, Clock, DeadLetters, Ledger, Rehearsals, Roster, Stats,
};
use tiketi_engine::replay::Replays;

use crate::auth::cookies::Cookies;
use crate::auth::passwords::Passwords;
use crate::auth::tokens::AccessTokens;
use crate::catalog::Shelf;
use crate::config::Setting;
use crate::middleware::Rates;
use crate::ops::Feed;
use crate::payments::Payments;
use crate::task::Tasks;
use crate::ticket_code::TicketCodes;
use crate::ws::Hub;

/// Shared by all handlers and workers. Clones are the same.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) roster: Arc<dyn Roster>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) stats: Arc<dyn Stats>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) audit_log: Arc<dyn AuditLog>,
    pub(crate) rehearsals: Arc<dyn Rehearsals>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shelf: Shelf,
    pub(crate) hub: Hub,
    pub(crate) feed: Feed,
    pub(crate) replays: Replays,
    pub(crate) access: AccessTokens,
    pub(crate) cookies: Cookies,
    pub(crate) passwords: Passwords,
    pub(crate) rates: Rates,
    pub(crate) refresh_ttl: std::time::Duration,
    pub(crate) ticket_codes: TicketCodes,
    pub(crate) payments: Option<Payments>,
    /// Where browsers find the server: scheme and authority.
    pub(crate) public_url: String,
    /// Where operators find what is theirs; the same if they have no listener of their own.
    pub(crate) operators_url: String,
    /// The file that journals are in; none of a node of a cluster.
    pub(crate) journal_file: Option<String>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) tasks: Tasks,
}

/// What consumers of the record stream could not read.
#[derive(Clone)]
pub(crate) struct Dead {
    pub(crate) letters: Arc<dyn DeadLetters>,
    /// Whether they outlive this process.
    pub(crate) lasting: bool,
}

impl AppState {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
