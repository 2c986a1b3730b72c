//! All that CI does, at home: stages one after the other, each with its time, and a table at the end.

use crate::stages::{Outcome, Session, Stage};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::time::{Duration, Instant};

/// CI gives up after this; the stages are kept far below.
const LIMIT: Duration = Duration::from_mins(90);

/// Which stages to run, and how.
#[derive(Debug, Args)]
pub struct Options {
    /// Run these stages only.
    #[arg(long, num_args = 1.., value_name = "STAGE")]
    only: Vec<Stage>,
    /// Leave these stages out.
    #[arg(long, num_args = 1.., value_name = "STAGE")]
    skip: Vec<Stage>,
    /// Run all stages, whichever fail.
    #[arg(long)]
    keep_going: bool,
}

/// What became of a stage.
struct Line {
    name: String,
    seconds: f64,
    result: Result<Outcome>,
}

/// Runs the stages; fails when one failed.
pub fn ci(options: &Options) -> Result<()> {
    let started = Instant::now();
    let mut session = Session::new(started + LIMIT);
    let mut lines = Vec::new();
    for stage in chosen(options) {
        lines.push(timed(&mut session, stage));
        if !options.keep_going && lines.last().is_some_and(|line| line.result.is_err()) {
            break;
        }
    }
    drop(session);
    println!("\n{}", table(&lines, started.elapsed()));
    let failed: Vec<_> =
        lines.iter().filter(|line| line.result.is_err()).map(|line| line.name.as_str()).collect();
    if !failed.is_empty() {
        bail!("CI failed: {}", failed.join(", "));
    }
    Ok(())
}

fn chosen(options: &Options) -> Vec<Stage> {
    let is_wanted = |stage: &Stage| options.only.is_empty() || options.only.contains(stage);
    let all = Stage::value_variants().iter().copied();
    all.filter(is_wanted).filter(|stage| !options.skip.contains(stage)).collect()
}

fn timed(session: &mut Session, stage: Stage) -> Line {
    let name = stage.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    println!("\n== {name} ==");
    let started = Instant::now();
    let result = session.run(stage);
    let seconds = started.elapsed().as_secs_f64();
    match &result {
        Ok(Outcome::Passed) => println!("-- {name}: passed in {seconds:.1} s"),
        Ok(Outcome::Nothing(why)) => println!("-- {name}: nothing to do, {why}"),
        Err(error) => println!("-- {name}: FAILED in {seconds:.1} s\n{error:#}"),
    }
    Line { name, seconds, result }
}

fn table(lines: &[Line], total: Duration) -> String {
    let mut rows: Vec<String> = lines
        .iter()
        .map(|line| {
            let result = match &line.result {
                Ok(Outcome::Passed) => "passed".to_owned(),
                Ok(Outcome::Nothing(why)) => format!("nothing to do, {why}"),
                Err(_) => "FAILED".to_owned(),
            };
            format!("{:<10} {:>8.1} s  {result}", line.name, line.seconds)
        })
        .collect();
    rows.push(format!("{:<10} {:>8.1} s", "all", total.as_secs_f64()));
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn stages_are_chosen() {
        let options = |only: &[Stage], skip: &[Stage]| Options {
            only: only.to_vec(),
            skip: skip.to_vec(),
            keep_going: false,
        };
        assert_eq!(chosen(&options(&[], &[])), Stage::value_variants());
        assert_eq!(chosen(&options(&[Stage::Tidy, Stage::Fmt], &[Stage::Fmt])), [Stage::Tidy]);
    }

    #[test]
    fn the_table_says_all() {
        let line = |name: &str, result| Line { name: name.to_owned(), seconds: 1.25, result };
        let lines = [line("fmt", Ok(Outcome::Passed)), line("test", Err(anyhow!("no")))];
        let text = table(&lines, Duration::from_secs(3));
        assert_eq!(
            text,
            "fmt             1.2 s  passed\ntest            1.2 s  FAILED\nall             3.0 s"
        );
    }
}
