//! The words of a table's line, read one after the other.

use holdfast_core::currency::Currency;
use holdfast_core::money::Money;
use holdfast_core::time::Span;

/// The words that are left of a line.
pub(super) struct Words<'a> {
    line: &'a str,
    left: Vec<&'a str>,
}

impl<'a> Words<'a> {
    /// All words of a line; a comma ends a word and is one itself.
    pub(super) fn of(line: &'a str) -> Words<'a> {
        let mut left: Vec<&str> = Vec::new();
        for word in line.split_whitespace() {
            match word.strip_suffix(',') {
                Some(word) => left.extend([word, ","]),
                None => left.push(word),
            }
        }
        left.reverse();
        Words { line, left }
    }

    /// The next word, if there is one.
    pub(super) fn any(&mut self) -> Option<&'a str> {
        self.left.pop()
    }

    /// The next word, if it is a name of this kind, as `m1`.
    pub(super) fn any_named(&mut self, kind: char) -> Option<&'a str> {
        let next = self.left.last().copied()?;
        let is_name = |number: &str| number.parse::<u16>().is_ok();
        next.strip_prefix(kind).filter(|number| is_name(number))?;
        self.left.pop()
    }

    /// The next word.
    pub(super) fn word(&mut self) -> &'a str {
        self.any().unwrap_or_else(|| panic!("a word is missing: {}", self.line))
    }

    /// Whether the next word is this one, which is then read.
    pub(super) fn is(&mut self, word: &str) -> bool {
        let is_next = self.left.last() == Some(&word);
        if is_next {
            self.left.pop();
        }
        is_next
    }

    /// An amount, as `USD 43.00`.
    pub(super) fn money(&mut self) -> Money {
        self.any_money().unwrap_or_else(|| panic!("an amount is missing: {}", self.line))
    }

    /// An amount, if one comes next.
    pub(super) fn any_money(&mut self) -> Option<Money> {
        let currency = self.left.last().and_then(|code| Currency::parse(code))?;
        self.left.pop();
        let text = self.word();
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        assert_eq!(decimals, usize::from(currency.exponent()), "{}", self.line);
        let minor = text.replace('.', "").parse().expect("an amount in digits");
        Some(Money::new(minor, currency))
    }

    /// A length of time, as `6d`, `48h`, `10m` or `5s`.
    pub(super) fn span(&mut self) -> Span {
        let word = self.word();
        let (count, unit) = word.split_at(word.len() - 1);
        let count: u32 = count.parse().unwrap_or_else(|_| panic!("no length of time: {word}"));
        match unit {
            "d" => Span::days(count),
            "h" => Span::hours(count),
            "m" => Span::seconds(count * 60),
            "s" => Span::seconds(count),
            _ => panic!("no unit of time: {word}"),
        }
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> u16 {
        self.word().parse().unwrap_or_else(|_| panic!("no number: {}", self.line))
    }

    /// The line is over.
    pub(super) fn end(&self) {
        assert!(self.left.is_empty(), "too many words: {}", self.line);
    }
}

/// A length of time in words, as `5d 23h`; `now` for none.
pub(super) fn span(length: Span) -> String {
    let mut left = length.ms() / 1_000;
    let mut words = Vec::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if left >= seconds {
            words.push(format!("{}{unit}", left / seconds));
            left %= seconds;
        }
    }
    if words.is_empty() { "now".to_owned() } else { format!("in {}", words.join(" ")) }
}
