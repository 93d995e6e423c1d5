//! The programs that measure: `holdfast bench`, and what stands beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::machine::{self, Machine};
use crate::pipeline;
use crate::say;

use super::Options;

/// The binary, and what each turn has in common.
pub(super) struct Programs<'a> {
    pub(super) machine: &'a Machine,
    binary: PathBuf,
    sqlite: String,
    seconds: u32,
}

/// One turn of `holdfast bench`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub(super) mix: &'a str,
    pub(super) connections: u16,
    /// Further arguments.
    pub(super) more: &'a [&'a str],
}

/// What a turn has measured.
pub(super) struct Measured(Value);

impl<'a> Programs<'a> {
    /// Builds Holdfast with optimisation, unless it is there, and looks whether it runs.
    pub(super) fn prepare(machine: &'a Machine, options: &Options) -> Result<Programs<'a>> {
        let binary = match &options.binary {
            Some(binary) => binary.canonicalize().context("the binary")?,
            None => pipeline::build_holdfast(machine, true)?,
        };
        let sqlite = String::new();
        let mut programs = Programs { machine, binary, sqlite, seconds: 1 };
        let tried = programs.turn(Turn { mix: "create", connections: 1, more: &[] })?;
        programs.sqlite = tried.0["sqlite"].as_str().context("the version of SQLite")?.to_owned();
        programs.seconds = options.seconds;
        Ok(programs)
    }

    /// The version of SQLite that Holdfast is built with.
    pub(super) fn sqlite(&self) -> &str {
        &self.sqlite
    }

    /// Starts a Holdfast, asks it for some seconds, ends it.
    pub(super) fn turn(&self, turn: Turn<'_>) -> Result<Measured> {
        self.turns(turn, self.seconds, &["--alone"])
    }

    /// The same for so many seconds in each round; the bare handler is beside it unless the
    /// further arguments say otherwise.
    pub(super) fn turns(&self, turn: Turn<'_>, seconds: u32, more: &[&str]) -> Result<Measured> {
        let mut command = self.holdfast("bench");
        command.args(["--json", "--mix", turn.mix]);
        command.args(["--connections", &turn.connections.to_string()]);
        command.args(["--duration", &seconds.to_string()]);
        if !more.contains(&"--rounds") {
            command.args(["--rounds", "1"]);
        }
        command.args(more).args(turn.more);
        json(&mut command).map(Measured)
    }

    /// Makes a folder with so many payments; how many there are.
    pub(super) fn fill(&self, folder: &Path, payments: u64) -> Result<u64> {
        say::line(format_args!("filling a folder with {payments} payments"));
        let mut command = self.holdfast("bench");
        command.args(["--json", "--mix", "pay", "--fill", &payments.to_string(), "--data-dir"]);
        let filled = json(command.arg(folder))?;
        filled["payments"].as_u64().context("the number of payments")
    }

    /// Writes the rows of a folder's payments straight to a new file: payments a second, and rows
    /// of each payment in tenths.
    pub(super) fn straight(&self, folder: &Path, more: &[&str]) -> Result<(u64, u64)> {
        let mut command = self.holdfast("bench-straight");
        let said = json(command.args(more).arg("--data-dir").arg(folder))?;
        let number = |name: &str| said[name].as_u64().with_context(|| format!("{name} in {said}"));
        Ok((number("per_second")?, number("rows")? * 10 / number("payments")?.max(1)))
    }

    fn holdfast(&self, command: &str) -> Command {
        let mut holdfast = self.machine.command(&self.binary);
        holdfast.arg(command).env("HOLDFAST_LOG", "warn").env_remove("HOLDFAST_DATABASE");
        holdfast
    }
}

fn json(command: &mut Command) -> Result<Value> {
    let said = machine::output(command)?;
    serde_json::from_str(&said).with_context(|| format!("{} said {said}", machine::shown(command)))
}

impl Measured {
    /// Payments, or reads, a second.
    pub(super) fn per_second(&self) -> Result<u64> {
        self.figure("per_second")
    }

    /// A figure of Holdfast's side.
    pub(super) fn figure(&self, name: &str) -> Result<u64> {
        self.0["holdfast"][name].as_u64().with_context(|| format!("{name} in {}", self.0))
    }

    /// What was answered otherwise, each with its count.
    pub(super) fn errors(&self) -> Vec<(String, u64)> {
        let by = self.0["holdfast"]["errors_by"].as_object().into_iter().flatten();
        by.map(|(why, count)| (why.clone(), count.as_u64().unwrap_or(0))).collect()
    }

    /// Memory of the serving processes, in KiB.
    pub(super) fn memory_kib(&self, when: &str) -> Result<u64> {
        self.0["memory_kib"][when].as_u64().context("the memory")
    }

    /// From the start to ready.
    pub(super) fn ready_ms(&self) -> Result<u64> {
        self.0["ready_ms"].as_u64().context("the time to ready")
    }

    /// Holdfast and the bare handler in each round.
    pub(super) fn beside_bare(&self) -> Vec<(u64, u64)> {
        let rounds = self.0["each_round"].as_array().into_iter().flatten();
        let side = |round: &Value, name: &str| round[name]["per_second"].as_u64().unwrap_or(0);
        rounds.map(|round| (side(round, "holdfast"), side(round, "bare"))).collect()
    }

    /// The processor time of each process for one payment, in microseconds.
    pub(super) fn processor_us(&self) -> Vec<(String, u64)> {
        let rounds: Vec<&Value> = self.0["each_round"].as_array().into_iter().flatten().collect();
        let done = |round: &&Value| round["holdfast"]["done"].as_u64();
        let done = rounds.iter().filter_map(done).sum::<u64>().max(1);
        let mut sums = std::collections::BTreeMap::new();
        for (role, ms) in rounds.iter().filter_map(|round| round["cpu_ms"].as_object()).flatten() {
            *sums.entry(role.clone()).or_insert(0) += ms.as_u64().unwrap_or(0);
        }
        sums.into_iter().map(|(role, ms)| (role, ms * 1_000 / done)).collect()
    }
}
