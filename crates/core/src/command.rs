//! Commands: everything that may be asked of the core. The edge has parsed and bounded them.

mod funds;
mod hold;
mod keys;
mod payout;
mod saving;

use std::collections::BTreeMap;

use crate::catalogue::Called;
use crate::checkout::{Adjustable, Given, ListedAs, PageWishes, PaymentTerms, ShippingOption};
use crate::currency::Currency;
use crate::dispute::command::DisputeCommand;
use crate::effect::Timer;
use crate::event::{EventKind, Origin};
use crate::file::NewFile;
use crate::id::{
    AttemptId, BankTokenId, CaptureId, CheckoutSessionId, CouponId, CustomerId, EffectId,
    HeldFundsId, LineId, OrderId, PaymentIntentId, PaymentLinkId, PlatformId, ProductId,
    PromotionCodeId, RefundId, SellerId, SetupAttemptId, TestClockId, WebhookEndpointId,
};
use crate::key::{RowKey, RowKind, Version};
use crate::money::{BasisPoints, Money};
use crate::order::ClaimReason;
use crate::payment::asked::AskedOutcome;
use crate::payment::attempt::AuthorizationOutcome;
use crate::payment::capture_method::CaptureMethod;
use crate::payment::card::{CardSummary, CardToken};
use crate::payment::intent::{CancelReason, PaymentIntent};
use crate::payment::notes::{Notes, ReturnTo};
use crate::payment::refund::{Pulls, RefundReason};
use crate::report::ReportCommand;
use crate::row::{Record as _, Row};
use crate::secret::Secret;
use crate::seller::{Seller, SellerProfile};
use crate::time::{Span, Timestamp};
use crate::webhook::WebhookCommand;

pub use funds::*;
pub use hold::*;
pub use payout::{CreatePayout, PayoutCommand};
pub use saving::*;

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
    /// The client's request, which its events name.
    pub origin: Option<Origin>,
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
    /// Write what the platform alone decides about.
    Keep(Box<Keep>),
    /// Write several such rows, all of them or none.
    KeepAll(Vec<Keep>),
    /// Make a seller.
    CreateSeller(CreateSeller),
    /// Write what was changed about a seller.
    EditSeller(Box<EditSeller>),
    /// Pay a balance out.
    Payout(PayoutCommand),
    /// Open the pay page for a basket.
    CreateCheckoutSession(Box<CreateCheckoutSession>),
    /// Choose another way to ship.
    ChooseShipping(CheckoutSessionId, u16),
    /// Take another quantity of a line; none takes the line out of the basket.
    ChooseQuantity(CheckoutSessionId, LineId, u32),
    /// Write what the shop changes of an open session: what it sells, how that is shipped, and what
    /// is said of its payment.
    ReviseSession(Box<Keep>),
    /// The buyer enters a promotion code on the pay page.
    EnterCode(CheckoutSessionId, NewDiscount),
    /// The buyer takes the promotion code away again.
    RemoveCode(CheckoutSessionId),
    /// *Pay now*.
    ConfirmCheckoutSession(ConfirmCheckoutSession),
    /// Close the pay page.
    ExpireCheckoutSession(CheckoutSessionId),
    /// Make a payment without a pay page.
    CreatePaymentIntent(CreatePaymentIntent),
    /// Write what the platform says about a payment, as far as its state allows.
    EditPaymentIntent(Box<EditPaymentIntent>),
    /// Charge a card for a payment without a pay page.
    ConfirmPaymentIntent(ConfirmPaymentIntent),
    /// Take the money of a payment that belongs to no order.
    CapturePaymentIntent(CapturePaymentIntent),
    /// Raise what a bank holds, or record what it said.
    Hold(HoldCommand),
    /// Give up a payment.
    CancelPaymentIntent(PaymentIntentId, CancelReason),
    /// Give money back.
    CreateRefund(CreateRefund),
    /// Move the platform's money to sellers and back, or add to it.
    Funds(Box<FundsCommand>),
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
    /// Change a receiver of webhooks, or what it is sent.
    Webhook(WebhookCommand),
    /// Make the platform's movable clock.
    CreateTestClock,
    /// Move the clock to a moment, stopping at each deadline on the way.
    AdvanceTestClock(TestClockId, Timestamp),
    /// One step of that move: how far the clock is ahead now, and whether it has arrived.
    StepTestClock(TestClockId, Span, ClockStep),
    /// Store a file.
    StoreFile(Box<NewFile>),
    /// Reports of balance changes.
    Report(ReportCommand),
    /// Disputes of charges.
    Dispute(DisputeCommand),
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
    /// Something about cards that are kept.
    Saving(SavingCommand),
    /// A moment has come.
    Ring(Timer),
    /// A moment has come, and no balance covers what it asks for: it comes again.
    RingAgain(Timer),
    /// Keep the reply to an idempotent request.
    KeepReply(KeepReply),
}

