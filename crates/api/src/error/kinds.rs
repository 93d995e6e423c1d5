//! The kinds of errors, each with its status, type and code: the one place where they are chosen.

use axum::http::StatusCode;

use super::{ApiError, Decline, ErrorKind, clipped};
use crate::codes;

impl ApiError {
    /// A request that cannot be understood or is not allowed: 400.
    pub fn invalid(code: &'static str, message: impl Into<String>) -> ApiError {
        let kind = ErrorKind::InvalidRequestError;
        ApiError::new(StatusCode::BAD_REQUEST, kind, Some(code), message.into())
    }

    /// A parameter that cannot be taken: 400 with `param`, spelled as the client wrote it.
    pub fn param(code: &'static str, param: &str, message: impl Into<String>) -> ApiError {
        ApiError::invalid(code, message).with_param(param)
    }

    /// A required parameter is absent: 400.
    pub fn missing(param: &str) -> ApiError {
        let message = format!("Missing required param: {param}.");
        ApiError::param(codes::PARAMETER_MISSING, param, message)
    }

    /// Two parameters of which only one may be given: 400. `param` is the second.
    pub fn exclusive(first: &str, second: &str) -> ApiError {
        let message = format!("You may only specify one of these parameters: {first}, {second}.");
        ApiError::param(codes::PARAMETERS_EXCLUSIVE, second, message)
    }

    /// There is no such object, or it belongs to somebody else: 404, the same for both.
    pub fn not_found(object: &str, id: &str) -> ApiError {
        let message = format!("No such {object}: '{}'", clipped(id));
        ApiError::new(
            StatusCode::NOT_FOUND,
            ErrorKind::InvalidRequestError,
            Some(codes::RESOURCE_MISSING),
            message,
        )
        .with_param("id")
    }

    /// A parameter names an object that does not exist, or is somebody else's: 400 with the
    /// parameter, as the dialect does where the id is not in the path.
    pub fn unknown_reference(object: &str, id: &str, param: &str) -> ApiError {
        let message = format!("No such {object}: '{}'", clipped(id));
        ApiError::param(codes::RESOURCE_MISSING, param, message)
    }

    /// The API has no such path, or not for this method: 404.
    pub fn unknown_route(method: &str, path: &str) -> ApiError {
        let (method, path) = (clipped(method), clipped(path));
        let message = format!("Unrecognized request URL ({method}: {path}).");
        ApiError::new(StatusCode::NOT_FOUND, ErrorKind::InvalidRequestError, None, message)
    }

    /// No key, a malformed one or one that nobody has: 401.
    pub fn unauthenticated(message: impl Into<String>) -> ApiError {
        let kind = ErrorKind::InvalidRequestError;
        ApiError::new(StatusCode::UNAUTHORIZED, kind, None, message.into())
    }

    /// The key was rolled or revoked: 401.
    pub fn key_expired() -> ApiError {
        let mut error = ApiError::unauthenticated("Expired API key provided.");
        error.0.object.code = Some(codes::API_KEY_EXPIRED);
        error
    }

    /// The key is known and may not do this: 403.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> ApiError {
        let kind = ErrorKind::InvalidRequestError;
        ApiError::new(StatusCode::FORBIDDEN, kind, Some(code), message.into())
    }

    /// A card that cannot be charged: 402. Add the intent with [`ApiError::with_payment_intent`].
    pub fn card(decline: Decline) -> ApiError {
        let status = StatusCode::PAYMENT_REQUIRED;
        let kind = ErrorKind::CardError;
        let mut error = ApiError::new(status, kind, Some(decline.code), decline.message);
        error.0.object.decline_code = decline.decline_code;
        error.0.object.advice_code = decline.advice_code;
        error.0.object.network_decline_code = decline.network_decline_code;
        error
    }

    /// The idempotency key was used with another path or other parameters: 400, not 409, which
    /// the SDKs would repeat.
    pub fn idempotency_mismatch() -> ApiError {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            ErrorKind::IdempotencyError,
            Some(codes::IDEMPOTENCY_KEY_REUSED),
            "Keys for idempotent requests can only be used with the same path and the same \
             parameters they were first used with. Try another key."
                .into(),
        )
    }

    /// The first request with this idempotency key has not been answered yet: 409, repeated by
    /// the SDKs.
    pub fn idempotency_in_flight() -> ApiError {
        ApiError::new(
            StatusCode::CONFLICT,
            ErrorKind::InvalidRequestError,
            Some(codes::IDEMPOTENCY_KEY_IN_USE),
            "There is another request in progress with this idempotency key. Repeat it later."
                .into(),
        )
    }

    /// Too many requests with one key: 429. The SDKs repeat a 429 only when told to.
    pub fn rate_limited() -> ApiError {
        let message = "Too many requests with this key in a short time. Wait and repeat.";
        ApiError::too_busy(codes::RATE_LIMIT, message)
    }

    /// Too many requests from one address for what needs no key: 429.
    pub fn rate_limited_address() -> ApiError {
        let message = "Too many requests from your address in a short time. Wait and repeat.";
        ApiError::too_busy(codes::RATE_LIMIT, message)
    }

    /// Too many requests with keys that nobody has, from one address: 429. Not to be repeated,
    /// which would only be another one.
    pub fn too_many_strangers() -> ApiError {
        let message = "Too many requests with invalid keys or signatures from your address.";
        ApiError::too_busy(codes::RATE_LIMIT, message).with_retry(false)
    }

    /// The object is being changed by others: 429 `lock_timeout`, to be repeated.
    pub fn lock_timeout() -> ApiError {
        let message = "This object is in use by other requests. Repeat this one.";
        ApiError::too_busy(codes::LOCK_TIMEOUT, message)
    }

    fn too_busy(code: &'static str, message: &str) -> ApiError {
        let (status, kind) = (StatusCode::TOO_MANY_REQUESTS, ErrorKind::InvalidRequestError);
        ApiError::new(status, kind, Some(code), message.into()).with_retry(true)
    }

    /// The server failed: 500. Says nothing of what happened; the log does, under the request id.
    pub fn internal() -> ApiError {
        ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::ApiError,
            Some(codes::INTERNAL),
            "Something failed on our side. The request id names it in the log.".into(),
        )
    }

    /// The server cannot work now (store full or away, shutting down): 503, to be repeated.
    pub fn unavailable() -> ApiError {
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::ApiError,
            Some(codes::SERVICE_UNAVAILABLE),
            "The server cannot take this request now. Repeat it with the same idempotency key."
                .into(),
        )
        .with_retry(true)
    }

    /// The body is larger than `bytes_max`: 413.
    pub fn gone(message: &str) -> ApiError {
        ApiError::new(
            StatusCode::GONE,
            ErrorKind::InvalidRequestError,
            Some(codes::LINK_EXPIRED),
            message.to_owned(),
        )
    }

    /// 413: more than `bytes_max` bytes.
    pub fn too_large(bytes_max: usize) -> ApiError {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::InvalidRequestError,
            Some(codes::REQUEST_TOO_LARGE),
            format!("The body of the request is larger than {bytes_max} bytes."),
        )
    }

    /// The body did not arrive in time: 408.
    pub fn too_slow() -> ApiError {
        ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            ErrorKind::InvalidRequestError,
            Some(codes::REQUEST_TOO_SLOW),
            "The body of the request did not arrive in time.".into(),
        )
    }
}
