//! `cargo xtask bench`: Holdfast beside its references, turn about, and docs/BENCHMARKS.md.
//!
//! On a machine that others use too, a figure by itself says little. So each figure is measured
//! beside a reference, in turns of seconds, and what is judged is the ratio of the two.

mod about;
mod document;
mod folder;
mod fsync;
mod postgres;
mod programs;
mod row;
mod rows;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::machine::{self, Machine};
use crate::say;

use self::programs::Programs;
use self::row::Row;

#[derive(Args)]
#[command(after_help = "Examples:
  cargo xtask bench                       every figure, and docs/BENCHMARKS.md
  cargo xtask bench --only pay --rounds 9 one figure again; the others stay as they are
  cargo xtask bench --stored 5000000      many payments, where the disk has the room")]
pub(crate) struct Options {
    /// Measures only this figure; may be given several times
    #[arg(long, value_name = "FIGURE")]
    only: Vec<Figure>,
    /// Rounds of each side, turn about
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Seconds of each turn
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Seconds of the burst
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    burst_seconds: u32,
    /// How many payments are stored where many are [default: 5,000,000, or what the disk has room
    /// for]
    #[arg(long)]
    stored: Option<u64>,
    /// A holdfast that is built already, instead of a build with optimisation
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Figure {
    /// Payments made and charged, on SQLite
    Pay,
    /// The same on PostgreSQL
    Postgres,
    /// Two nodes with one hot seller
    Nodes,
    /// From the basket to the seller's money
    Life,
    /// Payments read
    Read,
    /// The slowest of a hundred confirmations
    Latency,
    /// With many payments stored: payments a second, memory at rest, start
    Stored,
    /// Ten times as much as can be served
    Burst,
}

impl Figure {
    /// The word of the command line.
    fn name(self) -> String {
        self.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default()
    }
}

pub(crate) fn run(machine: &Machine, options: &Options) -> Result<()> {
    folder::remove_left_over();
    let programs = Programs::prepare(machine, options)?;
    let kept = machine.target_folder()?.join("bench");
    std::fs::create_dir_all(&kept).context("the folder of the figures")?;
    let about = about::machine(machine, &programs)?;
    let all = Figure::value_variants().iter().copied();
    let chosen = |figure: &Figure| options.only.is_empty() || options.only.contains(figure);
    for figure in all.clone().filter(chosen) {
        say::line(format_args!("== {}", figure.name()));
        let measured = rows::measure(figure, &programs, options)?;
        measured.iter().for_each(|row| say::line(row.told()));
        row::keep(&kept, figure, &measured)?;
    }
    let rows: Vec<(Figure, Vec<Row>)> =
        all.filter_map(|figure| Some((figure, row::kept(&kept, figure)?))).collect();
    let file = machine.root.join("docs/BENCHMARKS.md");
    document::write(&file, &about, &rows)?;
    say::line(format_args!("written: {}", file.display()));
    Ok(())
}

/// The day, as the document says it.
fn today(machine: &Machine) -> Result<String> {
    let said = machine::output(machine.command("date").args(["-u", "+%F"]))?;
    Ok(said.trim().to_owned())
}
