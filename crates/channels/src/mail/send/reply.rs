//! A server's answer (RFC 5321 4.2) and what its greeting offers. Bytes in, values out; nothing is read here.

/// One answer, all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The three digits.
    pub code: u16,
    /// What stood behind them, line by line.
    pub lines: Vec<String>,
}

/// What one line of an answer says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReplyLine {
    /// The three digits.
    pub code: u16,
    /// Whether no more lines follow.
    pub is_last: bool,
    /// What stands behind them.
    pub text: String,
}

/// Reads one line without its line end: three digits, then a blank, a hyphen or nothing.
pub(super) fn parse_line(line: &[u8]) -> Option<ReplyLine> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let is_last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    Some(ReplyLine { code: code.parse().ok()?, is_last, text: words(rest.get(1..).unwrap_or_default()) })
}

/// UTF-8, or what it looks like in Latin-1: a refusal must not be lost for its accents.
fn words(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

impl Reply {
    /// Whether the code is one of the hundred that begins with this digit.
    pub fn is(&self, hundred: u16) -> bool {
        self.code / 100 == hundred
    }

    /// All that was said; an enhanced code that every line repeats is told once.
    pub fn text(&self) -> String {
        let repeated = self.status();
        let told = |(at, line): (usize, &String)| {
            let bare = repeated.as_deref().and_then(|status| line.strip_prefix(status)).map(str::trim_start);
            if at == 0 { line.clone() } else { bare.unwrap_or(line).to_owned() }
        };
        self.lines.iter().enumerate().map(told).collect::<Vec<_>>().join(" ")
    }

    /// The enhanced status code (RFC 3463 2), when its class is the answer's own (RFC 2034 4).
    pub fn status(&self) -> Option<String> {
        let word = self.lines.first()?.split([' ', '\t']).next()?;
        let mut parts = word.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let is_number =
            |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let fits = parts.next().is_none()
            && class == (self.code / 100).to_string()
            && is_number(subject)
            && is_number(detail);
        fits.then(|| word.to_owned())
    }

    /// What a greeting offers (RFC 5321 4.1.1.1): every line after the first is a keyword with its words.
    pub fn offers(&self) -> Offers {
        let mut offers = Offers::default();
        for line in self.lines.iter().skip(1) {
            // `AUTH=` is how servers from before RFC 4954 wrote it.
            let line = line.to_ascii_uppercase().replace("AUTH=", "AUTH ");
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("DSN") => offers.dsn = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("SIZE") => offers.size = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("AUTH") => offers.logins.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

/// The extensions that matter to us.
#[expect(clippy::struct_excessive_bools, reason = "a greeting is a list of keywords that are there or not")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// Delivery reports on request (RFC 3461).
    pub dsn: bool,
    /// TLS on this line (RFC 3207).
    pub starttls: bool,
    /// The size may be told beforehand (RFC 1870).
    pub size: bool,
    /// Bytes above 127 in bodies (RFC 6152).
    pub eight_bit: bool,
    /// Addresses and headers in UTF-8 (RFC 6531).
    pub utf8: bool,
    /// Ways to log in, upper case (RFC 4954).
    pub logins: Vec<String>,
}
