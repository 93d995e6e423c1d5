//! What one character of a typed or pasted field counts for.
//!
//! People paste numbers with spaces, dashes and invisible direction marks, and type them with the
//! digits of their own keyboard: an Arabic page gets Arabic-Indic digits.

use zeroize::Zeroizing;

/// The meaning of one typed character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A decimal digit of any supported script; the ASCII digit.
    Digit(u8),
    /// Space, dash or dot: it groups digits.
    Gap,
    /// It stands between month and year.
    Slash,
    /// A mark that the eye does not see.
    Invisible,
    /// Anything else.
    Other,
}

/// Reads one character.
pub(crate) fn read(typed: char) -> Typed {
    if let Some(digit) = ascii_digit(typed) {
        return Typed::Digit(digit);
    }
    match typed {
        '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Typed::Gap,
        '/' | '\u{2044}' | '\u{2215}' | '\u{FF0F}' => Typed::Slash,
        // Direction marks, embeddings and isolates, joiners, the byte order mark.
        '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => Typed::Invisible,
        '\u{2066}'..='\u{2069}' | '\u{FEFF}' => Typed::Invisible,
        space if space.is_whitespace() => Typed::Gap,
        _ => Typed::Other,
    }
}

/// The digits of a field in ASCII, without what groups them; wiped when dropped.
///
/// `None` if the field holds anything but digits and gaps, or more than `digits_max` digits.
pub(crate) fn digits(field: &str, digits_max: usize) -> Option<Zeroizing<Vec<u8>>> {
    // Never grows: growing would leave an unwiped copy behind.
    let mut digits = Zeroizing::new(Vec::with_capacity(digits_max));
    for typed in field.chars() {
        match read(typed) {
            Typed::Digit(_) if digits.len() == digits_max => return None,
            Typed::Digit(digit) => digits.push(digit),
            Typed::Gap | Typed::Invisible => {}
            Typed::Slash | Typed::Other => return None,
        }
    }
    Some(digits)
}

/// The zeros of the scripts whose digits are understood: ASCII, Arabic-Indic, its Persian and Urdu
/// forms, Devanagari, full width. In Unicode the other nine digits follow each zero.
const ZEROS: [char; 5] = ['0', '\u{0660}', '\u{06F0}', '\u{0966}', '\u{FF10}'];

fn ascii_digit(typed: char) -> Option<u8> {
    ZEROS.iter().find_map(|&zero| {
        let value = u32::from(typed).checked_sub(u32::from(zero))?;
        let value = u8::try_from(value).ok().filter(|value| *value <= 9)?;
        Some(b'0' + value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, digits_max: usize, expected: Option<&str>) {
        let got = digits(field, digits_max);
        let got = got.as_ref().map(|digits| std::str::from_utf8(digits).unwrap_or("?"));
        assert_eq!(got, expected, "{field:?}");
    }

    #[test]
    fn digits_of_many_keyboards() {
        check("4242 4242 4242 4242", 19, Some("4242424242424242"));
        check("4242-4242.4242\u{2013}4242", 19, Some("4242424242424242"));
        check("\u{00A0}4242\u{202F}42\u{3000}", 19, Some("424242"));
        check("\u{2066}42\u{2069}\u{200F}\u{FEFF}", 19, Some("42"));
        check("٤٢٤٢", 19, Some("4242"));
        check("۴۲۰۹", 19, Some("4209"));
        check("०९", 19, Some("09"));
        check("0123456789", 19, Some("0123456789"));
        check("", 19, Some(""));
    }

    #[test]
    fn what_is_not_a_number() {
        check("4242/4242", 19, None);
        check("4242x", 19, None);
        check("四二", 19, None);
        check("12345", 4, None);
        check("1234 ", 4, Some("1234"));
    }
}
