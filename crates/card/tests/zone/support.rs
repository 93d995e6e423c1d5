//! A zone on a free port, a network that does as it is told, and a client that hides nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use holdfast_card::zone::{self, KeyGrant, Parent, ZoneConfig};
use tokio::sync::oneshot;

pub(crate) const PAY: &str = "http://127.0.0.1:4002";
pub(crate) const KEY: &str = "pk_test_zone";
pub(crate) const NETWORK_KEY: &str = "nk_test_zone";
pub(crate) const TOKEN_ANSWER: &str = r#"{"id":"tok_0123456789abcdefghijABCDEF"}"#;

/// Nothing here takes longer, so a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A zone in a thread of its own.
pub(crate) struct Zone {
    pub(crate) address: SocketAddr,
    parent: Option<UnixStream>,
    shutdown: Option<oneshot::Sender<()>>,
    stopped_accepting: mpsc::Receiver<()>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Zone {
    pub(crate) fn start(network: &Network) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), network.address)
    }

    pub(crate) fn on(listener: TcpListener, network: SocketAddr) -> Self {
        let mut zone = Self::untold(listener, network);
        zone.tell(&[KeyGrant::of_key("pk_test_other"), KeyGrant::of_key(KEY)]);
        zone
    }

    /// A zone that has not been told any keys.
    pub(crate) fn untold(listener: TcpListener, network: SocketAddr) -> Self {
        let (parent, told) = UnixStream::pair().unwrap();
        told.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, stop) = oneshot::channel();
        let (tell, stopped_accepting) = mpsc::channel();
        let thread = thread::spawn(move || {
            let stop = async move {
                let _ = stop.await;
            };
            let stopped_accepting = move || {
                let _ = tell.send(());
            };
            tokio::runtime::Runtime::new()?.block_on(async move {
                let keys = tokio::net::UnixStream::from_std(told)?;
                let parent = Parent { keys, shutdown: stop, stopped_accepting };
                zone::serve(listener, config(network), parent).await
            })
        });
        let (parent, shutdown, thread) = (Some(parent), Some(shutdown), Some(thread));
        Self { address, parent, shutdown, stopped_accepting, thread }
    }

    /// Tells the zone which keys count from now on.
    pub(crate) fn tell(&mut self, keys: &[KeyGrant]) {
        self.say(zone::line(keys).unwrap().as_bytes());
    }

    pub(crate) fn say(&mut self, words: &[u8]) {
        self.parent.as_mut().unwrap().write_all(words).unwrap();
    }

    /// Ends what the parent says.
    pub(crate) fn fall_silent(&mut self) {
        self.parent = None;
    }

    pub(crate) fn shut_down(&mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
    }

    pub(crate) fn wait_until_it_stops_accepting(&self) {
        self.stopped_accepting.recv_timeout(PATIENCE).unwrap();
    }

    pub(crate) fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    pub(crate) fn wait_until_it_returns(&mut self) {
        self.outcome().unwrap();
    }

    /// What the zone returns.
    pub(crate) fn outcome(&mut self) -> std::io::Result<()> {
        self.thread.take().unwrap().join().unwrap()
    }

    pub(crate) fn send(&self, request: &str) -> Answer {
        exchange(self.address, request.as_bytes()).expect("an answer")
    }

    /// Posts a form as the pay page's script does.
    pub(crate) fn post(&self, body: &str) -> Answer {
        self.send(&post_request(body, &[("Origin", PAY)]))
    }
}

pub(crate) fn config(network: SocketAddr) -> ZoneConfig {
    ZoneConfig {
        pay_origin: PAY.to_owned(),
        network_url: format!("http://{network}"),
        network_key: NETWORK_KEY.to_owned(),
    }
}

/// What the network does with a request.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// Answers with this status and body.
    Answer(u16, &'static str),
    /// Says that the body is longer than it is, and closes.
    Truncate,
    /// Reads the request and closes the connection.
    HangUp,
    /// Answers with a token, but only when [`Network::let_go`] is called.
    Hold,
}

