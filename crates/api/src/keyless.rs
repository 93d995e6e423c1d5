//! What is answered without a key: each address has its share of it.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use holdfast_engine::rate_limit::Traffic;

use crate::api::Api;
use crate::error::ApiError;
use crate::server::Peer;

/// Counts a request by its address, as axum middleware. Without one nobody is counted.
///
/// # Errors
/// 429 `rate_limit` above the rate of pages.
pub(crate) async fn counted(
    State(api): State<Api>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let traffic = match *request.method() {
        Method::GET | Method::HEAD => Traffic::Read,
        _ => Traffic::Write,
    };
    if let Some(Peer(peer)) = request.extensions().get::<Peer>() {
        api.admit_keyless(peer.ip(), traffic)?;
    }
    Ok(next.run(request).await)
}
