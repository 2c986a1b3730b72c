//! When a desk is open, which days count, and where a span of business time ends.
//!
//! Lives here: opening hours, public holidays, business spans, working days and months. May not live here: IO, the
//! clock (`now` is always an argument), cases, and legal time limits themselves: casework says "ten *jours
//! ouvrables*", this crate only says which day that is.
//!
//! ```
//! use calendar::{Calendar, CalendarSpec, HolidaySet, OpenRange, Week};
//! use jiff::{SignedDuration, Timestamp};
//!
//! let hours: Vec<OpenRange> = vec!["09:00-12:30".parse()?, "14:00-18:00".parse()?];
//! let desk = Calendar::new(CalendarSpec {
//!     zone: "Europe/Paris".to_owned(),
//!     week: Week { monday: hours.clone(), tuesday: hours, ..Week::default() },
//!     holidays: HolidaySet::FranceMetropolitan,
//!     closures: vec![],
//! })?;
//! // Monday 2 March 2026, 12:00 in Paris: half an hour before lunch, then the rest after it.
//! let due_at = desk.add_open("2026-03-02T11:00:00Z".parse()?, SignedDuration::from_mins(60))?;
//! assert_eq!(due_at, "2026-03-02T13:30:00Z".parse::<Timestamp>()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod days;
mod easter;
mod error;
mod holidays;
mod hours;
mod limits;
mod range;
mod spec;
mod week;
mod zone;

pub use days::{DayKind, add_months};
pub use error::{CalendarError, SpecError};
pub use holidays::{Holiday, HolidaySet};
pub use limits::{CLOSURES_MAX, HORIZON_DAYS, RANGES_MAX};
pub use range::{DAY_MINUTES, OpenRange, RangeError};
pub use spec::{Calendar, CalendarSpec};
pub use week::Week;
