//! Rows: everything that is stored under a key with a version.

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
use crate::key::{RowKey, every_kind};
use crate::link::AccountLink;
use crate::listed::Listed;
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

every_kind!(rows);

/// Reads the id of a row of one kind, as the wire writes it.
pub fn parse_key<R>(text: &str) -> Option<RowKey>
where
    R: Record,
    R::Id: Id,
{
    R::Id::parse(text).map(|id| R::key(&id))
}
