//! Time zones of cron triggers: what a clock on the wall shows at an instant.
//!
//! DIFFERENCE(cron-zone): each zone follows, in all years, the rule that is in force now. A whole
//! time zone database, with what was once so, is some hundred kilobytes; the rules are four.
//!
//! Upstream: Go time/zoneinfo.go `lookup`, `tzset`, time.go `Date`; IANA tzdata 2025c.

use super::cron::{civil, day_of};

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Seconds east of Greenwich.
    standard: i64,
    summer: Option<Summer>,
}

/// Another offset for a part of each year.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Summer {
    offset: i64,
    begins: Rule,
    ends: Rule,
}

/// The `week`th `weekday` of a month, 5 for the last, and seconds from its midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    month: i64,
    week: i64,
    weekday: i64,
    seconds: i64,
}

const ZONES: &str = include_str!("zones.txt");

impl Zone {
    /// Greenwich.
    pub const UTC: Self = Self { standard: 0, summer: None };

    /// The zone of that name, if there is one.
    ///
    /// ```
    /// # use tidetable_core::keda::zone::Zone;
    /// let zone = Zone::find("Europe/Berlin").unwrap();
    /// assert_eq!(zone.local(1_767_571_200), 1_767_571_200 + 3600); // January
    /// assert_eq!(Zone::find("Europe/Atlantis"), None);
    /// ```
    pub fn find(name: &str) -> Option<Self> {
        if matches!(name, "" | "UTC" | "Local") {
            return Some(Self::UTC);
        }
        let lines = ZONES.lines().filter_map(|it| it.split_once(' '));
        let mut lines = lines.filter(|(_, names)| names.split(' ').any(|it| it == name));
        lines.next().and_then(|(rule, _)| Self::parse(rule))
    }

    /// `CET-1CEST,M3.5.0,M10.5.0/3`
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let offsets = parts.next()?;
        let (standard, rest) = offset(after_name(offsets)?);
        // West is positive there.
        let standard = -standard?;
        let (Some(begins), Some(ends)) = (parts.next(), parts.next()) else {
            return Some(Self { standard, summer: None });
        };
        let own = offset(after_name(rest)?).0.map(|it| -it);
        let offset = own.unwrap_or(standard + 3600);
        let summer = Summer { offset, begins: rule(begins)?, ends: rule(ends)? };
        Some(Self { standard, summer: Some(summer) })
    }

    /// The offset at an instant, and from when until when it holds.
    fn lookup(&self, instant: i64) -> (i64, i64, i64) {
        let Some(summer) = &self.summer else { return (self.standard, i64::MIN, i64::MAX) };
        let year = civil((instant + self.standard).div_euclid(DAY)).0;
        let (mut from, mut offset) = (i64::MIN, self.standard);
        let mut changes = Vec::new();
        for year in year - 1..=year + 1 {
            changes.push((summer.begins.instant(year, self.standard), summer.offset));
            changes.push((summer.ends.instant(year, summer.offset), self.standard));
        }
        changes.sort_unstable();
        for (at, next) in changes {
            if at > instant {
                return (offset, from, at);
            }
            (from, offset) = (at, next);
        }
        (offset, from, i64::MAX)
    }

    /// What a clock on the wall shows at an instant: seconds as if they were in Greenwich.
    pub fn local(&self, instant: i64) -> i64 {
        instant + self.lookup(instant).0
    }

    /// The instant at which a clock on the wall shows `local`; where none does, or two do, the one
    /// that Go takes.
    pub fn instant(&self, local: i64) -> i64 {
        let (offset, from, until) = self.lookup(local);
        let instant = local - offset;
        if offset == 0 || (from..until).contains(&instant) {
            return instant;
        }
        local - self.lookup(instant).0
    }
}

const DAY: i64 = 24 * 3600;

impl Rule {
    fn instant(self, year: i64, offset: i64) -> i64 {
        let first = day_of(year, self.month, 1);
        // 1970-01-01 was a Thursday.
        let ahead = (self.weekday - (first + 4)).rem_euclid(7);
        let mut day = first + ahead + (self.week - 1) * 7;
        let (next_year, next_month) =
            if self.month == 12 { (year + 1, 1) } else { (year, self.month + 1) };
        while day >= day_of(next_year, next_month, 1) {
            day -= 7;
        }
        day * DAY + self.seconds - offset
    }
}

