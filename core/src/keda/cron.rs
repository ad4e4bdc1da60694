//! Schedules of cron triggers: `minute hour day-of-month month day-of-week`.
//!
//! Upstream: cron 3.0.1 parser.go `Parse`, spec.go `Next`.

use super::zone::Zone;

/// When a trigger starts, or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// One bit for each value that fits: minute, hour, day of month, month, day of week.
    fields: [u64; 5],
    /// Whether days of the month, and of the week, are all meant.
    any_day: [bool; 2],
    /// Its own zone, which `TZ=` before it names.
    zone: Option<Zone>,
}

/// Bounds and names of one field.
struct Bounds {
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] =
    &["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const BOUNDS: [Bounds; 5] = [
    Bounds { min: 0, max: 59, names: &[] },
    Bounds { min: 0, max: 23, names: &[] },
    Bounds { min: 1, max: 31, names: &[] },
    Bounds { min: 1, max: 12, names: MONTHS },
    Bounds { min: 0, max: 6, names: DAYS },
];

const DAY: i64 = 24 * 3600;

/// Years after which upstream stops looking.
const YEARS: i64 = 5;

impl Schedule {
    /// Reads a schedule of five fields.
    ///
    /// # Errors
    /// Upstream's text if it can't be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("empty spec string".to_owned());
        }
        let named = text.strip_prefix("TZ=").or_else(|| text.strip_prefix("CRON_TZ="));
        let (text, zone) = match named {
            None => (text, None),
            Some(named) => {
                let (name, rest) = named.split_once(' ').unwrap_or((named, ""));
                let zone = Zone::find(name).ok_or_else(|| {
                    format!("provided bad location {name}: unknown time zone {name}")
                })?;
                (rest.trim(), Some(zone))
            }
        };
        if text.starts_with('@') {
            return Err(format!("parser does not accept descriptors: {text}"));
        }
        let parts: Vec<&str> = text.split_whitespace().collect();
        if parts.len() != 5 {
            let (count, parts) = (parts.len(), parts.join(" "));
            return Err(format!("expected exactly 5 fields, found {count}: [{parts}]"));
        }
        let mut fields = [0; 5];
        let mut stars = [false; 5];
        for (index, (part, bounds)) in parts.into_iter().zip(&BOUNDS).enumerate() {
            for range in part.split(',').filter(|it| !it.is_empty()) {
                let (bits, star) = range_bits(range, bounds)?;
                fields[index] |= bits;
                stars[index] |= star;
            }
        }
        Ok(Self { fields, any_day: [stars[2], stars[4]], zone })
    }

    /// The first instant after `now` that fits, up to five years ahead; both are seconds since
    /// 1970-01-01 00:00 in Greenwich.
    ///
    /// An hour that the clock skips is skipped, as upstream does it, which steps through months,
    /// days, hours and minutes.
    pub fn next(&self, zone: &Zone, now: i64) -> Option<i64> {
        let zone = self.zone.as_ref().unwrap_or(zone);
        let mut at = now.saturating_add(1);
        let last_year = civil(zone.local(at).div_euclid(DAY)).0 + YEARS;
        let mut is_begun = false;
        loop {
            let (year, month, of_month) = civil(zone.local(at).div_euclid(DAY));
            if year > last_year {
                return None;
            }
            let stepped = if !self.has(3, month) {
                let first = day_of(year, month, 1);
                let local = begun(zone, at, first * DAY, is_begun);
                let ahead = local - first * DAY;
                let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                zone.instant(day_of(year, month, 1) * DAY + ahead)
            } else if !self.is_day(zone.local(at).div_euclid(DAY), of_month) {
                next_day(zone, at, is_begun)
            } else {
                match self.within_the_day(zone, at, is_begun) {
                    Ok(found) => return Some(found),
                    Err(stepped) => stepped,
                }
            };
            is_begun = true;
            at = stepped;
        }
    }

    /// The first instant of the day of `at` that fits, or the first one of the next hour to look at.
    fn within_the_day(&self, zone: &Zone, mut at: i64, is_begun: bool) -> Result<i64, i64> {
        let hour = |at: i64| zone.local(at).rem_euclid(DAY) / 3600;
        let mut is_begun = is_begun;
        while !self.has(1, hour(at)) {
            if !is_begun {
                is_begun = true;
                at = zone.instant(zone.local(at).div_euclid(3600) * 3600);
            }
            at += 3600;
            if hour(at) == 0 {
                return Err(at);
            }
        }
        let minute = |at: i64| zone.local(at).rem_euclid(3600) / 60;
        while !self.has(0, minute(at)) {
            // All offsets are whole minutes.
            at = at.div_euclid(60) * 60 + 60;
            if minute(at) == 0 {
                return Err(at);
            }
        }
        let whole = (at + 59).div_euclid(60) * 60;
        if whole == at { Ok(at) } else { Err(whole) }
    }

    fn has(&self, field: usize, value: i64) -> bool {
        self.fields[field] >> value & 1 == 1
    }

    /// If one of the two says "any day", both must fit; otherwise one is enough.
    fn is_day(&self, day: i64, day_of_month: i64) -> bool {
        // 1970-01-01 was a Thursday.
        let (of_month, of_week) = (self.has(2, day_of_month), self.has(4, (day + 4).rem_euclid(7)));
        match self.any_day {
            [false, false] => of_month || of_week,
            _ => of_month && of_week,
        }
    }
}

