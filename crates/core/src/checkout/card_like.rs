//! Whether a buyer has typed a card number where none belongs: what is answered on the page is
//! kept and told to the shop, and a card number is neither.

/// The lengths of card numbers that are still given out.
const LENGTHS: std::ops::RangeInclusive<usize> = 14..=19;
/// What may stand between two groups of digits.
const BETWEEN: &str = " -.\u{a0}";
/// The first four digits of the networks' numbers.
const RANGES: [(u32, u32); 8] = [
    (2221, 2720),
    (3000, 3059),
    (3400, 3499),
    (3528, 3589),
    (3600, 3999),
    (4000, 4999),
    (5000, 5899),
    (6000, 6799),
];

/// Whether some neighbouring groups of digits begin like a card, are as long as one and have the
/// right check digit.
pub(super) fn resembles_card(text: &str) -> bool {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut is_open = false;
    for char in text.chars() {
        match digit(char) {
            Some(digit) if is_open => groups.last_mut().into_iter().for_each(|g| g.push(digit)),
            Some(digit) => groups.push(vec![digit]),
            None if BETWEEN.contains(char) => {}
            // Words between digits: no number goes on behind them.
            None => groups.push(Vec::new()),
        }
        is_open = digit(char).is_some();
    }
    let runs = groups.split(Vec::is_empty);
    runs.into_iter().any(|run| (0..run.len()).any(|start| begins_card(&run[start..])))
}

/// Whether some of the first groups, each whole, are a card number.
fn begins_card(groups: &[Vec<u32>]) -> bool {
    let mut number: Vec<u32> = Vec::new();
    groups.iter().any(|group| {
        number.extend(group);
        LENGTHS.contains(&number.len()) && is_card(&number)
    })
}

fn is_card(number: &[u32]) -> bool {
    let first = number.iter().take(4).fold(0, |sum, digit| sum * 10 + digit);
    let in_range = RANGES.iter().any(|(from, to)| (*from..=*to).contains(&first));
    // The check of Luhn (ISO/IEC 7812-1, annex B).
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    in_range && sum.is_multiple_of(10)
}

/// A digit of ours, or of an Arabic or Persian keyboard.
fn digit(char: char) -> Option<u32> {
    let of = |zero: char| u32::from(char).checked_sub(u32::from(zero)).filter(|digit| *digit < 10);
    char.to_digit(10).or_else(|| of('٠')).or_else(|| of('۰'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cards_are_told_from_other_numbers() {
        // Numbers of the published test cards, and what is near them.
        let table = [
            ("4242424242424242", true),
            ("my card 4242 4242-4242 4242, thanks", true),
            ("3782 822463 10005", true),
            ("٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", true),
            ("12/30 5555555555554444", true),
            ("4242424242424241", false),
            ("4242 4242 and 4242 4242", false),
            ("4006381333931", false),
            ("+49 151 23456789", false),
            ("9242424242424242", false),
            ("42424242424242424242", false),
            ("Engraved: forever, 2026", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(resembles_card(text), expected, "{text}");
        }
    }
}
