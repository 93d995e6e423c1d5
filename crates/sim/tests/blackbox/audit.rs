//! What must be true when everything has settled, whatever happened before.

mod acknowledged;
mod balances;
mod books;
mod charges;
mod journal;
mod keys;
mod orders;
mod replays;

pub(crate) use acknowledged::still_told;
pub(crate) use balances::balances_are_their_transactions;
pub(crate) use books::Books;
pub(crate) use charges::{confirmed_by_phone, same_as_witness};
pub(crate) use journal::adds_up;
pub(crate) use keys::once_for_each_key;
pub(crate) use orders::{all_delivered, orders_are_where_their_money_is};
pub(crate) use replays::told_again;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::api::{Api, Form};

/// How far the clock is moved so that everything settles that waits for a moment: a bank waits ten
/// minutes for its code, a request that never arrived is looked up once more after an hour, and a
/// webhook that failed is posted again after five minutes.
const SETTLED_AFTER_S: i64 = 2 * 3_600;
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long an outcome may stay unknown while the processor works.
const SWEPT_WITHIN: Duration = Duration::from_secs(30);
/// The figures of `/metrics` about what the processor was asked and has not answered. A payment
/// that waits for its buyer is none of them.
const OPEN: &[&str] = &[
    "holdfast_attempts{state=\"sending\"}",
    "holdfast_attempts{state=\"unknown\"}",
    "holdfast_effects_waiting{kind=\"capture\"}",
    "holdfast_effects_waiting{kind=\"refund\"}",
];
/// Those about everything that is still to leave the program.
const OUTWARD: &[&str] = &[
    "holdfast_effects_waiting{kind=\"authorize\"}",
    "holdfast_effects_waiting{kind=\"capture\"}",
    "holdfast_effects_waiting{kind=\"refund\"}",
    "holdfast_effects_waiting{kind=\"deliver\"}",
    "holdfast_effects_waiting{kind=\"move_clock\"}",
];

/// Waits until the program knows the outcome of everything that it asked the processor, which it
/// finds out by itself and with nobody's help. Answers with how long it took.
pub(crate) async fn sweep(api: &Api) -> Duration {
    let started = Instant::now();
    let figures = Figures::wait_for(api, SWEPT_WITHIN, |it| it.waiting(OPEN).is_empty()).await;
    let open = figures.waiting(OPEN);
    assert!(open.is_empty(), "unknown after {SWEPT_WITHIN:?}: {open:?}");
    started.elapsed()
}

/// Moves the clock until every outcome is known, and waits until nothing is under way any more.
pub(crate) async fn settle(api: &Api) {
    let clocks = api.object("/v1/test_helpers/test_clocks").await;
    let clock = &clocks["data"][0];
    let path = format!("/v1/test_helpers/test_clocks/{}", clock["id"].as_str().expect("an id"));
    let to = clock["frozen_time"].as_i64().expect("a time") + SETTLED_AFTER_S;
    api.make(&format!("{path}/advance"), &Form::default().with("frozen_time", to)).await;
    let clock = api.wait_for(&path, PATIENCE, |clock| clock["status"] == "ready").await;
    assert_eq!(clock["status"], "ready", "the clock is still on its way: {clock}");
    let figures = Figures::wait_for(api, PATIENCE, |it| it.waiting(OUTWARD).is_empty()).await;
    let waiting = figures.waiting(OUTWARD);
    assert!(waiting.is_empty(), "still under way after {PATIENCE:?}: {waiting:?}");
}

/// The figures of `/metrics`, by their name and labels.
pub(crate) struct Figures(BTreeMap<String, i64>);

impl Figures {
    pub(crate) async fn of(api: &Api) -> Figures {
        let page = api.get("/metrics").await.expect("an answer").text();
        let lines = page.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.rsplit_once(' '));
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
        Figures(pairs.map(|(name, value)| (name.to_owned(), number(value))).collect())
    }

    async fn wait_for(
        api: &Api,
        patience: Duration,
        settled: impl Fn(&Figures) -> bool,
    ) -> Figures {
        let deadline = Instant::now() + patience;
        loop {
            let figures = Figures::of(api).await;
            if settled(&figures) || Instant::now() >= deadline {
                return figures;
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Those of `names` that are not zero.
    fn waiting(&self, names: &[&str]) -> Vec<(String, i64)> {
        let all = names.iter().flat_map(|name| self.with(name));
        all.filter(|(_, count)| *count != 0).collect()
    }

    /// What the program itself says of its books and of its open questions.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let imbalances = self.with("holdfast_ledger_imbalance_minor");
        if imbalances.is_empty() {
            problems.push("there is no figure about the balance of the books".to_owned());
        }
        let open = self.with("holdfast_attempts{state=\"challenged\"}");
        let open = open.into_iter().chain(self.waiting(OPEN));
        let wrong = imbalances.into_iter().chain(open).filter(|(_, value)| *value != 0);
        problems.extend(wrong.map(|(name, value)| format!("{name} is {value}")));
        problems
    }

    fn with(&self, beginning: &str) -> Vec<(String, i64)> {
        let pairs = self.0.iter().filter(|(name, _)| name.starts_with(beginning));
        pairs.map(|(name, value)| (name.clone(), *value)).collect()
    }
}
