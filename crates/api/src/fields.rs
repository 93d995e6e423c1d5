//! Parameters that several operations share: amounts, currencies, addresses, cards, ids.

pub(crate) mod card;
pub(crate) mod person;

use std::borrow::Cow;

use holdfast_core::currency::Currency;
use holdfast_core::id::{CheckoutSessionId, Id};
use holdfast_core::money::Money;
use holdfast_core::payment::card::CardToken;
use holdfast_core::refusal::Refusal;

use crate::codes;
use crate::error::ApiError;
use crate::params::{Change, Note, Params};
use crate::render::checkout_session;

/// The largest amount, in minor units: a card network's message has 12 digits for it (ISO 8583,
/// field 4).
pub(crate) const AMOUNT_MAX: i64 = 999_999_999_999;
/// The longest address of a page, in characters: what browsers and proxies take without trouble.
pub(crate) const URL_CHARS_MAX: usize = 2_048;
/// The longest e-mail address (RFC 5321: a path of 256 with its two brackets).
pub(crate) const EMAIL_CHARS_MAX: usize = 254;
/// The longest id that is looked at. Ours have at most 29 characters, others' are not ours.
pub(crate) const ID_CHARS_MAX: usize = 255;
/// The longest name of a thing or a person, in characters: one line of a page.
pub(crate) const NAME_CHARS_MAX: usize = 250;
/// The longest description, in characters: some paragraphs.
pub(crate) const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// An amount in minor units, nothing included.
pub(crate) fn minor(params: &mut Params, name: &str) -> Result<Option<i64>, ApiError> {
    params.note(name, || Note {
        most: Some(AMOUNT_MAX),
        doc: Some("An amount in minor units of its currency."),
        ..Note::default()
    });
    let minor = params.integer(name, 0..=i64::MAX)?;
    match minor {
        Some(minor) if minor > AMOUNT_MAX => {
            let message = format!("Invalid {name}: the largest amount is {AMOUNT_MAX}.");
            let code = Refusal::AmountTooLarge.code();
            Err(ApiError::param(code, &params.spelled(name), message))
        }
        Some(_) | None => Ok(minor),
    }
}

/// An amount in minor units, more than nothing.
pub(crate) fn positive(params: &mut Params, name: &str) -> Result<Option<i64>, ApiError> {
    params.note(name, || Note { least: Some(1), ..Note::default() });
    let minor = minor(params, name)?;
    if minor == Some(0) {
        let message = format!("Invalid {name}: it must be more than nothing.");
        let code = Refusal::AmountTooSmall.code();
        return Err(ApiError::param(code, &params.spelled(name), message));
    }
    Ok(minor)
}

/// A part of an amount of a known currency, more than nothing.
pub(crate) fn part(minor: Option<i64>, currency: Currency) -> Option<Money> {
    minor.map(|minor| Money::new(minor, currency))
}

/// A required currency of ISO 4217.
pub(crate) fn currency(params: &mut Params, name: &str) -> Result<Currency, ApiError> {
    optional_currency(params, name)?.ok_or_else(|| params.missing(name))
}

/// A currency of ISO 4217.
pub(crate) fn optional_currency(
    params: &mut Params,
    name: &str,
) -> Result<Option<Currency>, ApiError> {
    params.note(name, || Note {
        pattern: Some("^[A-Za-z]{3}$".into()),
        example: Some("usd".into()),
        doc: Some("A currency of ISO 4217."),
        ..Note::default()
    });
    let Some(code) = params.text(name, ID_CHARS_MAX)? else { return Ok(None) };
    match Currency::parse(&code) {
        Some(currency) => Ok(Some(currency)),
        None => Err(invalid(params, name, "must be a currency of ISO 4217, such as usd")),
    }
}

/// An id of one kind. What cannot be one is answered like one that nobody has.
pub(crate) fn id<I: Id>(
    params: &mut Params,
    name: &str,
    object: &str,
) -> Result<Option<I>, ApiError> {
    params.note(name, || Note::id::<I>());
    let Some(text) = params.text(name, ID_CHARS_MAX)? else { return Ok(None) };
    let missing = || ApiError::not_found(object, &text).with_param(&params.spelled(name));
    I::parse(&stored_id(&text)).map(Some).ok_or_else(missing)
}

/// An id of the wire as rows have it: a session's does not say there that it is of test mode.
pub(crate) fn stored_id(text: &str) -> Cow<'_, str> {
    match text.strip_prefix(checkout_session::WIRE_PREFIX) {
        Some(digits) => format!("{}{digits}", CheckoutSessionId::PREFIX).into(),
        None => text.into(),
    }
}

