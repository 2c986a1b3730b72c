//! Only the shell reads the clock, in one file; everywhere else `now` is an argument.

use super::tree::{Finding, Tree};

/// Where the clock may be read.
const MAY_READ: [&str; 1] = ["crates/desk/src/time.rs"];

/// Where a delay may be measured besides, since the machine and not the desk's time sets it: the few milliseconds in
/// which writes are grouped, and how long a foreign program may keep us waiting.
const MAY_MEASURE: [&str; 2] = ["crates/store/src/writer.rs", "crates/channels/src/mail/server.rs"];

/// What reads the date. Unit tests have no use for it either.
const DATES: [&str; 4] = ["SystemTime::now", "Timestamp::now", "Zoned::now", "Utc::now"];

/// What measures a delay. Tests may, to bound a wait.
const DELAYS: [&str; 1] = ["Instant::now"];

/// Names clock readings in the sources of the crates.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let sources = tree.rust("crates/").filter(|f| f.path.contains("/src/") && !MAY_READ.contains(&f.path));
    for file in sources {
        for call in DATES.iter().chain(&DELAYS) {
            let is_delay = DELAYS.contains(call);
            let may_measure = |at: usize| MAY_MEASURE.contains(&file.path) || file.is_test_at(at);
            for at in file.source.find(call).filter(|at| !(is_delay && may_measure(*at))) {
                let message =
                    format!("`{call}` reads the clock: take `now` as an argument from {}", MAY_READ[0]);
                found.push(file.at(at, message));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn clock_readings_are_named() {
        let code = "fn a() {\n    jiff::Timestamp::now();\n    Instant::now();\n}\n";
        let files =
            [("crates/casework/src/a.rs", code), ("crates/desk/src/time.rs", code), (MAY_MEASURE[0], code)];
        let writer = format!("{}:2", MAY_MEASURE[0]);
        let places = ["crates/casework/src/a.rs:2", "crates/casework/src/a.rs:3", &writer];
        sample::expect(check, &files, &places);
    }

    #[test]
    fn mentions_and_bounded_waits_pass() {
        let code = "// Zoned::now\nfn a(now: Timestamp) {}\n#[test]\nfn b() { Instant::now(); }\n";
        let files =
            [("crates/casework/src/a.rs", code), ("crates/desk/tests/t.rs", "fn a() { Utc::now(); }")];
        sample::expect(check, &files, &[]);
    }
}
