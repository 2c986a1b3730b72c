//! `suivi due`: when a limit ends, and how that comes about. Nothing is stored and nobody is asked: the same law as the
//! desk's, on a calendar from a file.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use calendar::{Calendar, CalendarSpec, HolidaySet};
use casework::regime::due::Facts;
use casework::regime::{Regime, Start, library};
use casework::span::{Rest, Span, Step};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::say;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A regime by its id, such as fr-acpr; `--list` names them.
    #[arg(long, value_name = "ID", conflicts_with = "span")]
    regime: Option<String>,
    /// A span instead of a regime: "2 business hours", "10 ouvrable days", "15 business days", "2 months".
    #[arg(long, value_name = "SPAN")]
    span: Option<Span>,
    /// What happened and when: sent=2026-12-24T18:00:00+01:00. Without an offset the time is the calendar's.
    #[arg(long = "event", value_name = "NAME=INSTANT")]
    events: Vec<String>,
    /// A calendar as JSON or TOML: zone, hours (OpenStreetMap's notation), holidays, closures
    /// [default: Monday to Friday 09:00 to 18:00 in Paris, with the public holidays of France].
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// A span that ends on a day of rest ends with the next working day.
    #[arg(long)]
    postponed: bool,
    /// Lists the regimes.
    #[arg(long)]
    list: bool,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    if options.list {
        return list(options.json);
    }
    let calendar = calendar_from(options.calendar.as_ref())?;
    let events = options.events.iter().map(|event| read_event(event, &calendar));
    let events = events.collect::<anyhow::Result<Vec<(String, Timestamp)>>>()?;
    match (&options.regime, options.span) {
        (Some(id), _) => {
            let known = library::find(id);
            let regime = known.with_context(|| format!("no regime is called {id:?}; --list names them"))?;
            of_regime(regime, &events, &calendar, options.json)
        }
        (None, Some(span)) => of_span(span, &events, &calendar, options),
        (None, None) => bail!("say --regime ID or --span SPAN; --list names the regimes"),
    }
}

fn list(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let all: Vec<Value> = library::all().iter().map(|regime| json!(regime)).collect();
        say(serde_json::to_string_pretty(&all)?)?;
        return Ok(());
    }
    for regime in library::all() {
        say(format_args!("{:<18} {:<8} {}", regime.id, regime.standing.as_str(), regime.name.en))?;
    }
    Ok(())
}

fn of_regime(
    regime: &Regime,
    events: &[(String, Timestamp)],
    desk: &Calendar,
    as_json: bool,
) -> anyhow::Result<()> {
    let mut facts = Facts::new();
    for (name, at) in events {
        let start = Start::parse(name).with_context(|| {
            let names: Vec<&str> = Start::ALL.iter().map(|start| start.as_str()).collect();
            format!("{name:?} starts no clock; these do: {}", names.join(", "))
        })?;
        facts.insert(start, *at);
    }
    let calendar = regime.calendar(desk)?;
    let dues = regime.due(&facts, &calendar)?;
    let mut clocks = Vec::new();
    for due in &dues {
        let Some(clock) = regime.clocks.get(due.index) else { continue };
        clocks.push(json!({
            "id": clock.id,
            "aim": clock.aim.as_str(),
            "label": clock.label,
            "from": clock.from.as_str(),
            "started_from": due.started_from.as_str(),
            "within": clock.within.to_string(),
            "due_at": wall(due.at, &calendar),
            "due_on": due.on.to_string(),
            "unless": clock.unless,
            "needs_holding": clock.needs_holding,
            "steps": words(&due.steps, &calendar),
        }));
    }
    let is_started = |index: usize| dues.iter().any(|due| due.index == index);
    let waiting = regime.clocks.iter().enumerate().filter(|(index, _)| !is_started(*index));
    let waiting: Vec<Value> =
        waiting.map(|(_, clock)| json!({ "id": clock.id, "waits_for": clock.from.as_str() })).collect();
    let answer = json!({
        "regime": regime.id,
        "standing": regime.standing.as_str(),
        "name": regime.name,
        "valid_from": regime.valid_from.to_string(),
        "valid_to": regime.valid_to.map(|date| date.to_string()),
        "checked_on": regime.checked_on.to_string(),
        "source": regime.source,
        "calendar": desk.spec(),
        "clocks": clocks,
        "not_started": waiting,
    });
    if as_json {
        return Ok(say(serde_json::to_string_pretty(&answer)?)?);
    }
    say(format_args!("{} ({})", regime.name.en, regime.id))?;
    for due in &dues {
        let Some(clock) = regime.clocks.get(due.index) else { continue };
        say(format_args!("\n{}: by {}", clock.label.en, wall(due.at, &calendar)))?;
        for step in &due.steps {
            say(format_args!("  - {}", step.in_words(&calendar)))?;
        }
    }
    for clock in
        regime.clocks.iter().enumerate().filter(|(index, _)| !is_started(*index)).map(|(_, clock)| clock)
    {
        say(format_args!("\n{}: not started, waits for --event {}=…", clock.label.en, clock.from.as_str()))?;
    }
    Ok(())
}

