//! No path of somebody's machine in a file that everybody gets.

use super::tree::{File, Finding, Tree};

const MACHINE_PATHS: [&str; 2] = [concat!("/ro", "ot/"), concat!("/wo", "rk/")];

/// Names absolute paths of the machines that this is written on.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().flat_map(machine_paths).collect()
}

fn machine_paths(file: &File) -> Vec<Finding> {
    let mut found = Vec::new();
    for (i, line) in file.text.lines().enumerate() {
        for path in MACHINE_PATHS.iter().filter(|path| starts_a_path(line, path)) {
            let message = format!("`{path}` exists on one machine: make it relative, or ask for it");
            found.push(Finding::new(&file.path, i + 1, message));
        }
    }
    found
}

/// Whether the path begins there; inside an address (`example.org/…`) or a longer path it does not.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at]
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | '~' | '*' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn machine_paths_are_named() {
        let [home, desk] = MACHINE_PATHS;
        let bad = format!("a\nlet p = \"{home}.cargo\";\n");
        let good = format!("https://example.org{desk}x ${{HOME}}{desk} ./a{home}b");
        let files =
            [("crates/a/src/a.rs", bad.as_str()), ("b.md", &format!("see {desk}main")), ("c.md", &good)];
        sample::expect(check, &files, &["crates/a/src/a.rs:2", "b.md:1"]);
    }
}
