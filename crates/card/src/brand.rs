//! Card brands: recognised by the longest prefix of a number, with what each brand prescribes.

mod table;

use table::{RULES, Rule};

/// A card brand. All are recognised, so that a refusal can name the brand; few are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Discover.
    Discover,
    /// JCB.
    Jcb,
    /// Diners Club.
    Diners,
    /// China UnionPay.
    UnionPay,
    /// Maestro.
    Maestro,
    /// Elo, of Brazil; inside the prefixes of Visa and Discover.
    Elo,
    /// Mir, of Russia; inside the prefixes near Mastercard's.
    Mir,
    /// Hiper, of Brazil.
    Hiper,
    /// Hipercard, of Brazil.
    Hipercard,
    /// Verve, of Nigeria.
    Verve,
}

/// The brand whose prefix matches the most leading digits; between equally long prefixes the one
/// of the narrower range.
///
/// `digits` are ASCII digits.
pub(crate) fn find(digits: &[u8]) -> Option<Brand> {
    let matches = RULES.iter().flat_map(|rule| {
        let prefixes = rule.prefixes.iter().filter(|prefix| starts_with(digits, **prefix));
        prefixes.map(move |(from, to)| (prefix_length(*from), u32::MAX - (to - from), rule.brand))
    });
    let longest = matches.max_by_key(|(length, narrowness, _)| (*length, *narrowness));
    longest.map(|(_, _, brand)| brand)
}

impl Brand {
    /// Whether cards of this brand are taken.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        self.rule().is_accepted
    }

    /// The name on the wire: `visa`.
    #[must_use]
    pub fn wire_name(self) -> &'static str {
        self.rule().wire_name
    }

    /// The name for people: `American Express`.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.rule().title
    }

    /// How many digits its numbers may have; the usual length first.
    #[must_use]
    pub fn lengths(self) -> &'static [usize] {
        self.rule().lengths
    }

    /// How many digits its security codes have.
    #[must_use]
    pub fn code_length(self) -> usize {
        self.rule().code_length
    }

    /// How many digits stand together on the card, from the left. Further digits make a last group.
    #[must_use]
    pub fn groups(self) -> &'static [usize] {
        self.rule().groups
    }

    /// Where the brand's row of the table comes from, and when it was compared with its source.
    #[must_use]
    pub fn source(self) -> (&'static str, &'static str) {
        (self.rule().source, self.rule().checked_on)
    }

    fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }
}

/// The wire name of a brand, read back.
impl std::str::FromStr for Brand {
    type Err = UnknownBrand;

    fn from_str(wire_name: &str) -> Result<Self, UnknownBrand> {
        let rule = RULES.iter().find(|rule| rule.wire_name == wire_name);
        rule.map(|rule| rule.brand).ok_or(UnknownBrand)
    }
}

/// No brand has this wire name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownBrand;

fn starts_with(digits: &[u8], (from, to): (u32, u32)) -> bool {
    let head = digits.get(..prefix_length(from));
    let value = head.map(|head| head.iter().fold(0, |sum, d| sum * 10 + u32::from(d - b'0')));
    value.is_some_and(|value| (from..=to).contains(&value))
}

/// How many digits a prefix has. No brand's prefixes begin with 0.
const fn prefix_length(prefix: u32) -> usize {
    prefix.ilog10() as usize + 1
}

