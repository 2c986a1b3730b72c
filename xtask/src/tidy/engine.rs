//! Which engine is it? Only a few files of the store may ask; everything else is one SQL text for both.

use super::{
    tree::{Finding, RustFile, Tree},
    words::name_at,
};

/// Files, or folders of that name, that may ask. A new one needs a reason that no SQL text can serve both engines.
const MAY_ASK: [&str; 5] = [
    "crates/store/src/connect",
    "crates/store/src/conn",
    "crates/store/src/claim",
    "crates/store/src/search",
    "crates/store/src/writer",
];

/// Names questions about the engine in other files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let others = tree.rust("crates/store/src/").filter(|file| !may_ask(file.path));
    others.flat_map(|file| questions(&file)).collect()
}

fn may_ask(path: &str) -> bool {
    MAY_ASK.iter().any(|allowed| {
        path.strip_prefix(allowed).is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
    })
}

fn questions(file: &RustFile) -> Vec<Finding> {
    let code = &file.source.code;
    let mut last_line = 0;
    let starts = code.char_indices().filter(|(i, _)| {
        *i == 0 || !code.as_bytes()[i - 1].is_ascii_alphanumeric() && code.as_bytes()[i - 1] != b'_'
    });
    starts
        .filter(|(at, _)| asks(code, *at) && !file.is_test_at(*at))
        .filter_map(|(at, _)| {
            let line = file.source.line(at);
            let is_new = std::mem::replace(&mut last_line, line) != line;
            is_new.then(|| {
                let name = name_at(code, at);
                file.at(
                    at,
                    format!("`{name}` asks which engine: write one text for both, or see tidy/engine.rs"),
                )
            })
        })
        .collect()
}

/// What sqlx calls the parts of its `PostgreSQL` driver.
const POSTGRES: [&str; 5] = ["PgPool", "PgConnection", "PgConnectOptions", "PgPoolOptions", "PgRow"];

fn asks(code: &str, at: usize) -> bool {
    let name = name_at(code, at);
    match name {
        "Engine" => code[at + name.len()..].starts_with("::"),
        "is_postgres" | "is_sqlite" => true,
        _ => ["Sqlite", "Postgres"].iter().any(|s| name.starts_with(s)) || POSTGRES.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn questions_are_named() {
        let code = "fn a(p: &SqlitePool, e: Engine) {\n    if e == Engine::Postgres {}\n}\n// Sqlite\n";
        let files = [
            ("crates/store/src/case.rs", code),
            ("crates/store/src/claim.rs", code),
            ("crates/store/src/search/stems.rs", code),
            ("crates/store/src/connector.rs", "use sqlx::PgPool;"),
            ("crates/desk/src/config.rs", code),
        ];
        let places =
            ["crates/store/src/case.rs:1", "crates/store/src/case.rs:2", "crates/store/src/connector.rs:1"];
        sample::expect(check, &files, &places);
    }

    #[test]
    fn tests_and_plain_values_pass() {
        let code = "fn a(engine: &Engine) {}\n#[cfg(test)]\nmod tests { fn b() { Engine::Sqlite; } }\n";
        sample::expect(check, &[("crates/store/src/case.rs", code)], &[]);
    }
}
