//! The packages of `e2e/package-lock.json`: the browser's driver, axe, the official Node SDK.

use anyhow::Result;

use super::{is_current, mark_current};
use crate::machine::{self, Machine};
use crate::say;

pub(super) fn install(machine: &Machine) -> Result<()> {
    let folder = machine.root.join("e2e");
    let pins = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.installed-lock.json");
    if is_current(&pins, &stamp)? {
        return Ok(());
    }
    say::line("installing the packages of e2e/package-lock.json");
    let mut command = machine.command("npm");
    // No package of ours needs a script to install, and one that came to need it should be noticed.
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
    machine::run(&mut command)?;
    mark_current(&pins, &stamp)
}
