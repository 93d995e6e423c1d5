//! `holdfast bench`: how many payments a second this machine serves, beside a bare handler.
//!
//! It starts a Holdfast of its own in a temporary folder, without rate limits, and a server that
//! answers the same bytes and does nothing else. Both are asked turn about by the same client, so
//! that what the machine does meanwhile slows both.

mod bare;
mod figures;
mod installation;
mod load;
mod mix;
mod report;
mod rows;
mod script;
mod usage;
mod wire;

use std::time::Duration;

use anyhow::{Context, bail};

use crate::cli::BenchOptions;
use crate::process::{raise_file_limit, until_stopped};

pub(crate) use bare::serve as serve_bare;
pub(crate) use mix::Mix;
pub(crate) use rows::write_straight;

use installation::{Installation, Plan};
use load::{Load, drive};
use mix::Asked;
use report::{Report, Round};
use usage::{Memory, Processor, Watch, resident_kib};

/// Runs the rounds and prints what came of them. Whatever ends it, also ends what it measures.
pub(crate) fn run(options: &BenchOptions) -> anyhow::Result<()> {
    raise_file_limit();
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = carry_out(options) => done,
            stopped = until_stopped() => {
                stopped?;
                bail!("stopped before the end")
            }
        }
    });
    // A folder that is being filled is of no use any more: nobody waits for the rest of it.
    runtime.shutdown_background();
    done
}

async fn carry_out(options: &BenchOptions) -> anyhow::Result<()> {
    match (options.fill, &options.data_dir) {
        (Some(payments), Some(folder)) => rows::fill(options, folder, payments).await,
        (_, _) => measure(options).await?.print(options),
    }
}

/// How long each side is asked before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);

async fn measure(options: &BenchOptions) -> anyhow::Result<Report> {
    let plan = Plan {
        folder: options.data_dir.as_deref(),
        database: options.database.as_deref(),
        nodes: options.nodes,
    };
    let installation = Installation::start(plan).await?;
    let serving = installation.serving();
    let at_rest = resident_kib(&serving);
    let asked = mix::prepare(options.mix, options.hot_seller, &installation).await?;
    let has_reference = !options.alone && options.mix.is_one_request();
    let bare = if has_reference { Some(bare::Bare::start(&asked.answer).await?) } else { None };
    let sides = Sides { asked: &asked, bare: bare.as_ref() };
    let load = Load {
        connections: options.connections,
        rate: options.rate,
        duration: Duration::from_secs(options.duration),
    };
    // Both have their connections, their caches and their memory before anything is counted.
    sides.round(Load { duration: WARM_UP, ..load }).await?;
    let (watch, at_start) = (Watch::start(serving.clone()), resident_kib(&serving));
    let mut rounds = Vec::new();
    for round in 1..=options.rounds {
        rounds.push(sides.round(load).await?);
        tracing::info!(round, of = options.rounds, "measured");
    }
    let at_end = resident_kib(&serving);
    let memory = Memory { at_rest, at_start, largest: watch.end().await, at_end };
    let ready = installation.ready;
    drop(bare);
    installation.stop().await?;
    Ok(Report { rounds, memory, ready })
}

/// What is measured, and what beside it.
struct Sides<'a> {
    asked: &'a Asked,
    bare: Option<&'a bare::Bare>,
}

impl Sides<'_> {
    async fn round(&self, load: Load) -> anyhow::Result<Round> {
        let own = [std::process::id()];
        let before = Processor::of_family(&own);
        let Asked { script, addresses, .. } = self.asked;
        let holdfast = drive(addresses, script, load).await?;
        let processor = Processor::of_family(&own).since(&before);
        let bare = match self.bare {
            Some(bare) => Some(drive(std::slice::from_ref(&bare.address), script, load).await?),
            None => None,
        };
        Ok(Round { holdfast, bare, processor })
    }
}
