//! Pages of lists: where one begins, and where the next ones are.

use holdfast_core::event::Event;
use holdfast_core::key::RowKind;
use holdfast_core::row::Row;
use holdfast_engine::StoreError;
use holdfast_engine::query::{Created, EventsQuery, PAGE_MAX, Page, RowsQuery};

use super::surface::Console;
use super::views::{COUNTED_MAX, Pager};
use crate::visit::Visit;

/// How many rows a page of a list shows: two screens.
pub(crate) const ROWS_PER_PAGE: usize = 50;
/// The longest id that a cursor may be.
const CURSOR_BYTES_MAX: usize = 40;

/// Where a page of a list begins, by the ids of its rows: `?after=` and `?before=`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cursor {
    after: Option<String>,
    before: Option<String>,
}

impl Cursor {
    /// The cursor of an address. What is no id leads to the first page.
    pub(crate) fn of(visit: &Visit) -> Cursor {
        Cursor { after: cursor(visit.query("after")), before: cursor(visit.query("before")) }
    }

    /// One row more than a page shows, which tells whether there is another page.
    fn page(&self) -> Page {
        let limit = ROWS_PER_PAGE + 1;
        match (&self.after, &self.before) {
            (Some(after), _) => Page { older_than: Some(after.clone()), newer_than: None, limit },
            (None, Some(before)) => {
                Page { older_than: None, newer_than: Some(before.clone()), limit }
            }
            (None, None) => Page::first(limit),
        }
    }

    /// Takes the row too many off, and says where the list goes on.
    fn pager<T>(&self, rows: &mut Vec<T>, id: impl Fn(&T) -> String) -> Pager {
        let more = rows.len() > ROWS_PER_PAGE;
        let backwards = self.after.is_none() && self.before.is_some();
        if more && backwards {
            rows.remove(0);
        } else {
            rows.truncate(ROWS_PER_PAGE);
        }
        let newer = if backwards { more } else { self.after.is_some() };
        let older = if backwards { true } else { more };
        Pager {
            newer: rows.first().filter(|_| newer).map(&id),
            older: rows.last().filter(|_| older).map(&id),
        }
    }
}

fn cursor(text: Option<&str>) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let text = text?;
    let is_id = !text.is_empty() && text.len() <= CURSOR_BYTES_MAX && text.bytes().all(plain);
    is_id.then(|| text.to_owned())
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Narrow {
    /// A state, by its stored name.
    pub(crate) state: Option<&'static str>,
    /// A row that all of the list are linked to.
    pub(crate) link: Option<String>,
}

impl Console {
    /// One page of the rows of a kind.
    pub(crate) async fn list(
        &self,
        kind: RowKind,
        narrow: Narrow,
        cursor: &Cursor,
    ) -> Result<(Vec<Row>, Pager), StoreError> {
        let query = RowsQuery {
            platform: self.parts.platform,
            kind,
            links: narrow.link.into_iter().collect(),
            states: narrow.state.iter().map(|state| (*state).to_owned()).collect(),
            created: Created::default(),
            page: cursor.page(),
        };
        let mut rows = self.parts.engine.read().rows(&query).await?;
        let pager = cursor.pager(&mut rows, |row| row.key().id());
        Ok((rows, pager))
    }

    /// The latest rows of a kind, as many as a table counts over.
    pub(crate) async fn scan(&self, kind: RowKind, narrow: Narrow) -> Result<Vec<Row>, StoreError> {
        let mut query = RowsQuery::newest(self.parts.platform, kind, PAGE_MAX);
        query.links.extend(narrow.link);
        query.states.extend(narrow.state.map(str::to_owned));
        let mut rows: Vec<Row> = Vec::new();
        while rows.len() < COUNTED_MAX {
            let next = self.parts.engine.read().rows(&query).await?;
            let is_last = next.len() < PAGE_MAX;
            rows.extend(next);
            if is_last {
                return Ok(rows);
            }
            query.page.older_than = rows.last().map(|row| row.key().id());
        }
        tracing::warn!(kind = kind.name(), COUNTED_MAX, "only the latest rows were counted");
        Ok(rows)
    }

    /// One page of the log of events.
    pub(crate) async fn event_page(
        &self,
        cursor: &Cursor,
    ) -> Result<(Vec<Event>, Pager), StoreError> {
        let platform = self.parts.platform;
        let query = EventsQuery {
            platform,
            payment: None,
            kinds: Vec::new(),
            created: Created::default(),
            page: cursor.page(),
        };
        let mut events = self.parts.engine.read().events(&query).await?;
        let pager = cursor.pager(&mut events, |event| event.id.to_string());
        Ok((events, pager))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(after: Option<&str>, before: Option<&str>) -> Cursor {
        Cursor { after: cursor(after), before: cursor(before) }
    }

    #[test]
    fn a_page_says_where_the_next_ones_are() {
        let full = ROWS_PER_PAGE;
        let table: [(Cursor, usize, Option<usize>, Option<usize>); 7] = [
            (at(None, None), 0, None, None),
            (at(None, None), full, None, None),
            (at(None, None), full + 1, None, Some(full - 1)),
            (at(Some("pi_1"), None), full + 1, Some(0), Some(full - 1)),
            (at(Some("pi_1"), None), 2, Some(0), None),
            (at(None, Some("pi_1")), full + 1, Some(1), Some(full)),
            (at(None, Some("pi_1")), 2, None, Some(1)),
        ];
        for (cursor, count, newer, older) in table {
            let mut rows: Vec<usize> = (0..count).collect();
            let pager = cursor.pager(&mut rows, ToString::to_string);
            assert_eq!(pager.newer, newer.map(|row| row.to_string()), "{cursor:?} {count}");
            assert_eq!(pager.older, older.map(|row| row.to_string()), "{cursor:?} {count}");
            assert!(rows.len() <= full);
        }
    }

    #[test]
    fn what_is_no_id_is_no_cursor() {
        let long = "p".repeat(CURSOR_BYTES_MAX + 1);
        for text in ["", "pi 1", "../x", "ب", long.as_str()] {
            assert_eq!(cursor(Some(text)), None, "{text}");
        }
        assert_eq!(cursor(Some("pi_1")).as_deref(), Some("pi_1"));
    }
}
