//! The children's side: take the orders and the listener, serve, stop when told.

use std::future::Future;
use std::io::Write;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use anyhow::{Context, bail};
use holdfast_card::zone::{self, Parent};
use serde::de::DeserializeOwned;
use tokio::signal::unix::{SignalKind, signal};

use crate::supervise::{CHILD_VARIABLE, Orders};

/// The card zone: the only process that ever sees a card number.
pub(crate) fn card_zone() -> anyhow::Result<()> {
    let (listener, config) = orders()?;
    // One thread: fewer stacks and arenas in which a number could be left behind.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (keys, shutdown) = (parent()?, stop_signal()?);
        let parent = Parent { keys, shutdown, stopped_accepting: tell_parent };
        zone::serve(listener, config, parent).await.context("the card zone")
    })
}

/// The outside world on one machine.
pub(crate) fn sandbox_network() -> anyhow::Result<()> {
    let (listener, config) = orders()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let stop = stop_signal()?;
        holdfast_sandbox::serve(listener, config, stop).await.context("the sandbox network")
    })
}

/// The example shop, which knows of Holdfast what its API says.
pub(crate) fn example_shop() -> anyhow::Result<()> {
    let (listener, config) = orders()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let stop = stop_signal()?;
        bazaar::serve(listener, config, stop).await.context("the example shop")
    })
}

/// The reference that `holdfast bench` measures beside Holdfast.
pub(crate) fn bench_bare(answer: String, parent: u32) -> anyhow::Result<()> {
    end_with(parent)?;
    let input = std::io::stdin().as_fd().try_clone_to_owned().context("the listener")?;
    crate::bench::serve_bare(TcpListener::from(input), answer)
}

/// The listener, which is standard input, and the configuration. From here on this process ends
/// with its parent, however that ends.
#[allow(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
fn orders<C: DeserializeOwned>() -> anyhow::Result<(TcpListener, C)> {
    let orders = std::env::var(CHILD_VARIABLE)
        .with_context(|| format!("{CHILD_VARIABLE} is missing: holdfast starts this by itself"))?;
    let orders: Orders<C> = serde_json::from_str(&orders).context("the orders")?;
    end_with(orders.parent)?;
    let input = std::io::stdin().as_fd().try_clone_to_owned().context("the listener")?;
    Ok((TcpListener::from(input), orders.config))
}

/// From here on this process ends with its parent, however that ends.
pub(crate) fn end_with(parent: u32) -> anyhow::Result<()> {
    let kill = Some(rustix::process::Signal::KILL);
    rustix::process::set_parent_process_death_signal(kill).context("the parent's death signal")?;
    // The parent may have died before the line above.
    let own = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
    if own.and_then(|pid| u32::try_from(pid).ok()) != Some(parent) {
        bail!("the parent is gone");
    }
    Ok(())
}

fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate()).context("the stop signal")?;
    Ok(async move {
        terminate.recv().await;
    })
}

/// The line to the parent, which is standard output.
fn parent() -> anyhow::Result<tokio::net::UnixStream> {
    let output =
        std::io::stdout().as_fd().try_clone_to_owned().context("the line to the parent")?;
    let line = UnixStream::from(output);
    line.set_nonblocking(true).context("the line to the parent")?;
    tokio::net::UnixStream::from_std(line).context("the line to the parent")
}

/// Says that no more connections are taken, so that the successor can be started.
fn tell_parent() {
    let mut output = std::io::stdout();
    // A parent that is gone does not need to know.
    let _ = output.write_all(b"1").and_then(|()| output.flush());
}
