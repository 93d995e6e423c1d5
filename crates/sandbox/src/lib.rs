//! The outside world on one machine: a card network, its issuers with their cardholders' accounts,
//! phones and mailboxes, and the pages where a bank asks for a code.
//!
//! It is reached over HTTP, as a real processor would be, and keeps a ledger file of its own: what
//! it says happened is independent of what Holdfast believes. It knows published test cards only,
//! and those by a profile's name: no card number ever reaches it.
//!
//! [`network`] is the whole behaviour, pure; [`ledger`] makes it durable; `world` joins the two;
//! `http` and `pages` show it.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub mod network;

pub mod ledger;
mod world;

mod clock;
mod config;
mod faults;
mod http;
mod limiter;
mod notify;
mod pages;
mod texts;

pub use config::SandboxConfig;

use world::World;

/// How often the world looks whether something is due: often enough that nobody waits for it.
const TICK: Duration = Duration::from_millis(200);

/// Serves the sandbox until `shutdown`.
///
/// # Errors
/// When the ledger file cannot be read or is in use, has a line that cannot be right (it is named),
/// or can no longer be written; and when the listener cannot be used.
pub async fn serve(
    listener: std::net::TcpListener,
    config: SandboxConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let client = client()?;
    let (notices, waiting) = mpsc::channel(notify::WAITING_MAX);
    let (broken, breaks) = oneshot::channel();
    let world = Arc::new(World::open(config, client.clone(), notices, broken)?);
    let notifier = tokio::spawn(notify::run(Arc::clone(&world.config), waiting, client));
    let ticker = tokio::spawn(tick(Arc::clone(&world)));
    let (failed, failure) = oneshot::channel();
    let stop = async move {
        tokio::select! {
            () = shutdown => {}
            // The state in memory is ahead of the file now: only a new start is right again.
            Ok(error) = breaks => { let _ = failed.send(error); }
        }
    };
    let served = http::server::run(listener, http::router(Arc::clone(&world)), stop).await;
    world.close();
    ticker.abort();
    notifier.abort();
    failure.await.map_or(served, Err)
}

async fn tick(world: Arc<World>) {
    loop {
        tokio::time::sleep(TICK).await;
        while let Ok(true) = world.tick() {
            tokio::task::yield_now().await;
        }
    }
}

/// The client of notices and of the clock form. It calls addresses of its configuration only.
fn client() -> io::Result<reqwest::Client> {
    // An error says that there is a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(io::Error::other)
}
