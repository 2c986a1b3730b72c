//! Names that say nothing: doer-objects, and functions that handle or process.

use super::{
    tree::{Finding, RustFile, Tree},
    words::{name_at, skip_space},
};

const TYPE_ENDINGS: [&str; 6] = ["Manager", "Service", "Helper", "Helpers", "Util", "Utils"];
const FUNCTION_STARTS: [&str; 2] = ["handle_", "process_"];

/// Names names.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust("").flat_map(|file| [empty_types(&file), empty_functions(&file)].concat()).collect()
}

fn empty_types(file: &RustFile) -> Vec<Finding> {
    let names = ["struct", "enum", "trait", "type", "union"].into_iter().flat_map(|word| named(file, word));
    names
        .filter(|(_, name)| TYPE_ENDINGS.iter().any(|ending| name.ends_with(ending)))
        .map(|(at, name)| {
            file.at(at, format!("`{name}` says nothing: name what it is, a noun that people can say"))
        })
        .collect()
}

fn empty_functions(file: &RustFile) -> Vec<Finding> {
    let named = named(file, "fn").into_iter();
    named
        .filter(|(_, name)| FUNCTION_STARTS.iter().any(|start| name.starts_with(start)))
        .map(|(at, name)| file.at(at, format!("`{name}` says nothing: name what it does, with its own verb")))
        .collect()
}

fn named<'a>(file: &RustFile<'a>, word: &'a str) -> Vec<(usize, &'a str)> {
    let code = file.source.code.as_str();
    file.source.find(word).map(|at| (at, name_at(code, skip_space(code, at + word.len())))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn empty_names_are_named() {
        let code =
            "struct CaseManager;\npub trait MailService {}\nasync fn handle_mail() {}\nfn process_one() {}\n";
        sample::expect(check, &[("a.rs", code)], &["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4"]);
    }

    #[test]
    fn full_names_pass() {
        let code = "struct ServiceLevel;\nfn handle() {}\nfn reprocess_one() {}\n// struct XManager\nimpl tower::Service for A {}\n";
        sample::expect(check, &[("a.rs", code)], &[]);
    }
}
