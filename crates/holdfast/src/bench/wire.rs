//! A client of HTTP/1.1 that costs the machine little: requests are bytes, answers are read in
//! place. It reads what this program's own servers send, and no more.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest answer: the lists that a bench asks for are far below.
const ANSWER_MAX: usize = 4 << 20;
const READ_AT_ONCE: usize = 16 << 10;

/// A connection that is kept between requests.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    /// 200 and so on.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// Whether it is what was asked for.
    pub(crate) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Connection {
    /// Connects to a `host:port`.
    pub(crate) async fn open(address: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(READ_AT_ONCE) })
    }

    /// Sends the bytes of a request, and waits for its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some(Frame { status, body, end }) = frame(&self.buffer)? {
                if end != self.buffer.len() {
                    return Err(invalid("an answer that nobody has asked for"));
                }
                return Ok(Answer { status, body: &self.buffer[body..end] });
            }
            if self.buffer.len() > ANSWER_MAX {
                return Err(invalid("an answer without an end"));
            }
            self.buffer.reserve(READ_AT_ONCE);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Where the parts of a whole answer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    status: u16,
    body: usize,
    end: usize,
}

/// The answer at the start of `bytes`; nothing as long as it is not whole.
fn frame(bytes: &[u8]) -> io::Result<Option<Frame>> {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&bytes[..head]).map_err(|_| invalid("a head of no text"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let status = status.parse().map_err(|_| invalid("an answer without a status"))?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let length: usize = length.ok_or_else(|| invalid("an answer without its length"))?;
    let body = head + 4;
    let end = body.checked_add(length).ok_or_else(|| invalid("an answer without an end"))?;
    Ok((bytes.len() >= end).then_some(Frame { status, body, end }))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The bytes of a request, with its key and a form as its body.
pub(crate) fn request(method: &str, path: &str, key: &str, form: &str) -> Vec<u8> {
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n");
    if method != "GET" {
        head.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        head.push_str(&format!("Content-Length: {}\r\n", form.len()));
    }
    head.push_str("\r\n");
    head.push_str(form);
    head.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole() {
        let whole = b"HTTP/1.1 402 Payment Required\r\nX: y\r\ncontent-length: 2\r\n\r\nno";
        for cut in 0..whole.len() {
            assert_eq!(frame(&whole[..cut]).unwrap(), None, "{cut}");
        }
        let body = whole.len() - 2;
        assert_eq!(frame(whole).unwrap(), Some(Frame { status: 402, body, end: whole.len() }));
    }

    #[test]
    fn what_is_no_answer_of_ours_is_an_error() {
        for bytes in [
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
            "HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
        ] {
            assert!(frame(bytes.as_bytes()).is_err(), "{bytes}");
        }
    }

    #[test]
    fn a_request_as_bytes() {
        for (method, form, expected) in [
            ("GET", "", "GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer k\r\n\r\n"),
            (
                "POST",
                "b=c",
                "POST /a HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer k\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\nb=c",
            ),
        ] {
            let bytes = request(method, "/a", "k", form);
            assert_eq!(std::str::from_utf8(&bytes).unwrap(), expected);
        }
    }
}
