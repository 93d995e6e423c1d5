//! The wire form of every answer. Nothing that was typed is ever in one, but the name and the last
//! four digits of a card that was right.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::origin::{PayOrigin, ReturnTo};
use super::residue::{BODY_BYTES_MAX, BodyError};
use crate::card::{CardSummary, FieldErrors};
use crate::exchange::{ExchangeError, Exchanged};
use crate::form::{Field, FormError};

/// An answer.
pub(super) type Reply = Response<Full<Bytes>>;

/// How the page wants to be answered.
pub(super) enum Answer {
    /// To its script.
    Json,
    /// By sending the browser back.
    Redirect(ReturnTo),
}

/// Why a buyer's card has no token.
pub(super) enum Trouble {
    /// Fields to correct.
    Fields(FieldErrors),
    /// The processor's doing; the buyer may try again.
    Exchange(ExchangeError),
}

/// Why a request is refused as such.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The page is not the pay page.
    Origin,
    /// Too many cards from one peer.
    RateLimited,
    /// Something in the address.
    Query,
    /// Not a form by its content type.
    NotAForm,
    /// The body was not read.
    Body(BodyError),
    /// The body is not the form.
    Form(FormError),
    /// No publishable key of ours.
    Key,
    /// An expiry in one field and in two.
    TwoExpiries,
    /// Not a place on the pay page.
    ReturnTo,
}

#[derive(Serialize)]
struct TokenBody<'a> {
    id: &'a str,
    object: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    livemode: bool,
    /// Unix time in seconds.
    created: i64,
    used: bool,
    card: CardBody<'a>,
}

#[derive(Serialize)]
struct CardBody<'a> {
    object: &'static str,
    brand: &'a str,
    last4: &'a str,
    exp_month: u8,
    exp_year: i16,
    funding: &'a str,
    country: &'a str,
    name: Option<&'a str>,
    cvc_check: &'static str,
}

impl Answer {
    /// The outcome of a card, as the page wants it.
    pub(super) fn reply(
        &self,
        pay: &PayOrigin,
        outcome: Result<Exchanged, Trouble>,
        now: Timestamp,
    ) -> Reply {
        match (self, outcome) {
            (Self::Json, Ok(exchanged)) => token(&exchanged, now),
            (Self::Json, Err(Trouble::Fields(errors))) => card_error(&errors),
            (Self::Json, Err(Trouble::Exchange(error))) => processing_error(error),
            (Self::Redirect(place), Ok(exchanged)) => {
                let query = format!("token={}", exchanged.token.as_str());
                see_other(&pay.address(place, &query))
            }
            (Self::Redirect(place), Err(trouble)) => {
                let query = format!("errors={}", trouble.codes());
                see_other(&pay.address(place, &query))
            }
        }
    }
}

impl Trouble {
    /// `number.incorrect_number,cvc.invalid_cvc`; safe in a URL.
    fn codes(&self) -> String {
        match self {
            Self::Fields(FieldErrors(errors)) => {
                let codes = errors.iter().map(|error| format!("{}.{}", error.field, error.code));
                codes.collect::<Vec<_>>().join(",")
            }
            Self::Exchange(_) => "form.processing_error".to_owned(),
        }
    }
}

impl Refusal {
    /// The refusal as an error object.
    pub(super) fn reply(&self) -> Reply {
        let (status, code, message) = self.wire();
        let mut error = Map::new();
        error.insert("type".to_owned(), json!("invalid_request_error"));
        error.insert("code".to_owned(), json!(code));
        if let Some(param) = self.param() {
            error.insert("param".to_owned(), json!(param));
        }
        error.insert("message".to_owned(), json!(message));
        let mut reply = error_object(status, &error);
        if matches!(self, Self::RateLimited) {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        reply
    }

    fn wire(&self) -> (StatusCode, &'static str, String) {
        let (status, code, message) = match self {
            Self::Origin => (403, "origin_not_allowed", "Cards are taken from the pay page only."),
            Self::RateLimited => (429, "rate_limit", "Too many cards. Try again in a second."),
            Self::Query => (400, "parameter_invalid", "Send the card in the body of the request."),
            Self::NotAForm => (
                415,
                "content_type_invalid",
                "The content type must be application/x-www-form-urlencoded.",
            ),
            Self::Body(error) => return body_refusal(*error),
            Self::Form(error) => return form_refusal(error),
            Self::Key => (401, "invalid_api_key", "The publishable key is missing or unknown."),
            Self::TwoExpiries => (
                400,
                "parameter_invalid",
                "Send either card[exp], or card[exp_month] and card[exp_year].",
            ),
            Self::ReturnTo => {
                (400, "parameter_invalid", "return_to must be a path of the checkout pages.")
            }
        };
        (status_of(status), code, message.to_owned())
    }

    fn param(&self) -> Option<String> {
        let field = match self {
            Self::Form(FormError::Unknown(name)) => return name.clone(),
            Self::Form(FormError::Malformed(field)) => *field,
            Self::Form(FormError::Repeated(field)) => Some(*field),
            Self::Key => Some(Field::Key),
            Self::TwoExpiries => Some(Field::Exp),
            Self::ReturnTo => Some(Field::ReturnTo),
            Self::Origin | Self::RateLimited | Self::Query | Self::NotAForm | Self::Body(_) => None,
        };
        field.map(|field| field.wire_name().to_owned())
    }
}

/// A plain text.
pub(super) fn text(status: StatusCode, body: &'static str) -> Reply {
    with_body(status, "text/plain; charset=utf-8", Bytes::from_static(body.as_bytes()))
}

/// No body.
pub(super) fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::default();
    *reply.status_mut() = status;
    reply
}

