//! What each step of `cargo xtask test` runs.

use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Step;
use crate::machine::{self, Machine};
use crate::tally::{self, Tally};
use crate::{say, setup, tidy};

/// A run of the browser is minutes. One that hangs is ended, so that what failed is still told.
const E2E_LIMIT: Duration = Duration::from_secs(40 * 60);
/// How often a running child is looked at: quick for a person, nothing for the machine.
const POLL: Duration = Duration::from_millis(50);

const CLIPPY: &[&str] =
    &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny=warnings"];

// The programs in the same call as the tests: the tests switch on features of libraries, and what
// uses these would be compiled once with them and once without.
const BUILD: &[&str] = &["build", "--quiet", "--workspace", "--bins", "--tests"];

// Only the core itself is compiled anew: its dependencies are shared with every other test.
const CORE_AS_RELEASED: &[&str] = &[
    "--package=holdfast-core",
    "--config=profile.dev.package.holdfast-core.opt-level=2",
    "--config=profile.dev.package.holdfast-core.debug-assertions=false",
    "--config=profile.dev.package.holdfast-core.overflow-checks=false",
];

/// Runs one step. What it counted is in `tally`, of a failed step too.
pub(super) fn run(step: Step, machine: &Machine, tally: &mut Tally) -> Result<()> {
    match step {
        Step::Setup => setup::run(machine),
        Step::Fmt => machine::run(&mut machine.cargo(&["fmt", "--all", "--check"])),
        Step::Tidy => tidy::check(machine),
        Step::Clippy => machine::run(&mut machine.cargo(CLIPPY)),
        Step::Deny => deny(machine),
        Step::Build => machine::run(&mut machine.cargo(BUILD)),
        Step::Nextest => nextest(machine, &["--workspace"], tally),
        Step::Core => nextest(machine, CORE_AS_RELEASED, tally),
        Step::E2e => e2e(machine, tally),
    }
}

/// Builds the binary and returns where it is.
pub(crate) fn build_holdfast(machine: &Machine, release: bool) -> Result<PathBuf> {
    let mut command = machine.cargo(&["build", "--quiet", "--package=holdfast"]);
    if release {
        command.arg("--release");
    }
    machine::run(&mut command)?;
    holdfast(machine, if release { "release" } else { "debug" })
}

fn holdfast(machine: &Machine, profile: &str) -> Result<PathBuf> {
    Ok(machine.target_folder()?.join(profile).join("holdfast"))
}

fn deny(machine: &Machine) -> Result<()> {
    let mut checks = vec!["deny", "check", "bans", "licenses", "sources"];
    if has_advisories(machine)? {
        checks.push("advisories");
    } else {
        say::line("advisories: not looked at, there is no local copy (`cargo deny fetch db`)");
    }
    machine::run(&mut machine.cargo(&checks))
}

/// Whether cargo-deny has a copy of the advisory database from earlier. A fetch that failed leaves
/// a lock beside none.
fn has_advisories(machine: &Machine) -> Result<bool> {
    let folder = machine.cargo_home.join("advisory-dbs");
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in folder.read_dir()? {
        if entry?.file_type()?.is_dir() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn nextest(machine: &Machine, what: &[&str], tally: &mut Tally) -> Result<()> {
    let mut command = machine.cargo(&["nextest", "run"]);
    command.args(what).env("HOLDFAST_BIN", holdfast(machine, "debug")?);
    let mut child = command.stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let stderr = child.stderr.take().context("cargo has no standard error")?;
    let counted = tally::relay(stderr, tally::of_nextest);
    let status = child.wait()?;
    conclude(status, counted, tally)
}

fn e2e(machine: &Machine, tally: &mut Tally) -> Result<()> {
    if !machine.root.join("e2e/run.mjs").exists() {
        say::line("e2e: there is no e2e/run.mjs");
        return Ok(());
    }
    let mut command = machine.command("node");
    command
        .arg("e2e/run.mjs")
        .env("HOLDFAST_BIN", holdfast(machine, "debug")?)
        .env("HOLDFAST_PYTHON", setup::python(machine))
        .env("HOLDFAST_CHROMIUM", machine.program("chromium").unwrap_or_default());
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start node")?;
    let stdout = child.stdout.take().context("node has no standard output")?;
    let reader = std::thread::spawn(move || tally::relay(stdout, tally::of_plain_line));
    let status = wait_until(&mut child, Instant::now() + E2E_LIMIT)?;
    let counted = reader.join().ok().flatten();
    conclude(status, counted, tally)
}

/// Waits for the child, and ends it at the deadline.
fn wait_until(child: &mut Child, deadline: Instant) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            say::line("e2e: still running at its limit of time, and ended");
            child.kill()?;
            return Ok(child.wait()?);
        }
        std::thread::sleep(POLL);
    }
}

/// Whoever runs tests must say how many, and agree with its own exit status.
fn conclude(status: ExitStatus, counted: Option<Tally>, tally: &mut Tally) -> Result<()> {
    *tally += counted.unwrap_or_default();
    match counted {
        _ if !status.success() => bail!("ended with {status}"),
        None => bail!("ended without saying how many tests passed"),
        Some(counted) if counted.failed > 0 => bail!("{counted}"),
        Some(counted) if counted.passed == 0 => bail!("ran no test"),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn what_counts_as_success() {
        let tally = |passed, failed| Some(Tally { passed, failed });
        for (code, counted, expected) in [
            (0, tally(3, 0), "ok"),
            (0, tally(3, 1), "3 passed, 1 failed"),
            (0, tally(0, 0), "ran no test"),
            (0, None, "ended without saying how many tests passed"),
            (1, tally(3, 0), "ended with exit status: 1"),
        ] {
            let status = ExitStatus::from_raw(code << 8);
            let mut sum = Tally::default();
            let result = conclude(status, counted, &mut sum);
            let shown = result.map_or_else(|error| error.to_string(), |()| "ok".to_owned());
            assert_eq!(shown, expected);
            assert_eq!(sum, counted.unwrap_or_default());
        }
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let status = wait_until(&mut child, Instant::now()).unwrap();
        assert!(!status.success());
    }
}
