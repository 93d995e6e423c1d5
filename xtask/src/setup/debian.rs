//! Programs of the system: the browser, and what runs the official SDKs.

use anyhow::{Result, bail};

use crate::machine::{self, Machine};
use crate::say;

/// What must be there, and Debian's package that brings it.
const PROGRAMS: &[(&str, &str)] =
    &[("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm"), ("python3", "python3")];

pub(super) fn install(machine: &Machine) -> Result<()> {
    let missing = missing_packages(machine);
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    if !machine.is_root() || !machine.has_program("apt-get") {
        bail!(
            "missing: {packages}. Run\n  sudo apt-get update && \
             sudo apt-get install --yes --no-install-recommends {packages}\n\
             or install the same programs by your system's own means"
        );
    }
    say::line(format_args!("installing {packages}"));
    apt_get(machine, &["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&missing);
    apt_get(machine, &arguments)
}

fn missing_packages(machine: &Machine) -> Vec<&'static str> {
    let mut missing: Vec<_> = PROGRAMS
        .iter()
        .filter(|(program, _)| !machine.has_program(program))
        .map(|(_, package)| *package)
        .collect();
    // Debian splits the module that makes virtual environments from the interpreter.
    let makes_environments = machine::output(machine.command("python3").args(["-c", PROBE]));
    if makes_environments.is_err() {
        missing.push("python3-venv");
    }
    missing
}

const PROBE: &str = "import ensurepip, venv";

fn apt_get(machine: &Machine, arguments: &[&str]) -> Result<()> {
    let mut command = machine.command("apt-get");
    command.arg("--quiet=2").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    machine::run(&mut command)
}
