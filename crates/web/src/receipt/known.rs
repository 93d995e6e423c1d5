//! One charge as its receipt sees it: the charge, what was bought with it, and what went back.

use std::collections::BTreeMap;

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::id::{AttemptId, SellerId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::Refund;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::query::RowsQuery;

use crate::pay::purchase::seller_name;
use crate::pay::surface::Pay;
use crate::trouble::Trouble;

/// How many refunds a receipt lists, the newest: a page or two on paper. Its sums count them all.
pub(super) const REFUNDS_MAX: usize = 100;

/// A charge that the bank has agreed to, with what is told of it.
#[derive(Debug)]
pub(crate) struct KnownCharge {
    pub(crate) attempt: Attempt,
    /// The bank's hold on the card.
    pub(crate) hold: Authorization,
    pub(crate) session: Option<CheckoutSession>,
    /// The orders that it pays for.
    pub(crate) orders: Vec<Order>,
    /// The newest refunds, the oldest of them first.
    pub(crate) refunds: Vec<Refund>,
    sellers: BTreeMap<SellerId, String>,
}

impl KnownCharge {
    /// Loads a charge; `None` where it is not there or has not succeeded.
    pub(super) async fn load(pay: &Pay, id: AttemptId) -> Result<Option<KnownCharge>, Trouble> {
        let Some(attempt) = pay.find::<Attempt>(&id).await? else { return Ok(None) };
        let Some(hold) = attempt.authorization().cloned() else { return Ok(None) };
        let session = match &attempt.session {
            Some(id) => pay.find::<CheckoutSession>(id).await?,
            None => None,
        };
        let refunds = RowsQuery::newest(pay.parts.platform, RowKind::Refund, REFUNDS_MAX);
        let refunds = pay.parts.engine.read().rows(&refunds.linked(&id)).await?;
        let mut known = KnownCharge {
            hold,
            session,
            orders: Vec::new(),
            refunds: refunds.iter().rev().filter_map(Refund::of_row).cloned().collect(),
            sellers: BTreeMap::new(),
            attempt,
        };
        known.load_named(pay).await?;
        Ok(Some(known))
    }

    /// The orders and the sellers that the payment and its session name.
    async fn load_named(&mut self, pay: &Pay) -> Result<(), Trouble> {
        let intent = pay.find::<PaymentIntent>(&self.attempt.intent).await?;
        let lines = self.session.iter().flat_map(|session| &session.lines);
        let sellers = lines.filter_map(|line| line.seller);
        let sellers = sellers.chain(self.attempt.notes.notes.on_behalf_of);
        let mut keys: Vec<RowKey> = sellers.map(RowKey::Seller).collect();
        keys.extend(intent.iter().flat_map(|intent| &intent.orders).map(Order::key));
        keys.sort_unstable();
        keys.dedup();
        for stored in pay.load(&keys).await?.into_iter().flatten() {
            if let Some(seller) = Seller::of_row(&stored.row) {
                self.sellers.insert(seller.id, seller_name(seller));
            }
            self.orders.extend(Order::of_row(&stored.row).cloned());
        }
        Ok(())
    }

    /// The language that the shop asked for.
    pub(super) fn locale(&self) -> Option<&str> {
        self.session.as_ref()?.locale.as_deref()
    }

    /// The name of a seller.
    pub(super) fn seller(&self, id: SellerId) -> String {
        self.sellers.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}
