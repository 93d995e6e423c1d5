//! What sessions and payment links say of the pay page: texts, fields, names, consents.

use schemars::JsonSchema;
use serde::Serialize;

/// The texts that the shop adds to the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomText {
    /// Below the button.
    pub after_submit: Option<CustomMessage>,
    /// Where the buyer chooses how to ship.
    pub shipping_address: Option<CustomMessage>,
    /// Above the button.
    pub submit: Option<CustomMessage>,
    /// Beside the box that accepts the shop's terms.
    pub terms_of_service_acceptance: Option<CustomMessage>,
}

/// A text that the shop adds to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomMessage {
    /// At most 1200 characters: words, lines, and links written `[words](https://...)`.
    pub message: String,
}

/// A field of the shop's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomField {
    /// What may be chosen, of type `dropdown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropdown: Option<CustomDropdown>,
    /// The shop's name for it.
    pub key: String,
    /// What the buyer reads.
    pub label: CustomLabel,
    /// What is typed, of type `numeric`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numeric: Option<CustomTyped>,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What is typed, of type `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<CustomTyped>,
    /// `dropdown`, `numeric` or `text`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What the buyer reads beside a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomLabel {
    /// The words.
    pub custom: Option<String>,
    /// `custom`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A field whose value is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomDropdown {
    /// What is chosen at first.
    pub default_value: Option<String>,
    /// What may be chosen.
    pub options: Vec<CustomOption>,
    /// What the buyer chose; of sessions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Option<String>>,
}

/// What may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomOption {
    /// What the buyer reads.
    pub label: String,
    /// What the shop gets.
    pub value: String,
}

/// A field whose value is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomTyped {
    /// What stands there at first.
    pub default_value: Option<String>,
    /// The most characters.
    pub maximum_length: Option<u16>,
    /// The fewest characters.
    pub minimum_length: Option<u16>,
    /// What the buyer typed; of sessions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Option<String>>,
}

/// What the buyer is to agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConsentCollection {
    /// Whether the page says what a kept card is kept for.
    pub payment_method_reuse_agreement: Option<ReuseAgreement>,
    /// `auto` or `none`.
    pub promotions: Option<&'static str>,
    /// `required` or `none`.
    pub terms_of_service: Option<&'static str>,
}

/// Whether the page says what a kept card is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReuseAgreement {
    /// `auto` or `hidden`.
    pub position: &'static str,
}

/// What the buyer has agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consent {
    /// `opt_in` or `opt_out`, where the page asked.
    pub promotions: Option<&'static str>,
    /// `accepted`, where the page asked.
    pub terms_of_service: Option<&'static str>,
}

/// The names that the page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameCollection {
    /// Of a company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business: Option<NameAsked>,
    /// Of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub individual: Option<NameAsked>,
}

/// Whether a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameAsked {
    /// Whether it is.
    pub enabled: bool,
    /// Whether it may be left empty.
    pub optional: bool,
}
