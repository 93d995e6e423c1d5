//! A payment whose bank waits for the buyer.

use serde_json::Value;

use crate::api::Api;
use crate::shop;

use super::case::AMOUNT;

/// A payment whose bank waits for the buyer.
pub(super) struct Challenged {
    intent: String,
    /// The attempt, as the bank's message names it.
    pub(super) attempt: String,
    /// The bank's page.
    pub(super) page: String,
}

impl Challenged {
    pub(super) async fn prepare(api: &Api) -> Challenged {
        let form = shop::payment("pm_card_threeDSecureRequired", "manual");
        let form = form.with("return_url", "https://shop.example/back");
        let intent = api.make("/v1/payment_intents", &form.with("amount", AMOUNT)).await;
        let text = |value: &Value| value.as_str().expect("a challenge").to_owned();
        Challenged {
            intent: text(&intent["id"]),
            attempt: text(&intent["latest_charge"]),
            page: text(&intent["next_action"]["redirect_to_url"]["url"]),
        }
    }

    /// The payment's state, when it is none of `expected`.
    pub(super) async fn problem(&self, api: &Api, expected: &[&str]) -> Option<String> {
        let intent = api.object(&format!("/v1/payment_intents/{}", self.intent)).await;
        let status = intent["status"].as_str().expect("a state");
        (!expected.contains(&status)).then(|| format!("{} is {status}", self.intent))
    }
}
