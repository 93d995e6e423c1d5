//! What a buyer has typed beside the card: read, looked at, and shown again where it will not do.

use holdfast_core::checkout::Given;
use holdfast_core::checkout::answers::{Answers, NAME_CHARS_MAX};
use holdfast_core::checkout::problem::{AnswerProblem, Question};
use holdfast_core::checkout::questions::{CustomField, FieldKind, NameAsked, TYPED_CHARS_MAX};

use super::asks::{Ask, AskKind, AskProblem, Asks, Choice, Label, Need, TERMS_ID, TermsAsk};
use super::places::{self, Places};
use super::problems::{Problem, beside, problem_of, shown};
use super::purchase::Purchase;
use crate::fields::{Field, Fields};

/// The longest path of an address by which mail goes (RFC 5321).
const EMAIL: Field = Field::new("email", 254);
/// E.164 has 15 digits; people add signs.
const PHONE: Field = Field::new("phone", 30);
/// Names and answers in any script: four bytes a character at most.
const BUSINESS: Field = Field::new("business_name", 4 * NAME_CHARS_MAX as usize);
/// See [`BUSINESS`].
const INDIVIDUAL: Field = Field::new("individual_name", 4 * NAME_CHARS_MAX as usize);
/// The shop's own fields, in their order: their keys are the shop's and no names of ours.
const OWN: [Field; 3] = [own("own-1"), own("own-2"), own("own-3")];
/// The boxes.
const TERMS: Field = Field::new(TERMS_ID, 8);
/// See [`TERMS`].
const NEWS: Field = Field::new("news", 8);

const fn own(name: &'static str) -> Field {
    Field::new(name, 4 * TYPED_CHARS_MAX as usize)
}

/// The fields of a post that [`Said::of`] looks at.
pub(super) fn fields() -> impl Iterator<Item = Field> {
    let [first, second, third] = OWN;
    let own = [EMAIL, PHONE, BUSINESS, INDIVIDUAL, first, second, third, TERMS, NEWS];
    own.into_iter().chain(places::fields())
}

/// What a post said beside the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    email: Option<String>,
    phone: Option<String>,
    answers: Answers,
    places: Places,
}

impl Said {
    /// What a form said of what the page asks.
    pub(super) fn of(fields: &Fields, purchase: &Purchase) -> Said {
        let questions = &purchase.session.page.questions;
        let mut answers = Answers {
            accepts_terms: questions.requires_terms() && !fields.text(&TERMS).is_empty(),
            wants_news: questions.offers_news() && !fields.text(&NEWS).is_empty(),
            business_name: fields.optional(&BUSINESS).filter(|_| purchase.asks_business()),
            individual_name: fields.optional(&INDIVIDUAL).filter(|_| purchase.asks_individual()),
            ..Answers::default()
        };
        for (asked, field) in questions.fields.iter().zip(&OWN) {
            if let Some(answer) = fields.optional(field) {
                answers.fields.insert(asked.key.clone(), plain(answer, asked));
            }
        }
        Said {
            email: fields.optional(&EMAIL).filter(|_| purchase.asks_email()),
            phone: fields.optional(&PHONE).filter(|_| purchase.asks_phone()),
            answers,
            places: Places::of(fields, &purchase.session),
        }
    }

    /// Whether it will do. Browsers look at most of it before they send.
    pub(super) fn is_complete(&self, purchase: &Purchase) -> bool {
        self.contact_problems(purchase) == (None, None)
            && purchase.session.problems(&self.given(purchase)).is_empty()
    }

    /// What of it is kept.
    pub(super) fn given(&self, purchase: &Purchase) -> Given {
        let is_asked = !purchase.session.page.questions.is_empty();
        let given = Given {
            email: self.email.clone(),
            phone: self.phone.clone(),
            answers: is_asked.then(|| Box::new(self.answers.clone())),
            ..Given::default()
        };
        self.places.given(&purchase.session, given)
    }

    fn contact_problems(&self, purchase: &Purchase) -> (Option<AskProblem>, Option<AskProblem>) {
        let email = match self.email.as_deref() {
            None => Some(AskProblem::Missing),
            Some(email) => (!is_email(email)).then_some(AskProblem::NoEmail),
        };
        let phone = match self.phone.as_deref() {
            None => Some(AskProblem::Missing),
            Some(phone) => (!is_phone(phone)).then_some(AskProblem::NoPhone),
        };
        (email.filter(|_| purchase.asks_email()), phone.filter(|_| purchase.asks_phone()))
    }
}

impl Purchase {
    /// What the page asks beside the card: with what was typed and will not do, or with what was
    /// said before.
    pub(super) fn asks(&self, typed: Option<&Said>) -> Asks {
        let session = &self.session;
        let (page, questions) = (&session.page, &session.page.questions);
        let before = || Said {
            email: session.given.email.clone(),
            phone: session.given.phone.clone(),
            answers: session.answers(),
            places: Places::before(session),
        };
        let said = typed.cloned().unwrap_or_else(before);
        let (no_email, no_phone) =
            typed.map(|typed| typed.contact_problems(self)).unwrap_or_default();
        let problems = typed.map(|typed| session.problems(&typed.given(self))).unwrap_or_default();
        let problem = |of| problem_of(&problems, of);
        let mut inputs = Vec::new();
        if self.asks_email() {
            inputs.push(contact("buyer-email", &EMAIL, AskKind::Email, said.email, no_email));
        }
        if self.asks_phone() {
            inputs.push(contact("buyer-phone", &PHONE, AskKind::Phone, said.phone, no_phone));
        }
        inputs.extend(self.name_asks(&said.answers, &problems));
        let is_first = session.given.answers.is_none() && typed.is_none();
        for (at, asked) in questions.fields.iter().enumerate().take(OWN.len()) {
            let default = asked.kind.default_value().filter(|_| is_first);
            let value = said.answers.fields.get(&asked.key).map(String::as_str).or(default);
            let wrong = problem(Question::Field(&asked.key));
            inputs.push(own_ask(at, asked, value.unwrap_or_default(), wrong));
        }
        let consent = questions.consent.unwrap_or_default();
        Asks {
            shipping: said.places.shipping_asks(session, &problems),
            inputs,
            billing: said.places.billing_asks(session, &problems),
            terms: questions.requires_terms().then(|| TermsAsk {
                words: page.texts.terms.clone(),
                accepted: said.answers.accepts_terms,
                is_missing: problem(Question::Terms).is_some(),
            }),
            news: questions.offers_news().then_some(said.answers.wants_news),
            shows_reuse: self.keeps_card() && consent.shows_reuse != Some(false),
        }
    }