/// `*`, `*/15`, `8`, `8/2`, `8-18`, `mon-fri`, `8-18/2`; and whether it was a star of step 1.
fn range_bits(text: &str, bounds: &Bounds) -> Result<(u64, bool), String> {
    let mut halves = text.split('/');
    let range = halves.next().unwrap_or_default();
    let step = halves.next();
    if halves.next().is_some() {
        return Err(format!("too many slashes: {text}"));
    }
    let mut ends = range.split('-');
    let low = ends.next().unwrap_or_default();
    let high = ends.next();
    let star = matches!(low, "*" | "?");
    let (start, mut end) = if star {
        (bounds.min, bounds.max)
    } else {
        let start = number_or_name(low, bounds.names)?;
        let end = match high {
            None => start,
            Some(_) if ends.next().is_some() => return Err(format!("too many hyphens: {text}")),
            Some(high) => number_or_name(high, bounds.names)?,
        };
        (start, end)
    };
    let width = match step {
        None => 1,
        Some(step) => number(step)?,
    };
    if step.is_some() && high.is_none() {
        end = bounds.max;
    }
    let (min, max) = (bounds.min, bounds.max);
    if start < min {
        return Err(format!("beginning of range ({start}) below minimum ({min}): {text}"));
    }
    if end > max {
        return Err(format!("end of range ({end}) above maximum ({max}): {text}"));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {text}"));
    }
    if width == 0 {
        return Err(format!("step of range should be a positive number: {text}"));
    }
    let bits = (start..=end).step_by(width as usize).fold(0, |bits, value| bits | 1 << value);
    Ok((bits, star && width == 1))
}

fn number_or_name(text: &str, names: &[&str]) -> Result<u32, String> {
    let named = names.iter().position(|it| !it.is_empty() && it.eq_ignore_ascii_case(text));
    named.map_or_else(|| number(text), |index| Ok(index as u32))
}

fn number(text: &str) -> Result<u32, String> {
    match text.parse::<i64>() {
        Ok(number) if number < 0 => Err(format!("negative number ({number}) not allowed: {text}")),
        Ok(number) => Ok(u32::try_from(number).unwrap_or(u32::MAX)),
        Err(_) => Err(format!("failed to parse int from {text}")),
    }
}

/// What the clock shows at `at`, or at `start` if nothing has been stepped over yet.
fn begun(zone: &Zone, at: i64, start: i64, is_begun: bool) -> i64 {
    zone.local(if is_begun { at } else { zone.instant(start) })
}

