//! `cargo xtask`: what a developer and the build server run on Holdfast, in Rust instead of shell.

mod bench;
mod generate;
mod machine;
mod pipeline;
mod say;
mod setup;
mod soak;
mod tally;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::machine::Machine;

/// Set-up, checks, tests, soaks and measurements of Holdfast.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what the tests need; says nothing when all of it is there.
    Setup,
    /// Checks the rules of the house that no compiler knows.
    Tidy(tidy::Options),
    /// Runs everything that must hold before a change lands.
    Test(pipeline::Options),
    /// Writes anew what is made from the code: the examples of the reference, docs/API-COMPAT.md.
    Generate,
    /// Measures Holdfast beside its references, turn about, and writes docs/BENCHMARKS.md.
    Bench(bench::Options),
    /// Runs the crash soak and the simulation with larger numbers.
    Soak(soak::Options),
}

fn main() -> ExitCode {
    run(&Xtask::parse().task).unwrap_or_else(|error| {
        say::problem(format_args!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

fn run(task: &Task) -> anyhow::Result<ExitCode> {
    let machine = Machine::find()?;
    match task {
        Task::Setup => setup::run(&machine)?,
        Task::Tidy(options) => tidy::run(&machine, options)?,
        Task::Test(options) => return Ok(pipeline::run(&machine, options)),
        Task::Generate => generate::run(&machine)?,
        Task::Bench(options) => bench::run(&machine, options)?,
        Task::Soak(options) => soak::run(&machine, options)?,
    }
    Ok(ExitCode::SUCCESS)
}
