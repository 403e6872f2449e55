//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use reqwest::Url;

use crate::config::Role;
use crate::wire::accounts::StaffRole;

/// Sells the seats of an event to far more people than there are seats, fairly and live.
#[derive(Debug, Parser)]
#[command(name = "tiketi", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  tiketi serve --demo                 start with a demo event on sale; no service needed
  tiketi plan check venue.json        find every fault of a seating plan
  tiketi check-config                 say whether the configuration is complete";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(Serve),
    /// Check and import seating plans.
    #[command(subcommand)]
    Plan(Plan),
    /// Replay an event's journal against the auditor, and compare it with the rows beside it.
    Audit(Audit),
    /// Copy the embedded database to a new file, while it is selling, and check the copy. Keys and
    /// settings are not in it.
    Backup(Backup),
    /// Put a back-up in place of the embedded database, which no server may be using.
    Restore(Backup),
    /// Show an event's sales as they were counted, by hour, section and category.
    Stats(Stats),
    /// List and replay what consumers of the record stream could not read.
    #[command(subcommand)]
    Dlq(Dlq),
    /// Say whether the configuration is complete, and what is in force.
    CheckConfig(Settings),
    /// Make the keys that the nodes of a cluster share, and that a node alone makes by itself.
    MakeKeys {
        /// The folder to make them in.
        folder: PathBuf,
    },
    /// Bring the schemas in Postgres up to date; the previous release may go on running meanwhile.
    Migrate(Settings),
    /// Print a link that makes one account that may see or run sales; valid for 30 minutes, once.
    OperatorLink(OperatorLink),
    /// Show how a server, its nodes and its actors do, live in a terminal; once, as text, if standard
    /// output is none.
    Top(Top),
    /// Print the OpenAPI description of the REST interface.
    Openapi,
    /// Print the AsyncAPI description of the record stream.
    Asyncapi,
    /// Print the table of every metric.
    Metrics,
    /// Run a stand-in for the payment company, speaking its protocol.
    PaymentSandbox(PaymentSandbox),
}

/// See [`Command::OperatorLink`].
#[derive(Debug, Clone, Args)]
pub struct OperatorLink {
    /// What the account may do.
    #[arg(long, value_enum, default_value = "administrator")]
    pub role: StaffRole,
    /// Settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// Settings that every command with a configuration takes. Flags win over the environment
/// (TIKETI_…), which wins over the file, which wins over the defaults.
#[derive(Debug, Clone, Default, Args)]
pub struct Settings {
    /// A TOML file with settings [default: tiketi.toml, if there is one].
    #[arg(long, value_name = "FILE", env = "TIKETI_CONFIG")]
    pub config: Option<PathBuf>,
    /// The folder for the database and the keys.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// Start the server.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Common settings.
    #[command(flatten)]
    pub settings: Settings,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Where browsers find the server, such as `https://tickets.example.com`.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The address for metrics and health; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// What this node does [default: everything].
    #[arg(long, value_name = "ROLE", value_enum, value_delimiter = ',')]
    pub roles: Vec<Role>,
    /// The address to listen on for other nodes; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub node_listen: Option<SocketAddr>,
    /// Where other nodes find this one, as host:port.
    #[arg(long, value_name = "HOST:PORT")]
    pub node_address: Option<String>,
    /// Put a theatre and an arena on sale, and start a payment sandbox.
    #[arg(long)]
    pub demo: bool,
}

/// Check and import seating plans: seats.io charts and pretix plans, as JSON.
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Print every fault of a plan with its place in the file; import nothing.
    Check {
        /// The plan.
        file: PathBuf,
    },
    /// Import a plan and print the hash of its chart.
    Import {
        /// The plan.
        file: PathBuf,
        /// Common settings.
        #[command(flatten)]
        settings: Settings,
    },
}

/// Replay an event's journal.
#[derive(Debug, Args)]
pub struct Audit {
    /// The event, such as `evt_01h2xcejqtf2n`.
    pub event: String,
    /// Common settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// A copy of the embedded database.
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy.
    pub file: PathBuf,
    /// Common settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// Show an event's sales.
#[derive(Debug, Args)]
pub struct Stats {
    /// The event, such as `evt_01h2xcejqtf2n`.
    pub event: String,
    /// Count anew from the journal and compare; a difference is exit code 1.
    #[arg(long)]
    pub recount: bool,
    /// As --recount, and put what the journal says in place of what differs.
    #[arg(long)]
    pub repair: bool,
    /// Common settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// Dead letters of a cluster.
#[derive(Debug, Subcommand)]
pub enum Dlq {
    /// Print dead letters, oldest first: position, event, record, when, and why.
    List {
        /// How many, at most.
        #[arg(long, value_name = "N", default_value_t = 1_000)]
        limit: usize,
        /// Common settings.
        #[command(flatten)]
        settings: Settings,
    },
    /// Publish dead letters again, for every consumer, and list them no more.
    Replay {
        /// Which, as `tiketi dlq list` names them.
        #[arg(value_name = "POSITION", required_unless_present = "all")]
        positions: Vec<String>,
        /// All there are.
        #[arg(long, conflicts_with = "positions")]
        all: bool,
        /// Common settings.
        #[command(flatten)]
        settings: Settings,
    },
}

/// Show how a server does.
#[derive(Debug, Args)]
pub struct Top {
    /// Where operators find the server.
    #[arg(default_value = "http://127.0.0.1:8080")]
    pub url: Url,
    /// What is shown first.
    #[arg(long, value_enum, default_value_t = TopPage::Overview)]
    pub page: TopPage,
    /// Whose actor, sale or audit log.
    #[arg(
        long,
        value_name = "EVENT",
        required_if_eq_any([("page", "actor"), ("page", "sale")])
    )]
    pub event: Option<String>,
    /// The e-mail address of an account that may see sales: a viewer's, or more.
    #[arg(long)]
    pub email: String,
    /// The file that has its password.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// The password itself.
    #[arg(long, env = "TIKETI_PASSWORD", hide_env_values = true, hide = true)]
    pub password: Option<String>,
}

/// A page of `tiketi top`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TopPage {
    /// All of it at a glance, and what is wrong.
    Overview,
    /// Every node.
    Nodes,
    /// Actors, fifty at a time.
    Actors,
    /// One event's actor, with the latest records of its journal.
    Actor,
    /// One event's sale and its waiting room.
    Sale,
    /// Records for others, frames to browsers, and dead letters.
    Streams,
    /// What operators did, and why: for operators.
    Audit,
    /// The settings in force, and where they came from: for operators.
    Settings,
}

/// Run a stand-in for the payment company.
#[derive(Debug, Args)]
pub struct PaymentSandbox {
    /// The address to listen on; the one in use is printed first.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// The secret key that callers must present.
    #[arg(long, env = "TIKETI_SANDBOX_SECRET", hide_env_values = true)]
    pub secret_key: String,
    /// How long the answer to a confirmation that is told to time out takes, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    pub slow_ms: u64,
    /// End when standard input is closed: with whoever started this.
    #[arg(long)]
    pub with_parent: bool,
}
