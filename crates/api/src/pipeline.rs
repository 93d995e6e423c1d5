//! The way of every request, in one place: key, permission, rate, version, parameters,
//! idempotency, handler, answer.

pub(crate) mod call;
pub(crate) mod halt;
pub(crate) mod in_flight;

use std::pin::Pin;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use holdfast_core::command::{Command, KeepReply};
use holdfast_core::id::{Id, SellerId};
use holdfast_core::replay::{self, Replay};
use holdfast_core::seller::Seller;
use holdfast_engine::Submission;

use crate::api::Api;
use crate::auth::{Access, Caller, KeyKind};
use crate::codes;
use crate::cors;
use crate::error::ApiError;
use crate::form::BODY_BYTES_MAX;
use crate::headers::{account_refused, form_only, stripe_account};
use crate::idempotency::{Fingerprint, IdempotencyKey, is_kept};
use crate::params::Params;
use crate::rate_limit::Traffic;
use crate::refusals;
use crate::reply::Reply;
use crate::version::Version;

use call::{Call, Claimant};
use halt::Halt;
use in_flight::Held;

/// What a handler answers.
pub(crate) type Answer = Result<Reply, Halt>;

/// A handler, from the call to the answer.
pub(crate) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

/// One operation of the API.
pub(crate) struct Operation {
    /// `GET`, `POST` or `DELETE`.
    pub(crate) method: &'static str,
    /// The path, with `{id}` where an id stands.
    pub(crate) path: &'static str,
    /// The resource that a restricted key needs a scope for.
    pub(crate) resource: &'static str,
    /// Whose keys may call it.
    pub(crate) who: Who,
    /// What it does.
    pub(crate) handler: Handler,
}

/// Who may call an operation beside the platform with its secret key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody.
    Platform,
    /// A browser with a publishable key and the secret of the one object that it may see.
    Browser,
    /// The platform in the name of a seller, by `Stripe-Account`: what is another seller's is
    /// then not there.
    Seller,
}

/// Answers a request to `operation`.
pub(crate) async fn run(api: Api, operation: &'static Operation, request: Request) -> Response {
    let mut response = match answer(&api, operation, request).await {
        Ok(reply) => reply.into_response(),
        Err(error) => error.into_response(),
    };
    if operation.who == Who::Browser {
        cors::open(response.headers_mut());
    }
    response
}

async fn answer(
    api: &Api,
    operation: &'static Operation,
    request: Request,
) -> Result<Reply, ApiError> {
    let (mut parts, body) = request.into_parts();
    let caller = api.caller(&parts.headers)?;
    operation.permit(&caller)?;
    api.admit(&caller, operation.traffic())?;
    let seller = seller(api, operation, &parts).await?;
    let version = Version::of(&parts.headers, &Version::default())?;
    let params = params(&parts, body).await?;
    let path_id = path_id(&mut parts).await;
    let key = IdempotencyKey::of(&parts.method, &parts.headers)?;
    let mut call = Call::new(api.clone(), caller, params);
    call.seller = seller;
    call.version = version;
    call.path = operation.path;
    call.path_id = path_id;
    match key {
        Some(key) => once(call, operation.handler, &parts, &key).await,
        None => (operation.handler)(call).await.or_else(Halt::into_reply),
    }
}

/// Carries out a request under its idempotency key: once, and answered the same ever after.
async fn once(
    mut call: Call,
    handler: Handler,
    parts: &Parts,
    key: &IdempotencyKey,
) -> Result<Reply, ApiError> {
    let print = Fingerprint::of(&parts.method, parts.uri.path(), call.given());
    let scoped = scoped(&call, key);
    let _held = Held::take(&call.api, &scoped, print)?;
    let claimant = Claimant::new(scoped, print);
    call.claim(claimant.clone());
    let api = call.api.clone();
    let reply = match handler(call).await {
        Ok(reply) => reply,
        Err(Halt::Replay(reply)) => return Ok(reply),
        // Nothing was carried out, so there is nothing to be told again.
        Err(halt) if !claimant.has_claimed() => return halt.into_reply(),
        Err(halt) => halt.into_reply().or_else(kept_or_not)?,
    };
    if claimant.has_claimed() { keep(&api, &claimant, reply).await } else { Ok(reply) }
}

