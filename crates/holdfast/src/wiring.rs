//! Which part talks to which: the engine's world over the connectors, the servers over the engine.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::map_request;
use holdfast_api::overload;
use holdfast_api::receipts::Receipts;
use holdfast_api::server::{Peer, ServerLimits, serve};
use holdfast_api::{Api, ApiKey, ApiParts, DISPUTES_OF, Inbox, InboxRefused, Notice};
use holdfast_card::zone::ZoneConfig;
use holdfast_connect::sandbox::{SandboxConnection, SandboxNetwork};
use holdfast_connect::webhook::{AddressPolicy, WebhookSender, WebhookTarget};
use holdfast_core::command::{DeliveryOutcome, LookAt};
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    AuthorizeRequest, CaptureRequest, HoldRequest, PayoutRequest, RefundRequest, SaveCardRequest,
    VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::id::PlatformId;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::rate_limit::{Limits, Rate};
use holdfast_engine::{Engine, System, Work, World, WorldFuture};
use holdfast_sandbox::SandboxConfig;
use holdfast_web::{ConsoleParts, DocsParts, PayParts, Visitor};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli::DevOptions;
use crate::dev::{Keys, Origins};
use crate::ops::Health;
use crate::receipts;
use crate::system::Machine;

/// Where the sandbox network's notices arrive, on the API's origin.
const INBOX_PATH: &str = "/webhooks/processors/sandbox";
/// How long the body of a request of the API may take: five megabytes over a slow line.
const UPLOAD_TIME: Duration = Duration::from_secs(60);
/// Letters and digits of a secret, about 256 bits.
const SECRET_DIGITS: usize = 43;

/// The engine's world: the sandbox's network, and the platform's receivers of webhooks.
pub(crate) struct Outside {
    network: SandboxNetwork,
    receivers: WebhookSender,
    receipts: Receipts,
    machine: Arc<Machine>,
}

impl Outside {
    pub(crate) fn new(
        network_url: &str,
        network_key: &str,
        receipts: Receipts,
        machine: Arc<Machine>,
    ) -> anyhow::Result<Outside> {
        holdfast_connect::tls::install();
        let connection = SandboxConnection {
            network_url: network_url.to_owned(),
            network_key: Secret::new(network_key.to_owned()),
            timeout: holdfast_connect::sandbox::TIMEOUT,
        };
        let network = SandboxNetwork::new(&connection).context("the sandbox's network")?;
        // The receivers of a sandbox are programs on this very machine.
        let policy = AddressPolicy::AnyForSandbox;
        let receivers =
            WebhookSender::new(policy, holdfast_connect::webhook::TIMEOUT).context("webhooks")?;
        Ok(Outside { network, receivers, receipts, machine })
    }
}

impl World for Outside {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        Box::pin(self.network.authorize(request))
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(self.network.capture(request))
    }

    fn change_hold<'a>(&'a self, request: &'a HoldRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(self.network.change_hold(request))
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(self.network.refund(request))
    }

    fn complaints<'a>(
        &'a self,
        request: &'a ComplaintsRequest,
    ) -> WorldFuture<'a, ComplaintsOutcome> {
        Box::pin(self.network.complaints(request))
    }

    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        Box::pin(self.network.respond(request))
    }

    fn save_card<'a>(&'a self, request: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome> {
        Box::pin(self.network.save_card(request))
    }

    fn verify<'a>(&'a self, request: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome> {
        Box::pin(self.network.verify(request))
    }

    fn token<'a>(&'a self, token: &'a CardToken) -> WorldFuture<'a, TokenSeen> {
        Box::pin(self.network.token(token))
    }

    fn payout<'a>(&'a self, request: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        Box::pin(self.network.payout(request))
    }

    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        Box::pin(async move {
            let version = endpoint.api_version.as_deref();
            let body = holdfast_api::events::body(event, version, &self.receipts);
            // Signed when it is sent, and by the system's time: receivers refuse old signatures.
            let now = self.machine.now();
            let secrets = endpoint.secrets(now);
            let signature = holdfast_api::signature::header(&secrets, now.seconds(), &body);
            let target = WebhookTarget { event: event.id, url: endpoint.url.clone(), signature };
            self.receivers.deliver(&target, &body).await
        })
    }

    fn move_clock(&self, ahead: Span) -> WorldFuture<'_, bool> {
        Box::pin(self.network.move_clock(ahead))
    }
}

/// The sandbox network's notices, verified by its connector.
struct SandboxInbox {
    secret: Secret,
}

impl Inbox for SandboxInbox {
    fn read(&self, headers: &HeaderMap, body: &[u8], now: i64) -> Result<Notice, InboxRefused> {
        let header = headers.get("sandbox-signature").and_then(|value| value.to_str().ok());
        let read = holdfast_connect::inbox::verify(header, body, &self.secret, now);
        let notification = read.map_err(|_| InboxRefused)?;
        let reference = match notification.about {
            LookAt::Attempt(id) => id.to_string(),
            LookAt::Refund(id) => id.to_string(),
            LookAt::Complaints(id) => format!("{DISPUTES_OF}{id}"),
            LookAt::SetupAttempt(id) => id.to_string(),
        };
        Ok(Notice { reference })
    }
}

/// Whose node this is, and what it proves that by.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) platform: PlatformId,
    pub(crate) secret_key: String,
    pub(crate) publishable_key: String,
    pub(crate) receipt_key: String,
    /// The key of the sandbox network.
    pub(crate) network_key: String,
    /// What the sandbox network's notices are signed with.
    pub(crate) notify_secret: String,
}

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
        health: Health,
    ) -> Vec<(TcpListener, Router, ServerLimits)> {
        let usual = ServerLimits::default();
        let monitored = health.router();
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
pub(crate) fn start_servers(
    tasks: &mut JoinSet<()>,
    parts: Parts,
    stopping: &watch::Receiver<bool>,
) {
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
    listeners.serve([api, pay, console], health)
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

/// What a node does with effects that takes them for so long.
pub(crate) fn work(lease: Duration) -> Work {
    let ms = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    Work { lease: Span::from_ms(ms), performs: true }
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

/// What the sandbox is told.
pub(crate) fn sandbox_config(
    options: &DevOptions,
    keys: &Keys,
    origins: &Origins,
) -> SandboxConfig {
    SandboxConfig {
        origin: origins.sandbox.clone(),
        ledger: options.data_dir.join("sandbox-ledger.jsonl"),
        network_key: keys.network_key.clone(),
        notify_url: format!("{}{INBOX_PATH}", origins.api),
        notify_secret: keys.notify_secret.clone(),
        api_url: origins.api.clone(),
        api_key: keys.secret_key.clone(),
        shop_origin: origins.shop.clone(),
        console_origin: origins.console.clone(),
    }
}

/// What the card zone is told.
pub(crate) fn zone_config(keys: &Identity, origins: &Origins) -> ZoneConfig {
    ZoneConfig {
        pay_origin: origins.pay.clone(),
        network_url: origins.sandbox.clone(),
        network_key: keys.network_key.clone(),
    }
}

/// What the example shop is told: what any shop would know.
pub(crate) fn shop_config(keys: &Keys, origins: &Origins) -> bazaar::ShopConfig {
    bazaar::ShopConfig {
        origin: origins.shop.clone(),
        api_url: origins.api.clone(),
        secret_key: keys.secret_key.clone(),
        webhook_secret: keys.webhook_secret.clone(),
        sandbox_origin: origins.sandbox.clone(),
        console_origin: origins.console.clone(),
    }
}
