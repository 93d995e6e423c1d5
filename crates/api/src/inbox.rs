//! What processors send: a hint that something happened, never a fact. It is looked up.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use holdfast_core::command::{Command, LookAt};
use holdfast_core::id::{AttemptId, Id, RefundId, SetupAttemptId};
use holdfast_core::refusal::Refusal;
use holdfast_engine::{Submission, SubmitError};
use serde_json::json;

use crate::api::Api;
use crate::codes;
use crate::error::ApiError;
use crate::refusals;
use crate::reply::Reply;
use crate::request_id::RequestId;
use crate::server::Peer;

/// Reads the notices of the processors and proves who sent them.
pub trait Inbox: Send + Sync {
    /// The notice of a request, `now_seconds` since 1970 of the machine's own clock.
    ///
    /// # Errors
    /// [`InboxRefused`] for a wrong or old signature and for what is no notice.
    fn read(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now_seconds: i64,
    ) -> Result<Notice, InboxRefused>;
}

/// A notice whose sender is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Our own name of what it is about: `ch_...`, `re_...`, `setatt_...`, or [`DISPUTES_OF`] and
    /// `ch_...` for what was raised about a charge.
    pub reference: String,
}

/// What precedes the charge in a notice about its disputes.
pub const DISPUTES_OF: &str = "disputes/";

/// A notice that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxRefused;

/// `POST /webhooks/processors/sandbox`.
pub(crate) async fn receive(
    State(api): State<Api>,
    Extension(id): Extension<RequestId>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Reply, ApiError> {
    let now = api.engine().system_now().seconds();
    let Ok(notice) = api.inbox().read(&headers, &body, now) else {
        api.admit_stranger(peer.map(|Extension(Peer(peer))| peer.ip()))?;
        let message = "The signature of this notice does not fit it.";
        return Err(ApiError::invalid(codes::NOTICE_REFUSED, message));
    };
    match look_at(&notice.reference) {
        Some(at) => look(&api, at).await?,
        // The sender would only repeat what nobody here can use.
        None => tracing::info!(request_id = %id, "a notice about nothing of ours"),
    }
    Ok(Reply::ok(&json!({ "received": true })))
}

fn look_at(reference: &str) -> Option<LookAt> {
    if let Some(charge) = reference.strip_prefix(DISPUTES_OF) {
        return AttemptId::parse(charge).map(LookAt::Complaints);
    }
    let attempt = AttemptId::parse(reference).map(LookAt::Attempt);
    let setup = || SetupAttemptId::parse(reference).map(LookAt::SetupAttempt);
    attempt.or_else(|| RefundId::parse(reference).map(LookAt::Refund)).or_else(setup)
}

async fn look(api: &Api, at: LookAt) -> Result<(), ApiError> {
    let submission = Submission::new(api.platform(), Command::Look(at));
    match api.engine().submit(submission).await {
        Ok(_) | Err(SubmitError::Refused(Refusal::NotFound)) => Ok(()),
        Err(SubmitError::Refused(refusal)) => {
            tracing::info!(code = refusal.code(), "a notice led to nothing");
            Ok(())
        }
        // The sender repeats what was not answered by 200.
        Err(error) => Err(refusals::not_carried_out(&error)),
    }
}
