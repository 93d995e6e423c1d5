//! `/v1/webhook_endpoints`: where events are delivered.

use holdfast_core::command::{Command, CreateWebhookEndpoint};
use holdfast_core::event::EventKind;
use holdfast_core::id::{EventId, WebhookEndpointId};
use holdfast_core::key::RowKind;
use holdfast_core::row::Record as _;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use holdfast_core::webhook::{
    Delivery, WebhookChange, WebhookCommand, WebhookEndpoint, WebhookEndpoints,
};

use crate::api::Api;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata::{self, MetadataChange};
use crate::objects::Deleted;
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::{Call, Done};
use crate::pipeline::halt::Halt;
use crate::render::webhook_endpoint;
use crate::reply::Reply;
use crate::version::{self, Version};

/// `POST /v1/webhook_endpoints`. The only answer that holds the secret.
pub(crate) async fn create(call: Call) -> Answer {
    let create = call.read(|params| create_params(&call.api, params))?;
    let url = create.url.clone();
    let about = WebhookEndpoints::key(&call.api.platform());
    let done = call.act(about, Command::CreateWebhookEndpoint(create)).await?;
    let endpoint = match done {
        Done::Now(submitted) => {
            let row = submitted.row::<WebhookEndpoints>();
            row.and_then(|row| row.endpoints.last()).cloned()
        }
        // The endpoint was made by the command that claimed the key: they share a moment.
        Done::Before(replay) => all(&call)
            .await?
            .into_iter()
            .find(|endpoint| endpoint.created == replay.created && endpoint.url == url),
    };
    let endpoint = endpoint.ok_or_else(|| ApiError::not_found("webhook_endpoint", ""))?;
    Ok(Reply::ok(&webhook_endpoint::with_secret(&endpoint)))
}

/// `GET /v1/webhook_endpoints/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    Ok(Reply::ok(&webhook_endpoint::object(&named(&call).await?)))
}

/// `GET /v1/webhook_endpoints`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        Page::take(params)
    })?;
    let mut endpoints = all(&call).await?;
    endpoints.reverse();
    let created = page.created().moments();
    endpoints.retain(|endpoint| created.includes(endpoint.created));
    let rows =
        paging::of_whole(&page.of_all_time(), endpoints, |endpoint| endpoint.id.to_string())?;
    let objects = rows.iter().map(webhook_endpoint::object).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/webhook_endpoints/{id}`: everything but the version, which is for ever.
pub(crate) async fn update(call: Call) -> Answer {
    let (change, notes) = call.read(change_params)?;
    let found = named(&call).await?;
    let metadata = if notes.is_empty() { None } else { Some(notes.applied(&found.metadata)?) };
    let change = Box::new(WebhookChange { metadata, ..change });
    submit(&call, WebhookCommand::Change(found.id, change)).await?;
    Ok(Reply::ok(&webhook_endpoint::object(&named(&call).await?)))
}

/// `POST /v1/webhook_endpoints/{id}/rotate_secret`: a new secret. For `expire_previous_in`
/// seconds deliveries carry the signatures of both, that of the new one last.
pub(crate) async fn rotate_secret(call: Call) -> Answer {
    let overlap = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        params.integer("expire_previous_in", 0..=OVERLAP_MAX.ms() / 1_000)
    })?;
    let overlap = overlap.filter(|seconds| *seconds > 0);
    let now = call.api.engine().system_now();
    let previous_until = overlap.map(|seconds| now.after(Span::from_ms(seconds * 1_000)));
    let endpoint = named(&call).await?.id;
    let secret = fresh_secret(&call.api);
    submit(&call, WebhookCommand::Rotate { endpoint, secret, previous_until }).await?;
    Ok(Reply::ok(&webhook_endpoint::with_secret(&named(&call).await?)))
}

/// `DELETE /v1/webhook_endpoints/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let id: WebhookEndpointId = call.id("webhook_endpoint")?;
    let about = WebhookEndpoints::key(&call.api.platform());
    let deleted = call.act(about, Command::DeleteWebhookEndpoint(id)).await;
    deleted.map_err(|halt| missing(halt, &call))?;
    Ok(Reply::ok(&Deleted::new("webhook_endpoint", id.to_string())))
}

/// `GET /v1/webhook_endpoints/{id}/deliveries`: what became of each event that was to go there,
/// from its first try on.
pub(crate) async fn deliveries(call: Call) -> Answer {
    let (page, event, status) = call.read(|params| {
        let event: Option<EventId> = fields::id(params, "event", "event")?;
        let words = DELIVERY_STATUSES.map(|word| (word, word));
        Ok((Page::take(params)?, event, params.choice("status", &words)?))
    })?;
    let endpoint = named(&call).await?.id;
    let narrowed = Narrowed::linked(RowKind::Delivery, event.as_ref());
    let narrowed = narrowed.link(Some(&endpoint)).state(status);
    let rows = paging::rows::<Delivery>(&call, &page, narrowed).await?;
    let objects = rows.iter().map(webhook_endpoint::delivery).collect();
    let url = call.path.replace("{id}", &endpoint.to_string());
    Ok(Reply::ok(&page.list(&url, objects)))
}

