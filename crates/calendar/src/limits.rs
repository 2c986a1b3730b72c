//! How much a calendar holds and how far it looks. Numbers only: whoever keeps to them stands elsewhere.

/// At most this many characters of opening hours.
pub const HOURS_CHARS_MAX: usize = 500;

/// At most this many closed dates a calendar: ten years of them.
pub const CLOSURES_MAX: usize = 3_660;

/// How far ahead a computation looks, in days: five years. Past it the answer is a typed error.
pub const HORIZON_DAYS: u32 = 1_830;

/// A calendar that opens on none of so many days to come is not one to count on.
pub const OPENS_WITHIN_DAYS: u32 = 30;

/// The years for which hours are known. Outside them every day is closed.
pub const YEARS: std::ops::RangeInclusive<i16> = 1_900..=2_299;
