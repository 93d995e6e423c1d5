//! Short names: `p1` is the first payment, `o2` the second order, `h2` what is held for it.

use std::collections::BTreeMap;

use holdfast_core::id::Id;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::row::{Record, Row};

/// Names in the order in which rows were made, for each kind.
#[derive(Default)]
pub(crate) struct Names {
    of_key: BTreeMap<RowKey, String>,
    keys: BTreeMap<String, RowKey>,
    given: BTreeMap<RowKind, usize>,
}

impl Names {
    /// Gives a new row its name.
    pub(super) fn give(&mut self, row: &Row) {
        let name = self.next(row);
        self.of_key.insert(row.key(), name.clone());
        self.keys.insert(name, row.key());
    }

    fn next(&mut self, row: &Row) -> String {
        let kind = row.key().kind();
        let number = self.given.entry(kind).or_default();
        *number += 1;
        let number = *number;
        match row {
            Row::Seller(row) => row.name.clone().unwrap_or_default(),
            Row::AccountLink(_) | Row::BankToken(_) => format!("l{number}"),
            Row::Payout(_) => format!("out{number}"),
            Row::CheckoutSession(_) => format!("s{number}"),
            Row::PaymentIntent(_) => format!("p{number}"),
            Row::Attempt(_) => format!("a{number}"),
            Row::Capture(_) => format!("c{number}"),
            Row::Refund(_) => format!("r{number}"),
            Row::Order(_) => format!("o{number}"),
            Row::HeldFunds(row) => self.of(&RowKey::Order(row.order)).replace('o', "h"),
            Row::WebhookEndpoints(_) => "endpoints".to_owned(),
            Row::Delivery(_) => format!("d{number}"),
            Row::TestClock(_) => format!("k{number}"),
            Row::Customer(_) => format!("u{number}"),
            Row::PaymentMethod(_) => format!("m{number}"),
            Row::SetupIntent(_) => format!("i{number}"),
            Row::SetupAttempt(_) => format!("v{number}"),
            Row::Coupon(_) => format!("off{number}"),
            Row::PromotionCode(_) => format!("code{number}"),
            Row::Product(_) | Row::Price(_) | Row::PaymentLink(_) => {
                format!("{} {number}", kind.name())
            }
            Row::Name(_) => format!("name{number}"),
            Row::ApiKey(_) => format!("key{number}"),
            Row::Dispute(_) => format!("x{number}"),
            Row::EarlyFraudWarning(_) => format!("w{number}"),
            Row::File(_) => format!("f{number}"),
            Row::FileContent(_) => format!("content{number}"),
            Row::FileLink(_) => format!("link{number}"),
            Row::ReportRun(_) => format!("report{number}"),
            Row::Replay(row) => format!("key {}", row.key),
            Row::Sale(row) => self.of(&RowKey::Attempt(row.attempt)).replace('a', "sale"),
            Row::Transfer(_) => format!("t{number}"),
            Row::TransferReversal(_) => format!("b{number}"),
            Row::ApplicationFee(_) => format!("f{number}"),
            Row::FeeRefund(_) => format!("g{number}"),
            Row::Topup(_) => format!("u{number}"),
            Row::BalanceNote(_) => format!("n{number}"),
        }
    }

    /// The name of a row.
    pub(crate) fn of(&self, key: &RowKey) -> String {
        self.of_key.get(key).cloned().unwrap_or_else(|| format!("{key:?}"))
    }

    /// The row behind a name.
    pub(crate) fn key(&self, name: &str) -> RowKey {
        self.keys.get(name).cloned().expect("a row of this name was made")
    }

    /// The id behind a name; one that nothing has when the name was never given.
    pub(crate) fn id<R>(&self, name: &str) -> R::Id
    where
        R: Record,
        R::Id: Id,
    {
        let text = self.keys.get(name).map(RowKey::id).unwrap_or_default();
        R::Id::parse(&text).unwrap_or(R::Id::from_number(0))
    }
}
