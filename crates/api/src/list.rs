//! Lists: a page at a time, newest first, found by cursor and not by number.

use holdfast_core::time::{Span, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ApiError;
use crate::params::{Params, TIMESTAMP_MAX};

/// Which page of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    limit: usize,
    cursor: Cursor,
    created: Created,
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// At the newest.
    Start,
    /// After this id, towards older objects.
    After(String),
    /// Before this id, towards newer objects; the page ends just above it.
    Before(String),
}

/// The most objects on a page; as in the dialect.
pub const LIMIT_MAX: i64 = 100;
/// The number of objects on a page where nobody says.
pub const LIMIT_DEFAULT: i64 = 10;
/// The longest id that is looked at as a cursor, in characters.
const CURSOR_CHARS_MAX: usize = 255;

// A client that never mentions a limit must get a page it could have asked for.
const _: () = assert!(0 < LIMIT_DEFAULT && LIMIT_DEFAULT <= LIMIT_MAX);

/// A page of a list as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub struct List<T> {
    #[schemars(extend("const" = "list"))]
    object: &'static str,
    /// The path of the list.
    pub url: String,
    /// Whether there are more in the direction of the cursor.
    pub has_more: bool,
    /// Newest first.
    pub data: Vec<T>,
}

/// A page of what a search found, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SearchResultOf{T}")]
pub struct SearchResult<T> {
    #[schemars(extend("const" = "search_result"))]
    object: &'static str,
    /// The path of the search.
    pub url: String,
    /// Whether there may be more on the next page.
    pub has_more: bool,
    /// What to give as `page` for the next page, if there is one.
    pub next_page: Option<String>,
    /// How many fit on all pages, among the newest 10,000; only where `expand[]` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
    /// Newest first.
    pub data: Vec<T>,
}

impl<T> SearchResult<T> {
    /// A page, and the name of the next one.
    pub fn new(url: &str, next_page: Option<String>, data: Vec<T>) -> SearchResult<T> {
        let has_more = next_page.is_some();
        let (object, total_count) = ("search_result", None);
        SearchResult { object, url: url.into(), has_more, next_page, total_count, data }
    }
}

impl Page {
    /// Takes `limit`, `starting_after`, `ending_before` and `created` out of `params`.
    ///
    /// `limit=0` is taken and gives an empty page: clients list so to check a key.
    ///
    /// # Refusals
    /// A limit outside 0 to 100; both cursors at once.
    pub fn take(params: &mut Params) -> Result<Page, ApiError> {
        let limit = params.integer("limit", 0..=LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
        let after = params.text("starting_after", CURSOR_CHARS_MAX)?;
        let before = params.text("ending_before", CURSOR_CHARS_MAX)?;
        let cursor = match (after, before) {
            (Some(_), Some(_)) => {
                return Err(ApiError::exclusive("starting_after", "ending_before"));
            }
            (Some(id), None) => Cursor::After(id),
            (None, Some(id)) => Cursor::Before(id),
            (None, None) => Cursor::Start,
        };
        // The range above holds in every integer type.
        let limit = usize::try_from(limit).unwrap_or_default();
        let created = Created::take(params)?;
        // Lists that look at it themselves are given it again.
        params.put_back(created);
        Ok(Page { limit, cursor, created })
    }

    /// When what is on the page was made.
    pub fn created(&self) -> Created {
        self.created
    }

    /// The same page of a list that was narrowed by time already.
    #[must_use]
    pub fn of_all_time(&self) -> Page {
        Page { created: Created::ALL, ..self.clone() }
    }

    /// The same page further on: after this id.
    #[must_use]
    pub(crate) fn after(&self, id: String) -> Page {
        Page { cursor: Cursor::After(id), ..self.clone() }
    }

    /// Where the page starts.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The same page, its cursor the id that the client's own word stands for.
    pub(crate) fn at(&self, id: &str) -> Page {
        let cursor = match &self.cursor {
            Cursor::Start => Cursor::Start,
            Cursor::After(_) => Cursor::After(id.to_owned()),
            Cursor::Before(_) => Cursor::Before(id.to_owned()),
        };
        Page { cursor, ..self.clone() }
    }

    /// How many rows to fetch: one more than the page holds, which tells whether there are more.
    pub fn fetch(&self) -> usize {
        self.limit + 1
    }

    /// The page of `rows`, fetched from the cursor on: for [`Cursor::Before`] that is oldest
    /// first, else newest first.
    pub fn list<T>(&self, url: &str, mut rows: Vec<T>) -> List<T> {
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        if matches!(self.cursor, Cursor::Before(_)) {
            rows.reverse();
        }
        List { object: "list", url: url.into(), has_more, data: rows }
    }
}

impl<T> List<T> {
    /// A whole collection that is part of an object.
    pub fn whole(url: String, data: Vec<T>) -> List<T> {
        List { object: "list", url, has_more: false, data }
    }
}

/// The objects made within a time, in seconds since 1970, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// The first second.
    pub from: i64,
    /// The last second.
    pub to: i64,
}

impl Created {
    /// All of time.
    pub const ALL: Created = Created { from: 0, to: TIMESTAMP_MAX };

