//! What a pay page asks for beside the card. Plain values, as in [`super::views`].

use crate::texts::Texts;

/// What a page asks for beside the card: each with what was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// What is typed or chosen, in the order of the page.
    pub inputs: Vec<Ask>,
    /// The shop's terms; `None` where nothing has to be accepted.
    pub terms: Option<TermsAsk>,
    /// Whether news from the shop are wanted; `None` where nobody asks.
    pub news: Option<bool>,
    /// Whether the page says that the card is kept.
    pub shows_reuse: bool,
}

impl Asks {
    /// The field whose answer will not do and that gets the focus.
    pub fn is_first_problem(&self, id: &str) -> bool {
        let wrong = self.inputs.iter().find(|ask| ask.problem.is_some());
        match wrong {
            Some(ask) => ask.id == id,
            None => self.terms.as_ref().is_some_and(|terms| terms.is_missing) && id == TERMS_ID,
        }
    }
}

/// The box that accepts the shop's terms.
pub const TERMS_ID: &str = "terms";

/// Something that is typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The name of its element on the page.
    pub id: &'static str,
    /// The name that it is posted by.
    pub name: &'static str,
    /// What the buyer reads.
    pub label: Label,
    /// How it is answered.
    pub kind: AskKind,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What stands in it.
    pub value: String,
    /// Why what stands in it will not do.
    pub problem: Option<AskProblem>,
}

/// What a buyer reads beside a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A text of ours.
    Ours(&'static str),
    /// The shop's words.
    Shop(String),
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskKind {
    /// By an e-mail address.
    Email,
    /// By a phone number.
    Phone,
    /// By the name of a person or a company, which browsers know by this word.
    Name(&'static str),
    /// By a text of so many characters.
    Text {
        /// The fewest.
        least: u16,
        /// The most.
        most: u16,
    },
    /// By so many digits.
    Digits {
        /// The fewest.
        least: u16,
        /// The most.
        most: u16,
    },
    /// By one of some values.
    Choice(Vec<Choice>),
}

/// A value that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What the buyer reads.
    pub label: String,
}

/// The shop's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsAsk {
    /// The shop's words beside the box; ours when there are none.
    pub words: Option<String>,
    /// Whether they were accepted.
    pub accepted: bool,
    /// Whether they have to be accepted and were not.
    pub is_missing: bool,
}

/// Why an answer will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskProblem {
    /// There is none.
    Missing,
    /// Nothing was chosen, or nothing that may be.
    NotChosen,
    /// It is no e-mail address.
    NoEmail,
    /// It is no phone number.
    NoPhone,
    /// It has fewer characters than this.
    TooShort(u16),
    /// It has more characters than this.
    TooLong(u16),
    /// It holds something else than digits.
    NotDigits,
    /// It holds the number of a card.
    CardLike,
}

impl AskProblem {
    /// What to do, in words.
    pub fn sentence(self, t: &Texts) -> String {
        match self {
            AskProblem::Missing => t.get("ask-missing"),
            AskProblem::NotChosen => t.get("ask-choose"),
            AskProblem::NoEmail => t.get("ask-email"),
            AskProblem::NoPhone => t.get("ask-phone"),
            AskProblem::TooShort(least) => t.with("ask-short", "count", u32::from(least)),
            AskProblem::TooLong(most) => t.with("ask-long", "count", u32::from(most)),
            AskProblem::NotDigits => t.get("ask-digits"),
            AskProblem::CardLike => t.get("ask-card"),
        }
    }
}
