//! Instants and durations in words, in the reader's zone and language. The only place of the web that reads a zone.

use fluent_templates::fluent_bundle::FluentValue;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::web::language::Language;

/// An instant, ready for `<time datetime="iso" title="exact">words</time>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339, UTC.
    pub iso: String,
    /// What is read: "il y a 3 h".
    pub words: String,
    /// The full date and time, shown on hover.
    pub exact: String,
}

/// How near a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Urgency {
    /// More than a few hours away.
    #[default]
    Calm,
    /// Within four hours.
    Soon,
    /// Past.
    Late,
}

impl Urgency {
    /// The class that colours it. Words and an icon say the same.
    pub fn class(self) -> &'static str {
        match self {
            Self::Calm => "is-calm",
            Self::Soon => "is-soon",
            Self::Late => "is-late",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Calm => "clock",
            Self::Soon => "alarm",
            Self::Late => "clock-exclamation",
        }
    }
}

/// A limit: "en retard de 2 h", "dans 45 min".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// The limit itself.
    pub at: Moment,
    /// How near it is.
    pub urgency: Urgency,
}

/// Who reads the words: their language, zone and now.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language of the words.
    pub language: Language,
    /// The zone of the clocks on their wall.
    pub zone: TimeZone,
    /// The instant of the request.
    pub now: Timestamp,
}

const SOON_MINUTES: i64 = 4 * 60;
const DAY_MINUTES: i64 = 24 * 60;

impl Reader {
    /// How long ago, then the day: "à l’instant", "il y a 3 h", "hier à 14:05", "mar. 17 nov. à 14:05".
    pub fn ago(&self, at: Timestamp) -> Moment {
        let minutes = minutes_between(at, self.now);
        let words = match minutes {
            0 => self.language.t("time-just-now"),
            1..720 => self.language.ta("time-ago", [("duration", self.duration(minutes).into())]),
            _ => self.day_and_time(at),
        };
        self.moment(at, words)
    }

    /// The day and the time: "aujourd’hui à 14:05", "mardi 17 nov. à 14:05".
    pub fn at(&self, at: Timestamp) -> Moment {
        let words = self.day_and_time(at);
        self.moment(at, words)
    }

    /// As short as a column allows: "14:05" today, else "17 nov.", else "17 nov. 2025".
    pub fn short(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let words = if local.date() == self.today() { clock(local) } else { self.date(local.date()) };
        self.moment(at, words)
    }

    /// The day alone: "2 mars 2023".
    pub fn day(&self, at: Timestamp) -> Moment {
        let words = self.date(self.local(at).date());
        self.moment(at, words)
    }

    /// A limit, with how late or how near it is.
    pub fn due(&self, at: Timestamp) -> Due {
        let late = minutes_between(at, self.now);
        let left = minutes_between(self.now, at);
        let (urgency, key, minutes) = match () {
            () if at <= self.now => (Urgency::Late, "time-late", late.max(1)),
            () if left < SOON_MINUTES => (Urgency::Soon, "time-in", left.max(1)),
            () => (Urgency::Calm, "time-in", left),
        };
        let words = self.language.ta(key, [("duration", self.duration(minutes).into())]);
        Due { at: self.moment(at, words), urgency }
    }

    /// A length of time in its largest sensible unit: "45 min", "3 h", "2 j".
    pub fn duration(&self, minutes: i64) -> String {
        let (key, count) = match minutes {
            ..60 => ("time-minutes", minutes),
            60..2880 => ("time-hours", minutes / 60),
            _ => ("time-days", minutes / DAY_MINUTES),
        };
        self.language.ta(key, [("count", FluentValue::from(count))])
    }

    /// A size of a file: "340 Ko".
    pub fn size(&self, bytes: u64) -> String {
        let (key, count) = match bytes {
            ..1_000 => ("size-bytes", bytes.to_string()),
            1_000..1_000_000 => ("size-kilobytes", (bytes / 1_000).to_string()),
            _ => ("size-megabytes", format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10)),
        };
        let count = if self.language == Language::French { count.replace('.', ",") } else { count };
        self.language.ta(key, [("count", count.into())])
    }

    fn moment(&self, at: Timestamp, words: String) -> Moment {
        let local = self.local(at);
        let exact = self.language.ta(
            "time-exact",
            [
                ("weekday", self.weekday(local.date()).into()),
                ("date", self.date_with_year(local.date()).into()),
                ("time", clock(local).into()),
            ],
        );
        Moment { iso: at.to_string(), words, exact }
    }

    fn day_and_time(&self, at: Timestamp) -> String {
        let local = self.local(at);
        let (date, today) = (local.date(), self.today());
        let time = ("time", clock(local).into());
        if date == today {
            return self.language.ta("time-today", [time]);
        }
        if date.tomorrow().is_ok_and(|next| next == today) {
            return self.language.ta("time-yesterday", [time]);
        }
        if today.tomorrow().is_ok_and(|next| next == date) {
            return self.language.ta("time-tomorrow", [time]);
        }
        let day = [("weekday", self.weekday(date).into()), ("date", self.date(date).into()), time];
        self.language.ta("time-day", day)
    }

    fn date(&self, date: Date) -> String {
        let is_near = date.year() == self.today().year()
            || (date - self.today()).abs().compare((180.days(), date)).is_ok_and(std::cmp::Ordering::is_lt);
        if !is_near {
            return self.date_with_year(date);
        }
        self.language
            .ta("date-short", [("day", FluentValue::from(date.day())), ("month", self.month(date).into())])
    }

    fn date_with_year(&self, date: Date) -> String {
        self.language.ta(
            "date-year",
            [
                ("day", FluentValue::from(date.day())),
                ("month", self.month(date).into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    fn month(&self, date: Date) -> String {
        self.language.ta("date-month", [("month", FluentValue::from(date.month()))])
    }

    fn weekday(&self, date: Date) -> String {
        let number = date.weekday().to_monday_one_offset();
        self.language.ta("date-weekday", [("weekday", FluentValue::from(number))])
    }

    fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    fn today(&self) -> Date {
        self.local(self.now).date()
    }
}

/// Whole minutes from one instant to a later one; zero when it is not later.
fn minutes_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()).max(0) / 60
}

fn clock(local: DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

#[cfg(test)]
#[path = "moment_tests.rs"]
mod tests;
