//! The month to whose end a card is valid.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::typed::{self, Typed};

/// A month and a year. The card is valid through the last day of that month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// 1 to 12.
    month: u8,
    /// Four digits, 0 to 9999.
    year: i16,
}

/// Why what was typed is not the expiry of a valid card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryError {
    /// Missing, or not a month; also the answer to what is no date at all.
    Month,
    /// Missing, not a year, or so far ahead that it must be a slip of the finger.
    Year,
    /// The month is over.
    Expired,
}

/// A year further ahead than this is refused. Cards live 3 to 20 years; test cards are given "any
/// future date", and people like 2050 and 2070.
const YEARS_AHEAD_MAX: i16 = 50;

/// A month lasts until it is over everywhere: the last place where it ends is 12 hours behind UTC.
const LAST_PLACE: Offset = Offset::constant(-12);

impl Expiry {
    /// Reads one field with month and year: `1/30`, `01/30`, `0130`, `012030`, `01 / 2030`,
    /// `2030-01`, in digits of several scripts. Two-digit years are in this century.
    ///
    /// # Errors
    /// Month or year, whichever is not understood first. Whether the card is still valid is
    /// [`Expiry::check`]'s question.
    pub fn parse(field: &str) -> Result<Self, ExpiryError> {
        let groups = Groups::read(field).ok_or(ExpiryError::Month)?;
        match groups.as_slice() {
            [run] => Self::from_run(*run),
            [first, second] if first.digits == 4 => Self::from_groups(*second, *first),
            [first, second] => Self::from_groups(*first, *second),
            _ => Err(ExpiryError::Month),
        }
    }

    /// Reads month and year from two fields of their own.
    ///
    /// # Errors
    /// Month or year, whichever is not understood first.
    pub fn parse_parts(month: &str, year: &str) -> Result<Self, ExpiryError> {
        let month = Groups::read(month).and_then(|groups| groups.only());
        let year = Groups::read(year).and_then(|groups| groups.only());
        let month = month.ok_or(ExpiryError::Month)?;
        Self::from_groups(month, year.unwrap_or(Group::EMPTY))
    }

    /// Whether a card with this expiry may be used at `now`.
    ///
    /// # Errors
    /// [`ExpiryError::Expired`] from the first moment at which the month is over everywhere,
    /// [`ExpiryError::Year`] for a year too far ahead.
    pub fn check(self, now: Timestamp) -> Result<(), ExpiryError> {
        let today = LAST_PLACE.to_datetime(now).date();
        let this_month = (today.year(), today.month());
        if (self.year, i8::try_from(self.month).unwrap_or(i8::MAX)) < this_month {
            return Err(ExpiryError::Expired);
        }
        if self.year.saturating_sub(today.year()) > YEARS_AHEAD_MAX {
            return Err(ExpiryError::Year);
        }
        Ok(())
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The year, four digits.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// Digits without anything between them. Six are `012030`, or `203001` where the front half
    /// cannot be a month and the rear can.
    fn from_run(run: Group) -> Result<Self, ExpiryError> {
        match run.digits {
            3 | 4 => Self::from_groups(run.front(2), run.rear(2)),
            5 => Self::from_groups(run.front(4), run.rear(4)),
            6 if run.front(4).month().is_err() && run.rear(2).month().is_ok() => {
                Self::from_groups(run.rear(2), run.front(2))
            }
            6 => Self::from_groups(run.front(4), run.rear(4)),
            _ => run.month().and(Err(ExpiryError::Year)),
        }
    }

    fn from_groups(month: Group, year: Group) -> Result<Self, ExpiryError> {
        Ok(Self { month: month.month()?, year: year.year()? })
    }
}

/// Digits that stand together.
#[derive(Clone, Copy)]
struct Group {
    digits: usize,
    value: i32,
}

impl Group {
    const EMPTY: Self = Self { digits: 0, value: 0 };

    /// All digits but the last `rear` ones.
    fn front(self, rear: usize) -> Self {
        let digits = self.digits.saturating_sub(rear);
        Self { digits, value: self.value / power_of_ten(rear) }
    }

    /// The last `rear` digits.
    fn rear(self, rear: usize) -> Self {
        Self { digits: rear, value: self.value % power_of_ten(rear) }
    }

    fn month(self) -> Result<u8, ExpiryError> {
        let month = u8::try_from(self.value).ok().filter(|month| (1..=12).contains(month));
        month.filter(|_| self.digits <= 2).ok_or(ExpiryError::Month)
    }

    fn year(self) -> Result<i16, ExpiryError> {
        let year = i16::try_from(self.value).map_err(|_| ExpiryError::Year)?;
        match self.digits {
            2 => Ok(2000 + year),
            4 => Ok(year),
            _ => Err(ExpiryError::Year),
        }
    }
}

/// The groups of digits in a field.
struct Groups {
    found: [Group; GROUPS_MAX],
    count: usize,
}

/// A month and a year make two groups; a third one makes it no expiry.
const GROUPS_MAX: usize = 2;
/// `012030` and `203001` are the longest spellings in one group.
const GROUP_DIGITS_MAX: usize = 6;

impl Groups {
    /// `None` if the field holds other characters, or more than an expiry can have.
    fn read(field: &str) -> Option<Self> {
        let mut groups = Self { found: [Group::EMPTY; GROUPS_MAX], count: 0 };
        let mut is_open = false;
        for typed in field.chars() {
            match typed::read(typed) {
                Typed::Digit(digit) => groups.push(digit, &mut is_open)?,
                Typed::Gap | Typed::Slash => is_open = false,
                Typed::Invisible => {}
                Typed::Other => return None,
            }
        }
        Some(groups)
    }

