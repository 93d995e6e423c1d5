//! The rows of payments as they lie in the file: what measurements multiply, and write once more.

use holdfast_core::id::{Id, PaymentIntentId};
use holdfast_core::key::RowKind;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::StoreError;

/// The tables that hold what belongs to one payment, and the column that names its row.
const TABLES: [(&str, &str); 6] = [
    ("rows", "id"),
    ("links", "id"),
    ("entries", "id"),
    ("postings", "entry"),
    ("effects", "id"),
    ("events", "id"),
];

/// The digits of an id behind its prefix.
const DIGITS: usize = 22;
/// Where an id keeps the time of its command.
const TIME_SHIFT: u32 = 80;

/// The rows of payments, of every table in the order of the file.
pub(super) struct Template {
    /// How many payments these are.
    pub(super) payments: u64,
    /// When the first of them was begun, as ids tell it.
    first_ms: i64,
    /// From there to the last of their ids.
    pub(super) span_ms: i64,
    pub(super) tables: Vec<Lines>,
}

/// Rows of one table.
pub(super) struct Lines {
    pub(super) table: &'static str,
    pub(super) columns: Vec<String>,
    /// Which column names the row.
    key: usize,
    pub(super) rows: Vec<Vec<Value>>,
}

impl Template {
    /// All that the file holds from its first payment on.
    pub(super) fn of(file: &Connection) -> Result<Template, StoreError> {
        // A payment begins with a session where a buyer comes by the pay page.
        let kinds = [RowKind::PaymentIntent, RowKind::CheckoutSession].map(RowKind::name);
        let first = "SELECT min(id) FROM rows WHERE kind IN (?, ?) GROUP BY kind";
        let mut statement = file.prepare(first)?;
        let ids = statement.query_map(kinds, |row| row.get::<_, String>(0))?;
        let times = ids.map(|id| Ok(id_number(&id?).map(made_at)));
        let times = times.collect::<Result<Vec<_>, rusqlite::Error>>()?;
        let none = || StoreError::Unavailable("there is no payment in the file".to_owned());
        let first_ms = times.into_iter().flatten().min().ok_or_else(none)?;
        let mut tables = Vec::new();
        for (table, key) in TABLES {
            tables.push(Lines::of(file, table, key, first_ms)?);
        }
        let count = "SELECT count(*) FROM rows WHERE kind = ?";
        let payments: i64 = file.query_row(count, [kinds[0]], |row| row.get(0))?;
        let payments = u64::try_from(payments).unwrap_or(0);
        let last_ms = tables.iter().filter_map(Lines::last_ms).max().unwrap_or(first_ms);
        let span_ms = last_ms - first_ms + 1;
        Ok(Template { payments, first_ms, span_ms, tables })
    }

    /// The same row of payments that were made so much earlier.
    pub(super) fn earlier(&self, row: &[Value], by_ms: i64) -> Vec<Value> {
        let moved = |value: &Value| match value {
            Value::Text(text) => Value::Text(self.text_earlier(text, by_ms)),
            Value::Null | Value::Integer(_) | Value::Real(_) | Value::Blob(_) => value.clone(),
        };
        row.iter().map(moved).collect()
    }

    /// A text in which every id of these payments is another, made so much earlier. Ids of what
    /// was there before them - the platform, a seller - stay as they are.
    fn text_earlier(&self, text: &str, by_ms: i64) -> String {
        let mut made = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(place) = rest.find('_') {
            let (before, behind) = rest.split_at(place + 1);
            made.push_str(before);
            rest = behind;
            let digits = behind.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let number = (digits == DIGITS).then(|| number(&behind[..DIGITS])).flatten();
            if let Some(number) = number.filter(|number| made_at(*number) >= self.first_ms) {
                let by = u128::try_from(by_ms).unwrap_or(0) << TIME_SHIFT;
                let other = PaymentIntentId::from_number(number.saturating_sub(by)).to_string();
                made.push_str(other.trim_start_matches(PaymentIntentId::PREFIX));
                rest = &behind[DIGITS..];
            }
        }
        made.push_str(rest);
        made
    }
}

