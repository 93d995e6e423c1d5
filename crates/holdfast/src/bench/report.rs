//! What a bench says: a few lines for people, or one line of JSON for programs.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::BenchOptions;

use super::figures::{Figures, median};
use super::usage::{Memory, Processor};

/// The version of the JSON: another one when what a field means has changed.
const VERSION: u8 = 2;

/// What a bench has measured.
pub(crate) struct Report {
    pub(crate) rounds: Vec<Round>,
    pub(crate) memory: Memory,
    pub(crate) ready: Duration,
}

/// One round of each side.
pub(crate) struct Round {
    pub(crate) holdfast: Figures,
    pub(crate) bare: Option<Figures>,
    /// What each process has taken while Holdfast was asked.
    pub(crate) processor: Processor,
}

impl Round {
    fn json(&self) -> Value {
        json!({
            "holdfast": self.holdfast.json(),
            "bare": self.bare.as_ref().map(Figures::json),
            "ratio_permille": self.bare.as_ref().map(|bare| permille(&self.holdfast, bare)),
            "cpu_ms": self.processor.json(),
        })
    }
}

impl Report {
    /// Prints it.
    pub(crate) fn print(&self, options: &BenchOptions) -> anyhow::Result<()> {
        let side = |of: fn(&Round) -> Option<&Figures>| -> Vec<Figures> {
            self.rounds.iter().filter_map(of).cloned().collect()
        };
        let ours = median(&side(|round| Some(&round.holdfast)));
        let bare = side(|round| round.bare.as_ref());
        let bare = if bare.is_empty() { None } else { Some(median(&bare)) };
        let mut out = std::io::stdout().lock();
        if options.json {
            writeln!(out, "{}", self.json(options, &ours, bare.as_ref()))?;
            return Ok(());
        }
        let mix = options.mix.name();
        let (connections, rounds) = (options.connections, options.rounds);
        writeln!(out, "{mix}, {connections} connections, median of {rounds} rounds")?;
        writeln!(out, "{:>10}  {}", "holdfast", ours.line())?;
        if let Some(bare) = bare {
            let permille = permille(&ours, &bare);
            writeln!(out, "{:>10}  {}", "bare", bare.line())?;
            writeln!(out, "{:>10}  {}.{:03}", "ratio", permille / 1_000, permille % 1_000)?;
        }
        Ok(())
    }

    fn json(&self, options: &BenchOptions, ours: &Figures, bare: Option<&Figures>) -> Value {
        let makes_payments = options.mix.makes_payments();
        let done: u64 = self.rounds.iter().map(|round| round.holdfast.done).sum();
        let requests: u64 = self.rounds.iter().map(|round| round.holdfast.requests).sum();
        json!({
            "version": VERSION,
            "mix": options.mix.name(),
            "store": if options.database.is_some() { "postgresql" } else { "sqlite" },
            "sqlite": holdfast_store::sqlite::sqlite_version(),
            "nodes": options.nodes,
            "hot_seller": options.hot_seller,
            "connections": options.connections,
            "rate": options.rate,
            "duration_s": options.duration,
            "rounds": options.rounds,
            "requests": requests,
            "payments": if makes_payments { done } else { 0 },
            "holdfast": ours.json(),
            "bare": bare.map(Figures::json),
            "ratio_permille": bare.map(|bare| permille(ours, bare)),
            "each_round": self.rounds.iter().map(Round::json).collect::<Vec<_>>(),
            "memory_kib": self.memory.json(),
            "ready_ms": u64::try_from(self.ready.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

fn permille(ours: &Figures, bare: &Figures) -> u64 {
    ours.per_second.saturating_mul(1_000) / bare.per_second.max(1)
}
