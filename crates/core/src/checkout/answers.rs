//! What a buyer answers to the questions of a page, and whether the answers will do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::card_like::resembles_card;
use super::problem::{AnswerProblem, Question};
use super::questions::{CustomField, FieldKind, NameAsked, Questions};

/// The longest name of a person or a company, in characters; as in the dialect.
pub const NAME_CHARS_MAX: u16 = 150;

/// What a buyer answers to the questions of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// By the keys of the shop's fields. What was left empty is not there.
    pub fields: BTreeMap<String, String>,
    /// Whether the shop's terms are accepted.
    pub accepts_terms: bool,
    /// Whether the buyer wants news from the shop.
    pub wants_news: bool,
    /// The name of a company.
    pub business_name: Option<String>,
    /// The name of a person.
    pub individual_name: Option<String>,
}

impl Questions {
    /// What is wrong with the answers, in the order of the page; nothing where they will do.
    pub fn problems<'a>(&'a self, given: &Answers) -> Vec<(Question<'a>, AnswerProblem)> {
        let names = self.names.unwrap_or_default();
        let business = name_problem(names.business, given.business_name.as_deref());
        let individual = name_problem(names.individual, given.individual_name.as_deref());
        let fields = self.fields.iter().map(|field| {
            let problem = field_problem(field, given.fields.get(&field.key).map(String::as_str));
            (Question::Field(&field.key), problem)
        });
        let terms =
            (self.requires_terms() && !given.accepts_terms).then_some(AnswerProblem::Missing);
        let all = [(Question::BusinessName, business), (Question::IndividualName, individual)];
        let all = all.into_iter().chain(fields).chain([(Question::Terms, terms)]);
        all.filter_map(|(question, problem)| Some((question, problem?))).collect()
    }

    /// Whether the shop's terms have to be accepted.
    pub fn requires_terms(&self) -> bool {
        self.consent.and_then(|consent| consent.terms_required) == Some(true)
    }

    /// Whether the buyer is asked for news from the shop.
    pub fn offers_news(&self) -> bool {
        self.consent.and_then(|consent| consent.promotions) == Some(true)
    }

    /// Whether there is anything to answer.
    pub fn is_empty(&self) -> bool {
        let names = self.names.unwrap_or_default();
        let asked = |name: Option<NameAsked>| name.is_some_and(|name| name.enabled);
        self.fields.is_empty()
            && !asked(names.business)
            && !asked(names.individual)
            && !self.requires_terms()
            && !self.offers_news()
    }
}

fn name_problem(asked: Option<NameAsked>, given: Option<&str>) -> Option<AnswerProblem> {
    let asked = asked.filter(|asked| asked.enabled)?;
    match given {
        Some(name) => length_problem(name, (0, NAME_CHARS_MAX)),
        None => (!asked.optional).then_some(AnswerProblem::Missing),
    }
}

fn field_problem(field: &CustomField, given: Option<&str>) -> Option<AnswerProblem> {
    let Some(answer) = given else {
        return (!field.optional).then_some(AnswerProblem::Missing);
    };
    match &field.kind {
        FieldKind::Text(typed) => length_problem(answer, typed.bounds()),
        FieldKind::Numeric(_) if !answer.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(AnswerProblem::NotDigits)
        }
        FieldKind::Numeric(typed) => length_problem(answer, typed.bounds()),
        FieldKind::Dropdown { options, .. } => {
            let is_offered = options.iter().any(|option| option.value == answer);
            (!is_offered).then_some(AnswerProblem::NotOffered)
        }
    }
}

pub(super) fn length_problem(answer: &str, (least, most): (u16, u16)) -> Option<AnswerProblem> {
    let chars = answer.chars().count();
    if resembles_card(answer) {
        Some(AnswerProblem::CardLike)
    } else if chars > usize::from(most) {
        Some(AnswerProblem::TooLong { most })
    } else if chars < usize::from(least) {
        Some(AnswerProblem::TooShort { least })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::questions::{ConsentAsked, DropdownOption, NamesAsked, Typed};
    use super::*;

    fn field(key: &str, optional: bool, kind: FieldKind) -> CustomField {
        CustomField { key: key.to_owned(), label: key.to_owned(), optional, kind }
    }

    fn questions() -> Questions {
        let typed = |least, most| Typed { default: None, least: Some(least), most: Some(most) };
        let option =
            |value: &str| DropdownOption { label: value.to_uppercase(), value: value.to_owned() };
        let size = FieldKind::Dropdown { options: vec![option("s"), option("m")], default: None };
        let required = Some(NameAsked { enabled: true, optional: false });
        let names = NamesAsked {
            business: Some(NameAsked { enabled: true, optional: true }),
            individual: required,
        };
        let consent = ConsentAsked { terms_required: Some(true), ..ConsentAsked::default() };
        Questions {
            fields: vec![
                field("words", false, FieldKind::Text(typed(2, 4))),
                field("code", true, FieldKind::Numeric(typed(3, 3))),
                field("size", true, size),
            ],
            names: Some(names),
            consent: Some(consent),
        }
    }

    fn check(change: impl FnOnce(&mut Answers), expected: &[(Question<'_>, AnswerProblem)]) {
        let fields = [("words", "abc")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut answers = Answers {
            fields: fields.into(),
            accepts_terms: true,
            individual_name: Some("Mira".to_owned()),
            ..Answers::default()
        };
        change(&mut answers);
        assert_eq!(questions().problems(&answers), expected, "{answers:?}");
    }

    #[test]
    fn each_answer_has_its_bounds() {
        use AnswerProblem::{Missing, NotDigits, NotOffered, TooLong, TooShort};
        let put = |key: &'static str, value: &'static str| {
            move |answers: &mut Answers| {
                answers.fields.insert(key.to_owned(), value.to_owned());
            }
        };
        let (words, code, size) =
            (Question::Field("words"), Question::Field("code"), Question::Field("size"));
        check(|_| {}, &[]);
        check(|answers| answers.fields.clear(), &[(words, Missing)]);
        check(put("words", "a"), &[(words, TooShort { least: 2 })]);
        check(put("words", "abcde"), &[(words, TooLong { most: 4 })]);
        // Characters count, not bytes.
        check(put("words", "عبرة"), &[]);
        check(put("code", "12"), &[(code, TooShort { least: 3 })]);
        check(put("code", "123"), &[]);
        check(put("code", "12x"), &[(code, NotDigits)]);
        check(put("words", "4242 4242 4242 4242"), &[(words, AnswerProblem::CardLike)]);
        check(put("size", "m"), &[]);
        check(put("size", "xl"), &[(size, NotOffered)]);
        check(|answers| answers.accepts_terms = false, &[(Question::Terms, Missing)]);
        check(|answers| answers.individual_name = None, &[(Question::IndividualName, Missing)]);
        let long = "n".repeat(usize::from(NAME_CHARS_MAX) + 1);
        let too_long = TooLong { most: NAME_CHARS_MAX };
        check(|answers| answers.business_name = Some(long), &[(Question::BusinessName, too_long)]);
    }

    #[test]
    fn what_is_not_asked_needs_no_answer() {
        let off = NameAsked { enabled: false, optional: false };
        let names = NamesAsked { business: Some(off), individual: None };
        let asked = Questions { names: Some(names), ..Questions::default() };
        assert!(asked.is_empty() && asked.problems(&Answers::default()).is_empty());
        assert!(!questions().is_empty());
    }
}
