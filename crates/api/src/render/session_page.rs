//! What sessions and payment links say of the pay page.

use holdfast_core::checkout::answers::Answers;
use holdfast_core::checkout::questions::{self, FieldKind, PageTexts, Questions, Typed};

use crate::objects::{
    Consent, ConsentCollection, CustomDropdown, CustomField, CustomLabel, CustomMessage,
    CustomOption, CustomText, CustomTyped, NameAsked, NameCollection, ReuseAgreement,
};

/// The texts that the shop adds.
pub(crate) fn texts(row: &PageTexts) -> CustomText {
    let message = |text: &Option<String>| text.clone().map(|message| CustomMessage { message });
    CustomText {
        after_submit: message(&row.after_submit),
        shipping_address: message(&row.shipping_address),
        submit: message(&row.submit),
        terms_of_service_acceptance: message(&row.terms),
    }
}

/// The fields of the shop's own; with what the buyer answered where answers are given.
pub(crate) fn fields(row: &Questions, answers: Option<&Answers>) -> Vec<CustomField> {
    let value = |key: &String| answers.map(|answers| answers.fields.get(key).cloned());
    row.fields.iter().map(|field| custom_field(field, value(&field.key))).collect()
}

fn custom_field(row: &questions::CustomField, value: Option<Option<String>>) -> CustomField {
    let plain = CustomField {
        dropdown: None,
        key: row.key.clone(),
        label: CustomLabel { custom: Some(row.label.clone()), kind: "custom" },
        numeric: None,
        optional: row.optional,
        text: None,
        kind: "text",
    };
    match &row.kind {
        FieldKind::Text(typed) => CustomField { text: Some(self::typed(typed, value)), ..plain },
        FieldKind::Numeric(typed) => {
            CustomField { numeric: Some(self::typed(typed, value)), kind: "numeric", ..plain }
        }
        FieldKind::Dropdown { options, default } => {
            let options = options.iter().map(|option| CustomOption {
                label: option.label.clone(),
                value: option.value.clone(),
            });
            let (default_value, options) = (default.clone(), options.collect());
            let dropdown = CustomDropdown { default_value, options, value };
            CustomField { dropdown: Some(dropdown), kind: "dropdown", ..plain }
        }
    }
}

fn typed(row: &Typed, value: Option<Option<String>>) -> CustomTyped {
    CustomTyped {
        default_value: row.default.clone(),
        maximum_length: row.most,
        minimum_length: row.least,
        value,
    }
}

/// What the buyer is to agree to.
pub(crate) fn consent_collection(row: &Questions) -> Option<ConsentCollection> {
    let row = row.consent?;
    let word = |said: Option<bool>, yes, no| said.map(|said| if said { yes } else { no });
    let position = word(row.shows_reuse, "auto", "hidden");
    Some(ConsentCollection {
        payment_method_reuse_agreement: position.map(|position| ReuseAgreement { position }),
        promotions: word(row.promotions, "auto", "none"),
        terms_of_service: word(row.terms_required, "required", "none"),
    })
}

/// What the buyer has agreed to, once something was asked and answered.
pub(crate) fn consent(row: &Questions, answers: Option<&Answers>) -> Option<Consent> {
    row.consent?;
    let answers = answers?;
    let news = if answers.wants_news { "opt_in" } else { "opt_out" };
    let accepted = row.requires_terms() && answers.accepts_terms;
    Some(Consent {
        promotions: row.offers_news().then_some(news),
        terms_of_service: accepted.then_some("accepted"),
    })
}

/// The names that the page asks for.
pub(crate) fn name_collection(row: &Questions) -> Option<NameCollection> {
    let name =
        |row: questions::NameAsked| NameAsked { enabled: row.enabled, optional: row.optional };
    let row = row.names?;
    Some(NameCollection { business: row.business.map(name), individual: row.individual.map(name) })
}
