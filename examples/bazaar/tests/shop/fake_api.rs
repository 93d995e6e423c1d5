//! The few calls of the API that the shop makes, with a memory of what was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(crate) struct FakeApi {
    pub(crate) url: String,
    world: Arc<Mutex<World>>,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) call: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) key: String,
    pub(crate) authorization: String,
}

#[derive(Default)]
struct World {
    asked: Vec<Asked>,
    /// Statuses to answer the next POST requests to checkout sessions with, instead of doing them.
    failures: VecDeque<u16>,
    replies: BTreeMap<String, Value>,
    accounts: Vec<Value>,
    sessions: Vec<Value>,
    orders: Vec<Value>,
    pay_page: Option<String>,
}

impl FakeApi {
    pub(crate) async fn start() -> FakeApi {
        let world = Arc::new(Mutex::new(World::default()));
        // One account is known by its slug, one by its name; the third is missing.
        world.lock().unwrap().accounts = vec![
            json!({"id": "acct_lisbon", "object": "account",
                   "metadata": {"bazaar_seller": "lisbon-ceramics"}}),
            json!({"id": "acct_kyoto", "object": "account", "metadata": {},
                   "business_profile": {"name": "Kyoto Paper"}}),
        ];
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&world));
        tokio::spawn(async { axum::serve(listener, router).await });
        FakeApi { url, world }
    }

    /// What was asked with this method and path.
    pub(crate) fn asked(&self, call: &str) -> Vec<Asked> {
        let world = self.world.lock().unwrap();
        world.asked.iter().filter(|asked| asked.call == call).cloned().collect()
    }

    /// Answers the next requests for a checkout session with these statuses.
    pub(crate) fn fail(&self, statuses: &[u16]) {
        self.world.lock().unwrap().failures.extend(statuses);
    }

    pub(crate) fn set_pay_page(&self, url: &str) {
        self.world.lock().unwrap().pay_page = Some(url.to_owned());
    }

    /// Sets how the latest session stands, and gives it its orders.
    pub(crate) fn finish(&self, status: &str, orders: &[Value]) {
        let mut world = self.world.lock().unwrap();
        let session = world.sessions.last_mut().unwrap();
        session["status"] = json!(status);
        session["url"] = Value::Null;
        world.orders = orders.to_vec();
    }
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let pairs = if method == Method::GET { uri.query().unwrap_or("").as_bytes() } else { &body };
    let fields: Vec<_> = form_urlencoded::parse(pairs).into_owned().collect();
    let asked = Asked {
        call: format!("{method} {}", uri.path()),
        fields,
        key: text("idempotency-key").to_owned(),
        authorization: text("authorization").to_owned(),
    };
    let mut world = world.lock().unwrap();
    world.asked.push(asked.clone());
    let (status, body) = world.reply(&asked);
    (status, [("request-id", "req_fake1")], body.to_string()).into_response()
}

impl World {
    fn reply(&mut self, asked: &Asked) -> (StatusCode, Value) {
        match asked.call.as_str() {
            "GET /v1/accounts" => (StatusCode::OK, json!({"data": self.accounts})),
            "POST /v1/accounts" => {
                let account = json!({"id": format!("acct_{}", self.accounts.len())});
                self.accounts.push(account.clone());
                (StatusCode::OK, account)
            }
            "POST /v1/checkout/sessions" => self.open_session(asked),
            "GET /v1/orders" => (StatusCode::OK, json!({"data": self.orders, "has_more": false})),
            call => {
                let id = call.strip_prefix("GET /v1/checkout/sessions/").unwrap_or_default();
                match self.sessions.iter().find(|session| session["id"] == id) {
                    Some(session) => (StatusCode::OK, session.clone()),
                    None => (StatusCode::NOT_FOUND, json!({"error": {"code": "resource_missing"}})),
                }
            }
        }
    }

    fn open_session(&mut self, asked: &Asked) -> (StatusCode, Value) {
        if let Some(status) = self.failures.pop_front() {
            let error = json!({"error": {"code": "parameter_unknown", "message": "secret words"}});
            return (StatusCode::from_u16(status).unwrap(), error);
        }
        // As in the real one, a stored reply is given again as it was, however things stand now.
        if let Some(reply) = self.replies.get(&asked.key) {
            return (StatusCode::OK, reply.clone());
        }
        let id = format!("cs_test_{}", self.sessions.len() + 1);
        let reference = asked.field("client_reference_id");
        let pay_page = self.pay_page.clone();
        let url = pay_page.unwrap_or_else(|| format!("http://127.0.0.1:4002/c/{id}"));
        let session = json!({"id": id, "status": "open", "url": url, "amount_total": 6990,
            "currency": "usd", "client_reference_id": reference});
        self.replies.insert(asked.key.clone(), session.clone());
        self.sessions.push(session.clone());
        (StatusCode::OK, session)
    }
}

impl Asked {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}
