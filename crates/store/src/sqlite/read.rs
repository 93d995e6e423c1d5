//! Reading: rows by their keys, effects that are due, and the lists of the read side.

use std::collections::BTreeSet;

use holdfast_core::currency::Currency;
use holdfast_core::event::Event;
use holdfast_core::id::{EntryId, EventId, Id, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::query::{Accounts, Balance, Created, EntriesQuery, EventsQuery, Page, RowsQuery};
use crate::{Lease, OwnedEffect, StoreError};

use super::cache::Owned;

/// A row and whose it is, and the length of its JSON.
pub(super) fn load_one(
    connection: &Connection,
    key: &RowKey,
) -> Result<Option<(Owned, usize)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT version, platform, body FROM rows WHERE kind = ? AND id = ?")?;
    let mut rows = statement.query(params![key.kind().name(), key.id()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let version = u64::try_from(row.get::<_, i64>(0)?)
        .map_err(|_| StoreError::Corrupt(format!("{key:?} has a negative version")))?;
    let platform = text(row, 1)?;
    let platform = parsed(PlatformId::parse(platform), platform)?;
    let body = text(row, 2)?;
    let stored = StoredRow { version, row: serde_json::from_str(body)? };
    Ok(Some(((platform, stored), body.len())))
}

/// A text of a row, which is not copied.
fn text<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> Result<&'a str, StoreError> {
    row.get_ref(column)?.as_str().map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Whether an effect is due and free.
pub(super) fn any_due(connection: &Connection, lease: Lease) -> Result<bool, StoreError> {
    let any = connection
        .prepare_cached("SELECT 1 FROM effects WHERE due <= ? AND leased_until <= ? LIMIT 1")?
        .exists(params![lease.due.ms(), lease.now.ms()])?;
    Ok(any)
}

/// Effects that are due and free, the longest due first.
pub(super) fn due(
    connection: &Connection,
    lease: Lease,
    limit: usize,
) -> Result<Vec<OwnedEffect>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(
        "SELECT platform, body, leased_until FROM effects WHERE due <= ? AND leased_until <= ?
         ORDER BY due, id LIMIT ?",
    )?;
    let mut rows = statement.query(params![lease.due.ms(), lease.now.ms(), limit])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let platform = text(row, 0)?;
        due.push(OwnedEffect {
            platform: parsed(PlatformId::parse(platform), platform)?,
            effect: serde_json::from_str(text(row, 1)?)?,
            leased_until: lease.until,
            was_leased: row.get::<_, i64>(2)? > 0,
        });
    }
    Ok(due)
}

/// When the next effect is due, of all or of those that are due later than `after`.
pub(super) fn next_due(
    connection: &Connection,
    after: Option<Timestamp>,
) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = connection
        .prepare_cached("SELECT min(due) FROM effects WHERE due > ?")?
        .query_row([after.map_or(i64::MIN, Timestamp::ms)], |row| row.get(0))?;
    Ok(due.map(Timestamp::from_ms))
}

/// A list of rows.
pub(super) fn rows(connection: &Connection, query: &RowsQuery) -> Result<Vec<Row>, StoreError> {
    rows_list(query).bodies(connection)
}

fn rows_list(query: &RowsQuery) -> List {
    let mut list = List::new("rows", "rows.kind = ?", query.kind.name());
    list.narrow("rows.platform = ?", query.platform.to_string());
    let states = query.states.iter().cloned();
    if let Some((link, others)) = query.links.split_first() {
        list.from = "links JOIN rows ON rows.kind = links.kind AND rows.id = links.id";
        list.key = "links.id";
        list.narrow("links.kind = ?", query.kind.name());
        list.narrow("links.link = ?", link.clone());
        for other in others {
            let linked = "EXISTS (SELECT 1 FROM links other
                WHERE other.kind = rows.kind AND other.id = rows.id AND other.link = ?)";
            list.narrow(linked, other.clone());
        }
        list.any_of("rows.state", states);
    } else {
        list.each_of("rows.state", states);
    }
    list.created("rows.created", &query.created);
    list.page(&query.page);
    list
}

