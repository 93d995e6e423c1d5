//! Writing a batch: one statement for each table, all in one round trip.

use super::link::{Live, in_time};
use super::tables::{Tables, Values};
use super::trouble::Trouble;
use futures_util::future::try_join_all;

const NEW_ROWS: &str = "INSERT INTO rows (kind, id, platform, version, created, state, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[],
        $6::text[], $7::text[]) ON CONFLICT DO NOTHING";
const CHANGED_ROWS: &str =
    "UPDATE rows SET version = new.version, state = new.state, body = new.body
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],
        $7::text[]) AS new (kind, id, platform, version, created, state, body)
    WHERE rows.kind = new.kind AND rows.id = new.id";
/// What a row says no more that it is linked to.
const UNLINKED: &str =
    "DELETE FROM links USING unnest($1::text[], $2::text[]) AS changed (kind, id)
    WHERE links.kind = changed.kind AND links.id = changed.id
        AND (links.kind, links.link, links.id) NOT IN
            (SELECT * FROM unnest($3::text[], $4::text[], $5::text[]))";
const LINKS: &str = "INSERT INTO links (kind, link, id)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING";
const BALANCES: &str = "INSERT INTO balances (account, currency, platform, shard, signed)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[])
    ON CONFLICT (account, currency, platform, shard)
        DO UPDATE SET signed = balances.signed + excluded.signed";
const ENTRIES: &str = "INSERT INTO entries (id, platform, at, payment, source, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[],
        $6::text[])";
const LINES: &str = "INSERT INTO postings (entry, line, account, currency, signed)
    SELECT * FROM unnest($1::text[], $2::smallint[], $3::text[], $4::text[], $5::bigint[])";
const FINISHED: &str = "DELETE FROM effects WHERE id = ANY ($1::text[])";
const EFFECTS: &str = "INSERT INTO effects (id, platform, due, leased_until, leased_by, name, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[],
        $6::text[], $7::text[])";
const EVENTS: &str = "INSERT INTO events (id, platform, kind, payment, at, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])";

/// Writes all tables in one round trip. `false` when another node made one of the rows between our
/// look and our write: what is not there yet could not be locked.
pub(super) async fn write(live: &Live, tables: &Tables) -> Result<bool, Trouble> {
    let mut steps = Vec::new();
    for (sql, rows, values) in statements(tables) {
        if rows > 0 {
            steps.push((sql, rows, live.prepared(sql).await?, values));
        }
    }
    let client = live.client();
    let written = steps.iter().map(|(_, _, statement, values)| client.execute(statement, values));
    let counts = in_time(try_join_all(written)).await?;
    let mut written = steps.iter().zip(counts);
    Ok(written.all(|((sql, rows, _, _), count)| {
        // Most links of changed rows are there already; an effect that ends is locked, or was
        // begun by this very batch.
        [UNLINKED, LINKS, FINISHED].contains(sql) || usize::try_from(count) == Ok(*rows)
    }))
}

/// What is written to each table, and how many rows it has.
fn statements(tables: &Tables) -> [(&'static str, usize, Values<'_>); 10] {
    let Tables { new_rows, changed_rows, links, added, entries, lines, effects, events, .. } =
        tables;
    let finished = &tables.finished;
    let mut unlinked: Values<'_> = vec![&changed_rows.kinds, &changed_rows.ids];
    unlinked.extend(links.values());
    [
        (NEW_ROWS, new_rows.ids.len(), new_rows.values()),
        (CHANGED_ROWS, changed_rows.ids.len(), changed_rows.values()),
        (UNLINKED, changed_rows.ids.len(), unlinked),
        (LINKS, links.ids.len(), links.values()),
        (BALANCES, added.accounts.len(), added.values()),
        (ENTRIES, entries.ids.len(), entries.values()),
        (LINES, lines.entries.len(), lines.values()),
        (FINISHED, finished.len(), vec![finished]),
        (EFFECTS, effects.ids.len(), effects.values()),
        (EVENTS, events.ids.len(), events.values()),
    ]
}
