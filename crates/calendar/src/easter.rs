//! The date of Easter Sunday. Nothing else: which feasts hang on it is said in `holidays`.
//!
//! Source: Jean Meeus, *Astronomical Algorithms*, 2nd ed. (1998), chapter 8, "Date of Easter", Gregorian rule, there
//! taken from Spencer Jones (1922) and Butcher's *Ecclesiastical Calendar* (1876). It has no exceptions, so no table.

/// Easter Sunday of a Gregorian year, as a day of March: 22 is 22 March, 32 is 1 April, 56 is 25 April.
///
/// Counting in days of March keeps the other feasts a plain addition. Years before 1583 get the value the Gregorian
/// rule would have given; the result is always 22 to 56.
pub(crate) fn easter_march_day(year: i16) -> i16 {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let year_in_century = year.rem_euclid(100);
    // Leap days dropped by the century rule, and the eight-day lunar correction spread over 2500 years.
    let solar_shift = century - century.div_euclid(4);
    let lunar_shift = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let full_moon = (19 * golden + solar_shift - lunar_shift + 15).rem_euclid(30);
    let to_sunday =
        (32 + 2 * century.rem_euclid(4) + 2 * (year_in_century / 4) - full_moon - year_in_century % 4)
            .rem_euclid(7);
    let week_back = (golden + 11 * full_moon + 22 * to_sunday) / 451;
    22 + full_moon + to_sunday - 7 * week_back
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::{Weekday, date};

    use super::easter_march_day;

    #[test]
    fn knows_published_easters_and_the_extremes() {
        // 1818 and 2285 are the earliest possible Easter, 1886, 1943 and 2038 the latest (Meeus, same chapter);
        // 1954, 1981, 2049 and 2076 exercise the exceptions that other methods need a rule for.
        let known = [
            (1818, 22),
            (1886, 56),
            (1943, 56),
            (1954, 49),
            (1981, 50),
            (1991, 31),
            (1992, 50),
            (1993, 42),
            (2000, 54),
            (2024, 31),
            (2026, 36),
            (2038, 56),
            (2049, 49),
            (2076, 50),
            (2285, 22),
        ];
        for (year, march_day) in known {
            assert_eq!(easter_march_day(year), march_day, "{year}");
        }
    }

    #[test]
    fn is_a_sunday_from_22_march_to_25_april_in_every_year() {
        for year in -9998..=9998_i16 {
            let march_day = easter_march_day(year);
            assert!((22..=56).contains(&march_day), "{year}: {march_day}");
            let easter = date(year, 3, 1) + (i64::from(march_day) - 1).days();
            assert_eq!(easter.weekday(), Weekday::Sunday, "{year}");
        }
    }
}
