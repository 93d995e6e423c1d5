//! Payments straight in the file: many more of them, and the same ones without Holdfast.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use holdfast_store::sqlite::{self, Straight, Written};
use serde_json::json;

use crate::cli::{BenchOptions, StraightOptions};

use super::installation::{Installation, Plan};
use super::load::{Load, drive};
use super::mix;

/// The real payments that are multiplied: so many connections, for so long.
const REAL: Load = Load { connections: 8, rate: None, duration: Duration::from_secs(1) };

/// Makes a folder with at least so many payments.
pub(super) async fn fill(
    options: &BenchOptions,
    folder: &Path,
    payments: u64,
) -> anyhow::Result<()> {
    ensure!(!folder.exists(), "{} exists: a new folder is filled", folder.display());
    let begun = Instant::now();
    let plan = Plan { folder: Some(folder), database: None, nodes: 1 };
    let installation = Installation::start(plan).await?;
    let asked = mix::prepare(options.mix, options.hot_seller, &installation).await?;
    let made = drive(&asked.addresses, &asked.script, REAL).await?;
    ensure!(made.failed() == 0, "payments failed: {}", made.line());
    installation.stop().await?;
    let folder = folder.to_path_buf();
    let told = |payments: u64| tracing::info!(payments, "filled");
    let filling = move || sqlite::multiply(&folder, payments, told);
    let stored = tokio::task::spawn_blocking(filling).await?.context("the folder")?;
    let seconds = begun.elapsed().as_secs();
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", json!({ "payments": stored, "seconds": seconds }))?;
    } else {
        writeln!(out, "{stored} payments in {seconds} s")?;
    }
    Ok(())
}

/// Writes the rows of a folder's payments straight to a new file, and prints how fast, as JSON.
pub(crate) fn write_straight(options: &StraightOptions) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("holdfast-straight-{}", std::process::id()));
    std::fs::create_dir(&folder).context("a temporary folder")?;
    let written = if options.least { Written::Least } else { Written::All };
    let done = sqlite::write_straight(&options.data_dir, &folder, written, options.group);
    std::fs::remove_dir_all(&folder)?;
    let Straight { payments, rows, took } = done.context("the rows")?;
    let us = u64::try_from(took.as_micros())?.max(1);
    let report = json!({
        "payments": payments,
        "rows": rows,
        "group": options.group,
        "per_second": payments.saturating_mul(1_000_000) / us,
        "sqlite": sqlite::sqlite_version(),
    });
    writeln!(std::io::stdout().lock(), "{report}")?;
    Ok(())
}
