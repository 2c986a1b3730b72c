//! Asks the API of a demonstration desk whatever its description allows, and more. Not a part of CI: the tool is a program of
//! another language, with an index of its own.

use crate::{project, run::run};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The tool, as it was tried.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// Examples of each operation.
const EXAMPLES: &str = "50";
/// The one who asks.
const USER: &str = "admin@maison-garance.example";

/// Asks, and fails when an answer is a failure or is not described. That what fits the description is always accepted is not
/// expected: the law of the desk says no to much that is well written.
pub fn api() -> Result<()> {
    run(&mut project::cargo(&["build", "--bin", "suivi"]), None)?;
    let suivi = project::built()?.join("suivi");
    let folder = project::built()?.join("api-trial");
    let tool = project::built()?.join("schemathesis");
    if !tool.join("bin/schemathesis").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&tool), None)?;
        run(Command::new(tool.join("bin/pip")).args(["install", "--quiet", SCHEMATHESIS]), None)?;
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the trial before cannot be removed")?;
    }
    let mut demo = Command::new(&suivi);
    demo.arg("demo").arg("--folder").arg(&folder);
    demo.args(["--port", "0", "--lmtp-port", "0", "--smtp-port", "0"]).stdout(Stdio::piped());
    let mut demo = Ended(demo.spawn().context("the demonstration does not start")?);
    let url = address(&mut demo.0)?;
    let config = folder.join("suivi.toml");
    let settings =
        format!("public_url = '{url}'\ndata_folder = '{}'\nmail_out.host = 'localhost'\n", folder.display());
    std::fs::write(&config, settings).context("the settings cannot be written")?;
    let mut add = Command::new(&suivi);
    add.args(["admin", "add-token", "trial", "--user", USER, "--per-minute", "1000000", "--config"]);
    let token = add.arg(&config).output().context("no token")?;
    ensure!(token.status.success(), "no token: {}", String::from_utf8_lossy(&token.stderr));
    let token = String::from_utf8(token.stdout).context("the token is no text")?;
    let mut ask = Command::new(tool.join("bin/schemathesis"));
    ask.current_dir(project::root().join("e2e")).env("SCHEMATHESIS_HOOKS", "schemathesis_hooks");
    ask.args(["run", &format!("{url}/api/openapi.json"), "--checks", "all"]);
    ask.args(["--exclude-checks", "positive_data_acceptance", "-n", EXAMPLES]);
    // Not spelled out: it holds the token.
    ask.args(["-H", &format!("Authorization: Bearer {}", token.trim())]);
    let status = ask.status().context("schemathesis does not run")?;
    ensure!(status.success(), "the API answers what it does not describe ({status})");
    Ok(())
}

/// Ends a process when it is dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that has ended by itself is fine too.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Where the demonstration says that its desk is.
fn address(demo: &mut Child) -> Result<String> {
    let out = demo.stdout.take().context("the demonstration says nothing")?;
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("desk      ")).context("the demonstration ended too early")?;
    let (_, url) = line.split_once("desk      ").context("no address")?;
    let url = url.trim().trim_end_matches('/').to_owned();
    // It goes on saying things, and must find somebody who listens.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(url)
}
