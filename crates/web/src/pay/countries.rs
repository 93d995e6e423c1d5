//! The names of countries, for whoever says where the goods go or where the card lives.

use super::asks::Choice;
use crate::language::Language;
use crate::texts::Texts;

/// One line each: the two letters, the name. In the order of the language's alphabet, as the
/// Unicode Consortium's CLDR 48 (2025-10) has both.
const ENGLISH: &str = include_str!("../../messages/countries.en.txt");
/// See [`ENGLISH`].
const ARABIC: &str = include_str!("../../messages/countries.ar.txt");

/// The offered countries by their names, in the order of the alphabet.
pub fn named(t: &Texts, offered: &[String]) -> Vec<Choice> {
    let all = all(t.language()).filter(|(code, _)| offered.iter().any(|known| known == code));
    all.map(|(code, name)| Choice { value: code.to_owned(), label: name.to_owned() }).collect()
}

fn all(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    let list = match language {
        Language::English => ENGLISH,
        Language::Arabic => ARABIC,
    };
    list.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use holdfast_core::address::country::known;

    use super::*;

    #[test]
    fn every_country_that_goods_can_go_to_has_a_name_in_every_language() {
        for language in Language::ALL {
            let named: BTreeSet<&str> = all(language).map(|(code, _)| code).collect();
            assert_eq!(named, known().collect(), "{}", language.tag());
            assert_eq!(all(language).count(), named.len(), "{}", language.tag());
        }
    }

    #[test]
    fn what_is_offered_stands_in_the_order_of_the_alphabet() {
        let offered = ["US", "AE", "DE"].map(str::to_owned);
        let labels = |language| named(Texts::of(language), &offered).into_iter().map(|c| c.label);
        let english: Vec<String> = labels(Language::English).collect();
        assert_eq!(english, ["Germany", "United Arab Emirates", "United States"]);
        assert_eq!(labels(Language::Arabic).count(), 3);
    }
}
