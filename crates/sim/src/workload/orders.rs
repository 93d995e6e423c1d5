//! Orders and held funds: what sellers, buyers and operators do.

use holdfast_core::command::{CancelBy, Command, OpenClaim, Ruling, ShipOrder};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::OrderId;
use holdfast_core::key::RowKey;
use holdfast_core::order::{ClaimReason, Order};

use super::{Client, wishes};

/// The state of an order whose seller has to ship.
const AWAITING: &str = "awaiting_shipment";
/// The states in which the buyer is protected.
pub(super) const UNDER_WAY: [&str; 2] = ["shipped", "delivered"];

impl Client {
    fn some_order(&self, states: &[&str]) -> Option<OrderId> {
        self.town.known.standing(&self.town.dice, |ids| &ids.orders, states)
    }

    /// Does something with an order that was in one of these states.
    pub(super) async fn with_order(&self, states: &[&str], command: impl Fn(OrderId) -> Command) {
        let Some(order) = self.some_order(states) else { return };
        self.at_once(RowKey::Order(order), command(order)).await;
    }

    pub(super) async fn ship(&self) {
        let tracked = self.chance(500);
        self.with_order(&[AWAITING], |order| {
            let tracking_number = tracked.then(|| "a number".to_owned());
            Command::ShipOrder(ShipOrder { order, carrier: None, tracking_number })
        })
        .await;
    }

    pub(super) async fn cancel_order(&self) {
        let who = [(4, CancelBy::Buyer), (2, CancelBy::Seller), (1, CancelBy::Platform)];
        let by = self.town.dice.lock().weighted(&who).unwrap_or(CancelBy::Buyer);
        self.with_order(&[AWAITING], |order| Command::CancelOrder(order, by)).await;
    }

    pub(super) async fn open_claim(&self) {
        self.with_order(&UNDER_WAY, |order| {
            let reason = ClaimReason::NotReceived;
            Command::OpenClaim(OpenClaim { order, reason, description: None })
        })
        .await;
    }

    pub(super) async fn rule(&self) {
        let Some(order) = self.some_order(&["in_claim"]) else { return };
        self.rule_on(order).await;
    }

    /// An operator rules on an order, if there is a claim.
    pub(crate) async fn rule_on(&self, order: OrderId) {
        let Some(row) = self.see::<Order>(&order).await else { return };
        let ruling = {
            let mut random = self.town.dice.lock();
            match random.below(4) {
                0 => Ruling::Buyer,
                1 => Ruling::Seller,
                _ => Ruling::Split(wishes::part(&mut random, row.total)),
            }
        };
        self.at_once(RowKey::Order(order), Command::RuleClaim(order, ruling)).await;
    }

    /// An operator freezes held funds, releases them or gives them back.
    pub(super) async fn move_funds(&self) {
        let states = ["held", "frozen"];
        let funds = self.town.known.standing(&self.town.dice, |ids| &ids.funds, &states);
        let Some(funds) = funds else { return };
        let Some(row) = self.see::<HeldFunds>(&funds).await else { return };
        let Ok(left) = row.left() else { return };
        let amount = self.chance(700).then(|| wishes::part(&mut self.town.dice.lock(), left));
        let command = match self.town.dice.lock().below(5) {
            0 => Command::FreezeHeldFunds(funds),
            1 | 2 => Command::ReleaseHeldFunds(funds, amount),
            _ => Command::RefundHeldFunds(funds, amount),
        };
        self.at_once(RowKey::HeldFunds(funds), command).await;
    }
}
