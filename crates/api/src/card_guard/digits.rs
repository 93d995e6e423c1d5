//! The search for card numbers in any text.
//!
//! A candidate is 13 to 19 digits of any script, alone or with up to three spaces, dashes or dots
//! between them, that begins like a card of some brand, is as long as that brand's, and has the
//! right check digit. Digits within the hexadecimal names that programs make (UUIDs, digests,
//! trace ids) are no candidates: every SDK sends such a name with every request, and by chance
//! alone one in some thousands would be refused.

/// Whether `text` holds a card number.
pub(super) fn hold_card_number(text: &[u8]) -> bool {
    let mut folded = fold(text);
    blank_machine_names(&mut folded);
    runs(&folded).any(|run| has_card(&run))
}

/// Whether `text` has enough digits for a card number, encoded or not: most texts do not. A digit
/// of any script, percent-encoded or not, has an ASCII digit or a byte that is not ASCII.
pub(super) fn may_hold_card_number(text: &[u8]) -> bool {
    let possible = text.iter().filter(|byte| byte.is_ascii_digit() || !byte.is_ascii()).count();
    possible >= LENGTH_MIN
}

/// The fewest and the most digits of a card number.
const LENGTH_MIN: usize = 13;
const LENGTH_MAX: usize = 19;

/// The most separators between two digits that still join them: `4000 - 0027`.
const GAP_MAX: usize = 3;

/// What begins like a card: the first four digits from..=to, and how long such a number is.
/// Union of the brands' published ranges (Visa, Mastercard, American Express, Discover, JCB,
/// Diners, UnionPay, Maestro), on the generous side where the sources differ.
const RANGES: [(u16, u16, usize, usize); 10] = [
    (2131, 2131, 15, 15),
    (2221, 2720, 16, 16),
    (3000, 3059, 14, 19),
    (3400, 3499, 15, 15),
    (3528, 3589, 16, 19),
    (3600, 3699, 14, 19),
    (3700, 3799, 15, 15),
    (3800, 3999, 14, 19),
    (4000, 4999, 13, 19),
    (5000, 6999, 13, 19),
];

/// One class for each character: a digit as itself, and the letters below.
const SEPARATOR: u8 = b' ';
const DASH: u8 = b'-';
const HEX_LETTER: u8 = b'a';
const OTHER_LETTER: u8 = b'z';
const BREAK: u8 = b'|';

/// The text as classes, one for each character; invisible characters are left out.
fn fold(text: &[u8]) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        folded.extend(chunk.valid().chars().filter_map(class));
        if !chunk.invalid().is_empty() {
            folded.push(BREAK);
        }
    }
    folded
}

fn class(char: char) -> Option<u8> {
    Some(match char {
        '0'..='9' => digit(char, '0'),
        'a'..='f' | 'A'..='F' => HEX_LETTER,
        'g'..='z' | 'G'..='Z' => OTHER_LETTER,
        '-' => DASH,
        ' '
        | '.'
        | '+'
        | '\t'
        | '\n'
        | '\r'
        | '\u{a0}'
        | '\u{b7}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2010}'..='\u{2015}'
        | '\u{202f}'
        | '\u{2212}'
        | '\u{3000}' => SEPARATOR,
        // Zero-width characters and the marks of writing direction that come along when a number
        // is copied from a page.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => return None,
        '\u{660}'..='\u{669}' => digit(char, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(char, '\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit(char, '\u{966}'),
        '\u{9e6}'..='\u{9ef}' => digit(char, '\u{9e6}'),
        '\u{e50}'..='\u{e59}' => digit(char, '\u{e50}'),
        '\u{ff10}'..='\u{ff19}' => digit(char, '\u{ff10}'),
        _ => BREAK,
    })
}

/// The ASCII digit of a character that stands among the ten digits from `zero` on.
fn digit(char: char, zero: char) -> u8 {
    let value = u32::from(char).wrapping_sub(u32::from(zero));
    b'0' + u8::try_from(value).unwrap_or_default()
}

/// Hexadecimal names with their dashes: UUIDs and W3C trace contexts.
const MACHINE_SHAPES: [&[usize]; 2] = [&[8, 4, 4, 4, 12], &[2, 32, 16, 2]];
/// From this length on a word of hexadecimal digits with a letter among them is a program's: the
/// shortest digests and object ids have 24.
const HEX_WORD_MIN: usize = 24;

fn blank_machine_names(folded: &mut [u8]) {
    let mut at = 0;
    while at < folded.len() {
        if !is_word(folded[at]) {
            at += 1;
            continue;
        }
        let shaped = MACHINE_SHAPES.iter().find_map(|shape| shape_length(&folded[at..], shape));
        let word = folded[at..].iter().take_while(|class| is_word(**class)).count();
        let hex = &folded[at..at + word];
        let named = word >= HEX_WORD_MIN && hex.contains(&HEX_LETTER) && is_hex(hex);
        let blank = shaped.unwrap_or(if named { word } else { 0 });
        folded[at..at + blank].fill(BREAK);
        at += blank.max(word);
    }
}

/// The length of the text at the start of `folded` that has the shape, if it does.
fn shape_length(folded: &[u8], shape: &[usize]) -> Option<usize> {
    let mut at = 0;
    for (index, length) in shape.iter().enumerate() {
        if index > 0 {
            folded.get(at).filter(|class| **class == DASH)?;
            at += 1;
        }
        folded.get(at..at + length).filter(|group| is_hex(group))?;
        at += length;
    }
    // The last group must end here, or this is a longer word.
    folded.get(at).is_none_or(|class| !is_word(*class)).then_some(at)
}

fn is_word(class: u8) -> bool {
    class.is_ascii_digit() || class == HEX_LETTER || class == OTHER_LETTER
}

fn is_hex(classes: &[u8]) -> bool {
    classes.iter().all(|class| class.is_ascii_digit() || *class == HEX_LETTER)
}

/// The runs of digits that only separators interrupt, each as its unbroken groups.
fn runs(folded: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        let start = rest.iter().position(u8::is_ascii_digit)?;
        rest = &rest[start..];
        let mut groups = Vec::new();
        loop {
            let length = rest.iter().take_while(|class| class.is_ascii_digit()).count();
            let (group, after) = rest.split_at(length);
            groups.push(group);
            let gap = after.iter().take_while(|class| matches!(**class, SEPARATOR | DASH)).count();
            rest = &after[gap..];
            if gap == 0 || gap > GAP_MAX || !rest.first().is_some_and(u8::is_ascii_digit) {
                return Some(groups);
            }
        }
    })
}

/// Whether some neighbouring groups make a card number. Only whole groups do: within a longer
/// unbroken number every third one would hold something with the right check digit.
fn has_card(groups: &[&[u8]]) -> bool {
    (0..groups.len()).any(|start| {
        let mut number = [0; LENGTH_MAX];
        let mut length = 0;
        groups[start..]
            .iter()
            .map_while(|group| {
                let end = length + group.len();
                // Longer than any card: no further group can make it one.
                number.get_mut(length..end)?.copy_from_slice(group);
                length = end;
                Some(is_card(&number[..length]))
            })
            .any(|card| card)
    })
}

fn is_card(number: &[u8]) -> bool {
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&number.len()) {
        return false;
    }
    let first = number[..4].iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let in_range = RANGES.iter().any(|(from, to, shortest, longest)| {
        (*from..=*to).contains(&first) && (*shortest..=*longest).contains(&number.len())
    });
    in_range && has_check_digit(number)
}

/// The check of Luhn (ISO/IEC 7812-1, annex B).
fn has_check_digit(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
