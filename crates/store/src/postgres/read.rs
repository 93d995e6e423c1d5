//! Reading: effects that are due, and the lists of the read side.

use holdfast_core::currency::Currency;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, Id, PaymentIntentId, PlatformId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::DeserializeOwned;
use tokio_postgres::Row as Found;
use tokio_postgres::types::ToSql;

use crate::query::{Accounts, Balance, Created, EntriesQuery, EventsQuery, Page, RowsQuery};
use crate::{Lease, OwnedEffect, StoreError};

use super::link::{Link, Waits, in_time};
use super::trouble::Trouble;

type Value = Box<dyn ToSql + Sync + Send>;

/// The connections that lists are read over, taken in turn: a long list delays few others.
pub(super) struct Readers {
    links: [Link; 3],
    turn: AtomicUsize,
}

impl Readers {
    /// Connections that are made when they are first needed.
    pub(super) fn new(link: impl Fn() -> Link) -> Readers {
        Readers { links: [link(), link(), link()], turn: AtomicUsize::new(0) }
    }

    /// The one whose turn it is.
    pub(super) fn next(&self) -> &Link {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        &self.links[turn % self.links.len()]
    }
}

/// Asks, and again where the database was just away. What is asked here may be asked twice: a list,
/// or a lease, which then lasts until its end for nobody.
async fn query(link: &Link, sql: &str, values: &[Value]) -> Result<Vec<Found>, StoreError> {
    let mut waits = Waits::new();
    loop {
        match try_query(link, sql, values).await {
            Err(Trouble::Passing(error)) if !waits.wait().await => return Err(error),
            Err(Trouble::Passing(_)) => {}
            done => return Ok(done?),
        }
    }
}

async fn try_query(link: &Link, sql: &str, values: &[Value]) -> Result<Vec<Found>, Trouble> {
    let live = link.live().await?;
    let statement = live.prepared(sql).await?;
    let values: Vec<&(dyn ToSql + Sync)> =
        values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
    let found = in_time(live.client().query(&statement, &values)).await;
    if found.is_err() {
        link.drop_live(&live).await;
    }
    found
}

fn text(value: &impl ToString) -> Value {
    Box::new(value.to_string())
}

/// What the database's clock says. Asked once: an answer that took long says little.
pub(super) async fn clock(link: &Link) -> Result<Timestamp, StoreError> {
    let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let found = try_query(link, sql, &[]).await?;
    let ms = found.first().map(|row| row.get(0));
    ms.map(Timestamp::from_ms)
        .ok_or_else(|| StoreError::Unavailable("the database has no clock".to_owned()))
}

/// Whether an effect is due and free.
pub(super) async fn any_due(link: &Link, lease: Lease) -> Result<bool, StoreError> {
    // In their order, because for any one of them PostgreSQL would walk through all that wait.
    let sql = "SELECT 1 FROM effects WHERE due <= $1 AND leased_until <= $2
        ORDER BY due, id LIMIT 1";
    let values: [Value; 2] = [Box::new(lease.due.ms()), Box::new(lease.now.ms())];
    Ok(!query(link, sql, &values).await?.is_empty())
}

const CLAIM: &str = "WITH free AS (
        SELECT id, leased_until > 0 AS was_leased FROM effects
        WHERE due <= $1 AND leased_until <= $2
        ORDER BY due, id LIMIT $4 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE effects SET leased_until = $3, leased_by = $5 FROM free WHERE effects.id = free.id
        RETURNING effects.platform, effects.body, free.was_leased, effects.due, effects.id
    )
    SELECT platform, body, was_leased FROM taken ORDER BY due, id";

/// Leases effects that are due and free; what another node is just leasing is left to it.
pub(super) async fn claim(
    link: &Link,
    holder: Option<String>,
    lease: Lease,
    limit: usize,
) -> Result<Vec<OwnedEffect>, StoreError> {
    let values: [Value; 5] = [
        Box::new(lease.due.ms()),
        Box::new(lease.now.ms()),
        Box::new(lease.until.ms()),
        Box::new(i64::try_from(limit).unwrap_or(i64::MAX)),
        Box::new(holder),
    ];
    owned_effects(&query(link, CLAIM, &values).await?, lease)
}

/// Leases an effect for longer, if it is still leased as it was.
pub(super) async fn renew(
    link: &Link,
    effect: EffectId,
    held_until: Timestamp,
    lease: Lease,
) -> Result<bool, StoreError> {
    let sql = "UPDATE effects SET leased_until = $3 WHERE id = $1 AND leased_until = $2
        RETURNING id";
    let values: [Value; 3] = [text(&effect), Box::new(held_until.ms()), Box::new(lease.until.ms())];
    Ok(!query(link, sql, &values).await?.is_empty())
}

