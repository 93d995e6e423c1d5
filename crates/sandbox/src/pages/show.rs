//! Amounts and times for people.

use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A moment for people and for machines, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// `2026-11-23 03:23:45 UTC`.
    pub(super) people: String,
    /// `2026-11-23T03:23:45Z`.
    pub(super) machine: String,
}

/// How a moment is shown. One outside the calendar, which no clock reaches, is shown as a number.
pub(super) fn when(at: Timestamp) -> When {
    match jiff::Timestamp::from_second(at.seconds()) {
        Ok(second) => {
            let date_time = second.to_zoned(TimeZone::UTC).datetime();
            When {
                people: format!("{} {} UTC", date_time.date(), date_time.time()),
                machine: second.to_string(),
            }
        }
        Err(_) => When { people: at.ms().to_string(), machine: String::new() },
    }
}

/// Reads a date and a time of day in UTC, such as `2027-01-31 12:00`.
pub(super) fn read_time(text: &str) -> Option<Timestamp> {
    let date_time: DateTime = text.trim_end_matches("UTC").trim().replace(' ', "T").parse().ok()?;
    let moment = date_time.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_ms(moment.as_millisecond()))
}

/// An amount with its currency, such as `USD 1,234.50`.
pub(super) fn money(minor: i64, currency: Currency) -> String {
    let exponent = usize::from(currency.exponent());
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = exponent + 1);
    let (whole, decimals) = digits.split_at(digits.len() - exponent);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if exponent == 0 { "" } else { "." };
    format!("{currency} {sign}{}{point}{decimals}", grouped(whole))
}

/// Reads a positive amount in whole units, such as `1,234.5`. `None` when it is no such number,
/// has more decimals than the currency, or does not fit.
pub(super) fn read_money(text: &str, currency: Currency) -> Option<i64> {
    let exponent = usize::from(currency.exponent());
    let text = text.replace(',', "");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > exponent {
        return None;
    }
    format!("{whole}{decimals:0<exponent$}").parse().ok()
}

fn grouped(whole: &str) -> String {
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_with_the_decimals_of_their_currency() {
        for (minor, currency, expected) in [
            (0, Currency::USD, "USD 0.00"),
            (5, Currency::USD, "USD 0.05"),
            (12_050, Currency::USD, "USD 120.50"),
            (123_456_789, Currency::USD, "USD 1,234,567.89"),
            (-100_000, Currency::EUR, "EUR -1,000.00"),
            (1_000, Currency::JPY, "JPY 1,000"),
            (1_234, Currency::KWD, "KWD 1.234"),
            (i64::MIN, Currency::JPY, "JPY -9,223,372,036,854,775,808"),
        ] {
            assert_eq!(money(minor, currency), expected);
        }
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        for (text, currency, expected) in [
            ("250", Currency::USD, Some(25_000)),
            ("250.5", Currency::USD, Some(25_050)),
            ("1,250.05", Currency::USD, Some(125_005)),
            ("0", Currency::USD, Some(0)),
            ("250.005", Currency::USD, None),
            ("250.5", Currency::JPY, None),
            ("250", Currency::JPY, Some(250)),
            ("1.234", Currency::KWD, Some(1_234)),
            ("-1", Currency::USD, None),
            ("1e3", Currency::USD, None),
            (".5", Currency::USD, None),
            ("", Currency::USD, None),
            ("99999999999999999999", Currency::USD, None),
        ] {
            assert_eq!(read_money(text, currency), expected, "{text} {currency}");
        }
    }

    #[test]
    fn times_are_shown_and_read_in_utc() {
        let noon = Timestamp::from_seconds(1_801_396_800);
        let shown = when(noon);
        assert_eq!(shown.people, "2027-01-31 12:00:00 UTC");
        assert_eq!(shown.machine, "2027-01-31T12:00:00Z");
        for text in [
            "2027-01-31 12:00",
            "2027-01-31T12:00",
            "2027-01-31 12:00:00 UTC",
            "2027-01-31T12:00:00",
        ] {
            assert_eq!(read_time(text), Some(noon), "{text}");
        }
        for text in ["tomorrow", "2027-02-30 12:00", "31.01.2027", ""] {
            assert_eq!(read_time(text), None, "{text}");
        }
        assert_eq!(when(Timestamp::from_ms(i64::MAX)).machine, "");
    }
}
