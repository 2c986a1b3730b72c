//! Calls that have no place here: panics and unfinished code in the product, sleeping and skipped tests.

use super::{
    regions,
    tree::{Finding, RustFile, Tree},
};

/// Where a person reads standard output.
const MAY_PRINT: [&str; 4] =
    ["xtask/", "crates/desk/src/main.rs", "crates/desk/src/cli.rs", "crates/desk/src/cli/"];

/// Left over from writing; neither code nor tests keep them.
const UNFINISHED: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];

const PRINTS: [&str; 4] = ["println!", "print!", "eprintln!", "eprint!"];

const SLEEPS: [&str; 2] = ["thread::sleep", "time::sleep"];

/// Names these calls.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust("")
        .flat_map(|file| [unfinished(&file), panics(&file), prints(&file), lax_tests(&file)].concat())
        .collect()
}

fn unfinished(file: &RustFile) -> Vec<Finding> {
    let places = UNFINISHED.iter().flat_map(|call| file.source.find(call).map(move |at| (call, at)));
    places.map(|(call, at)| file.at(at, format!("`{call}`: finish it, or leave it out"))).collect()
}

/// `unwrap` and `expect`, as clippy sees them but without a build. An `#[expect(clippy::…, reason)]` excuses them.
fn panics(file: &RustFile) -> Vec<Finding> {
    let code = &file.source.code;
    let mut found = Vec::new();
    for (call, lint) in [(".unwrap()", "clippy::unwrap_used"), (".expect(\"", "clippy::expect_used")] {
        let excused = regions::governed(code, |text| text.contains(lint));
        let places = code.match_indices(call).map(|(at, _)| at);
        for at in places.filter(|at| !file.is_test_at(*at) && !excused.iter().any(|range| range.contains(at)))
        {
            let name = call.trim_matches(['.', '(', ')', '"']);
            found.push(file.at(at, format!("`{name}` outside tests: return the error with its context")));
        }
    }
    found
}

fn prints(file: &RustFile) -> Vec<Finding> {
    if MAY_PRINT.iter().any(|allowed| file.path.starts_with(allowed)) {
        return Vec::new();
    }
    let places = PRINTS.iter().flat_map(|call| file.source.find(call).map(move |at| (call, at)));
    places
        .filter(|(_, at)| !file.is_test_at(*at))
        .map(|(call, at)| {
            file.at(at, format!("`{call}` outside the command line: use tracing, or return a value"))
        })
        .collect()
}

fn lax_tests(file: &RustFile) -> Vec<Finding> {
    let code = &file.source.code;
    let ignored = regions::attributes(code)
        .filter(|a| a.text == "ignore" || a.text.starts_with("ignore "))
        .map(|a| file.at(a.start, "an ignored test proves nothing: repair it, or delete it"));
    let sleeps =
        SLEEPS.iter().flat_map(|call| file.source.find(call)).filter(|at| file.is_test_at(*at)).map(|at| {
            file.at(
                at,
                "a test that sleeps is slow or flaky: wait for what happens, or hold the clock in hand",
            )
        });
    ignored.chain(sleeps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn panics_and_unfinished_code_are_named() {
        let code = "fn a() {\n    b().unwrap();\n    c()\n        .expect(\"c\");\n    todo!()\n}\n#[test]\nfn d() { dbg!(1); }\n";
        let path = "crates/store/src/a.rs";
        let places = [5, 8, 2, 4].map(|line| format!("{path}:{line}"));
        sample::expect(check, &[(path, code)], &places.each_ref().map(String::as_str));
    }

    #[test]
    fn prints_skipped_tests_and_sleeps_are_named() {
        let code = "fn a() { println!(); }\n#[test]\n#[ignore = \"slow\"]\nfn b() {\n    std::thread::sleep(d);\n}\n";
        let path = "crates/store/src/a.rs";
        let places = [1, 3, 5].map(|line| format!("{path}:{line}"));
        sample::expect(check, &[(path, code)], &places.each_ref().map(String::as_str));
    }

    #[test]
    fn what_has_its_place_passes() {
        let code = "// todo!()\nfn a() { self.expect(Token::Dot); b.unwrap_or(1); thread::sleep(d); \"dbg!\"; }\n\
                    #[expect(clippy::unwrap_used, reason = \"checked above\")]\nfn b() { c().unwrap(); }\n\
                    #[cfg(test)]\nmod tests { fn e() { f().unwrap(); g().expect(\"g\"); println!(); } }\n";
        let files =
            [("crates/store/src/a.rs", code), ("crates/desk/src/cli/demo.rs", "fn a() { println!(\"x\"); }")];
        sample::expect(check, &files, &[]);
    }
}
