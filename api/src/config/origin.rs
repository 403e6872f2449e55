//! Which settings are in force, and where each came from.

use figment::Figment;
use serde_json::Value;

use super::{Config, ConfigError, Secret, environment, file};
use crate::cli::Serve;

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// As a file names it, such as `payments.provider`.
    pub name: String,
    /// `None` if it is a secret: it is given then, and not shown.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody gave it.
    Default,
    /// This file.
    File(String),
    /// This variable.
    Environment(String),
    /// This flag.
    Flag(&'static str),
}

/// Every setting of a server, with where it came from.
///
/// # Errors
/// [`ConfigError`].
pub fn in_force(config: &Config, serve: &Serve) -> Result<Vec<Setting>, ConfigError> {
    let given = Config::load_for(serve)?;
    compare(config, &given, serve, &Figment::from(environment()))
}

/// What is in force, beside what was given by file, environment and flags.
fn compare(
    config: &Config,
    given: &Config,
    serve: &Serve,
    in_environment: &Figment,
) -> Result<Vec<Setting>, ConfigError> {
    let in_file = file(&serve.settings)?.map(|(name, text)| (name, Figment::from(text)));
    let (settings, given, flags) = (flattened(config)?, flattened(given)?, flags(serve));
    let origin = |name: &str, value: &Option<String>| {
        let before = given.iter().find(|(known, _)| known == name);
        if before.is_none_or(|(_, before)| before != value) {
            return Origin::Flag("--demo");
        }
        if let Some((_, flag, _)) = flags.iter().find(|(of, _, given)| *given && *of == name) {
            return Origin::Flag(flag);
        }
        if in_environment.find_value(name).is_ok() {
            let variable = name.to_uppercase().replace('.', "__");
            return Origin::Environment(format!("TIKETI_{variable}"));
        }
        match &in_file {
            Some((path, file)) if file.find_value(name).is_ok() => Origin::File(path.clone()),
            _ => Origin::Default,
        }
    };
    let setting = |(name, value): &(String, Option<String>)| {
        let mut origin = origin(name, value);
        if value.is_none() && origin == Origin::Default {
            let named = settings.iter().find(|(of, _)| *of == format!("{name}_file"));
            let path = named.and_then(|(_, path)| path.clone());
            origin = path.map_or(Origin::Default, Origin::File);
        }
        Setting { name: name.clone(), value: value.clone(), origin }
    };
    Ok(settings.iter().map(setting).collect())
}

/// Settings that a flag gives, with that flag, and whether it is there.
fn flags(serve: &Serve) -> [(&'static str, &'static str, bool); 7] {
    [
        ("data_dir", "--data-dir", serve.settings.data_dir.is_some()),
        ("listen", "--listen", serve.listen.is_some()),
        ("metrics_listen", "--metrics-listen", serve.metrics_listen.is_some()),
        ("public_url", "--public-url", serve.public_url.is_some()),
        ("roles", "--roles", !serve.roles.is_empty()),
        ("cluster.node_listen", "--node-listen", serve.node_listen.is_some()),
        ("cluster.node_address", "--node-address", serve.node_address.is_some()),
    ]
}

/// Every setting by name, as text; secrets that are given have none.
fn flattened(config: &Config) -> Result<Vec<(String, Option<String>)>, ConfigError> {
    let tree = serde_json::to_value(config);
    let tree = tree.map_err(|error| ConfigError::Value(error.to_string()))?;
    let mut settings = Vec::new();
    flatten(String::new(), &tree, &mut settings);
    Ok(settings)
}

fn flatten(name: String, value: &Value, into: &mut Vec<(String, Option<String>)>) {
    if let Value::Object(parts) = value {
        for (part, value) in parts {
            let dot = if name.is_empty() { "" } else { "." };
            flatten(format!("{name}{dot}{part}"), value, into);
        }
        return;
    }
    let text = shown(value);
    into.push((name, (text != Secret::GIVEN).then_some(text)));
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use figment::providers::{Format as _, Serialized, Toml};

    use super::*;
    use crate::cli::Settings;
    use crate::config::PaymentProvider;

    /// What a file gives that names another with a secret, and how it is named.
    fn served(folder: &Path) -> (Config, Serve) {
        let (file, key) = (folder.join("tiketi.toml"), folder.join("key"));
        std::fs::write(&key, "test_sk_0123456789abcdef\n").unwrap();
        let text = format!(
            "listen = \"127.0.0.1:8081\"\n[payments]\nprovider = \"toss\"\n\
             secret_key_file = {key:?}\n[engine]\ntick_ms = 40\n"
        );
        std::fs::write(&file, &text).unwrap();
        let defaults = Figment::from(Serialized::defaults(Config::default()));
        let mut config: Config = defaults.merge(Toml::string(&text)).extract().unwrap();
        config.read_secrets().unwrap();
        config.data_dir = PathBuf::from("elsewhere");
        let data_dir = Some(config.data_dir.clone());
        (config, Serve { settings: Settings { config: Some(file), data_dir }, ..Serve::default() })
    }

    fn of<'a>(settings: &'a [Setting], name: &str) -> &'a Setting {
        settings.iter().find(|setting| setting.name == name).unwrap()
    }

    #[test]
    fn each_setting_says_where_it_came_from_and_no_secret_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let (config, serve) = served(folder.path());
        assert_eq!(config.payments.secret_key.expose(), "test_sk_0123456789abcdef");
        let environment = Figment::from(("engine.tick_ms", 40));
        let settings = compare(&config, &config, &serve, &environment).unwrap();
        assert!(!format!("{settings:?}").contains("0123456789abcdef"));
        let path = |name| Origin::File(folder.path().join(name).display().to_string());
        let shown = |name: &str| {
            let Setting { value, origin, .. } = of(&settings, name).clone();
            (value.unwrap_or_else(|| "a secret".to_owned()), origin)
        };
        assert_eq!(shown("listen"), ("127.0.0.1:8081".to_owned(), path("tiketi.toml")));
        assert_eq!(shown("payments.secret_key"), ("a secret".to_owned(), path("key")));
        assert_eq!(shown("data_dir"), ("elsewhere".to_owned(), Origin::Flag("--data-dir")));
        let variable = Origin::Environment("TIKETI_ENGINE__TICK_MS".to_owned());
        assert_eq!(shown("engine.tick_ms"), ("40".to_owned(), variable), "above the file");
        let everything = "gateway, engine, worker".to_owned();
        assert_eq!(shown("roles"), (everything, Origin::Default));
        assert_eq!(shown("cluster.postgres_url"), (String::new(), Origin::Default), "not given");
        assert!(settings.len() > 40, "{}", settings.len());
    }

    #[test]
    fn what_a_demo_sets_is_said_to_be_the_demos() {
        let folder = tempfile::tempdir().unwrap();
        let (given, serve) = served(folder.path());
        let mut config = given.clone();
        config.payments.provider = PaymentProvider::None;
        let settings = compare(&config, &given, &serve, &Figment::new()).unwrap();
        assert_eq!(of(&settings, "payments.provider").origin, Origin::Flag("--demo"));
        assert_ne!(of(&settings, "listen").origin, Origin::Flag("--demo"));
    }
}
