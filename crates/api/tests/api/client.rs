//! Requests to the router as a client would write them, and their answers.

use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use holdfast_api::server::Peer;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;

use crate::conformance::{self, Seen};

/// A client with one key.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    headers: Vec<(String, String)>,
    peer: Option<Peer>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
}

impl Client {
    pub(crate) fn new(router: Router, key: &str) -> Client {
        Client { router, headers: Vec::new(), peer: None }
            .with("authorization", &format!("Bearer {key}"))
    }

    /// The same client with another header on each request.
    pub(crate) fn with(&self, name: &str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client at the other end of a connection.
    pub(crate) fn at(&self, address: &str) -> Client {
        Client { peer: Some(Peer(address.parse().unwrap())), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.send("POST", path, form).await
    }

    /// Sends a request. Its answer is held to what the API says of itself.
    pub(crate) async fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        // Before the request, which may be one of many in a short time.
        let document = self.document().await;
        let answer = self.sent(method, path, form).await;
        let (status, json) = (answer.status, &answer.json);
        let is_newest = self.headers.iter().all(|(name, _)| name != "stripe-version");
        let seen = Seen { method, path, status, json, is_newest };
        conformance::check(document, &seen);
        answer
    }

    /// The document of the API, which is the same for all.
    async fn document(&self) -> &'static Value {
        static DOCUMENT: OnceLock<Value> = OnceLock::new();
        if let Some(document) = DOCUMENT.get() {
            return document;
        }
        let document = self.sent("GET", "/openapi.json", "").await.ok();
        DOCUMENT.get_or_init(|| document)
    }

    pub(crate) async fn sent(&self, method: &str, path: &str, form: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !form.is_empty() && !self.headers.iter().any(|(name, _)| name == "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(peer) = self.peer {
            request = request.extension(peer);
        }
        let request = request.body(Body::from(form.to_owned())).unwrap();
        let response = TowerToHyperService::new(self.router.clone()).call(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, headers, bytes, json }
    }
}

impl Answer {
    /// The answer as JSON, which must be a 200.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:#}", self.json);
        self.json
    }

    /// Status, code and parameter of an error.
    pub(crate) fn error(&self) -> String {
        let error = &self.json["error"];
        let word = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", self.status, word("code"), word("param"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// The text of a field that must be there.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value:#}"))
}
