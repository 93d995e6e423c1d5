//! What a session and a payment link say of the pay page: its texts, its questions, its words.

use holdfast_core::address::country;
use holdfast_core::checkout::PageWishes;
use holdfast_core::checkout::markup;
use holdfast_core::checkout::questions::{
    ConsentAsked, CustomField, DropdownOption, FieldKind, NameAsked, NamesAsked, PageTexts,
    Questions, TYPED_CHARS_MAX, Typed,
};

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::params::{Change, Params};

use super::session_terms::SUM;

/// The most countries that there are to ship to, and some room.
const COUNTRIES_MAX: usize = 300;
/// The longest text that a shop adds to the page, in characters; as in the dialect.
const TEXT_CHARS_MAX: usize = 1_200;
/// The most fields of a shop's own; as in the dialect.
const FIELDS_MAX: usize = 3;
/// The longest name that a shop gives to a field, in characters; as in the dialect.
pub(super) const KEY_CHARS_MAX: usize = 200;
/// The longest label of a field, in characters; as in the dialect.
const LABEL_CHARS_MAX: usize = 50;
/// The most values of a field that may be chosen; as in the dialect.
const OPTIONS_MAX: usize = 200;
/// The longest label and the longest value of one of them, in characters; as in the dialect.
const OPTION_CHARS_MAX: usize = 100;

/// What a request says of the page. What it does not mention stays as it is.
pub(super) struct SaidPage {
    words: PageWishes,
    after_submit: Change<String>,
    shipping_address: Change<String>,
    submit: Change<String>,
    terms: Change<String>,
    fields: Option<Vec<CustomField>>,
    names: Change<NamesAsked>,
    consent: Option<ConsentAsked>,
}

impl SaidPage {
    /// Takes what is said about the page.
    pub(super) fn take(params: &mut Params) -> Result<SaidPage, ApiError> {
        refuse(params)?;
        let words = words(params)?;
        let texts = params.map("custom_text", |texts| {
            let mut text = |name: &str| {
                texts.map_change(name, |text| text.required_text("message", TEXT_CHARS_MAX))
            };
            Ok([
                text("after_submit")?,
                text("shipping_address")?,
                text("submit")?,
                text("terms_of_service_acceptance")?,
            ])
        })?;
        let none = || [Change::Keep, Change::Keep, Change::Keep, Change::Keep];
        let [after_submit, shipping_address, submit, terms] = texts.unwrap_or_else(none);
        let fields = params.list("custom_fields", FIELDS_MAX, field)?;
        refuse_repeated(params, fields.as_deref().unwrap_or_default())?;
        Ok(SaidPage {
            words,
            after_submit,
            shipping_address,
            submit,
            terms,
            fields,
            names: params.map_change("name_collection", names)?,
            consent: params.map("consent_collection", consent)?,
        })
    }

    /// The page as the request wants it.
    ///
    /// # Refusals
    /// Terms that have to be accepted and cannot be read: the platform has no address of its own
    /// for them, so that the text beside the box leads to them.
    pub(super) fn applied(&self, before: PageWishes) -> Result<PageWishes, ApiError> {
        let mut page = before.changed(&self.words);
        let PageTexts { after_submit, shipping_address, submit, terms } = &mut *page.texts;
        self.after_submit.apply_to(after_submit);
        self.shipping_address.apply_to(shipping_address);
        self.submit.apply_to(submit);
        self.terms.apply_to(terms);
        let Questions { fields, names, consent } = &mut page.questions;
        if let Some(said) = &self.fields {
            fields.clone_from(said);
        }
        self.names.apply_to(names);
        *consent = self.consent.or(*consent);
        let leads = page.texts.terms.as_deref().is_some_and(markup::has_link);
        if page.questions.requires_terms() && !leads {
            let param = "consent_collection[terms_of_service]";
            let message = "Terms that buyers have to accept need an address: write a link, \
                [words](https://...), into \
                custom_text[terms_of_service_acceptance][message].";
            return Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message));
        }
        Ok(page)
    }
}

