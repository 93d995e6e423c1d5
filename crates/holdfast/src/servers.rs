//! What a node serves: the API with its reference, the pay pages, the console, the monitors.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use holdfast_api::overload;
use holdfast_api::receipts::Receipts;
use holdfast_api::server::{Peer, ServerLimits, serve};
use holdfast_api::{Api, ApiKey, ApiParts};
use holdfast_core::secret::Secret;
use holdfast_engine::Engine;
use holdfast_engine::rate_limit::{Limits, Rate};
use holdfast_web::{ConsoleParts, DocsParts, PayParts, Visitor, shared};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::identity::{Identity, Origins};
use crate::ops::Health;
use crate::outside::SandboxInbox;
use crate::receipts;
use crate::system::Machine;

/// How long the body of a request of the API may take: five megabytes over a slow line.
const UPLOAD_TIME: Duration = Duration::from_secs(60);
/// Letters and digits of a secret, about 256 bits.
const SECRET_DIGITS: usize = 43;

/// Where the servers of this process listen, each if it is served here.
pub(crate) struct Listening {
    pub(crate) api: Option<TcpListener>,
    pub(crate) pay: Option<TcpListener>,
    pub(crate) console: Option<TcpListener>,
    /// For monitors alone; they are answered on the API's otherwise.
    pub(crate) health: Option<TcpListener>,
}

impl Listening {
    /// Of the API, the pay pages and the console; monitors are answered on the API's.
    pub(crate) fn all([api, pay, console]: [Option<TcpListener>; 3]) -> Listening {
        Listening { api, pay, console, health: None }
    }

    /// What is served where, each with the limits of its server.
    fn serve(
        self,
        [api, pay, console]: [Router; 3],
        monitored: Router,
    ) -> Vec<(TcpListener, Router, ServerLimits)> {
        let usual = ServerLimits::default();
        let api = if self.health.is_none() { api.merge(monitored.clone()) } else { api };
        let all = [
            (self.api, api, upload_limits()),
            (self.pay, pay, usual),
            (self.console, console, usual),
            (self.health, monitored, usual),
        ];
        let here = all.into_iter().filter_map(|(at, router, limits)| Some((at?, router, limits)));
        here.collect()
    }
}

/// What the servers of this process are made of.
pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) machine: Arc<Machine>,
    pub(crate) keys: Identity,
    pub(crate) origins: Origins,
    pub(crate) health: Health,
    /// How much each key and each address may ask.
    pub(crate) limits: Limits,
    pub(crate) listeners: Listening,
}

/// Serves what is served here until `stopping` says so.
pub(crate) fn start(tasks: &mut JoinSet<()>, parts: Parts, stopping: &watch::Receiver<bool>) {
    for (listener, router, limits) in routers(parts) {
        tasks.spawn(serve_until(listener, router, limits, stopping.clone()));
    }
}

/// What is served where, each with the limits of its server.
fn routers(parts: Parts) -> Vec<(TcpListener, Router, ServerLimits)> {
    let Parts { engine, machine, keys, origins, health, limits, listeners } = parts;
    let secrets: Arc<dyn Fn() -> String + Send + Sync> =
        Arc::new(move || machine.secret(SECRET_DIGITS));
    let receipts = receipts::secrets(&keys.receipt_key);
    let api = Api::new(ApiParts {
        engine: engine.clone(),
        platform: keys.platform,
        keys: vec![ApiKey { key: keys.secret_key }, ApiKey { key: keys.publishable_key.clone() }],
        origin: origins.api.clone(),
        pay_origin: origins.pay.clone(),
        receipts: Receipts::new(origins.pay.clone(), Arc::clone(&receipts)),
        console_origin: origins.console.clone(),
        inbox: Arc::new(SandboxInbox { secret: Secret::new(keys.notify_secret) }),
        secrets: Arc::clone(&secrets),
        limits,
    });
    let pay = PayParts {
        engine: engine.clone(),
        platform: keys.platform,
        pay_origin: origins.pay.clone(),
        card_origin: origins.card,
        sandbox_origin: origins.sandbox.clone(),
        publishable_key: keys.publishable_key,
        secrets,
        receipts: Arc::clone(&receipts),
        limits,
    };
    let console = ConsoleParts {
        engine,
        platform: keys.platform,
        console_origin: origins.console,
        pay_origin: origins.pay,
        receipts,
        sandbox_origin: origins.sandbox,
        shop_origin: origins.shop,
        api_origin: origins.api.clone(),
        limits,
    };
    let docs = docs_router(&api, console.console_origin.clone(), limits);
    let api = holdfast_api::router_at(api, &origins.api).merge(docs);
    let pay = holdfast_web::pay_router(pay).layer(map_request(named));
    let console = holdfast_web::console_router(console).layer(map_request(named));
    let monitored = shared(health.router(), limits).layer(map_request(named));
    listeners.serve([api, pay, console], monitored)
}

/// Only the API takes files; its gate lets each route have what belongs there.
fn upload_limits() -> ServerLimits {
    ServerLimits {
        body: UPLOAD_TIME,
        body_bytes_max: holdfast_api::BODY_BYTES_MAX_ANY,
        busy: overload::error,
        ..ServerLimits::default()
    }
}

/// Tells the pages who visits them.
async fn named(mut request: Request) -> Request {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() {
        request.extensions_mut().insert(Visitor(peer.ip()));
    }
    request
}

fn docs_router(api: &Api, console_origin: String, limits: Limits) -> Router {
    let api = api.clone();
    let document = Box::new(move || holdfast_api::document(&api));
    holdfast_web::docs_router(DocsParts { document, console_origin, limits })
        .layer(map_request(named))
}

async fn serve_until(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    mut stopping: watch::Receiver<bool>,
) {
    let stopped = async move { drop(stopping.wait_for(|stop| *stop).await) };
    if let Err(error) = serve(listener, router, limits, stopped).await {
        tracing::error!(%error, "a listener cannot be used");
    }
}

/// How much each key and each address may ask: a steady rate, and twice as much at once. Whoever
/// wants no limit for keys wants none for strangers and pages either: tests knock with wrong keys,
/// and all of their visitors have one address.
pub(crate) fn limits(per_second: u32) -> Limits {
    if per_second == 0 {
        return Limits::OFF;
    }
    let rate = Some(Rate { per_second, burst: per_second.saturating_mul(2) });
    Limits { reads: rate, writes: rate, ..Limits::DEFAULT }
}
