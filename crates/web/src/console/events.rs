//! The console's log of events.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::list::Cursor;
use super::pages::EventsPage;
use super::rows_of::event_row;
use super::surface::Console;
use super::views::{Events, Section};
use crate::page::page;
use crate::surface::Surface;
use crate::visit::Visit;

/// `GET /events`, with `?after=` and `?before=`.
pub(crate) async fn list(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let (events, pager) = console.event_page(&Cursor::of(&visit)).await?;
        let v = &Events {
            events: events.iter().map(|event| event_row(&console, event)).collect(),
            pager,
        };
        let shell = &console.shell(&visit, Some(Section::Events), Some("/events"));
        Ok(page(StatusCode::OK, &EventsPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}
