//! The six listeners, all bound before anything else is started.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use tokio::time::sleep;

use crate::identity::Origins;

/// A program that was killed a moment ago may still hold its ports through its dying children.
const BIND_TRIES: u32 = 40;
const BIND_WAIT: Duration = Duration::from_millis(50);

/// One listener for each origin, on loopback.
pub(crate) struct Listeners {
    pub(crate) api: TcpListener,
    pub(crate) pay: TcpListener,
    pub(crate) console: TcpListener,
    pub(crate) card: TcpListener,
    /// Of the first node only.
    pub(crate) others: Option<Others>,
}

/// The world around the nodes, of which there is one.
pub(crate) struct Others {
    pub(crate) shop: TcpListener,
    pub(crate) sandbox: TcpListener,
}

impl Listeners {
    /// Binds `base` to `base + 5`; those of the world around only where it is wanted.
    pub(crate) async fn bind(base: u16, with_others: bool) -> anyhow::Result<Listeners> {
        let mut others = None;
        if with_others {
            others = Some(Others { shop: bind(base).await?, sandbox: bind(base + 4).await? });
        }
        Ok(Listeners {
            api: bind(base + 1).await?,
            pay: bind(base + 2).await?,
            console: bind(base + 3).await?,
            card: bind(base + 5).await?,
            others,
        })
    }

    /// Where they are reached.
    pub(crate) fn origins(&self) -> Origins {
        let other = |of: fn(&Others) -> &TcpListener| {
            self.others.as_ref().map(|others| origin(of(others))).unwrap_or_default()
        };
        Origins {
            shop: other(|others| &others.shop),
            api: origin(&self.api),
            pay: origin(&self.pay),
            console: origin(&self.console),
            sandbox: other(|others| &others.sandbox),
            card: origin(&self.card),
        }
    }

    /// The same beside another node, whose sandbox and shop are those of this one as well.
    pub(crate) fn origins_beside(&self, first: Origins) -> Origins {
        let Origins { api, pay, console, card, .. } = self.origins();
        Origins { api, pay, console, card, ..first }
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
