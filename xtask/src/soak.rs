//! `cargo xtask soak`: the crash soak and the simulation of `holdfast-sim`, with larger numbers.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::machine::{self, Machine};
use crate::pipeline;
use crate::say;

/// `kill -9` of the whole program: as many as a first release is judged by.
const KILLS: u32 = 1_000;
/// Kills of one of several nodes, and of the database; freezes of a node.
const NODE_KILLS: u32 = 200;
const FREEZES: u32 = 20;
/// What a night has time for on two cores.
const SEEDS: u32 = 10_000;

#[derive(Args)]
#[command(after_help = "Examples:
  cargo xtask soak                      1,000 kills and 10,000 seeds
  cargo xtask soak --kills 200 crash    only the tests whose names contain `crash`
  cargo xtask soak --seed 4711          one seed again, the one that a failing test printed")]
pub(crate) struct Options {
    /// How often the crash soak kills the program [default: 1000, or the test's own with --seed]
    #[arg(long)]
    kills: Option<u32>,
    /// How often one of several nodes is killed, and their database [default: 200, or the test's
    /// own with --seed]
    #[arg(long)]
    node_kills: Option<u32>,
    /// How often a node is frozen, and cut off from the database [default: 20, or the test's own
    /// with --seed]
    #[arg(long)]
    freezes: Option<u32>,
    /// How many seeds the simulation runs [default: 10000, or 1 with --seed]
    #[arg(long)]
    seeds: Option<u32>,
    /// The first seed; a test that fails prints the one it failed with
    #[arg(long)]
    seed: Option<u64>,
    /// Builds with optimisation: more seeds in the same time
    #[arg(long)]
    release: bool,
    /// Runs only the tests whose names contain one of these
    names: Vec<String>,
}

pub(crate) fn run(machine: &Machine, options: &Options) -> Result<()> {
    let binary = pipeline::build_holdfast(machine, options.release)?;
    let mut command = machine.cargo(&[
        "nextest",
        "run",
        "--package=holdfast-sim",
        "--profile=soak",
        "--no-capture",
    ]);
    if options.release {
        command.arg("--release");
    }
    command.args(&options.names).env("HOLDFAST_BIN", binary);
    for (name, value) in variables(options) {
        say::line(format_args!("{name}={value}"));
        command.env(name, value);
    }
    run_to_the_end(&mut command)
}

/// What the tests of `holdfast-sim` read.
fn variables(options: &Options) -> Vec<(&'static str, String)> {
    let seeds = options.seeds.unwrap_or(if options.seed.is_some() { 1 } else { SEEDS });
    // Whoever runs one seed again wants that seed, not a thousand kills beside it.
    let usual = |number: Option<u32>, usual| number.or(options.seed.is_none().then_some(usual));
    let counts = [
        ("HOLDFAST_KILLS", usual(options.kills, KILLS)),
        ("HOLDFAST_NODE_KILLS", usual(options.node_kills, NODE_KILLS)),
        ("HOLDFAST_FREEZES", usual(options.freezes, FREEZES)),
    ];
    let mut variables = vec![("HOLDFAST_SEEDS", seeds.to_string())];
    let counts = counts.into_iter().filter_map(|(name, count)| Some((name, count?.to_string())));
    variables.extend(counts);
    variables.extend(options.seed.map(|seed| ("HOLDFAST_SEED", seed.to_string())));
    variables
}

fn run_to_the_end(command: &mut Command) -> Result<()> {
    say::line(machine::shown(command));
    machine::run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tests_are_told() {
        let usual = "HOLDFAST_NODE_KILLS=200 HOLDFAST_FREEZES=20";
        for (kills, seeds, seed, expected) in [
            (None, None, None, format!("HOLDFAST_SEEDS=10000 HOLDFAST_KILLS=1000 {usual}")),
            (Some(7), Some(9), None, format!("HOLDFAST_SEEDS=9 HOLDFAST_KILLS=7 {usual}")),
            (None, None, Some(4), "HOLDFAST_SEEDS=1 HOLDFAST_SEED=4".to_owned()),
            (
                Some(7),
                Some(2),
                Some(4),
                "HOLDFAST_SEEDS=2 HOLDFAST_KILLS=7 HOLDFAST_SEED=4".to_owned(),
            ),
        ] {
            let (node_kills, freezes, release, names) = (None, None, false, Vec::new());
            let options = Options { kills, node_kills, freezes, seeds, seed, release, names };
            let told: Vec<_> =
                variables(&options).iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(told.join(" "), expected);
        }
    }
}
