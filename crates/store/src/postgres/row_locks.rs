//! Which rows a batch locks, how, and in which order.
//!
//! Rows that are written are locked alone, rows that are only relied upon together with whoever
//! else relies on them: a busy seller is relied upon by many batches of many nodes at once. Locks
//! are taken in the order of the keys, the same for every node, so that two batches wait for each
//! other in one direction only. The keys of a row never change, so that a row that was waited for
//! stands where it stood.

use std::collections::BTreeMap;

use holdfast_core::change::Changes;

use super::decided;

const TO_WRITE: &str = "SELECT rows.kind, rows.id, rows.version, rows.platform
    FROM unnest($1::text[], $2::text[]) AS wanted (kind, id)
    JOIN rows ON rows.kind = wanted.kind AND rows.id = wanted.id
    ORDER BY rows.kind, rows.id FOR UPDATE OF rows";
const TO_RELY_ON: &str = "SELECT rows.kind, rows.id, rows.version, rows.platform
    FROM unnest($1::text[], $2::text[]) AS wanted (kind, id)
    JOIN rows ON rows.kind = wanted.kind AND rows.id = wanted.id
    ORDER BY rows.kind, rows.id FOR SHARE OF rows";

/// Rows that stand beside each other in the order of all keys and are locked in the same way, by
/// one statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) sql: &'static str,
    pub(super) kinds: Vec<String>,
    pub(super) ids: Vec<String>,
}

/// How many statements lock the rows of a batch. Sellers are nearly all that is relied upon, and
/// stand before all others; a batch that mixes more than that locks all of them to write.
const RUNS_MAX: usize = 8;

/// The locks of a batch, in their order.
pub(super) fn of(batch: &[Changes]) -> Vec<Run> {
    let mut rows: BTreeMap<(String, String), &'static str> = BTreeMap::new();
    for changes in batch {
        for relied in &changes.relied {
            rows.entry(decided::name(&relied.key)).or_insert(TO_RELY_ON);
        }
        rows.extend(changes.puts.iter().map(|put| (decided::name(&put.row.key()), TO_WRITE)));
    }
    let changes = rows.values().zip(rows.values().skip(1)).filter(|(one, next)| one != next);
    if changes.count() >= RUNS_MAX {
        rows.values_mut().for_each(|sql| *sql = TO_WRITE);
    }
    let mut runs: Vec<Run> = Vec::new();
    for ((kind, id), sql) in rows {
        match runs.last_mut().filter(|run| run.sql == sql) {
            Some(run) => {
                run.kinds.push(kind);
                run.ids.push(id);
            }
            None => runs.push(Run { sql, kinds: vec![kind], ids: vec![id] }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::num::NonZero;
    use std::sync::Arc;

    use holdfast_core::change::{Put, Relied};
    use holdfast_core::clock::TestClock;
    use holdfast_core::id::Id;
    use holdfast_core::row::{Record as _, Row};
    use holdfast_core::time::{Span, Timestamp};

    use super::*;

    fn clock(number: u32) -> TestClock {
        TestClock {
            id: Id::from_number(number.into()),
            created: Timestamp::from_ms(7),
            ahead: Span::days(1),
            target: None,
            own: None,
        }
    }

    fn changes(written: &[u32], relied: &[u32]) -> Changes {
        let put = |number: &u32| Put { expected: 1, row: Arc::new(Row::TestClock(clock(*number))) };
        let row =
            |number: &u32| Relied { key: clock(*number).own_key(), version: NonZero::<u64>::MIN };
        Changes {
            platform: Id::from_number(1),
            command: Id::from_number(1),
            puts: written.iter().map(put).collect(),
            relied: relied.iter().map(row).collect(),
            emptied: Vec::new(),
            entries: Vec::new(),
            effects: Vec::new(),
            finished: Vec::new(),
            events: Vec::new(),
        }
    }

    fn lengths(batch: &[Changes]) -> Vec<(bool, usize)> {
        let runs = of(batch);
        let ids = runs.iter().flat_map(|run| run.ids.iter());
        let sorted: BTreeSet<_> = ids.clone().collect();
        assert!(ids.eq(sorted), "each is locked once, in the order of the keys");
        runs.iter().map(|run| (run.sql == TO_WRITE, run.ids.len())).collect()
    }

    #[test]
    fn rows_are_locked_in_the_order_of_their_keys() {
        assert_eq!(lengths(&[]), []);
        assert_eq!(lengths(&[changes(&[3, 1], &[])]), [(true, 2)]);
        assert_eq!(lengths(&[changes(&[4, 3], &[2, 1])]), [(false, 2), (true, 2)]);
        let batch = [changes(&[1, 5], &[3]), changes(&[2], &[4, 1])];
        assert_eq!(lengths(&batch), [(true, 2), (false, 2), (true, 1)], "written is stronger");
    }

    #[test]
    fn a_batch_that_mixes_too_much_locks_all_to_write() {
        let even = |until: u32| (0..until).filter(|it| it % 2 == 0).collect::<Vec<_>>();
        let odd = |until: u32| (0..until).filter(|it| it % 2 == 1).collect::<Vec<_>>();
        assert_eq!(lengths(&[changes(&even(8), &odd(8))]).len(), RUNS_MAX);
        assert_eq!(lengths(&[changes(&even(9), &odd(9))]), [(true, 9)]);
    }
}
