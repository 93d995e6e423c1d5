//! `holdfast dev`: the whole of it on one machine, with a sandbox bank and an example shop.

mod keys;
mod listeners;
mod ready;
mod seed;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use holdfast_api::receipts::Receipts;
use holdfast_core::rules::Rules;
use holdfast_engine::Engine;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::card_keys;
use crate::cli::DevOptions;
use crate::database;
use crate::ops::Health;
use crate::receipts;
use crate::role;
use crate::supervise::Post;
use crate::system::Machine;
use crate::wiring::{self, Listening, Outside};

pub(crate) use keys::Keys;
pub(crate) use listeners::Origins;
use listeners::{Listeners, Others};

/// How long the engine may take to finish the processor's calls that are under way.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_secs(12);

/// Runs until a signal says to stop.
pub(crate) fn run(options: &DevOptions) -> anyhow::Result<()> {
    let started = Instant::now();
    if let Some(parent) = options.ends_with {
        role::end_with(parent)?;
    }
    raise_file_limit();
    make_folder(&options.data_dir)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(serve(options, started))
}

/// What is opened before anything is served.
struct Opened {
    machine: Arc<Machine>,
    keys: Keys,
    origins: Origins,
    engine: Engine,
    /// Held as long as the store is open.
    store: database::Opened,
}

async fn open(options: &DevOptions) -> anyhow::Result<(Opened, Listeners)> {
    let machine = Arc::new(Machine::new());
    let first = options.beside.as_deref().unwrap_or(&options.data_dir);
    let keys = Keys::of_folder(first, &machine)?;
    let listeners = Listeners::bind(options.port_base, options.beside.is_none()).await?;
    let origins = match &options.beside {
        None => listeners.origins(),
        Some(first) => listeners.origins_beside(ready::read_addresses(first)?),
    };
    let lease = Duration::from_secs(options.lease_seconds);
    let place = database::Where {
        address: options.database.as_deref(),
        folder: &options.data_dir,
        lease,
        machine: &machine,
    };
    let store = database::open_made(&place).await?;
    let receipts = Receipts::new(origins.pay.clone(), receipts::secrets(&keys.receipt_key));
    let outside = Outside::new(&origins.sandbox, &keys.network_key, receipts, machine.clone())?;
    let kept = Arc::clone(&store.store);
    let (rules, work) = (Rules::default(), wiring::work(lease));
    let engine = Engine::start_node(kept, Arc::new(outside), machine.clone(), rules, work);
    engine.restore_clock(keys.platform).await.context("the clock")?;
    Ok((Opened { machine, keys, origins, engine, store }, listeners))
}

async fn serve(options: &DevOptions, started: Instant) -> anyhow::Result<()> {
    let (opened, listeners) = open(options).await?;
    let Opened { machine, keys, origins, engine, store } = &opened;
    let (stop, stopping) = watch::channel(false);
    let health = Health::new(engine.clone(), keys.platform, started);
    let mut tasks = JoinSet::new();
    let Listeners { api, pay, console, card, others } = listeners;
    if others.is_some() {
        seed::prepare(engine, keys, origins).await.context("the first rows")?;
    }
    wiring::start_servers(
        &mut tasks,
        wiring::Parts {
            engine: engine.clone(),
            machine: machine.clone(),
            keys: keys.identity(),
            origins: origins.clone(),
            health: health.clone(),
            limits: wiring::limits(options.requests_per_second),
            listeners: Listening::all([api, pay, console].map(Some)),
        },
        &stopping,
    );
    let told = card_keys::start(&mut tasks, engine, &keys.identity(), &stopping).await?;
    let zone =
        Post::new("card-zone", card, wiring::zone_config(&keys.identity(), origins))?.telling(told);
    tasks.spawn(zone.keep(stopping.clone()));
    let clock = match others {
        Some(others) => {
            for post in posts(options, keys, origins, others)? {
                tasks.spawn(post.keep(stopping.clone()));
            }
            spawn_clock(engine, keys)
        }
        None => spawn_follower(engine, keys),
    };

    store.watch_clock(&mut tasks, engine, &health, &stopping);
    ready::wait(origins).await?;
    health.set_ready(true);
    ready::announce(options, keys, origins, started)?;
    until_stopped().await?;

    tracing::info!("stopping");
    health.set_ready(false);
    clock.abort();
    // Requests under way still need the processor, so the engine goes before the children.
    engine.stop(STOP_PATIENCE).await;
    stop.send_replace(true);
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// The world around, which the first node runs for all.
fn posts(
    options: &DevOptions,
    keys: &Keys,
    origins: &Origins,
    Others { shop, sandbox }: Others,
) -> anyhow::Result<[Post; 2]> {
    Ok([
        Post::new("sandbox-network", sandbox, wiring::sandbox_config(options, keys, origins))?,
        Post::new("example-shop", shop, wiring::shop_config(keys, origins))?,
    ])
}

/// How often a node looks where the first one has moved the clock.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

fn spawn_follower(engine: &Engine, keys: &Keys) -> JoinHandle<()> {
    let engine = engine.clone();
    let platform = keys.platform;
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(FOLLOW_EVERY).await;
            if let Err(error) = engine.restore_clock(platform).await {
                tracing::warn!(%error, "the clock could not be read");
            }
        }
    })
}

fn spawn_clock(engine: &Engine, keys: &Keys) -> JoinHandle<()> {
    let engine = engine.clone();
    let platform = keys.platform;
    tokio::spawn(async move { engine.run_clock(platform).await })
}

/// Each connection is an open file, and the usual limit of 1,024 is less than the servers admit.
pub(crate) fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        // The servers bear it: they wait until a connection is closed.
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Makes the data folder, for its owner only: it holds the sandbox's keys and all payments.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("the data folder {shown}"))?;
    let owner_only = fs::Permissions::from_mode(0o700);
    fs::set_permissions(folder, owner_only).with_context(|| format!("the data folder {shown}"))
}

/// Waits for the signal that says to stop.
pub(crate) async fn until_stopped() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("the stop signal")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("the stop signal"),
        _ = terminate.recv() => Ok(()),
    }
}

impl Origins {
    /// The addresses by name, as the ready file and the greeting show them.
    fn by_name(&self) -> [(&'static str, &str); 6] {
        [
            ("shop", &self.shop),
            ("api", &self.api),
            ("pay", &self.pay),
            ("console", &self.console),
            ("sandbox", &self.sandbox),
            ("card", &self.card),
        ]
    }
}