// `Brand::rule` finds a brand's row by its place in the table.
const _: () = {
    let mut place = 0;
    while place < RULES.len() {
        assert!(RULES[place].brand as usize == place, "the table is in the order of the brands");
        let mut prefix = 0;
        while prefix < RULES[place].prefixes.len() {
            let (from, to) = RULES[place].prefixes[prefix];
            assert!(from <= to && prefix_length(from) == prefix_length(to), "one length a range");
            prefix += 1;
        }
        place += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(prefix: &str, expected: Option<Brand>) {
        let digits = format!("{prefix:0<16}");
        assert_eq!(find(digits.as_bytes()), expected, "{prefix}");
    }

    #[test]
    fn the_longest_prefix_decides() {
        use Brand::*;
        for (prefix, brand) in [
            ("4242", Visa),
            ("4000", Visa),
            ("40009900", Visa),
            ("401177", Visa),
            ("401178", Elo),
            ("401179", Elo),
            ("401180", Visa),
            ("438935", Elo),
            ("451416", Elo),
            ("457631", Elo),
            ("493698", Maestro),
            ("51", Mastercard),
            ("55", Mastercard),
            ("2221", Mastercard),
            ("2720", Mastercard),
            ("51009900", Mastercard),
            ("2200", Mir),
            ("2204", Mir),
            ("34", Amex),
            ("37", Amex),
            ("34009900", Amex),
            ("6011", Discover),
            ("644", Discover),
            ("649", Discover),
            ("65", Discover),
            ("60119900", Discover),
            ("650030", Discover),
            ("650031", Elo),
            ("655021", Elo),
            ("3528", Jcb),
            ("3589", Jcb),
            ("2131", Jcb),
            ("1800", Jcb),
            ("300", Diners),
            ("305", Diners),
            ("36", Diners),
            ("38", Diners),
            ("39", Diners),
            ("620", UnionPay),
            ("622126", UnionPay),
            ("622925", UnionPay),
            ("8171", UnionPay),
            ("624", UnionPay),
            ("6282", UnionPay),
            ("627780", Elo),
            ("627781", UnionPay),
            ("50", Maestro),
            ("56", Maestro),
            ("63", Maestro),
            ("67", Maestro),
            ("69", Maestro),
            ("504174", Maestro),
            ("504175", Elo),
            ("506699", Elo),
            ("509000", Elo),
            ("506099", Verve),
            ("506127", Verve),
            ("506128", Maestro),
            ("507941", Verve),
            ("606282", Hipercard),
            ("637095", Hiper),
            ("63737423", Hiper),
            ("637374", Maestro),
        ] {
            check(prefix, Some(brand));
        }
    }

    #[test]
    fn what_no_brand_begins_with() {
        for prefix in ["0", "1", "1801", "2220", "2721", "2205", "31", "3527", "3590", "7", "9"] {
            check(prefix, None);
        }
        assert_eq!(find(b""), None);
        assert_eq!(find(b"5"), None);
    }

    #[test]
    fn what_the_brands_prescribe() {
        let check = |brand: Brand, lengths: &[usize], code_length, groups: &[usize]| {
            assert_eq!(brand.lengths(), lengths, "{brand:?}");
            assert_eq!(brand.code_length(), code_length, "{brand:?}");
            assert_eq!(brand.groups(), groups, "{brand:?}");
        };
        check(Brand::Visa, &[16, 18, 19], 3, &[4, 4, 4, 4]);
        check(Brand::Mastercard, &[16], 3, &[4, 4, 4, 4]);
        check(Brand::Amex, &[15], 4, &[4, 6, 5]);
        check(Brand::Discover, &[16, 17, 18, 19], 3, &[4, 4, 4, 4]);
        check(Brand::Jcb, &[16, 17, 18, 19], 3, &[4, 4, 4, 4]);
        check(Brand::Diners, &[14, 16, 19], 3, &[4, 6, 4]);
        check(Brand::UnionPay, &[16, 14, 15, 17, 18, 19], 3, &[4, 4, 4, 4]);
    }

    #[test]
    fn four_brands_are_accepted() {
        let accepted = RULES.iter().filter(|rule| rule.is_accepted).map(|rule| rule.wire_name);
        assert_eq!(accepted.collect::<Vec<_>>(), ["visa", "mastercard", "amex", "discover"]);
    }

    #[test]
    fn names_are_read_back_and_rows_name_their_source() {
        for rule in RULES {
            assert_eq!(rule.wire_name.parse(), Ok(rule.brand));
            let (source, checked_on) = rule.brand.source();
            assert!(source.contains("card-types.ts"), "{}", rule.title);
            assert!(checked_on.parse::<jiff::civil::Date>().is_ok(), "{}", rule.title);
        }
        assert_eq!("Visa".parse::<Brand>(), Err(UnknownBrand));
    }
}
