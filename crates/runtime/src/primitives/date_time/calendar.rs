//! Days and dates of the Gregorian calendar, reckoned backwards too, in years of which a day of 1 March is the first:
//! the leap day then comes last, and months have a simple pattern.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "days are seconds of an `i64` by 86,400, or those of a year of four digits: sums of them are far from the ends of an `i64`"
)]

pub(super) const SECONDS_PER_DAY: i64 = 86_400;

/// A day, by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: u8,
    /// 1 to 31.
    pub(super) day: u8,
}

const DAYS_PER_ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

impl Date {
    /// The date of a day, counted from 1970-01-01.
    pub(super) fn from_days(days: i64) -> Self {
        let days = days + DAYS_TO_1970;
        let era = days.div_euclid(DAYS_PER_ERA);
        let day_of_era = days.rem_euclid(DAYS_PER_ERA);
        // A leap day every 4 years but every 100 but every 400.
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Five months from March have 153 days, and so have the next five.
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let january = month >= 10;
        let month = if january { month - 9 } else { month + 3 };
        Self { year: era * 400 + year_of_era + i64::from(january), month: month as u8, day: day as u8 }
    }

    /// The day, counted from 1970-01-01; none where there is no such date. The year must be small beside an `i64`.
    pub(super) fn days(self) -> Option<i64> {
        if !(1..=12).contains(&self.month) || self.day == 0 || self.day > self.days_of_month() {
            return None;
        }
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = self.year - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = (month + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970)
    }

    fn days_of_month(self) -> u8 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

/// The day of the week of a day counted from 1970-01-01; 0 is Monday.
pub(super) fn weekday(days: i64) -> usize {
    (days + 3).rem_euclid(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_follows_the_one_before() {
        let mut previous = Date { year: 1599, month: 12, day: 31 };
        let first = previous.days().unwrap();
        for days in first + 1..first + 2 * DAYS_PER_ERA {
            let date = Date::from_days(days);
            assert_eq!(date.days(), Some(days));
            let follows = date == Date { day: previous.day + 1, ..previous }
                || date == Date { day: 1, month: previous.month + 1, ..previous }
                || date == Date { day: 1, month: 1, year: previous.year + 1 };
            assert!(follows, "{date:?} after {previous:?}");
            previous = date;
        }
    }

    #[test]
    fn days_have_their_names() {
        assert_eq!(Date::from_days(0), Date { year: 1970, month: 1, day: 1 });
        assert_eq!(Date { year: 2000, month: 2, day: 29 }.days(), Some(11_016));
        assert_eq!(weekday(0), 3);
        for (year, month, day) in
            [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0)]
        {
            assert_eq!(Date { year, month, day }.days(), None);
        }
    }
}
