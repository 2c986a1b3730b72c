//! Arrows between rooms: which crate may know which, as DESIGN.md draws it. Cargo keeps the law, this keeps its text.

use super::tree::{File, Finding, Tree};

/// Crate, and what it may depend on of ours.
const ARROWS: [(&str, &[&str]); 10] = [
    ("calendar", &[]),
    ("text", &[]),
    ("watch", &["calendar"]),
    ("casework", &["calendar", "text"]),
    ("store", &["casework", "calendar", "text"]),
    ("channels", &["casework", "text"]),
    ("files", &[]),
    ("desk", &["files", "calendar", "text", "watch", "casework", "store", "channels"]),
    ("xtask", &[]),
    ("fuzz", &["calendar", "text", "casework", "channels"]),
];

/// What its tests may depend on besides.
const TEST_ARROWS: [(&str, &[&str]); 0] = [];

/// Names dependencies that the map does not draw, and crates that it does not know.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.files.iter().filter_map(|file| Some((crate_of(&file.path)?, file)));
    manifests.flat_map(|(room, file)| wrong_arrows(room, file)).collect()
}

fn crate_of(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    Some(folder.strip_prefix("crates/").unwrap_or(folder))
}

fn wrong_arrows(room: &str, manifest: &File) -> Vec<Finding> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        let message = format!("crate `{room}` is not on the map: draw it in xtask/src/tidy/arrows.rs first");
        return vec![Finding::new(&manifest.path, 1, message)];
    };
    let in_tests = TEST_ARROWS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, extra)| *extra);
    let mut found = Vec::new();
    for Dependency { line, name, is_for_tests } in dependencies(&manifest.text) {
        let is_ours = ARROWS.iter().any(|(other, _)| *other == name);
        let is_drawn = allowed.contains(&name) || (is_for_tests && in_tests.contains(&name));
        if is_ours && !is_drawn {
            let message =
                format!("`{room}` may not know `{name}`: pass values, or move what it needs down a floor");
            found.push(Finding::new(&manifest.path, line, message));
        }
    }
    found
}

struct Dependency<'a> {
    line: usize,
    name: &'a str,
    is_for_tests: bool,
}

/// Dependencies of a manifest, renamed ones by their true name.
fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let (mut is_list, mut is_for_tests) = (false, false);
    for (line, text) in manifest.lines().enumerate().map(|(i, text)| (i + 1, text.trim())) {
        if let Some(section) = text.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let (table, name) = match section.rsplit_once('.') {
                Some((table, name)) if table.ends_with("dependencies") => (table, Some(name)),
                _ => (section, None),
            };
            is_for_tests = table.ends_with("dev-dependencies");
            is_list = table.ends_with("dependencies") && name.is_none();
            found.extend(name.map(|name| Dependency { line, name, is_for_tests }));
        } else if let Some(name) = package(text) {
            found.push(Dependency { line, name, is_for_tests });
        } else if is_list && !text.starts_with('#') {
            let name = text.split(['=', '.', ' ']).next().unwrap_or_default().trim_matches('"');
            found.push(Dependency { line, name, is_for_tests });
        }
    }
    found
}

fn package(line: &str) -> Option<&str> {
    let value = line.split_once("package = \"").filter(|(before, _)| !before.trim_end().ends_with('.'))?.1;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn arrows_that_are_not_drawn_are_named() {
        let files = [
            ("Cargo.toml", "[workspace.dependencies]\nstore = { path = \"crates/store\" }\n"),
            (
                "crates/store/Cargo.toml",
                "[dependencies]\ncasework.workspace = true\nchannels = { path = \"x\" }\n",
            ),
            (
                "crates/text/Cargo.toml",
                "[package]\nname = \"text\"\n[dev-dependencies]\ncalendar.workspace = true\n",
            ),
            (
                "crates/watch/Cargo.toml",
                "[dependencies.casework]\nworkspace = true\n[features]\nstore = []\n",
            ),
            ("crates/casework/Cargo.toml", "[dependencies]\nx = { package = \"desk\" }\n"),
            ("crates/attic/Cargo.toml", ""),
        ];
        let places = [
            "crates/store/Cargo.toml:3",
            "crates/text/Cargo.toml:4",
            "crates/watch/Cargo.toml:1",
            "crates/casework/Cargo.toml:2",
            "crates/attic/Cargo.toml:1",
        ];
        sample::expect(check, &files, &places);
    }

    #[test]
    fn arrows_that_are_drawn_pass() {
        let manifest =
            "[dependencies]\n# desk\ncalendar.workspace = true\ntext = { workspace = true }\nserde = \"1\"\n";
        sample::expect(check, &[("crates/casework/Cargo.toml", manifest)], &[]);
    }
}
