//! How much a calendar holds and how far it looks. Numbers only: whoever keeps to them stands elsewhere.

/// At most this many ranges a weekday.
pub const RANGES_MAX: usize = 12;

/// At most this many closed dates a calendar: ten years of them.
pub const CLOSURES_MAX: usize = 3_660;

/// How far ahead a computation looks, in days: five years. Past it the answer is a typed error.
pub const HORIZON_DAYS: u32 = 1_830;
