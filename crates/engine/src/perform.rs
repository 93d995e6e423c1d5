//! Performing one effect, and recording what came of it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use holdfast_core::command::{
    Command, DeliveryOutcome, FundsCommand, HoldCommand, PayoutCommand, RecordDelivery,
    SavingCommand,
};
use holdfast_core::dispute::command::{ComplaintsRequest, DisputeCommand, RespondRequest};
use holdfast_core::dispute::report::{ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, DeliverRequest, EffectKind, HoldRequest, PayoutRequest,
    RefundRequest, SaveCardRequest, VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::id::PlatformId;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::refusal::Refusal;
use holdfast_core::time::Span;
use holdfast_core::webhook::{WebhookEndpoint, WebhookEndpoints};
use holdfast_store::{OwnedEffect, StoreError};
use tokio::time::Instant;

use crate::balance;
use crate::engine::Engine;
use crate::report;
use crate::submit::{Submission, SubmitError, Submitted};

/// A future of the world, boxed so that the world can be chosen when the program starts.
pub type WorldFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Everything outside: the processor and the platform's receivers. Each call answers within
/// seconds, and an answer that is missing or makes no sense is `Unknown`.
pub trait World: Send + Sync {
    /// Asks for an authorization.
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome>;

    /// Takes a part of an authorization.
    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome>;

    /// Raises a hold, or gives up the question whether there is to be one. A world that knows no
    /// such thing does not know what became of it.
    fn change_hold<'a>(&'a self, _: &'a HoldRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(std::future::ready(AskedOutcome::Unknown))
    }

    /// Gives money back.
    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome>;

    /// Looks up what was raised about an authorization.
    fn complaints<'a>(
        &'a self,
        request: &'a ComplaintsRequest,
    ) -> WorldFuture<'a, ComplaintsOutcome>;

    /// Gives evidence to the network, or accepts a dispute.
    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome>;

    /// Pays a balance out. A world without a bank does not know what became of it.
    fn payout<'a>(&'a self, _: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        Box::pin(std::future::ready(PayoutOutcome::Unknown))
    }

    /// Asks the network to keep a card.
    fn save_card<'a>(&'a self, request: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome>;

    /// Asks a card's bank whether it may be kept.
    fn verify<'a>(&'a self, request: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome>;

    /// Looks what stands behind a token of a card. It changes nothing, so it is no effect.
    fn token<'a>(&'a self, _: &'a CardToken) -> WorldFuture<'a, TokenSeen> {
        Box::pin(std::future::ready(TokenSeen::Unknown))
    }

    /// Posts an event to a receiver.
    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome>;

    /// Tells the sandbox how far the platform's clock is ahead; whether it heard.
    fn move_clock(&self, ahead: Span) -> WorldFuture<'_, bool>;
}

/// The waits before an outcome is submitted again that the store did not take: about five seconds
/// in all, after which the disk is not stumbling but gone.
const RECORD_WAITS: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(4),
];

/// Performs an effect and records its outcome. An effect whose outcome cannot be recorded stays
/// on disk, and is performed again when its lease is over: the processor knows its key.
pub(crate) async fn perform(engine: &Engine, owned: &OwnedEffect) {
    let outcome = match outcome_of(engine, owned).await {
        Ok(Some(outcome)) => outcome,
        Ok(None) => return,
        Err(error) => {
            tracing::error!(%error, effect = %owned.effect.id, "an effect could not be read");
            return;
        }
    };
    let id = owned.effect.id;
    let origin = owned.effect.origin.clone();
    let submission = Submission { origin, ..Submission::outcome(owned.platform, id, outcome) };
    match record(engine, submission).await {
        Ok(_) => {}
        Err(SubmitError::Refused(refusal)) if is_timer(&owned.effect.kind) => {
            tracing::warn!(effect = %id, code = refusal.code(), "a timer was refused");
            let finish =
                Submission::outcome(owned.platform, id, after_refusal(&owned.effect.kind, refusal));
            if let Err(error) = engine.submit(finish).await {
                tracing::error!(%error, effect = %id, "a timer could not be finished");
            }
        }
        Err(error) => {
            let name = owned.effect.kind.name();
            tracing::error!(%error, effect = %id, name, "an outcome could not be recorded");
        }
    }
}

/// Submits an outcome, and again when the store stumbles: an answer of the processor is worth more
/// than a minute's wait for the next one. Recording it twice changes nothing.
async fn record(engine: &Engine, submission: Submission) -> Result<Submitted, SubmitError> {
    for wait in RECORD_WAITS {
        match engine.submit(submission.clone()).await {
            Err(SubmitError::Store(error)) if error.retryable() => {
                tokio::time::sleep(wait).await;
            }
            outcome => return outcome,
        }
    }
    engine.submit(submission).await
}

/// What is left to do about a timer that was refused: it waits for a balance. Otherwise the row is
/// not as the clock expected it, and there is nothing.
fn after_refusal(kind: &EffectKind, refusal: Refusal) -> Command {
    if let EffectKind::Timer(timer) = kind
        && refusal == Refusal::BalanceInsufficient
    {
        return Command::RingAgain(*timer);
    }
    Command::FinishEffect
}

fn is_timer(kind: &EffectKind) -> bool {
    match kind {
        EffectKind::Timer(_) => true,
        EffectKind::Authorize(_)
        | EffectKind::Capture(_)
        | EffectKind::Hold(_)
        | EffectKind::Refund(_)
        | EffectKind::Complaints(_)
        | EffectKind::Respond(_)
        | EffectKind::Report(_)
        | EffectKind::Payout(_)
        | EffectKind::SaveCard(_)
        | EffectKind::Verify(_)
        | EffectKind::Deliver(_)
        | EffectKind::MoveClock { .. }
        | EffectKind::ReportBalance => false,
    }
}