    /// What is within both.
    #[must_use]
    pub fn and(self, other: Created) -> Created {
        Created { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// The moments from the start of the first second to the end of the last.
    pub fn moments(self) -> holdfast_engine::query::Created {
        let end = Timestamp::from_seconds(self.to.saturating_add(1));
        let to = end.before(Span::from_ms(1));
        holdfast_engine::query::Created { from: Timestamp::from_seconds(self.from), to }
    }

    /// Takes `created=T` or `created[gt|gte|lt|lte]=T` out of `params`; all of time if absent.
    pub fn take(params: &mut Params) -> Result<Created, ApiError> {
        let mut created = params.created().unwrap_or(Created::ALL);
        if params.is_scalar("created") {
            if let Some(at) = params.timestamp("created")? {
                created = Created { from: at, to: at };
            }
            return Ok(created);
        }
        params.map("created", |bounds| {
            let next = |at: i64| at + 1;
            let after = bounds.timestamp("gt")?.map(next);
            let from = bounds.timestamp("gte")?;
            let before = bounds.timestamp("lt")?.map(|at| at - 1);
            let to = bounds.timestamp("lte")?;
            created.from = after.into_iter().chain(from).fold(created.from, i64::max);
            created.to = before.into_iter().chain(to).fold(created.to, i64::min);
            Ok(())
        })?;
        Ok(created)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::type_complexity, reason = "tables of literals")]

    use super::*;

    fn page(form: &str) -> Result<Page, ApiError> {
        Params::decode(Some(form), b"").unwrap().read(Page::take)
    }

    #[test]
    fn pages_and_refusals() {
        let after = |id: &str| Cursor::After(id.into());
        let before = |id: &str| Cursor::Before(id.into());
        let table: &[(&str, Result<(usize, Cursor), &str>)] = &[
            ("", Ok((10, Cursor::Start))),
            ("limit=0", Ok((0, Cursor::Start))),
            ("limit=100", Ok((100, Cursor::Start))),
            ("limit=3&starting_after=ord_1", Ok((3, after("ord_1")))),
            ("ending_before=ord_1", Ok((10, before("ord_1")))),
            ("limit=101", Err("parameter_invalid_integer limit")),
            ("limit=-1", Err("parameter_invalid_integer limit")),
            ("limit=", Err("parameter_invalid_integer limit")),
            ("limit=1&limit=1", Err("parameter_duplicate limit")),
            ("starting_after=", Err("parameter_invalid_empty starting_after")),
            ("starting_after=a&ending_before=b", Err("parameters_exclusive ending_before")),
            ("page=2", Err("parameter_unknown page")),
        ];
        for (form, expected) in table {
            let read = Params::decode(Some(form), b"").and_then(|params| params.read(Page::take));
            let shown = read.map(|page| (page.limit, page.cursor)).map_err(|error| {
                format!("{} {}", error.code().unwrap(), error.param_name().unwrap())
            });
            assert_eq!(shown, expected.clone().map_err(str::to_owned), "{form}");
        }
    }

    #[test]
    fn a_page_is_cut_from_its_rows() {
        let table: &[(&str, &[u8], bool, &[u8])] = &[
            ("limit=2", &[9, 8, 7], true, &[9, 8]),
            ("limit=2", &[9, 8], false, &[9, 8]),
            ("limit=2&starting_after=x", &[5], false, &[5]),
            ("limit=2&ending_before=x", &[5, 6, 7], true, &[6, 5]),
            ("limit=2&ending_before=x", &[5, 6], false, &[6, 5]),
            ("limit=0", &[9], true, &[]),
            ("limit=0", &[], false, &[]),
        ];
        for (form, rows, has_more, data) in table {
            let page = page(form).unwrap();
            assert!(rows.len() <= page.fetch());
            let list = page.list("/v1/orders", rows.to_vec());
            assert_eq!((list.has_more, list.data.as_slice()), (*has_more, *data), "{form}");
        }
    }

    #[test]
    fn a_list_is_written_as_the_dialect_does() {
        let list = page("limit=1").unwrap().list("/v1/orders", vec![1]);
        let json = r#"{"object":"list","url":"/v1/orders","has_more":false,"data":[1]}"#;
        assert_eq!(serde_json::to_string(&list).unwrap(), json);
    }

    #[test]
    fn times_of_creation() {
        let table: &[(&str, Result<(i64, i64), &str>)] = &[
            ("", Ok((0, TIMESTAMP_MAX))),
            ("created=5", Ok((5, 5))),
            ("created[gt]=5", Ok((6, TIMESTAMP_MAX))),
            ("created[gte]=5&created[lt]=9", Ok((5, 8))),
            ("created[gt]=5&created[gte]=7&created[lte]=9", Ok((7, 9))),
            ("created[lt]=0", Ok((0, -1))),
            ("created[gte]=x", Err("created[gte]")),
            ("created[at]=5", Err("created[at]")),
            ("created=", Err("created")),
        ];
        for (form, expected) in table {
            let read = Params::decode(Some(form), b"").unwrap().read(Created::take);
            let shown = read.map(|created| (created.from, created.to));
            let shown = shown.map_err(|error| error.param_name().unwrap().to_owned());
            assert_eq!(shown, expected.map_err(str::to_owned), "{form}");
        }
    }
}
