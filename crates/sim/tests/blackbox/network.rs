//! The sandbox's network: the witness of what happened to the cards, and its faults.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::http::{self, Answer, Lost};

/// How long a fault may wait for its request.
const STRIKE_PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The network, asked as its merchant asks it.
#[derive(Clone)]
pub(crate) struct Network {
    client: Client,
    origin: String,
    key: String,
}

/// An authorization as the network's own ledger has it, with all that was done with it.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) id: String,
    /// The merchant's reference: the id of Holdfast's attempt.
    pub(crate) reference: String,
    pub(crate) status: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) released: i64,
    pub(crate) captures: Vec<Movement>,
    pub(crate) increments: Vec<Movement>,
    pub(crate) voids: Vec<Movement>,
    pub(crate) refunds: Vec<Movement>,
}

/// A capture, an increment, a void or a refund.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub(crate) reference: String,
    pub(crate) status: String,
    pub(crate) amount: i64,
}

impl Network {
    pub(crate) fn new(origin: &str, key: &str) -> Network {
        Network { client: http::client(), origin: origin.to_owned(), key: key.to_owned() }
    }

    /// All authorizations there ever were.
    pub(crate) async fn ledger(&self) -> Vec<Charge> {
        let ledger = self.get("/network/ledger").await;
        list(&ledger, "authorizations").iter().map(Charge::of).collect()
    }

    /// The authorization that was asked for under a reference.
    pub(crate) async fn charge(&self, reference: &str) -> Option<Charge> {
        self.ledger().await.into_iter().find(|charge| charge.reference == reference)
    }

    /// The next request of `operation` meets `fault`.
    pub(crate) async fn script(&self, operation: &str, fault: &str, delay_ms: Option<u64>) {
        let mut body = json!({ "operation": operation, "fault": fault });
        if let Some(delay_ms) = delay_ms {
            body["delay_ms"] = delay_ms.into();
        }
        let request = self.client.post(format!("{}/faults", self.origin));
        let request = request.header("content-type", "application/json").body(body.to_string());
        self.answered(request).await;
    }

    /// Waits until every fault of `operation` has met its request. The problem when one does not.
    pub(crate) async fn struck(&self, operation: &str) -> Option<String> {
        let deadline = Instant::now() + STRIKE_PATIENCE;
        loop {
            let waiting = self.get("/faults").await;
            let mut faults = list(&waiting, "faults").iter();
            let fault = faults.find(|fault| fault["operation"] == operation)?;
            if Instant::now() >= deadline {
                return Some(format!("{fault} waits for a request that never came"));
            }
            sleep(LOOK_EVERY).await;
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.answered(self.client.get(format!("{}{path}", self.origin))).await.object()
    }

    async fn answered(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = http::exchange(request.bearer_auth(&self.key)).await;
        let answer = answer.unwrap_or_else(|Lost| panic!("the network does not answer"));
        assert!(answer.is_ok(), "{}: {}", answer.status, answer.text());
        answer
    }
}

impl Charge {
    fn of(object: &Value) -> Charge {
        let movements = |name| list(object, name).iter().map(Movement::of).collect();
        Charge {
            id: text(object, "id"),
            reference: text(object, "reference"),
            status: text(object, "status"),
            amount: number(object, "amount"),
            currency: text(object, "currency"),
            captured: number(object, "captured"),
            refunded: number(object, "refunded"),
            released: number(object, "released"),
            captures: movements("captures"),
            increments: movements("increments"),
            voids: movements("voids"),
            refunds: movements("refunds"),
        }
    }

    /// What the cardholder has lost to it, or may still lose.
    pub(crate) fn stands_for(&self) -> i64 {
        match self.status.as_str() {
            "approved" | "voided" | "expired" => self.amount - self.released - self.refunded,
            _ => 0,
        }
    }
}

impl Movement {
    fn of(object: &Value) -> Movement {
        Movement {
            reference: text(object, "reference"),
            status: text(object, "status"),
            amount: number(object, "amount"),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.status == "succeeded"
    }
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().unwrap_or_else(|| panic!("no {name} in {object}"))
}

fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}")).to_owned()
}

fn number(object: &Value, name: &str) -> i64 {
    object[name].as_i64().unwrap_or_else(|| panic!("no {name} in {object}"))
}
