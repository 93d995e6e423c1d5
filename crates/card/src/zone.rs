//! The card zone: the process to which the card form posts.
//!
//! `POST /v1/tokens` exchanges a card for a token. It answers a script of the pay page with JSON,
//! and a browser without script with a redirect back to the pay page, which carries the token or
//! the codes of the wrong fields. `GET /livez` answers 200, everything else 404: there is no page.
//!
//! The process is short-lived. [`RECYCLE_AFTER`] the first card [`serve`] stops accepting,
//! finishes what it has begun and returns, so that its caller replaces the process and with it all
//! memory in which a copy of a number might be left. The listener is the caller's: as long as it
//! keeps a duplicate, new connections wait in its queue and none is refused.

mod connection;
mod harden;
mod limit;
mod origin;
mod reply;
mod residue;
mod routes;
mod server;
mod tokens;

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};
use tokio::sync::Notify;

use crate::exchange::Exchange;
use crate::exchange::sandbox::SandboxExchange;
use limit::Limiter;
use origin::PayOrigin;

/// How long after its first card the zone goes on accepting. Long enough that a burst of buyers
/// shares one process, short enough that a number's last copy is gone within seconds.
pub const RECYCLE_AFTER: Duration = Duration::from_secs(10);

/// What the card zone is told at its start. Has no `Debug`: it holds a key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneConfig {
    /// The origin of the pay page, `http://127.0.0.1:4002`: the only one whose scripts may read
    /// the answers, and the only one to which a browser is sent back.
    pub pay_origin: String,
    /// The publishable keys with which a card may be posted. At least one.
    pub publishable_keys: Vec<String>,
    /// The sandbox network, `http://127.0.0.1:4004`.
    pub network_url: String,
    /// The key with which the network knows the zone.
    pub network_key: String,
}

/// Serves the card zone on `listener` until `shutdown` or until it has to be replaced, whichever
/// comes first; then finishes the requests that have begun, within a bound, and returns.
///
/// First of all it makes the process one that leaves no core dump and cannot be traced.
///
/// # Errors
/// `InvalidInput` naming the setting that is wrong; otherwise what the system says about the
/// hardening or the listener. A failing connection is no error.
pub async fn serve(
    listener: TcpListener,
    config: ZoneConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_and_tell(listener, config, shutdown, || ()).await
}

/// Like [`serve`], and calls `stopped_accepting` as soon as the listener is closed here: from then
/// on a successor may take over, while this process finishes what it has begun.
///
/// # Errors
/// As [`serve`].
pub async fn serve_and_tell(
    listener: TcpListener,
    config: ZoneConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
    stopped_accepting: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    harden::process()?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // Another processor's exchange goes here.
    let exchange = SandboxExchange::new(&config.network_url, &config.network_key)?;
    let zone = Zone::new(&config, exchange)?;
    server::run(listener, zone, shutdown, stopped_accepting).await;
    Ok(())
}

/// What all connections share.
struct Zone<E> {
    pay: PayOrigin,
    keys: Vec<String>,
    exchange: E,
    limiter: Limiter,
    /// Told when a card arrives.
    card_seen: Notify,
}

impl<E: Exchange> Zone<E> {
    fn new(config: &ZoneConfig, exchange: E) -> io::Result<Self> {
        let pay = PayOrigin::parse(&config.pay_origin)
            .ok_or_else(|| wrong("pay_origin must be an http or https origin without a path"))?;
        if config.publishable_keys.is_empty() || config.publishable_keys.contains(&String::new()) {
            return Err(wrong("publishable_keys must hold at least one key, and no empty one"));
        }
        let keys = config.publishable_keys.clone();
        let limiter = Limiter::default();
        Ok(Self { pay, keys, exchange, limiter, card_seen: Notify::new() })
    }

    /// Whether `key` is one of ours, in a time that tells nothing about ours but their lengths.
    fn knows_key(&self, key: &str) -> bool {
        let matches = self.keys.iter().map(|ours| ours.as_bytes().ct_eq(key.as_bytes()));
        matches.fold(Choice::from(0), |any, one| any | one).into()
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("card zone: {what}"))
}

#[cfg(test)]
mod tests;