/// The sandbox network's place in a test.
pub(crate) struct Network {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    gate: mpsc::Sender<()>,
}

impl Network {
    pub(crate) fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (gate, held) = mpsc::channel();
        let held = Arc::new(Mutex::new(held));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, held) = (Arc::clone(&seen), Arc::clone(&held));
                thread::spawn(move || serve_one(stream.unwrap(), act, &seen, &held));
            }
        });
        Self { address, requests, gate }
    }

    pub(crate) fn tokens() -> Self {
        Self::start(Act::Answer(200, TOKEN_ANSWER))
    }

    /// Lets one held request go on.
    pub(crate) fn let_go(&self) {
        self.gate.send(()).unwrap();
    }

    pub(crate) fn wait_for_requests(&self, count: usize) {
        wait_until("the network is asked", || self.requests().len() >= count);
    }

    /// All requests so far, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The body of the only request so far.
    pub(crate) fn only_body(&self) -> serde_json::Value {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        serde_json::from_str(requests[0].split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

fn serve_one(
    mut stream: TcpStream,
    act: Act,
    seen: &Mutex<Vec<String>>,
    held: &Mutex<mpsc::Receiver<()>>,
) {
    let Some(request) = read_request(&mut stream) else { return };
    seen.lock().unwrap().push(request);
    let (status, length, body) = match act {
        Act::Answer(status, body) => (status, body.len(), body),
        Act::Truncate => (200, 1000, TOKEN_ANSWER),
        Act::HangUp => return,
        Act::Hold => {
            let _ = held.lock().unwrap().recv();
            (200, TOKEN_ANSWER.len(), TOKEN_ANSWER)
        }
    };
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n");
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return Some(String::from_utf8(request).unwrap());
        }
    }
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) raw: String,
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.raw.split("\r\n\r\n").next().unwrap();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} twice in {head}");
        value
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn error(&self) -> serde_json::Value {
        self.json()["error"].clone()
    }
}

/// A whole `POST /v1/tokens` with a form and further headers.
pub(crate) fn post_request(body: &str, headers: &[(&str, &str)]) -> String {
    let mut head = "POST /v1/tokens HTTP/1.1\r\nHost: zone\r\n".to_owned();
    head += "Content-Type: application/x-www-form-urlencoded\r\n";
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A whole form with the right key, encoded as a browser does.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let fields = [("key", KEY)].iter().chain(fields);
    let encode = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs = fields.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A right card with this number; code and brand must fit.
pub(crate) fn card(number: &str, code: &str) -> String {
    form(&[("card[number]", number), ("card[exp]", "12 / 30"), ("card[cvc]", code)])
}

pub(crate) fn visa() -> String {
    card("4242 4242 4242 4242", "123")
}

/// Sends bytes and reads until the zone closes.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<Answer> {
    let mut stream = connect(address)?;
    stream.write_all(request)?;
    read_answer(&mut stream)
}

pub(crate) fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

pub(crate) fn read_answer(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let mut raw = String::new();
    stream.read_to_string(&mut raw)?;
    let status = raw.get(9..12).and_then(|status| status.parse().ok());
    let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let body = raw.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok(Answer { raw, status, body })
}

/// Waits for a state.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never happened: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A number of a test range that no test has used: 16 digits, or what the brand has.
pub(crate) fn fresh_number(range: &str, length: usize) -> String {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(range).to_string();
    let mut number = range.to_owned();
    number.extend(random.chars().rev().take(length - range.len() - 1));
    let twice = |(place, digit): (usize, char)| {
        let value = digit.to_digit(10).unwrap();
        if place % 2 == 0 { value * 2 / 10 + value * 2 % 10 } else { value }
    };
    let sum: u32 = number.chars().rev().enumerate().map(twice).sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}
