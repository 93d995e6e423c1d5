//! What is asked: a mix of requests, and an answer of the same size for the reference.

use std::sync::Arc;

use anyhow::Context;
use axum::body::Bytes;
use clap::ValueEnum;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::client::Requests;
use super::installation::Installation;

/// What is asked of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mix {
    /// `POST /v1/payment_intents`: a payment is made, and no card is charged.
    Create,
    /// `POST /v1/payment_intents` with `confirm`: a payment is made and the card is charged.
    Pay,
    /// `GET /v1/payment_intents/{id}`, over a hundred payments.
    Read,
}

impl Mix {
    /// The word of the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mix::Create => "create",
            Mix::Pay => "pay",
            Mix::Read => "read",
        }
    }
}

/// The requests, and what one of them was answered.
pub(crate) struct Asked {
    pub(crate) requests: Arc<Requests>,
    pub(crate) answer: String,
}

const CREATE: &str = "amount=4870&currency=usd&description=bench&metadata[order]=6735";
const PAY: &str = "amount=4870&currency=usd&description=bench&metadata[order]=6735\
                   &confirm=true&payment_method=pm_card_visa";
const PATH: &str = "/v1/payment_intents";
/// How many payments are read in turn: more than one, so that nothing is answered out of a
/// single hot row.
const READ_IN_TURN: usize = 100;
const ENDPOINTS: &str = "/v1/webhook_endpoints";
/// The most that a list shows at once; the shop's endpoint is new, and so among the first.
const LOOKED_AT: u8 = 100;

/// Makes what the mix needs. The example shop is not told of the payments: what it would do with
/// the webhooks is not what is measured.
pub(crate) async fn prepare(mix: Mix, installation: &Installation) -> anyhow::Result<Asked> {
    remove_example_shop(installation).await?;
    let body = match mix {
        Mix::Create | Mix::Read => CREATE,
        Mix::Pay => PAY,
    };
    let posted = Requests {
        method: Method::POST,
        paths: vec![PATH.to_owned()],
        body: Bytes::from_static(body.as_bytes()),
        key: installation.key.clone(),
    };
    let made = || ask(installation, Method::POST, PATH, posted.body.clone());
    let answer = made().await?;
    if mix != Mix::Read {
        return Ok(Asked { requests: Arc::new(posted), answer });
    }
    let mut paths = Vec::new();
    for _ in 0..READ_IN_TURN {
        let made: serde_json::Value = serde_json::from_str(&made().await?)?;
        paths.push(format!("{PATH}/{}", made["id"].as_str().context("an id")?));
    }
    let requests = Requests { method: Method::GET, paths, body: Bytes::new(), ..posted };
    Ok(Asked { requests: Arc::new(requests), answer })
}

/// Deletes the webhook endpoint that was made for this run's example shop. Others stay: a folder
/// that was there before is the operator's.
async fn remove_example_shop(installation: &Installation) -> anyhow::Result<()> {
    let none = Bytes::new();
    let newest = format!("{ENDPOINTS}?limit={LOOKED_AT}");
    let listed = ask(installation, Method::GET, &newest, none.clone()).await?;
    let listed: serde_json::Value = serde_json::from_str(&listed)?;
    let url = format!("{}/webhooks", installation.shop);
    let mut endpoints = listed["data"].as_array().into_iter().flatten();
    let made = endpoints.find(|endpoint| endpoint["url"] == *url);
    let id = made.and_then(|endpoint| endpoint["id"].as_str()).context("the shop's endpoint")?;
    ask(installation, Method::DELETE, &format!("{ENDPOINTS}/{id}"), none).await?;
    Ok(())
}

async fn ask(
    installation: &Installation,
    method: Method,
    path: &str,
    body: Bytes,
) -> anyhow::Result<String> {
    let stream = TcpStream::connect(&installation.address).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move { drop(connection.await) });
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, &installation.address)
        .header(AUTHORIZATION, format!("Bearer {}", installation.key))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(body))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    let body = String::from_utf8(body.to_vec())?;
    anyhow::ensure!(status.is_success(), "{path}: {status}: {body}");
    Ok(body)
}
