//! Amounts of money: whole minor units with their currency, and how they are shown.

use std::fmt;

/// An amount in minor units of its currency (cents, for US dollars).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Money {
    minor: i64,
    currency: Currency,
}

/// A currency by its ISO 4217 letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Currency([u8; 3]);

impl Money {
    pub(crate) fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    pub(crate) fn minor(self) -> i64 {
        self.minor
    }

    /// `None` where the currencies differ or the sum does not fit.
    pub(crate) fn plus(self, other: Money) -> Option<Money> {
        if self.currency != other.currency {
            return None;
        }
        let minor = self.minor.checked_add(other.minor)?;
        Some(Money { minor, ..self })
    }

    /// `None` where the product does not fit.
    pub(crate) fn times(self, quantity: u8) -> Option<Money> {
        let minor = self.minor.checked_mul(i64::from(quantity))?;
        Some(Money { minor, ..self })
    }
}

impl Currency {
    /// Three ASCII letters in either case, otherwise `None`.
    pub(crate) fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        let valid = letters.iter().all(u8::is_ascii_alphabetic);
        valid.then(|| Currency(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The letters as the API writes them.
    pub(crate) fn lower_case(self) -> String {
        self.0.iter().map(|letter| char::from(letter.to_ascii_lowercase())).collect()
    }

    /// Digits after the decimal point, by ISO 4217.
    fn exponent(self) -> usize {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

/// `$1,234.50` for US dollars, `JPY 1,235` for the others: the letters cannot be mistaken. The
/// digits are the same in every language of the shop; pages keep them from left to right.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, part) = digits.split_at(digits.len() - exponent);
        if self.minor < 0 {
            f.write_str("-")?;
        }
        match &self.currency.0 {
            b"USD" => f.write_str("$")?,
            _ => write!(f, "{}\u{a0}", self.currency.lower_case().to_ascii_uppercase())?,
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if part.is_empty() { Ok(()) } else { write!(f, ".{part}") }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn amounts_are_shown_with_the_digits_of_their_currency() {
        let table = [
            (0, "usd", "$0.00"),
            (5, "usd", "$0.05"),
            (490, "USD", "$4.90"),
            (123_456, "usd", "$1,234.56"),
            (100_000_000, "usd", "$1,000,000.00"),
            (-1490, "usd", "-$14.90"),
            (0, "jpy", "JPY\u{a0}0"),
            (1235, "jpy", "JPY\u{a0}1,235"),
            (1, "kwd", "KWD\u{a0}0.001"),
            (12_345_678, "kwd", "KWD\u{a0}12,345.678"),
            (7, "clf", "CLF\u{a0}0.0007"),
            (i64::MIN, "usd", "-$92,233,720,368,547,758.08"),
            (i64::MAX, "jpy", "JPY\u{a0}9,223,372,036,854,775,807"),
        ];
        for (minor, code, shown) in table {
            let money = Money::new(minor, Currency::parse(code).unwrap());
            assert_eq!(money.to_string(), shown);
        }
    }

    #[test]
    fn a_currency_is_three_letters() {
        for code in ["", "us", "usdx", "u$d", "US1", "دولار"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
        assert_eq!(Currency::parse("Usd").unwrap().lower_case(), "usd");
    }

    #[test]
    fn arithmetic_refuses_what_does_not_fit() {
        let usd = |minor| Money::new(minor, Currency::parse("usd").unwrap());
        let eur = Money::new(1, Currency::parse("eur").unwrap());
        assert_eq!(usd(2800).times(2).unwrap().plus(usd(490)), Some(usd(6090)));
        assert_eq!(usd(1).plus(eur), None);
        assert_eq!(usd(i64::MAX).plus(usd(1)), None);
        assert_eq!(usd(i64::MAX).times(2), None);
    }
}