    fn push(&mut self, digit: u8, is_open: &mut bool) -> Option<()> {
        if !*is_open {
            self.count += 1;
            *is_open = true;
        }
        let group = self.found.get_mut(self.count - 1)?;
        group.digits += 1;
        group.value = group.value * 10 + i32::from(digit - b'0');
        (group.digits <= GROUP_DIGITS_MAX).then_some(())
    }

    fn as_slice(&self) -> &[Group] {
        &self.found[..self.count]
    }

    fn only(&self) -> Option<Group> {
        match self.as_slice() {
            [group] => Some(*group),
            _ => None,
        }
    }
}

fn power_of_ten(digits: usize) -> i32 {
    (0..digits).fold(1, |power, _| power * 10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::ExpiryError::{Expired, Month, Year};
    use super::*;

    fn check(field: &str, expected: Result<(u8, i16), ExpiryError>) {
        let got = Expiry::parse(field).map(|expiry| (expiry.month(), expiry.year()));
        assert_eq!(got, expected, "{field:?}");
    }

    #[test]
    fn spellings() {
        for field in [
            "1/30",
            "01/30",
            "0130",
            "130",
            "012030",
            "12030",
            "1/2030",
            "01/2030",
            "01 / 2030",
            "2030-01",
            "2030/1",
            "203001",
            "01-30",
            "01.30",
            "01 30",
            " 1 / 30 ",
            "01//30",
            "٠١/٣٠",
            "\u{200E}01\u{200E}/30",
            "０１／３０",
            "01\u{2044}30",
            "01\u{2013}2030",
        ] {
            check(field, Ok((1, 2030)));
        }
        check("12/34", Ok((12, 2034)));
        check("122034", Ok((12, 2034)));
        check("1234", Ok((12, 2034)));
        check("112030", Ok((11, 2030)));
        check("202612", Ok((12, 2026)));
        check("12/99", Ok((12, 2099)));
        check("12/00", Ok((12, 2000)));
        check("12/0000", Ok((12, 0)));
    }

    #[test]
    fn what_is_no_expiry() {
        for field in ["", " ", "/", "jan 30", "00/30", "13/30", "0030", "1330", "2030", "30-01"] {
            check(field, Err(Month));
        }
        for field in ["001/30", "1/3/30", "01/31/2030", "1234567", "2030-13", "/30", "132030"] {
            check(field, Err(Month));
        }
        for field in ["1", "12", "1/", "01/3", "01/203", "01/20300", "12/020304"] {
            check(field, Err(Year));
        }
    }

    #[test]
    fn two_fields() {
        let check = |month: &str, year: &str, expected| {
            let got = Expiry::parse_parts(month, year);
            assert_eq!(got.map(|e| (e.month(), e.year())), expected, "{month:?} {year:?}");
        };
        check("1", "30", Ok((1, 2030)));
        check("01", "2030", Ok((1, 2030)));
        check(" 12 ", "٣٤", Ok((12, 2034)));
        check("", "2030", Err(Month));
        check("13", "2030", Err(Month));
        check("001", "2030", Err(Month));
        check("1/30", "2030", Err(Month));
        check("1", "", Err(Year));
        check("1", "203", Err(Year));
        check("1", "12/30", Err(Year));
    }

    #[test]
    fn a_card_is_valid_through_the_last_day_of_its_month() {
        let check = |field: &str, now: &str, expected: Result<(), ExpiryError>| {
            let now: Timestamp = now.parse().unwrap();
            assert_eq!(Expiry::parse(field).unwrap().check(now), expected, "{field} at {now}");
        };
        check("11/26", "2026-11-01T00:00:00Z", Ok(()));
        check("11/26", "2026-11-30T23:59:59Z", Ok(()));
        // In the last place on Earth it is still the last day.
        check("11/26", "2026-12-01T11:59:59Z", Ok(()));
        check("11/26", "2026-12-01T12:00:00Z", Err(Expired));
        check("12/26", "2026-12-31T23:59:59Z", Ok(()));
        check("12/26", "2027-01-01T12:00:00Z", Err(Expired));
        check("02/28", "2028-02-29T23:00:00Z", Ok(()));
        check("10/26", "2026-11-22T00:00:00Z", Err(Expired));
        check("12/25", "2026-11-22T00:00:00Z", Err(Expired));
        check("01/27", "2026-11-22T00:00:00Z", Ok(()));
        check("12/1999", "2026-11-22T00:00:00Z", Err(Expired));
        check("12/76", "2026-11-22T00:00:00Z", Ok(()));
        check("01/77", "2026-11-22T00:00:00Z", Err(Year));
        check("12/9999", "2026-11-22T00:00:00Z", Err(Year));
    }
}