/// What the dialect has and Holdfast does not do.
fn refuse(params: &mut Params) -> Result<(), ApiError> {
    fields::unsupported(params, &["optional_items", "adaptive_pricing"], SUM)?;
    fields::unsupported(params, &["subscription_data"], "nothing is charged again and again")?;
    fields::unsupported(params, &["invoice_creation"], "there are no invoices")?;
    for name in ["automatic_tax", "tax_id_collection", "managed_payments"] {
        params.map(name, |off| off.choice("enabled", &[("false", ())]))?;
    }
    Ok(())
}

fn words(params: &mut Params) -> Result<PageWishes, ApiError> {
    let phone = params.map("phone_number_collection", |it| it.boolean("enabled"))?;
    let countries = params.map("shipping_address_collection", countries)?;
    let collection = ["auto", "required"];
    Ok(PageWishes {
        submit_type: word(params, "submit_type", &["auto", "pay", "book", "donate"])?,
        billing_address_collection: word(params, "billing_address_collection", &collection)?,
        customer_creation: word(params, "customer_creation", &["always", "if_required"])?,
        phone_number: phone.flatten(),
        shipping_countries: countries.unwrap_or_default(),
        allow_codes: params.boolean("allow_promotion_codes")?,
        ..PageWishes::default()
    })
}

fn word(params: &mut Params, name: &str, words: &[&str]) -> Result<Option<String>, ApiError> {
    let table: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
    Ok(params.choice(name, &table)?.map(str::to_owned))
}

fn countries(params: &mut Params) -> Result<Vec<String>, ApiError> {
    params.example("allowed_countries", "DE");
    let countries = params.texts("allowed_countries", COUNTRIES_MAX, 2)?;
    let countries = countries.ok_or_else(|| params.missing("allowed_countries"))?;
    let is_known = |country: &String| country::known().any(|known| known == country);
    if countries.is_empty() || !countries.iter().all(is_known) {
        let must = "must hold countries that goods can go to, as two capital letters (ISO 3166-1)";
        return Err(fields::invalid(params, "allowed_countries", must));
    }
    Ok(countries)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dropdown,
    Numeric,
    Text,
}

fn field(params: &mut Params) -> Result<CustomField, ApiError> {
    let key = name_of(params, "key", KEY_CHARS_MAX)?;
    let label = params.map("label", |label| {
        label.required_choice("type", &[("custom", ())])?;
        label.required_text("custom", LABEL_CHARS_MAX)
    })?;
    let label = label.ok_or_else(|| params.missing("label"))?;
    let optional = params.boolean("optional")?.unwrap_or(false);
    let kinds = [("dropdown", Kind::Dropdown), ("numeric", Kind::Numeric), ("text", Kind::Text)];
    let kind = params.required_choice("type", &kinds)?;
    let dropdown = params.map("dropdown", dropdown)?;
    let numeric = params.map("numeric", |typed| self::typed(typed, is_number))?;
    let text = params.map("text", |typed| self::typed(typed, |_| true))?;
    let given = [dropdown.is_some(), numeric.is_some(), text.is_some()];
    let other = kinds.iter().zip(given).find(|((_, known), given)| *given && *known != kind);
    if let Some(((name, _), _)) = other {
        let param = params.spelled(name);
        let message = format!("{param} is of fields of type {name} only.");
        return Err(ApiError::param(codes::PARAMETERS_EXCLUSIVE, &param, message));
    }
    let kind = match kind {
        Kind::Dropdown => dropdown.ok_or_else(|| params.missing("dropdown"))?,
        Kind::Numeric => FieldKind::Numeric(numeric.unwrap_or_default()),
        Kind::Text => FieldKind::Text(text.unwrap_or_default()),
    };
    Ok(CustomField { key, label, optional, kind })
}

