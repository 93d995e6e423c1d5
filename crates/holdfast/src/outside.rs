//! The engine's world: the processor, the receivers of webhooks, and the notices that come in.

use std::sync::Arc;

use anyhow::Context;
use axum::http::HeaderMap;
use holdfast_api::receipts::Receipts;
use holdfast_api::{DISPUTES_OF, Inbox, InboxRefused, Notice};
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
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{System, World, WorldFuture};

use crate::system::Machine;

/// The sandbox's network, and the platform's receivers of webhooks.
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
pub(crate) struct SandboxInbox {
    pub(crate) secret: Secret,
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
