//! Licence expressions (SPDX 2.3, annex D): `AND` binds tighter than `OR`; `WITH` adds an exception, which only
//! ever grants more; the old `/` means `OR`.

/// Whether an expression can be satisfied with licences for which `is_allowed` holds; what cannot be read is not.
pub fn is_satisfied(expression: &str, is_allowed: impl Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, is_allowed };
    let value = reader.either(0);
    value == Some(true) && reader.words.is_empty()
}

/// No expression nests deeper.
const DEPTH_MAX: usize = 16;

struct Reader<'a, F> {
    words: &'a [&'a str],
    is_allowed: F,
}

impl<'a, F: Fn(&str) -> bool> Reader<'a, F> {
    fn either(&mut self, depth: usize) -> Option<bool> {
        let mut value = self.both(depth)?;
        while self.skips("OR") {
            value |= self.both(depth)?;
        }
        Some(value)
    }

    fn both(&mut self, depth: usize) -> Option<bool> {
        let mut value = self.one(depth)?;
        while self.skips("AND") {
            value &= self.one(depth)?;
        }
        Some(value)
    }

    fn one(&mut self, depth: usize) -> Option<bool> {
        if self.skips("(") {
            let value = if depth < DEPTH_MAX { self.either(depth + 1)? } else { return None };
            return self.skips(")").then_some(value);
        }
        let licence = self.next().filter(|word| !["OR", "AND", "WITH", ")"].contains(word))?;
        if self.skips("WITH") {
            self.next()?;
        }
        Some((self.is_allowed)(licence))
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn skips(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::is_satisfied;

    #[test]
    fn expressions_are_weighed() {
        let mit =
            |expression| is_satisfied(expression, |licence| ["MIT", "ISC", "Apache-2.0"].contains(&licence));
        for good in
            ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-3.0", "(GPL-3.0 OR MIT) AND ISC", "GPL-3.0 OR MIT AND ISC"]
        {
            assert!(mit(good), "{good}");
        }
        assert!(mit("Apache-2.0 WITH LLVM-exception"));
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR ISC) AND GPL-3.0",
            "",
            "MIT OR",
            "(MIT",
            "MIT ISC",
            "MIT)",
        ] {
            assert!(!mit(bad), "{bad}");
        }
        assert!(!mit(&"(".repeat(10_000)));
    }
}
