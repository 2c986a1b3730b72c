//! `Authentication-Results` (RFC 8601 2.2) as it is really written: a name, then methods with their results, their
//! properties and comments. Reading never fails: what does not fit is passed over. Nothing is judged here.

/// Methods read from one field; servers write about ten.
const METHODS_MAX: usize = 30;
/// Words of one method.
const WORDS_MAX: usize = 40;
/// Bytes read of one field.
const FIELD_BYTES_MAX: usize = 8 * 1024;

/// One field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Results {
    /// Who says it, lower case; absent where the field begins with a method, as Microsoft writes it.
    pub name: Option<String>,
    /// What was tried.
    pub methods: Vec<Method>,
}

/// One method with its result.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Method {
    /// Such as `dkim`, lower case.
    pub name: String,
    /// Such as `pass`, lower case.
    pub result: String,
    /// Properties such as `header.d`, lower case, with their values.
    properties: Vec<(String, String)>,
    /// Pairs inside comments, lower case: there servers tell the policy (`p=reject dis=none`).
    notes: Vec<(String, String)>,
}

impl Method {
    /// The value of a property. Absent when it is there with two values: a name that a stranger chose may have broken
    /// out of its place, and what is ambiguous proves nothing.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(found, _)| found == name).map(|(_, value)| value);
        let first = values.next()?;
        values.all(|other| other == first).then_some(first.as_str())
    }

    /// All values of a pair, in properties and in comments, lower case.
    pub fn told<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let pairs = self.properties.iter().chain(&self.notes);
        pairs.filter(move |(found, _)| found == name).map(|(_, value)| value.to_ascii_lowercase())
    }
}

/// Reads the value of a field, folds included.
pub(super) fn read(value: &[u8]) -> Results {
    let value = String::from_utf8_lossy(&value[..value.len().min(FIELD_BYTES_MAX)]);
    let mut parts = statements(&value).into_iter().take(METHODS_MAX + 1).peekable();
    let mut results = Results::default();
    if let Some(first) = parts.peek()
        && !first.first().is_some_and(|word| word.is_outside && word.text.contains('='))
    {
        results.name = first.iter().find(|word| word.is_outside).map(|word| word.text.to_ascii_lowercase());
        parts.next();
    }
    results.methods = parts.filter_map(|words| method(&words)).collect();
    results
}

/// `dkim=pass (comment) header.d=x`: the first pair is the method, all others are its properties. Comments may stand before
/// it as well, and are somebody's remark about nothing.
fn method(words: &[Word]) -> Option<Method> {
    let words = &words[words.iter().position(|word| word.is_outside)?..];
    let (first, rest) = words.split_first()?;
    let (name, result) = first.text.split_once('=')?;
    let pairs = |is_outside: bool| {
        let words = rest.iter().take(WORDS_MAX).filter(move |word| word.is_outside == is_outside);
        words
            .filter_map(|word| word.text.split_once('='))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect()
    };
    Some(Method {
        // A version may follow the name: `dkim/1=pass`.
        name: name.split('/').next().unwrap_or_default().to_ascii_lowercase(),
        result: result.to_ascii_lowercase(),
        properties: pairs(true),
        notes: pairs(false),
    })
}

/// A word, with quotes taken off and blanks around `=` closed.
#[derive(Debug, Default)]
struct Word {
    text: String,
    /// Whether it stood outside of comments.
    is_outside: bool,
}

/// Cuts at semicolons, then at blanks. Semicolons in quotes and comments do not cut.
fn statements(value: &str) -> Vec<Vec<Word>> {
    let mut cutter = Cutter::default();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if cutter.is_quoted || cutter.depth > 0 => cutter.word.extend(letters.next()),
            '"' if cutter.depth == 0 => cutter.is_quoted = !cutter.is_quoted,
            _ if cutter.is_quoted => cutter.word.push(letter),
            '(' => {
                cutter.end_word();
                cutter.depth += 1;
            }
            ')' if cutter.depth > 0 => {
                cutter.end_word();
                cutter.depth -= 1;
            }
            ';' if cutter.depth == 0 => cutter.end_statement(),
            ';' | ',' if cutter.depth > 0 => cutter.end_word(),
            _ if letter.is_whitespace() => cutter.end_word(),
            _ => cutter.word.push(letter),
        }
    }
    cutter.end_statement();
    cutter.done
}

#[derive(Default)]
struct Cutter {
    done: Vec<Vec<Word>>,
    words: Vec<Word>,
    word: String,
    depth: usize,
    is_quoted: bool,
}

impl Cutter {
    fn end_word(&mut self) {
        let text = std::mem::take(&mut self.word);
        let is_outside = self.depth == 0;
        let Some(last) = self.words.last_mut().filter(|last| last.is_outside == is_outside) else {
            if !text.is_empty() {
                self.words.push(Word { text, is_outside });
            }
            return;
        };
        // Blanks may stand around the sign (RFC 8601 2.2); a value of base64 may end with one.
        let is_open = last.text.find('=') == Some(last.text.len().wrapping_sub(1));
        if text.starts_with('=') && !last.text.contains('=') || is_open {
            last.text.push_str(&text);
        } else if !text.is_empty() {
            self.words.push(Word { text, is_outside });
        }
    }

    fn end_statement(&mut self) {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.done.push(words);
        }
    }
}
