//! RTF to plain text (RTF 1.9.1): the words, line ends and tabs. Fonts, pictures, tables' borders and everything
//! that a program may ignore is left out. One pass, bounded depth.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Text made, in bytes; what a letter keeps is less.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
/// Groups within each other that are told apart; deeper ones share the state of the last.
const DEPTH_MAX: usize = 200;

/// Groups that hold no words of the text.
const SILENT: [&str; 24] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "info",
    "pict",
    "object",
    "objdata",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "generator",
    "themedata",
    "xmlnstbl",
    "fldinst",
    "bkmkstart",
];

/// Characters that may stand in for one that old programs lack; ten would already be odd.
const FALLBACK_MAX: usize = 8;

#[derive(Clone, Copy)]
struct State {
    is_silent: bool,
    /// Characters after a `\u` that old programs show in its place.
    fallback_count: usize,
}

struct Walk {
    out: String,
    state: State,
    outer: Vec<State>,
    /// Groups open beyond [`DEPTH_MAX`].
    beyond: usize,
    /// Bytes of a code page waiting for their neighbours.
    bytes: Vec<u8>,
    /// First half of a character outside the basic plane.
    high: Option<u32>,
    skip: usize,
    charset: String,
}

/// The words of the document.
pub(super) fn text(rtf: &[u8]) -> String {
    let mut walk = Walk {
        out: String::new(),
        state: State { is_silent: false, fallback_count: 1 },
        outer: Vec::new(),
        beyond: 0,
        bytes: Vec::new(),
        high: None,
        skip: 0,
        charset: "windows-1252".to_owned(),
    };
    let mut rest = rtf;
    while let Some((&byte, after)) = rest.split_first() {
        if walk.out.len() + walk.bytes.len() >= TEXT_BYTES_MAX {
            break;
        }
        rest = match byte {
            b'{' => {
                walk.open();
                after
            }
            b'}' => {
                walk.close();
                after
            }
            b'\\' => walk.control(after),
            b'\r' | b'\n' | 0 => after,
            _ => {
                walk.byte(byte);
                after
            }
        };
    }
    walk.flush();
    walk.out
}

impl Walk {
    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        if self.outer.len() < DEPTH_MAX { self.outer.push(self.state) } else { self.beyond += 1 }
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(state) = self.outer.pop() {
            self.state = state;
        }
    }

    /// A byte of text in the document's code page.
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.state.is_silent {
            self.bytes.push(byte);
        }
    }

    fn push(&mut self, words: &str) {
        self.flush();
        if !self.state.is_silent {
            self.out.push_str(words);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            let decoded = charset_decoder(self.charset.as_bytes()).map(|decode| decode(&bytes));
            self.out.push_str(&decoded.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()));
        }
    }

    /// What follows a backslash; returns what follows that.
    fn control<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let Some((&first, after)) = bytes.split_first() else { return bytes };
        if !first.is_ascii_alphabetic() {
            return self.symbol(first, after);
        }
        let letters = bytes.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = bytes.split_at(letters);
        let digits_start = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(digits_start).take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let end = if digits == 0 { 0 } else { digits_start + digits };
        let number = std::str::from_utf8(&rest[..end]).ok().and_then(|digits| digits.parse::<i32>().ok());
        let rest = &rest[end..];
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        self.word(std::str::from_utf8(word).unwrap_or_default(), number, rest)
    }

    fn symbol<'a>(&mut self, symbol: u8, after: &'a [u8]) -> &'a [u8] {
        match symbol {
            b'\'' => {
                let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
                    return after;
                };
                self.byte(byte);
                return &after[2..];
            }
            b'*' => self.state.is_silent = true,
            b'~' => self.push("\u{A0}"),
            b'_' => self.push("-"),
            b'\r' | b'\n' => self.push("\n"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => {}
        }
        after
    }

    fn word<'a>(&mut self, word: &str, number: Option<i32>, rest: &'a [u8]) -> &'a [u8] {
        match word {
            "par" | "line" | "sect" | "page" | "row" => self.push("\n"),
            "tab" | "cell" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "ansicpg" => self.code_page(number),
            "uc" => {
                let count = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
                self.state.fallback_count = count.min(FALLBACK_MAX);
            }
            "u" => self.unicode(number.unwrap_or(0)),
            "bin" => {
                let length = number.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
                return rest.get(length..).unwrap_or_default();
            }
            word if SILENT.contains(&word) => self.state.is_silent = true,
            _ => {}
        }
        rest
    }

    fn code_page(&mut self, number: Option<i32>) {
        self.charset = match number {
            Some(65001) => "utf-8".to_owned(),
            Some(932) => "shift_jis".to_owned(),
            Some(936) => "gbk".to_owned(),
            Some(949) => "euc-kr".to_owned(),
            Some(950) => "big5".to_owned(),
            Some(number @ (874 | 1250..=1258)) => format!("windows-{number}"),
            _ => "windows-1252".to_owned(),
        };
    }

    /// `\u8364?`: the number may be negative, since it has 16 bits with a sign.
    fn unicode(&mut self, number: i32) {
        self.flush();
        let unit = u32::try_from(number & 0xFFFF).unwrap_or(0);
        let code = match (self.high.take(), unit) {
            (_, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                None
            }
            (Some(high), 0xDC00..=0xDFFF) => Some(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)),
            _ => Some(unit),
        };
        if let Some(letter) = code.and_then(char::from_u32).filter(|letter| !letter.is_control()) {
            let mut bytes = [0; 4];
            self.push(letter.encode_utf8(&mut bytes));
        }
        self.skip = self.state.fallback_count;
    }
}
