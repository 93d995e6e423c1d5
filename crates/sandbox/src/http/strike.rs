//! Does a request of the network, unless a fault strikes it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Frame;
use tokio::time::{Sleep, sleep};

use super::reply::Reply;
use super::server::HangUp;
use crate::faults::{FaultKind, Operation};
use crate::world::World;

/// How long after the first half of a cut answer the connection closes: long enough for the half
/// to be on its way.
const CUT_AFTER: Duration = Duration::from_millis(50);

/// Does `work`, or what a waiting fault makes of it.
pub(super) async fn strike(
    world: &World,
    operation: Operation,
    work: impl Future<Output = Result<Reply, Reply>>,
) -> Response {
    let work = async { work.await.unwrap_or_else(|error| error) };
    // Not inside the match: the lock must not be held while a fault takes its time.
    let struck = world.faults().strike(operation);
    let Some(fault) = struck else { return work.await.into_response() };
    tracing::info!(operation = operation.name(), fault = fault.fault.name(), "a fault strikes");
    match fault.fault {
        FaultKind::Slow => {
            // Done at once: a request that was looked up and not found is not done afterwards.
            let reply = work.await;
            sleep(fault.delay()).await;
            reply.into_response()
        }
        FaultKind::TimeoutBefore => {
            sleep(fault.delay()).await;
            HangUp::response()
        }
        FaultKind::TimeoutAfter => {
            work.await;
            sleep(fault.delay()).await;
            HangUp::response()
        }
        FaultKind::ResetBefore => HangUp::response(),
        FaultKind::ResetAfter => {
            work.await;
            HangUp::response()
        }
        FaultKind::ErrorBefore => failed().into_response(),
        FaultKind::ErrorAfter => {
            work.await;
            failed().into_response()
        }
        FaultKind::Truncated => truncated(&work.await),
        FaultKind::WrongAmount => wrong_amount(work.await).into_response(),
        FaultKind::RateLimited => {
            Reply::error(429, "rate_limited", "too many requests").into_response()
        }
        FaultKind::BadGateway => bad_gateway(),
    }
}

fn failed() -> Reply {
    Reply::error(500, "server_error", "the network failed")
}

fn wrong_amount(mut reply: Reply) -> Reply {
    let object = serde_json::from_slice::<serde_json::Value>(&reply.body);
    if let Ok(serde_json::Value::Object(mut object)) = object {
        let amount = object.get("amount").and_then(serde_json::Value::as_i64);
        if let Some(amount) = amount.and_then(|amount| amount.checked_add(1)) {
            object.insert("amount".to_owned(), amount.into());
            reply.body = serde_json::to_vec(&object).unwrap_or_default();
        }
    }
    reply
}

fn bad_gateway() -> Response {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>";
    let mut response = Reply { status: 502, body: page.into() }.into_response();
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// The headers announce the whole answer, and half of it comes.
fn truncated(reply: &Reply) -> Response {
    let mut response = reply.clone().into_response();
    let half = Bytes::copy_from_slice(&reply.body[..reply.body.len() / 2]);
    let length = HeaderValue::from(reply.body.len());
    response.headers_mut().insert(header::CONTENT_LENGTH, length);
    *response.body_mut() = Body::new(Cut { half: Some(half), pause: Box::pin(sleep(CUT_AFTER)) });
    response
}

/// A body that breaks off: the server closes the connection when a body fails.
struct Cut {
    half: Option<Bytes>,
    pause: Pin<Box<Sleep>>,
}

impl hyper::body::Body for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        self.pause.as_mut().poll(context).map(|()| Some(Err(std::io::ErrorKind::Other.into())))
    }
}
