//! `Stripe-Version`: which dated version of the dialect a client speaks.
//!
//! Parameters of all versions are read; answers differ by a few fields only, in the buckets of
//! [`Rendering`].

use axum::http::HeaderMap;

use crate::codes;
use crate::error::ApiError;
use crate::headers::{STRIPE_VERSION, single};

/// A dated version as a client named it: `2026-10-28.endive`, `2022-11-15`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    text: String,
    date: Date,
}

/// Year, month and day: they order as the dates do.
type Date = (u16, u8, u8);

/// The version that is spoken where nobody names one.
pub const DEFAULT: &str = "2026-10-28.endive";
const DEFAULT_DATE: Date = (2026, 10, 28);

/// The earliest date that is taken: the dialect's first dated version.
const EARLIEST: Date = (2011, 1, 1);
/// The longest name behind the date, in characters.
const NAME_CHARS_MAX: usize = 32;

/// How answers of a version are written. Later buckets include the changes of earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rendering {
    /// Before 2022-11-15: a payment intent lists its charges, a charge its refunds.
    WithCharges,
    /// From 2022-11-15.
    Plain,
    /// From 2026-03-25: `ui_mode` is `hosted_page`, `embedded_page`, `elements` or `form`.
    NewUiModes,
    /// From 2026-09-30: `allowed_payment_method_types` is present.
    AllowedTypes,
}

impl Version {
    /// The version of the request's header, else `account_default`.
    ///
    /// # Refusals
    /// 400 `version_invalid` when it is not a date with an optional name. A date that this server
    /// does not know yet is taken: it is rendered as the newest that it does.
    pub fn of(headers: &HeaderMap, account_default: &Version) -> Result<Version, ApiError> {
        let Some(text) = single(headers, &STRIPE_VERSION)? else {
            return Ok(account_default.clone());
        };
        Version::parse(text).ok_or_else(|| {
            let message =
                "Invalid Stripe-Version: write a dated version, such as 2026-10-28.endive.";
            ApiError::invalid(codes::VERSION_INVALID, message)
        })
    }

    /// Reads `YYYY-MM-DD` with an optional `.name` of small letters, and a real date.
    pub fn parse(text: &str) -> Option<Version> {
        let (date, name) = match text.split_once('.') {
            Some((date, name)) => (date, Some(name)),
            None => (text, None),
        };
        let named = |name: &str| {
            (1..=NAME_CHARS_MAX).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        if !name.is_none_or(named) {
            return None;
        }
        let date = calendar_date(date).filter(|date| *date >= EARLIEST)?;
        Some(Version { text: text.into(), date })
    }

    /// The version as it is spelled.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How answers are written in this version.
    pub fn rendering(&self) -> Rendering {
        let rows = [
            ((2026, 9, 30), Rendering::AllowedTypes),
            ((2026, 3, 25), Rendering::NewUiModes),
            ((2022, 11, 15), Rendering::Plain),
        ];
        let row = rows.iter().find(|(from, _)| self.date >= *from);
        row.map_or(Rendering::WithCharges, |(_, rendering)| *rendering)
    }
}

impl Default for Version {
    fn default() -> Version {
        Version { text: DEFAULT.into(), date: DEFAULT_DATE }
    }
}

/// Reads `2026-10-28`; `None` if it is written otherwise or there is no such day.
fn calendar_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let digits_at = [0, 1, 2, 3, 5, 6, 8, 9];
    let written = bytes.len() == 10
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && digits_at.iter().all(|at| bytes[*at].is_ascii_digit());
    if !written {
        return None;
    }
    let year: u16 = text[..4].parse().ok()?;
    let month: u8 = text[5..7].parse().ok()?;
    let day: u8 = text[8..].parse().ok()?;
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_their_rendering() {
        use Rendering::{AllowedTypes, NewUiModes, Plain, WithCharges};
        let table: &[(&str, Option<Rendering>)] = &[
            ("2019-05-16", Some(WithCharges)),
            ("2022-11-14", Some(WithCharges)),
            ("2022-11-15", Some(Plain)),
            ("2024-06-20", Some(Plain)),
            ("2025-04-30.basil", Some(Plain)),
            ("2026-03-25.dahlia", Some(NewUiModes)),
            ("2026-09-29.dahlia", Some(NewUiModes)),
            ("2026-09-30.endive", Some(AllowedTypes)),
            ("2026-10-28.endive", Some(AllowedTypes)),
            ("2031-01-31.preview", Some(AllowedTypes)),
            ("2024-02-29", Some(Plain)),
            ("2023-02-29", None),
            ("2026-13-01", None),
            ("2026-04-31", None),
            ("2026-00-10", None),
            ("2026-10-00", None),
            ("2010-12-31", None),
            ("2026-10-28.", None),
            ("2026-10-28.End", None),
            ("2026-10-28.a.b", None),
            ("2026-10-28 ", None),
            ("2026/10/28", None),
            ("20261028", None),
            ("٢٠٢٦-10-28", None),
            ("latest", None),
            ("", None),
        ];
        for (text, rendering) in table {
            let version = Version::parse(text);
            assert_eq!(version.as_ref().map(Version::rendering), *rendering, "{text}");
            assert!(version.is_none_or(|version| version.as_str() == *text));
        }
    }

    #[test]
    fn the_header_wins() {
        let default = Version::default();
        assert_eq!(Version::parse(DEFAULT).as_ref(), Some(&default));
        let account = Version::parse("2024-04-10").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(Version::of(&headers, &account).unwrap(), account);
        headers.insert(STRIPE_VERSION, "2026-10-28.endive".parse().unwrap());
        assert_eq!(Version::of(&headers, &account).unwrap(), default);
        headers.insert(STRIPE_VERSION, "soon".parse().unwrap());
        let error = Version::of(&headers, &account).unwrap_err();
        assert_eq!((error.status().as_u16(), error.code()), (400, Some("version_invalid")));
    }
}