/// How many rows of a kind are in each state.
pub(super) fn count_states(
    connection: &Connection,
    platform: PlatformId,
    kind: RowKind,
) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT state, count(*) FROM rows WHERE kind = ? AND platform = ? GROUP BY state",
    )?;
    counts(statement.query(params![kind.name(), platform.to_string()])?)
}

/// How many effects wait, by name.
pub(super) fn count_effects(connection: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, count(*) FROM effects GROUP BY name")?;
    counts(statement.query([])?)
}

fn counts(mut rows: rusqlite::Rows<'_>) -> Result<Vec<(String, u64)>, StoreError> {
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let count: i64 = row.get(1)?;
        counts.push((row.get(0)?, u64::try_from(count).unwrap_or(0)));
    }
    Ok(counts)
}

/// A list of events.
pub(super) fn events(
    connection: &Connection,
    query: &EventsQuery,
) -> Result<Vec<Event>, StoreError> {
    events_list(query).bodies(connection)
}

fn events_list(query: &EventsQuery) -> List {
    let mut list = List::new("events", "events.platform = ?", query.platform.to_string());
    (list.key, list.body) = ("events.id", "events.body");
    let kinds = query.kinds.iter().map(|kind| kind.name().to_owned());
    if let Some(payment) = query.payment {
        list.narrow("events.payment = ?", payment.to_string());
        list.any_of("events.kind", kinds);
    } else {
        list.each_of("events.kind", kinds);
    }
    list.created("events.at", &query.created);
    list.page(&query.page);
    list
}

/// One event.
pub(super) fn event(
    connection: &Connection,
    platform: PlatformId,
    id: EventId,
) -> Result<Option<Event>, StoreError> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM events WHERE id = ? AND platform = ?")?
        .query_row(params![id.to_string(), platform.to_string()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// A list of journal entries.
pub(super) fn entries(
    connection: &Connection,
    query: &EntriesQuery,
) -> Result<Vec<JournalEntry>, StoreError> {
    entries_list(query).bodies(connection)
}

fn entries_list(query: &EntriesQuery) -> List {
    let mut list = List::new("entries", "entries.platform = ?", query.platform.to_string());
    (list.key, list.body) = ("entries.id", "entries.body");
    if !query.accounts.is_empty() {
        let marks = vec!["?"; query.accounts.len()].join(", ");
        let of_sellers = query.accounts.iter().all(|it| it.to_string().starts_with("seller_"));
        // Said once more, so that the index of sellers' lines is the one that is used.
        let range =
            if of_sellers { "account >= 'seller_' AND account < 'seller`' AND" } else { "" };
        let posted = format!(
            "entries.id IN (SELECT entry FROM postings WHERE {range} account IN ({marks}))"
        );
        list.conditions.push(posted);
        let accounts = query.accounts.iter().map(|account| Value::from(account.to_string()));
        list.values.extend(accounts);
    }
    if let Some(source) = &query.source {
        list.narrow("entries.source = ?", source.clone());
    }
    list.created("entries.at", &query.created);
    list.page(&query.page);
    list
}

/// One journal entry.
pub(super) fn entry(
    connection: &Connection,
    platform: PlatformId,
    id: EntryId,
) -> Result<Option<JournalEntry>, StoreError> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM entries WHERE id = ? AND platform = ?")?
        .query_row(params![id.to_string(), platform.to_string()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// The journal of a payment, the oldest entry first.
pub(super) fn journal(
    connection: &Connection,
    platform: PlatformId,
    payment: PaymentIntentId,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM entries WHERE payment = ? AND platform = ? ORDER BY id",
    )?;
    let rows = statement.query(params![payment.to_string(), platform.to_string()])?;
    bodies(rows)
}

/// The balances of accounts.
pub(super) fn balances(
    connection: &Connection,
    platform: PlatformId,
    accounts: Accounts,
) -> Result<Vec<Balance>, StoreError> {
    let (sql, account) = balances_sql(accounts);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![platform.to_string(), account])?;
    let mut balances = Vec::new();
    while let Some(row) = rows.next()? {
        let (account, currency): (String, String) = (row.get(0)?, row.get(1)?);
        balances.push(Balance {
            account: match account.as_str() {
                "" => None,
                text => Some(parsed(Account::parse(text), text)?),
            },
            currency: parsed(Currency::parse(&currency), &currency)?,
            signed_minor: row.get(2)?,
        });
    }
    Ok(balances)
}

/// The statement that finds the balances of accounts, and its second value.
pub(super) fn balances_sql(accounts: Accounts) -> (String, String) {
    let between =
        |first: &str, end: &str| (format!("account > ?2 AND account < '{end}'"), first.to_owned());
    let (condition, account) = match accounts {
        Accounts::One(account) => ("account = ?2".to_owned(), account.to_string()),
        // Accounts of one sort stand together: `_` is followed by "`", `:` by `;`.
        Accounts::Sellers => between("seller_", "seller`"),
        Accounts::HeldTotal => between("held:", "held;"),
        Accounts::Platform => {
            (format!("account > ?2 AND account IN ({})", Accounts::of_platform()), String::new())
        }
    };
    let (shown, group) = match accounts {
        Accounts::HeldTotal => ("''", "currency"),
        Accounts::One(_) | Accounts::Sellers | Accounts::Platform => {
            ("account", "account, currency")
        }
    };
    let sql = format!(
        "SELECT {shown}, currency, sum(signed) FROM balances
         WHERE platform = ?1 AND {condition} GROUP BY {group} ORDER BY {group}"
    );
    (sql, account)
}

fn parsed<T>(value: Option<T>, text: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("{text:?} makes no sense")))
}

