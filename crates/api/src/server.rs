//! The HTTP server of every listener: a router behind deadlines, caps and a graceful stop.
//!
//! `axum::serve` waits for ever on half a head; here silence, half a head, a slow body, an idle
//! connection and an answer that nobody takes each have an end.

pub(crate) mod limits;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use std::{io, net};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::connection::{Activity, BoundedBody, Watched};
use crate::overload;

pub use limits::ServerLimits;

/// Answers the connections of `listener` by `router` until `shutdown`, then lets the requests
/// under way finish.
///
/// Returns when all connections are closed, at the latest `limits.drain` after `shutdown`. While
/// all places are taken, a few further connections are told so; only probes are answered on them.
/// While these are taken as well, the rest waits in the listener's backlog. Every request carries
/// its [`Peer`].
///
/// # Errors
/// Only when the listener cannot be used at all.
pub async fn serve(
    listener: net::TcpListener,
    router: Router,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let places = Places::new(&limits);
    let (stage, _) = watch::channel(Stage::Serving);
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (place, stream, peer) = accept(&listener, &places) => {
                let (peer, stage, is_spare) = (Peer(peer), stage.subscribe(), place.is_spare);
                let connection = Connection { stream, peer, stage, is_spare };
                let router = router.clone();
                tokio::spawn(async move {
                    connection.run(router, limits).await;
                    drop(place);
                });
            }
        }
    }
    // From here a connect is refused, so that a balancer or a client goes elsewhere at once.
    drop(listener);
    stage.send_replace(Stage::Draining);
    if timeout(limits.drain, places.all_free(&limits)).await.is_err() {
        tracing::warn!("requests were still under way at the end of the graceful stop");
        stage.send_replace(Stage::Ended);
    }
    Ok(())
}

/// Who sent a request: the other end of the connection, an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// The largest head of a request, in bytes: as common proxies have it, with room for the
/// description that SDKs send of themselves.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// How long to wait after an accept that failed for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Serving,
    Draining,
    Ended,
}

/// The places of connections.
struct Places {
    usual: Arc<Semaphore>,
    spare: Arc<Semaphore>,
}

/// A connection's place, until it is dropped.
struct Place {
    _permit: OwnedSemaphorePermit,
    is_spare: bool,
}

impl Places {
    fn new(limits: &ServerLimits) -> Places {
        Places {
            usual: Arc::new(Semaphore::new(limits.connections_max)),
            spare: Arc::new(Semaphore::new(limits.spare_connections)),
        }
    }

    /// A usual place while there is one, else a spare one; waits while there is neither.
    async fn next(&self) -> Place {
        let (usual, spare) = (Arc::clone(&self.usual), Arc::clone(&self.spare));
        let (permit, is_spare) = tokio::select! {
            biased;
            permit = usual.acquire_owned() => (permit, false),
            permit = spare.acquire_owned() => (permit, true),
        };
        match permit {
            Ok(permit) => Place { _permit: permit, is_spare },
            // Nothing is ever closed.
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits until every connection has ended.
    async fn all_free(&self, limits: &ServerLimits) {
        for (places, count) in
            [(&self.usual, limits.connections_max), (&self.spare, limits.spare_connections)]
        {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            // Only fails once the semaphore is closed, which nobody does.
            let _ = places.acquire_many(count).await;
        }
    }
}

/// Waits for a place and then for a connection to take it. May be dropped at any point.
async fn accept(listener: &TcpListener, places: &Places) -> (Place, TcpStream, SocketAddr) {
    loop {
        let place = places.next().await;
        match listener.accept().await {
            Ok((stream, peer)) => return (place, stream, peer),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether an accept failed because its connection went away, and the next will do.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

struct Connection {
    stream: TcpStream,
    peer: Peer,
    stage: watch::Receiver<Stage>,
    /// Whether it came while all usual places were taken.
    is_spare: bool,
}

impl Connection {
    async fn run(mut self, router: Router, limits: ServerLimits) {
        // Answers are written whole, so waiting to fill a packet only delays them.
        let _ = self.stream.set_nodelay(true);
        let activity = Activity::new();
        let (peer, is_spare) = (self.peer, self.is_spare);
        let requests = Requests { router, peer, activity: Arc::clone(&activity), limits, is_spare };
        let service = service_fn(move |request| requests.answer(request));
        let io = TokioIo::new(Watched::new(self.stream, Arc::clone(&activity)));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(HEAD_BYTES_MAX);
        let mut connection = pin!(http.serve_connection(io, service));
        let mut overstayed = pin!(activity.overstayed(&limits));
        loop {
            tokio::select! {
                // What went wrong on a connection is the peer's matter; handlers log their own.
                _ = connection.as_mut() => return,
                () = &mut overstayed => return,
                changed = self.stage.changed() => {
                    let ended = changed.is_err() || *self.stage.borrow() == Stage::Ended;
                    if ended || activity.is_silent() {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Answers the requests of one connection.
struct Requests {
    router: Router,
    peer: Peer,
    activity: Arc<Activity>,
    limits: ServerLimits,
    is_spare: bool,
}

impl Requests {
    fn answer(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response, Infallible>> + use<> {
        let busy = self.activity.busy();
        let limits = self.limits;
        let mut request = request
            .map(|body| Body::new(BoundedBody::new(body, limits.body_bytes_max, limits.body)));
        request.extensions_mut().insert(self.peer);
        let is_refused = self.is_spare && !overload::is_probe(request.uri().path());
        let is_spare = self.is_spare;
        let router = self.router.clone();
        async move {
            let mut response = if is_refused {
                overload::count();
                (limits.busy)()
            } else {
                let Ok(response) = TowerToHyperService::new(router).call(request).await;
                response
            };
            if is_spare {
                // The next one finds a place, or is told at once that there is none.
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            drop(busy);
            Ok(response)
        }
    }
}
