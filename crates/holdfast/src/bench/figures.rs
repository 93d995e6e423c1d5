//! What a round measured: requests and payments a second, and how long they took.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::script::Failure;

/// What connections have counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// How long each payment, or read, took that was answered as it should be: microseconds.
    pub(crate) micros: Vec<u32>,
    /// Requests that were answered as they should be.
    pub(crate) requests: u64,
    /// How often each other answer came, by its status and code.
    pub(crate) errors: BTreeMap<String, u64>,
    /// What was due and was never begun.
    pub(crate) unsent: u64,
}

impl Counted {
    /// One more is done.
    pub(crate) fn done(&mut self, took: Duration) {
        self.micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// One more came to nothing.
    pub(crate) fn failed(&mut self, failure: Failure) {
        let (Failure::Refused(why) | Failure::NoAnswer(why)) = failure;
        *self.errors.entry(why).or_default() += 1;
    }

    /// Adds what another connection has counted.
    pub(crate) fn add(&mut self, other: Counted) {
        self.micros.extend(other.micros);
        self.requests += other.requests;
        self.unsent += other.unsent;
        for (why, count) in other.errors {
            *self.errors.entry(why).or_default() += count;
        }
    }
}

/// What one round measured. Times are in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Payments, or reads, that were done whole.
    pub(crate) done: u64,
    /// Requests that were answered as they should be.
    pub(crate) requests: u64,
    /// How often each other answer came, by its status and code.
    pub(crate) errors: BTreeMap<String, u64>,
    /// What was due and was never begun.
    pub(crate) unsent: u64,
    /// Payments, or reads, a second.
    pub(crate) per_second: u64,
    /// Half of them took at most so long.
    pub(crate) p50: u64,
    /// 90 %.
    pub(crate) p90: u64,
    /// 99 %.
    pub(crate) p99: u64,
    /// 99.9 %.
    pub(crate) p999: u64,
}

impl Figures {
    /// The figures of a round that took `elapsed`.
    pub(crate) fn of(counted: Counted, elapsed: Duration) -> Figures {
        let Counted { mut micros, requests, errors, unsent } = counted;
        micros.sort_unstable();
        let done = u64::try_from(micros.len()).unwrap_or(u64::MAX);
        let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
        // The smallest time within which at least this part of them was done.
        let at = |permille: usize| {
            let rank = (micros.len() * permille).div_ceil(1_000);
            micros.get(rank.saturating_sub(1)).copied().map_or(0, u64::from)
        };
        Figures {
            done,
            requests,
            errors,
            unsent,
            per_second: done.saturating_mul(1_000_000) / elapsed_us,
            p50: at(500),
            p90: at(900),
            p99: at(990),
            p999: at(999),
        }
    }

    /// How many came to nothing.
    pub(crate) fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let Figures { per_second, p50, p90, p99, p999, .. } = self;
        let errors: Vec<String> =
            self.errors.iter().map(|(why, count)| format!(", {why}: {count}")).collect();
        format!(
            "{per_second:>7}/s  p50 {p50} us  p90 {p90} us  p99 {p99} us  p99.9 {p999} us  \
             errors {}{}",
            self.failed(),
            errors.concat(),
        )
    }

    /// The same for programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "done": self.done,
            "requests": self.requests,
            "errors": self.failed(),
            "errors_by": self.errors,
            "unsent": self.unsent,
            "per_second": self.per_second,
            "p50_us": self.p50,
            "p90_us": self.p90,
            "p99_us": self.p99,
            "p999_us": self.p999,
        })
    }
}

/// The round whose rate is the middle one; errors are those of all rounds.
pub(crate) fn median(rounds: &[Figures]) -> Figures {
    let mut sorted = rounds.to_vec();
    sorted.sort_by_key(|round| round.per_second);
    let mut errors = BTreeMap::new();
    for (why, count) in rounds.iter().flat_map(|round| &round.errors) {
        *errors.entry(why.clone()).or_insert(0) += count;
    }
    let middle = sorted.into_iter().nth(rounds.len() / 2).unwrap_or_default();
    Figures { errors, ..middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(micros: Vec<u32>) -> Counted {
        Counted { micros, requests: 7, unsent: 2, ..Counted::default() }
    }

    #[test]
    fn percentiles_are_the_times_within_which_so_many_were_done() {
        for (micros, seconds, expected) in [
            ((1..=1_000).rev().collect(), 2, (1_000, 500, [500, 900, 990, 999])),
            ((1..=10_000).collect(), 1, (10_000, 10_000, [5_000, 9_000, 9_900, 9_990])),
            (vec![30, 10, 20], 1, (3, 3, [20, 30, 30, 30])),
            (vec![40, 10, 20, 30], 4, (4, 1, [20, 40, 40, 40])),
            (vec![5], 1, (1, 1, [5, 5, 5, 5])),
            (vec![], 1, (0, 0, [0, 0, 0, 0])),
        ] {
            let figures = Figures::of(counted(micros), Duration::from_secs(seconds));
            let Figures { done, per_second, p50, p90, p99, p999, .. } = figures;
            assert_eq!((done, per_second, [p50, p90, p99, p999]), expected);
            assert_eq!((figures.requests, figures.unsent), (7, 2));
        }
    }

    #[test]
    fn errors_are_counted_by_what_was_answered() {
        let mut all = Counted::default();
        for whys in [vec!["429 rate_limit", "no answer"], vec!["429 rate_limit"]] {
            let mut one = counted(vec![1]);
            for why in whys {
                one.failed(Failure::Refused(why.to_owned()));
            }
            all.add(one);
        }
        let figures = Figures::of(all, Duration::from_secs(1));
        let by: Vec<_> = figures.errors.iter().map(|(why, count)| (why.as_str(), *count)).collect();
        assert_eq!(by, [("429 rate_limit", 2), ("no answer", 1)]);
        assert_eq!((figures.failed(), figures.done, figures.unsent), (3, 2, 4));
    }

    #[test]
    fn the_median_is_by_rate_and_no_error_is_lost() {
        let round = |per_second, why: &str| Figures {
            per_second,
            errors: BTreeMap::from([(why.to_owned(), 1)]),
            ..Figures::default()
        };
        let middle = median(&[round(9, "a"), round(1, "b"), round(5, "a")]);
        assert_eq!((middle.per_second, middle.failed()), (5, 3));
        assert_eq!(middle.errors, BTreeMap::from([("a".to_owned(), 2), ("b".to_owned(), 1)]));
        assert_eq!(median(&[]), Figures::default());
    }
}
