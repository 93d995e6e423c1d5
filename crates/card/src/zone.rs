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
mod keys;
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
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncRead;
use tokio::sync::Notify;

use crate::exchange::Exchange;
use crate::exchange::sandbox::SandboxExchange;
use keys::{Keys, Told};
use limit::Limiter;
use origin::PayOrigin;

pub use keys::{KEYS_MAX, KeyGrant, line};

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
    /// The sandbox network, `http://127.0.0.1:4004`.
    pub network_url: String,
    /// The key with which the network knows the zone.
    pub network_key: String,
}

/// What the process that starts a zone says to it, and hears from it.
pub struct Parent<R, S, T> {
    /// Which publishable keys count: lines as [`line`] writes them, the first at the start.
    pub keys: R,
    /// Ready when the zone is to stop.
    pub shutdown: S,
    /// Called as soon as the listener is closed here: from then on a successor may take over,
    /// while this process finishes what it has begun.
    pub stopped_accepting: T,
}

/// Serves the card zone on `listener` until it is to stop, until its parent says nothing more, or
/// until it has to be replaced, whichever comes first; then finishes the requests that have begun,
/// within a bound, and returns. Nobody is served before the parent has told the keys.
///
/// First of all it makes the process one that leaves no core dump and cannot be traced.
///
/// # Errors
/// `InvalidInput` naming the setting that is wrong; `InvalidData` for keys that make no sense;
/// otherwise what the system says about the hardening or the listener. A failing connection is no
/// error.
pub async fn serve<R, S, T>(
    listener: TcpListener,
    config: ZoneConfig,
    parent: Parent<R, S, T>,
) -> io::Result<()>
where
    R: AsyncRead + Unpin + Send + 'static,
    S: Future<Output = ()> + Send + 'static,
    T: FnOnce() + Send + 'static,
{
    harden::process()?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // Another processor's exchange goes here.
    let exchange = SandboxExchange::new(&config.network_url, &config.network_key)?;
    let zone = Zone::new(&config, exchange)?;
    let mut told = Told::by(parent.keys);
    if !told.next(&zone.keys).await? {
        return Ok(());
    }
    // On its own, so that keys end for the last requests, too.
    let mut news = tokio::spawn(follow(told, Arc::clone(&zone.keys)));
    let mut heard = None;
    let end = async {
        tokio::select! {
            () = parent.shutdown => {}
            ended = &mut news => heard = ended.ok(),
        }
    };
    server::run(listener, zone, end, parent.stopped_accepting).await;
    news.abort();
    heard.unwrap_or(Ok(()))
}

/// Lets what the parent says count, until it says nothing more.
async fn follow<R: AsyncRead + Unpin>(mut told: Told<R>, keys: Arc<Keys>) -> io::Result<()> {
    while told.next(&keys).await? {}
    Ok(())
}

/// What all connections share.
struct Zone<E> {
    pay: PayOrigin,
    keys: Arc<Keys>,
    exchange: E,
    limiter: Limiter,
    /// Told when a card arrives.
    card_seen: Notify,
}

impl<E: Exchange> Zone<E> {
    fn new(config: &ZoneConfig, exchange: E) -> io::Result<Self> {
        let pay = PayOrigin::parse(&config.pay_origin)
            .ok_or_else(|| wrong("pay_origin must be an http or https origin without a path"))?;
        let limiter = Limiter::default();
        let keys = Arc::default();
        Ok(Self { pay, keys, exchange, limiter, card_seen: Notify::new() })
    }

    /// Whether a card may be posted with `key` now.
    fn knows_key(&self, key: &str) -> bool {
        self.keys.know(key, Timestamp::now())
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("card zone: {what}"))
}

#[cfg(test)]
mod tests;
