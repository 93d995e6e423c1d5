//! The packages of `e2e/requirements.txt`, the official Python SDK, in an environment of their own.

use std::path::PathBuf;

use anyhow::Result;

use super::{is_current, mark_current};
use crate::machine::{self, Machine};
use crate::say;

/// The interpreter that has the packages.
pub(crate) fn interpreter(machine: &Machine) -> PathBuf {
    folder(machine).join("bin/python")
}

pub(super) fn install(machine: &Machine) -> Result<()> {
    let pins = machine.root.join("e2e/requirements.txt");
    let stamp = folder(machine).join("installed-requirements.txt");
    // An environment whose interpreter has gone (an update of the system) is stale as well.
    if is_current(&pins, &stamp)? && interpreter(machine).exists() {
        return Ok(());
    }
    say::line("installing the packages of e2e/requirements.txt");
    let mut create = machine.command("python3");
    machine::run(create.args(["-m", "venv", "--clear"]).arg(folder(machine)))?;
    let mut fill = machine.command(interpreter(machine));
    fill.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    machine::run(fill.arg("--requirement").arg(&pins))?;
    mark_current(&pins, &stamp)
}

fn folder(machine: &Machine) -> PathBuf {
    machine.cache.join("venv")
}