fn bodies<T: serde::de::DeserializeOwned>(
    mut rows: rusqlite::Rows<'_>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(serde_json::from_str(text(row, 0)?)?);
    }
    Ok(found)
}

/// A list in the making: conditions and their values, in the same order.
struct List {
    from: &'static str,
    key: &'static str,
    body: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
    /// A column and what it may be; the list is made of the lists of each.
    each_of: Option<(&'static str, Vec<String>)>,
    order: &'static str,
    limit: usize,
}

impl List {
    fn new(from: &'static str, condition: &str, value: impl Into<String>) -> List {
        List {
            from,
            key: "rows.id",
            body: "rows.body",
            conditions: vec![condition.to_owned()],
            values: vec![Value::from(value.into())],
            each_of: None,
            order: "DESC",
            limit: 0,
        }
    }

    fn narrow(&mut self, condition: &str, value: impl Into<String>) {
        self.conditions.push(condition.to_owned());
        self.values.push(Value::from(value.into()));
    }

    /// Leaves out what is none of `values`, one by one as the list is walked: for short lists.
    fn any_of(&mut self, column: &str, values: impl ExactSizeIterator<Item = String>) {
        if values.len() > 0 {
            let marks = vec!["?"; values.len()].join(", ");
            self.conditions.push(format!("{column} IN ({marks})"));
            self.values.extend(values.map(Value::from));
        }
    }

    /// The same, for lists that may be long: an index gives the newest of each value, and never
    /// walks over those that are something else, nor sorts them all.
    fn each_of(&mut self, column: &'static str, values: impl ExactSizeIterator<Item = String>) {
        if values.len() > 0 {
            let distinct: BTreeSet<String> = values.collect();
            self.each_of = Some((column, distinct.into_iter().collect()));
        }
    }

    fn created(&mut self, column: &str, created: &Created) {
        if *created != Created::default() {
            self.conditions.push(format!("{column} BETWEEN ? AND ?"));
            self.values.extend([created.from.ms(), created.to.ms()].map(Value::from));
        }
    }

    fn page(&mut self, page: &Page) {
        let key = self.key;
        if let Some(cursor) = &page.older_than {
            self.narrow(&format!("{key} < ?"), cursor.clone());
        }
        if let Some(cursor) = &page.newer_than {
            self.narrow(&format!("{key} > ?"), cursor.clone());
            // The page that ends right before the cursor: the oldest of what is newer.
            self.order = "ASC";
        }
        self.limit = page.bounded_limit();
    }

