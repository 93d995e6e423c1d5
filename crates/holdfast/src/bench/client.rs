//! The load: so many connections, each with one request under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::figures::Figures;

/// How much is asked, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Requests under way at once.
    pub(crate) connections: u16,
    /// Requests a second in all, sent whether or not earlier ones are answered in time; without
    /// it each connection sends the next as soon as it has an answer.
    pub(crate) rate: Option<u32>,
    /// For how long.
    pub(crate) duration: Duration,
}

/// The requests that are sent, one after the other and again from the start.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    /// `POST` or `GET`.
    pub(crate) method: Method,
    /// The paths.
    pub(crate) paths: Vec<String>,
    /// The body, empty for `GET`.
    pub(crate) body: Bytes,
    /// The secret key.
    pub(crate) key: String,
}

/// Sends requests to `address` and measures each. An open load counts the time from the moment at
/// which a request should have been sent, so that a server that stalls is not spared.
pub(crate) async fn drive(
    address: &str,
    requests: &Arc<Requests>,
    load: Load,
) -> anyhow::Result<Figures> {
    let mut connections = Vec::new();
    for _ in 0..load.connections {
        connections.push(connect(address).await?);
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, sender) in (0_u32..).zip(connections) {
        let pace = Pace::of(load, number, started);
        let (address, requests) = (address.to_owned(), Arc::clone(requests));
        tasks.spawn(async move { one(sender, &address, &requests, pace).await });
    }
    let (mut micros, mut errors) = (Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        let (of_one, failed) = done.context("a connection")?;
        micros.extend(of_one);
        errors += failed;
    }
    Ok(Figures::of(micros, errors, started.elapsed()))
}

type Sender = SendRequest<Full<Bytes>>;

async fn connect(address: &str) -> anyhow::Result<Sender> {
    let stream = TcpStream::connect(address).await.context("the server")?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

/// When a connection sends, and until when.
#[derive(Clone, Copy)]
struct Pace {
    number: u32,
    next: Instant,
    every: Option<Duration>,
    end: Instant,
}

impl Pace {
    fn of(load: Load, number: u32, started: Instant) -> Pace {
        let connections = u32::from(load.connections);
        let every = load.rate.map(|rate| Duration::from_secs(1) * connections / rate.max(1));
        // Connections begin one after the other, so that an open load is even from the start.
        let offset = every.map_or(Duration::ZERO, |every| every / connections * number);
        Pace { number, next: started + offset, every, end: started + load.duration }
    }

    /// Waits until the next request is due; when it was due, or nothing when time is over.
    async fn wait(&mut self) -> Option<Instant> {
        let due = match self.every {
            None => Instant::now(),
            Some(every) => {
                let due = self.next;
                self.next += every;
                tokio::time::sleep_until(due.into()).await;
                due
            }
        };
        (due < self.end).then_some(due)
    }
}

async fn one(
    mut sender: Sender,
    address: &str,
    requests: &Requests,
    mut pace: Pace,
) -> (Vec<u32>, u64) {
    let (mut micros, mut errors) = (Vec::new(), 0);
    let mut at = usize::try_from(pace.number).unwrap_or(0);
    while let Some(due) = pace.wait().await {
        at = (at + 1) % requests.paths.len();
        match ask(&mut sender, address, requests, at).await {
            Ok(()) => micros.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX)),
            Err(error) => {
                tracing::debug!(%error, "a request failed");
                errors += 1;
                match connect(address).await {
                    Ok(fresh) => sender = fresh,
                    Err(_) => break,
                }
            }
        }
    }
    (micros, errors)
}

async fn ask(
    sender: &mut Sender,
    address: &str,
    requests: &Requests,
    at: usize,
) -> anyhow::Result<()> {
    let request = Request::builder()
        .method(requests.method.clone())
        .uri(requests.paths.get(at).map_or("/", String::as_str))
        .header(HOST, address)
        .header(AUTHORIZATION, format!("Bearer {}", requests.key))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(requests.body.clone()))?;
    sender.ready().await?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        bail!("{status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(())
}