/// An absolute web address in plain ASCII.
pub(crate) fn url(params: &mut Params, name: &str) -> Result<Option<String>, ApiError> {
    params.note(name, || Note {
        format: Some("uri"),
        pattern: Some("^https?://".into()),
        example: Some("https://shop.example/".into()),
        ..Note::default()
    });
    let Some(url) = params.text(name, URL_CHARS_MAX)? else { return Ok(None) };
    if !is_url(&url) {
        return Err(invalid(params, name, URL_MUST));
    }
    Ok(Some(url))
}

/// What an address must be.
const URL_MUST: &str = "must be an absolute http or https address in plain ASCII";

/// An absolute web address that an empty value takes away.
pub(crate) fn url_change(params: &mut Params, name: &str) -> Result<Change<String>, ApiError> {
    let change = params.text_change(name, URL_CHARS_MAX)?;
    if matches!(&change, Change::Set(url) if !is_url(url)) {
        return Err(invalid(params, name, URL_MUST));
    }
    Ok(change)
}

/// At most `most` absolute web addresses.
pub(crate) fn urls(
    params: &mut Params,
    name: &str,
    most: usize,
) -> Result<Option<Vec<String>>, ApiError> {
    let urls = params.texts(name, most, URL_CHARS_MAX)?;
    if urls.iter().flatten().any(|url| !is_url(url)) {
        return Err(invalid(params, name, URL_MUST));
    }
    Ok(urls)
}

fn is_url(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let first = host.and_then(|host| host.chars().next());
    let has_host = first.is_some_and(|first| first.is_ascii_alphanumeric() || first == '[');
    has_host && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An e-mail address, by its coarse form: only a mail that arrives proves one.
pub(crate) fn email(params: &mut Params, name: &str) -> Result<Option<String>, ApiError> {
    params.note(name, || Note {
        format: Some("email"),
        example: Some("mira@shop.example".into()),
        ..Note::default()
    });
    let Some(email) = params.text(name, EMAIL_CHARS_MAX)? else { return Ok(None) };
    checked_email(params, name, email).map(Some)
}

fn checked_email(params: &Params, name: &str, email: String) -> Result<String, ApiError> {
    let (local, domain) = email.rsplit_once('@').unwrap_or_default();
    let plain = |char: char| !char.is_whitespace() && !char.is_control();
    if local.is_empty() || !domain.contains('.') || !email.chars().all(plain) {
        return Err(invalid(params, name, "must be an e-mail address"));
    }
    Ok(email)
}

/// The prefixes of tokens: those of the card zone, and the sandbox's shortcuts.
const TOKEN_PREFIXES: [&str; 2] = ["pm_card_", "tok_"];
/// How many characters follow the prefix of a token.
const TOKEN_CHARS: std::ops::RangeInclusive<usize> = 4..=64;

/// A token by its parameter.
pub(crate) fn token(params: &mut Params, name: &str) -> Result<Option<CardToken>, ApiError> {
    params.example(name, "tok_visa");
    let Some(text) = params.text(name, ID_CHARS_MAX)? else { return Ok(None) };
    token_of(params, name, &text).map(Some)
}

fn token_of(params: &Params, name: &str, text: &str) -> Result<CardToken, ApiError> {
    token_text(text).ok_or_else(|| {
        let message = format!("No such payment method. {name} must be tok_... or pm_card_...");
        ApiError::param(codes::RESOURCE_MISSING, &params.spelled(name), message)
    })
}

/// A text that has the form of a token.
pub(crate) fn token_text(text: &str) -> Option<CardToken> {
    let rest = TOKEN_PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_token = TOKEN_CHARS.contains(&rest.len()) && rest.bytes().all(word);
    is_token.then(|| CardToken::new(text.to_owned()))
}

/// The methods that may pay, of which there is one: cards.
pub(crate) fn card_only(params: &mut Params, name: &str) -> Result<Option<()>, ApiError> {
    params.example(name, "card");
    let Some(types) = params.texts(name, METHODS_MAX, NAME_CHARS_MAX)? else { return Ok(None) };
    if types.iter().any(|word| word != "card") {
        return Err(invalid(params, name, "must hold nothing but card"));
    }
    Ok((!types.is_empty()).then_some(()))
}

/// The most methods of payment that a request may list.
const METHODS_MAX: usize = 20;

/// Refuses parameters of the dialect that ask for what Holdfast does not do. They are never
/// dropped in silence: the sum, or what is promised to a buyer, would be another one.
pub(crate) fn unsupported(params: &Params, names: &[&str], why: &str) -> Result<(), ApiError> {
    let Some(name) = names.iter().find(|name| params.has(name)) else { return Ok(()) };
    let param = params.spelled(name);
    let message = format!("{param} is not supported here: {why}.");
    Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, &param, message))
}

