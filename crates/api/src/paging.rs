//! Pages of lists: from the store's read side, and of what is kept in one row.

use holdfast_core::id::Id;
use holdfast_core::key::RowKind;
use holdfast_core::row::Record;
use holdfast_engine::query::{Page as StorePage, RowsQuery};

use crate::codes;
use crate::error::ApiError;
use crate::fields::stored_id;
use crate::list::{Created, Cursor, Page};
use crate::params::TIMESTAMP_MAX;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

/// Which rows a list holds.
#[derive(Clone, Debug)]
pub(crate) struct Narrowed {
    /// Of which kind.
    pub(crate) kind: RowKind,
    /// Only those linked to all of these ids.
    pub(crate) links: Vec<String>,
    /// Only those in one of these states; in any when empty.
    pub(crate) states: Vec<String>,
    /// Only those made within this time.
    pub(crate) created: Created,
}

impl Narrowed {
    /// All rows of a kind.
    pub(crate) fn all(kind: RowKind) -> Narrowed {
        let created = Created { from: 0, to: TIMESTAMP_MAX };
        Narrowed { kind, links: Vec::new(), states: Vec::new(), created }
    }

    /// The rows of a kind that are linked to an id, if one is given.
    pub(crate) fn linked(kind: RowKind, link: Option<&impl ToString>) -> Narrowed {
        Narrowed::all(kind).link(link)
    }

    /// The same, of those that are also linked to an id, if one is given.
    #[must_use]
    pub(crate) fn link(mut self, link: Option<&impl ToString>) -> Narrowed {
        self.links.extend(link.map(ToString::to_string));
        self
    }

    /// The same, of those in a state, if one is given.
    #[must_use]
    pub(crate) fn state(mut self, state: Option<&str>) -> Narrowed {
        self.states.extend(state.map(str::to_owned));
        self
    }

    /// The same, of those made within a time.
    #[must_use]
    pub(crate) fn created(self, created: Created) -> Narrowed {
        Narrowed { created, ..self }
    }
}

/// The rows of a page, in the order that [`Page::list`] takes them in.
///
/// # Refusals
/// 400 `cursor_invalid` where the page is to start at something that is not there.
pub(crate) async fn rows<R>(call: &Call, page: &Page, narrowed: Narrowed) -> Result<Vec<R>, Halt>
where
    R: Record,
    R::Id: Id,
{
    if let Some((param, text)) = cursor(page) {
        let id = R::Id::parse(&stored_id(text)).ok_or_else(|| no_cursor(param, text))?;
        let row = call.find::<R>(&id).await?.ok_or_else(|| no_cursor(param, text))?;
        // What is another seller's is not there, also where a page would only start at it.
        let seller = call.seller.map(|seller| seller.to_string());
        let is_own = |seller: String| {
            !narrowed.links.contains(&seller) || row.into_row().links().contains(&seller)
        };
        if !seller.is_none_or(is_own) {
            return Err(no_cursor(param, text).into());
        }
    }
    let Narrowed { kind, links, states, created } = narrowed;
    let created = created.and(page.created()).moments();
    let platform = call.api.platform();
    let query = RowsQuery { platform, kind, links, states, created, page: store_page(page) };
    let rows = call.api.engine().read().rows(&query).await?;
    let rows = rows.iter().filter_map(R::of_row).cloned().collect();
    Ok(oldest_first(page, rows))
}

/// The page as the store takes it.
pub(crate) fn store_page(page: &Page) -> StorePage {
    let all = StorePage::first(page.fetch());
    match page.cursor() {
        Cursor::Start => all,
        Cursor::After(id) => StorePage { older_than: Some(stored_id(id).into_owned()), ..all },
        Cursor::Before(id) => StorePage { newer_than: Some(stored_id(id).into_owned()), ..all },
    }
}

/// The store answers newest first always; a page before a cursor is taken from the cursor on.
pub(crate) fn oldest_first<T>(page: &Page, mut items: Vec<T>) -> Vec<T> {
    if matches!(page.cursor(), Cursor::Before(_)) {
        items.reverse();
    }
    items
}

/// The parameter that a page starts by, with its value.
pub(crate) fn cursor(page: &Page) -> Option<(&'static str, &str)> {
    match page.cursor() {
        Cursor::Start => None,
        Cursor::After(id) => Some(("starting_after", id)),
        Cursor::Before(id) => Some(("ending_before", id)),
    }
}

/// The error for a page that is to start at something that is not there.
pub(crate) fn no_cursor(param: &str, id: &str) -> ApiError {
    let message = format!("There is no such object to start the page at: '{id}'.");
    ApiError::param(codes::CURSOR_INVALID, param, message)
}

/// The page of a collection that is kept whole, in its own order.
pub(crate) fn of_whole<T>(
    page: &Page,
    items: Vec<T>,
    id: impl Fn(&T) -> String,
) -> Result<Vec<T>, ApiError> {
    if page.created() != Created::ALL {
        let message = "Received unknown parameter: created";
        return Err(ApiError::param(codes::PARAMETER_UNKNOWN, "created", message));
    }
    let at = |text: &str| items.iter().position(|item| id(item) == text);
    let (from, to) = match page.cursor() {
        Cursor::Start => (0, items.len()),
        Cursor::After(text) => {
            let at = at(text).ok_or_else(|| no_cursor("starting_after", text))?;
            (at + 1, items.len())
        }
        Cursor::Before(text) => (0, at(text).ok_or_else(|| no_cursor("ending_before", text))?),
    };
    let within = items.into_iter().skip(from).take(to - from).collect();
    let mut items: Vec<T> = oldest_first(page, within);
    items.truncate(page.fetch());
    Ok(items)
}
