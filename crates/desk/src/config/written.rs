//! What is written in the file and the environment, as text under dotted names, before anything is believed of it.
//! Nothing guesses types, so a password of digits stays what it is. No sentence here repeats a value.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};

/// Every setting there is. In the environment: `SUIVI_` and the name in capitals, the dot as two underscores:
/// `SUIVI_PUBLIC_URL`, `SUIVI_MAIL_OUT__HOST`.
const NAMES: [&str; 27] = [
    "public_url",
    "data_folder",
    "database_url",
    "secret_file",
    "ca_file",
    "web.listen",
    "mail_in.lmtp",
    "mail_in.smtp",
    "mail_in.hostname",
    "mail_in.authentication",
    "mail_in.trusted",
    "mail_in.dns",
    "mail_out.host",
    "mail_out.port",
    "mail_out.tls",
    "mail_out.username",
    "mail_out.password",
    "mail_out.password_file",
    "webhooks.inside",
    "files.folder",
    "files.clamav",
    "files.s3_endpoint",
    "files.s3_bucket",
    "files.s3_region",
    "files.s3_access_key",
    "files.s3_secret_key",
    "files.s3_secret_key_file",
];
const SECTIONS: [&str; 5] = ["web", "mail_in", "mail_out", "files", "webhooks"];

const PREFIX: &str = "SUIVI_";

/// Names after the prefix that are no settings: logging, the token of `take-in`, what tests set. A `_` at the end stands for all that begin so.
/// Kubernetes sets the last three in every pod beside a service called "suivi".
const NOT_SETTINGS: [&str; 13] = [
    "LOG", "TOKEN", "TEST_", "REQUIRE_", "CORPORA", "BIN", "CHROMIUM", "SHOTS", "PROOF_", "UPDATE", "PORT",
    "PORT_", "SERVICE_",
];

/// Tells only the line of an error: its own words quote what stands there, which may be a password.
pub(super) fn parse(text: &str) -> Result<Dict, String> {
    Toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("line {} is not valid TOML", before.matches('\n').count() + 1)
    })
}

/// What is written, not checked yet. A value that cannot be taken is `None`: wrong, but not missing.
#[derive(Default)]
pub(super) struct Written {
    texts: BTreeMap<String, Option<String>>,
    pub wrong: Vec<String>,
}

impl Written {
    /// A secret, as it is written or as it stands in a file.
    pub fn secret(&mut self, name: &str, file_name: &str) -> Option<String> {
        let plain = self.take(name);
        let Some(file) = self.take(file_name).map(PathBuf::from) else { return plain };
        if self.has(name) {
            self.refuse(&format!("{name} and {file_name}"), "only one of them");
            return plain;
        }
        let complaint = match std::fs::read_to_string(&file) {
            Ok(words) if words.trim_end().is_empty() => "is empty".to_owned(),
            Ok(words) => return Some(words.trim_end().to_owned()),
            Err(error) => error.to_string(),
        };
        self.refuse(file_name, &format!("{}: {complaint}", file.display()));
        None
    }

    pub fn take_file(&mut self, dict: Dict) {
        for (key, value) in dict {
            match value {
                Value::Dict(_, inner) if SECTIONS.contains(&key.as_str()) => {
                    for (name, value) in inner {
                        self.take_value(format!("{key}.{name}"), value);
                    }
                }
                _ if SECTIONS.contains(&key.as_str()) => {
                    self.wrong.push(format!("{key}: is a section: write [{key}], its settings below"));
                }
                value => self.take_value(key, value),
            }
        }
    }

    fn take_value(&mut self, name: String, value: Value) {
        if !NAMES.contains(&name.as_str()) {
            self.wrong.push(format!("{name}: no such setting"));
            return;
        }
        let text = match value {
            Value::String(_, text) => Some(text),
            Value::Bool(_, truth) => Some(truth.to_string()),
            // A float stays out: 1.10 would come out as 1.1, only quotes keep it.
            Value::Num(_, number) => number.to_i128().map(|whole| whole.to_string()),
            _ => None,
        };
        if text.is_none() {
            self.wrong.push(format!("{name}: must be a text in quotes"));
        }
        self.texts.insert(name, text);
    }

    pub fn take_environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        for (variable, value) in variables {
            let Some(variable) = variable.to_str() else { continue };
            let upper = variable.to_ascii_uppercase();
            let Some(rest) = upper.strip_prefix(PREFIX) else { continue };
            let is_known = |other: &&str| rest == *other || other.ends_with('_') && rest.starts_with(*other);
            if NOT_SETTINGS.iter().any(is_known) {
                continue;
            }
            let name = rest.to_ascii_lowercase().replace("__", ".");
            if !NAMES.contains(&name.as_str()) {
                self.wrong.push(format!("{variable}: no such setting (in the environment)"));
                continue;
            }
            let text = value.into_string().ok();
            if text.is_none() {
                self.wrong.push(format!("{variable}: is not UTF-8"));
            }
            self.texts.insert(name, text);
        }
    }

    /// Whether a setting is written at all.
    pub fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// The text of a setting. One without text is refused: whoever writes it means something.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let text = self.texts.get(name)?.clone()?;
        let complaint = if text.trim().is_empty() {
            "is empty"
        } else if text.contains(char::is_control) {
            "holds a control character, such as a line break"
        } else {
            return Some(text);
        };
        self.refuse(name, complaint);
        None
    }

    pub fn refuse(&mut self, name: &str, complaint: &str) {
        self.wrong.push(format!("{name}: {complaint}"));
    }
}
