//! Locking and reading all that a batch is checked against, in one round trip.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::{try_join, try_join_all, try_join5};
use holdfast_core::change::Changes;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::decided::{self, BalanceKey, Stored, balance_key};
use super::link::{Live, in_time};
use super::nodes::{self, Node};
use super::row_locks::{self, Run};
use super::tables::shard_of;
use super::trouble::Trouble;

const LOCK_EFFECTS: &str =
    "SELECT id FROM effects WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE";
/// A wanted shard below zero stands for all of them.
const LOCK_BALANCES: &str = "SELECT b.account, b.currency, b.platform, b.shard, b.signed
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
        AS wanted (account, currency, platform, shard)
    JOIN balances b ON b.account = wanted.account AND b.currency = wanted.currency
        AND b.platform = wanted.platform AND (wanted.shard < 0 OR b.shard = wanted.shard)
    ORDER BY b.account, b.currency, b.platform, b.shard FOR UPDATE OF b";
/// By a statement of its own: only a later one sees the parts that were made while the locks were
/// waited for.
const SUM_BALANCES: &str = "SELECT b.account, b.currency, b.platform, sum(b.signed)::text
    FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (account, currency, platform)
    JOIN balances b ON b.account = wanted.account AND b.currency = wanted.currency
        AND b.platform = wanted.platform
    GROUP BY b.account, b.currency, b.platform";
/// All that accounts have that must be empty, in whatever currency and part. A part that another
/// node is making cannot be locked. But whoever puts something into such an account relies on a row
/// that the batch at hand writes (`Changes::emptied`), and has it locked until its own commit; so
/// by the time that our lock of that row was given, all that may come is there, and whoever comes
/// later finds the row written. Hence by a statement of its own, after the locks of the rows: it
/// sees what was committed while they were waited for.
const SUM_EMPTIED: &str = "SELECT b.account, b.currency, b.platform, sum(b.signed)::text
    FROM unnest($1::text[], $2::text[]) AS wanted (account, platform)
    JOIN balances b ON b.account = wanted.account AND b.platform = wanted.platform
    GROUP BY b.account, b.currency, b.platform";

/// Another node has the number of this one.
pub(super) struct Fenced;

/// Begins the transaction, says whose it is, and locks all that the batch is checked against. The
/// answers are waited for together.
pub(super) async fn look(
    live: &Live,
    node: &Node,
    number: i64,
    batch: &[Changes],
) -> Result<Result<Stored, Fenced>, Trouble> {
    let advance = nodes::advance(live).await?;
    let wanted = Wanted::of(batch, node.number);
    let client = live.client();
    let of_node: [&(dyn ToSql + Sync); 2] = [&node.holder, &number];
    let begun = try_join(client.batch_execute("BEGIN"), client.execute(&advance, &of_node));
    let locks = wanted.lock(live).await?;
    // What is polled first is sent first.
    let (((), advanced), found) = in_time(try_join(begun, locks)).await?;
    Ok(if advanced == 1 { Ok(wanted.stored(&found, node.number)) } else { Err(Fenced) })
}

/// What the statements found: rows by their runs, effects, parts of balances, sums, and sums of
/// what must be empty.
type Found = (Vec<Vec<Row>>, Vec<Row>, Vec<Row>, Vec<Row>, Vec<Row>);

/// The keys of all that a batch is checked against.
#[derive(Default)]
struct Wanted {
    runs: Vec<Run>,
    effects: Vec<String>,
    /// The parts of balances to lock.
    parts: Keys,
    /// The balances of which the sum over all parts is asked.
    wholes: Keys,
    whole_keys: BTreeSet<BalanceKey>,
    /// The accounts that must be empty.
    emptied: Keys,
}

/// Names of balances, as columns.
#[derive(Default)]
struct Keys {
    accounts: Vec<String>,
    currencies: Vec<String>,
    platforms: Vec<String>,
    shards: Vec<i32>,
}

/// All parts of a balance.
const ALL: i32 = -1;

