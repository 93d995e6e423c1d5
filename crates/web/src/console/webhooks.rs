//! The console's webhook endpoints and what became of their deliveries.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::command::Command;
use holdfast_core::id::{EventId, Id, WebhookEndpointId};
use holdfast_core::key::RowKind;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::webhook::{
    Delivery as StoredDelivery, DeliveryState, WebhookCommand, WebhookEndpoint, WebhookEndpoints,
};
use holdfast_engine::{Submission, SubmitError};

use super::list::{Cursor, Narrow};
use super::pages::{EndpointPage, WebhooksPage};
use super::status::DeliveryStatus;
use super::surface::{Console, DONE, Named};
use super::views::{ConsoleNotice, Delivery, Endpoint, EndpointRow, Section, Try, Webhooks};
use crate::fields::Field;
use crate::page::{Problem, page};
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /webhooks`.
pub(crate) async fn list(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let mut endpoints = Vec::new();
        for endpoint in receivers(&console).await?.iter().rev() {
            endpoints.push(endpoint_row(&console, endpoint).await?);
        }
        let shell = &console.shell(&visit, Some(Section::Webhooks), Some("/webhooks"));
        let v = &Webhooks { endpoints };
        Ok(page(StatusCode::OK, &WebhooksPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// `GET /webhooks/{id}`, with `?after=` and `?before=`.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
) -> Response {
    let shown = async {
        let id = WebhookEndpointId::parse(&id).ok_or(Problem::NotFound)?;
        let endpoints = receivers(&console).await?;
        let endpoint = endpoints.iter().find(|endpoint| endpoint.id == id);
        let endpoint = endpoint.ok_or(Problem::NotFound)?;
        let v = &endpoint_view(&console, endpoint, &Cursor::of(&visit)).await?;
        let path = format!("/webhooks/{id}");
        let shell = &console.shell(&visit, Some(Section::Webhooks), Some(&path));
        Ok(page(StatusCode::OK, &EndpointPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// The event that is sent once more; the longest id has 26 characters.
const EVENT: Field = Field::new("event", 64);

/// `POST /webhooks/{id}/resend` with `event`: delivers it to the endpoint once more.
pub(crate) async fn resend(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
    body: Body,
) -> Response {
    let done = async {
        let fields = console.admitted(body, &[EVENT]).await?;
        let event = EventId::parse(fields.text(&EVENT)).ok_or(Problem::NotFound)?;
        let endpoint = WebhookEndpointId::parse(&id).ok_or(Problem::NotFound)?;
        let platform = console.parts.platform;
        let found = console.parts.engine.read().event(platform, event).await?;
        found.ok_or(Problem::NotFound)?;
        let command = Command::Webhook(WebhookCommand::Resend { event, endpoint });
        let notice = match console.parts.engine.submit(Submission::new(platform, command)).await {
            Ok(_) => ConsoleNotice::Resent,
            Err(SubmitError::Refused(Refusal::EndpointDisabled)) => ConsoleNotice::NotResent,
            Err(error) => return Err(Trouble::of_submit(&error)),
        };
        let to = format!("/webhooks/{endpoint}?{DONE}={}", notice.name());
        Ok(Redirect::to(&to).into_response())
    };
    let result = done.await;
    console.answer(&visit, result)
}

/// All endpoints, the oldest first.
async fn receivers(console: &Console) -> Result<Vec<WebhookEndpoint>, Trouble> {
    let platform = console.parts.platform;
    let row = console.parts.engine.find::<WebhookEndpoints>(platform, &platform).await?;
    Ok(row.map(|row| row.endpoints).unwrap_or_default())
}

async fn endpoint_row(
    console: &Console,
    endpoint: &WebhookEndpoint,
) -> Result<EndpointRow, Trouble> {
    let mut row = EndpointRow {
        id: endpoint.id.to_string(),
        url: endpoint.url.clone(),
        enabled: !endpoint.disabled,
        events: endpoint.enabled_events.join(", "),
        delivered: 0,
        retrying: 0,
        failed: 0,
    };
    let narrow = Narrow { state: None, link: Some(row.id.clone()) };
    for stored in console.scan(RowKind::Delivery, narrow).await? {
        match StoredDelivery::of_row(&stored).map(|delivery| delivery.state) {
            Some(DeliveryState::Delivered { .. }) => row.delivered += 1,
            Some(DeliveryState::Retrying { .. }) => row.retrying += 1,
            Some(DeliveryState::GivenUp { .. }) => row.failed += 1,
            None => {}
        }
    }
    Ok(row)
}

async fn endpoint_view(
    console: &Console,
    endpoint: &WebhookEndpoint,
    cursor: &Cursor,
) -> Result<Endpoint, Trouble> {
    let narrow = Narrow { state: None, link: Some(endpoint.id.to_string()) };
    let (rows, pager) = console.list(RowKind::Delivery, narrow, cursor).await?;
    let mut deliveries = Vec::with_capacity(rows.len());
    for stored in rows.iter().filter_map(StoredDelivery::of_row) {
        let event = console.parts.engine.read().event(console.parts.platform, stored.event).await?;
        let kind = event.map(|event| event.kind.name()).unwrap_or_default();
        deliveries.push(delivery(stored, kind));
    }
    Ok(Endpoint { row: endpoint_row(console, endpoint).await?, deliveries, pager })
}

fn delivery(stored: &StoredDelivery, kind: &str) -> Delivery {
    let (status, next_at) = match stored.state {
        DeliveryState::Retrying { next_at, .. } => (DeliveryStatus::Retrying, Some(next_at)),
        DeliveryState::Delivered { .. } => (DeliveryStatus::Delivered, None),
        DeliveryState::GivenUp { .. } => (DeliveryStatus::Failed, None),
    };
    let seen = stored.seen().map(|seen| Try {
        at: seen.at,
        answer: seen.status,
        duration_ms: seen.duration_ms,
    });
    Delivery {
        event: stored.event.to_string(),
        kind: kind.to_owned(),
        status,
        tries: stored.tries,
        seen: seen.collect(),
        next_at,
    }
}
