//! Sums and moments as people read them, in each language. No floats anywhere.

use holdfast_core::money::Money;
use holdfast_core::time::{Span, Timestamp};
use jiff::tz::TimeZone;

use crate::language::Language;
use crate::symbols;
use crate::texts::Texts;

/// Keeps a sum and its currency on one line.
const NO_BREAK_SPACE: char = '\u{a0}';
/// Keeps a minus sign on the left of its digits within right-to-left text.
const LEFT_TO_RIGHT_MARK: char = '\u{200e}';

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A sum typed by a person: more digits than this never fit into minor units.
const TYPED_MAX: usize = 24;

impl Texts {
    /// A sum with its currency: `$48.70`, `CHF 48.70`; in Arabic `48.70 US$`.
    ///
    /// The number of decimals is the currency's own by ISO 4217, never a locale's.
    pub fn money(&self, sum: impl Lent<Money>) -> String {
        let sum = sum.lent();
        let currency = sum.currency();
        let symbol = symbols::symbol(self.language(), currency.code());
        let number = number(sum);
        let minus = if sum.minor() < 0 { "-" } else { "" };
        match self.language() {
            Language::English if symbol.ends_with(char::is_alphabetic) => {
                format!("{minus}{symbol}{NO_BREAK_SPACE}{number}")
            }
            Language::English => format!("{minus}{symbol}{number}"),
            Language::Arabic if minus.is_empty() => format!("{number}{NO_BREAK_SPACE}{symbol}"),
            Language::Arabic => {
                format!("{LEFT_TO_RIGHT_MARK}-{number}{NO_BREAK_SPACE}{symbol}")
            }
        }
    }

    /// The day of a moment in UTC: `12 December 2026`.
    pub fn date(&self, at: impl Lent<Timestamp>) -> String {
        let at = at.lent();
        let Some(moment) = utc(at) else { return at.ms().to_string() };
        let month = self.get(MONTHS[usize::from(moment.month().unsigned_abs() - 1) % MONTHS.len()]);
        let (day, year) = (moment.day().to_string(), moment.year().to_string());
        in_one_run(&self.with_all("date", &[("day", &day), ("month", &month), ("year", &year)]))
    }

    /// A moment to the minute in UTC: `12 December 2026, 14:05 UTC`.
    pub fn date_time(&self, at: impl Lent<Timestamp>) -> String {
        let at = at.lent();
        let Some(moment) = utc(at) else { return at.ms().to_string() };
        let time = format!("{:02}:{:02}", moment.hour(), moment.minute());
        in_one_run(&self.with_all("date-time", &[("date", &self.date(at)), ("time", &time)]))
    }

    /// A moment for machines, as the `datetime` attribute wants it: `2026-12-12T14:05:00Z`.
    pub fn iso(&self, at: impl Lent<Timestamp>) -> String {
        let at = at.lent().seconds();
        jiff::Timestamp::from_second(at).map_or_else(|_| String::new(), |t| t.to_string())
    }
}

/// A value or a reference to one, of a type that is copied: templates hand out both.
pub trait Lent<T> {
    /// The value.
    fn lent(&self) -> T;
}

impl Lent<Money> for Money {
    fn lent(&self) -> Money {
        *self
    }
}

impl Lent<Timestamp> for Timestamp {
    fn lent(&self) -> Timestamp {
        *self
    }
}

impl<T, L: Lent<T>> Lent<T> for &L {
    fn lent(&self) -> T {
        (**self).lent()
    }
}

/// How many days are left until `at`, begun days counted whole; zero when it is over.
pub fn days_left(now: Timestamp, at: Timestamp) -> i64 {
    let left: Span = at.since(now);
    left.ms().saturating_add(DAY_MS - 1) / DAY_MS
}

/// Reads a sum that a person typed in whole units, such as `12`, `12.5` or `1,234.50`.
///
/// `None` when it is no number, is negative, has more decimals than the currency, or is too large.
/// Arabic digits and the Arabic decimal sign are read too.
pub fn minor_from_typed(text: &str, exponent: u8) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ',' | '٬' | ' ')).collect();
    if text.is_empty() || text.chars().count() > TYPED_MAX {
        return None;
    }
    let (whole, decimals) = text.split_once(['.', '٫']).unwrap_or((&text, ""));
    let places = usize::from(exponent);
    if decimals.chars().count() > places || (whole.is_empty() && decimals.is_empty()) {
        return None;
    }
    let missing = places - decimals.chars().count();
    let digits = whole.chars().chain(decimals.chars()).chain(std::iter::repeat_n('0', missing));
    digits.map(digit).try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(digit?))
}