/// See [`Command::Keep`]: a row as the platform wants it, whole. For names, notes and settings,
/// about which the core has nothing to decide but that nobody else wrote in between.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The row.
    pub row: Row,
    /// The version of the row that it was made from; 0 for a new one.
    pub expected: Version,
    /// What it means to the platform's receivers.
    pub event: Option<EventKind>,
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
    /// What else is known of it.
    pub profile: Box<SellerProfile>,
}

/// See [`Command::EditSeller`]: the seller as it should be, if nobody wrote it in between.
#[derive(Clone, Debug)]
pub struct EditSeller {
    /// The seller, whole.
    pub seller: Seller,
    /// The version that it was made from; 0 for a new one.
    pub expected: Version,
    /// The token that one of its bank accounts comes from, which is used up with it.
    pub token: Option<BankTokenId>,
    /// What it means to the platform's receivers.
    pub events: Vec<EventKind>,
}

impl EditSeller {
    fn keys(&self) -> Vec<RowKey> {
        let token = self.token.map(RowKey::BankToken);
        std::iter::once(RowKey::Seller(self.seller.id)).chain(token).collect()
    }
}

/// See [`Command::CreateCheckoutSession`].
#[derive(Clone, Debug)]
pub struct CreateCheckoutSession {
    /// The currency of the whole basket.
    pub currency: Currency,
    /// The basket: at least one line, but where a card is kept.
    pub lines: Vec<NewLine>,
    /// The ways to ship; the first is chosen until the buyer chooses another.
    pub shipping_options: Vec<ShippingOption>,
    /// What is taken off the price of the lines.
    pub discount: Option<NewDiscount>,
    /// The buyer, when the platform knows who it is.
    pub customer: Option<CustomerId>,
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
    /// How the payment is made.
    pub terms: PaymentTerms,
    /// What the shop says about the page.
    pub page: PageWishes,
    /// The link that it is opened by.
    pub link: Option<PaymentLinkId>,
    /// The card that it is to keep, instead of a payment: then there are no lines.
    pub setup: Option<NewSessionSetup>,
    /// When the pay page closes; the rule's time when not given.
    pub expires_at: Option<Timestamp>,
    /// Grants the buyer's browser access.
    pub secret: Secret,
}

/// A discount that a session is to have.
#[derive(Clone, Copy, Debug)]
pub struct NewDiscount {
    /// What gives it.
    pub by: DiscountBy,
    /// Whether the buyer has bought nothing before, as far as lists tell.
    pub is_first_purchase: bool,
}

/// What gives a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountBy {
    /// A coupon by itself.
    Coupon(CouponId),
    /// A promotion code.
    Code(PromotionCodeId),
}

impl DiscountBy {
    fn key(self) -> RowKey {
        match self {
            DiscountBy::Coupon(coupon) => RowKey::Coupon(coupon),
            DiscountBy::Code(code) => RowKey::PromotionCode(code),
        }
    }
}

/// The card that a new session is to keep.
#[derive(Clone, Debug)]
pub struct NewSessionSetup {
    /// What is said about it.
    pub setup: CreateSetup,
    /// The currency that the shop named.
    pub currency: Option<Currency>,
}

