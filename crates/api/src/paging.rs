//! Pages of lists: from the store's read side, and of what is kept in one row.

use holdfast_core::id::Id;
use holdfast_core::row::{Record, RowKind};
use holdfast_engine::query::{Page as StorePage, RowsQuery};

use crate::codes;
use crate::error::ApiError;
use crate::fields::stored_id;
use crate::list::{Cursor, Page};
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

/// Which rows a list holds.
#[derive(Clone, Debug)]
pub(crate) struct Narrowed {
    /// Of which kind.
    pub(crate) kind: RowKind,
    /// Only those linked to this id.
    pub(crate) link: Option<String>,
    /// Only those in this state.
    pub(crate) state: Option<String>,
}

impl Narrowed {
    /// All rows of a kind.
    pub(crate) fn all(kind: RowKind) -> Narrowed {
        Narrowed { kind, link: None, state: None }
    }

    /// The rows of a kind that are linked to an id, if one is given.
    pub(crate) fn linked(kind: RowKind, link: Option<&impl ToString>) -> Narrowed {
        Narrowed { kind, link: link.map(ToString::to_string), state: None }
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
        call.find::<R>(&id).await?.ok_or_else(|| no_cursor(param, text))?;
    }
    let Narrowed { kind, link, state } = narrowed;
    let platform = call.api.platform();
    let query = RowsQuery { platform, kind, link, state, page: store_page(page) };
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
