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
use holdfast_core::event::Origin;
use holdfast_core::id::{Id, SellerId};
use holdfast_core::replay::{self, Replay};
use holdfast_core::seller::Seller;
use holdfast_engine::Submission;
use holdfast_engine::rate_limit::Traffic;
use schemars::{Schema, SchemaGenerator};

use crate::api::Api;
use crate::auth::{Access, Caller, KeyKind, refuse_key_in};
use crate::body_limits::{UPLOAD_ROUTE, bytes_max};
use crate::codes;
use crate::cors;
use crate::error::ApiError;
use crate::expand::Wanted;
use crate::form;
use crate::gate::ErrorPages;
use crate::handlers::wholes;
use crate::headers::{account_refused, form_only, stripe_account};
use crate::idempotency::{Fingerprint, IdempotencyKey, is_kept};
use crate::multipart::{self, Upload};
use crate::overload;
use crate::params::Params;
use crate::refusals;
use crate::reply::Reply;
use crate::request_id::RequestId;
use crate::server::Peer;
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
    /// The path, with `{id}` where an id stands and `{inner}` where that of a part of it does.
    pub(crate) path: &'static str,
    /// The resource that a restricted key needs a scope for.
    pub(crate) resource: &'static str,
    /// Whose keys may call it.
    pub(crate) who: Who,
    /// The handler as it is named in the table, `noun::verb`.
    pub(crate) name: &'static str,
    /// What it does, in the words of the table; empty where its name says it all.
    pub(crate) doc: &'static str,
    /// The schema of its answer; `None` only until somebody names the type in the table.
    pub(crate) answer: Option<AnswerSchema>,
    /// What it does.
    pub(crate) handler: Handler,
}

/// Describes the answer of an operation.
pub(crate) type AnswerSchema = fn(&mut SchemaGenerator) -> Schema;

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
    refuse_key_in(&parts.uri)?;
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
    let caller = api.caller(&parts.headers, peer).await?;
    operation.permit(&caller)?;
    api.admit(&caller, operation.traffic())?;
    if operation.traffic() == Traffic::Write && api.engine().is_full() {
        // Before its key is looked at: the same request gets a fresh try.
        overload::count();
        return Err(ApiError::unavailable());
    }
    let seller = seller(api, operation, &parts).await?;
    let version = Version::of(&parts.headers, &Version::default())?;
    let given = given(operation, &parts, body).await?;
    let (path_id, inner_id) = path_ids(&mut parts).await;
    let key = IdempotencyKey::of(&parts.method, &parts.headers)?;
    let params = given.params.wanting(operation.wanted(caller.kind));
    let mut call = Call::new(api.clone(), caller, params);
    call.take_upload(given.upload);
    call.seller = seller;
    call.version = version;
    call.path = operation.path;
    call.path_id = path_id;
    call.origin = parts.extensions.get::<RequestId>().map(|id| Origin {
        request: id.as_str().to_owned(),
        idempotency_key: key.as_ref().map(|key| key.as_str().to_owned()),
    });
    call.inner_id = inner_id;
    match key {
        Some(key) => once(call, operation.handler, &parts, &key).await,
        None => carried_out(call, operation.handler).await.or_else(Halt::into_reply),
    }
}

/// The answer of a handler, with what the request wants of it whole.
async fn carried_out(call: Call, handler: Handler) -> Answer {
    let reply = handler(call.clone()).await?;
    wholes::filled(&call, reply).await
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
    // Before the handler, which may look at what has changed since.
    if let Some(before) = begun_before(&api, &claimant).await? {
        if let Some(reply) = before.reply {
            return Ok(Reply::replayed(reply.status, reply.body.into_bytes()));
        }
        // Whoever carried it out is gone: the handler makes the answer.
        call.begin_again(before.subject);
    }
    let reply = match carried_out(call, handler).await {
        Ok(reply) => reply,
        Err(Halt::Replay(reply)) => return Ok(reply),
        // Nothing was decided, so there is nothing to be told again.
        Err(halt) if !claimant.has_claimed() && !claimant.was_refused() => {
            return halt.into_reply();
        }
        Err(halt) => {
            let pages = parts.extensions.get::<ErrorPages>();
            let pages = pages.map_or("", |pages| &pages.0);
            halt.into_reply().or_else(|error| kept_or_not(error, pages))?
        }
    };
    if claimant.has_claimed() || claimant.was_refused() {
        keep(&api, &claimant, reply).await
    } else {
        Ok(reply)
    }
}

/// What became of the same request before.
///
/// # Refusals
/// 400 where it was another request.
async fn begun_before(api: &Api, claimant: &Claimant) -> Result<Option<Replay>, ApiError> {
    let found = api.engine().find::<Replay>(api.platform(), &claimant.key().to_owned()).await;
    let found = found.map_err(|error| refusals::store(&error))?;
    if found.as_ref().is_some_and(|replay| replay.fingerprint != claimant.print()) {
        return Err(ApiError::idempotency_mismatch());
    }
    Ok(found)
}

/// An error after the request was carried out: a decline is an answer like any other. A failure of
/// ours will be told again, so that to repeat the request is of no use.
fn kept_or_not(error: ApiError, pages: &str) -> Result<Reply, ApiError> {
    if !is_kept(error.status()) {
        return Err(error);
    }
    let reply = error.reply(pages);
    Ok(if error.status().is_server_error() { reply.with_retry(false) } else { reply })
}

/// Keeps the reply before it is sent, so that no client has seen one that is not repeated. Where
/// another process was quicker, its reply counts.
async fn keep(api: &Api, claimant: &Claimant, reply: Reply) -> Result<Reply, ApiError> {
    let (status, body) = reply.clone().into_kept();
    let body = String::from_utf8(body).map_err(|_| ApiError::internal())?;
    let refused = (!claimant.has_claimed()).then(|| claimant.print().to_owned());
    let (key, reply_kept) = (claimant.key().to_owned(), replay::Reply { status, body });
    let keep = KeepReply { key, reply: reply_kept, refused };
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

    /// What may be wanted whole of its answer: a browser is shown one object, and nothing that
    /// hangs on it but what the handler knows to be the buyer's own.
    pub(crate) fn wanted(&self, kind: KeyKind) -> Wanted {
        match kind {
            KeyKind::Secret | KeyKind::Restricted => Wanted::of(self.name),
            KeyKind::Publishable => Wanted::default(),
        }
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

/// What came with a request.
struct Given {
    params: Params,
    upload: Option<Upload>,
}

async fn given(operation: &Operation, parts: &Parts, body: Body) -> Result<Given, ApiError> {
    let bytes_max = bytes_max(&parts.method, operation.path);
    let too_large = |_| ApiError::too_large(bytes_max);
    let body = to_bytes(body, bytes_max).await.map_err(too_large)?;
    let query = parts.uri.query();
    if operation.path == UPLOAD_ROUTE
        && let Some(boundary) = multipart::boundary(&parts.headers)?
    {
        let form = multipart::read(&boundary, &body)?;
        let params = Params::decode(query, &form.as_form())?;
        return Ok(Given { params, upload: form.upload });
    }
    form_only(&parts.headers, &body)?;
    let params = Params::of_body(query, form::Body { bytes: &body, bytes_max })?;
    Ok(Given { params, upload: None })
}

/// The ids in the path, decoded; empty where the path has none.
async fn path_ids(parts: &mut Parts) -> (String, String) {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok();
    let mut values = params.iter().flatten().map(|(_, value)| value.to_owned());
    let first = values.next().unwrap_or_default();
    (first, values.next().unwrap_or_default())
}