    fn sql(&self) -> String {
        let List { from, key, body, order, limit, .. } = self;
        let mut conditions = self.conditions.join(" AND ");
        if let Some((column, _)) = self.each_of {
            conditions.push_str(&format!(" AND {column} = ?"));
        }
        format!(
            "SELECT {key}, {body} FROM {from} WHERE {conditions}
             ORDER BY {key} {order} LIMIT {limit}"
        )
    }

    fn bodies<T: serde::de::DeserializeOwned>(
        &self,
        connection: &Connection,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = connection.prepare_cached(&self.sql())?;
        let mut found: Vec<(String, String)> = Vec::new();
        let each: Vec<Option<&String>> = match &self.each_of {
            None => vec![None],
            Some((_, values)) => values.iter().map(Some).collect(),
        };
        for one in each {
            let one = one.map(|value| Value::from(value.clone()));
            let values = self.values.iter().cloned().chain(one);
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, row.get(1)?));
            }
        }
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let kept = found.len().min(self.limit);
        // The oldest of what is newer, or the newest; either way the newest is shown first.
        let page = match self.order {
            "ASC" => &found[..kept],
            _ => &found[found.len() - kept..],
        };
        page.iter().rev().map(|(_, body)| Ok(serde_json::from_str(body)?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use holdfast_core::event::EventKind;

    use super::*;
    use crate::sqlite::schema;

    fn pages() -> [Page; 3] {
        let cursor = || Some("x_0000000000000000000001".to_owned());
        [
            Page::first(10),
            Page { older_than: cursor(), newer_than: None, limit: 10 },
            Page { older_than: None, newer_than: cursor(), limit: 10 },
        ]
    }

    /// Every shape of list that is asked for.
    fn lists() -> Vec<List> {
        let platform = PlatformId::from_number(1);
        let mut lists = Vec::new();
        for page in pages() {
            for links in [vec![], vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
                for states in [vec![], vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
                    let links = links.clone();
                    let query = RowsQuery::newest(platform, RowKind::Order, 10);
                    let page = page.clone();
                    lists.push(rows_list(&RowsQuery { links, states, page, ..query }));
                }
            }
            let kinds = [EventKind::OrderShipped, EventKind::ChargeCaptured];
            for payment in [None, Some(PaymentIntentId::from_number(1))] {
                for kinds in [&kinds[..0], &kinds[..1], &kinds] {
                    lists.push(events_list(&EventsQuery {
                        platform,
                        payment,
                        kinds: kinds.to_vec(),
                        created: Created::default(),
                        page: page.clone(),
                    }));
                }
            }
            let query = EntriesQuery {
                platform,
                accounts: Vec::new(),
                source: None,
                created: Created::default(),
                page: page.clone(),
            };
            lists.push(entries_list(&query));
            lists.push(entries_list(&EntriesQuery { source: Some("a".to_owned()), ..query }));
        }
        lists
    }

    #[test]
    fn lists_walk_an_index_from_where_the_page_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        let mut connection = schema::connect(&file).expect("a file");
        schema::prepare(&mut connection).expect("tables");
        for list in lists() {
            let sql = list.sql();
            let plan = format!("EXPLAIN QUERY PLAN {sql}");
            let mut statement = connection.prepare(&plan).expect("a plan");
            let values = vec!["a"; statement.parameter_count()];
            let steps = statement.query_map(params_from_iter(values), |row| row.get(3));
            let steps: Vec<String> =
                steps.expect("steps").collect::<Result<_, _>>().expect("their text");
            // Where nothing narrows a list but whose it is, every row is one of the page.
            let is_whole = list.conditions.len() == 1 && list.each_of.is_none();
            for step in &steps {
                let walks = step.starts_with("SCAN") && !is_whole;
                assert!(!walks && !step.contains("TEMP B-TREE"), "{sql}\n{steps:?}");
            }
        }
    }
}
