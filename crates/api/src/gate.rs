//! What every request of the API passes first and every answer last.
//!
//! In: a request id, the whole body within its bound, the card guard. Then the handler, in a task
//! of its own: nobody cancels it when the client goes away, and its panic is an answer and not the
//! end of the program. Out: the error object, the protective headers, one line of log.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::body_limits::{UPLOAD_ROUTE, bytes_max};
use crate::card_guard;
use crate::codes;
use crate::connection::BodyRefused;
use crate::error::ApiError;
use crate::headers::{REQUEST_ID, protect};
use crate::overload;
use crate::request_id::RequestId;

/// What the gate has to know of the installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The origin of the page of error codes, `http://127.0.0.1:4001`; empty where there is none.
    pub origin: Arc<str>,
    /// What precedes the id of a request in the address of its log entry on the console; `None`
    /// leaves `request_log_url` out.
    pub request_log: Option<Arc<str>>,
}

/// The origin of the page of error codes, an extension of every request: answers that are kept
/// under an idempotency key are written where they are kept.
#[derive(Clone, Debug)]
pub(crate) struct ErrorPages(pub(crate) Arc<str>);

/// The gate as axum middleware: `router.layer(from_fn_with_state(gate, gate::pass))`.
///
/// Requests behind it carry their [`RequestId`] as an extension, and their body is in memory.
pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::random();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = match admitted(request, &id, route.as_ref()).await {
        Ok((mut request, place)) => {
            request.extensions_mut().insert(ErrorPages(Arc::clone(&gate.origin)));
            let response = handled(request, next, &id).await;
            drop(place);
            response
        }
        Err(error) => refused(error),
    };
    let response = gate.finished(response, &id, (&method, &path));
    tracing::info!(
        request_id = %id,
        %method,
        // The pattern and not the path: what a client puts into a path is not the log's to keep.
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// The request with its body read and looked at.
async fn admitted(
    request: Request,
    id: &RequestId,
    route: Option<&MatchedPath>,
) -> Result<(Request, Option<LargePlace>), ApiError> {
    let (mut parts, body) = request.into_parts();
    let route = route.map_or("", MatchedPath::as_str);
    let (body, place) = read(body, bytes_max(&parts.method, route)).await?;
    if parts.method == Method::POST && route == UPLOAD_ROUTE {
        card_guard::check_upload(&parts, &body)?;
    } else {
        card_guard::check(&parts, &body)?;
    }
    parts.extensions.insert(id.clone());
    Ok((Request::from_parts(parts, Body::from(body)), place))
}

/// The largest body that needs no place of its own: many times what an SDK sends for a payment.
const SMALL_BODY_BYTES: usize = 64 * 1024;
/// How many larger bodies are in memory at once: with 5 MB each, and their rows, below 128 MiB.
const LARGE_BODIES_MAX: usize = 8;
/// How long the others wait for a place before they are told to come again.
const PLACE_WAIT: Duration = Duration::from_secs(2);
static LARGE_BODIES: Semaphore = Semaphore::const_new(LARGE_BODIES_MAX);
/// A place for a large body, held until its request is answered.
type LargePlace = SemaphorePermit<'static>;

async fn read(mut body: Body, bytes_max: usize) -> Result<(Bytes, Option<LargePlace>), ApiError> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut place = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| body_refused(&error, bytes_max))?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > bytes_max {
            return Err(ApiError::too_large(bytes_max));
        }
        if bytes.len() + data.len() > SMALL_BODY_BYTES && place.is_none() {
            let Ok(Ok(free)) = timeout(PLACE_WAIT, LARGE_BODIES.acquire()).await else {
                overload::count();
                return Err(ApiError::unavailable());
            };
            place = Some(free);
        }
        bytes.extend_from_slice(data);
    }
    Ok((bytes.into(), place))
}

fn body_refused(error: &axum::Error, bytes_max: usize) -> ApiError {
    match error.source().and_then(|source| source.downcast_ref::<BodyRefused>()) {
        Some(BodyRefused::TooLarge) => ApiError::too_large(bytes_max),
        Some(BodyRefused::TooSlow) => ApiError::too_slow(),
        // The connection broke; whatever is answered will hardly arrive.
        None => ApiError::invalid(codes::REQUEST_TOO_SLOW, "The body of the request broke off."),
    }
}

async fn handled(request: Request, next: Next, id: &RequestId) -> Response {
    let span = tracing::info_span!("request", request_id = %id);
    match tokio::spawn(next.run(request).instrument(span)).await {
        Ok(response) => response,
        Err(error) => {
            // The panic's own message is on standard error already, with the place.
            tracing::error!(request_id = %id, panicked = error.is_panic(), "a handler did not end");
            ApiError::internal().into_response()
        }
    }
}

/// The answer to a request that did not get in.
fn refused(error: ApiError) -> Response {
    let mut response = error.into_response();
    // The connection's buffers hold what was refused, or more of it is under way: let go of them.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

impl Gate {
    fn finished(&self, response: Response, id: &RequestId, asked: (&Method, &str)) -> Response {
        let mut response = self.rendered(response, id, asked);
        if response.status() == StatusCode::UNAUTHORIZED {
            let realm = HeaderValue::from_static(r#"Bearer realm="Holdfast""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, realm);
        }
        response.headers_mut().insert(REQUEST_ID, id.header_value());
        protect(response.headers_mut());
        response
    }

    /// The answer with its error object written, where it is an error.
    fn rendered(
        &self,
        mut response: Response,
        id: &RequestId,
        (method, path): (&Method, &str),
    ) -> Response {
        let error = response.extensions_mut().remove::<ApiError>().or_else(|| {
            // The router's own answer to a path or a method that it does not know.
            let unknown = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
            let bare = !response.headers().contains_key(CONTENT_TYPE);
            (bare && unknown.contains(&response.status()))
                .then(|| ApiError::unknown_route(method.as_str(), path))
        });
        let Some(mut error) = error else { return response };
        if let Some(log) = &self.request_log {
            error = error.with_request_log_url(format!("{log}{id}"));
        }
        let mut rendered = error.reply(&self.origin).into_response();
        for (name, value) in response.headers() {
            if !rendered.headers().contains_key(name) && name != "content-length" {
                rendered.headers_mut().insert(name, value.clone());
            }
        }
        rendered
    }
}
