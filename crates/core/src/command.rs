//! Commands: everything that may be asked of the core. The edge has parsed and bounded them.

use std::collections::BTreeMap;

use crate::checkout::ShippingOption;
use crate::currency::Currency;
use crate::effect::Timer;
use crate::id::{
    AttemptId, CaptureId, CheckoutSessionId, EffectId, HeldFundsId, OrderId, PaymentIntentId,
    PlatformId, RefundId, SellerId, TestClockId, WebhookEndpointId,
};
use crate::money::{BasisPoints, Money};
use crate::order::ClaimReason;
use crate::payment::asked::AskedOutcome;
use crate::payment::attempt::AuthorizationOutcome;
use crate::payment::card::CardToken;
use crate::payment::intent::{CancelReason, CaptureMethod};
use crate::payment::refund::RefundReason;
use crate::row::{RowKey, RowKind};
use crate::secret::Secret;
use crate::time::{Span, Timestamp};

/// A command with what it needs beside the rows: whose it is and its ids.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose rows it is about.
    pub platform: PlatformId,
    /// Where its ids come from.
    pub ids: crate::id::IdSource,
    /// The effect whose outcome it records.
    pub effect: Option<EffectId>,
    /// The client's idempotency key, when it gave one.
    pub claim: Option<Claim>,
    /// What is asked.
    pub command: Command,
}

/// A client's claim to an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key, within its scope.
    pub key: String,
    /// A digest of the request.
    pub fingerprint: String,
    /// What the reply will be about.
    pub subject: Subject,
}

/// The object that a reply is about, from which it can be made again after a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One that the request names.
    Known(RowKey),
    /// The one of this kind that the request makes.
    Made(RowKind),
}

/// Notes of the platform on an object.
pub type Metadata = BTreeMap<String, String>;

/// Everything that may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Make a seller.
    CreateSeller(CreateSeller),
    /// Open the pay page for a basket.
    CreateCheckoutSession(CreateCheckoutSession),
    /// Choose another way to ship.
    ChooseShipping(CheckoutSessionId, u16),
    /// *Pay now*.
    ConfirmCheckoutSession(ConfirmCheckoutSession),
    /// Close the pay page.
    ExpireCheckoutSession(CheckoutSessionId),
    /// Make a payment without a pay page.
    CreatePaymentIntent(CreatePaymentIntent),
    /// Charge a card for a payment without a pay page.
    ConfirmPaymentIntent(ConfirmPaymentIntent),
    /// Take the money of a payment that belongs to no order.
    CapturePaymentIntent(CapturePaymentIntent),
    /// Give up a payment.
    CancelPaymentIntent(PaymentIntentId, CancelReason),
    /// Give money back.
    CreateRefund(CreateRefund),
    /// The seller sent the goods.
    ShipOrder(ShipOrder),
    /// The goods are at the buyer's door.
    DeliverOrder(OrderId),
    /// The buyer has the goods and is content.
    ConfirmReceipt(OrderId),
    /// The buyer wants more time.
    ExtendProtection(OrderId),
    /// Call an order off.
    CancelOrder(OrderId, CancelBy),
    /// The buyer objects.
    OpenClaim(OpenClaim),
    /// An operator decides a claim.
    RuleClaim(OrderId, Ruling),
    /// An operator stops held funds from moving.
    FreezeHeldFunds(HeldFundsId),
    /// An operator releases held funds; all of them when no amount is given.
    ReleaseHeldFunds(HeldFundsId, Option<Money>),
    /// An operator gives held funds back; all of them when no amount is given.
    RefundHeldFunds(HeldFundsId, Option<Money>),
    /// Register a receiver of webhooks.
    CreateWebhookEndpoint(CreateWebhookEndpoint),
    /// Remove a receiver of webhooks.
    DeleteWebhookEndpoint(WebhookEndpointId),
    /// Make the platform's movable clock.
    CreateTestClock,
    /// Move the clock to a moment, stopping at each deadline on the way.
    AdvanceTestClock(TestClockId, Timestamp),
    /// One step of that move: how far the clock is ahead now, and whether it has arrived.
    StepTestClock(TestClockId, Span, ClockStep),
    /// What the processor answered to an authorization.
    RecordAuthorization(AttemptId, AuthorizationOutcome),
    /// What the processor answered to a capture.
    RecordCapture(CaptureId, AskedOutcome),
    /// What the processor answered to a refund.
    RecordRefund(RefundId, AskedOutcome),
    /// What a receiver answered to a webhook.
    RecordDelivery(RecordDelivery),
    /// Something may have happened at the processor: look it up. Only a hint, never a fact.
    Look(LookAt),
    /// An effect is done and nothing has to be recorded but that.
    FinishEffect,
    /// A moment has come.
    Ring(Timer),
    /// Keep the reply to an idempotent request.
    KeepReply(KeepReply),
}

