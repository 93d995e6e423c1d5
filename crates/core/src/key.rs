//! Which kinds of rows there are, and the keys that rows are stored under.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{
    AccountLinkId, ApiKeyId, ApplicationFeeId, AttemptId, BankTokenId, CaptureId,
    CheckoutSessionId, CouponId, CustomerId, DisputeId, EffectId, FeeRefundId, FileId, FileLinkId,
    FraudWarningId, HeldFundsId, OrderId, PaymentIntentId, PaymentLinkId, PaymentMethodId,
    PayoutId, PlatformId, PriceId, ProductId, PromotionCodeId, RefundId, ReportRunId, SellerId,
    SetupAttemptId, SetupIntentId, TestClockId, TopupId, TransferId, TransferReversalId,
};

/// Every kind of row, a line each: its type, the type of its id, the field that holds the id, and
/// the stable name of the kind. `$make` is the macro that makes something of the list.
macro_rules! every_kind {
    ($make:ident) => {
        $make! {
            Seller(SellerId) by id as "account";
            AccountLink(AccountLinkId) by id as "account_link";
            BankToken(BankTokenId) by id as "token";
            Payout(PayoutId) by id as "payout";
            CheckoutSession(CheckoutSessionId) by id as "checkout.session";
            PaymentIntent(PaymentIntentId) by id as "payment_intent";
            Attempt(AttemptId) by id as "charge";
            Capture(CaptureId) by id as "capture";
            Refund(RefundId) by id as "refund";
            Dispute(DisputeId) by id as "dispute";
            File(FileId) by id as "file";
            FileContent(FileId) by id as "file_content";
            FileLink(FileLinkId) by id as "file_link";
            ReportRun(ReportRunId) by id as "reporting.report_run";
            EarlyFraudWarning(FraudWarningId) by id as "radar.early_fraud_warning";
            Order(OrderId) by id as "order";
            HeldFunds(HeldFundsId) by id as "held_funds";
            WebhookEndpoints(PlatformId) by platform as "webhook_endpoints";
            Delivery(EffectId) by id as "delivery";
            Customer(CustomerId) by id as "customer";
            PaymentMethod(PaymentMethodId) by id as "payment_method";
            SetupIntent(SetupIntentId) by id as "setup_intent";
            SetupAttempt(SetupAttemptId) by id as "setup_attempt";
            TestClock(TestClockId) by id as "test_helpers.test_clock";
            Product(ProductId) by id as "product";
            Price(PriceId) by id as "price";
            Coupon(CouponId) by id as "coupon";
            PromotionCode(PromotionCodeId) by id as "promotion_code";
            PaymentLink(PaymentLinkId) by id as "payment_link";
            Name(String) by key as "name";
            ApiKey(ApiKeyId) by id as "api_key";
            Replay(String) by key as "replay";
            Sale(AttemptId) by attempt as "sale";
            Transfer(TransferId) by id as "transfer";
            TransferReversal(TransferReversalId) by id as "transfer_reversal";
            ApplicationFee(ApplicationFeeId) by id as "application_fee";
            FeeRefund(FeeRefundId) by id as "fee_refund";
            Topup(TopupId) by id as "topup";
            BalanceNote(EffectId) by id as "balance_note";
        }
    };
}
pub(crate) use every_kind;

/// How often a row was written: 1 for the first time, 0 when it does not exist.
pub type Version = u64;

macro_rules! keys {
    ($($variant:ident($id:ty) by $field:ident as $kind:literal;)*) => {
        /// The key of a row: its kind and its id.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RowKey {
            $(
                #[doc = concat!("Names a row of kind `", $kind, "`.")]
                $variant($id),
            )*
        }

        /// The kinds of rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RowKind {
            $(
                #[doc = concat!("`", $kind, "`.")]
                $variant,
            )*
        }

        impl RowKind {
            /// The stable name, as the store writes it.
            pub fn name(self) -> &'static str {
                match self { $(RowKind::$variant => $kind,)* }
            }
        }

        impl RowKey {
            /// The kind of the row.
            pub fn kind(&self) -> RowKind {
                match self { $(RowKey::$variant(_) => RowKind::$variant,)* }
            }

            /// The id of the row as text.
            pub fn id(&self) -> String {
                match self { $(RowKey::$variant(id) => id.to_string(),)* }
            }
        }
    };
}

every_kind!(keys);

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind().name(), self.id())
    }
}
