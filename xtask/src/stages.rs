//! What each stage of CI does. All build in the dev profile with the same features, so that nothing is built twice.

use crate::{postgres::Postgres, project, run::run, setup, tidy};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::{path::Path, process::Command, time::Instant};

/// Seeds of the simulated month; more belong to a night's run.
const SEEDS: [u64; 3] = [1, 2, 3];

/// What the setup installs, so that in CI a test without it fails instead of being skipped.
const REQUIRED: [(&str, &str); 2] = [("SUIVI_REQUIRE_DOVECOT", "1"), ("SUIVI_REQUIRE_EXIM", "1")];

/// Everything at once, as the tests need it: a build with fewer targets would enable other features and start anew.
const BUILD: [&str; 5] = ["build", "--workspace", "--bins", "--examples", "--tests"];

/// A stage of CI, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Install what this machine lacks.
    Setup,
    /// Is the code laid out by rustfmt?
    Fmt,
    /// Lints, without a warning left.
    Clippy,
    /// The house style, measured.
    Tidy,
    /// Banned crates and licences of all we depend on.
    Licences,
    /// The documentation builds, every link leads somewhere.
    Docs,
    /// All Rust tests, on both engines.
    Test,
    /// Walks in a real browser.
    Browser,
    /// The seeded simulation, a few seeds.
    Simulate,
    /// That measuring runs; never how fast.
    Bench,
}

/// How a stage that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did its work.
    Passed,
    /// There is no such work in this tree yet.
    Nothing(&'static str),
}

/// What the stages share: the time that is left, and one database server for all.
#[derive(Debug)]
pub struct Session {
    ends_at: Instant,
    postgres: Option<Postgres>,
}

impl Session {
    /// A session that must be over at `ends_at`.
    pub fn new(ends_at: Instant) -> Self {
        Self { ends_at, postgres: None }
    }

    /// Does one stage.
    pub fn run(&mut self, stage: Stage) -> Result<Outcome> {
        match stage {
            Stage::Setup => setup::setup(self.ends_at)?,
            Stage::Fmt => self.cargo(&["fmt", "--all", "--check"])?,
            Stage::Clippy => {
                self.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
            }
            Stage::Tidy => tidy::sources(&project::root())?,
            Stage::Licences => tidy::dependencies(&project::root())?,
            Stage::Docs => {
                let mut doc = project::cargo(&["doc", "--no-deps", "--workspace"]);
                run(doc.env("RUSTDOCFLAGS", "-D warnings"), Some(self.ends_at))?;
            }
            Stage::Test => self.test()?,
            Stage::Browser => return self.browser(),
            Stage::Simulate => return self.simulate(),
            Stage::Bench => self.bench()?,
        }
        Ok(Outcome::Passed)
    }

    fn cargo(&self, args: &[&str]) -> Result<()> {
        run(&mut project::cargo(args), Some(self.ends_at))
    }

    fn postgres(&mut self) -> Result<&Postgres> {
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start()?);
        }
        self.postgres.as_ref().context("PostgreSQL was started and is not there")
    }

    fn test(&mut self) -> Result<()> {
        let ends_at = Some(self.ends_at);
        let env = self.postgres()?.test_env();
        let mut nextest = project::cargo(&["nextest", "run", "--workspace"]);
        run(nextest.envs(env.clone()).envs(REQUIRED), ends_at)?;
        if tidy::has_doctests(&project::root())? {
            run(project::cargo(&["test", "--doc", "--workspace"]).envs(env), ends_at)?;
        }
        Ok(())
    }

    fn browser(&mut self) -> Result<Outcome> {
        let tests = project::browser_tests()?;
        if tests.is_empty() {
            return Ok(Outcome::Nothing("no e2e/*.test.mjs"));
        }
        self.cargo(&BUILD)?;
        let chromium =
            project::program(&setup::CHROMIUM).context("no Chromium: `cargo xtask ci --only setup`")?;
        let suivi = project::built()?.join("suivi");
        let ends_at = self.ends_at;
        let env = self.postgres()?.test_env();
        let mut node = Command::new("node");
        node.arg("--test").args(tests).current_dir(project::root().join("e2e"));
        node.envs(env).env("SUIVI_BIN", suivi).env("SUIVI_CHROMIUM", chromium);
        run(&mut node, Some(ends_at))?;
        Ok(Outcome::Passed)
    }

    fn simulate(&mut self) -> Result<Outcome> {
        if !has_simulation(&project::root()) {
            return Ok(Outcome::Nothing("no example `simulate` in crates/desk"));
        }
        self.cargo(&BUILD)?;
        let simulate = project::built()?.join("examples/simulate");
        let ends_at = self.ends_at;
        let env = self.postgres()?.test_env();
        for seed in SEEDS {
            let mut command = Command::new(&simulate);
            command.args(["--seed", &seed.to_string()]).current_dir(project::root()).envs(env.clone());
            run(&mut command, Some(ends_at))?;
        }
        Ok(Outcome::Passed)
    }
}

impl Session {
    /// A smoke run of the measuring, with the build of the other stages.
    fn bench(&mut self) -> Result<()> {
        self.cargo(&BUILD)?;
        let built = project::built()?;
        let ends_at = self.ends_at;
        let server = self.postgres()?;
        let mut command = Command::new(built.join("examples/bench"));
        command.args(["--quick", "--suivi"]).arg(built.join("suivi"));
        run(command.envs(server.client_env()).envs(server.test_env()), Some(ends_at))
    }
}

fn has_simulation(root: &Path) -> bool {
    let examples = root.join("crates/desk/examples");
    examples.join("simulate.rs").is_file() || examples.join("simulate/main.rs").is_file()
}
