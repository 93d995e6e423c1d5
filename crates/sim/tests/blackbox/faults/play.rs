//! Asking for an operation, and watching what is said until it is what is true.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::api::{Api, fresh_key};
use crate::http::Answer;
use crate::network::{Charge, Network};

use super::case::{Case, Subject};

/// How long an outcome may stay unknown once the processor works again: the waits between looks
/// double from a second on.
const SETTLED_WITHIN: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Words that only the processor says. None of them may reach a client.
const UPSTREAM: &[&str] =
    &["the network failed", "Bad Gateway", "<html", "server_error", "unknown_reference"];

/// Asks for the operation, watches what is said, and compares the end with the truth.
pub(super) async fn play(
    api: &Api,
    network: &Network,
    case: &Case,
    subject: &Subject,
) -> Vec<String> {
    let (path, form) = &subject.request;
    let key = fresh_key();
    let mut watch = Watch::default();
    let asking = api.post(path, form, &key);
    let (answer, ()) = tokio::join!(asking, watch.until(api, &subject.watched, case.finally));
    watch.hear(&answer.expect("an answer"));
    let charge = truth_of(api, network, case, &subject.intent).await;
    problems(case, &watch, charge.as_ref())
}

/// The charge as the network has it, once that is what it is to be.
async fn truth_of(api: &Api, network: &Network, case: &Case, intent: &str) -> Option<Charge> {
    let payment = api.object(&format!("/v1/payment_intents/{intent}")).await;
    let attempt = payment["latest_charge"].as_str()?.to_owned();
    let deadline = Instant::now() + SETTLED_WITHIN;
    loop {
        let charge = network.charge(&attempt).await;
        let is_true = charge.as_ref().is_some_and(|charge| case.is_true_of(charge));
        if is_true || Instant::now() >= deadline {
            return charge;
        }
        sleep(LOOK_EVERY).await;
    }
}

fn problems(case: &Case, watch: &Watch, charge: Option<&Charge>) -> Vec<String> {
    let mut found = Vec::new();
    if watch.last.as_deref() != Some(case.finally) {
        found.push(format!("ended as {:?}, not {}", watch.last, case.finally));
    }
    let allowed = |said: &str| case.meanwhile.contains(&said) || said == case.finally;
    let wrong = watch.said.iter().filter(|said| !allowed(said));
    found.extend(wrong.map(|said| format!("said {said}")));
    let doubt = case.doubt.filter(|doubt| !watch.said.contains(*doubt));
    found.extend(doubt.map(|doubt| format!("never said {doubt}")));
    found.extend(watch.upstream.iter().map(|text| format!("handed on {text}")));
    if !charge.is_some_and(|charge| case.is_true_of(charge)) {
        found.push(format!("the network has {charge:?}, not {:?}", case.truth));
    }
    found
}

/// What a client was told.
#[derive(Default)]
struct Watch {
    last: Option<String>,
    said: BTreeSet<String>,
    upstream: BTreeSet<String>,
}

impl Watch {
    /// Collects what is said of an object until it is what is to be said in the end.
    async fn until(&mut self, api: &Api, path: &str, finally: &str) {
        let deadline = Instant::now() + SETTLED_WITHIN;
        while self.last.as_deref() != Some(finally) && Instant::now() < deadline {
            let answer = api.get(path).await.expect("an answer");
            self.hear(&answer);
            self.see(&answer.object());
            sleep(LOOK_EVERY).await;
        }
    }

    fn see(&mut self, object: &Value) {
        // A list of refunds has the newest first; before it is made there is none.
        let object = if object["object"] == "list" { &object["data"][0] } else { object };
        let Some(status) = object["status"].as_str() else { return };
        self.last = Some(status.to_owned());
        self.said.insert(status.to_owned());
    }

    fn hear(&mut self, answer: &Answer) {
        let text = answer.text();
        if UPSTREAM.iter().any(|word| text.contains(word)) {
            self.upstream.insert(text);
        }
    }
}
