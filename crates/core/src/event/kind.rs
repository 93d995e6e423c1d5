//! What can happen, by the names of the wire.

use serde::{Deserialize, Serialize};

macro_rules! events {
    ($($variant:ident = $name:literal,)*) => {
        /// The kinds of events. The names are those of the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $(
                #[doc = concat!("`", $name, "`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$variant,)*];

            /// The word of the wire.
            pub fn name(self) -> &'static str {
                match self { $(EventKind::$variant => $name,)* }
            }

            /// The kind of this name.
            pub fn parse(name: &str) -> Option<EventKind> {
                match name { $($name => Some(EventKind::$variant),)* _ => None }
            }
        }
    };
}

events! {
    AccountExternalAccountCreated = "account.external_account.created",
    AccountExternalAccountDeleted = "account.external_account.deleted",
    AccountExternalAccountUpdated = "account.external_account.updated",
    AccountUpdated = "account.updated",
    ApplicationFeeCreated = "application_fee.created",
    ApplicationFeeRefunded = "application_fee.refunded",
    BalanceAvailable = "balance.available",
    ChargeCaptured = "charge.captured",
    ChargeDisputeClosed = "charge.dispute.closed",
    ChargeDisputeCreated = "charge.dispute.created",
    ChargeDisputeFundsReinstated = "charge.dispute.funds_reinstated",
    ChargeDisputeFundsWithdrawn = "charge.dispute.funds_withdrawn",
    ChargeDisputeUpdated = "charge.dispute.updated",
    ChargeExpired = "charge.expired",
    ChargeFailed = "charge.failed",
    ChargeRefundUpdated = "charge.refund.updated",
    ChargeRefunded = "charge.refunded",
    ChargeSucceeded = "charge.succeeded",
    ChargeUpdated = "charge.updated",
    CheckoutSessionAsyncPaymentFailed = "checkout.session.async_payment_failed",
    CheckoutSessionAsyncPaymentSucceeded = "checkout.session.async_payment_succeeded",
    CheckoutSessionCompleted = "checkout.session.completed",
    CheckoutSessionExpired = "checkout.session.expired",
    CouponCreated = "coupon.created",
    CouponDeleted = "coupon.deleted",
    CouponUpdated = "coupon.updated",
    CustomerDiscountCreated = "customer.discount.created",
    CustomerDiscountDeleted = "customer.discount.deleted",
    CustomerDiscountUpdated = "customer.discount.updated",
    FileCreated = "file.created",
    CustomerCreated = "customer.created",
    CustomerDeleted = "customer.deleted",
    CustomerUpdated = "customer.updated",
    HeldFundsCreated = "held_funds.created",
    HeldFundsFrozen = "held_funds.frozen",
    HeldFundsRefunded = "held_funds.refunded",
    HeldFundsReleased = "held_funds.released",
    OrderCanceled = "order.canceled",
    OrderCancelRequested = "order.cancel_requested",
    OrderCaptureFailed = "order.capture_failed",
    OrderClaimOpened = "order.claim_opened",
    OrderClaimRuled = "order.claim_ruled",
    OrderCompleted = "order.completed",
    OrderCreated = "order.created",
    OrderDelivered = "order.delivered",
    OrderProtectionExtended = "order.protection_extended",
    OrderRefunded = "order.refunded",
    OrderShipped = "order.shipped",
    PaymentIntentAmountCapturableUpdated = "payment_intent.amount_capturable_updated",
    PaymentIntentCanceled = "payment_intent.canceled",
    PaymentIntentCreated = "payment_intent.created",
    PaymentIntentPaymentFailed = "payment_intent.payment_failed",
    PaymentIntentProcessing = "payment_intent.processing",
    PaymentIntentRequiresAction = "payment_intent.requires_action",
    PaymentIntentSucceeded = "payment_intent.succeeded",
    PaymentLinkCreated = "payment_link.created",
    PaymentLinkUpdated = "payment_link.updated",
    PriceCreated = "price.created",
    PriceUpdated = "price.updated",
    ProductCreated = "product.created",
    ProductDeleted = "product.deleted",
    ProductUpdated = "product.updated",
    PromotionCodeCreated = "promotion_code.created",
    PromotionCodeUpdated = "promotion_code.updated",
    RadarEarlyFraudWarningCreated = "radar.early_fraud_warning.created",
    ReportingReportRunFailed = "reporting.report_run.failed",
    ReportingReportRunSucceeded = "reporting.report_run.succeeded",
    PayoutCanceled = "payout.canceled",
    PayoutCreated = "payout.created",
    PayoutFailed = "payout.failed",
    PayoutPaid = "payout.paid",
    PayoutUpdated = "payout.updated",
    PaymentMethodAttached = "payment_method.attached",
    PaymentMethodDetached = "payment_method.detached",
    PaymentMethodUpdated = "payment_method.updated",
    RefundCreated = "refund.created",
    RefundFailed = "refund.failed",
    RefundUpdated = "refund.updated",
    SetupIntentCanceled = "setup_intent.canceled",
    SetupIntentCreated = "setup_intent.created",
    SetupIntentRequiresAction = "setup_intent.requires_action",
    SetupIntentSetupFailed = "setup_intent.setup_failed",
    SetupIntentSucceeded = "setup_intent.succeeded",
    TestClockAdvancing = "test_helpers.test_clock.advancing",
    TestClockCreated = "test_helpers.test_clock.created",
    TestClockDeleted = "test_helpers.test_clock.deleted",
    TestClockReady = "test_helpers.test_clock.ready",
    TopupCanceled = "topup.canceled",
    TopupCreated = "topup.created",
    TopupSucceeded = "topup.succeeded",
    TransferCreated = "transfer.created",
    TransferReversed = "transfer.reversed",
    TransferUpdated = "transfer.updated",
}
