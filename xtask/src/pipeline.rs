//! `cargo xtask test`: every check and every test, one after the other, and one line at the end.

mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
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
    /// Licences, sources and versions of the dependencies
    Deny,
    /// Lints, with every warning an error
    Clippy,
    /// Every test, and the binary that the crash tests and the browser drive
    Build,
    /// Every test of the workspace
    Nextest,
    /// The core's tests once more, optimised and without debug assertions
    Core,
    /// The official SDKs and a browser against the binary
    E2e,
}

/// Runs the steps that were asked for and closes with the tally. A cheap step that fails is the
/// last one; an expensive one that fails stops no other, so that one run tells all.
pub(crate) fn run(machine: &Machine, options: &Options) -> ExitCode {
    let start = Instant::now();
    let mut run = Run::default();
    run.all(&chosen(&options.only), |step, tally| steps::run(step, machine, tally));
    say::line(format_args!("== all of it in {}", shown(start.elapsed())));
    let has_failed = !run.failed.is_empty();
    for (what, steps) in [("failed", run.failed), ("not run", run.left_out)] {
        if !steps.is_empty() {
            let names: Vec<_> = steps.into_iter().map(name).collect();
            say::line(format_args!("== {what}: {}", names.join(", ")));
        }
    }
    // The last line of the output, and plain, so that any build server can read it.
    say::line(run.tally);
    ExitCode::from(u8::from(has_failed))
}

#[derive(Default)]
struct Run {
    tally: Tally,
    failed: Vec<Step>,
    /// What was still to come when a cheap step failed.
    left_out: Vec<Step>,
}

impl Run {
    fn all(&mut self, steps: &[Step], perform: impl Fn(Step, &mut Tally) -> Result<()>) {
        let mut left = steps.iter().copied();
        for step in left.by_ref() {
            if let Some(missing) = needs(step).iter().find(|it| self.failed.contains(it)) {
                say::line(format_args!("== {}: not run, {} failed", name(step), name(*missing)));
                self.fail(step, Tally::default());
                continue;
            }
            self.step(step, &perform);
            if is_cheap(step) && self.failed.contains(&step) {
                break;
            }
        }
        self.left_out.extend(left);
    }

    fn step(&mut self, step: Step, perform: impl Fn(Step, &mut Tally) -> Result<()>) {
        say::line(format_args!("== {}", name(step)));
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = perform(step, &mut tally);
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

/// Whether a step takes seconds and what it finds is mended in seconds. Nobody should wait a
/// quarter of an hour for the others to learn of it.
const fn is_cheap(step: Step) -> bool {
    match step {
        Step::Fmt | Step::Tidy | Step::Deny => true,
        Step::Setup | Step::Clippy | Step::Build | Step::Nextest | Step::Core | Step::E2e => false,
    }
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
            (vec![], "setup fmt tidy deny clippy build nextest core e2e"),
        ] {
            let names: Vec<_> = chosen(&only).into_iter().map(name).collect();
            assert_eq!(names.join(" "), expected);
        }
    }

    #[test]
    fn a_cheap_failure_ends_the_run_and_an_expensive_one_does_not() {
        let names = |steps: Vec<Step>| steps.into_iter().map(name).collect::<Vec<_>>().join(" ");
        for (failing, failed, left_out, tally) in [
            (vec![], "", "", (9, 0)),
            (vec![Step::Fmt], "fmt", "tidy deny clippy build nextest core e2e", (1, 1)),
            (vec![Step::Tidy, Step::Deny], "tidy", "deny clippy build nextest core e2e", (2, 1)),
            (vec![Step::Deny], "deny", "clippy build nextest core e2e", (3, 1)),
            (vec![Step::Clippy, Step::Nextest], "clippy nextest", "", (7, 2)),
            // Not run for want of setup is no finding of deny's: what can be run still tells.
            (vec![Step::Setup], "setup deny nextest core e2e", "", (4, 5)),
            (
                vec![Step::Setup, Step::Tidy],
                "setup tidy",
                "deny clippy build nextest core e2e",
                (1, 2),
            ),
        ] {
            let mut run = Run::default();
            run.all(&chosen(&[]), |step, tally| {
                anyhow::ensure!(!failing.contains(&step), "as told");
                tally.passed += 1;
                Ok(())
            });
            let (passed, of_failed) = tally;
            assert_eq!(names(run.failed), failed);
            assert_eq!(names(run.left_out), left_out);
            assert_eq!(run.tally, Tally { passed, failed: of_failed });
        }
    }

    #[test]
    fn a_failed_step_is_never_counted_as_nothing() {
        for (failed, expected) in [(0, 1), (3, 3)] {
            let mut run = Run::default();
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
