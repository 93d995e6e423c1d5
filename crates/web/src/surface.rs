//! What the two surfaces share: who is let in, and the headers on every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::guard::{is_own_host, is_own_post};
use crate::page::{Policy, Problem};
use crate::share::Shares;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// A set of pages under one origin.
pub(crate) trait Surface: Send + Sync + 'static {
    /// Its origin, such as `http://127.0.0.1:4002`.
    fn origin(&self) -> &str;
    /// What its pages may load and post to.
    fn policy(&self) -> &Policy;
    /// How much each address has asked for.
    fn shares(&self) -> &Shares;
    /// The page that says what is wrong.
    fn trouble(&self, visit: &Visit, trouble: Trouble) -> Response;

    /// Turns what a handler came to into its answer.
    fn answer(&self, visit: &Visit, result: Result<Response, Trouble>) -> Response {
        let response = result.unwrap_or_else(|trouble| self.trouble(visit, trouble));
        visit.remember(response, self.origin().starts_with("https://"))
    }
}

/// Lets nobody in who came by another name (DNS rebinding), nobody who asks for more than a share,
/// and no post of another site; and protects every answer, refusals and failures included.
pub(crate) async fn gate<S: Surface>(
    State(surface): State<Arc<S>>,
    request: Request,
    next: Next,
) -> Response {
    let trouble = |problem: Problem| {
        let visit = Visit::of(request.uri().query(), request.headers());
        surface.trouble(&visit, problem.into())
    };
    let response = match (surface.shares().admit(&request), refusal(&*surface, &request)) {
        (Err(limited), _) => {
            let mut response = trouble(Problem::TooMany);
            let seconds = HeaderValue::from(limited.retry_after_seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
            response
        }
        (Ok(()), Some(problem)) => trouble(problem),
        (Ok(()), None) => next.run(request).await,
    };
    surface.policy().protect(response)
}

/// What is answered for an address that leads nowhere.
pub(crate) async fn not_found<S: Surface>(State(surface): State<Arc<S>>, visit: Visit) -> Response {
    surface.trouble(&visit, Problem::NotFound.into()).into_response()
}

fn refusal<S: Surface>(surface: &S, request: &Request) -> Option<Problem> {
    if !is_own_host(request.headers(), surface.origin()) {
        return Some(Problem::NotFound);
    }
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    (!reads && !is_own_post(request.headers(), surface.origin())).then_some(Problem::Foreign)
}
