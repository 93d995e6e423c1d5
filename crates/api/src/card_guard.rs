//! Keeps card numbers out: a request that holds one is refused before anything else sees it.
//!
//! The API takes tokens only, but a mistake in a shop's code, or a buyer who types a number into
//! a field for notes, brings the number here all the same. Whatever is not refused at this point
//! may end in a row, a log or an event, so the guard runs first, on bytes, and knows nothing of
//! parameters. What it can mistake for a card number is a number of 13 to 19 digits that happens
//! to begin like a card and to have the right check digit: one order number in some twenty.

use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

use crate::codes;
use crate::digest::hex_digit;
use crate::error::ApiError;
use crate::multipart::{self, Multipart};

mod digits;

/// Refuses a request that holds a card number or a field for one, in its path, its query, a
/// header or its body, in names or values, encoded up to twice.
///
/// # Refusals
/// 400 `card_number_refused`, naming the place but never repeating what was there.
pub fn check(parts: &Parts, body: &[u8]) -> Result<(), ApiError> {
    check_head(parts, &[])?;
    check_form(parts.uri.query().unwrap_or_default().as_bytes())?;
    check_form(body)
}

/// The same for an upload: its fields and the file's name are screened. The content of the file
/// is not, because the numbers of a PDF document look like cards again and again; a receipt that
/// shows a card has to be blackened by whoever uploads it.
///
/// # Refusals
/// As [`check`].
pub fn check_upload(parts: &Parts, body: &[u8]) -> Result<(), ApiError> {
    // The boundary of a form is a number of up to twenty digits in more than one client.
    check_head(parts, &[CONTENT_TYPE])?;
    check_form(parts.uri.query().unwrap_or_default().as_bytes())?;
    let Some(boundary) = multipart::boundary(&parts.headers)? else { return check_form(body) };
    let form = multipart::read(&boundary, body)?;
    let name = form.upload.as_ref().and_then(|upload| upload.filename.as_deref());
    if name.is_some_and(|name| is_card_like(name.as_bytes())) {
        return Err(refused("the name of the file").with_param("file"));
    }
    check_form(&Multipart { fields: form.fields, upload: None }.as_form())
}

fn check_head(parts: &Parts, apart_from: &[HeaderName]) -> Result<(), ApiError> {
    if is_card_like(parts.uri.path().as_bytes()) {
        return Err(refused("the path"));
    }
    let screened = parts.headers.iter().filter(|(name, _)| !apart_from.contains(name));
    for (name, value) in screened {
        if is_card_like(value.as_bytes()) || is_card_like(name.as_str().as_bytes()) {
            return Err(refused("a header"));
        }
    }
    Ok(())
}

fn check_form(text: &[u8]) -> Result<(), ApiError> {
    if is_card_like(text) {
        return Err(field_refused(text));
    }
    match names(text).find(|name| is_card_field(name)) {
        Some(name) => Err(refused(&name).with_param(&name)),
        None => Ok(()),
    }
}

/// How often a text is decoded in search of a number: as it is, once, and once more for what was
/// encoded twice by mistake.
const LAYERS: usize = 3;

/// Whether `text` holds a card number as it is or percent-encoded.
fn is_card_like(text: &[u8]) -> bool {
    if !digits::may_hold_card_number(text) {
        return false;
    }
    let mut layer = text.to_vec();
    for _ in 0..LAYERS {
        if digits::hold_card_number(&layer) {
            return true;
        }
        let decoded = percent_decoded(&layer);
        if decoded == layer {
            return false;
        }
        layer = decoded;
    }
    false
}

/// The text with `%41` and `+` undone where they are right, and left alone where not.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let pair = text.get(at + 1..at + 3).filter(|_| text[at] == b'%');
        match pair.and_then(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?)) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(if text[at] == b'+' { b' ' } else { text[at] });
                at += 1;
            }
        }
    }
    decoded
}

/// The names of the fields of a form, decoded.
fn names(text: &[u8]) -> impl Iterator<Item = String> {
    text.split(|byte| *byte == b'&').map(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        String::from_utf8_lossy(&percent_decoded(name)).into_owned()
    })
}

/// Names that stand for a security code or a card number wherever they are.
const CARD_NAMES: [&str; 9] =
    ["card_number", "cardnumber", "cvc", "cvc2", "cvv", "cvv2", "csc", "security_code", "pan"];

/// Names under which a plain `number` is a card's.
const CARD_OBJECTS: [&str; 4] = ["card", "payment_method_data", "source", "card_data"];

/// Whether a field is one for a card number or a security code, whatever its value.
fn is_card_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let segments = || name.split(['[', ']', '.']).filter(|segment| !segment.is_empty());
    let within_card = segments().any(|segment| CARD_OBJECTS.contains(&segment));
    segments().any(|segment| CARD_NAMES.contains(&segment))
        || (within_card && segments().any(|segment| segment == "number"))
}

/// The refusal for a form that holds a number: names the field, if one field alone holds it.
fn field_refused(text: &[u8]) -> ApiError {
    let field = text.split(|byte| *byte == b'&').find(|pair| is_card_like(pair));
    let name = field.and_then(|pair| names(pair).next()).filter(|name| {
        // A name that holds the number itself is not repeated.
        !is_card_like(name.as_bytes())
    });
    match name {
        Some(name) => refused(&name).with_param(&name),
        None => refused("the request"),
    }
}

fn refused(place: &str) -> ApiError {
    let place: String = place.chars().filter(|char| !char.is_control()).take(PLACE_MAX).collect();
    let message = format!(
        "What looks like a card number or a security code was found in {place}. \
         {HOW_CARDS_BECOME_TOKENS} The request was not carried out, kept or logged."
    );
    ApiError::invalid(codes::CARD_NUMBER_REFUSED, message)
}

/// What whoever sends a card here is told to do instead.
pub(crate) const HOW_CARDS_BECOME_TOKENS: &str = "This API takes tokens only: send cards from the \
    buyer's browser to the card zone (POST /v1/tokens on its own origin, with a publishable key), \
    which answers with a token. In tests, tok_visa, tok_mastercard, tok_amex, tok_chargeDeclined \
    and the other published tokens are given as they are.";

/// The most characters of a field's name that the refusal repeats.
const PLACE_MAX: usize = 80;

#[cfg(test)]
mod tests;
