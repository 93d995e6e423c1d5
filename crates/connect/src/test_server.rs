//! A small HTTP server by hand, so that it can do everything that a server should not.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Ends the wait for an answer that does not come.
pub(crate) const SHORT: Duration = Duration::from_millis(600);
/// Never ends a wait for one that comes, however busy the machine is.
pub(crate) const PATIENT: Duration = Duration::from_secs(10);

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers.
    Answer(u16, String),
    /// Answers after a while.
    Slow(Duration, String),
    /// Reads the request and never answers.
    Hold,
    /// Reads the request and resets the connection.
    Reset,
    /// Reads the request and closes the connection.
    Close,
    /// Announces the whole answer, sends half of it and closes.
    Truncate(String),
    /// Sends these bytes as they are and closes.
    Raw(&'static str),
    /// Announces an answer, sends its head, and nothing more.
    Stall,
}

impl Act {
    /// How long to wait for what this act answers.
    pub(crate) fn deadline(&self) -> Duration {
        match self {
            Act::Hold | Act::Stall => SHORT,
            Act::Slow(wait, _) if *wait > SHORT => SHORT,
            Act::Slow(..)
            | Act::Answer(..)
            | Act::Reset
            | Act::Close
            | Act::Truncate(_)
            | Act::Raw(_) => PATIENT,
        }
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The first line, without the version.
    pub(crate) line: String,
    /// Lines of the head in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    script: Mutex<VecDeque<Act>>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
}

impl TestServer {
    /// Serves the acts of the script, one for each request; then closes every connection.
    pub(crate) async fn start(script: impl IntoIterator<Item = Act>) -> TestServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            seen: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let address = listener.local_addr().unwrap();
        let server = TestServer { address, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                shared.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        server
    }

    /// An address of this machine where nobody listens.
    pub(crate) async fn nobody() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The first line of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(seen) = request(&mut stream).await {
        shared.seen.lock().unwrap().push(seen);
        let act = shared.script.lock().unwrap().pop_front().unwrap_or(Act::Close);
        let goes_on = perform(act, &mut stream).await;
        if !goes_on {
            return;
        }
    }
}

/// Does it. Whether the connection stays open.
async fn perform(act: Act, stream: &mut TcpStream) -> bool {
    match act {
        Act::Answer(status, body) => write(stream, &whole(status, &body)).await,
        Act::Slow(wait, body) => {
            tokio::time::sleep(wait).await;
            write(stream, &whole(200, &body)).await
        }
        Act::Hold => std::future::pending().await,
        Act::Reset => {
            stream.set_zero_linger().unwrap();
            false
        }
        Act::Close => false,
        Act::Truncate(body) => {
            let answer = whole(200, &body);
            write(stream, &answer[..answer.len() - body.len() / 2]).await;
            false
        }
        Act::Raw(bytes) => {
            write(stream, bytes).await;
            false
        }
        Act::Stall => {
            write(stream, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n").await;
            std::future::pending().await
        }
    }
}

fn whole(status: u16, body: &str) -> String {
    let location = if (300..400).contains(&status) { "location: /elsewhere\r\n" } else { "" };
    format!("HTTP/1.1 {status} X\r\n{location}content-length: {}\r\n\r\n{body}", body.len())
}

async fn write(stream: &mut TcpStream, text: &str) -> bool {
    stream.write_all(text.as_bytes()).await.is_ok()
}

async fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        read_more(stream, &mut bytes).await?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let line = head.lines().next().unwrap().replace(" HTTP/1.1", "");
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        read_more(stream, &mut bytes).await?;
    }
    let body = String::from_utf8(bytes.split_off(end)).unwrap();
    Some(Seen { line, head, body })
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer).await {
        Ok(0) | Err(_) => None,
        Ok(read) => {
            bytes.extend_from_slice(&buffer[..read]);
            Some(())
        }
    }
}