/// The command that records what came of an effect; nothing when it is to be tried again later.
async fn outcome_of(engine: &Engine, owned: &OwnedEffect) -> Result<Option<Command>, StoreError> {
    let world = &engine.inner.world;
    Ok(match &owned.effect.kind {
        EffectKind::Authorize(request) => {
            let ask = asked_in_time(engine, owned, request.ask);
            let outcome = world.authorize(&AuthorizeRequest { ask, ..request.clone() }).await;
            Some(Command::RecordAuthorization(request.attempt, outcome))
        }
        EffectKind::Capture(request) => {
            let request = CaptureRequest { ask: asked(owned, request.ask), ..request.clone() };
            Some(Command::RecordCapture(request.capture, world.capture(&request).await))
        }
        EffectKind::Hold(request) => Some(hold_changed(engine, owned, request).await),
        EffectKind::Refund(request) => {
            let request = RefundRequest { ask: asked(owned, request.ask), ..request.clone() };
            Some(Command::RecordRefund(request.refund, world.refund(&request).await))
        }
        EffectKind::Report(run) => Some(report::make(engine, owned.platform, *run).await?),
        EffectKind::Complaints(request) => {
            let outcome = world.complaints(request).await;
            Some(Command::Dispute(DisputeCommand::Record(request.clone(), outcome)))
        }
        EffectKind::Respond(request) => Some(responded(engine, owned, request).await),
        EffectKind::Payout(request) => Some(paid_out(engine, owned, request).await),
        EffectKind::SaveCard(request) => Some(kept(engine, owned, request).await),
        EffectKind::Verify(request) => {
            let ask = asked_in_time(engine, owned, request.ask);
            let outcome = world.verify(&VerifyRequest { ask, ..request.clone() }).await;
            Some(Command::Saving(SavingCommand::RecordVerification(request.attempt, outcome)))
        }
        EffectKind::Deliver(request) => Some(delivered(engine, owned.platform, request).await?),
        EffectKind::MoveClock { ahead } => {
            world.move_clock(*ahead).await.then_some(Command::FinishEffect)
        }
        EffectKind::Timer(timer) => Some(Command::Ring(*timer)),
        EffectKind::ReportBalance => {
            let balance = balance::of_platform(engine.read(), owned.platform).await?;
            Some(Command::Funds(Box::new(FundsCommand::NoteBalance(balance))))
        }
    })
}

async fn hold_changed(engine: &Engine, owned: &OwnedEffect, request: &HoldRequest) -> Command {
    let request = HoldRequest { ask: asked(owned, request.ask), ..request.clone() };
    let outcome = engine.inner.world.change_hold(&request).await;
    Command::Hold(HoldCommand::Record(Box::new(request), outcome))
}

async fn responded(engine: &Engine, owned: &OwnedEffect, request: &RespondRequest) -> Command {
    let request = RespondRequest { ask: asked(owned, request.ask), ..request.clone() };
    let outcome = engine.inner.world.respond(&request).await;
    let (dispute, number) = (request.dispute, request.number);
    Command::Dispute(DisputeCommand::RecordResponse(dispute, number, outcome))
}

async fn paid_out(engine: &Engine, owned: &OwnedEffect, request: &PayoutRequest) -> Command {
    let request = PayoutRequest { ask: asked(owned, request.ask), ..request.clone() };
    let outcome = engine.inner.world.payout(&request).await;
    Command::Payout(PayoutCommand::Record(request.payout, outcome))
}

async fn kept(engine: &Engine, owned: &OwnedEffect, request: &SaveCardRequest) -> Command {
    let request = SaveCardRequest { ask: asked(owned, request.ask), ..request.clone() };
    let outcome = engine.inner.world.save_card(&request).await;
    Command::Saving(SavingCommand::RecordSave(request.method, outcome))
}

async fn delivered(
    engine: &Engine,
    platform: PlatformId,
    request: &DeliverRequest,
) -> Result<Command, StoreError> {
    let begun = Instant::now();
    let outcome = deliver(engine, platform, request).await?;
    let duration_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let request = request.clone();
    Ok(Command::RecordDelivery(RecordDelivery { request, outcome, duration_ms }))
}

/// A request that a stopped process left behind for too long is only looked up: a buyer who has
/// left must not be charged.
fn asked_in_time(engine: &Engine, owned: &OwnedEffect, ask: Ask) -> Ask {
    let patience = engine.rules().authorization_patience;
    let late = engine.now().since(owned.effect.due) >= patience;
    if late { Ask::Look } else { asked(owned, ask) }
}

/// How to ask. What somebody else may have sent before is never asked as if for the first time:
/// that no byte of ours left would say nothing about theirs.
fn asked(owned: &OwnedEffect, ask: Ask) -> Ask {
    match ask {
        Ask::First if owned.was_leased => Ask::Again,
        Ask::First | Ask::Again | Ask::Look => ask,
    }
}

async fn deliver(
    engine: &Engine,
    platform: PlatformId,
    request: &DeliverRequest,
) -> Result<DeliveryOutcome, StoreError> {
    let receivers = engine.find::<WebhookEndpoints>(platform, &platform).await?;
    let endpoints = receivers.map(|row| row.endpoints).unwrap_or_default();
    let endpoint = endpoints
        .into_iter()
        .find(|endpoint| endpoint.id == request.endpoint && !endpoint.disabled);
    let event = engine.read().event(platform, request.event).await?;
    match (endpoint, event) {
        (Some(endpoint), Some(event)) => Ok(engine.inner.world.deliver(&endpoint, &event).await),
        (None, _) | (_, None) => Ok(DeliveryOutcome::NoReceiver),
    }
}
