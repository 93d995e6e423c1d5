//! Reading: rows by their keys, effects that are due, and the lists of the read side.

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
    let mut list = List::new("rows", "rows.kind = ?", query.kind.name());
    list.narrow("rows.platform = ?", query.platform.to_string());
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
    }
    list.any_of("rows.state", query.states.iter().cloned());
    list.created("rows.created", &query.created);
    list.page(&query.page);
    list.bodies(connection, "rows.body")
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
    let mut list = List::new("events", "events.platform = ?", query.platform.to_string());
    list.key = "events.id";
    if let Some(payment) = query.payment {
        list.narrow("events.payment = ?", payment.to_string());
    }
    list.any_of("events.kind", query.kinds.iter().map(|kind| kind.name().to_owned()));
    list.created("events.at", &query.created);
    list.page(&query.page);
    list.bodies(connection, "events.body")
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
    let mut list = List::new("entries", "entries.platform = ?", query.platform.to_string());
    list.key = "entries.id";
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
    list.bodies(connection, "entries.body")
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
    let (condition, account) = match accounts {
        Accounts::One(account) => ("account = ?2", account.to_string()),
        // Accounts of one sort stand together: `:` is followed by `;`.
        Accounts::Sellers => ("account > ?2 AND account < 'seller_available;'", sellers()),
        Accounts::HeldTotal => ("account > ?2 AND account < 'held;'", "held:".to_owned()),
        Accounts::Platform => ("account > ?2 AND instr(account, ':') = 0", String::new()),
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

fn sellers() -> String {
    "seller_available:".to_owned()
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
    conditions: Vec<String>,
    values: Vec<Value>,
    order: &'static str,
    limit: usize,
}

impl List {
    fn new(from: &'static str, condition: &str, value: impl Into<String>) -> List {
        let value = Value::from(value.into());
        let (conditions, values) = (vec![condition.to_owned()], vec![value]);
        List { from, key: "rows.id", conditions, values, order: "DESC", limit: 0 }
    }

    fn narrow(&mut self, condition: &str, value: impl Into<String>) {
        self.conditions.push(condition.to_owned());
        self.values.push(Value::from(value.into()));
    }

    fn any_of(&mut self, column: &str, values: impl ExactSizeIterator<Item = String>) {
        if values.len() > 0 {
            let marks = vec!["?"; values.len()].join(", ");
            self.conditions.push(format!("{column} IN ({marks})"));
            self.values.extend(values.map(Value::from));
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

    fn bodies<T: serde::de::DeserializeOwned>(
        self,
        connection: &Connection,
        body: &str,
    ) -> Result<Vec<T>, StoreError> {
        let List { from, key, conditions, values, order, limit } = self;
        let conditions = conditions.join(" AND ");
        let sql = format!(
            "SELECT {body} FROM {from} WHERE {conditions} ORDER BY {key} {order} LIMIT {limit}"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut found = bodies(statement.query(params_from_iter(values))?)?;
        if order == "ASC" {
            found.reverse();
        }
        Ok(found)
    }
}