/// When the next effect is due, of all or of those that are due later than `after`.
pub(super) async fn next_due(
    link: &Link,
    after: Option<Timestamp>,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT min(due) FROM effects WHERE due > $1";
    let values: [Value; 1] = [Box::new(after.map_or(i64::MIN, Timestamp::ms))];
    let rows = query(link, sql, &values).await?;
    let due = rows.first().and_then(|row| row.get::<_, Option<i64>>(0));
    Ok(due.map(Timestamp::from_ms))
}

/// Effects and whose they are, out of (platform, body, whether they were leased before).
fn owned_effects(rows: &[Found], lease: Lease) -> Result<Vec<OwnedEffect>, StoreError> {
    let owned = rows.iter().map(|row| {
        let (platform, body): (&str, &str) = (row.get(0), row.get(1));
        Ok(OwnedEffect {
            platform: parsed(PlatformId::parse(platform), platform)?,
            effect: serde_json::from_str(body)?,
            leased_until: lease.until,
            was_leased: row.get(2),
        })
    });
    owned.collect()
}

/// A list of rows.
pub(super) async fn rows(link: &Link, query: &RowsQuery) -> Result<Vec<Row>, StoreError> {
    let mut list = List::new("rows", "rows.id");
    list.narrow("rows.kind = ?", text(&query.kind.name()));
    list.narrow("rows.platform = ?", text(&query.platform));
    if let Some((first, others)) = query.links.split_first() {
        list.from = "links JOIN rows ON rows.kind = links.kind AND rows.id = links.id";
        list.key = "links.id";
        list.narrow("links.kind = ?", text(&query.kind.name()));
        list.narrow("links.link = ?", text(first));
        for other in others {
            let linked = "EXISTS (SELECT 1 FROM links other
                WHERE other.kind = rows.kind AND other.id = rows.id AND other.link = ?)";
            list.narrow(linked, text(other));
        }
    }
    if !query.states.is_empty() {
        list.narrow("rows.state = ANY (?::text[])", Box::new(query.states.clone()));
    }
    list.created("rows.created", &query.created);
    list.bodies(link, "rows.body", &query.page).await
}

/// How many rows of a kind are in each state.
pub(super) async fn count_states(
    link: &Link,
    platform: PlatformId,
    kind: RowKind,
) -> Result<Vec<(String, u64)>, StoreError> {
    let sql = "SELECT state, count(*) FROM rows WHERE kind = $1 AND platform = $2
        GROUP BY state ORDER BY state";
    counts(&query(link, sql, &[text(&kind.name()), text(&platform)]).await?)
}

/// How many effects wait, by name.
pub(super) async fn count_effects(link: &Link) -> Result<Vec<(String, u64)>, StoreError> {
    let sql = "SELECT name, count(*) FROM effects GROUP BY name ORDER BY name";
    counts(&query(link, sql, &[]).await?)
}

fn counts(rows: &[Found]) -> Result<Vec<(String, u64)>, StoreError> {
    let count = |row: &Found| (row.get(0), u64::try_from(row.get::<_, i64>(1)).unwrap_or(0));
    Ok(rows.iter().map(count).collect())
}

/// A list of events.
pub(super) async fn events(link: &Link, query: &EventsQuery) -> Result<Vec<Event>, StoreError> {
    let mut list = List::new("events", "events.id");
    list.narrow("events.platform = ?", text(&query.platform));
    if let Some(payment) = query.payment {
        list.narrow("events.payment = ?", text(&payment));
    }
    if !query.kinds.is_empty() {
        let kinds: Vec<&'static str> = query.kinds.iter().map(|kind| kind.name()).collect();
        list.narrow("events.kind = ANY (?::text[])", Box::new(kinds));
    }
    list.created("events.at", &query.created);
    list.bodies(link, "events.body", &query.page).await
}

/// One event.
pub(super) async fn event(
    link: &Link,
    platform: PlatformId,
    id: EventId,
) -> Result<Option<Event>, StoreError> {
    let sql = "SELECT body FROM events WHERE id = $1 AND platform = $2";
    one(&query(link, sql, &[text(&id), text(&platform)]).await?)
}

/// A list of journal entries.
pub(super) async fn entries(
    link: &Link,
    query: &EntriesQuery,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut list = List::new("entries", "entries.id");
    list.narrow("entries.platform = ?", text(&query.platform));
    if !query.accounts.is_empty() {
        let accounts: Vec<String> = query.accounts.iter().map(ToString::to_string).collect();
        let of_sellers = accounts.iter().all(|account| account.starts_with("seller_"));
        // Said once more, so that the index of sellers' lines is the one that is used.
        let range =
            if of_sellers { "account >= 'seller_' AND account < 'seller`' AND" } else { "" };
        let posted = format!(
            "entries.id IN (SELECT entry FROM postings WHERE {range} account = ANY (?::text[]))"
        );
        list.narrow(&posted, Box::new(accounts));
    }
    if let Some(source) = &query.source {
        list.narrow("entries.source = ?", text(source));
    }
    list.created("entries.at", &query.created);
    list.bodies(link, "entries.body", &query.page).await
}

