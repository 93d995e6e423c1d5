//! Accepts connections, and stops in the order in which nothing is lost.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::connection;
use super::{RECYCLE_AFTER, Zone};
use crate::exchange::Exchange;
use crate::exchange::sandbox::EXCHANGE_TIMEOUT;

/// Connections at a time; more wait in the listener's queue. Each may need one more to the
/// processor, and a process has 1,024 file descriptors unless somebody raises the limit.
const CONNECTIONS_MAX: usize = 400;

/// How long requests that have begun may take once nothing new is accepted. Two seconds more than
/// the longest exchange; only a client slower than that is cut off.
const DRAIN_MAX: Duration = Duration::from_secs(7);
const _: () = assert!(DRAIN_MAX.as_secs() >= EXCHANGE_TIMEOUT.as_secs() + 2);

/// Accepting fails while descriptors or memory are short: trying again at once would only spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A connection and its place among [`CONNECTIONS_MAX`].
type Accepted = (TcpStream, IpAddr, OwnedSemaphorePermit);

/// Serves until `shutdown`, or until the zone has to be replaced; see [`super::serve`].
pub(super) async fn run<E: Exchange>(
    listener: TcpListener,
    zone: Zone<E>,
    shutdown: impl Future<Output = ()>,
    stopped_accepting: impl FnOnce(),
) {
    let zone = Arc::new(zone);
    let (drain, draining) = watch::channel(false);
    let mut connections = JoinSet::new();
    let accepting = accept_all(&listener, &zone, &draining, &mut connections);
    tokio::select! {
        biased;
        () = end_of_life(&zone, shutdown) => {}
        () = accepting => {}
    }
    // Before anything is waited for: whoever connects from now on is the successor's.
    drop(listener);
    stopped_accepting();
    drain.send_replace(true);
    let finished = async { while connections.join_next().await.is_some() {} };
    // Whatever is not finished by then is cut off when `connections` is dropped.
    let _ = timeout(DRAIN_MAX, finished).await;
}

/// Accepts for ever. Safe to be dropped at any time: no connection is lost then.
async fn accept_all<E: Exchange>(
    listener: &TcpListener,
    zone: &Arc<Zone<E>>,
    draining: &watch::Receiver<bool>,
    connections: &mut JoinSet<()>,
) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = accept(listener, &slots) => match accepted {
                Ok((stream, peer, slot)) => {
                    let (zone, draining) = (Arc::clone(zone), draining.clone());
                    connections.spawn(async move {
                        connection::serve(stream, peer, zone, draining).await;
                        drop(slot);
                    });
                }
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

async fn end_of_life<E>(zone: &Zone<E>, shutdown: impl Future<Output = ()>) {
    let recycle = async {
        zone.card_seen.notified().await;
        sleep(RECYCLE_AFTER).await;
    };
    tokio::select! {
        () = shutdown => {}
        () = recycle => {}
    }
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> io::Result<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer.ip(), slot))
}
