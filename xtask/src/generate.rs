//! `cargo xtask generate`: what is made from the code and kept beside it. Tests fail where it is
//! not up to date.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::machine::{self, Machine};
use crate::say;

/// Where the reference takes its examples from.
const EXAMPLES: &str = "crates/api/data/examples.json";

/// Records an answer of each operation that the tests of the API ask for, then writes the table of
/// the dialect's operations.
pub(crate) fn run(machine: &Machine) -> Result<()> {
    let folder = machine.target_folder()?.join("examples");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let tests = ["nextest", "run", "--package=holdfast-api", "--test=api", "--no-fail-fast"];
    // One at a time, so that of two answers to one operation the same one is kept each time.
    let mut record = machine.cargo(&tests);
    record.args(["--test-threads=1", "--status-level=fail"]).env("HOLDFAST_EXAMPLES", &folder);
    if let Err(error) = machine::run(&mut record) {
        say::line(format_args!("some tests failed, their answers may be missing: {error:#}"));
    }
    let examples = read(&folder)?;
    let text = serde_json::to_string_pretty(&examples)?;
    fs::write(machine.root.join(EXAMPLES), text + "\n")?;
    say::line(format_args!("{} examples in {EXAMPLES}", examples.len()));
    let mut table = machine.cargo(&tests);
    table.args(["the_table_of_the_dialect"]).env("HOLDFAST_UPDATE", "1");
    machine::run(&mut table)
}

/// The answers by operation: a file `GET +v1+balance.json` is that of `GET /v1/balance`.
fn read(folder: &Path) -> Result<BTreeMap<String, Value>> {
    let mut examples = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let text = fs::read_to_string(&path)?;
        let json = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        examples.insert(name.replace('+', "/"), json);
    }
    Ok(examples)
}
