//! The addresses that a page asks for, and whether those that are given will do.

use crate::address::Address;
use crate::address::country::{Needs, known};

use super::answers::{NAME_CHARS_MAX, length_problem};
use super::problem::{AddressOf, AddressPart, AnswerProblem, Question};
use super::{CheckoutSession, Given};

/// The longest line of an address, in characters: twice what a label of a parcel holds.
pub const LINE_CHARS_MAX: u16 = 200;
/// The longest postal code, in characters: the longest that are given out have ten.
pub const POSTAL_CODE_CHARS_MAX: u16 = 20;

/// An answer that will not do, and why.
type Problem<'a> = (Question<'a>, AnswerProblem);

impl CheckoutSession {
    /// What is wrong with what the buyer says, in the order of the page; nothing where it will do.
    pub fn problems(&self, given: &Given) -> Vec<Problem<'_>> {
        let mut problems = Vec::new();
        if self.asks_shipping() {
            problems.extend(self.shipping_problems(given));
        }
        if self.page.phone_number == Some(true) && given.phone.is_none() {
            problems.push((Question::Phone, AnswerProblem::Missing));
        }
        let answers = given.answers.as_deref().cloned().unwrap_or_default();
        problems.extend(self.page.questions.problems(&answers));
        if self.page.requires_billing() {
            let address = given.address.clone().unwrap_or_default();
            problems.extend(address_problems(AddressOf::Billing, &address, &|_| true));
        }
        problems
    }

    /// Whether the page asks where the goods go.
    pub fn asks_shipping(&self) -> bool {
        self.setup.is_none() && !self.page.shipping_countries.is_empty()
    }

    fn shipping_problems(&self, given: &Given) -> Vec<Problem<'_>> {
        let to = given.shipping.as_deref().cloned().unwrap_or_default();
        let name = part_problem(&to.name, NAME_CHARS_MAX, true);
        let question = Question::Address(AddressOf::Shipping, AddressPart::Name);
        let name = name.map(|problem| (question, problem));
        let is_offered = |country: &str| self.page.shipping_countries.iter().any(|c| c == country);
        let rest = address_problems(AddressOf::Shipping, &to.address, &is_offered);
        name.into_iter().chain(rest).collect()
    }
}

fn address_problems(
    of: AddressOf,
    address: &Address,
    is_offered: &dyn Fn(&str) -> bool,
) -> Vec<Problem<'static>> {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let country = text(&address.country);
    let needs = Needs::of(&country);
    let line =
        |part: &Option<String>, is_needed| part_problem(&text(part), LINE_CHARS_MAX, is_needed);
    let is_known = known().any(|code| code == country) && is_offered(&country);
    let country = match country.as_str() {
        "" => Some(AnswerProblem::Missing),
        _ => (!is_known).then_some(AnswerProblem::NotOffered),
    };
    let code = text(&address.postal_code);
    let parts = [
        (AddressPart::Country, country),
        (AddressPart::Line1, line(&address.line1, true)),
        (AddressPart::Line2, line(&address.line2, false)),
        (AddressPart::City, line(&address.city, needs.city)),
        (AddressPart::State, line(&address.state, needs.state)),
        (AddressPart::PostalCode, part_problem(&code, POSTAL_CODE_CHARS_MAX, needs.postal_code)),
    ];
    let problems = parts.into_iter().filter_map(|(part, problem)| Some((part, problem?)));
    problems.map(|(part, problem)| (Question::Address(of, part), problem)).collect()
}

fn part_problem(text: &str, most: u16, is_needed: bool) -> Option<AnswerProblem> {
    if text.trim().is_empty() {
        return is_needed.then_some(AnswerProblem::Missing);
    }
    length_problem(text, (0, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Address), expected: &[(AddressPart, AnswerProblem)]) {
        let text = |text: &str| Some(text.to_owned());
        let mut address = Address {
            city: text("Berlin"),
            country: text("DE"),
            line1: text("Lindenstr. 1"),
            line2: None,
            postal_code: text("10969"),
            state: None,
        };
        change(&mut address);
        let is_offered = |country: &str| ["DE", "AE", "US", "XX"].contains(&country);
        let found = address_problems(AddressOf::Shipping, &address, &is_offered);
        let expected = expected
            .iter()
            .map(|(part, problem)| (Question::Address(AddressOf::Shipping, *part), *problem));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{address:?}");
    }

    #[test]
    fn each_part_has_its_bounds_and_each_country_its_needs() {
        use AddressPart::{City, Country, Line1, Line2, PostalCode, State};
        use AnswerProblem::{CardLike, Missing, NotOffered, TooLong};
        let text = |text: &str| Some(text.to_owned());
        let long = |chars: u16| Some("n".repeat(usize::from(chars) + 1));
        let (line, code) = (TooLong { most: LINE_CHARS_MAX }, TooLong { most: 20 });
        check(|_| {}, &[]);
        check(|to| to.line1 = text("  "), &[(Line1, Missing)]);
        check(|to| to.line1 = long(LINE_CHARS_MAX), &[(Line1, line)]);
        check(|to| to.line2 = text("4242 4242 4242 4242"), &[(Line2, CardLike)]);
        check(|to| to.postal_code = long(POSTAL_CODE_CHARS_MAX), &[(PostalCode, code)]);
        check(|to| to.country = None, &[(Country, Missing)]);
        for country in ["FR", "XX", "de"] {
            check(|to| to.country = text(country), &[(Country, NotOffered)]);
        }
        let of = |country: &str| Address { country: text(country), ..Address::default() };
        check(
            |to| *to = of("US"),
            &[(Line1, Missing), (City, Missing), (State, Missing), (PostalCode, Missing)],
        );
        check(|to| *to = of("AE"), &[(Line1, Missing), (State, Missing)]);
    }
}
