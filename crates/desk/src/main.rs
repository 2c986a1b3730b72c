//! The binary `suivi`: sets up logging and hands over to the command line.

use std::io::IsTerminal;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

/// What is logged unless `SUIVI_LOG` says otherwise. The reader of HTML warns of every untidy mail.
const LOGGED: &str = "warn,html5ever=error";

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("SUIVI_LOG").unwrap_or_else(|_| EnvFilter::new(LOGGED));
    let is_seen = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_seen).with_writer(std::io::stderr).init();
    match desk::cli::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("suivi: {error:#}");
            ExitCode::FAILURE
        }
    }
}
