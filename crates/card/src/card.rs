//! A whole card as it was typed, checked field by field.

use jiff::Timestamp;
use serde::Serialize;

use crate::brand::Brand;
use crate::code::SecurityCode;
use crate::exchange::Exchange;
use crate::expiry::{Expiry, ExpiryError};
use crate::form::{Field, Form};
use crate::number::{CardNumber, NumberError};

/// A card of which every field is right. It is given to one [`Exchange`], which consumes it.
pub struct Card {
    /// The number.
    pub number: CardNumber,
    /// Month and year, not over yet.
    pub expiry: Expiry,
    /// The security code.
    pub code: SecurityCode,
    /// The name on the card, if one was typed: at most 120 characters of any script.
    pub name: Option<String>,
}

/// What may be known of a card outside of this crate.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct CardSummary {
    /// The brand's wire name: `visa`.
    pub brand: &'static str,
    /// The last four digits of the number.
    pub last4: String,
    /// 1 to 12.
    pub exp_month: u8,
    /// Four digits.
    pub exp_year: i16,
    /// `credit`, `debit`, `prepaid` or `unknown`.
    pub funding: String,
    /// The issuer's country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The name on the card.
    pub name: Option<String>,
}

/// The wrong fields of a card, each once, in the order of the form; never empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldErrors(pub(crate) Vec<FieldError>);

/// What is wrong with one field. Holds nothing of what was typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The field of the card: `number`, `exp`, `cvc` or `name`.
    pub(crate) field: &'static str,
    /// The stable code: `incorrect_number`.
    pub(crate) code: &'static str,
    /// The form's field: `card[number]`.
    pub(crate) param: &'static str,
    /// A sentence for whoever reads the answer; pages show their own, by the code.
    pub(crate) message: String,
}

/// As in the names of payment messages, with room to spare. Counted in characters.
const NAME_CHARS_MAX: usize = 120;

/// A name with more digits than this may be a number typed into the wrong field. The name leaves
/// this process, so it is refused. Ordinals and years fit.
const NAME_DIGITS_MAX: usize = 6;

impl Card {
    /// Reads the card's fields of `form`, all of them, so that the buyer sees all errors at once.
    pub(crate) fn read<E: Exchange>(
        form: &Form,
        now: Timestamp,
        exchange: &E,
    ) -> Result<Self, FieldErrors> {
        let number = read_number(form, exchange);
        let brand = number.as_ref().ok().map(CardNumber::brand);
        let expiry = read_expiry(form, now);
        let code = read_code(form, brand);
        let name = read_name(form);
        match (number, expiry, code, name) {
            (Ok(number), Ok(expiry), Ok(code), Ok(name)) => Ok(Self { number, expiry, code, name }),
            (number, expiry, code, name) => {
                let errors = [number.err(), expiry.err(), code.err(), name.err()];
                Err(FieldErrors(errors.into_iter().flatten().collect()))
            }
        }
    }

    /// The summary, completed by what only the processor knows.
    pub(crate) fn summary(&self, funding: &str, country: &str) -> CardSummary {
        CardSummary {
            brand: self.number.brand().wire_name(),
            last4: self.number.last4(),
            exp_month: self.expiry.month(),
            exp_year: self.expiry.year(),
            funding: funding.to_owned(),
            country: country.to_owned(),
            name: self.name.clone(),
        }
    }
}

fn read_number<E: Exchange>(form: &Form, exchange: &E) -> Result<CardNumber, FieldError> {
    let error = |code, message: &str| FieldError {
        field: "number",
        code,
        param: Field::Number.wire_name(),
        message: message.to_owned(),
    };
    let typed = form.text(Field::Number).unwrap_or_default();
    let number = CardNumber::parse(typed).map_err(|refusal| match refusal {
        NumberError::Malformed => {
            error("invalid_number", "The card number is missing, incomplete or not a number.")
        }
        NumberError::Incorrect => {
            error("incorrect_number", "The card number is incorrect. Check each digit.")
        }
        NumberError::Unsupported(brand) => error(
            "unsupported_brand",
            &format!(
                "{} cards are not accepted here. \
                 Use Visa, Mastercard, American Express or Discover.",
                brand.title(),
            ),
        ),
    })?;
    match exchange.refusal(&number) {
        Some(message) => Err(error("incorrect_number", message)),
        None => Ok(number),
    }
}

fn read_expiry(form: &Form, now: Timestamp) -> Result<Expiry, FieldError> {
    let whole = form.text(Field::Exp);
    let (month, year) = (form.text(Field::ExpMonth), form.text(Field::ExpYear));
    let is_split = whole.is_none() && (month.is_some() || year.is_some());
    let expiry = match whole {
        Some(typed) => Expiry::parse(typed),
        None => Expiry::parse_parts(month.unwrap_or_default(), year.unwrap_or_default()),
    };
    let expiry = expiry.and_then(|expiry| expiry.check(now).map(|()| expiry));
    expiry.map_err(|refusal| {
        let (code, split_field, message) = match refusal {
            ExpiryError::Month => (
                "invalid_expiry_month",
                Field::ExpMonth,
                "The card's expiry month is missing or not a month.",
            ),
            ExpiryError::Year => (
                "invalid_expiry_year",
                Field::ExpYear,
                "The card's expiry year is missing or not a year that a card can have.",
            ),
            ExpiryError::Expired => ("expired_card", Field::ExpMonth, "The card has expired."),
        };
        let field = if is_split { split_field } else { Field::Exp };
        FieldError { field: "exp", code, param: field.wire_name(), message: message.to_owned() }
    })
}

fn read_code(form: &Form, brand: Option<Brand>) -> Result<SecurityCode, FieldError> {
    let typed = form.text(Field::Cvc).unwrap_or_default();
    SecurityCode::parse(typed, brand).map_err(|_| FieldError {
        field: "cvc",
        code: "invalid_cvc",
        param: Field::Cvc.wire_name(),
        message: match brand {
            Some(brand) => format!("The card's security code has {} digits.", brand.code_length()),
            None => "The card's security code has 3 or 4 digits.".to_owned(),
        },
    })
}

fn read_name(form: &Form) -> Result<Option<String>, FieldError> {
    let Some(typed) = form.text(Field::Name).map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let is_too_long = typed.chars().count() > NAME_CHARS_MAX;
    let hides_number = typed.chars().filter(|c| c.is_numeric()).count() > NAME_DIGITS_MAX;
    if is_too_long || hides_number || typed.chars().any(char::is_control) {
        return Err(FieldError {
            field: "name",
            code: "invalid_name",
            param: Field::Name.wire_name(),
            message: format!(
                "The name on the card has at most {NAME_CHARS_MAX} characters, \
                 and at most {NAME_DIGITS_MAX} of them are digits."
            ),
        });
    }
    Ok(Some(typed.to_owned()))
}

#[cfg(test)]
mod tests;