/// The day after at the same time by the clock, which is midnight but for where it can't be.
fn next_day(zone: &Zone, at: i64, is_begun: bool) -> i64 {
    let midnight = zone.local(at).div_euclid(DAY) * DAY;
    let at = zone.instant(begun(zone, at, midnight, is_begun) + DAY);
    // Where midnight is skipped or repeated the hour is put right.
    match zone.local(at).rem_euclid(DAY) / 3600 {
        0 => at,
        late @ 13.. => at + (24 - late) * 3600,
        early => at - early * 3600,
    }
}

/// Year, month and day of the month of a day since 1970-01-01, by the Gregorian calendar.
pub(super) fn civil(day: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that the leap day ends a year.
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day_of_month)
}

/// Seconds since 1970-01-01 00:00 of `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`.
pub fn clock(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let numbers = |text: &str, separator: char| -> Option<Vec<i64>> {
        let digits = |it: &str| it.len() <= 4 && it.bytes().all(|it| it.is_ascii_digit());
        text.split(separator).map(|it| it.parse().ok().filter(|_| digits(it))).collect()
    };
    let ([year, month, day], time) =
        (numbers(date, '-')?[..].try_into().ok()?, numbers(time, ':')?);
    let (hour, minute, second) = match time[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let days = day_of(year, month, day);
    let is_date = (1..=12).contains(&month) && civil(days) == (year, month, day);
    let is_time = hour < 24 && minute < 60 && second < 60;
    (is_date && is_time).then_some(days * DAY + hour * 3600 + minute * 60 + second)
}

/// The day since 1970-01-01 that a date is.
pub(super) fn day_of(year: i64, month: i64, day: i64) -> i64 {
    // Days before the month in a year that begins in March.
    let shifted = (month + 9) % 12;
    let years = if month <= 2 { year - 1 } else { year };
    years * 365 + years.div_euclid(4) - years.div_euclid(100)
        + years.div_euclid(400)
        + (153 * shifted + 2) / 5
        + day
        - 1
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(schedule: &str, now: &str) -> Option<i64> {
        Schedule::parse(schedule).unwrap().next(&Zone::UTC, clock(now).unwrap())
    }

    /// From upstream's spec_test.go `TestNext`, without its cases on seconds and on zones.
    #[test]
    fn the_next_time() {
        for (now, schedule, expected) in [
            ("2012-07-09T14:45", "0/15 * * * *", "2012-07-09T15:00"),
            ("2012-07-09T14:59", "0/15 * * * *", "2012-07-09T15:00"),
            ("2012-07-09T14:59:59", "0/15 * * * *", "2012-07-09T15:00"),
            ("2012-07-09T15:45", "20-35/15 * * * *", "2012-07-09T16:20"),
            ("2012-07-09T23:46", "*/15 * * * *", "2012-07-10T00:00"),
            ("2012-07-09T23:45", "20-35/15 * * * *", "2012-07-10T00:20"),
            ("2012-07-09T23:35", "20-35/15 1/2 * * *", "2012-07-10T01:20"),
            ("2012-07-09T23:35", "20-35/15 10-12 * * *", "2012-07-10T10:20"),
            ("2012-07-09T23:35", "20-35/15 1/2 */2 * *", "2012-07-11T01:20"),
            ("2012-07-09T23:35", "20-35/15 * 9-20 * *", "2012-07-10T00:20"),
            ("2012-07-09T23:35", "20-35/15 * 9-20 Jul *", "2012-07-10T00:20"),
            ("2012-07-09T23:35", "0 0 9 Apr-Oct ?", "2012-08-09T00:00"),
            ("2012-07-09T23:35", "0 0 */5 Apr,Aug,Oct Mon", "2012-08-01T00:00"),
            ("2012-07-09T23:35", "0 0 */5 Oct Mon", "2012-10-01T00:00"),
            ("2012-07-09T23:35", "0 0 * Feb Mon", "2013-02-04T00:00"),
            ("2012-07-09T23:35", "0 0 * Feb Mon/2", "2013-02-01T00:00"),
            ("2012-12-31T23:59:45", "* * * * *", "2013-01-01T00:00"),
            ("2012-07-09T23:35", "0 0 29 Feb ?", "2016-02-29T00:00"),
        ] {
            assert_eq!(next(schedule, now), clock(expected), "{schedule} after {now}");
        }
        for never in ["0 0 30 Feb ?", "0 0 31 Apr ?"] {
            assert_eq!(next(never, "2012-07-09T23:35"), None, "{never}");
        }
    }

    /// From upstream's spec_test.go `TestNext`: the days on which New York's clock changes in 2012.
    #[test]
    fn the_next_time_where_the_clock_changes() {
        let zone = Zone::find("America/New_York").unwrap();
        let utc = |text: &str, hours: i64| clock(text).unwrap() + hours * 3600;
        for (now, schedule, expected) in [
            (utc("2012-03-11T00:00", 5), "30 2 11 Mar ?", Some(utc("2013-03-11T02:30", 4))),
            (utc("2012-03-11T00:00", 5), "0 * * * ?", Some(utc("2012-03-11T01:00", 5))),
            (utc("2012-03-11T01:00", 5), "0 * * * ?", Some(utc("2012-03-11T03:00", 4))),
            (utc("2012-03-11T03:00", 4), "0 * * * ?", Some(utc("2012-03-11T04:00", 4))),
            (utc("2012-03-11T00:00", 5), "0 2 * * ?", Some(utc("2012-03-12T02:00", 4))),
            (utc("2012-11-04T00:00", 4), "30 2 04 Nov ?", Some(utc("2012-11-04T02:30", 5))),
            (utc("2012-11-04T01:45", 4), "30 1 04 Nov ?", Some(utc("2012-11-04T01:30", 5))),
            (utc("2012-11-04T00:00", 4), "0 * * * ?", Some(utc("2012-11-04T01:00", 4))),
            (utc("2012-11-04T01:00", 4), "0 * * * ?", Some(utc("2012-11-04T01:00", 5))),
            (utc("2012-11-04T01:00", 5), "0 * * * ?", Some(utc("2012-11-04T02:00", 5))),
        ] {
            let found = Schedule::parse(schedule).unwrap().next(&zone, now);
            assert_eq!(found, expected, "{schedule} after {now}");
        }
        let own = Schedule::parse("TZ=America/New_York 0 8 * * *").unwrap();
        assert_eq!(
            own.next(&Zone::UTC, utc("2026-01-05T00:00", 0)),
            Some(utc("2026-01-05T08:00", 5))
        );
    }

    #[test]
    fn what_can_not_be_read_says_so() {
        for (schedule, error) in [
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("60 0 * * *", "end of range (60) above maximum (59): 60"),
            ("5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("1/2/3 * * * *", "too many slashes: 1/2/3"),
            ("-5 * * * *", "failed to parse int from "),
            ("xyz * * * *", "failed to parse int from xyz"),
            ("@daily", "parser does not accept descriptors: @daily"),
            ("", "empty spec string"),
        ] {
            assert_eq!(Schedule::parse(schedule), Err(error.to_owned()), "{schedule}");
        }
    }

    #[test]
    fn a_clock_knows_the_calendar() {
        assert_eq!(clock("1970-01-01"), Some(0));
        assert_eq!(clock("2000-03-01T00:00:01"), Some(951_868_801));
        assert_eq!(clock("1969-12-31T23:59"), Some(-60));
        for wrong in ["2026-02-29", "2026-13-01", "2026-01-01T24:00", "2026-1", "+2026-01-01", ""] {
            assert_eq!(clock(wrong), None, "{wrong}");
        }
        for day in (-200_000..200_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            if (0..9999).contains(&year) {
                let text = format!("{year}-{month}-{of_month}");
                assert_eq!(clock(&text), Some(day * DAY), "{text}");
            }
        }
    }
}
