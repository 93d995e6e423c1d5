//! Bazaar: a small marketplace shop that sells through Holdfast.
//!
//! It is a user of Holdfast like any other: it knows the public HTTP API, a secret key and a
//! webhook secret, and nothing else. The buyer fills a basket here and pays on Holdfast's pay page,
//! so no card number ever reaches this program. The shop keeps no database: the basket and the list
//! of past purchases are cookies, everything else is asked of the API.

use std::future::Future;
use std::io;
use std::sync::Arc;

mod app;
mod server;
mod shop;

mod checkout;
mod pages;
mod webhooks;

mod api;
mod basket;
mod catalogue;
mod config;
mod cookies;
mod fields;
mod money;
mod purchases;
mod sellers;
mod signature;
mod texts;
mod visit;

pub use config::{ConfigError, Settings, ShopConfig};

/// Runs the shop on `listener` until `shutdown` is ready, then finishes the requests under way.
///
/// The sellers of the catalogue are matched with accounts of the API in the background, again and
/// again until the API answers; until then the shop shows its goods and asks buyers for patience.
///
/// # Errors
/// `InvalidInput` where the configuration names an unusable address or leaves a secret out;
/// otherwise what the listener says.
pub async fn serve(
    listener: std::net::TcpListener,
    config: ShopConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let shop = shop::Shop::open(config)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let shop = Arc::new(shop);
    let matching = tokio::spawn(sellers::keep_trying(Arc::clone(&shop)));
    let served = server::run(listener, app::router(shop), shutdown).await;
    matching.abort();
    served
}