/// An error after the request was carried out: a decline is an answer like any other.
fn kept_or_not(error: ApiError) -> Result<Reply, ApiError> {
    if is_kept(error.status()) { Ok(error.reply("")) } else { Err(error) }
}

/// Keeps the reply before it is sent, so that no client has seen one that is not repeated. Where
/// another process was quicker, its reply counts.
async fn keep(api: &Api, claimant: &Claimant, reply: Reply) -> Result<Reply, ApiError> {
    let (status, body) = reply.clone().into_parts();
    let body = String::from_utf8(body).map_err(|_| ApiError::internal())?;
    let keep = KeepReply { key: claimant.key().to_owned(), reply: replay::Reply { status, body } };
    let submission = Submission::new(api.platform(), Command::KeepReply(keep));
    let kept = api.engine().submit(submission).await;
    let kept = kept.map_err(|error| refusals::not_carried_out(&error))?;
    if kept.row::<Replay>().is_some() {
        return Ok(reply);
    }
    let first = api.engine().find::<Replay>(api.platform(), &claimant.key().to_owned()).await;
    let first = first.map_err(|error| refusals::store(&error))?.and_then(|replay| replay.reply);
    Ok(first.map_or(reply, |first| Reply::replayed(first.status, first.body.into_bytes())))
}

/// A key is its platform's, its seller's and its kind of caller's: a browser is never given the
/// answer to a server's request.
fn scoped(call: &Call, key: &IdempotencyKey) -> String {
    let kind = match call.caller.kind {
        KeyKind::Publishable => "pk",
        KeyKind::Secret => "sk",
        KeyKind::Restricted => "rk",
    };
    let seller = call.seller.map(|seller| seller.to_string());
    let key = key.scoped(call.caller.livemode, seller.as_deref());
    format!("{}:{kind}:{key}", call.api.platform())
}

impl Operation {
    fn permit(&self, caller: &Caller) -> Result<(), ApiError> {
        if self.who == Who::Browser && caller.kind == KeyKind::Publishable {
            return Ok(());
        }
        let access = match self.traffic() {
            Traffic::Read => Access::Read,
            Traffic::Write => Access::Write,
        };
        caller.require(self.resource, access)
    }

    fn traffic(&self) -> Traffic {
        if self.method == "GET" { Traffic::Read } else { Traffic::Write }
    }
}

/// The seller in whose name the platform calls.
async fn seller(
    api: &Api,
    operation: &Operation,
    parts: &Parts,
) -> Result<Option<SellerId>, ApiError> {
    let Some(account) = stripe_account(&parts.headers)? else { return Ok(None) };
    let id = SellerId::parse(account).ok_or_else(account_refused)?;
    let found = api.engine().find::<Seller>(api.platform(), &id).await;
    found.map_err(|error| refusals::store(&error))?.ok_or_else(account_refused)?;
    if operation.who != Who::Seller {
        let message = "This operation is the platform's own. Leave Stripe-Account out.";
        return Err(ApiError::invalid(codes::ACCOUNT_NOT_APPLICABLE, message));
    }
    Ok(Some(id))
}

async fn params(parts: &Parts, body: Body) -> Result<Params, ApiError> {
    let too_large = |_| ApiError::too_large(BODY_BYTES_MAX);
    let body = to_bytes(body, BODY_BYTES_MAX).await.map_err(too_large)?;
    form_only(&parts.headers, &body)?;
    Params::decode(parts.uri.query(), &body)
}

/// The id in the path, decoded; empty where the path has none.
async fn path_id(parts: &mut Parts) -> String {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    let first =
        params.ok().and_then(|params| params.iter().next().map(|(_, value)| value.to_owned()));
    first.unwrap_or_default()
}
