//! `holdfast dev`: the whole of it on one machine, with a sandbox bank and an example shop.

mod keys;
mod listeners;
mod ready;
mod seed;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use holdfast_engine::{Engine, Retention};
use holdfast_sandbox::SandboxConfig;
use tokio::task::JoinHandle;

use crate::cli::DevOptions;
use crate::identity::Origins;
use crate::node::{self, Node, Plan};
use crate::servers::{self, Listening};
use crate::supervise::Post;
use crate::system::Machine;
use crate::{database, process, role};

pub(crate) use keys::Keys;
use listeners::{Listeners, Others};

/// Where the sandbox network's notices arrive, on the API's origin.
const INBOX_PATH: &str = "/webhooks/processors/sandbox";

/// Runs until a signal says to stop.
pub(crate) fn run(options: &DevOptions) -> anyhow::Result<()> {
    let started = Instant::now();
    if let Some(parent) = options.ends_with {
        role::end_with(parent)?;
    }
    process::raise_file_limit();
    process::make_folder(&options.data_dir)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(serve(options, started))
}

async fn serve(options: &DevOptions, started: Instant) -> anyhow::Result<()> {
    let machine = Arc::new(Machine::new());
    let first = options.beside.as_deref().unwrap_or(&options.data_dir);
    let keys = Keys::of_folder(first, &machine)?;
    let listeners = Listeners::bind(options.port_base, options.beside.is_none()).await?;
    let origins = match &options.beside {
        None => listeners.origins(),
        Some(first) => listeners.origins_beside(ready::read_addresses(first)?),
    };
    let mut node = start(options, machine, &keys, &origins, started).await?;

    let Listeners { api, pay, console, card, others } = listeners;
    if others.is_some() {
        seed::prepare(&node.engine, &keys, &origins).await.context("the first rows")?;
    }
    let listeners = Listening::all([api, pay, console].map(Some));
    node.serve(listeners, servers::limits(options.requests_per_second));
    node.keep_card_zone(card).await?;
    node.drop_old(Retention::default());
    let clock = match others {
        Some(others) => {
            for post in posts(options, &keys, &origins, others)? {
                node.keep(post);
            }
            spawn_clock(&node.engine, &keys)
        }
        None => spawn_follower(&node.engine, &keys),
    };

    ready::wait(&origins).await?;
    node.health.set_ready(true);
    ready::announce(options, &keys, &origins, started)?;
    process::until_stopped().await?;
    clock.abort();
    node.stop().await;
    Ok(())
}

async fn start(
    options: &DevOptions,
    machine: Arc<Machine>,
    keys: &Keys,
    origins: &Origins,
    started: Instant,
) -> anyhow::Result<Node> {
    let lease = Duration::from_secs(options.lease_seconds);
    let place = database::Where {
        address: options.database.as_deref(),
        folder: &options.data_dir,
        lease,
        machine: &machine,
    };
    let store = database::open_made(&place).await?;
    let (keys, origins, work) = (keys.identity(), origins.clone(), node::work(lease));
    Node::start(Plan { store, machine, keys, origins, work, started }).await
}

/// The world around, which the first node runs for all.
fn posts(
    options: &DevOptions,
    keys: &Keys,
    origins: &Origins,
    Others { shop, sandbox }: Others,
) -> anyhow::Result<[Post; 2]> {
    Ok([
        Post::new("sandbox-network", sandbox, sandbox_config(options, keys, origins))?,
        Post::new("example-shop", shop, shop_config(keys, origins))?,
    ])
}

/// What the sandbox is told.
fn sandbox_config(options: &DevOptions, keys: &Keys, origins: &Origins) -> SandboxConfig {
    SandboxConfig {
        origin: origins.sandbox.clone(),
        ledger: options.data_dir.join("sandbox-ledger.jsonl"),
        network_key: keys.network_key.clone(),
        notify_url: format!("{}{INBOX_PATH}", origins.api),
        notify_secret: keys.notify_secret.clone(),
        api_url: origins.api.clone(),
        api_key: keys.secret_key.clone(),
        shop_origin: origins.shop.clone(),
        console_origin: origins.console.clone(),
    }
}

/// What the example shop is told: what any shop would know.
fn shop_config(keys: &Keys, origins: &Origins) -> bazaar::ShopConfig {
    bazaar::ShopConfig {
        origin: origins.shop.clone(),
        api_url: origins.api.clone(),
        secret_key: keys.secret_key.clone(),
        webhook_secret: keys.webhook_secret.clone(),
        sandbox_origin: origins.sandbox.clone(),
        console_origin: origins.console.clone(),
    }
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
