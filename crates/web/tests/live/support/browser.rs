//! A browser without script, as far as these pages need one: it sends what browsers send, keeps
//! cookies and leads nowhere by itself.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use super::{LOOK_EVERY, PATIENCE};

/// A visitor of one origin.
pub(crate) struct Browser {
    host: String,
    headers: Vec<(String, String)>,
    cookie: Mutex<Option<String>>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(origin: &str) -> Browser {
        let host = origin.strip_prefix("http://").unwrap().to_owned();
        Browser { headers: vec![pair("host", &host)], host, cookie: Mutex::default() }
    }

    /// Sends a header with every request; `host` instead of the true one.
    pub(crate) fn sending(mut self, name: &str, value: &str) -> Browser {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push(pair(name, value));
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", &[]).await
    }

    /// Posts a form as a page of the same origin does that asks for no referrer.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let own = [pair("sec-fetch-site", "same-origin"), pair("origin", "null")];
        self.send("POST", path, &body.finish(), &own).await
    }

    /// Posts and follows the answer's redirect.
    pub(crate) async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.get(answer.location()).await
    }

    /// Loads a page until it has come to a state.
    pub(crate) async fn until(&self, path: &str, state: &str) -> Answer {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path).await;
            if answer.state() == state {
                return answer;
            }
            assert!(tokio::time::Instant::now() < deadline, "still {}", answer.state());
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn send(&self, method: &str, path: &str, body: &str, own: &[(String, String)]) -> Answer {
        let kept = self.cookie.lock().unwrap().clone().map(|cookie| pair("cookie", &cookie));
        let asked_for = |name: &str| self.headers.iter().any(|(known, _)| known == name);
        let own = own.iter().filter(|(name, _)| !asked_for(name)).cloned();
        let headers: String = self
            .headers
            .iter()
            .cloned()
            .chain(own)
            .chain(kept)
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{headers}connection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len(),
        );
        let host = self.host.clone();
        let raw = tokio::task::spawn_blocking(move || exchange(&host, &request)).await.unwrap();
        let answer = Answer::read(&raw);
        if let Some(cookie) = answer.header("set-cookie").and_then(|c| c.split(';').next()) {
            *self.cookie.lock().unwrap() = Some(cookie.to_owned());
        }
        answer
    }
}

impl Answer {
    fn read(raw: &str) -> Answer {
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer { status, headers: headers.collect(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap()
    }

    /// The `data-state` of the page: which page of a purchase it is.
    pub(crate) fn state(&self) -> &str {
        self.value_after("data-state=\"")
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.value_after(&format!("name=\"{name}\" value=\""))
    }

    fn value_after(&self, start: &str) -> &str {
        let rest = self.body.split(start).nth(1);
        rest.and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }

    /// Fails unless each of `facts` stands in the page.
    #[track_caller]
    pub(crate) fn shows(&self, facts: &[&str]) -> &Answer {
        for fact in facts {
            assert!(self.body.contains(fact), "{} lacks {fact}:\n{}", self.status, self.body);
        }
        self
    }

    /// Fails when one of `facts` stands in the page.
    #[track_caller]
    pub(crate) fn hides(&self, facts: &[&str]) -> &Answer {
        for fact in facts {
            assert!(!self.body.contains(fact), "{} shows {fact}:\n{}", self.status, self.body);
        }
        self
    }
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn exchange(host: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}