/// The endpoint that the path names.
async fn named(call: &Call) -> Result<WebhookEndpoint, Halt> {
    let id: WebhookEndpointId = call.id("webhook_endpoint")?;
    let found = all(call).await?.into_iter().find(|endpoint| endpoint.id == id);
    Ok(found.ok_or_else(|| ApiError::not_found("webhook_endpoint", &call.path_id))?)
}

/// Carries out a command about the endpoint that the path names.
async fn submit(call: &Call, command: WebhookCommand) -> Result<(), Halt> {
    let about = WebhookEndpoints::key(&call.api.platform());
    let done = call.act(about, Command::Webhook(command)).await;
    done.map(|_| ()).map_err(|halt| missing(halt, call))
}

/// All endpoints are in one row: what is missing in it is the endpoint.
fn missing(halt: Halt, call: &Call) -> Halt {
    match halt {
        Halt::Error(error) if error.status() == 404 => {
            ApiError::not_found("webhook_endpoint", &call.path_id).into()
        }
        Halt::Error(_) | Halt::Refused(_) | Halt::Replay(_) => halt,
    }
}

/// The receivers of the platform, the oldest first.
pub(super) async fn all(call: &Call) -> Result<Vec<WebhookEndpoint>, Halt> {
    let row = call.find::<WebhookEndpoints>(&call.api.platform()).await?;
    Ok(row.map(|row| row.endpoints).unwrap_or_default())
}

/// The longest overlap of a replaced secret with its successor: a week of deployments.
const OVERLAP_MAX: Span = Span::days(7);

/// What may have become of a delivery.
const DELIVERY_STATUSES: [&str; 3] = ["retrying", "delivered", "given_up"];

/// The most types that an endpoint may list: all that there are, and some room.
const EVENTS_MAX: usize = 250;

fn create_params(api: &Api, params: &mut Params) -> Result<CreateWebhookEndpoint, ApiError> {
    Expand::take(params, |_| Ok(()))?;
    let events = enabled_events(params)?.ok_or_else(|| params.missing("enabled_events"))?;
    Ok(CreateWebhookEndpoint {
        url: url(params)?.ok_or_else(|| params.missing("url"))?,
        enabled_events: events,
        description: params.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        api_version: api_version(params)?,
        metadata: metadata::of_new(params)?,
        secret: fresh_secret(api),
        connect: params.boolean("connect")?.unwrap_or(false),
    })
}

fn fresh_secret(api: &Api) -> Secret {
    Secret::new(format!("whsec_{}", api.secret().reveal()))
}

fn change_params(params: &mut Params) -> Result<(WebhookChange, MetadataChange), ApiError> {
    Expand::take(params, |_| Ok(()))?;
    let description = match params.text_change("description", fields::DESCRIPTION_CHARS_MAX)? {
        Change::Keep => None,
        Change::Unset => Some(None),
        Change::Set(text) => Some(Some(text)),
    };
    let change = WebhookChange {
        url: url(params)?,
        enabled_events: enabled_events(params)?,
        description,
        metadata: None,
        disabled: params.boolean("disabled")?,
    };
    Ok((change, MetadataChange::take(params)?))
}

/// Where events go. Nothing that a receiver would not see belongs in there: no user, no fragment.
fn url(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(url) = fields::url(params, "url")? else { return Ok(None) };
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains('@') || url.contains(['#', '\\']) {
        let must = "must have no user name, no fragment and no backslash";
        return Err(fields::invalid(params, "url", must));
    }
    Ok(Some(url))
}

fn enabled_events(params: &mut Params) -> Result<Option<Vec<String>>, ApiError> {
    params.example("enabled_events", "*");
    let events = params.texts("enabled_events", EVENTS_MAX, fields::NAME_CHARS_MAX)?;
    let Some(events) = events else { return Ok(None) };
    if events.is_empty()
        || !events.iter().all(|name| name == "*" || EventKind::parse(name).is_some())
    {
        return Err(fields::invalid(params, "enabled_events", "must hold types of events, or *"));
    }
    Ok(Some(events))
}

fn api_version(params: &mut Params) -> Result<Option<String>, ApiError> {
    params.example("api_version", version::DEFAULT);
    let Some(text) = params.text("api_version", fields::NAME_CHARS_MAX)? else { return Ok(None) };
    if Version::parse(&text).is_none() {
        let must = "must be a dated version, such as 2026-10-28.endive";
        return Err(fields::invalid(params, "api_version", must));
    }
    Ok(Some(text))
}
