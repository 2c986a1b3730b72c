//! When a desk is open, which days count, and where a span of business time ends.
//!
//! Lives here: opening hours, public holidays, business spans, working days and months. May not live here: IO, the
//! clock (`now` is always an argument), cases, and legal time limits themselves: casework says "ten *jours
//! ouvrables*", this crate only says which day that is.
//!
//! ```
//! use calendar::{Calendar, CalendarSpec, HolidaySet};
//! use jiff::{SignedDuration, Timestamp};
//!
//! let desk = Calendar::new(CalendarSpec {
//!     zone: "Europe/Paris".to_owned(),
//!     hours: "Mo-Fr 09:00-12:30,14:00-18:00".to_owned(),
//!     holidays: HolidaySet::FRANCE,
//!     closures: vec![],
//! })?;
//! // Monday 2 March 2026, 12:00 in Paris: half an hour before lunch, then the rest after it.
//! let due_at = desk.add_open("2026-03-02T11:00:00Z".parse()?, SignedDuration::from_mins(60))?;
//! assert_eq!(due_at, "2026-03-02T13:30:00Z".parse::<Timestamp>()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dates;
mod days;
mod easter;
mod error;
mod expression;
mod holidays;
mod hours;
mod legacy;
mod limits;
mod range;
mod spec;
mod year;
mod zone;

pub use days::{DayKind, add_months};
pub use error::{CalendarError, SpecError};
pub use holidays::{Holiday, HolidaySet, Region, UnknownHolidays};
pub use limits::{CLOSURES_MAX, HORIZON_DAYS, HOURS_CHARS_MAX, OPENS_WITHIN_DAYS, YEARS};
pub use range::{DAY_MINUTES, OpenRange, RangeError};
pub use spec::{Calendar, CalendarSpec};