impl Wanted {
    fn of(batch: &[Changes], node: i32) -> Wanted {
        let mut touched = BTreeSet::new();
        let mut wanted = Wanted { runs: row_locks::of(batch), ..Wanted::default() };
        let emptied = decided::emptied(batch);
        for changes in batch {
            let platform = changes.platform.to_string();
            wanted.effects.extend(changes.finished.iter().map(ToString::to_string));
            for (entry, posting) in changes.postings() {
                let key = balance_key(posting, &platform);
                let is_emptied = emptied.contains(&(key.0.clone(), key.2.clone()));
                if is_emptied || decided::needs_whole(entry, posting) {
                    wanted.whole_keys.insert(key.clone());
                }
                touched.insert(key);
            }
        }
        (wanted.emptied.accounts, wanted.emptied.platforms) = emptied.into_iter().unzip();
        for key in touched {
            if wanted.whole_keys.contains(&key) {
                wanted.wholes.push(&key, ALL);
                wanted.parts.push(&key, ALL);
            } else {
                wanted.parts.push(&key, shard_of(&key.0, node));
            }
        }
        wanted
    }

    /// Asks for the locks and what stands behind them. Nothing is sent until this is polled.
    async fn lock<'a>(
        &'a self,
        live: &'a Live,
    ) -> Result<impl Future<Output = Result<Found, Error>> + 'a, Trouble> {
        let mut locks = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            locks.push((live.prepared(run.sql).await?, [&run.kinds, &run.ids]));
        }
        let [effects, balances, sums, emptied] = [
            live.prepared(LOCK_EFFECTS).await?,
            live.prepared(LOCK_BALANCES).await?,
            live.prepared(SUM_BALANCES).await?,
            live.prepared(SUM_EMPTIED).await?,
        ];
        let client = live.client();
        Ok(async move {
            let rows = locks
                .iter()
                .map(|(run, [kinds, ids])| async move { client.query(run, &[*kinds, *ids]).await });
            let of_effects: [&(dyn ToSql + Sync); 1] = [&self.effects];
            let of_balances = self.parts.values();
            let of_sums = &self.wholes.values()[..3];
            let of_emptied: [&(dyn ToSql + Sync); 2] =
                [&self.emptied.accounts, &self.emptied.platforms];
            try_join5(
                try_join_all(rows),
                client.query(&effects, &of_effects),
                client.query(&balances, &of_balances),
                client.query(&sums, of_sums),
                async {
                    if self.emptied.accounts.is_empty() {
                        return Ok(Vec::new());
                    }
                    client.query(&emptied, &of_emptied).await
                },
            )
            .await
        })
    }

    fn stored(self, (rows, effects, balances, sums, emptied): &Found, node: i32) -> Stored {
        let version = |row: &Row| ((row.get(0), row.get(1)), (row.get::<_, i64>(2), row.get(3)));
        let mut stored = Stored {
            rows: rows.iter().flatten().map(version).collect(),
            effects: effects.iter().map(|row| row.get(0)).collect(),
            parts: HashMap::new(),
            wholes: self.whole_keys.into_iter().map(|key| (key, 0)).collect(),
        };
        let key = |row: &Row| -> BalanceKey { (row.get(0), row.get(1), row.get(2)) };
        for row in balances {
            if row.get::<_, i32>(3) == shard_of(row.get(0), node) {
                stored.parts.insert(key(row), row.get(4));
            }
        }
        for row in sums.iter().chain(emptied) {
            // A sum of 64-bit numbers has no more than 128 bits.
            let sum = row.get::<_, &str>(3).parse().unwrap_or(i128::MAX);
            stored.wholes.insert(key(row), sum);
        }
        stored
    }
}

impl Keys {
    fn values(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.accounts, &self.currencies, &self.platforms, &self.shards]
    }

    fn push(&mut self, (account, currency, platform): &BalanceKey, shard: i32) {
        self.accounts.push(account.clone());
        self.currencies.push(currency.clone());
        self.platforms.push(platform.clone());
        self.shards.push(shard);
    }
}
