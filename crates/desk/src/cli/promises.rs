//! `suivi promises`: the promises in texts, with their due dates. One JSON object a line in, one out; the same rules as
//! the composer's.

use std::io::BufRead as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use calendar::Calendar;
use casework::promised;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use text::Language;
use text::promises::{self, Promise, When};

use super::{due, say};
use crate::time::Clock;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Texts, one JSON object a line: `text`, and if you like `at` (when it is said), `language` (fr, en) and `id`
    /// [default: standard input].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// A calendar as JSON or TOML, as for `suivi due`.
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// Prints JSON, one object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    id: Option<Value>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let calendar = due::calendar_from(options.calendar.as_ref())?;
    let now = Clock::System.now();
    let input: Box<dyn std::io::BufRead> = match &options.file {
        Some(file) => {
            let opened =
                std::fs::File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
            Box::new(std::io::BufReader::new(opened))
        }
        None => Box::new(std::io::stdin().lock()),
    };
    let mut unreadable = 0_u64;
    for (number, line) in (1_u64..).zip(input.lines()) {
        let line = line.with_context(|| format!("line {number} cannot be read"))?;
        if line.trim().is_empty() {
            continue;
        }
        match read(&line, &calendar, now) {
            Ok(found) => tell(number, &found, &calendar, options.json)?,
            Err(error) => {
                unreadable += 1;
                if options.json {
                    say(json!({ "line": number, "error": format!("{error:#}") }))?;
                } else {
                    say(format_args!("{number}: {error:#}"))?;
                }
            }
        }
    }
    if unreadable > 0 {
        bail!("{unreadable} lines could not be read");
    }
    Ok(())
}

/// A text and what is promised in it.
struct Found {
    id: Option<Value>,
    text: String,
    said_at: Timestamp,
    language: Option<Language>,
    promises: Vec<Promise>,
}

fn read(line: &str, calendar: &Calendar, now: Timestamp) -> anyhow::Result<Found> {
    let Line { text, at, language, id } =
        serde_json::from_str(line).context("not a JSON object with a \"text\"")?;
    let said_at = at.map_or(Ok(now), |at| due::read_instant(&at, calendar))?;
    let language = match language.as_deref() {
        Some(code) if code.to_ascii_lowercase().starts_with("fr") => Some(Language::French),
        Some(code) if code.to_ascii_lowercase().starts_with("en") => Some(Language::English),
        Some(code) => bail!("promises are found in French (fr) and English (en), not in {code:?}"),
        None => text::language::of(&text),
    };
    let promises = language.map_or_else(Vec::new, |language| promises::find(&text, language));
    Ok(Found { id, text, said_at, language, promises })
}

fn tell(number: u64, found: &Found, calendar: &Calendar, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let promises: Vec<Value> =
            found.promises.iter().map(|promise| as_value(promise, found, calendar)).collect();
        let mut answer = json!({
            "line": number,
            "language": found.language.map(Language::code),
            "promises": promises,
        });
        if let (Some(id), Some(object)) = (&found.id, answer.as_object_mut()) {
            object.insert("id".to_owned(), id.clone());
        }
        return Ok(say(answer)?);
    }
    for promise in &found.promises {
        let words = found.text.get(promise.span.clone()).unwrap_or_default();
        let due = promised::due(promise.when, found.said_at, calendar);
        let by = due.map_or_else(|| "no date".to_owned(), |due| due::wall(due.at, calendar));
        say(format_args!("{number}: {} ({}): {by}", words, promise.about.word()))?;
    }
    Ok(())
}

fn as_value(promise: &Promise, found: &Found, calendar: &Calendar) -> Value {
    let due = promised::due(promise.when, found.said_at, calendar);
    let chars = |byte: usize| found.text.get(..byte).map_or(0, |before| before.chars().count());
    json!({
        "text": found.text.get(promise.span.clone()),
        "start": chars(promise.span.start),
        "end": chars(promise.span.end),
        "about": promise.about.word(),
        "dated": promise.when != When::Undated,
        "due_at": due.map(|due| due::wall(due.at, calendar)),
        "due_on": due.map(|due| due.on.to_string()),
        "days": due.and_then(|due| due.counted).map(promised::Counted::word),
    })
}
