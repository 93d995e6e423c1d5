//! Each kind of error with its status, type, code and retry word.

use serde_json::{Value, json};

use super::*;
use crate::codes;
use crate::reply::SHOULD_RETRY;

fn decline() -> ApiError {
    ApiError::card(Decline {
        code: "card_declined",
        decline_code: Some("insufficient_funds".into()),
        advice_code: Some("try_again_later".into()),
        network_decline_code: Some("51".into()),
        message: "Your card has insufficient funds.".into(),
    })
}

#[test]
fn statuses_types_codes_and_retries() {
    const INVALID: &str = "invalid_request_error";
    let reference = ApiError::unknown_reference("order", "ord_1", "order");
    let forbidden = ApiError::forbidden(codes::SECRET_KEY_REQUIRED, "no");
    // The error, its status, type and code ("-" for none), and whether it asks to be repeated.
    let table: &[(ApiError, u16, &str, &str, bool)] = &[
        (ApiError::missing("amount"), 400, INVALID, "parameter_missing", false),
        (ApiError::exclusive("a", "b"), 400, INVALID, "parameters_exclusive", false),
        (ApiError::not_found("order", "ord_1"), 404, INVALID, "resource_missing", false),
        (reference, 400, INVALID, "resource_missing", false),
        (ApiError::unknown_route("GET", "/v1/x"), 404, INVALID, "-", false),
        (ApiError::unauthenticated("no"), 401, INVALID, "-", false),
        (ApiError::key_expired(), 401, INVALID, "api_key_expired", false),
        (forbidden, 403, INVALID, "secret_key_required", false),
        (decline(), 402, "card_error", "card_declined", false),
        (
            ApiError::idempotency_mismatch(),
            400,
            "idempotency_error",
            "idempotency_key_reused",
            false,
        ),
        (ApiError::idempotency_in_flight(), 409, INVALID, "idempotency_key_in_use", false),
        (ApiError::rate_limited(), 429, INVALID, "rate_limit", true),
        (ApiError::lock_timeout(), 429, INVALID, "lock_timeout", true),
        (ApiError::internal(), 500, "api_error", "internal_error", false),
        (ApiError::unavailable(), 503, "api_error", "service_unavailable", true),
        (ApiError::too_large(9), 413, INVALID, "request_too_large", false),
        (ApiError::too_slow(), 408, INVALID, "request_too_slow", false),
    ];
    for (error, status, kind, code, retry) in table {
        let code = Some(*code).filter(|code| *code != "-");
        let response = error.reply("http://api").into_response();
        assert_eq!(response.status().as_u16(), *status, "{error}");
        let header = response.headers().get(SHOULD_RETRY).map(|value| value.to_str().unwrap());
        assert_eq!(header, retry.then_some("true"), "{error}");
        let body: Value = serde_json::from_slice(error.reply("http://api").body()).unwrap();
        let object = &body["error"];
        assert_eq!(object["type"], *kind, "{error}");
        assert_eq!(object["code"].as_str(), code, "{error}");
        let page = code.map(|code| format!("http://api/docs/errors#{code}"));
        assert_eq!(object["doc_url"].as_str(), page.as_deref(), "{error}");
    }
}

#[test]
fn a_decline_carries_its_reasons_and_the_intent() {
    let error = decline()
        .with_payment_intent(json!({ "id": "pi_1", "status": "requires_payment_method" }))
        .with_charge("ch_1");
    let body: Value = serde_json::from_slice(error.reply("").body()).unwrap();
    let expected = json!({ "error": {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "advice_code": "try_again_later",
        "network_decline_code": "51",
        "message": "Your card has insufficient funds.",
        "charge": "ch_1",
        "payment_intent": { "id": "pi_1", "status": "requires_payment_method" },
    }});
    assert_eq!(body, expected);
}

#[test]
fn a_clients_text_is_clipped_and_cleaned() {
    let error = ApiError::not_found("order", "a\r\nb");
    assert_eq!(error.to_string(), "404 No such order: 'a\u{fffd}\u{fffd}b'");
    let error = ApiError::missing(&"x".repeat(300)).with_param(&"é".repeat(300));
    let param = error.param_name().unwrap();
    assert_eq!(param.chars().count(), ECHO_CHARS_MAX + 1);
    assert!(param.ends_with("é…"));
}
