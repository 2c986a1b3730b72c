//! Phone numbers: any spelling to one form (E.164), so that a number typed with dots, slashes or a country's prefix finds the
//! person who called with it. Numbering plans are those of the `phonenumber` crate. Knows no people.

use phonenumber::country::Id as Plan;

/// Longest text that is looked at.
const TYPED_CHARS_MAX: usize = 40;

/// The country whose national numbers are meant where no prefix says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Country {
    /// France.
    #[default]
    France,
    /// Belgium.
    Belgium,
    /// Switzerland.
    Switzerland,
    /// Luxembourg.
    Luxembourg,
    /// The United Kingdom.
    UnitedKingdom,
    /// Canada.
    Canada,
}

impl Country {
    /// The country that a time zone lies in, as far as it is one of ours; France otherwise.
    pub fn of_zone(zone: &str) -> Self {
        match zone {
            "Europe/Brussels" => Self::Belgium,
            "Europe/Zurich" => Self::Switzerland,
            "Europe/Luxembourg" => Self::Luxembourg,
            "Europe/London" => Self::UnitedKingdom,
            "America/Montreal" | "America/Toronto" => Self::Canada,
            _ => Self::France,
        }
    }

    fn plan(self) -> Plan {
        match self {
            Self::France => Plan::FR,
            Self::Belgium => Plan::BE,
            Self::Switzerland => Plan::CH,
            Self::Luxembourg => Plan::LU,
            Self::UnitedKingdom => Plan::GB,
            Self::Canada => Plan::CA,
        }
    }
}

/// A number in E.164 (`+33612345678`), from any spelling; `None` when it is no number that can be called.
pub fn normal(typed: &str, country: Country) -> Option<String> {
    let typed = plain(typed)?;
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if !(6..=15).contains(&digits) {
        return None;
    }
    let number = phonenumber::parse(Some(country.plan()), &typed).ok()?;
    let is_callable = phonenumber::is_viable(&typed) && number.is_valid();
    is_callable.then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// A number as people of its country read it: `+33 6 12 34 56 78`.
pub fn shown(normal: &str) -> String {
    match phonenumber::parse(None, normal) {
        Ok(number) => number.format().mode(phonenumber::Mode::International).to_string(),
        Err(_) => normal.to_owned(),
    }
}

/// Digits alone, and a plus sign before them: what people put between and around (dots, slashes, blanks of all widths,
/// brackets, a zero in brackets after the prefix) says nothing. `None` when letters stand among them.
fn plain(typed: &str) -> Option<String> {
    if typed.chars().count() > TYPED_CHARS_MAX {
        return None;
    }
    let typed = typed.trim().trim_start_matches("tel:").replace("(0)", "");
    let mut plain = String::new();
    for c in typed.chars() {
        match c {
            '0'..='9' => plain.push(c),
            '+' if plain.is_empty() => plain.push('+'),
            '.' | '/' | '-' | '(' | ')' | '_' | '\u{2010}'..='\u{2015}' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    let abroad = plain.strip_prefix("00").map(|rest| format!("+{rest}"));
    Some(abroad.unwrap_or(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_that_number() {
        let spellings = [
            "0612345678",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06/12/34/56/78",
            "06-12-34-56-78",
            "06\u{a0}12\u{202f}34 56 78",
            "+33612345678",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033 6 12 34 56 78",
            "tel:+33612345678",
        ];
        for typed in spellings {
            assert_eq!(normal(typed, Country::France).as_deref(), Some("+33612345678"), "{typed}");
        }
        assert_eq!(normal("0475 12 34 56", Country::Belgium).as_deref(), Some("+32475123456"));
        assert_eq!(normal("+32 475/12.34.56", Country::France).as_deref(), Some("+32475123456"));
        assert_eq!(shown("+33612345678"), "+33 6 12 34 56 78");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for typed in [
            "",
            "12",
            "Nadia",
            "06 12 34",
            "nadia@exemple.fr",
            "MG-2481",
            "0612345678901234567890",
            "+",
            "00",
        ] {
            assert_eq!(normal(typed, Country::France), None, "{typed}");
        }
        assert_eq!(normal(&"0".repeat(10_000), Country::France), None);
    }
}
