//! The files that tidy measures, and what it says of them.

use super::{regions, source::Source};
use anyhow::{Context, Result, ensure};
use std::{collections::BTreeSet, fmt, fs, path::Path, process::Command};

/// No tracked file may be larger.
pub const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// One thing that is not as the house wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path from the root of the repository.
    pub path: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// Says something of a line.
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// One file.
#[derive(Debug)]
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text; empty when it is not text or is too large to read.
    pub text: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// For Rust files, the text split.
    pub rust: Option<Source>,
}

/// A Rust file with its split text.
#[derive(Debug, Clone, Copy)]
pub struct RustFile<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// As written.
    pub text: &'a str,
    /// As split.
    pub source: &'a Source,
    /// Whether only tests, examples or benches compile the whole file.
    pub is_test: bool,
}

impl RustFile<'_> {
    /// A finding at a byte offset of this file.
    pub fn at(&self, offset: usize, message: impl Into<String>) -> Finding {
        Finding::new(self.path, self.source.line(offset), message)
    }

    /// Whether only tests compile this place.
    pub fn is_test_at(&self, offset: usize) -> bool {
        self.is_test || self.source.is_test(offset)
    }
}

/// All files that are, or would be, under version control.
#[derive(Debug, Default)]
pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
    test_roots: BTreeSet<String>,
}

impl Tree {
    /// Reads the tree at `root`: what git tracks, and what it does not ignore.
    pub fn read(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("cannot run git, which lists the files to measure")?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "git cannot list the files to measure: {}", complaint.trim());
        let paths: BTreeSet<_> = output.stdout.split(|b| *b == 0).map(String::from_utf8_lossy).collect();
        let mut files = Vec::new();
        for path in paths.iter().filter(|path| !path.is_empty()) {
            // Deleted and not yet committed, or gone since git listed it: other people work in this tree.
            let Ok(meta) = fs::metadata(root.join(&**path)) else { continue };
            if !meta.is_file() {
                continue;
            }
            let bytes = if meta.len() <= FILE_BYTES_MAX { fs::read(root.join(&**path))? } else { Vec::new() };
            files.push(File::new(path, String::from_utf8(bytes).unwrap_or_default(), meta.len()));
        }
        Ok(Self::of(files))
    }

    fn of(files: Vec<File>) -> Self {
        let test_roots = files.iter().flat_map(File::test_roots).collect();
        Self { files, test_roots }
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Rust files whose path starts with `prefix`.
    pub fn rust<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = RustFile<'a>> + 'a {
        self.files.iter().filter(move |file| file.path.starts_with(prefix)).filter_map(|file| {
            let source = file.rust.as_ref()?;
            Some(RustFile { path: &file.path, text: &file.text, source, is_test: self.is_test(&file.path) })
        })
    }

    fn is_test(&self, path: &str) -> bool {
        let is_apart = path.starts_with("crates/")
            && path
                .split('/')
                .nth(2)
                .is_some_and(|folder| matches!(folder, "tests" | "examples" | "benches"));
        is_apart
            || self.test_roots.iter().any(|root| {
                path.strip_prefix(root.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            })
    }
}

/// Whether a path ends in this extension.
pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own == extension)
}

impl File {
    fn new(path: &str, text: String, size_bytes: u64) -> Self {
        let rust = has_extension(path, "rs").then(|| Source::read(&text));
        Self { path: path.to_owned(), text, size_bytes, rust }
    }

    /// Paths without extension of the modules that this file declares for tests only.
    fn test_roots(&self) -> Vec<String> {
        let Some(rust) = &self.rust else { return Vec::new() };
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let base = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => self.path.trim_end_matches(".rs").to_owned(),
        };
        let modules = regions::test_modules(&rust.code).into_iter();
        modules
            .map(|(range, module)| {
                let elsewhere =
                    rust.strings.iter().find(|s| range.contains(&s.offset) && has_extension(&s.text, "rs"));
                match elsewhere {
                    Some(path) => format!("{folder}/{}", path.text.trim_end_matches(".rs")),
                    None => format!("{base}/{module}"),
                }
            })
            .collect()
    }
}

#[cfg(test)]
pub mod sample {
    //! Small trees for the tests of checks.

    use super::{File, Finding, Tree};

    /// A tree made of these paths and texts.
    pub fn tree(files: &[(&str, &str)]) -> Tree {
        let read = |(path, text): &(&str, &str)| File::new(path, (*text).to_owned(), text.len() as u64);
        Tree::of(files.iter().map(read).collect())
    }

    /// Asserts where a check complains: `path:line` each.
    #[track_caller]
    pub fn expect(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)], places: &[&str]) {
        let found = check(&tree(files));
        let at: Vec<_> = found.iter().map(|f| format!("{}:{}", f.path, f.line)).collect();
        assert_eq!(at, places, "{found:#?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_known() {
        let tree = sample::tree(&[
            ("crates/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod testing;"),
            ("crates/a/src/b.rs", "#[cfg(test)]\nmod tests;"),
            ("crates/a/src/c.rs", "#[cfg(test)]\n#[path = \"c_tests.rs\"]\nmod tests;"),
            ("crates/a/src/c_tests.rs", ""),
            ("crates/a/src/b/tests.rs", ""),
            ("crates/a/src/testing/mod.rs", ""),
            ("crates/a/src/testing_not.rs", ""),
            ("crates/a/tests/walk.rs", ""),
        ]);
        let tests: Vec<_> = tree.rust("").filter(|f| f.is_test).map(|f| f.path).collect();
        assert_eq!(
            tests,
            [
                "crates/a/src/c_tests.rs",
                "crates/a/src/b/tests.rs",
                "crates/a/src/testing/mod.rs",
                "crates/a/tests/walk.rs"
            ]
        );
    }

    #[test]
    fn what_git_does_not_ignore_is_read() {
        let tree = Tree::read(&crate::project::root()).unwrap();
        assert!(tree.file("xtask/src/tidy/tree.rs").is_some());
        assert!(tree.files.iter().all(|f| !f.path.starts_with("target/")));
    }
}
