//! What is asked: the requests of each mix, and an answer of the same size for the reference.

use std::sync::Arc;

use anyhow::Context;
use clap::ValueEnum;
use serde_json::Value;

use super::installation::Installation;
use super::script::Script;
use super::wire::{Connection, request};

/// What is asked of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mix {
    /// `POST /v1/payment_intents`: a payment is made, and no card is charged.
    Create,
    /// `POST /v1/payment_intents` with `confirm`: a payment is made and the card is charged.
    Pay,
    /// Session, payment, shipment with capture, receipt, release: five requests a payment.
    Life,
    /// `GET /v1/payment_intents/{id}`, over a hundred payments.
    Read,
    /// Authorizations asked of the sandbox's network without Holdfast: what of a payment's time is
    /// the bank's.
    #[value(hide = true)]
    Network,
}

impl Mix {
    /// The word of the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mix::Create => "create",
            Mix::Pay => "pay",
            Mix::Life => "life",
            Mix::Read => "read",
            Mix::Network => "network",
        }
    }

    /// Whether what is done once makes a payment.
    pub(crate) fn makes_payments(self) -> bool {
        match self {
            Mix::Create | Mix::Pay | Mix::Life => true,
            Mix::Read | Mix::Network => false,
        }
    }

    /// Whether one request is all of it, so that a bare handler can be asked the same.
    pub(crate) fn is_one_request(self) -> bool {
        match self {
            Mix::Create | Mix::Pay | Mix::Read => true,
            Mix::Life | Mix::Network => false,
        }
    }
}

/// What is played, and what the first request of it was answered.
pub(crate) struct Asked {
    pub(crate) script: Arc<Script>,
    pub(crate) answer: String,
    /// Who is asked.
    pub(crate) addresses: Vec<String>,
}

const CREATE: &str = "amount=4870&currency=usd&description=bench&metadata[order]=6735";
const PAY: &str = "&confirm=true&payment_method=pm_card_visa";
const PATH: &str = "/v1/payment_intents";
const SESSIONS: &str = "/v1/checkout/sessions";
/// How many payments are read in turn: more than one, so that nothing is answered out of a
/// single hot row.
const READ_IN_TURN: usize = 100;
const ENDPOINTS: &str = "/v1/webhook_endpoints";
/// The most that a list shows at once; the shop's endpoint is new, and so among the first.
const LOOKED_AT: u8 = 100;

/// Makes what the mix needs. The example shop is not told of the payments: what it would do with
/// the webhooks is not what is measured.
pub(crate) async fn prepare(
    mix: Mix,
    hot_seller: bool,
    installation: &Installation,
) -> anyhow::Result<Asked> {
    remove_example_shop(installation).await?;
    let key = &installation.key;
    let mut form = CREATE.to_owned();
    if hot_seller {
        let seller = seller(installation).await?;
        form.push_str(&format!("&transfer_data[destination]={seller}&application_fee_amount=243"));
    }
    let (path, status) = match mix {
        Mix::Create | Mix::Read | Mix::Network => (PATH, None),
        Mix::Pay => {
            form.push_str(PAY);
            (PATH, Some("succeeded"))
        }
        Mix::Life => {
            form = basket(&seller(installation).await?);
            (SESSIONS, None)
        }
    };
    let answer = ask(installation, "POST", path, &form).await?;
    let one = request("POST", path, key, &form);
    let script = match mix {
        Mix::Create | Mix::Pay => Script::Turns { requests: vec![one], status },
        Mix::Life => Script::Life { key: key.clone(), session: one },
        Mix::Read => {
            let mut requests = Vec::new();
            for _ in 0..READ_IN_TURN {
                let made = id(&ask(installation, "POST", path, &form).await?)?;
                requests.push(request("GET", &format!("{path}/{made}"), key, ""));
            }
            Script::Turns { requests, status }
        }
        Mix::Network => Script::network(installation.network_key()?),
    };
    let addresses = match mix {
        Mix::Create | Mix::Pay | Mix::Life | Mix::Read => installation.addresses.clone(),
        Mix::Network => vec![installation.sandbox.clone()],
    };
    Ok(Asked { script: Arc::new(script), answer, addresses })
}

/// The one seller of all payments.
async fn seller(installation: &Installation) -> anyhow::Result<String> {
    let form = "business_profile[name]=Bench&metadata[slug]=bench";
    id(&ask(installation, "POST", "/v1/accounts", form).await?)
}

/// The form of a session with one thing of a seller's.
fn basket(seller: &str) -> String {
    let line = "line_items[0]";
    format!(
        "mode=payment&{line}[seller]={seller}&{line}[quantity]=1&{line}[price_data][currency]=usd\
         &{line}[price_data][unit_amount]=4870&{line}[price_data][product_data][name]=Thing\
         &success_url=https://shop.example/thanks&cancel_url=https://shop.example/basket"
    )
}

/// Deletes the webhook endpoint that was made for this run's example shop. Others stay: a folder
/// that was there before is the operator's.
async fn remove_example_shop(installation: &Installation) -> anyhow::Result<()> {
    let newest = format!("{ENDPOINTS}?limit={LOOKED_AT}");
    let listed: Value = serde_json::from_str(&ask(installation, "GET", &newest, "").await?)?;
    let url = format!("{}/webhooks", installation.shop);
    let mut endpoints = listed["data"].as_array().into_iter().flatten();
    let made = endpoints.find(|endpoint| endpoint["url"] == *url);
    let made = made.and_then(|endpoint| endpoint["id"].as_str()).context("the shop's endpoint")?;
    ask(installation, "DELETE", &format!("{ENDPOINTS}/{made}"), "").await?;
    Ok(())
}

fn id(answer: &str) -> anyhow::Result<String> {
    let made: Value = serde_json::from_str(answer)?;
    Ok(made["id"].as_str().context("an id")?.to_owned())
}

async fn ask(
    installation: &Installation,
    method: &str,
    path: &str,
    form: &str,
) -> anyhow::Result<String> {
    let address = installation.addresses.first().context("an address")?;
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(&request(method, path, &installation.key, form)).await?;
    let body = String::from_utf8_lossy(answer.body).into_owned();
    anyhow::ensure!(answer.is_good(), "{path}: {}: {body}", answer.status);
    Ok(body)
}
