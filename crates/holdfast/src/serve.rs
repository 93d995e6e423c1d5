//! `holdfast serve`: one node as its settings say, and nothing around it.

mod config;
pub(crate) mod keys;
mod secret;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use holdfast_engine::Work;

use crate::cli::ServeOptions;
use crate::identity::{Identity, Origins};
use crate::node::{self, Node, Plan};
use crate::servers::{self, Listening};
use crate::system::Machine;
use crate::{database, process, telemetry};

use config::{Config, Role};

/// The least that a key has, in letters and digits: about 190 bits.
const KEY_MIN: usize = 32;

/// Runs until a signal says to stop; only looks the settings through where that was asked for.
pub(crate) fn run(options: &ServeOptions) -> anyhow::Result<()> {
    let started = Instant::now();
    let config = Config::read(&options.config);
    telemetry::start(config.as_ref().ok().and_then(|config| config.log.as_deref()));
    let config = config?;
    let (keys, address) = secrets(&config).with_context(|| options.config.display().to_string())?;
    if options.check {
        tracing::info!("the settings make sense");
        return Ok(());
    }
    process::raise_file_limit();
    process::make_folder(&config.data_dir)?;
    tracing::warn!("the processor is the sandbox: no real money moves");
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(serve(&config, keys, address.as_deref(), started))
}

/// The secrets that the settings name, and the address of the database.
fn secrets(config: &Config) -> anyhow::Result<(Identity, Option<String>)> {
    let (platform, processor) = (&config.platform, &config.processor);
    let keys = Identity {
        platform: platform.id,
        secret_key: platform.secret_key.read("platform.secret_key")?,
        publishable_key: platform.publishable_key.read("platform.publishable_key")?,
        receipt_key: platform.receipt_key.read("platform.receipt_key")?,
        network_key: processor.network_key.read("processor.network_key")?,
        notify_secret: processor.notify_secret.read("processor.notify_secret")?,
    };
    let all = [
        ("platform.secret_key", &keys.secret_key, "sk_test_"),
        ("platform.publishable_key", &keys.publishable_key, "pk_test_"),
        ("platform.receipt_key", &keys.receipt_key, ""),
        ("processor.network_key", &keys.network_key, ""),
        ("processor.notify_secret", &keys.notify_secret, ""),
    ];
    for (place, (name, value, prefix)) in all.iter().enumerate() {
        if value.strip_prefix(prefix).is_none_or(|rest| rest.len() < KEY_MIN) {
            bail!("`{name}`: expected {prefix:?} and at least {KEY_MIN} letters and digits");
        }
        if all[..place].iter().any(|(_, other, _)| other == value) {
            bail!("`{name}` is the same as another secret");
        }
    }
    let address = config.database.as_ref().map(|source| source.read("database"));
    Ok((keys, address.transpose()?))
}

async fn serve(
    config: &Config,
    keys: Identity,
    address: Option<&str>,
    started: Instant,
) -> anyhow::Result<()> {
    let machine = Arc::new(Machine::new());
    let lease = Duration::from_secs(config.lease_seconds);
    let listeners = listen(config)?;
    let place = database::Where { address, folder: &config.data_dir, lease, machine: &machine };
    let store = database::open(&place).await?;
    let work = Work { performs: config.has(Role::Worker), ..node::work(lease) };
    let plan = Plan { store, machine, keys, origins: origins(config), work, started };
    let mut node = Node::start(plan).await?;
    if let Some(card) = bound(config, Role::Card)? {
        node.keep_card_zone(card).await?;
    }
    node.drop_old(config.retention.of_days());
    node.serve(listeners, servers::limits(config.limits.requests_per_second));
    node.health.set_ready(true);
    tracing::info!(roles = ?config.roles, "ready");
    process::until_stopped().await?;
    node.stop().await;
    Ok(())
}

/// Where everything is reached. There is no example shop.
fn origins(config: &Config) -> Origins {
    Origins {
        shop: String::new(),
        api: config.api.origin.0.clone(),
        pay: config.pay.origin.0.clone(),
        console: config.console.origin.0.clone(),
        sandbox: config.processor.origin.0.clone(),
        card: config.card.origin.0.clone(),
    }
}

fn listen(config: &Config) -> anyhow::Result<Listening> {
    Ok(Listening {
        api: bound(config, Role::Api)?,
        pay: bound(config, Role::Pay)?,
        console: bound(config, Role::Console)?,
        health: Some(bind(config.health.listen)?),
    })
}

/// The listener of a role, if this node has it.
fn bound(config: &Config, role: Role) -> anyhow::Result<Option<TcpListener>> {
    let at = config.surfaces().into_iter().find(|(_, of, _)| *of == role && config.has(role));
    at.and_then(|(_, _, surface)| surface.listen).map(bind).transpose()
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).with_context(|| format!("{address} cannot be listened on"))
}