fn body_refusal(error: BodyError) -> (StatusCode, &'static str, String) {
    let (status, message) = match error {
        BodyError::LengthMissing => (411, "The request must say its Content-Length.".to_owned()),
        BodyError::TooLarge => (413, format!("The form is larger than {BODY_BYTES_MAX} bytes.")),
        BodyError::TooSlow => (408, "The form did not arrive in time.".to_owned()),
        BodyError::Broken => (400, "The form did not arrive whole.".to_owned()),
    };
    (status_of(status), "body_invalid", message)
}

fn form_refusal(error: &FormError) -> (StatusCode, &'static str, String) {
    let (code, message) = match error {
        FormError::Unknown(Some(name)) => {
            ("parameter_unknown", format!("The form has no field {name}."))
        }
        FormError::Unknown(None) => {
            ("parameter_unknown", "The form has a field that is not known.".to_owned())
        }
        FormError::Repeated(field) => {
            ("parameter_invalid", format!("The field {} came twice.", field.wire_name()))
        }
        FormError::Malformed(Some(field)) => {
            ("parameter_invalid", format!("{} is not encoded as UTF-8.", field.wire_name()))
        }
        FormError::Malformed(None) => {
            ("body_invalid", "The body is not a form of names and values.".to_owned())
        }
    };
    (StatusCode::BAD_REQUEST, code, message)
}

fn token(exchanged: &Exchanged, now: Timestamp) -> Reply {
    let CardSummary { brand, last4, exp_month, exp_year, funding, country, name } = &exchanged.card;
    let card = CardBody {
        object: "card",
        brand,
        last4,
        exp_month: *exp_month,
        exp_year: *exp_year,
        funding,
        country,
        name: name.as_deref(),
        cvc_check: "unchecked",
    };
    let body = TokenBody {
        id: exchanged.token.as_str(),
        object: "token",
        kind: "card",
        livemode: false,
        created: now.as_second(),
        used: false,
        card,
    };
    json_body(StatusCode::OK, &body)
}

fn card_error(FieldErrors(errors): &FieldErrors) -> Reply {
    let fields: Map<String, Value> =
        errors.iter().map(|error| (error.field.to_owned(), json!(error.code))).collect();
    let mut error = Map::new();
    error.insert("type".to_owned(), json!("card_error"));
    // The first error stands for all where only one can be shown.
    if let Some(first) = errors.first() {
        error.insert("code".to_owned(), json!(first.code));
        error.insert("param".to_owned(), json!(first.param));
        error.insert("message".to_owned(), json!(first.message));
    }
    error.insert("fields".to_owned(), Value::Object(fields));
    error_object(StatusCode::PAYMENT_REQUIRED, &error)
}

fn processing_error(error: ExchangeError) -> Reply {
    let status = match error {
        ExchangeError::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        ExchangeError::Unreachable | ExchangeError::Unintelligible => StatusCode::BAD_GATEWAY,
    };
    let mut error = Map::new();
    error.insert("type".to_owned(), json!("api_error"));
    error.insert("code".to_owned(), json!("processing_error"));
    let message = "The card could not be processed. Nothing was charged. Try again.";
    error.insert("message".to_owned(), json!(message));
    error_object(status, &error)
}

fn see_other(address: &str) -> Reply {
    // An address is made of an origin, a checked path and our own codes: always a header's value.
    let Ok(location) = HeaderValue::try_from(address) else {
        return empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut reply = empty(StatusCode::SEE_OTHER);
    reply.headers_mut().insert(LOCATION, location);
    reply
}

fn error_object(status: StatusCode, error: &Map<String, Value>) -> Reply {
    json_body(status, &json!({ "error": error }))
}

fn json_body(status: StatusCode, body: &impl Serialize) -> Reply {
    match serde_json::to_vec(body) {
        Ok(body) => with_body(status, "application/json", Bytes::from(body)),
        // Only maps with keys that are no strings cannot be written; there are none.
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn with_body(status: StatusCode, content_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Reply::new(Full::new(body));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

fn status_of(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
