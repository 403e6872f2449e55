//! The settings in force, each with where it came from.

use super::question::{Given, Question};
use super::session::{Least, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::Pace;
use crate::wire::settings::{SettingOriginView, SettingView, SettingsView};

pub(super) struct SettingsPage {
    given: Given,
    pace: Pace,
}

impl SettingsPage {
    pub(super) fn new(given: Given) -> Self {
        Self { given, pace: Pace::default() }
    }

    pub(super) async fn next(&mut self, session: &Session) -> Result<Sheet, Missed> {
        self.pace.wait().await;
        let settings = session.get("/api/v1/ops/settings", &[], Least::Operator).await?;
        self.pace.asked();
        Ok(sheet(settings, self.given))
    }
}

/// The page with those that this one leaves out, or without those that are as they would be anyway.
pub(super) fn other(given: Given) -> Question {
    Question::Settings(match given {
        Given::All => Given::Changed,
        Given::Changed => Given::All,
    })
}

fn sheet(of: SettingsView, given: Given) -> Sheet {
    let mut part = Part::new("")
        .note(format!("The settings in force on node {}. Other nodes may have others.", of.node));
    if given == Given::Changed {
        part = part.note("Only what is not the default");
    }
    let wanted =
        |setting: &SettingView| given == Given::All || setting.origin != SettingOriginView::Default;
    let rows = of.settings.into_iter().filter(wanted).map(row);
    let columns = ["Name", "Value", "Where it came from"];
    Sheet::new(String::new(), vec![part.table(columns, rows, "None.")])
}

fn row(of: SettingView) -> Row {
    let origin = match of.origin {
        SettingOriginView::Default => "Default",
        SettingOriginView::File => "File",
        SettingOriginView::Environment => "Environment",
        SettingOriginView::Flag => "Command line",
    };
    let value = match of.value {
        None => "Set (not shown)".to_owned(),
        Some(value) if value.is_empty() => "None".to_owned(),
        Some(value) => value,
    };
    Row::new([of.name, value, format!("{origin} {}", of.from).trim_end().to_owned()])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    #[test]
    fn a_setting_says_where_it_came_from_and_a_secret_nothing_else() {
        let setting = |name: &str, value: serde_json::Value, origin: &str, from: &str| json!({"name": name, "value": value, "origin": origin, "from": from});
        let view = json!({"node": "00ff", "settings": [
            setting("listen", json!("127.0.0.1:0"), "flag", "--listen"),
            setting("payments.secret_key", json!(null), "file", "/etc/tiketi.toml"),
            setting("roles", json!(""), "default", ""),
        ]});
        let shown = |given| sheet(serde_json::from_value(view.clone()).unwrap(), given);
        let all = shown(Given::All);
        said_as_on_the_dashboard(&all);
        has_lines(
            &all,
            &[
                "listen               127.0.0.1:0      Command line --listen",
                "payments.secret_key  Set (not shown)  File /etc/tiketi.toml",
                "roles                None             Default",
            ],
        );
        assert_eq!(shown(Given::Changed).rows().count(), 2);
    }
}
