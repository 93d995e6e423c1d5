//! Rows: everything that is stored under a key with a version.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::api_key::ApiKey;
use crate::balance::BalanceNote;
use crate::bank::BankToken;
use crate::catalogue::coupon::Coupon;
use crate::catalogue::name::Name;
use crate::catalogue::payment_link::PaymentLink;
use crate::catalogue::price::Price;
use crate::catalogue::product::Product;
use crate::catalogue::promotion_code::PromotionCode;
use crate::checkout::CheckoutSession;
use crate::clock::TestClock;
use crate::customer::Customer;
use crate::dispute::{Dispute, EarlyFraudWarning};
use crate::fee::{ApplicationFee, FeeRefund};
use crate::file::{File, FileContent, FileLink};
use crate::held::HeldFunds;
use crate::id::{
    AccountLinkId, ApiKeyId, ApplicationFeeId, AttemptId, BankTokenId, CaptureId,
    CheckoutSessionId, CouponId, CustomerId, DisputeId, EffectId, FeeRefundId, FileId, FileLinkId,
    FraudWarningId, HeldFundsId, Id, OrderId, PaymentIntentId, PaymentLinkId, PaymentMethodId,
    PayoutId, PlatformId, PriceId, ProductId, PromotionCodeId, RefundId, ReportRunId, SellerId,
    SetupAttemptId, SetupIntentId, TestClockId, TopupId, TransferId, TransferReversalId,
};
use crate::link::AccountLink;
use crate::order::Order;
use crate::payment::attempt::Attempt;
use crate::payment::capture::Capture;
use crate::payment::intent::PaymentIntent;
use crate::payment::method::PaymentMethod;
use crate::payment::refund::Refund;
use crate::payment::setup::{SetupAttempt, SetupIntent};
use crate::payout::Payout;
use crate::replay::Replay;
use crate::report::ReportRun;
use crate::sale::Sale;
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::topup::Topup;
use crate::transfer::{Transfer, TransferReversal};
use crate::webhook::{Delivery, WebhookEndpoints};

/// How often a row was written: 1 for the first time, 0 when it does not exist.
pub type Version = u64;

/// A type that is stored as a row.
pub trait Record: Clone {
    /// Its key's type.
    type Id: Clone;
    /// The key of an id.
    fn key(id: &Self::Id) -> RowKey;
    /// Its own key.
    fn own_key(&self) -> RowKey;
    /// As a row.
    fn into_row(self) -> Row;
    /// Out of a row; `None` when the row is of another kind.
    fn of_row(row: &Row) -> Option<&Self>;
}

/// How lists find a row. Each kind says it beside its type.
pub trait Listed {
    /// When the row was made.
    fn created(&self) -> Timestamp;

    /// The ids that lists of this row may be narrowed to: its payment, its seller and the like.
    /// The store only ever adds links, so that a row stays linked to what it once belonged to.
    fn links(&self) -> Vec<String> {
        Vec::new()
    }

    /// The state by which lists may be narrowed; empty for rows without one.
    fn state(&self) -> &'static str {
        ""
    }

    /// The payment whose timeline the row belongs to.
    fn payment(&self) -> Option<PaymentIntentId> {
        None
    }

    /// Whether somebody outside has been asked and has not answered: whoever shows the row waits
    /// for the answer for a while.
    fn is_under_way(&self) -> bool {
        false
    }

    /// Whether the platform deleted it: it is then kept, and to everybody as if it were not there.
    fn is_gone(&self) -> bool {
        false
    }
}

macro_rules! rows {
    ($($variant:ident($id:ty) by $field:ident as $kind:literal;)*) => {
        /// A stored row of any kind.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Row {
            $(
                #[doc = concat!("A row of kind `", $kind, "`.")]
                $variant($variant),
            )*
        }

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

        impl Row {
            /// The key that the row is stored under.
            pub fn key(&self) -> RowKey {
                match self { $(Row::$variant(row) => row.own_key(),)* }
            }

            fn listed(&self) -> &dyn Listed {
                match self { $(Row::$variant(row) => row,)* }
            }
        }

        impl Row {
            /// When the row was made.
            pub fn created(&self) -> Timestamp {
                self.listed().created()
            }

            /// The ids that lists of this row may be narrowed to.
            pub fn links(&self) -> Vec<String> {
                self.listed().links()
            }

            /// The state by which lists may be narrowed; empty for rows without one.
            pub fn state(&self) -> &'static str {
                self.listed().state()
            }

            /// The payment whose timeline the row belongs to.
            pub fn payment(&self) -> Option<PaymentIntentId> {
                self.listed().payment()
            }

            /// Whether the platform deleted it.
            pub fn is_gone(&self) -> bool {
                self.listed().is_gone()
            }

            /// Whether somebody outside has been asked and has not answered.
            pub fn is_under_way(&self) -> bool {
                self.listed().is_under_way()
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

        $(
            impl Record for $variant {
                type Id = $id;

                fn key(id: &$id) -> RowKey {
                    RowKey::$variant(id.clone())
                }

                fn own_key(&self) -> RowKey {
                    RowKey::$variant(self.$field.clone())
                }

                fn into_row(self) -> Row {
                    Row::$variant(self)
                }

                fn of_row(row: &Row) -> Option<&Self> {
                    if let Row::$variant(row) = row { Some(row) } else { None }
                }
            }
        )*
    };
}

rows! {
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

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind().name(), self.id())
    }
}

/// Reads the id of a row of one kind, as the wire writes it.
pub fn parse_key<R>(text: &str) -> Option<RowKey>
where
    R: Record,
    R::Id: Id,
{
    R::Id::parse(text).map(|id| R::key(&id))
}
