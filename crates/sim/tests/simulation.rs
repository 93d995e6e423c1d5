//! Seeds by the hundred: whatever goes wrong, the books are right in the end.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use holdfast_sim::{Options, Report, simulate};

/// How many seeds the test command runs.
const SEEDS: u64 = 500;
/// How many actions each has: about two hundred commands.
const ACTIONS: u64 = 150;
/// How many of its last lines a failing seed shows.
const LINES: usize = 20;
/// How many of its violations.
const VIOLATIONS: usize = 10;

/// What so many seeds have to come by. An auditor who never sees it says nothing about it.
const REACHED: [&str; 53] = [
    "capture failed",
    "capture too late",
    "card detached",
    "card failed",
    "card saved",
    "event application_fee.created",
    "event application_fee.refunded",
    "event charge.dispute.closed",
    "event charge.dispute.funds_reinstated",
    "event charge.dispute.funds_withdrawn",
    "event charge.expired",
    "event checkout.session.async_payment_failed",
    "event checkout.session.async_payment_succeeded",
    "event checkout.session.expired",
    "event order.protection_extended",
    "event payment_intent.requires_action",
    "event setup_intent.requires_action",
    "event setup_intent.setup_failed",
    "event topup.succeeded",
    "event transfer.created",
    "event transfer.reversed",
    "funding capture_failed",
    "off session authorized",
    "off session declined",
    "order canceled authorization_ending",
    "order canceled not_shipped",
    "order canceled refunded",
    "order canceled requested_by_buyer",
    "order completed buyer_confirmed",
    "order completed operator",
    "order completed protection_ended",
    "order completed ruling",
    "order refunded",
    "payout canceled",
    "payout failed",
    "payout paid",
    "refund because authorization_ended",
    "refund because late_approval",
    "refund because partial_capture",
    "refund because payment_canceled",
    "refund failed",
    "refund reversing its transfer",
    "refused balance_insufficient",
    "refused capture_exceeds_authorization",
    "refused captures_exhausted",
    "refused fee_refund_exceeds_fee",
    "refused payment_method_customer_mismatch",
    "refused refund_exceeds_payment",
    "refused release_exceeds_held",
    "refused topup_unexpected_state",
    "sale failed",
    "setup canceled",
    "setup succeeded",
];

fn options(seed: u64, traced: bool) -> Options {
    Options { seed, actions: ACTIONS, traced }
}

/// A number that whoever runs the test chose.
#[allow(clippy::disallowed_methods, reason = "the seeds are chosen by whoever runs the test")]
fn chosen(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value} is no number")))
}

/// What came of all the seeds.
#[derive(Default)]
struct Seen {
    failed: BTreeMap<u64, Vec<String>>,
    reached: BTreeMap<String, u64>,
    answered: u64,
}

impl Seen {
    fn add(&mut self, seed: u64, report: thread::Result<Report>) {
        let Ok(report) = report else {
            self.failed.insert(seed, vec!["a panic".to_owned()]);
            return;
        };
        self.answered += report.answered;
        for (what, times) in report.reached {
            *self.reached.entry(what).or_default() += times;
        }
        if !report.violations.is_empty() {
            self.failed.insert(seed, report.violations);
        }
    }
}

/// Runs seeds on all cores.
fn run(first: u64, count: u64) -> Seen {
    let (next, seen) = (AtomicU64::new(first), Mutex::new(Seen::default()));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed - first >= count {
                        return;
                    }
                    let report = catch_unwind(|| simulate(options(seed, false)));
                    seen.lock().unwrap().add(seed, report);
                }
            });
        }
    });
    seen.into_inner().unwrap()
}

#[test]
fn simulation() {
    let first = chosen("HOLDFAST_SEED");
    let count = chosen("HOLDFAST_SEEDS").unwrap_or(if first.is_some() { 1 } else { SEEDS });
    let seen = run(first.unwrap_or(0), count);
    assert!(seen.failed.is_empty(), "{}", told(&seen.failed));
    if count >= SEEDS {
        let missing: Vec<_> =
            REACHED.iter().filter(|what| !seen.reached.contains_key(**what)).collect();
        assert!(missing.is_empty(), "never reached: {missing:?}");
        assert!(seen.answered > count * 150, "only {} commands were answered", seen.answered);
    }
}

#[test]
fn the_same_seed_is_the_same_run_to_the_byte() {
    for seed in [1, 2, 3] {
        let runs = [(); 2].map(|()| thread::spawn(move || simulate(options(seed, true))));
        let [left, right] = runs.map(|run| run.join().unwrap());
        assert!(left.trace.lines().count() > 100, "seed {seed} says little");
        let lines = left.trace.lines().zip(right.trace.lines());
        for (number, (left, right)) in (1..).zip(lines) {
            assert_eq!(left, right, "seed {seed}, line {number}");
        }
        assert!(left == right, "seed {seed} ends in two ways");
    }
    let other = |seed| simulate(options(seed, true)).trace;
    assert!(other(1) != other(2), "the seed decides nothing");
}

/// What failed, how to see it again, and what the first of them has to tell of it.
fn told(failed: &BTreeMap<u64, Vec<String>>) -> String {
    let mut text = format!("{} seeds failed\n", failed.len());
    for (seed, violations) in failed {
        text += &format!("HOLDFAST_SEED={seed} cargo nextest run -p holdfast-sim simulation\n");
        for violation in violations.iter().take(VIOLATIONS) {
            text += &format!("    {violation}\n");
        }
    }
    if let Some((seed, violations)) = failed.first_key_value() {
        text += &format!("\nwhat seed {seed} says of these\n{}", trace(*seed, violations));
    }
    text
}

/// The lines of a seed's trace that name what its violations name, and its last lines.
fn trace(seed: u64, violations: &[String]) -> String {
    let Ok(report) = catch_unwind(|| simulate(options(seed, true))) else {
        return "it ends in a panic\n".to_owned();
    };
    let words = violations.iter().flat_map(|violation| {
        violation.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
    });
    let ids: BTreeSet<&str> = words.filter(|word| word.contains('_') && word.len() > 20).collect();
    let lines: Vec<&str> = report.trace.lines().collect();
    let last = lines.len().saturating_sub(LINES);
    let shown = lines.iter().enumerate().filter(|(number, line)| {
        *number >= last || line.contains(" life ") || ids.iter().any(|id| line.contains(id))
    });
    shown.map(|(number, line)| format!("{number:6} {line}\n")).collect()
}
