//! Currency symbols, as CLDR gives them for our languages.

use crate::language::Language;

/// The symbol of an upper-case currency code; the code itself where a language has no symbol.
///
/// Currencies that share a sign in their own country carry the country here (`CA$`, `JP¥`), so
/// that a sum is never read in the wrong currency.
pub(crate) fn symbol(language: Language, code: &str) -> &str {
    let Ok(row) = TABLE.binary_search_by_key(&code, |row| row.0) else { return code };
    let (_, english, arabic) = TABLE[row];
    match language {
        Language::English if !english.is_empty() => english,
        Language::Arabic if !arabic.is_empty() => arabic,
        Language::English | Language::Arabic => code,
    }
}

/// Code, English symbol, Arabic symbol; empty where the language writes the code.
/// Source: CLDR, annexes of `en` and `ar` (Unicode licence), standard symbols. The Arabic letters
/// end with a right-to-left mark, which keeps their full stop in place.
const TABLE: &[(&str, &str, &str)] = &[
    ("AED", "", "د.إ.\u{200f}"),
    ("AUD", "A$", "AU$"),
    ("BHD", "", "د.ب.\u{200f}"),
    ("BRL", "R$", "R$"),
    ("CAD", "CA$", "CA$"),
    ("CNY", "CN¥", "CN¥"),
    ("DZD", "", "د.ج.\u{200f}"),
    ("EGP", "", "ج.م.\u{200f}"),
    ("EUR", "€", "€"),
    ("GBP", "£", "UK£"),
    ("HKD", "HK$", "HK$"),
    ("ILS", "₪", "₪"),
    ("INR", "₹", "₹"),
    ("IQD", "", "د.ع.\u{200f}"),
    ("JOD", "", "د.أ.\u{200f}"),
    ("JPY", "¥", "JP¥"),
    ("KRW", "₩", "₩"),
    ("KWD", "", "د.ك.\u{200f}"),
    ("LBP", "", "ل.ل.\u{200f}"),
    ("LYD", "", "د.ل.\u{200f}"),
    ("MAD", "", "د.م.\u{200f}"),
    ("MXN", "MX$", "MX$"),
    ("NZD", "NZ$", "NZ$"),
    ("OMR", "", "ر.ع.\u{200f}"),
    ("PHP", "₱", "₱"),
    ("QAR", "", "ر.ق.\u{200f}"),
    ("SAR", "", "ر.س.\u{200f}"),
    ("TND", "", "د.ت.\u{200f}"),
    ("TWD", "NT$", "NT$"),
    ("USD", "$", "US$"),
    ("VND", "₫", "₫"),
    ("XCD", "EC$", "EC$"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_no_two_currencies_look_alike() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for language in Language::ALL {
            let mut seen: Vec<&str> = TABLE.iter().map(|row| symbol(language, row.0)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), TABLE.len(), "{language:?}");
        }
    }

    #[test]
    fn what_has_no_symbol_keeps_its_code() {
        assert_eq!(symbol(Language::English, "CHF"), "CHF");
        assert_eq!(symbol(Language::English, "SAR"), "SAR");
        assert_eq!(symbol(Language::Arabic, "CHF"), "CHF");
    }
}
