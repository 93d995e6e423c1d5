//! The API as it describes itself: an OpenAPI document made from the table of operations, from
//! what their handlers read, and from the types of what they answer.
//!
//! Nothing here is a second list of anything: a parameter is in the document because its reader
//! was called, a field because it is sent.

mod explore;
mod given;
mod operations;
mod parameters;
mod words;

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};
use axum::http::{HeaderValue, Response, StatusCode};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::digest::{hex, sha256};
use crate::error::ErrorBody;
use crate::explained;
use crate::routes::OPERATIONS;
use crate::version;

/// `GET /openapi.json`: the document, which is the same for everybody and as long as the program
/// runs. It is made once, so that to ask for it often costs no more than to send it.
pub(crate) async fn answer(api: Api, headers: HeaderMap) -> Response<Body> {
    let printed = PRINTED.get_or_init(|| Printed::of(&document(&api)));
    let is_known = headers.get(IF_NONE_MATCH) == Some(&printed.etag);
    let body = if is_known { Body::empty() } else { Body::from(printed.json.as_str()) };
    let mut response = Response::new(body);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(ETAG, printed.etag.clone());
    response
}

/// The document as it is sent.
struct Printed {
    json: String,
    etag: HeaderValue,
}

static PRINTED: OnceLock<Printed> = OnceLock::new();

impl Printed {
    fn of(document: &Value) -> Printed {
        let json = document.to_string();
        let etag = format!("\"{}\"", &hex(&sha256(json.as_bytes()))[..32]);
        let etag = HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"0\""));
        Printed { json, etag }
    }
}

/// The OpenAPI document of the API. `api` lends its operations what they need to read; nothing is
/// carried out and nothing of it is told.
pub fn document(api: &Api) -> Value {
    let mut generator = generator();
    generator.subschema_for::<ErrorBody<'_>>();
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let described = operations::described(api, operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = described;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "summary": "Card payments of a marketplace, by the conventions of the Stripe API.",
            "description": INTRODUCTION,
            "version": version::DEFAULT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "basic": [] }],
        "tags": words::tags(),
        "paths": paths,
        "x-error-codes": explained::all(),
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A secret key, `sk_...`, or a restricted one, `rk_...`.",
                },
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The key as the name of the user, without a password.",
                },
                "publishable": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A publishable key, `pk_...`, with the object's \
                                    `client_secret`: from a browser.",
                },
            },
        },
    })
}

const INTRODUCTION: &str = "\
    Requests are forms with nested names (`a[b][c]=1`, `a[0][b]=1`), answers are JSON. Amounts are \
    in minor units of the currency beside them, times in seconds since 1970. Every answer has a \
    `Request-Id`. Lists are pages, newest first, found by `starting_after` and `ending_before`; \
    `expand[]` turns references into whole objects. A `POST` with an `Idempotency-Key` is carried \
    out once and answered the same ever after.";

/// Describes the types of the wire as the document does.
pub(crate) fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

#[cfg(test)]
mod tests;
