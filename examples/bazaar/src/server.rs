//! The HTTP server: HTTP/1.1 with a bound on everything that a slow or greedy client could hold.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

/// A request's head must be here this soon after the connection opened or the last answer left. It
/// covers the first byte too, so a silent connection is closed as well.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(5);

/// One connection serves no longer than this, so that a reader who never reads cannot keep it.
const CONNECTION_LIFE: Duration = Duration::from_secs(120);

/// How long a connection may finish what it is doing when it is asked to close.
const GRACE: Duration = Duration::from_secs(5);

/// Connections served at once. A shop page is small and quick; more wait in the listener's backlog.
const CONNECTIONS_MAX: u32 = 256;

/// Room for a request's head: cookies and a browser's headers take 2 to 4 KiB.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Pause after the system refused a connection, most likely for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` until `shutdown` is ready, then lets open requests finish within [`GRACE`].
pub(crate) async fn run(
    listener: std::net::TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX as usize));
    let (closing, closed) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, seat) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &seats) => accepted,
        };
        tokio::spawn(connection(stream, router.clone(), closed.clone(), seat));
    }
    drop(listener);
    // Each connection hears of it through its receiver, and gives its seat back within the grace.
    drop(closing);
    let _ = seats.acquire_many(CONNECTIONS_MAX).await;
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let seat = Arc::clone(seats).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, seat),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    mut closed: watch::Receiver<()>,
    _seat: Option<OwnedSemaphorePermit>,
) {
    let _ = stream.set_nodelay(true);
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut serving = pin!(serving);
    tokio::select! {
        _ = serving.as_mut() => return,
        _ = closed.changed() => {}
        () = sleep(CONNECTION_LIFE) => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = timeout(GRACE, serving).await;
}
