//! Programs of the system: the browser, what runs the official SDKs, and the database.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::machine::{self, Machine};
use crate::say;

/// What must be there, and Debian's package that brings it.
const PROGRAMS: &[(&str, &str)] =
    &[("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm"), ("python3", "python3")];

/// Where Debian keeps the server's programs, which are on nobody's path.
const POSTGRESQL: &str = "/usr/lib/postgresql";
/// Read when Debian's package is installed: it would start a server for everybody otherwise. The
/// tests make their own.
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";

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
    if missing.contains(&DATABASE) {
        forbid_clusters()?;
    }
    apt_get(machine, &["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    // Where a file of settings is there already, it stays.
    arguments.extend(["--option", "Dpkg::Options::=--force-confold"]);
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
    if !Path::new(POSTGRESQL).exists() && !machine.has_program("initdb") {
        missing.push(DATABASE);
    }
    missing
}

const DATABASE: &str = "postgresql";

fn forbid_clusters() -> Result<()> {
    let file = Path::new(CLUSTERS);
    if file.exists() {
        return Ok(());
    }
    let folder = file.parent().context("the folder of the clusters' settings")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    std::fs::write(file, "create_main_cluster = false\n")
        .with_context(|| format!("cannot write {CLUSTERS}"))
}

const PROBE: &str = "import ensurepip, venv";

fn apt_get(machine: &Machine, arguments: &[&str]) -> Result<()> {
    let mut command = machine.command("apt-get");
    command.arg("--quiet=2").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    machine::run(&mut command)
}
