//! `/v1/webhook_endpoints`: where events are delivered.

use holdfast_core::command::{Command, CreateWebhookEndpoint};
use holdfast_core::id::WebhookEndpointId;
use holdfast_core::row::Record as _;
use holdfast_core::secret::Secret;
use holdfast_core::webhook::{WebhookEndpoint, WebhookEndpoints};

use crate::api::Api;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata;
use crate::objects::Deleted;
use crate::paging;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::{Call, Done};
use crate::pipeline::halt::Halt;
use crate::render::webhook_endpoint;
use crate::reply::Reply;
use crate::version::Version;

use super::events::kind;

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
    let id: WebhookEndpointId = call.id("webhook_endpoint")?;
    let found = all(&call).await?.into_iter().find(|endpoint| endpoint.id == id);
    let endpoint = found.ok_or_else(|| ApiError::not_found("webhook_endpoint", &call.path_id))?;
    Ok(Reply::ok(&webhook_endpoint::object(&endpoint)))
}

/// `GET /v1/webhook_endpoints`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(Page::take)?;
    let mut endpoints = all(&call).await?;
    endpoints.reverse();
    let rows = paging::of_whole(&page, endpoints, |endpoint| endpoint.id.to_string())?;
    let objects = rows.iter().map(webhook_endpoint::object).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `DELETE /v1/webhook_endpoints/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let id: WebhookEndpointId = call.id("webhook_endpoint")?;
    let about = WebhookEndpoints::key(&call.api.platform());
    let deleted = call.act(about, Command::DeleteWebhookEndpoint(id)).await;
    deleted.map_err(|halt| match halt {
        Halt::Error(error) if error.status() == 404 => {
            ApiError::not_found("webhook_endpoint", &call.path_id).into()
        }
        Halt::Error(_) | Halt::Refused(_) | Halt::Replay(_) => halt,
    })?;
    Ok(Reply::ok(&Deleted::new("webhook_endpoint", id.to_string())))
}

/// The receivers of the platform, the oldest first.
async fn all(call: &Call) -> Result<Vec<WebhookEndpoint>, Halt> {
    let row = call.find::<WebhookEndpoints>(&call.api.platform()).await?;
    Ok(row.map(|row| row.endpoints).unwrap_or_default())
}

/// The most types that an endpoint may list: all that there are, and some room.
const EVENTS_MAX: usize = 100;

fn create_params(api: &Api, params: &mut Params) -> Result<CreateWebhookEndpoint, ApiError> {
    let url = fields::url(params, "url")?.ok_or_else(|| params.missing("url"))?;
    Ok(CreateWebhookEndpoint {
        url,
        enabled_events: enabled_events(params)?,
        description: params.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        api_version: api_version(params)?,
        metadata: metadata::of_new(params)?,
        secret: Secret::new(format!("whsec_{}", api.secret().reveal())),
    })
}

fn enabled_events(params: &mut Params) -> Result<Vec<String>, ApiError> {
    let events = params.texts("enabled_events", EVENTS_MAX, fields::NAME_CHARS_MAX)?;
    let events = events.ok_or_else(|| params.missing("enabled_events"))?;
    if events.is_empty() || !events.iter().all(|name| name == "*" || kind(name).is_some()) {
        return Err(fields::invalid(params, "enabled_events", "must hold types of events, or *"));
    }
    Ok(events)
}

fn api_version(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(text) = params.text("api_version", fields::NAME_CHARS_MAX)? else { return Ok(None) };
    if Version::parse(&text).is_none() {
        let must = "must be a dated version, such as 2026-10-28.endive";
        return Err(fields::invalid(params, "api_version", must));
    }
    Ok(Some(text))
}