/// Takes out the marks that isolate the parts of a date. With them, a date within a sentence has no
/// letter of its own that tells its direction, and an Arabic one comes out from left to right.
fn in_one_run(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// The digits of a sum without its sign, grouped by thousands.
fn number(sum: Money) -> String {
    let places = usize::from(sum.currency().exponent());
    let digits = format!("{:0>width$}", sum.minor().unsigned_abs(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if places > 0 {
        text.push('.');
        text.push_str(decimals);
    }
    text
}

fn utc(at: Timestamp) -> Option<jiff::civil::DateTime> {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).ok()?;
    Some(TimeZone::UTC.to_datetime(moment))
}

fn digit(character: char) -> Option<i64> {
    let value = match character {
        '0'..='9' => u32::from(character) - u32::from('0'),
        '٠'..='٩' => u32::from(character) - u32::from('٠'),
        '۰'..='۹' => u32::from(character) - u32::from('۰'),
        _ => return None,
    };
    Some(i64::from(value))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use holdfast_core::currency::Currency;

    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::parse(code).unwrap())
    }

    #[test]
    fn sums_are_written_as_each_language_does() {
        let table = [
            (4_870, "USD", "$48.70", "48.70\u{a0}US$"),
            (0, "USD", "$0.00", "0.00\u{a0}US$"),
            (5, "EUR", "€0.05", "0.05\u{a0}€"),
            (-123_456_789, "USD", "-$1,234,567.89", "\u{200e}-1,234,567.89\u{a0}US$"),
            (4_870, "CHF", "CHF\u{a0}48.70", "48.70\u{a0}CHF"),
            (1_200, "JPY", "¥1,200", "1,200\u{a0}JP¥"),
            (1_234, "KWD", "KWD\u{a0}1.234", "1.234\u{a0}د.ك.\u{200f}"),
            (999, "CAD", "CA$9.99", "9.99\u{a0}CA$"),
            (12_345, "UYW", "UYW\u{a0}1.2345", "1.2345\u{a0}UYW"),
            (
                i64::MIN,
                "JPY",
                "-¥9,223,372,036,854,775,808",
                "\u{200e}-9,223,372,036,854,775,808\u{a0}JP¥",
            ),
        ];
        for (minor, code, english, arabic) in table {
            assert_eq!(Texts::of(Language::English).money(money(minor, code)), english);
            assert_eq!(Texts::of(Language::Arabic).money(money(minor, code)), arabic);
        }
    }

    #[test]
    fn moments_are_written_in_utc() {
        let at = Timestamp::from_seconds(1_795_176_000 + 5 * 60 + 59);
        let english = Texts::of(Language::English);
        assert_eq!(english.date(at), "20 November 2026");
        assert_eq!(english.date_time(at), "20 November 2026, 12:05 UTC");
        assert_eq!(english.iso(at), "2026-11-20T12:05:59Z");
        let arabic = Texts::of(Language::Arabic);
        assert_eq!(arabic.date(at), "20 نوفمبر 2026");
        assert_eq!(arabic.date_time(at), "20 نوفمبر 2026، 12:05 بالتوقيت العالمي");
        let beyond = Timestamp::from_ms(i64::MAX);
        assert_eq!(english.date(beyond), i64::MAX.to_string(), "no panic beyond the calendar");
    }

    #[test]
    fn days_left_count_begun_days() {
        let now = Timestamp::from_seconds(0);
        for (ms, days) in [(0, 0), (1, 1), (DAY_MS, 1), (DAY_MS + 1, 2), (-5, 0)] {
            assert_eq!(days_left(now, Timestamp::from_ms(ms)), days, "{ms}");
        }
        assert!(days_left(now, Timestamp::from_ms(i64::MAX)) > 0);
    }

    #[test]
    fn typed_sums_are_read_exactly_or_not_at_all() {
        let table = [
            ("12", 2, Some(1_200)),
            ("12.5", 2, Some(1_250)),
            (" 1,234.50 ", 2, Some(123_450)),
            (".5", 2, Some(50)),
            ("12.", 2, Some(1_200)),
            ("0", 2, Some(0)),
            ("7", 0, Some(7)),
            ("١٢٫٥٠", 2, Some(1_250)),
            ("0.001", 3, Some(1)),
            ("12.345", 2, None),
            ("7.0", 0, None),
            ("-1", 2, None),
            ("1e3", 2, None),
            ("", 2, None),
            (".", 2, None),
            ("1.2.3", 2, None),
            ("99999999999999999999", 2, None),
            ("92233720368547758.07", 2, Some(i64::MAX)),
            ("92233720368547758.08", 2, None),
        ];
        for (text, exponent, expected) in table {
            assert_eq!(minor_from_typed(text, exponent), expected, "{text}");
        }
    }
}
