//! Which rooms of a crate a file names: `crate::room…`, `super::room…`, also through what lib.rs passes on.
//! A room is a module directly under the crate's root; lib.rs and main.rs are tables of contents, not rooms.

use super::{
    regions,
    tree::RustFile,
    words::{find_word, name_at, skip_space},
};
use std::collections::BTreeMap;

/// The room that a path under `src/` belongs to; none for the tables of contents and for other binaries.
pub fn room(path: &str) -> Option<&str> {
    let first = path.split('/').next()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main", "bin"].contains(&name)).then_some(name)
}

/// Names at the crate's root, outside tests, with their offset, as `path` (under `src/`) writes them.
pub fn root_names<'a>(file: &RustFile<'a>, path: &str) -> Vec<(usize, &'a str)> {
    let code = file.source.code.as_str();
    let inline = regions::inline_modules(code);
    let depth = module_depth(path);
    let mut names = Vec::new();
    for at in find_word(code, "crate::") {
        names.extend(first_names(code, at + "crate::".len()).into_iter().map(|name| (at, name)));
    }
    for at in find_word(code, "super::").filter(|at| !code[..*at].ends_with("::")) {
        let steps = code[at..].split("super::").take_while(|between| between.is_empty()).count().max(1);
        let inside = inline.iter().filter(|range| range.contains(&at)).count();
        if steps == depth + inside {
            let rest = at + steps * "super::".len();
            names.extend(first_names(code, rest).into_iter().map(|name| (at, name)));
        }
    }
    names.retain(|(at, _)| !file.is_test_at(*at));
    names
}

/// How many modules deep a file is: 1 for `a.rs` and `a/mod.rs`, 2 for `a/b.rs`.
fn module_depth(path: &str) -> usize {
    path.split('/').filter(|part| !matches!(*part, "mod.rs" | "lib.rs" | "main.rs")).count()
}

/// The first names of a path, or of each path of a `{…}` group.
fn first_names(code: &str, at: usize) -> Vec<&str> {
    let name = name_at(code, at);
    if !name.is_empty() || !code[at..].starts_with('{') {
        return vec![name].into_iter().filter(|name| !name.is_empty()).collect();
    }
    branches(code, at).into_iter().map(|start| name_at(code, start)).filter(|name| !name.is_empty()).collect()
}

/// Where the branches of a `{…}` group start.
fn branches(code: &str, open: usize) -> Vec<usize> {
    let end = regions::closing(code, open);
    let mut starts = vec![skip_space(code, open + 1)];
    let mut i = open + 1;
    while i < end {
        match code.as_bytes()[i] {
            b'{' => i = regions::closing(code, i),
            b',' => {
                starts.push(skip_space(code, i + 1));
                i += 1;
            }
            _ => i += 1,
        }
    }
    starts
}

/// What the crate's root passes on: name there, and the first name of the path it stands for.
pub fn passed_on(code: &str) -> BTreeMap<&str, &str> {
    let mut names = BTreeMap::new();
    for at in find_word(code, "use") {
        let start = skip_space(code, at + "use".len());
        let path =
            ["crate::", "self::"].iter().find_map(|p| code[start..].starts_with(p).then(|| start + p.len()));
        let end = start + code[start..].find(';').unwrap_or_default();
        let room = name_at(code, path.unwrap_or(start));
        for word in
            code[start..end].split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty())
        {
            names.insert(word, room);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    fn names(path: &str, code: &str) -> Vec<String> {
        let full = format!("crates/a/src/{path}");
        let tree = sample::tree(&[(&full, code)]);
        let file = tree.rust("").next().unwrap();
        root_names(&file, path).into_iter().map(|(_, name)| name.to_owned()).collect()
    }

    #[test]
    fn paths_lead_to_rooms() {
        assert_eq!(
            names("a.rs", "use crate::{b::{C, D}, e, f::G};\nfn x() { crate::h::i(); }"),
            ["b", "e", "f", "h"]
        );
        assert_eq!(names("a.rs", "use super::b::C; use super::{d, e};"), ["b", "d", "e"]);
        assert_eq!(names("a/b.rs", "use super::c; use super::super::d::E;"), ["d"]);
        assert_eq!(
            names("a/mod.rs", "use super::b; mod i { use super::c; use super::super::d; }"),
            ["b", "d"]
        );
        assert!(names("a.rs", "#[cfg(test)]\nmod tests { use crate::b; }").is_empty());
    }

    #[test]
    fn rooms_and_what_the_root_passes_on() {
        assert_eq!(
            [room("a.rs"), room("a/b.rs"), room("lib.rs"), room("bin/x.rs")],
            [Some("a"), Some("a"), None, None]
        );
        let names = passed_on("pub use a::{B, c::D};\npub use crate::e::F as G;");
        assert_eq!([names["B"], names["D"], names["G"]], ["a", "a", "e"]);
    }
}
