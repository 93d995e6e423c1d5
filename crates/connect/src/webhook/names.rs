//! Names of receivers, resolved and checked in one step.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Asks for the addresses of a name.
pub(super) type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;
/// The addresses, once they are known.
pub(super) type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Resolves names for connections. What is checked is what is connected to: the addresses go
/// straight from here to the connector.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) lookup: Lookup,
    pub(super) is_allowed: fn(IpAddr) -> bool,
}

/// The name has an address that may not be connected to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forbidden;

/// The names that the system knows.
pub(super) fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            // The connector puts the port of the address in.
            Ok(tokio::net::lookup_host((name, 0)).await?.collect())
        })
    })
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking, is_allowed) = ((self.lookup)(name.as_str().to_owned()), self.is_allowed);
        Box::pin(async move {
            let addresses = looking.await?;
            // One bad address among good ones is not an oversight: all of them are refused.
            if !addresses.iter().all(|address| is_allowed(address.ip())) {
                return Err(Forbidden.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has an address that is not public")
    }
}

impl std::error::Error for Forbidden {}
