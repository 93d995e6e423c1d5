//! Connections: how many, how long, and how they end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use phase::{Phase, Phases, Watched};

mod phase;

/// How many connections are open at a time: below the 1,024 files that a process may usually have
/// open. More wait in the listener's queue.
const CONNECTIONS_MAX: u32 = 768;
/// How long the headers of a request may take, the wait for a connection's first byte included.
const HEADERS_DEADLINE: Duration = Duration::from_secs(5);
/// How long a connection may rest between two requests. Longer than the 90 s after which clients
/// give their resting connections up, so that it is never the server that closes one at the very
/// moment it is used.
const REST_MAX: Duration = Duration::from_secs(120);
/// How often a connection's deadlines are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The largest head of a request.
const HEAD_MAX: usize = 16 * 1024;
/// How many headers a request may have.
const HEADERS_MAX: usize = 64;
/// How long requests that run may take when the server stops.
const DRAIN: Duration = Duration::from_secs(3);
/// How long to wait when the system gives no connection, as when files have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` until `shutdown`, then finishes what runs.
///
/// # Errors
/// When the listener cannot be used.
pub(crate) async fn run(
    listener: std::net::TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX as usize));
    let (stop, stopped) = watch::channel(false);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = connection(stream, router.clone(), stopped.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection was accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    stop.send_replace(true);
    // What is not done by then is a fault that holds its connection.
    let _ = timeout(DRAIN, slots.acquire_many(CONNECTIONS_MAX)).await;
    Ok(())
}

/// In the place of an answer: the connection is reset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HangUp;

impl HangUp {
    /// An answer that is never sent.
    pub(crate) fn response() -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(HangUp);
        response
    }
}

impl std::fmt::Display for HangUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is reset on purpose")
    }
}

impl std::error::Error for HangUp {}

async fn connection(stream: TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    // Small answers must not wait for the client's acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay could not be set");
    }
    let phases = Phases::new();
    let reset = Arc::new(AtomicBool::new(false));
    let service = Requests {
        router: TowerToHyperService::new(router),
        phases: phases.clone(),
        reset: Arc::clone(&reset),
    };
    let io = Watched::new(TokioIo::new(stream), phases.clone());
    let mut served = http1::Builder::new()
        .max_buf_size(HEAD_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(io, service);
    loop {
        tokio::select! {
            ended = Pin::new(&mut served) => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                break;
            }
            () = told(&mut stopped) => {
                Pin::new(&mut served).graceful_shutdown();
                let _ = timeout(DRAIN, Pin::new(&mut served)).await;
                return;
            }
            () = sleep(LOOK_EVERY) => {
                if overdue(phases.now()) {
                    return;
                }
            }
        }
    }
    if reset.load(Ordering::Acquire) {
        let stream = served.into_parts().io.into_inner();
        // Closing with this set sends a reset, as a crashing server does.
        if let Err(error) = stream.into_inner().set_zero_linger() {
            tracing::debug!(%error, "a connection closes softly");
        }
    }
}

/// Waits until the server stops.
async fn told(stopped: &mut watch::Receiver<bool>) {
    // An error says that the server is gone already.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn overdue((phase, lasted): (Phase, Duration)) -> bool {
    match phase {
        Phase::New | Phase::Headers => lasted > HEADERS_DEADLINE,
        Phase::Resting => lasted > REST_MAX,
        // The handlers have their own deadlines, and faults may hold a request for long.
        Phase::Working => false,
    }
}

/// The requests of one connection.
struct Requests {
    router: TowerToHyperService<Router>,
    phases: Phases,
    reset: Arc<AtomicBool>,
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response;
    type Error = HangUp;
    type Future = Pin<Box<dyn Future<Output = Result<Response, HangUp>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.phases.enter(Phase::Working);
        let answer = self.router.call(request);
        let (phases, reset) = (self.phases.clone(), Arc::clone(&self.reset));
        Box::pin(async move {
            let response = answer.await.unwrap_or_else(|never: Infallible| match never {});
            phases.enter(Phase::Resting);
            if response.extensions().get::<HangUp>().is_some() {
                reset.store(true, Ordering::Release);
                return Err(HangUp);
            }
            Ok(response)
        })
    }
}
