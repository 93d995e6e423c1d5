//! A card number that cannot be printed, copied or kept by mistake.

use zeroize::Zeroizing;

use crate::brand::{self, Brand};
use crate::typed;

/// A complete card number of an accepted brand whose check digit is right.
///
/// Has no `Debug`, `Clone`, `Display` or `Serialize`: a line that would leak one does not compile.
/// The digits lie on the heap, so that moving the value leaves no copy on a stack, and are wiped
/// when it is dropped.
pub struct CardNumber {
    digits: Zeroizing<Vec<u8>>,
    brand: Brand,
}

/// Why what was typed is not a card number that can be charged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Empty, not digits, or not of a length that the brand has.
    Malformed,
    /// The check digit is wrong, or no brand begins like this: almost always a slip of the finger.
    Incorrect,
    /// A real brand, not accepted here.
    Unsupported(Brand),
}

/// ISO/IEC 7812-1: a number has at most 19 digits.
const DIGITS_MAX: usize = 19;
/// The shortest numbers in use (Maestro, by the brand table) have 12 digits.
const DIGITS_MIN: usize = 12;

impl CardNumber {
    /// Reads a typed or pasted number: digits of several scripts, grouped in any way.
    ///
    /// # Errors
    /// The first of: malformed, of a brand that is not accepted, of a wrong length, incorrect. The
    /// brand comes before the check digit, because not all brands that are refused have one.
    pub fn parse(field: &str) -> Result<Self, NumberError> {
        let digits = typed::digits(field, DIGITS_MAX).ok_or(NumberError::Malformed)?;
        if digits.len() < DIGITS_MIN {
            return Err(NumberError::Malformed);
        }
        let brand = brand::find(&digits).ok_or(NumberError::Incorrect)?;
        if !brand.is_accepted() {
            return Err(NumberError::Unsupported(brand));
        }
        if !brand.lengths().contains(&digits.len()) {
            return Err(NumberError::Malformed);
        }
        if !has_right_check_digit(&digits) {
            return Err(NumberError::Incorrect);
        }
        Ok(Self { digits, brand })
    }

    /// The brand, by the longest prefix.
    #[must_use]
    pub fn brand(&self) -> Brand {
        self.brand
    }

    /// The last four digits: what may be shown and kept.
    #[must_use]
    pub fn last4(&self) -> String {
        let shown = self.digits.iter().rev().take(4).rev();
        shown.map(|digit| char::from(*digit)).collect()
    }

    /// All digits, ASCII. For an exchange only, which must wipe what it copies.
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits
    }
}

/// The Luhn sum over ASCII digits. Source: ISO/IEC 7812-1, annex B.
fn has_right_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0');
            match (place % 2, value * 2) {
                (0, _) => value,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, expected: Result<(Brand, &str), NumberError>) {
        let got = CardNumber::parse(field).map(|number| (number.brand(), number.last4()));
        let expected = expected.map(|(brand, last4)| (brand, last4.to_owned()));
        assert_eq!(got, expected, "{field:?}");
    }

    #[test]
    fn numbers() {
        check("4242424242424242", Ok((Brand::Visa, "4242")));
        check(" 4242 4242-4242.4242 ", Ok((Brand::Visa, "4242")));
        check("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", Ok((Brand::Visa, "4242")));
        check("4000002760003184", Ok((Brand::Visa, "3184")));
        check("4000000000000000006", Ok((Brand::Visa, "0006"))); // 19 digits
        check("5555555555554444", Ok((Brand::Mastercard, "4444")));
        check("2223003122003222", Ok((Brand::Mastercard, "3222")));
        check("3782 822463 10005", Ok((Brand::Amex, "0005")));
        check("6011981111111113", Ok((Brand::Discover, "1113")));
    }

    #[test]
    fn refused_numbers() {
        use NumberError::{Incorrect, Malformed, Unsupported};
        check("", Err(Malformed));
        check("4242", Err(Malformed));
        check("not a number", Err(Malformed));
        check("4242424242424242 4242", Err(Malformed)); // 20 digits
        check("424242424242424", Err(Malformed)); // 15 digits of a Visa
        check("37828224631000", Err(Malformed)); // 14 digits of an Amex
        check("55555555555544445", Err(Malformed)); // 17 digits of a Mastercard
        check("4242424242424241", Err(Incorrect));
        check("4242424242424224", Err(Incorrect)); // two digits changed places
        check("378282246310006", Err(Incorrect));
        check("0000000000000000", Err(Incorrect)); // no brand
        check("9999999999999995", Err(Incorrect)); // no brand
        check("3530111333300000", Err(Unsupported(Brand::Jcb)));
        check("30569309025904", Err(Unsupported(Brand::Diners)));
        check("6200000000000005", Err(Unsupported(Brand::UnionPay)));
        check("6200000000000001", Err(Unsupported(Brand::UnionPay))); // wrong check digit
        check("2200000000000004", Err(Unsupported(Brand::Mir)));
        check("6759649826438453", Err(Unsupported(Brand::Maestro)));
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let right = *b"4000002760003184";
        for place in 0..right.len() {
            for digit in b'0'..=b'9' {
                let mut typed = right;
                typed[place] = digit;
                assert_eq!(has_right_check_digit(&typed), typed == right);
            }
        }
    }
}
