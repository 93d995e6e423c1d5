//! Tables of decisions: one line for each command, with what it changes.
//!
//! ```text
//! bought amy USD 43.00     -> o1 USD 43.00
//! refund o1 USD 43.01      -> refused refund_exceeds_payment
//! ship o1                  -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
//!                             o1 shipped capturing USD 43.00
//! ```
//!
//! On the right stands every row whose face has changed, or `nothing`, or `refused` and why; after
//! `bought` and `shipped`, which set a table up, the orders or what is held for them.
//! A line that ends with a comma goes on in the next; `#` begins a comment. The commands are in
//! `act` and `outside`, what they are about is named as in `names`.

mod act;
mod discount;
mod disputes;
mod outside;
mod payouts;
mod saving;
mod show;
mod way;

use std::collections::BTreeMap;

use holdfast_core::held::HeldFunds;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::order::Order;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::time::Span;

use super::World;
use super::face::{face, money};
use super::words::Words;

/// A table in the making.
struct Table {
    world: World,
    /// How many captures the processor allows of one authorization.
    captures_max: u16,
    /// How long the bank holds the money.
    life: Span,
    /// How many events were shown.
    events_shown: usize,
}

/// Plays a table on a fresh world and compares each outcome.
#[track_caller]
pub(crate) fn check(table: &str) {
    let world = World::new();
    let mut played = Table { world, captures_max: 50, life: Span::days(7), events_shown: 0 };
    let mut is_right = true;
    let mut story = Vec::new();
    for (line, expected) in lines(table) {
        let outcome = played.play(&line);
        if outcome == expected {
            story.push(format!("  {line} -> {outcome}"));
        } else {
            is_right = false;
            story.push(format!("! {line} -> {outcome}\n    instead of {expected}"));
        }
    }
    assert!(is_right, "the table is wrong at !\n\n{}\n", story.join("\n"));
}

/// Lines with their outcomes, put together where a comma ends a line.
fn lines(table: &str) -> Vec<(String, String)> {
    let mut whole: Vec<String> = Vec::new();
    for line in table.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        match whole.last_mut() {
            Some(before) if before.ends_with(',') => *before = format!("{before} {line}"),
            Some(_) | None => whole.push(line),
        }
    }
    let whole = whole.into_iter().filter(|line| !line.is_empty());
    whole
        .map(|line| {
            let (asked, outcome) = line.split_once(" -> ").expect("a line has an outcome");
            (asked.to_owned(), outcome.to_owned())
        })
        .collect()
}

impl Table {
    fn play(&mut self, line: &str) -> String {
        let mut words = Words::of(line);
        let verb = words.word();
        if let Some(shown) = self.show(verb, &mut words) {
            words.end();
            return shown;
        }
        let before = self.faces();
        let outcome = self.act(verb, &mut words);
        words.end();
        if matches!(verb, "bought" | "shipped") && outcome.is_ok() {
            return self.set_up(&before);
        }
        match outcome {
            Ok(()) => self.changed(&before),
            Err(refusal) => refused(refusal),
        }
    }

    fn faces(&self) -> BTreeMap<RowKey, String> {
        // Where a sale's money is, the balances show.
        let rows = self.world.rows.iter();
        let rows = rows.filter(|(key, _)| key.kind() != RowKind::Sale);
        rows.map(|(key, stored)| (key.clone(), face(&stored.row))).collect()
    }

    fn changed(&self, before: &BTreeMap<RowKey, String>) -> String {
        let after = self.faces().into_iter();
        let changed = after.filter(|(key, face)| before.get(key) != Some(face));
        let changed = changed.map(|(key, face)| format!("{} {face}", self.world.names.of(&key)));
        let changed: Vec<String> = changed.collect();
        if changed.is_empty() { "nothing".to_owned() } else { changed.join(", ") }
    }
}

impl Table {
    /// What a table begins with is shown in short, and what happened on the way is not news.
    fn set_up(&mut self, before: &BTreeMap<RowKey, String>) -> String {
        self.events_shown = self.world.events.len();
        let is_new = |order: &Order| !before.contains_key(&Order::key(&order.id));
        let orders = self.world.all::<Order>().into_iter().filter(is_new);
        let shown = orders.map(|order| {
            let key = order.held_funds().map_or(Order::key(&order.id), |id| HeldFunds::key(&id));
            format!("{} {}", self.world.names.of(&key), money(order.total))
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

fn refused(refusal: Refusal) -> String {
    format!("refused {}", refusal.code())
}
