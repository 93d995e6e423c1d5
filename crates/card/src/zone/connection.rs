//! One connection: one request, with a deadline for every part of it.
//!
//! Connections are not kept alive. The end of the connection is the moment at which the HTTP
//! library holds the posted bytes no longer, and they can be wiped.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use super::residue::Residue;
use super::{Zone, routes};
use crate::exchange::Exchange;

/// Browsers open connections ahead of need, and then send something soon or never.
const FIRST_BYTE_DEADLINE: Duration = Duration::from_secs(5);
/// For the whole request head.
const HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// Head, body and exchange have five seconds each; five more for a slow reader.
const CONNECTION_DEADLINE: Duration = Duration::from_secs(20);

/// A request that is on its way while the zone stops is still served if it arrives this soon.
const LAST_REQUEST_GRACE: Duration = Duration::from_millis(500);

/// The smallest buffer that the HTTP library has, and so the longest request head. With buffers of
/// one size it never moves posted bytes from one to another, which would leave a copy.
const BUFFER_BYTES: usize = 8192;
/// Browsers send about 15.
const HEADERS_MAX: usize = 64;

/// Unread bytes are taken off the connection before it is closed, up to these bounds: a connection
/// closed with unread bytes is reset, and the client might not see why it was refused.
const LINGER_BYTES_MAX: usize = 64 * 1024;
const LINGER_MAX: Duration = Duration::from_secs(1);

/// Serves one connection to its end. Becomes ready earlier than the deadlines if `draining` turns
/// true before a request has begun.
pub(super) async fn serve<E: Exchange>(
    stream: TcpStream,
    peer: IpAddr,
    zone: Arc<Zone<E>>,
    draining: watch::Receiver<bool>,
) {
    if !begins_in_time(&stream, draining).await {
        return;
    }
    let residue = Arc::new(Residue::default());
    let posted = Arc::clone(&residue);
    let service = service_fn(move |request| {
        let (zone, posted) = (Arc::clone(&zone), Arc::clone(&posted));
        Box::pin(
            async move { Ok::<_, Infallible>(routes::answer(&zone, request, peer, &posted).await) },
        )
    });
    let mut connection = http().serve_connection(TokioIo::new(stream), service);
    // However it ends, what it has read is wiped, and there is nobody to tell.
    let served = poll_fn(|context| connection.poll_without_shutdown(context));
    let _ = timeout(CONNECTION_DEADLINE, served).await;
    let parts = connection.into_parts();
    drop(parts.service);
    residue.keep(parts.read_buf);
    residue.wipe();
    close(parts.io.into_inner()).await;
}

fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES)
        .keep_alive(false);
    http
}

async fn begins_in_time(stream: &TcpStream, mut draining: watch::Receiver<bool>) -> bool {
    let last_call = async {
        // An error means that the server is gone: the same as draining.
        let _ = draining.wait_for(|is_draining| *is_draining).await;
        sleep(LAST_REQUEST_GRACE).await;
    };
    // Looks at the byte itself: a connection may be called readable before it is.
    let mut first = [0];
    tokio::select! {
        biased;
        peeked = stream.peek(&mut first) => peeked.is_ok_and(|count| count > 0),
        () = sleep(FIRST_BYTE_DEADLINE) => false,
        () = last_call => false,
    }
}

async fn close(mut stream: TcpStream) {
    let linger = async {
        stream.shutdown().await?;
        let mut unread = Zeroizing::new([0; 1024]);
        let mut left = LINGER_BYTES_MAX;
        while left > 0 {
            match stream.read(unread.as_mut_slice()).await? {
                0 => break,
                count => left = left.saturating_sub(count),
            }
        }
        std::io::Result::Ok(())
    };
    let _ = timeout(LINGER_MAX, linger).await;
}