fn of_span(
    span: Span,
    events: &[(String, Timestamp)],
    calendar: &Calendar,
    options: &Options,
) -> anyhow::Result<()> {
    let [(name, from)] = events else {
        bail!("a span starts from one --event, such as received=2026-12-24T18:00")
    };
    let rest = if options.postponed { Rest::Postpones } else { Rest::Counts };
    let end = span.end(*from, rest, calendar)?;
    if options.json {
        let answer = json!({
            "span": span.to_string(),
            "from": name,
            "started_at": wall(*from, calendar),
            "due_at": wall(end.at, calendar),
            "due_on": end.on.to_string(),
            "calendar": calendar.spec(),
            "steps": words(&end.steps, calendar),
        });
        return Ok(say(serde_json::to_string_pretty(&answer)?)?);
    }
    say(format_args!("{span}: by {}", wall(end.at, calendar)))?;
    for step in &end.steps {
        say(format_args!("  - {}", step.in_words(calendar)))?;
    }
    Ok(())
}

fn words(steps: &[Step], calendar: &Calendar) -> Vec<String> {
    steps.iter().map(|step| step.in_words(calendar)).collect()
}

/// An instant as the calendar's wall shows it, with its offset.
pub(super) fn wall(at: Timestamp, calendar: &Calendar) -> String {
    at.to_zoned(calendar.time_zone().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// An instant with its offset, a local time, or a date (its first instant).
pub(super) fn read_instant(text: &str, calendar: &Calendar) -> anyhow::Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let wall: DateTime = text.parse().with_context(|| {
        format!("{text:?} is no instant: write it as 2026-12-24T18:00:00+01:00 or 2026-12-24")
    })?;
    Ok(wall.to_zoned(calendar.time_zone().clone())?.timestamp())
}

fn read_event(text: &str, calendar: &Calendar) -> anyhow::Result<(String, Timestamp)> {
    let (name, at) = text.split_once('=').with_context(|| format!("{text:?} is not NAME=INSTANT"))?;
    Ok((name.trim().to_owned(), read_instant(at.trim(), calendar)?))
}

/// The calendar of a file, as JSON or as TOML; without one, that of an ordinary French desk.
pub(super) fn calendar_from(file: Option<&PathBuf>) -> anyhow::Result<Calendar> {
    let Some(file) = file else {
        return Ok(Calendar::new(CalendarSpec {
            zone: "Europe/Paris".to_owned(),
            hours: "Mo-Fr 09:00-18:00".to_owned(),
            holidays: HolidaySet::FRANCE,
            closures: Vec::new(),
        })?);
    };
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    let spec: CalendarSpec = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).with_context(|| format!("{name} is no calendar"))?
    } else {
        toml::from_str(&text).with_context(|| format!("{name} is no calendar"))?
    };
    Calendar::new(spec).with_context(|| format!("{name} is no calendar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_with_its_offset_or_as_the_calendar_s_wall_shows_it() {
        let calendar = calendar_from(None).unwrap();
        for (text, expect) in [
            ("2026-12-24T18:00:00+01:00", "2026-12-24T18:00:00+01:00"),
            ("2026-12-24T17:00:00Z", "2026-12-24T18:00:00+01:00"),
            ("2026-12-24T18:00", "2026-12-24T18:00:00+01:00"),
            ("2026-07-24 18:00:30", "2026-07-24T18:00:30+02:00"),
            ("2026-12-24", "2026-12-24T00:00:00+01:00"),
        ] {
            assert_eq!(wall(read_instant(text, &calendar).unwrap(), &calendar), expect, "{text}");
        }
        for wrong in ["", "tomorrow", "2026-13-01", "24/12/2026"] {
            assert!(read_instant(wrong, &calendar).is_err(), "{wrong}");
        }
    }
}