/// One journal entry.
pub(super) async fn entry(
    link: &Link,
    platform: PlatformId,
    id: EntryId,
) -> Result<Option<JournalEntry>, StoreError> {
    let sql = "SELECT body FROM entries WHERE id = $1 AND platform = $2";
    one(&query(link, sql, &[text(&id), text(&platform)]).await?)
}

/// The journal of a payment, the oldest entry first.
pub(super) async fn journal(
    link: &Link,
    platform: PlatformId,
    payment: PaymentIntentId,
) -> Result<Vec<JournalEntry>, StoreError> {
    let sql = "SELECT body FROM entries WHERE payment = $1 AND platform = $2 ORDER BY id";
    bodies(&query(link, sql, &[text(&payment), text(&platform)]).await?)
}

/// The balances of accounts.
pub(super) async fn balances(
    link: &Link,
    platform: PlatformId,
    accounts: Accounts,
) -> Result<Vec<Balance>, StoreError> {
    let between =
        |first: &str, end: &str| (format!("account > $2 AND account < '{end}'"), first.to_owned());
    let (condition, account) = match accounts {
        Accounts::One(account) => ("account = $2".to_owned(), account.to_string()),
        // Accounts of one sort stand together: `_` is followed by "`", `:` by `;`.
        Accounts::Sellers => between("seller_", "seller`"),
        Accounts::HeldTotal => between("held:", "held;"),
        Accounts::Platform => {
            (format!("account > $2 AND account IN ({})", Accounts::of_platform()), String::new())
        }
    };
    let shown = match accounts {
        Accounts::HeldTotal => "''",
        Accounts::One(_) | Accounts::Sellers | Accounts::Platform => "account",
    };
    let sql = format!(
        "SELECT {shown} AS shown, currency, sum(signed)::bigint FROM balances
         WHERE platform = $1 AND {condition} GROUP BY shown, currency ORDER BY shown, currency"
    );
    let rows = query(link, &sql, &[text(&platform), text(&account)]).await?;
    rows.iter().map(balance).collect()
}

fn balance(row: &Found) -> Result<Balance, StoreError> {
    let (account, currency): (&str, &str) = (row.get(0), row.get(1));
    Ok(Balance {
        account: match account {
            "" => None,
            text => Some(parsed(Account::parse(text), text)?),
        },
        currency: parsed(Currency::parse(currency), currency)?,
        signed_minor: row.get(2),
    })
}

fn parsed<T>(value: Option<T>, text: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("{text:?} makes no sense")))
}

fn one<T: DeserializeOwned>(rows: &[Found]) -> Result<Option<T>, StoreError> {
    Ok(bodies(rows)?.into_iter().next())
}

fn bodies<T: DeserializeOwned>(rows: &[Found]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| Ok(serde_json::from_str(row.get(0))?)).collect()
}

/// A list in the making: conditions and their values, in the same order.
struct List {
    from: &'static str,
    key: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl List {
    fn new(from: &'static str, key: &'static str) -> List {
        List { from, key, conditions: Vec::new(), values: Vec::new() }
    }

    fn narrow(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.conditions.push(condition.replacen('?', &place, 1));
    }

    fn created(&mut self, column: &str, created: &Created) {
        if *created != Created::default() {
            self.narrow(&format!("{column} >= ?"), Box::new(created.from.ms()));
            self.narrow(&format!("{column} <= ?"), Box::new(created.to.ms()));
        }
    }

    async fn bodies<T: DeserializeOwned>(
        mut self,
        link: &Link,
        body: &str,
        page: &Page,
    ) -> Result<Vec<T>, StoreError> {
        let key = self.key;
        if let Some(cursor) = &page.older_than {
            self.narrow(&format!("{key} < ?"), text(cursor));
        }
        // The page that ends right before the cursor: the oldest of what is newer.
        let mut order = "DESC";
        if let Some(cursor) = &page.newer_than {
            self.narrow(&format!("{key} > ?"), text(cursor));
            order = "ASC";
        }
        let conditions = self.conditions.join(" AND ");
        self.values.push(Box::new(i64::try_from(page.bounded_limit()).unwrap_or(i64::MAX)));
        let List { from, key, values, .. } = self;
        let sql = format!(
            "SELECT {body} FROM {from} WHERE {conditions} ORDER BY {key} {order} LIMIT ${}",
            values.len()
        );
        let mut found = bodies(&query(link, &sql, &values).await?)?;
        if order == "ASC" {
            found.reverse();
        }
        Ok(found)
    }
}
