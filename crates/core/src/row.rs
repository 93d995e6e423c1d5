//! Rows: everything that is stored under a key with a version.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::checkout::CheckoutSession;
use crate::clock::TestClock;
use crate::held::HeldFunds;
use crate::id::{
    AttemptId, CaptureId, CheckoutSessionId, EffectId, HeldFundsId, Id, OrderId, PaymentIntentId,
    PlatformId, RefundId, SellerId, TestClockId,
};
use crate::order::Order;
use crate::payment::attempt::Attempt;
use crate::payment::capture::Capture;
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::Refund;
use crate::replay::Replay;
use crate::seller::Seller;
use crate::time::Timestamp;
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

            /// When the row was made.
            pub fn created(&self) -> Timestamp {
                match self { $(Row::$variant(row) => created::$variant(row),)* }
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
    CheckoutSession(CheckoutSessionId) by id as "checkout.session";
    PaymentIntent(PaymentIntentId) by id as "payment_intent";
    Attempt(AttemptId) by id as "charge";
    Capture(CaptureId) by id as "capture";
    Refund(RefundId) by id as "refund";
    Order(OrderId) by id as "order";
    HeldFunds(HeldFundsId) by id as "held_funds";
    WebhookEndpoints(PlatformId) by platform as "webhook_endpoints";
    Delivery(EffectId) by id as "delivery";
    TestClock(TestClockId) by id as "test_helpers.test_clock";
    Replay(String) by key as "replay";
}

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind().name(), self.id())
    }
}

impl Row {
    /// The ids that lists of this row may be narrowed to: its payment, its seller and the like.
    pub fn links(&self) -> Vec<String> {
        match self {
            Row::Seller(_) | Row::WebhookEndpoints(_) | Row::TestClock(_) | Row::Replay(_) => {
                Vec::new()
            }
            Row::CheckoutSession(row) => row.intent.iter().map(ToString::to_string).collect(),
            Row::PaymentIntent(row) => row.session.iter().map(ToString::to_string).collect(),
            Row::Attempt(row) => vec![row.intent.to_string()],
            Row::Capture(row) => vec![row.intent.to_string(), row.attempt.to_string()],
            Row::Refund(row) => {
                let orders = row.shares.iter().filter_map(|share| share.order);
                let payment = [row.intent.to_string(), row.attempt.to_string()];
                payment.into_iter().chain(orders.map(|order| order.to_string())).collect()
            }
            Row::Order(row) => {
                vec![row.intent.to_string(), row.session.to_string(), row.seller.to_string()]
            }
            Row::HeldFunds(row) => {
                vec![row.intent.to_string(), row.order.to_string(), row.seller.to_string()]
            }
            Row::Delivery(row) => vec![row.endpoint.to_string(), row.event.to_string()],
        }
    }

    /// The state by which lists may be narrowed; empty for rows without one.
    pub fn state(&self) -> &'static str {
        match self {
            Row::Seller(_) | Row::WebhookEndpoints(_) | Row::TestClock(_) | Row::Replay(_) => "",
            Row::CheckoutSession(row) => row.state.name(),
            Row::PaymentIntent(row) => row.state.name(),
            Row::Attempt(row) => row.state.name(),
            Row::Capture(row) => row.state.name(),
            Row::Refund(row) => row.state.name(),
            Row::Order(row) => row.state.name(),
            Row::HeldFunds(row) => held_state(row),
            Row::Delivery(row) => row.state.name(),
        }
    }

    /// The payment whose timeline the row belongs to.
    pub fn payment(&self) -> Option<PaymentIntentId> {
        match self {
            Row::Seller(_)
            | Row::WebhookEndpoints(_)
            | Row::TestClock(_)
            | Row::Replay(_)
            | Row::Delivery(_) => None,
            Row::CheckoutSession(row) => row.intent,
            Row::PaymentIntent(row) => Some(row.id),
            Row::Attempt(row) => Some(row.intent),
            Row::Capture(row) => Some(row.intent),
            Row::Refund(row) => Some(row.intent),
            Row::Order(row) => Some(row.intent),
            Row::HeldFunds(row) => Some(row.intent),
        }
    }
}

/// `frozen`, `held` while something is held, else `settled`.
fn held_state(row: &HeldFunds) -> &'static str {
    if row.frozen.is_some() {
        "frozen"
    } else if row.left().is_ok_and(|left| left.is_positive()) {
        "held"
    } else {
        "settled"
    }
}

/// When each kind of row was made.
#[allow(non_snake_case)] // One function for each variant, under the variant's name.
mod created {
    use super::*;

    macro_rules! by_field {
        ($($variant:ident)*) => { $(
            pub(super) fn $variant(row: &$variant) -> Timestamp {
                row.created
            }
        )* };
    }

    by_field! {
        Seller CheckoutSession PaymentIntent Attempt Capture Refund Order HeldFunds Delivery
        TestClock Replay
    }

    /// The endpoints' row is as old as the platform.
    pub(super) fn WebhookEndpoints(_: &super::WebhookEndpoints) -> Timestamp {
        Timestamp::from_ms(0)
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