/// What follows a zone's short name, which may stand in angle brackets.
fn after_name(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('<') {
        return rest.split_once('>').map(|(_, rest)| rest);
    }
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    (length > 0).then(|| &text[length..])
}

/// `-5:30` in seconds, and what follows it.
fn offset(text: &str) -> (Option<i64>, &str) {
    let end = text.find(|it: char| !matches!(it, '0'..='9' | ':' | '+' | '-'));
    let (own, rest) = text.split_at(end.unwrap_or(text.len()));
    (seconds(own), rest)
}

/// `-5:30` as seconds.
fn seconds(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0;
    let mut unit = 3600;
    for part in digits.split(':') {
        total += unit * i64::from(part.parse::<u16>().ok()?);
        unit /= 60;
    }
    Some(sign * total)
}

/// `M3.5.0/-1`
fn rule(text: &str) -> Option<Rule> {
    let (date, time) = text.split_once('/').unwrap_or((text, "2"));
    let numbers = date.strip_prefix('M')?.split('.').map(|it| it.parse().ok());
    let [month, week, weekday] = numbers.collect::<Option<Vec<i64>>>()?.try_into().ok()?;
    Some(Rule { month, week, weekday, seconds: seconds(time)? })
}

#[cfg(test)]
mod tests {
    use super::super::cron::clock;
    use super::{ZONES, Zone};

    fn at(text: &str) -> i64 {
        clock(text).unwrap()
    }

    #[test]
    fn clocks_change_when_they_do() {
        for (zone, utc, local) in [
            ("Asia/Seoul", "2026-06-01T00:00", "2026-06-01T09:00"),
            ("Asia/Kolkata", "2026-01-05T00:00", "2026-01-05T05:30"),
            ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29T01:59:59"),
            ("Europe/Berlin", "2026-03-29T01:00", "2026-03-29T03:00"),
            ("Europe/Berlin", "2026-10-25T00:59:59", "2026-10-25T02:59:59"),
            ("Europe/Berlin", "2026-10-25T01:00", "2026-10-25T02:00"),
            ("America/New_York", "2026-03-08T06:59:59", "2026-03-08T01:59:59"),
            ("America/New_York", "2026-03-08T07:00", "2026-03-08T03:00"),
            // Summer lies over the turn of the year.
            ("Australia/Sydney", "2026-01-01T00:00", "2026-01-01T11:00"),
            ("Australia/Sydney", "2026-04-04T16:00", "2026-04-05T02:00"),
            ("Australia/Lord_Howe", "2026-07-01T00:00", "2026-07-01T10:30"),
            // Winter is the other offset there.
            ("Europe/Dublin", "2026-01-01T00:00", "2026-01-01T00:00"),
            ("Europe/Dublin", "2026-07-01T00:00", "2026-07-01T01:00"),
            ("America/Nuuk", "2026-03-29T00:59:59", "2026-03-28T22:59:59"),
            ("America/Nuuk", "2026-03-29T01:00", "2026-03-29T00:00"),
            ("UTC", "2026-07-01T00:00", "2026-07-01T00:00"),
        ] {
            let found = Zone::find(zone).expect(zone);
            assert_eq!(found.local(at(utc)), at(local), "{zone} at {utc}");
        }
    }

    /// No clock shows 02:30 when the hour is skipped, and two do when it is repeated.
    #[test]
    fn a_clock_leads_back_to_an_instant() {
        let zone = Zone::find("Europe/Berlin").unwrap();
        for (local, utc) in [
            ("2026-01-05T08:00", "2026-01-05T07:00"),
            ("2026-07-05T08:00", "2026-07-05T06:00"),
            ("2026-03-29T02:30", "2026-03-29T01:30"),
            ("2026-10-25T02:30", "2026-10-25T01:30"),
        ] {
            assert_eq!(zone.instant(at(local)), at(utc), "{local}");
        }
    }

    #[test]
    fn every_rule_can_be_read() {
        let mut names = 0;
        for line in ZONES.lines().filter(|it| !it.starts_with('#')) {
            let (rule, zones) = line.split_once(' ').expect("a rule and zones");
            assert!(Zone::parse(rule).is_some(), "{rule}");
            names += zones.split(' ').count();
        }
        assert!(names > 590, "{names}");
    }
}
