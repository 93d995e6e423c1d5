//! `holdfast bench`: how many requests a second this machine serves, beside a bare handler.
//!
//! It starts a Holdfast of its own in a temporary folder, without rate limits, and a server that
//! answers the same bytes and does nothing else. Both are asked turn about by the same client, so
//! that what the machine does meanwhile slows both.

mod bare;
mod client;
mod figures;
mod installation;
mod mix;

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::json;

use crate::cli::BenchOptions;
use crate::dev::until_stopped;

pub(crate) use bare::serve as serve_bare;
pub(crate) use mix::Mix;

use client::{Load, drive};
use figures::{Figures, median};
use installation::Installation;

/// Runs the rounds and prints what came of them. Whatever ends it, also ends what it measures.
pub(crate) fn run(options: &BenchOptions) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new().context("the runtime")?.block_on(async {
        tokio::select! {
            measured = measure(options) => measured,
            stopped = until_stopped() => {
                stopped?;
                bail!("stopped before the end")
            }
        }
    })
}

async fn measure(options: &BenchOptions) -> anyhow::Result<()> {
    let installation = Installation::start(options.data_dir.as_deref()).await?;
    let asked = mix::prepare(options.mix, &installation).await?;
    let bare = bare::Bare::start(&asked.answer).await?;
    let load = Load {
        connections: options.connections,
        rate: options.rate,
        duration: Duration::from_secs(options.seconds),
    };
    // Both have their connections, their caches and their memory before anything is counted.
    let warm = Load { duration: WARM_UP, ..load };
    drive(&installation.address, &asked.requests, warm).await?;
    drive(&bare.address, &asked.requests, warm).await?;
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for round in 1..=options.rounds {
        ours.push(drive(&installation.address, &asked.requests, load).await?);
        theirs.push(drive(&bare.address, &asked.requests, load).await?);
        tracing::info!(round, of = options.rounds, "measured");
    }
    installation.stop().await?;
    print(options, &ours, &theirs)
}

/// How long each side is asked before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);

fn print(options: &BenchOptions, ours: &[Figures], bare: &[Figures]) -> anyhow::Result<()> {
    let (ours, bare) = (median(ours), median(bare));
    let permille = ours.per_second.saturating_mul(1_000) / bare.per_second.max(1);
    let mut out = std::io::stdout().lock();
    if options.json {
        let report = json!({
            "mix": options.mix.name(),
            "connections": options.connections,
            "rate": options.rate,
            "seconds": options.seconds,
            "rounds": options.rounds,
            "holdfast": ours.json(),
            "bare": bare.json(),
            "ratio_permille": permille,
        });
        writeln!(out, "{report}")?;
        return Ok(());
    }
    let mix = options.mix.name();
    let (connections, rounds) = (options.connections, options.rounds);
    writeln!(out, "{mix}, {connections} connections, median of {rounds} rounds turn about")?;
    writeln!(out, "{:>10}  {}", "holdfast", ours.line())?;
    writeln!(out, "{:>10}  {}", "bare", bare.line())?;
    writeln!(out, "{:>10}  {}.{:03}", "ratio", permille / 1_000, permille % 1_000)?;
    Ok(())
}
