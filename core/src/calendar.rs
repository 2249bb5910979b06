//! The working-day calendar: weekends, the State Council's holidays and the days worked in exchange.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, tz::Offset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// China has kept one offset, +08:00, since 1991.
pub const OFFSET: Offset = Offset::constant(8);

/// The civil date in China at an instant.
pub fn date_of(at: Timestamp) -> Date {
    OFFSET.to_datetime(at).date()
}

/// The first instant of a civil date in China.
pub fn start_of(date: Date) -> Timestamp {
    OFFSET
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .unwrap_or(Timestamp::MAX)
}

/// RFC 3339 with the offset of China, to the second.
pub fn rfc3339(at: Timestamp) -> String {
    let civil = OFFSET.to_datetime(at);
    format!("{}+08:00", civil.strftime("%Y-%m-%dT%H:%M:%S%.f"))
}

/// One year's holidays, as the State Council's notice gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Days off that would have been worked, and those on weekends that belong to a holiday.
    #[schema(value_type = Vec<String>)]
    pub holidays: Vec<Date>,
    /// Weekend days that are worked (调休).
    #[schema(value_type = Vec<String>)]
    pub workdays: Vec<Date>,
    /// The document it comes from.
    pub source: String,
    /// Confirmed in the document itself.
    pub certain: bool,
}

/// Knows which days are worked.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    holidays: BTreeSet<Date>,
    workdays: BTreeSet<Date>,
}

impl Calendar {
    /// Builds a calendar; a later entry for the same year replaces an earlier one.
    pub fn new<'a>(years: impl IntoIterator<Item = &'a Year>) -> Self {
        let mut calendar = Self::default();
        for year in years {
            calendar.holidays.retain(|date| date.year() != year.year);
            calendar.workdays.retain(|date| date.year() != year.year);
            calendar.holidays.extend(&year.holidays);
            calendar.workdays.extend(&year.workdays);
        }
        calendar
    }

    /// Is this day worked?
    pub fn works(&self, date: Date) -> bool {
        if self.workdays.contains(&date) {
            return true;
        }
        !(self.holidays.contains(&date)
            || matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
    }

    /// The day that lies `days` working days after (or before, when negative) a date; 0 is the date itself.
    /// Counting begins with the next day, as 民法典第二百零一条 has it.
    pub fn shift(&self, date: Date, days: i32) -> Date {
        let step = if days < 0 { -1 } else { 1 };
        let mut left = days.unsigned_abs();
        let mut at = date;
        while left > 0 {
            let Ok(next) = at.checked_add(step.days()) else {
                return at;
            };
            at = next;
            if self.works(at) {
                left -= 1;
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        Calendar::new(&[Year {
            year: 2025,
            holidays: (1..=8).map(|d| date(2025, 10, d)).collect(),
            workdays: vec![date(2025, 9, 28), date(2025, 10, 11)],
            source: String::new(),
            certain: true,
        }])
    }

    #[test]
    fn a_week_over_the_national_day() {
        let calendar = calendar();
        assert_eq!(calendar.shift(date(2025, 9, 30), 1), date(2025, 10, 9));
        assert_eq!(calendar.shift(date(2025, 9, 26), 1), date(2025, 9, 28));
        assert_eq!(calendar.shift(date(2025, 10, 10), 1), date(2025, 10, 11));
        assert_eq!(calendar.shift(date(2025, 10, 9), -1), date(2025, 9, 30));
    }

    #[test]
    fn midnight_is_midnight_in_china() {
        let at: Timestamp = "2025-03-04T16:00:00Z".parse().unwrap();
        assert_eq!(date_of(at), date(2025, 3, 5));
        assert_eq!(start_of(date(2025, 3, 5)), at);
        assert_eq!(rfc3339(at), "2025-03-05T00:00:00+08:00");
    }

    proptest! {
        #[test]
        fn shifting_lands_on_a_working_day(days in -60i32..60, offset in 0i32..300) {
            prop_assume!(days != 0);
            let calendar = calendar();
            let start = date(2025, 1, 1).checked_add(offset.days()).unwrap();
            let end = calendar.shift(start, days);
            prop_assert!(calendar.works(end));
            prop_assert_eq!(end > start, days > 0);
        }
    }
}