/// A line of a new basket.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// Who sells it; the platform itself when absent. Either all lines say so or none.
    pub seller: Option<SellerId>,
    /// What it is taken from, when it is of the platform's catalogue.
    pub listed: Option<ListedAs>,
    /// The product of the catalogue, where the price is given with the line.
    pub of: Option<Called<ProductId>>,
    /// The product's name.
    pub name: String,
    /// The product's description.
    pub description: Option<String>,
    /// The price of one.
    pub unit: Money,
    /// How many, at least one.
    pub quantity: u32,
    /// Whether the buyer may take more or fewer.
    pub adjustable: Option<Adjustable>,
    /// Whether this product may not be paid by card.
    pub excludes_card: bool,
    /// Notes on the line.
    pub metadata: Metadata,
}

/// See [`Command::ConfirmCheckoutSession`].
#[derive(Clone, Debug)]
pub struct ConfirmCheckoutSession {
    /// The session.
    pub session: CheckoutSessionId,
    /// The card, when it is not a kept one.
    pub token: Option<CardToken>,
    /// The card of the token, as the network says; has to be known where the shop blocks cards.
    pub seen: Option<Box<CardSummary>>,
    /// A card that is kept already, and whose it is.
    pub card_use: CardUse,
    /// The total that the buyer was shown. Another one is refused.
    pub total: Money,
    /// What the buyer says on the page.
    pub given: Given,
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
    /// Whose card it is, and whether it is kept.
    pub card_use: CardUse,
    /// Whether to charge the card at once; needs `token`.
    pub confirm: bool,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<ReturnTo>,
    /// For the platform's own use.
    pub description: Option<String>,
    /// Where a receipt goes.
    pub receipt_email: Option<String>,
    /// Links the payment with transfers.
    pub transfer_group: Option<String>,
    /// Notes.
    pub metadata: Metadata,
    /// What else the platform says about it.
    pub notes: Box<Notes>,
    /// Grants the buyer's browser access.
    pub secret: Secret,
}

/// See [`Command::EditPaymentIntent`].
#[derive(Clone, Debug)]
pub struct EditPaymentIntent {
    /// The payment as the platform wants it, in the state that it has.
    pub keep: Keep,
    /// The card that is to pay, by a token.
    pub token: Option<CardToken>,
    /// Whose card it is, and whether it is a kept one.
    pub card_use: CardUse,
}

impl EditPaymentIntent {
    /// The payment.
    pub(crate) fn payment(&self) -> Option<PaymentIntentId> {
        PaymentIntent::of_row(&self.keep.row).map(|row| row.id)
    }
}

/// See [`Command::ConfirmPaymentIntent`].
#[derive(Clone, Debug)]
pub struct ConfirmPaymentIntent {
    /// The payment.
    pub intent: PaymentIntentId,
    /// The card; the one given before when none is given now.
    pub token: Option<CardToken>,
    /// Whose card it is, and whether it is kept.
    pub card_use: CardUse,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<ReturnTo>,
    /// What the platform says about the payment with this request, see
    /// [`Command::EditPaymentIntent`].
    pub edit: Option<Box<Keep>>,
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
    /// What the platform says about the payment with this request, see
    /// [`Command::EditPaymentIntent`].
    pub edit: Option<Box<Keep>>,
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
    /// What else goes back.
    pub pulls: Pulls,
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
    /// Whether it was made for events of connected accounts.
    pub connect: bool,
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
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
}

/// What a receiver of webhooks answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// A status from 200 to 299.
    Accepted {
        /// The status.
        status: u16,
    },
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
    /// What was raised about an authorization.
    Complaints(AttemptId),
    /// A verification.
    SetupAttempt(SetupAttemptId),
}

/// See [`Command::KeepReply`].
#[derive(Clone, Debug)]
pub struct KeepReply {
    /// The client's key, within its scope.
    pub key: String,
    /// The reply.
    pub reply: crate::replay::Reply,
    /// The digest of a request that was refused: nothing was changed, so that its key is not yet
    /// claimed. `None` for one that was carried out.
    pub refused: Option<String>,
}
