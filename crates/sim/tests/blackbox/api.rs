//! A client of the API as a shop's server is one.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::http::{self, Answer, Lost};

/// The wait before a request is repeated that was too early: within it the limiter admits several.
const REPEAT_AFTER: Duration = Duration::from_millis(40);
/// How often an object is looked at that is to change.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The API under one key.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    origin: String,
    secret_key: String,
    /// The seller in whose name it is asked, if any.
    seller: Option<String>,
}

/// The parameters of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().fold(Form::default(), |form, (name, value)| form.with(name, value))
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Form {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    #[must_use]
    pub(crate) fn and(mut self, more: Form) -> Form {
        self.0.extend(more.0);
        self
    }

    fn encoded(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(&self.0).finish()
    }
}

impl Api {
    pub(crate) fn new(origin: &str, secret_key: &str) -> Api {
        let (origin, secret_key) = (origin.to_owned(), secret_key.to_owned());
        Api { client: http::client(), origin, secret_key, seller: None }
    }

    /// The API in the name of a seller.
    pub(crate) fn of_seller(&self, seller: &str) -> Api {
        Api { seller: Some(seller.to_owned()), ..self.clone() }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.bearer_auth(&self.secret_key);
        match &self.seller {
            Some(seller) => request.header("stripe-account", seller),
            None => request,
        }
    }

    /// Sends a request once.
    pub(crate) async fn post_once(
        &self,
        path: &str,
        form: &Form,
        key: &str,
    ) -> Result<Answer, Lost> {
        let request = self.client.post(format!("{}{path}", self.origin));
        let request = self
            .signed(request)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("idempotency-key", key)
            .body(form.encoded());
        http::exchange(request).await
    }

    /// Sends a request, and again for as long as the answer is that it came too early.
    pub(crate) async fn post(&self, path: &str, form: &Form, key: &str) -> Result<Answer, Lost> {
        loop {
            let answer = self.post_once(path, form, key).await?;
            if !is_too_early(&answer) {
                return Ok(answer);
            }
            sleep(REPEAT_AFTER).await;
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Lost> {
        loop {
            let request = self.client.get(format!("{}{path}", self.origin));
            let answer = http::exchange(self.signed(request)).await?;
            if !is_too_early(&answer) {
                return Ok(answer);
            }
            sleep(REPEAT_AFTER).await;
        }
    }

    /// Looks at a page on a connection of its own, once.
    pub(crate) async fn probe(&self, path: &str) -> Result<Answer, Lost> {
        http::exchange(http::client().get(format!("{}{path}", self.origin))).await
    }

    /// An object that must be there.
    pub(crate) async fn object(&self, path: &str) -> Value {
        self.get(path).await.unwrap_or_else(|Lost| panic!("{path}: no answer")).object()
    }

    /// All objects of a list, read so many at a time as the official libraries page through it.
    pub(crate) async fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        loop {
            let after = all.last().and_then(|last| last["id"].as_str());
            let after = after.map(|id| format!("&starting_after={id}")).unwrap_or_default();
            let list = self.object(&format!("{path}{joint}limit={limit}{after}")).await;
            let page = list["data"].as_array().expect("a list");
            assert!(page.len() <= limit, "{path}: {} on a page of {limit}", page.len());
            all.extend(page.iter().cloned());
            match list["has_more"].as_bool() {
                Some(true) => assert!(!page.is_empty(), "{path}: nothing, and more of it"),
                Some(false) => return all,
                None => panic!("{path} is no list: {list}"),
            }
        }
    }

    /// What a request makes that must succeed. It is sent once, under a key of its own.
    pub(crate) async fn make(&self, path: &str, form: &Form) -> Value {
        let answer = self.post(path, form, &fresh_key()).await;
        answer.unwrap_or_else(|Lost| panic!("{path}: no answer")).object()
    }

    /// Looks at an object until it is as `settled` wants it, at most `patience`. Answers with the
    /// object as it was seen last.
    pub(crate) async fn wait_for(
        &self,
        path: &str,
        patience: Duration,
        settled: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + patience;
        loop {
            let object = self.object(path).await;
            if settled(&object) || Instant::now() >= deadline {
                return object;
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

/// A key that no other request has.
pub(crate) fn fresh_key() -> String {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    format!("fresh-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// Too fast, or the first request with this key is still being worked on, or the row is wanted by
/// many: the API says that the same request may be repeated.
fn is_too_early(answer: &Answer) -> bool {
    match answer.status {
        429 | 503 => true,
        409 => answer.json()["error"]["code"] == "idempotency_key_in_use",
        _ => false,
    }
}
