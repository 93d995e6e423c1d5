//! `holdfast backup`, `restore` and `check`: copies of the embedded store.

use std::io::Write;

use anyhow::{Context, bail};
use holdfast_store::sqlite;

use crate::cli::{CopyOptions, StoreOptions};

/// Copies the data to a new file.
pub(crate) fn backup(options: &CopyOptions) -> anyhow::Result<()> {
    sqlite::backup(&options.store.data_dir, &options.file).context("the copy was not made")
}

/// Puts a copy into a folder that has no data yet, and makes the folder when it is missing.
pub(crate) fn restore(options: &CopyOptions) -> anyhow::Result<()> {
    std::fs::create_dir_all(&options.store.data_dir).context("the folder")?;
    sqlite::restore(&options.file, &options.store.data_dir).context("the copy was not put back")
}

/// Prints what is wrong with the data, and fails when anything is.
pub(crate) fn check(options: &StoreOptions) -> anyhow::Result<()> {
    let found = sqlite::check(&options.data_dir).context("the data cannot be looked at")?;
    let mut out = std::io::stdout().lock();
    for line in &found {
        writeln!(out, "{line}")?;
    }
    if !found.is_empty() {
        bail!("the data is not as it should be");
    }
    writeln!(out, "all is well")?;
    Ok(())
}