    /// The questions for names.
    fn name_asks(&self, said: &Answers, problems: &[Problem<'_>]) -> Vec<Ask> {
        let names = self.session.page.questions.names.unwrap_or_default();
        let wrong = |of| problem_of(problems, of).map(shown);
        let (kind, value) = (AskKind::Name("name"), said.individual_name.clone());
        let individual =
            contact("buyer-name", &INDIVIDUAL, kind, value, wrong(Question::IndividualName));
        let (kind, value) = (AskKind::Name("organization"), said.business_name.clone());
        let business =
            contact("buyer-business", &BUSINESS, kind, value, wrong(Question::BusinessName));
        let asks = [name_ask(names.individual, individual), name_ask(names.business, business)];
        asks.into_iter().flatten().collect()
    }

    /// An address for whoever is to become a customer.
    fn asks_email(&self) -> bool {
        let known = self.session.customer_email.is_some() || self.session.customer.is_some();
        self.session.page.makes_customer() && !known
    }

    fn asks_phone(&self) -> bool {
        self.session.page.phone_number == Some(true)
    }

    fn asks_business(&self) -> bool {
        let names = self.session.page.questions.names;
        names.and_then(|names| names.business).is_some_and(|asked| asked.enabled)
    }

    fn asks_individual(&self) -> bool {
        let names = self.session.page.questions.names;
        names.and_then(|names| names.individual).is_some_and(|asked| asked.enabled)
    }

    /// Whether the card of a purchase is kept. A page that does nothing else says so anyway.
    fn keeps_card(&self) -> bool {
        let terms = &self.session.terms;
        let usage = match terms.card.future_usage {
            Some(keeping) => keeping.usage(),
            None => terms.setup_future_usage,
        };
        usage.is_some() && self.session.setup.is_none()
    }
}

fn contact(
    id: &'static str,
    field: &Field,
    kind: AskKind,
    value: Option<String>,
    problem: Option<AskProblem>,
) -> Ask {
    Ask {
        id,
        name: field.name,
        // The texts have the names of the elements.
        label: Label::Ours(id),
        kind,
        need: Need::Always,
        value: value.unwrap_or_default(),
        problem,
    }
}

/// The question for a name, where it is asked.
fn name_ask(asked: Option<NameAsked>, ask: Ask) -> Option<Ask> {
    let asked = asked.filter(|asked| asked.enabled)?;
    Some(Ask { need: need(asked.optional), ..ask })
}

fn own_ask(at: usize, asked: &CustomField, value: &str, wrong: Option<AnswerProblem>) -> Ask {
    let kind = match &asked.kind {
        FieldKind::Text(typed) => {
            let (least, most) = typed.bounds();
            AskKind::Text { least, most }
        }
        FieldKind::Numeric(typed) => {
            let (least, most) = typed.bounds();
            AskKind::Digits { least, most }
        }
        FieldKind::Dropdown { options, .. } => {
            let choice = options
                .iter()
                .map(|option| Choice { value: option.value.clone(), label: option.label.clone() });
            AskKind::Choice(choice.collect())
        }
    };
    let is_choice = matches!(kind, AskKind::Choice(_));
    let problem = beside(wrong, is_choice);
    let name = OWN[at].name;
    let label = Label::Shop(asked.label.clone());
    let (need, value) = (need(asked.optional), value.to_owned());
    Ask { id: name, name, label, kind, need, value, problem }
}

fn need(is_optional: bool) -> Need {
    if is_optional { Need::Never } else { Need::Always }
}

/// Digits of Arabic and Persian keyboards are digits where a field holds nothing else.
fn plain(answer: String, asked: &CustomField) -> String {
    if !matches!(asked.kind, FieldKind::Numeric(_)) {
        return answer;
    }
    let latin = |char: char| match char {
        '٠'..='٩' => char::from_digit(u32::from(char) - u32::from('٠'), 10).unwrap_or(char),
        '۰'..='۹' => char::from_digit(u32::from(char) - u32::from('۰'), 10).unwrap_or(char),
        other => other,
    };
    answer.chars().map(latin).collect()
}

fn is_email(text: &str) -> bool {
    let (name, host) = text.rsplit_once('@').unwrap_or_default();
    let plain = |c: char| !c.is_whitespace() && !c.is_control();
    !name.is_empty() && host.contains('.') && text.chars().all(plain)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_ascii_digit()).count();
    digits >= PHONE_DIGITS_MIN && text.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c))
}

/// The shortest numbers that a shop could call have this many digits.
const PHONE_DIGITS_MIN: usize = 5;
