//! By when: what a promise says about time, before any calendar turns it into a date.
//!
//! Values and number words only; where they stand in a sentence is said by each language's file.

/// By when something was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// So much time after the words are said.
    Within {
        /// How many.
        count: u32,
        /// Of what.
        unit: Unit,
    },
    /// On or by a day.
    Day {
        /// Which.
        day: Day,
        /// Up to this minute of it (720 is noon); to its end when absent.
        minute: Option<u16>,
        /// The day itself is excluded: "before Friday" ends on Thursday.
        is_before: bool,
    },
    /// No time that a clock could watch: "as soon as possible", or none at all.
    Undated,
}

/// What a span is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours, night and day.
    Hours,
    /// Hours while the desk is open.
    OpenHours,
    /// Calendar days.
    Days,
    /// *Jours ouvrables*: Monday to Saturday without public holidays.
    OuvrableDays,
    /// *Jours ouvrés*, business days: Monday to Friday without public holidays.
    BusinessDays,
    /// Weeks of seven calendar days.
    Weeks,
    /// Calendar months.
    Months,
    /// Years.
    Years,
}

/// A day, as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Day {
    /// So many days from today: 0 today, 1 tomorrow.
    InDays(u32),
    /// The next such weekday after today, 1 for Monday to 7 for Sunday; that of the week after when `skips_week`.
    Weekday {
        /// 1 Monday to 7 Sunday.
        day: u8,
        /// "Friday of next week".
        skips_week: bool,
    },
    /// A date; month and year may go without saying.
    Date {
        /// Day of the month.
        day: u8,
        /// Month, 1 to 12.
        month: Option<u8>,
        /// Year.
        year: Option<u16>,
    },
    /// The last working day of this week (0) or of one to come.
    EndOfWeek(u32),
    /// The second day of this week (0) or of one to come.
    EarlyInWeek(u32),
    /// The last day of this month (0) or of one to come.
    EndOfMonth(u32),
    /// The last day of a named month.
    EndOfNamedMonth(u8),
    /// The last day of this year.
    EndOfYear,
}

/// The minutes of the day that parts of it end at.
pub(super) const NOON: u16 = 12 * 60;
/// Until when an afternoon lasts.
pub(super) const AFTERNOON_ENDS: u16 = 18 * 60;

impl When {
    /// On or by a whole day.
    pub(super) fn on(day: Day) -> Self {
        Self::Day { day, minute: None, is_before: false }
    }
}

const FRENCH: [(&str, u32); 32] = [
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("vingt", 20),
    ("vingt-et-un", 21),
    ("vingt et un", 21),
    ("vingt-quatre", 24),
    ("vingt quatre", 24),
    ("trente", 30),
    ("quarante", 40),
    ("quarante-cinq", 45),
    ("quarante-huit", 48),
    ("quarante huit", 48),
    ("cinquante", 50),
    ("soixante", 60),
    ("soixante-douze", 72),
    ("soixante douze", 72),
    ("quatre-vingt-dix", 90),
];

const ENGLISH: [(&str, u32); 25] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("twenty", 20),
    ("twenty-one", 21),
    ("twenty-four", 24),
    ("thirty", 30),
    ("forty", 40),
    ("forty-eight", 48),
    ("sixty", 60),
    ("seventy-two", 72),
    ("ninety", 90),
];

/// A number in digits or in words; nothing larger than a promise can mean.
pub(super) fn number(word: &str) -> Option<u32> {
    let spelt = || FRENCH.iter().chain(&ENGLISH).find(|(name, _)| *name == word).map(|(_, value)| *value);
    word.parse().ok().or_else(spelt).filter(|count| *count <= 400)
}

/// The alternatives of a number, longest first, for a pattern.
pub(super) fn number_pattern() -> String {
    let mut words: Vec<&str> = FRENCH.iter().chain(&ENGLISH).map(|(word, _)| *word).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    format!(r"(?:\d{{1,3}}|{})", words.join("|"))
}

/// A time of day in minutes, from hours and minutes as written.
pub(super) fn minute_of(hours: &str, minutes: Option<&str>, half: Option<&str>) -> Option<u16> {
    let mut hours: u16 = hours.parse().ok()?;
    match half {
        Some(half) if half.starts_with('p') && hours < 12 => hours += 12,
        Some(half) if half.starts_with('a') && hours == 12 => hours = 0,
        _ => {}
    }
    let minutes: u16 = minutes.filter(|text| !text.is_empty()).map_or(Some(0), |text| text.parse().ok())?;
    (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes).filter(|minute| *minute <= 24 * 60)
}
