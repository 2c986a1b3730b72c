//! What was measured, with units and counts; as a table and as JSON under stable keys.

use std::fmt;
use std::time::Duration;

use anyhow::bail;
use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What, such as `page.list.p99`.
    pub key: String,
    /// Which engine.
    pub engine: &'static str,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Of how many samples.
    pub samples: usize,
    /// Cases that the desk held; none for what is measured on a new one.
    pub cases: usize,
}

/// Figures in the order in which they were measured.
#[derive(Debug, Default)]
pub struct Figures {
    /// The engine that is measured now; none while something is only prepared.
    pub engine: &'static str,
    /// Cases that its desk holds.
    pub cases: usize,
    all: Vec<Figure>,
}

impl Figures {
    /// A single value.
    pub fn value(&mut self, key: &str, unit: &'static str, value: f64) {
        self.add(key, unit, value, 1);
    }

    /// So many a second.
    pub fn rate(&mut self, key: &str, count: usize, took: Duration) {
        let seconds = took.as_secs_f64().max(f64::EPSILON);
        self.add(key, "/s", as_f64(count) / seconds, count);
    }

    /// The middle and the slow end of many.
    pub fn latency(&mut self, key: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let count = times.len();
        let at = |per_mille: usize| {
            let place = (count * per_mille / 1_000).min(count.saturating_sub(1));
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        let (p50, p99) = (at(500), at(990));
        self.add(&format!("{key}.p50"), "ms", p50, count);
        self.add(&format!("{key}.p99"), "ms", p99, count);
    }

    fn add(&mut self, key: &str, unit: &'static str, value: f64, samples: usize) {
        let (engine, cases) = (self.engine, self.cases);
        if !engine.is_empty() {
            eprintln!("{engine} {cases} {key}: {value:.2} {unit}");
        }
        self.all.push(Figure { key: key.to_owned(), engine, value, unit, samples, cases });
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&self.all)
    }

    /// A run that measured nothing, or nonsense, is none.
    pub fn assert_whole(&self) -> anyhow::Result<()> {
        let odd: Vec<&str> = self
            .all
            .iter()
            .filter(|figure| !figure.value.is_finite() || figure.samples == 0)
            .map(|figure| figure.key.as_str())
            .collect();
        if self.all.is_empty() || !odd.is_empty() {
            bail!("not measured: {odd:?}");
        }
        Ok(())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | engine | cases | value | samples |\n|---|---|---|---|---|")?;
        for Figure { key, engine, value, unit, samples, cases } in &self.all {
            writeln!(f, "| {key} | {engine} | {cases} | {value:.2} {unit} | {samples} |")?;
        }
        Ok(())
    }
}

/// Counts here are far below what a float holds exactly.
pub fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
