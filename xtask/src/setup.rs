//! `cargo xtask setup`: what the tests need and a fresh machine lacks. It may be run any number of
//! times, and no browser is ever downloaded: it is Debian's.

mod cargo_tools;
mod debian;
mod node;
mod python;

use std::path::Path;

use anyhow::{Context, Result};

use crate::machine::Machine;

pub(crate) use self::python::interpreter as python;

pub(crate) fn run(machine: &Machine) -> Result<()> {
    debian::install(machine)?;
    node::install(machine)?;
    python::install(machine)?;
    cargo_tools::install(machine)
}

/// Whether `stamp` is a copy of `pins`: what the pins name was installed, and they are the same.
fn is_current(pins: &Path, stamp: &Path) -> Result<bool> {
    let pins = std::fs::read(pins).with_context(|| format!("cannot read {}", pins.display()))?;
    Ok(std::fs::read(stamp).is_ok_and(|installed| installed == pins))
}

/// Notes that what the pins name is installed. To be called last.
fn mark_current(pins: &Path, stamp: &Path) -> Result<()> {
    std::fs::copy(pins, stamp).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(())
}
