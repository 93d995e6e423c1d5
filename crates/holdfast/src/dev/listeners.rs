//! The six listeners, all bound before anything else is started.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use tokio::time::sleep;

/// A program that was killed a moment ago may still hold its ports through its dying children.
const BIND_TRIES: u32 = 40;
const BIND_WAIT: Duration = Duration::from_millis(50);

/// One listener for each origin, on loopback.
pub(crate) struct Listeners {
    pub(crate) shop: TcpListener,
    pub(crate) api: TcpListener,
    pub(crate) pay: TcpListener,
    pub(crate) console: TcpListener,
    pub(crate) sandbox: TcpListener,
    pub(crate) card: TcpListener,
}

/// The addresses, without a path.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    pub(crate) shop: String,
    pub(crate) api: String,
    pub(crate) pay: String,
    pub(crate) console: String,
    pub(crate) sandbox: String,
    pub(crate) card: String,
}

impl Listeners {
    /// Binds `base` to `base + 5`.
    pub(crate) async fn bind(base: u16) -> anyhow::Result<Listeners> {
        Ok(Listeners {
            shop: bind(base).await?,
            api: bind(base + 1).await?,
            pay: bind(base + 2).await?,
            console: bind(base + 3).await?,
            sandbox: bind(base + 4).await?,
            card: bind(base + 5).await?,
        })
    }

    /// Where they are reached.
    pub(crate) fn origins(&self) -> Origins {
        Origins {
            shop: origin(&self.shop),
            api: origin(&self.api),
            pay: origin(&self.pay),
            console: origin(&self.console),
            sandbox: origin(&self.sandbox),
            card: origin(&self.card),
        }
    }
}

async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let mut tries = 0;
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(_) if tries < BIND_TRIES => {
                tries += 1;
                sleep(BIND_WAIT).await;
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("port {port} is taken: choose others with --port-base")
                });
            }
        }
    }
}

fn origin(listener: &TcpListener) -> String {
    let port = listener.local_addr().map_or(0, |address| address.port());
    format!("http://127.0.0.1:{port}")
}