impl Lines {
    fn of(
        file: &Connection,
        table: &'static str,
        key: &str,
        from_ms: i64,
    ) -> Result<Lines, StoreError> {
        // A number that SQLite gives by itself is given anew.
        let mut about = file.prepare(
            "SELECT name FROM pragma_table_info(?) WHERE NOT (name = 'number' AND pk = 1)",
        )?;
        let columns = about.query_map([table], |row| row.get(0))?;
        let columns = columns.collect::<Result<Vec<String>, _>>()?;
        let missing = || StoreError::Corrupt(format!("{table} has no {key}"));
        let key = columns.iter().position(|name| name == key).ok_or_else(missing)?;
        let mut all = file.prepare(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
        let mut found = all.query([])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|place| row.get(place));
            let values: Vec<Value> = values.collect::<Result<_, _>>()?;
            if key_ms(&values, key).is_some_and(|ms| ms >= from_ms) {
                rows.push(values);
            }
        }
        Ok(Lines { table, columns, key, rows })
    }

    /// The statement that writes one of them.
    pub(super) fn insert(&self) -> String {
        let (table, columns) = (self.table, self.columns.join(", "));
        let marks = vec!["?"; self.columns.len()].join(", ");
        format!("INSERT INTO {table} ({columns}) VALUES ({marks})")
    }

    /// The values of a row under this column's name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    fn last_ms(&self) -> Option<i64> {
        self.rows.iter().filter_map(|row| key_ms(row, self.key)).max()
    }
}

/// Writes rows in the transaction that is open.
pub(super) fn write<'a>(
    file: &Connection,
    insert: &str,
    rows: impl IntoIterator<Item = &'a Vec<Value>>,
) -> Result<(), StoreError> {
    let mut statement = file.prepare_cached(insert)?;
    for row in rows {
        statement.execute(params_from_iter(row))?;
    }
    Ok(())
}

/// When the command was carried out that made the row which these values name.
fn key_ms(row: &[Value], key: usize) -> Option<i64> {
    match row.get(key)? {
        Value::Text(id) => id_number(id).map(made_at),
        Value::Null | Value::Integer(_) | Value::Real(_) | Value::Blob(_) => None,
    }
}

/// The number of an id of whatever kind.
fn id_number(id: &str) -> Option<u128> {
    number(id.rsplit_once('_')?.1)
}

fn number(digits: &str) -> Option<u128> {
    let whole = format!("{}{digits}", PaymentIntentId::PREFIX);
    PaymentIntentId::parse(&whole).map(Id::number)
}

fn made_at(number: u128) -> i64 {
    PaymentIntentId::from_number(number).made_at_ms()
}

#[cfg(test)]
mod tests {
    use holdfast_core::id::{EventId, IdSource, SellerId};

    use super::*;

    #[test]
    fn ids_of_the_payments_move_and_others_stay() {
        let template = Template { payments: 1, first_ms: 1_000, span_ms: 1, tables: Vec::new() };
        let (mut before, mut then) = (IdSource::new(999, 7), IdSource::new(1_005, 7));
        let seller: SellerId = before.make();
        let (payment, event): (PaymentIntentId, EventId) = (then.make(), then.make());
        let mut earlier = IdSource::new(905, 7);
        let (payment_2, event_2): (PaymentIntentId, EventId) = (earlier.make(), earlier.make());
        let text = |payment, event| {
            format!(
                r#"{{"id":"{payment}","of":"{seller}","event":"{event}","a_b":"c_",
                    "client_secret":"{payment}_secret_x","other":"_{payment}x"}}"#
            )
        };
        let (made, expected) =
            (template.text_earlier(&text(payment, event), 100), text(payment_2, event_2));
        // What only looks like an id is none.
        assert_eq!(made, expected.replace(&format!("_{payment_2}x"), &format!("_{payment}x")));
    }
}
