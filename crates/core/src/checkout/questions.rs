//! What a shop asks on the page beside the card: fields of its own, names, consents; and the texts
//! that it adds.

use serde::{Deserialize, Serialize};

/// What a shop asks on the page beside the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Questions {
    /// Fields of the shop's own, in their order.
    pub fields: Vec<CustomField>,
    /// A person's or a company's name; `None` where the shop said nothing of either.
    pub names: Option<NamesAsked>,
    /// What the buyer is to agree to; `None` where the shop said nothing of it.
    pub consent: Option<ConsentAsked>,
}

/// A field of the shop's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// The shop's name for it, which no other field of the page has.
    pub key: String,
    /// What the buyer reads.
    pub label: String,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field of the shop's own holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any text.
    Text(Typed),
    /// Digits.
    Numeric(Typed),
    /// One of some values.
    Dropdown {
        /// The values, at least one.
        options: Vec<DropdownOption>,
        /// The value that is chosen until the buyer chooses another.
        default: Option<String>,
    },
}

impl FieldKind {
    /// What stands in the field at first.
    pub fn default_value(&self) -> Option<&str> {
        match self {
            FieldKind::Text(typed) | FieldKind::Numeric(typed) => typed.default.as_deref(),
            FieldKind::Dropdown { default, .. } => default.as_deref(),
        }
    }
}

/// The bounds of what is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// What stands in the field at first.
    pub default: Option<String>,
    /// The fewest characters.
    pub least: Option<u16>,
    /// The most characters; [`TYPED_CHARS_MAX`] when the shop does not say.
    pub most: Option<u16>,
}

impl Typed {
    /// The fewest and the most characters of an answer.
    pub fn bounds(&self) -> (u16, u16) {
        (self.least.unwrap_or(0), self.most.unwrap_or(TYPED_CHARS_MAX))
    }
}

/// The most characters of an answer that is typed; as in the dialect.
pub const TYPED_CHARS_MAX: u16 = 255;

/// A value that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropdownOption {
    /// What the buyer reads.
    pub label: String,
    /// What the shop gets, which no other option of the field has.
    pub value: String,
}

/// The names that a shop asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesAsked {
    /// Of a company.
    pub business: Option<NameAsked>,
    /// Of a person.
    pub individual: Option<NameAsked>,
}

/// Whether a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameAsked {
    /// Whether it is.
    pub enabled: bool,
    /// Whether it may be left empty.
    pub optional: bool,
}

/// What a buyer is to agree to. What the shop did not say is `None`, and is not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAsked {
    /// Whether the shop's terms have to be accepted.
    pub terms_required: Option<bool>,
    /// Whether the buyer is asked for news from the shop.
    pub promotions: Option<bool>,
    /// Whether the page says what a kept card is kept for.
    pub shows_reuse: Option<bool>,
}

/// The texts that a shop adds to the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageTexts {
    /// Below the button.
    pub after_submit: Option<String>,
    /// Where the buyer chooses how to ship.
    pub shipping_address: Option<String>,
    /// Above the button.
    pub submit: Option<String>,
    /// Instead of our sentence beside the box that accepts the shop's terms.
    pub terms: Option<String>,
}
