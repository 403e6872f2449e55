//! The settings in force.

use serde::{Deserialize, Serialize};
use tiketi_engine::ports::NodeId;
use utoipa::ToSchema;

use crate::config::{Origin, Setting};

/// The settings that are in force on a node.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    /// The node: the one that answers.
    pub node: String,
    /// By name.
    pub settings: Vec<SettingView>,
}

/// A setting in force.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SettingView {
    /// As a file names it.
    pub name: String,
    /// As text; null if it is a secret: it is given then, and not shown.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: SettingOriginView,
    /// Which file, variable or flag that is; empty if none.
    pub from: String,
}

/// Where a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingOriginView {
    /// Nobody gave it.
    Default,
    /// A file.
    File,
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

impl SettingsView {
    pub(crate) fn of(node: NodeId, settings: &[Setting]) -> Self {
        let settings = settings.iter().map(SettingView::from).collect();
        Self { node: node.to_string(), settings }
    }
}

impl From<&Setting> for SettingView {
    fn from(setting: &Setting) -> Self {
        let (origin, from) = match &setting.origin {
            Origin::Default => (SettingOriginView::Default, String::new()),
            Origin::File(path) => (SettingOriginView::File, path.clone()),
            Origin::Environment(variable) => (SettingOriginView::Environment, variable.clone()),
            Origin::Flag(flag) => (SettingOriginView::Flag, (*flag).to_owned()),
        };
        Self { name: setting.name.clone(), value: setting.value.clone(), origin, from }
    }
}
