//! Runs a command in sight: says it, lets it print, waits for it, and ends it when the time is up.

use anyhow::{Context, Result, bail, ensure};
use std::{
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

const POLL: Duration = Duration::from_millis(50);

/// What a command gets between being asked to end and being ended.
const GRACE: Duration = Duration::from_secs(15);

/// Runs a command and fails unless it succeeds before `ends_at`.
pub fn run(command: &mut Command, ends_at: Option<Instant>) -> Result<()> {
    println!("$ {}", spelled(command));
    let status = status(command, ends_at)?;
    ensure!(status.success(), "`{}` failed ({status})", spelled(command));
    Ok(())
}

/// Runs a command without a word and says how it ended.
pub fn status(command: &mut Command, ends_at: Option<Instant>) -> Result<ExitStatus> {
    let mut child = command.spawn().with_context(|| format!("cannot run `{}`", spelled(command)))?;
    let Some(ends_at) = ends_at else { return child.wait().context("cannot wait for a command") };
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a command")? {
            return Ok(status);
        }
        if Instant::now() >= ends_at {
            end(&mut child)?;
            bail!("`{}` was still running when the time was up", spelled(command));
        }
        thread::sleep(POLL);
    }
}

/// Asks a command to end (nextest then ends its tests), and ends it when it does not.
fn end(child: &mut Child) -> Result<()> {
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().context("cannot run kill")?;
    let ends_at = Instant::now() + GRACE;
    while Instant::now() < ends_at {
        if child.try_wait().context("cannot wait for a command")?.is_some() {
            return Ok(());
        }
        thread::sleep(POLL);
    }
    child.kill().context("cannot end a command")?;
    child.wait().context("cannot wait for a command")?;
    Ok(())
}

/// A command as one would type it.
fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_is_said() {
        assert!(run(&mut Command::new("true"), None).is_ok());
        let error = run(Command::new("sh").args(["-c", "exit 3"]), Some(Instant::now() + GRACE)).unwrap_err();
        assert!(error.to_string().contains("exit 3"), "{error}");
        assert!(run(&mut Command::new("no-such-program"), None).is_err());
    }

    #[test]
    fn the_limit_ends_a_command() {
        let started = Instant::now();
        let error = run(Command::new("sleep").arg("60"), Some(started)).unwrap_err();
        assert!(error.to_string().contains("time was up"), "{error}");
        assert!(started.elapsed() < GRACE);
    }
}
