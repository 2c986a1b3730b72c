//! Ceilings: lines of a Rust file, lines of ARCHITECTURE.md, bytes of any file.

use super::tree::{FILE_BYTES_MAX, Finding, Tree};

const FILE_LINES_MAX: usize = 500;
const ARCHITECTURE_LINES_MAX: usize = 300;

/// Names files that have grown past what a reader can hold.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &tree.files {
        let lines = file.text.lines().count();
        if file.rust.is_some() && lines > FILE_LINES_MAX {
            let message = format!("{lines} lines, at most {FILE_LINES_MAX}: split it by what its parts know");
            found.push(Finding::new(&file.path, FILE_LINES_MAX + 1, message));
        }
        if file.path == "ARCHITECTURE.md" && lines >= ARCHITECTURE_LINES_MAX {
            let message =
                format!("{lines} lines, under {ARCHITECTURE_LINES_MAX}: keep problem, map, laws, walks");
            found.push(Finding::new(&file.path, ARCHITECTURE_LINES_MAX, message));
        }
        if file.size_bytes > FILE_BYTES_MAX {
            let message = format!("{} bytes, at most {FILE_BYTES_MAX}: make it or fetch it", file.size_bytes);
            found.push(Finding::new(&file.path, 1, message));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn long_files_are_named() {
        let (long, fits) = ("x\n".repeat(501), "x\n".repeat(500));
        sample::expect(check, &[("a.rs", &long), ("b.rs", &fits), ("c.css", &long)], &["a.rs:501"]);
        sample::expect(check, &[("ARCHITECTURE.md", &"x\n".repeat(300))], &["ARCHITECTURE.md:300"]);
        sample::expect(check, &[("ARCHITECTURE.md", &"x\n".repeat(299))], &[]);
    }

    #[test]
    fn large_files_are_named() {
        let mut tree = sample::tree(&[("picture.png", "")]);
        assert!(check(&tree).is_empty());
        tree.files[0].size_bytes = FILE_BYTES_MAX + 1;
        assert_eq!(check(&tree).len(), 1);
    }
}
