//! `/v1/events`: what happened.

use holdfast_core::event::EventKind;
use holdfast_core::id::{EventId, Id as _};
use holdfast_engine::query::EventsQuery;

use crate::error::ApiError;
use crate::events;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::paging::{self, no_cursor};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::reply::Reply;

/// `GET /v1/events/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let id: EventId = call.id("event")?;
    let found = call.api.engine().read().event(call.api.platform(), id).await?;
    let event = found.ok_or_else(|| ApiError::not_found("event", &call.path_id))?;
    Ok(Reply::ok(&events::object(&event, &call.version)))
}

/// `GET /v1/events`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, kinds) = call.read(|params| Ok((Page::take(params)?, kinds(params)?)))?;
    let platform = call.api.platform();
    let engine = call.api.engine();
    if let Some((param, text)) = paging::cursor(&page) {
        let id = EventId::parse(text).ok_or_else(|| no_cursor(param, text))?;
        engine.read().event(platform, id).await?.ok_or_else(|| no_cursor(param, text))?;
    }
    let store_page = paging::store_page(&page);
    let query = EventsQuery { platform, payment: None, kinds, page: store_page };
    let rows = paging::oldest_first(&page, engine.read().events(&query).await?);
    let objects = rows.iter().map(|event| events::object(event, &call.version)).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

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
        kind(text).ok_or_else(|| fields::invalid(params, name, "must be a type of event"))
    });
    kinds.collect()
}

/// The kind of event of this name.
pub(crate) fn kind(name: &str) -> Option<EventKind> {
    EventKind::ALL.iter().copied().find(|kind| kind.name() == name)
}
