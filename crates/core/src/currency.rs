//! Currencies: the ISO 4217 codes and how many decimals each has.

use std::fmt;

use serde::{Deserialize, Serialize};

mod iso4217;

/// A currency of ISO 4217. Three upper-case letters inside, lower-case on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar, the currency of the example shop.
    pub const USD: Currency = Currency(*b"USD");
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// Yen: no decimals.
    pub const JPY: Currency = Currency(*b"JPY");
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");
    /// Canadian dollar.
    pub const CAD: Currency = Currency(*b"CAD");
    /// Australian dollar.
    pub const AUD: Currency = Currency(*b"AUD");
    /// Kuwaiti dinar: three decimals.
    pub const KWD: Currency = Currency(*b"KWD");

    /// Reads a code in either case. `None` when it is not an active code of ISO 4217 that money
    /// can be counted in (gold, the testing code and the like have no minor unit).
    pub fn parse(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        let upper = bytes.map(|byte| byte.to_ascii_uppercase());
        iso4217::exponent(upper).map(|_| Currency(upper))
    }

    /// The upper-case code, as ISO 4217 prints it.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// How many decimals the currency has: 0 (yen) to 4 (UYW).
    pub fn exponent(self) -> u8 {
        // Both constructors and the constants take codes of the table only.
        iso4217::exponent(self.0).unwrap_or(2)
    }

    /// All currencies, by code.
    pub fn all() -> impl Iterator<Item = Currency> {
        iso4217::TABLE.iter().map(|(code, _)| Currency(**code))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Currency::parse(&code).ok_or_else(|| format!("{code} is no currency of ISO 4217"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_those_of_iso_4217() {
        let table = [
            ("USD", 2),
            ("JPY", 0),
            ("ISK", 0),
            ("UGX", 0),
            ("KWD", 3),
            ("BHD", 3),
            ("CLF", 4),
            ("UYW", 4),
            ("MGA", 2),
            ("IQD", 3),
            ("XCG", 2),
            ("ZWG", 2),
            ("HUF", 2),
            ("VND", 0),
        ];
        for (code, exponent) in table {
            let currency = Currency::parse(code).expect(code);
            assert_eq!(currency.exponent(), exponent, "{code}");
            assert_eq!(Currency::parse(&code.to_lowercase()), Some(currency), "{code}");
        }
    }

    #[test]
    fn what_is_no_money_is_no_currency() {
        for code in ["XAU", "XTS", "XXX", "US", "USDT", "", "BGN", "ANG", "ÄÖ"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_each_code_stands_once() {
        assert!(iso4217::TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(Currency::all().all(|currency| currency.exponent() <= 4));
    }
}
