//! Ids in the order in which they are made.

use std::sync::{Mutex, PoisonError};

use holdfast_core::id::IdSource;

/// What the ids of this process were made of last.
///
/// Ids begin with their millisecond, and so many commands come in one that the rest may not be
/// random alone: lists and events would show them in an order that nobody knows. Within a
/// millisecond each command's number lies a random step above the one before, so that later
/// commands have larger ids and nobody can tell the next one. Processes that share a store agree
/// to the millisecond only.
#[derive(Default)]
pub(crate) struct Ids {
    last: Mutex<Last>,
}

#[derive(Clone, Copy, Default)]
struct Last {
    ms: i64,
    number: u64,
}

/// A step is at most 2 to the power of 40: from where a millisecond begins, in the lower half of
/// all numbers, millions of steps fit in.
const STEP_SHIFT: u32 = 64 - 40;

impl Ids {
    /// The ids of a command at `ms`, from 64 random bits. A clock that is set back does not make
    /// smaller ids: they go on where they were.
    pub(crate) fn next(&self, ms: i64, random: u64) -> IdSource {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = last.followed_by(ms, random);
        IdSource::new(last.ms, last.number)
    }
}

impl Last {
    fn followed_by(self, ms: i64, random: u64) -> Last {
        let begin = |ms| Last { ms, number: random >> 1 };
        if ms > self.ms {
            return begin(ms);
        }
        let step = 1 + (random >> STEP_SHIFT);
        match self.number.checked_add(step) {
            Some(number) => Last { number, ..self },
            None => begin(self.ms.saturating_add(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_core::id::{Id, OrderId};

    use super::*;

    #[test]
    fn whatever_the_clock_and_the_dice_say_ids_grow() {
        let table = [
            (1_000, 5),
            (1_000, 0),
            (1_000, u64::MAX),
            (1_000, u64::MAX),
            (1_001, 0),
            (1_001, 0),
            (999, 7),
            (0, u64::MAX),
            (1_002, u64::MAX),
        ];
        let ids = Ids::default();
        let made: Vec<OrderId> =
            table.iter().map(|(ms, random)| ids.next(*ms, *random).make()).collect();
        assert!(made.is_sorted_by(|before, after| before < after), "{made:?}");
        let texts: Vec<String> = made.iter().map(OrderId::to_string).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(made.iter().map(|id| id.made_at_ms()).max(), Some(1_002));
    }

    #[test]
    fn a_millisecond_that_is_full_is_followed_by_the_next() {
        let full = Last { ms: 7, number: u64::MAX - 1 };
        let next = full.followed_by(7, u64::MAX);
        assert_eq!((next.ms, next.number), (8, u64::MAX >> 1));
    }
}