impl Command {
    /// The rows that the command names itself: loading them first saves a round.
    pub fn keys(&self) -> Vec<RowKey> {
        match self {
            Command::CreateSeller(_)
            | Command::CreatePaymentIntent(_)
            | Command::CreateWebhookEndpoint(_)
            | Command::DeleteWebhookEndpoint(_)
            | Command::CreateTestClock
            | Command::FinishEffect => Vec::new(),
            Command::CreateCheckoutSession(create) => {
                create.lines.iter().map(|line| RowKey::Seller(line.seller)).collect()
            }
            Command::ChooseShipping(session, _) | Command::ExpireCheckoutSession(session) => {
                vec![RowKey::CheckoutSession(*session)]
            }
            Command::ConfirmCheckoutSession(confirm) => {
                vec![RowKey::CheckoutSession(confirm.session)]
            }
            Command::ConfirmPaymentIntent(confirm) => vec![RowKey::PaymentIntent(confirm.intent)],
            Command::CapturePaymentIntent(capture) => vec![RowKey::PaymentIntent(capture.intent)],
            Command::CancelPaymentIntent(intent, _) => vec![RowKey::PaymentIntent(*intent)],
            Command::CreateRefund(create) => match create.payment {
                PaymentRef::Intent(intent) => vec![RowKey::PaymentIntent(intent)],
                PaymentRef::Attempt(attempt) => vec![RowKey::Attempt(attempt)],
            },
            Command::ShipOrder(ship) => vec![RowKey::Order(ship.order)],
            Command::OpenClaim(open) => vec![RowKey::Order(open.order)],
            Command::DeliverOrder(order)
            | Command::ConfirmReceipt(order)
            | Command::ExtendProtection(order)
            | Command::CancelOrder(order, _)
            | Command::RuleClaim(order, _) => vec![RowKey::Order(*order)],
            Command::FreezeHeldFunds(held)
            | Command::ReleaseHeldFunds(held, _)
            | Command::RefundHeldFunds(held, _) => vec![RowKey::HeldFunds(*held)],
            Command::AdvanceTestClock(clock, _) | Command::StepTestClock(clock, _, _) => {
                vec![RowKey::TestClock(*clock)]
            }
            Command::RecordAuthorization(attempt, _) => vec![RowKey::Attempt(*attempt)],
            Command::RecordCapture(capture, _) => vec![RowKey::Capture(*capture)],
            Command::RecordRefund(refund, _) => vec![RowKey::Refund(*refund)],
            Command::RecordDelivery(record) => vec![RowKey::Delivery(record.request.delivery)],
            Command::Look(LookAt::Attempt(attempt)) => vec![RowKey::Attempt(*attempt)],
            Command::Look(LookAt::Refund(refund)) => vec![RowKey::Refund(*refund)],
            Command::Ring(timer) => vec![timer.subject()],
            Command::KeepReply(keep) => vec![RowKey::Replay(keep.key.clone())],
        }
    }
}

/// See [`Command::CreateSeller`].
#[derive(Clone, Debug)]
pub struct CreateSeller {
    /// The name that buyers read.
    pub name: Option<String>,
    /// Where the seller is written to.
    pub email: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The currency that the seller thinks in.
    pub currency: Currency,
    /// The platform's fee, when it differs from the rule.
    pub fee: Option<BasisPoints>,
    /// Notes.
    pub metadata: Metadata,
}

/// See [`Command::CreateCheckoutSession`].
#[derive(Clone, Debug)]
pub struct CreateCheckoutSession {
    /// The currency of the whole basket.
    pub currency: Currency,
    /// The basket, at least one line.
    pub lines: Vec<NewLine>,
    /// The ways to ship; the first is chosen until the buyer chooses another.
    pub shipping_options: Vec<ShippingOption>,
    /// The buyer's address for receipts.
    pub customer_email: Option<String>,
    /// The shop's own name for the visit.
    pub client_reference: Option<String>,
    /// The language that the shop asked for.
    pub locale: Option<String>,
    /// Where the buyer goes afterwards.
    pub success_url: Option<String>,
    /// Where the buyer goes who turns back.
    pub cancel_url: Option<String>,
    /// Notes on the session.
    pub metadata: Metadata,
    /// Notes on the payment.
    pub payment_metadata: Metadata,
    /// When the pay page closes; the rule's time when not given.
    pub expires_at: Option<Timestamp>,
    /// Grants the buyer's browser access.
    pub secret: Secret,
}

/// A line of a new basket.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// Who sells it.
    pub seller: SellerId,
    /// The product's name.
    pub name: String,
    /// The product's description.
    pub description: Option<String>,
    /// The price of one.
    pub unit: Money,
    /// How many, at least one.
    pub quantity: u32,
    /// Whether this product may not be paid by card.
    pub excludes_card: bool,
}

