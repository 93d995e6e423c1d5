//! `cargo xtask test`: every check and every test, one after the other, and one line at the end.

mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::machine::Machine;
use crate::say;
use crate::tally::Tally;

pub(crate) use self::steps::build_holdfast;

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this step and what it needs; may be given several times
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
}

/// What has to hold, in the order in which it is looked at: cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// What the tests need is installed
    Setup,
    /// Every source is formatted
    Fmt,
    /// The rules of the house that no compiler knows
    Tidy,
    /// Lints, with every warning an error
    Clippy,
    /// Licences, sources and versions of the dependencies
    Deny,
    /// The binary that the crash tests and the browser drive
    Build,
    /// Every test of the workspace
    Nextest,
    /// The core's tests once more, optimised and without debug assertions
    Core,
    /// The official SDKs and a browser against the binary
    E2e,
}

/// Runs the steps that were asked for, all of them even if one fails, and closes with the tally.
pub(crate) fn run(machine: &Machine, options: &Options) -> ExitCode {
    let start = Instant::now();
    let mut run = Run { tally: Tally::default(), failed: Vec::new() };
    for step in chosen(&options.only) {
        run.step(machine, step);
    }
    say::line(format_args!("== all of it in {}", shown(start.elapsed())));
    let has_failed = !run.failed.is_empty();
    if has_failed {
        let failed: Vec<_> = run.failed.into_iter().map(name).collect();
        say::line(format_args!("== failed: {}", failed.join(", ")));
    }
    // The last line of the output, and plain, so that any build server can read it.
    say::line(run.tally);
    ExitCode::from(u8::from(has_failed))
}

struct Run {
    tally: Tally,
    failed: Vec<Step>,
}

impl Run {
    fn step(&mut self, machine: &Machine, step: Step) {
        if let Some(missing) = needs(step).iter().find(|it| self.failed.contains(it)) {
            say::line(format_args!("== {}: not run, {} failed", name(step), name(*missing)));
            self.fail(step, Tally::default());
            return;
        }
        say::line(format_args!("== {}", name(step)));
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = steps::run(step, machine, &mut tally);
        let took = shown(start.elapsed());
        match result {
            Ok(()) => {
                self.tally += tally;
                say::line(format_args!("== {}: ok in {took}", name(step)));
            }
            Err(error) => {
                say::line(format_args!("== {}: FAILED in {took}: {error:#}", name(step)));
                self.fail(step, tally);
            }
        }
    }

    /// A failed step counts as a failed test, unless it counted failures itself.
    fn fail(&mut self, step: Step, mut tally: Tally) {
        tally.failed = tally.failed.max(1);
        self.tally += tally;
        self.failed.push(step);
    }
}

/// The steps asked for and what they need, in order; all of them if none was asked for.
fn chosen(only: &[Step]) -> Vec<Step> {
    let all = Step::value_variants().iter().copied();
    all.filter(|step| {
        only.is_empty() || only.contains(step) || only.iter().any(|it| needs(*it).contains(step))
    })
    .collect()
}

const fn needs(step: Step) -> &'static [Step] {
    match step {
        Step::Setup | Step::Fmt | Step::Tidy | Step::Clippy | Step::Build => &[],
        Step::Deny | Step::Core => &[Step::Setup],
        Step::Nextest | Step::E2e => &[Step::Setup, Step::Build],
    }
}

fn name(step: Step) -> String {
    step.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default()
}

fn shown(duration: Duration) -> String {
    let tenths = duration.as_millis() / 100;
    let (minutes, seconds) = (tenths / 600, tenths % 600 / 10);
    if minutes == 0 {
        format!("{seconds}.{} s", tenths % 10)
    } else {
        format!("{minutes} min {seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_brings_what_it_needs() {
        for (only, expected) in [
            (vec![Step::Tidy], "tidy"),
            (vec![Step::E2e, Step::Fmt], "setup fmt build e2e"),
            (vec![Step::Deny], "setup deny"),
            (vec![], "setup fmt tidy clippy deny build nextest core e2e"),
        ] {
            let names: Vec<_> = chosen(&only).into_iter().map(name).collect();
            assert_eq!(names.join(" "), expected);
        }
    }

    #[test]
    fn a_failed_step_is_never_counted_as_nothing() {
        for (failed, expected) in [(0, 1), (3, 3)] {
            let mut run = Run { tally: Tally::default(), failed: Vec::new() };
            run.fail(Step::Fmt, Tally { passed: 2, failed });
            assert_eq!(run.tally, Tally { passed: 2, failed: expected });
        }
    }

    #[test]
    fn durations_as_people_say_them() {
        for (millis, expected) in
            [(0, "0.0 s"), (12_345, "12.3 s"), (60_000, "1 min 0 s"), (3_725_900, "62 min 5 s")]
        {
            assert_eq!(shown(Duration::from_millis(millis)), expected);
        }
    }
}
