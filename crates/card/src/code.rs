//! The security code printed on a card.

use zeroize::Zeroizing;

use crate::brand::Brand;
use crate::typed;

/// A security code of a length that its card's brand has.
///
/// Has no `Debug`, `Clone`, `Display` or `Serialize`, and is wiped when dropped. It outlives the
/// exchange of its card nowhere, encrypted or not (PCI DSS 3.3.1).
pub struct SecurityCode {
    digits: Zeroizing<Vec<u8>>,
}

/// Empty, not digits, or not as long as the brand's codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeError;

/// The longest code of any brand: American Express prints four digits.
const DIGITS_MAX: usize = 4;
/// The shortest code of any brand.
const DIGITS_MIN: usize = 3;

impl SecurityCode {
    /// Reads a typed code. Where the number was not understood and so the brand is unknown,
    /// every length that any brand has is let through: the number is the error to show.
    ///
    /// # Errors
    /// [`CodeError`] if it is not such a code.
    pub fn parse(field: &str, brand: Option<Brand>) -> Result<Self, CodeError> {
        let digits = typed::digits(field, DIGITS_MAX).ok_or(CodeError)?;
        let code = Self { digits };
        if code.fits(brand) { Ok(code) } else { Err(CodeError) }
    }

    fn fits(&self, brand: Option<Brand>) -> bool {
        match brand {
            Some(brand) => self.digits.len() == brand.code_length(),
            None => (DIGITS_MIN..=DIGITS_MAX).contains(&self.digits.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, brand: Option<Brand>, is_right: bool) {
        assert_eq!(SecurityCode::parse(field, brand).is_ok(), is_right, "{field:?} {brand:?}");
    }

    #[test]
    fn codes_by_brand() {
        check("123", Some(Brand::Visa), true);
        check("000", Some(Brand::Mastercard), true);
        check("913", Some(Brand::Discover), true);
        check("1234", Some(Brand::Amex), true);
        check(" 123 ", Some(Brand::Visa), true);
        check("١٢٣", Some(Brand::Visa), true);
        check("123", None, true);
        check("1234", None, true);

        check("1234", Some(Brand::Visa), false);
        check("1234", Some(Brand::Discover), false);
        check("123", Some(Brand::Amex), false);
        check("12", Some(Brand::Visa), false);
        check("12a", Some(Brand::Visa), false);
        check("-", Some(Brand::Visa), false);
        check("", Some(Brand::Visa), false);
        check("", None, false);
        check("12", None, false);
        check("12345", None, false);
    }
}