/// See [`Command::ConfirmCheckoutSession`].
#[derive(Clone, Debug)]
pub struct ConfirmCheckoutSession {
    /// The session.
    pub session: CheckoutSessionId,
    /// The card.
    pub token: CardToken,
    /// The total that the buyer was shown. Another one is refused.
    pub total: Money,
    /// Where the bank's page sends the buyer.
    pub return_url: String,
    /// Grants the buyer's browser access to the payment.
    pub secret: Secret,
}

/// See [`Command::CreatePaymentIntent`].
#[derive(Clone, Debug)]
pub struct CreatePaymentIntent {
    /// What is to be paid.
    pub amount: Money,
    /// When the money is taken.
    pub capture_method: CaptureMethod,
    /// The card, when it is known already.
    pub token: Option<CardToken>,
    /// Whether to charge the card at once; needs `token`.
    pub confirm: bool,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
    /// What the buyer's statement and the console say.
    pub description: Option<String>,
    /// Where a receipt goes.
    pub receipt_email: Option<String>,
    /// Links the payment with transfers.
    pub transfer_group: Option<String>,
    /// Notes.
    pub metadata: Metadata,
    /// Grants the buyer's browser access.
    pub secret: Secret,
}

/// See [`Command::ConfirmPaymentIntent`].
#[derive(Clone, Debug)]
pub struct ConfirmPaymentIntent {
    /// The payment.
    pub intent: PaymentIntentId,
    /// The card; the one given before when none is given now.
    pub token: Option<CardToken>,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
}

/// See [`Command::CapturePaymentIntent`].
#[derive(Clone, Debug)]
pub struct CapturePaymentIntent {
    /// The payment.
    pub intent: PaymentIntentId,
    /// How much; all that is left when not given.
    pub amount: Option<Money>,
    /// Whether the rest is given back afterwards.
    pub is_final: bool,
}

/// See [`Command::CreateRefund`].
#[derive(Clone, Debug)]
pub struct CreateRefund {
    /// The payment, by its own id or by its attempt's.
    pub payment: PaymentRef,
    /// The order that pays for it; all of them in proportion when not given.
    pub order: Option<OrderId>,
    /// How much; all that is left when not given.
    pub amount: Option<Money>,
    /// Why.
    pub reason: RefundReason,
    /// Notes.
    pub metadata: Metadata,
}

/// A payment by one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentRef {
    /// The payment's own id.
    Intent(PaymentIntentId),
    /// The id of an attempt.
    Attempt(AttemptId),
}

/// See [`Command::ShipOrder`].
#[derive(Clone, Debug)]
pub struct ShipOrder {
    /// The order.
    pub order: OrderId,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The number to follow it by.
    pub tracking_number: Option<String>,
}

/// Who calls an order off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelBy {
    /// The buyer: a request, which the seller's silence grants.
    Buyer,
    /// The seller: at once.
    Seller,
    /// The platform: at once.
    Platform,
}

/// See [`Command::OpenClaim`].
#[derive(Clone, Debug)]
pub struct OpenClaim {
    /// The order.
    pub order: OrderId,
    /// Of what kind.
    pub reason: ClaimReason,
    /// In the buyer's words.
    pub description: Option<String>,
}

/// How a claim is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The buyer gets all of it back.
    Buyer,
    /// The seller gets all of it.
    Seller,
    /// The buyer gets this much back, the seller the rest.
    Split(Money),
}

/// See [`Command::CreateWebhookEndpoint`].
#[derive(Clone, Debug)]
pub struct CreateWebhookEndpoint {
    /// Where events are posted to.
    pub url: String,
    /// The types it wants; `*` is all of them.
    pub enabled_events: Vec<String>,
    /// What the platform wrote about it.
    pub description: Option<String>,
    /// The version in which events are rendered.
    pub api_version: Option<String>,
    /// Notes.
    pub metadata: Metadata,
    /// The key of the signature.
    pub secret: Secret,
}

/// Whether a clock has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStep {
    /// There are more deadlines on the way.
    OnTheWay,
    /// It is where it was sent to.
    Arrived,
}

/// See [`Command::RecordDelivery`].
#[derive(Clone, Debug)]
pub struct RecordDelivery {
    /// What was tried.
    pub request: crate::effect::DeliverRequest,
    /// The receiver's answer.
    pub outcome: DeliveryOutcome,
}

/// What a receiver of webhooks answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// A status from 200 to 299.
    Accepted,
    /// Another status, or none at all.
    Refused {
        /// The status.
        status: Option<u16>,
    },
    /// The endpoint is gone: there is nobody to deliver to.
    NoReceiver,
}

/// What to look up at the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAt {
    /// An authorization.
    Attempt(AttemptId),
    /// A refund.
    Refund(RefundId),
}

/// See [`Command::KeepReply`].
#[derive(Clone, Debug)]
pub struct KeepReply {
    /// The client's key, within its scope.
    pub key: String,
    /// The reply.
    pub reply: crate::replay::Reply,
}