/// A name of the shop's own, which stands in forms.
fn name_of(params: &mut Params, name: &str, chars_max: usize) -> Result<String, ApiError> {
    params.example(name, "engraving");
    let text = params.required_text(name, chars_max)?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !text.bytes().all(is_word) {
        return Err(fields::invalid(params, name, "must be letters, digits, _ and - of ASCII"));
    }
    Ok(text)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The bounds of an answer that is typed, and what stands there at first.
fn typed(params: &mut Params, is_one: fn(&str) -> bool) -> Result<Typed, ApiError> {
    let range = || 1..=i64::from(TYPED_CHARS_MAX);
    let most = params.integer("maximum_length", range())?;
    let least = params.integer("minimum_length", range())?;
    // The ranges above are within those of the type.
    let bound = |chars: Option<i64>| chars.and_then(|chars| u16::try_from(chars).ok());
    let (least, most) = (bound(least), bound(most));
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        return Err(fields::invalid(params, "minimum_length", "must not exceed maximum_length"));
    }
    params.example("default_value", "1");
    let chars_max = usize::from(most.unwrap_or(TYPED_CHARS_MAX));
    let default = params.text("default_value", chars_max)?;
    if default.as_deref().is_some_and(|text| !is_one(text)) {
        return Err(fields::invalid(params, "default_value", "must be digits"));
    }
    Ok(Typed { default, least, most })
}

fn dropdown(params: &mut Params) -> Result<FieldKind, ApiError> {
    let options = params.list("options", OPTIONS_MAX, |option| {
        Ok(DropdownOption {
            label: option.required_text("label", OPTION_CHARS_MAX)?,
            value: name_of(option, "value", OPTION_CHARS_MAX)?,
        })
    })?;
    let options = options.filter(|options| !options.is_empty());
    let options = options.ok_or_else(|| params.missing("options"))?;
    if let Some(at) = repeated(options.iter().map(|option| &option.value)) {
        let param = format!("{}[{at}][value]", params.spelled("options"));
        return Err(repeated_error(&param));
    }
    let first = options.first().map(|option| option.value.as_str()).unwrap_or_default();
    params.example("default_value", first);
    let default = params.text("default_value", OPTION_CHARS_MAX)?;
    let is_offered = |value: &String| options.iter().any(|option| option.value == *value);
    if default.as_ref().is_some_and(|value| !is_offered(value)) {
        return Err(fields::invalid(params, "default_value", "must be the value of an option"));
    }
    Ok(FieldKind::Dropdown { options, default })
}

/// An answer is known by the key of its field.
fn refuse_repeated(params: &Params, fields: &[CustomField]) -> Result<(), ApiError> {
    let Some(at) = repeated(fields.iter().map(|field| &field.key)) else { return Ok(()) };
    Err(repeated_error(&format!("{}[{at}][key]", params.spelled("custom_fields"))))
}

/// The place of the first text that was there before.
fn repeated<'a>(texts: impl Iterator<Item = &'a String>) -> Option<usize> {
    let mut known = Vec::new();
    for (at, text) in texts.enumerate() {
        if known.contains(&text) {
            return Some(at);
        }
        known.push(text);
    }
    None
}

fn repeated_error(param: &str) -> ApiError {
    let message = format!("Invalid {param}: another one has it already.");
    ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message)
}

fn names(params: &mut Params) -> Result<NamesAsked, ApiError> {
    Ok(NamesAsked {
        business: params.map("business", name_asked)?,
        individual: params.map("individual", name_asked)?,
    })
}

fn name_asked(params: &mut Params) -> Result<NameAsked, ApiError> {
    Ok(NameAsked {
        enabled: params.boolean("enabled")?.ok_or_else(|| params.missing("enabled"))?,
        optional: params.boolean("optional")?.unwrap_or(false),
    })
}

fn consent(params: &mut Params) -> Result<ConsentAsked, ApiError> {
    let reuse = params.map("payment_method_reuse_agreement", |reuse| {
        reuse.required_choice("position", &[("auto", true), ("hidden", false)])
    })?;
    Ok(ConsentAsked {
        terms_required: params
            .choice("terms_of_service", &[("none", false), ("required", true)])?,
        promotions: params.choice("promotions", &[("none", false), ("auto", true)])?,
        shows_reuse: reuse,
    })
}
