//! What a pay page asks for beside the card. Plain values, as in [`super::views`].

use holdfast_core::checkout::problem::AddressOf;

use crate::texts::Texts;

/// What a page asks for beside the card: each with what was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// Where the goods go.
    pub shipping: Option<AddressAsks>,
    /// What else is typed or chosen, in the order of the page.
    pub inputs: Vec<Ask>,
    /// Where the cardholder lives.
    pub billing: Option<AddressAsks>,
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
        let [shipping, billing] = [&self.shipping, &self.billing]
            .map(|asked| asked.iter().flat_map(|asked| &asked.inputs));
        let mut all = shipping.chain(&self.inputs).chain(billing);
        let wrong = all.find(|ask| ask.problem.is_some());
        match wrong {
            Some(ask) => ask.id == id,
            None => self.terms.as_ref().is_some_and(|terms| terms.is_missing) && id == TERMS_ID,
        }
    }
}

/// The box that accepts the shop's terms.
pub const TERMS_ID: &str = "terms";

/// The questions for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressAsks {
    /// Whose it is.
    pub of: AddressOf,
    /// Whether it is the address of the goods; `None` where that was not asked.
    pub same: Option<bool>,
    /// Its parts.
    pub inputs: Vec<Ask>,
}

impl AddressAsks {
    /// The text above them.
    pub fn legend(&self) -> &'static str {
        if self.is_shipping() { "address-shipping" } else { "address-billing" }
    }

    /// Whether the goods go there.
    pub fn is_shipping(&self) -> bool {
        self.of == AddressOf::Shipping
    }
}

/// The box that says that both addresses are one.
pub const SAME_ID: &str = "bill-same";

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
    /// Whether it has to be there.
    pub need: Need,
    /// What stands in it.
    pub value: String,
    /// Why what stands in it will not do.
    pub problem: Option<AskProblem>,
}

/// Whether an answer has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It has.
    Always,
    /// That depends on other answers.
    Perhaps,
    /// It may be left empty.
    Never,
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
    /// By a line of an address, which browsers know by this word.
    Line {
        /// The word.
        word: &'static str,
        /// The most characters.
        most: u16,
        /// Whether it is short, so that two stand side by side.
        is_half: bool,
    },
    /// By one of the offered countries.
    Country {
        /// The word that browsers know it by.
        word: &'static str,
        /// Their two letters.
        offered: Vec<String>,
    },
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

impl Ask {
    /// Whether two like it stand side by side.
    pub fn is_half(&self) -> bool {
        matches!(self.kind, AskKind::Line { is_half: true, .. })
    }
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
