//! Answers of the network's API.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use crate::network::Refusal;
use crate::network::decline::{Decline, DeclineFacts};
use crate::world::Trouble;

/// A status and a JSON body, both final: what a fault may delay, cut or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The JSON.
    pub(crate) body: Vec<u8>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: ErrorObject<'a>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a str>,
}

impl Reply {
    /// 200 and an object.
    pub(crate) fn ok(object: &impl Serialize) -> Reply {
        match serde_json::to_vec(object) {
            Ok(body) => Reply { status: 200, body },
            Err(_) => Reply::error(500, "server_error", "the answer could not be written"),
        }
    }

    /// An error with a stable code and a sentence for people.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Reply {
        Reply::of_error(status, ErrorObject { code, message, param: None })
    }

    /// 400: the field `param` is not as it must be.
    pub(crate) fn invalid(param: &str, message: &str) -> Reply {
        let error = ErrorObject { code: "invalid_parameter", message, param: Some(param) };
        Reply::of_error(400, error)
    }

    /// 402: a card's issuer has said no, for this reason.
    fn declined(decline: Decline) -> Reply {
        #[derive(Serialize)]
        struct Declined<'a> {
            error: DeclinedObject<'a>,
        }
        #[derive(Serialize)]
        struct DeclinedObject<'a> {
            code: &'a str,
            message: &'a str,
            decline: DeclineFacts,
        }
        let (code, message) = ("declined", "the card's issuer does not let it be kept");
        let error = DeclinedObject { code, message, decline: decline.facts() };
        let body = serde_json::to_vec(&Declined { error }).unwrap_or_default();
        Reply { status: 402, body }
    }

    fn of_error(status: u16, error: ErrorObject<'_>) -> Reply {
        let body = serde_json::to_vec(&ErrorBody { error }).unwrap_or_default();
        Reply { status, body }
    }

    /// The answer as HTTP has it.
    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

impl From<Trouble> for Reply {
    fn from(trouble: Trouble) -> Reply {
        let refusal = match trouble {
            Trouble::Unavailable => {
                return Reply::error(503, "unavailable", "the network's ledger is not available");
            }
            Trouble::Refused(refusal) => refusal,
        };
        let (status, code, message) = match refusal {
            Refusal::KeyReused => {
                (409, "idempotency_key_reused", "this key came with another request before")
            }
            Refusal::ReferenceInUse => {
                (409, "reference_in_use", "this reference came with another request before")
            }
            Refusal::UnknownToken => (402, "unknown_token", "there is no such token"),
            Refusal::TokenAlreadyUsed => {
                (402, "token_already_used", "the token was used for another reference")
            }
            Refusal::Declined(decline) => return Reply::declined(decline),
            Refusal::UnknownAuthorization => {
                (404, "unknown_authorization", "there is no such authorization")
            }
            Refusal::UnknownDispute => (404, "unknown_dispute", "there is no such dispute"),
            Refusal::ClockBackwards => {
                (400, "clock_backwards", "the sandbox's clock is never moved back")
            }
        };
        Reply::error(status, code, message)
    }
}
