//! What a round measured: requests a second, and how long they took.

use std::time::Duration;

use serde_json::{Value, json};

/// What one round measured. Times are in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Requests that were answered as they should be.
    pub(crate) done: u64,
    /// Requests that were answered otherwise, or not at all.
    pub(crate) errors: u64,
    /// Answered requests a second.
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
    /// The figures of a round that took `elapsed`, from how long each request took.
    pub(crate) fn of(mut micros: Vec<u32>, errors: u64, elapsed: Duration) -> Figures {
        micros.sort_unstable();
        let done = u64::try_from(micros.len()).unwrap_or(u64::MAX);
        let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
        let at = |permille: usize| {
            let last = micros.len().saturating_sub(1);
            micros.get((micros.len() * permille / 1_000).min(last)).copied().map_or(0, u64::from)
        };
        Figures {
            done,
            errors,
            per_second: done.saturating_mul(1_000_000) / elapsed_us,
            p50: at(500),
            p90: at(900),
            p99: at(990),
            p999: at(999),
        }
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let Figures { per_second, p50, p90, p99, p999, errors, .. } = self;
        format!(
            "{per_second:>7}/s  p50 {p50} us  p90 {p90} us  p99 {p99} us  p99.9 {p999} us  \
             errors {errors}"
        )
    }

    /// The same for programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "done": self.done,
            "errors": self.errors,
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
    let errors = rounds.iter().map(|round| round.errors).sum();
    let middle = sorted.into_iter().nth(rounds.len() / 2).unwrap_or_default();
    Figures { errors, ..middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_read_off_the_sorted_times() {
        let figures = Figures::of((1..=1_000).rev().collect(), 3, Duration::from_secs(2));
        let Figures { done, errors, per_second, p50, p90, p99, p999 } = figures;
        assert_eq!((done, errors, per_second), (1_000, 3, 500));
        assert_eq!((p50, p90, p99, p999), (501, 901, 991, 1_000));
        assert_eq!(Figures::of(Vec::new(), 0, Duration::ZERO), Figures::default());
    }

    #[test]
    fn the_median_is_by_rate_and_no_error_is_lost() {
        let round = |per_second, errors| Figures { per_second, errors, ..Figures::default() };
        let middle = median(&[round(9, 1), round(1, 0), round(5, 2)]);
        assert_eq!((middle.per_second, middle.errors), (5, 3));
    }
}