/// The error for a value that is not one of those that can be.
pub(crate) fn invalid(params: &Params, name: &str, must: &str) -> ApiError {
    let param = params.spelled(name);
    ApiError::param(codes::PARAMETER_INVALID_VALUE, &param, format!("Invalid {param}: it {must}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a form by `read` and shows what was read, or the code and the parameter.
    fn check<T: std::fmt::Debug>(
        form: &str,
        read: impl Fn(&mut Params) -> Result<Option<T>, ApiError>,
    ) -> String {
        let params = Params::decode(None, form.as_bytes()).unwrap();
        match params.read(|params| read(params)) {
            Ok(value) => format!("{value:?}"),
            Err(error) => {
                format!("{} {}", error.code().unwrap(), error.param_name().unwrap_or_default())
            }
        }
    }

    #[test]
    fn amounts() {
        let table = [
            ("", "None"),
            ("a=1", "Some(1)"),
            ("a=999999999999", "Some(999999999999)"),
            ("a=1000000000000", "amount_too_large a"),
            ("a=0", "amount_too_small a"),
            ("a=-1", "parameter_invalid_integer a"),
            ("a=1.5", "parameter_invalid_integer a"),
            ("a=", "parameter_invalid_integer a"),
        ];
        for (form, expected) in table {
            assert_eq!(check(form, |params| positive(params, "a")), expected, "{form}");
        }
    }

    #[test]
    fn addresses() {
        let table = [
            ("a=https://shop.example/thanks?s={CHECKOUT_SESSION_ID}", true),
            ("a=http://127.0.0.1:4000/", true),
            ("a=http://[::1]/", true),
            ("a=ftp://shop.example", false),
            ("a=javascript:alert(1)", false),
            ("a=//shop.example", false),
            ("a=https://", false),
            ("a=https:///path", false),
            ("a=https://sh%C3%B6p.example", false),
            ("a=https://shop.example/a%20b", false),
        ];
        for (form, taken) in table {
            let shown = check(form, |params| url(params, "a"));
            assert_eq!(shown.starts_with("Some"), taken, "{form}: {shown}");
            assert!(taken || shown == "parameter_invalid_value a", "{form}: {shown}");
        }
    }

    #[test]
    fn e_mail_addresses() {
        for (form, taken) in [
            ("a=salma@shop.example", true),
            ("a=%D8%B3%D9%84%D9%85%D9%89@shop.example", true),
            ("a=salma@shop", false),
            ("a=@shop.example", false),
            ("a=salma", false),
            ("a=sal+ma@shop.example", false),
        ] {
            assert_eq!(
                check(form, |params| email(params, "a")).starts_with("Some"),
                taken,
                "{form}"
            );
        }
    }

    #[test]
    fn cards() {
        let table = [
            ("", "None"),
            ("payment_method=tok_visa", "Some(CardToken)"),
            ("payment_method=pm_card_visa_chargeDeclined", "Some(CardToken)"),
            (
                "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa",
                "Some(CardToken)",
            ),
            ("payment_method=tok_abc", "resource_missing payment_method"),
            ("payment_method=pm_1PgafTB7WZ01zgkW", "resource_missing payment_method"),
            ("payment_method=tok_vis%20a", "resource_missing payment_method"),
            ("payment_method_data[type]=card", "parameter_missing payment_method_data[card]"),
            (
                "payment_method_data[card][token]=tok_visa",
                "parameter_missing payment_method_data[type]",
            ),
            (
                "payment_method_data[type]=sepa_debit",
                "parameter_invalid_value payment_method_data[type]",
            ),
            (
                "payment_method_data[type]=card&payment_method_data[card][token]=visa",
                "resource_missing payment_method_data[card][token]",
            ),
            (
                "payment_method=tok_visa&payment_method_data[type]=card\
              &payment_method_data[card][token]=tok_visa",
                "parameters_exclusive payment_method_data",
            ),
        ];
        for (form, expected) in table {
            assert_eq!(check(form, |params| Ok(card::given(params)?.token)), expected, "{form}");
        }
    }
}
