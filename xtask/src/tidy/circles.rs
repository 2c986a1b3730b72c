//! No circles inside a crate: its rooms (modules under the root) can be read in an order, each after what it uses.

use super::{
    tree::{Finding, Tree},
    uses,
};
use std::collections::{BTreeMap, BTreeSet};

/// From room and to room, with the first place where it is written.
type Arrows<'a> = BTreeMap<(&'a str, &'a str), Finding>;

/// Names circles, once each, with one line for every arrow in them.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let roots: BTreeSet<&str> = tree.rust("").filter_map(|f| Some(f.path.split_once("/src/")?.0)).collect();
    roots.into_iter().flat_map(|root| circles(&arrows(tree, &format!("{root}/src/")))).collect()
}

fn arrows<'a>(tree: &'a Tree, src: &'a str) -> Arrows<'a> {
    let inside = |path: &'a str| path.strip_prefix(src).unwrap_or(path);
    let rooms: BTreeSet<&str> = tree.rust(src).filter_map(|file| uses::room(inside(file.path))).collect();
    let table = tree.rust(src).find(|file| inside(file.path) == "lib.rs");
    let passed_on = table.map(|file| uses::passed_on(&file.source.code)).unwrap_or_default();
    let mut arrows = Arrows::new();
    for file in tree.rust(src).filter(|file| !file.is_test) {
        let Some(from) = uses::room(inside(file.path)) else { continue };
        for (at, name) in uses::root_names(&file, inside(file.path)) {
            let to =
                if rooms.contains(name) { name } else { passed_on.get(name).copied().unwrap_or_default() };
            if to != from
                && let Some(to) = rooms.get(to)
            {
                let place = || file.at(at, format!("`{from}` uses `{to}`"));
                arrows.entry((from, *to)).or_insert_with(place);
            }
        }
    }
    arrows
}

fn circles(arrows: &Arrows) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((from, to), place) in arrows {
        let reached = reachable(arrows, to);
        if reached.contains(from) {
            let circle: Vec<_> =
                reached.iter().filter(|room| reachable(arrows, room).contains(from)).copied().collect();
            let advice = "move what both need into a room of its own, or pass it as a value";
            let message = format!("{}, in the circle of {}: {advice}", place.message, circle.join(", "));
            found.push(Finding { message, ..place.clone() });
        }
    }
    found
}

fn reachable<'a>(arrows: &Arrows<'a>, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(room) = waiting.pop() {
        for (_, next) in arrows.keys().filter(|(start, _)| *start == room) {
            if reached.insert(*next) {
                waiting.push(next);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn circles_are_named() {
        let files = [
            ("crates/a/src/lib.rs", "mod b;\nmod c;\nmod d;\npub use d::Thing;"),
            ("crates/a/src/b.rs", "use crate::c::X;"),
            ("crates/a/src/c/mod.rs", "mod e;"),
            ("crates/a/src/c/e.rs", "\nuse super::super::Thing;"),
            ("crates/a/src/d.rs", "fn x() { crate::b::y() }"),
            ("crates/a/src/f.rs", "use crate::b;"),
        ];
        sample::expect(
            check,
            &files,
            &["crates/a/src/b.rs:1", "crates/a/src/c/e.rs:2", "crates/a/src/d.rs:1"],
        );
    }

    #[test]
    fn ordered_rooms_pass() {
        let files = [
            ("crates/a/src/lib.rs", "mod b;\nmod c;\npub use b::X;"),
            ("crates/a/src/b.rs", "use crate::c::X;"),
            ("crates/a/src/c.rs", "use super::c::Y;\n// crate::b\n#[cfg(test)]\nmod tests { use crate::b; }"),
            ("crates/b/src/c.rs", "use crate::b;"),
            ("crates/a/tests/t.rs", "use crate::b;"),
        ];
        sample::expect(check, &files, &[]);
    }
}
