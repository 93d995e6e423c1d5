//! `/v1/events`: what happened.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use holdfast_core::command::Command;
use holdfast_core::event::{Event, EventKind};
use holdfast_core::id::{EventId, Id as _, WebhookEndpointId};
use holdfast_core::key::RowKind;
use holdfast_core::row::Record as _;
use holdfast_core::webhook::{
    Delivery, DeliveryState, ENDPOINTS_MAX, WebhookCommand, WebhookEndpoints,
};
use holdfast_engine::query::{EventsQuery, RowsQuery};

use crate::error::ApiError;
use crate::events;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::objects;
use crate::paging::{self, no_cursor, store_page};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::webhook_endpoints;

/// `GET /v1/events/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let id: EventId = call.id("event")?;
    let found = call.api.engine().read().event(call.api.platform(), id).await?;
    let event = found.ok_or_else(|| ApiError::not_found("event", &call.path_id))?;
    Ok(Reply::ok(&shown(&call, &event).await?))
}

/// `POST /v1/events/{id}/resend`: delivers it to one endpoint once more.
pub(crate) async fn resend(call: Call) -> Answer {
    let name = "webhook_endpoint";
    let endpoint = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        let endpoint: Option<WebhookEndpointId> = fields::id(params, name, name)?;
        endpoint.ok_or_else(|| params.missing(name))
    })?;
    let id: EventId = call.id("event")?;
    let found = call.api.engine().read().event(call.api.platform(), id).await?;
    let event = found.ok_or_else(|| ApiError::not_found("event", &call.path_id))?;
    let known = webhook_endpoints::all(&call).await?;
    if !known.iter().any(|known| known.id == endpoint) {
        return Err(ApiError::not_found(name, &endpoint.to_string()).with_param(name).into());
    }
    let about = WebhookEndpoints::key(&call.api.platform());
    let command = WebhookCommand::Resend { event: id, endpoint };
    call.act(about, Command::Webhook(command)).await?;
    Ok(Reply::ok(&shown(&call, &event).await?))
}

/// `GET /v1/events`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, kinds, success) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        Ok((Page::take(params)?, kinds(params)?, params.boolean("delivery_success")?))
    })?;
    let platform = call.api.platform();
    if let Some((param, text)) = paging::cursor(&page) {
        let id = EventId::parse(text).ok_or_else(|| no_cursor(param, text))?;
        let found = call.api.engine().read().event(platform, id).await?;
        found.ok_or_else(|| no_cursor(param, text))?;
    }
    let created = page.created().moments();
    let query = EventsQuery { platform, payment: None, kinds, created, page: store_page(&page) };
    let found = match success {
        None => call.api.engine().read().events(&query).await?,
        Some(success) => by_success(&call, query, success).await?,
    };
    let rows = paging::oldest_first(&page, found);
    let objects = try_join_all(rows.iter().map(|event| shown(&call, event))).await?;
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// How many events one request looks at to find those that were delivered, or were not. Whoever
/// lists what failed is after the last days; a page may therefore have fewer than its limit.
const LOOKED_AT_MAX: usize = 2_000;

/// The events of a query that every receiver has taken, or those that one has not.
async fn by_success(
    call: &Call,
    mut query: EventsQuery,
    success: bool,
) -> Result<Vec<Event>, Halt> {
    let (wanted, towards_newer) = (query.page.limit, query.page.newer_than.is_some());
    let (mut found, mut looked_at) = (Vec::new(), 0);
    query.page.limit = CHUNK;
    loop {
        let mut events = call.api.engine().read().events(&query).await?;
        // The store answers newest first; a page before a cursor begins at the cursor.
        if towards_newer {
            events.reverse();
        }
        looked_at += events.len();
        let is_last = events.len() < CHUNK || looked_at >= LOOKED_AT_MAX;
        let last = events.last().map(|event| event.id.to_string());
        let pending = try_join_all(events.iter().map(|event| pending(call, event))).await?;
        let looked_for = events.into_iter().zip(pending).filter(|it| (it.1 == 0) == success);
        let left = wanted - found.len();
        found.extend(looked_for.map(|it| it.0).take(left));
        if is_last || found.len() >= wanted {
            break;
        }
        if towards_newer {
            query.page.newer_than = last;
        } else {
            query.page.older_than = last;
        }
    }
    if towards_newer {
        found.reverse();
    }
    Ok(found)
}

/// How many events are read at once.
const CHUNK: usize = 100;

async fn shown(call: &Call, event: &Event) -> Result<objects::Event, Halt> {
    Ok(events::current(event, &call.version, call.api.receipts(), pending(call, event).await?))
}

/// How many receivers of an event have not taken it at any try: those that it went to, less those
/// that took it, and at least those that were seen to fail. It may have been sent again to one
/// that it did not go to at first.
async fn pending(call: &Call, event: &Event) -> Result<usize, Halt> {
    let limit = ENDPOINTS_MAX * RESENDS_SEEN;
    let query = RowsQuery::newest(call.api.platform(), RowKind::Delivery, limit);
    let rows = call.api.engine().read().rows(&query.linked(&event.id)).await?;
    let mut taken_by: BTreeMap<WebhookEndpointId, bool> = BTreeMap::new();
    for delivery in rows.iter().filter_map(Delivery::of_row) {
        let is_taken = matches!(delivery.state, DeliveryState::Delivered { .. });
        *taken_by.entry(delivery.endpoint).or_default() |= is_taken;
    }
    let taken = taken_by.values().filter(|is_taken| **is_taken).count();
    let receivers = usize::try_from(event.deliveries).unwrap_or(usize::MAX);
    Ok(receivers.saturating_sub(taken).max(taken_by.len() - taken))
}

/// How many deliveries to each endpoint are looked at: the first one and some that were resent.
const RESENDS_SEEN: usize = 8;

/// The most types that one list may be narrowed to; as in the dialect.
const TYPES_MAX: usize = 20;

fn kinds(params: &mut Params) -> Result<Vec<EventKind>, ApiError> {
    let one = params.text("type", fields::NAME_CHARS_MAX)?;
    let many = params.texts("types", TYPES_MAX, fields::NAME_CHARS_MAX)?;
    let (name, types) = match (one, many) {
        (Some(_), Some(_)) => return Err(ApiError::exclusive("type", "types")),
        (Some(one), None) => ("type", vec![one]),
        (None, many) => ("types", many.unwrap_or_default()),
    };
    let kinds = types.iter().map(|text| {
        EventKind::parse(text)
            .ok_or_else(|| fields::invalid(params, name, "must be a type of event"))
    });
    kinds.collect()
}
