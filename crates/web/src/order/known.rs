//! One order as its pages see it: the order, where its money is, and what happened to it.

use holdfast_core::event::{Event, EventKind};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{OrderId, PlatformId};
use holdfast_core::key::RowKind;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::{Claim as StoredClaim, Order, OrderState, ReleaseReason};
use holdfast_core::payment::refund::{Refund, RefundReason};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;
use holdfast_engine::query::{Created, EventsQuery, PAGE_MAX, Page, RowsQuery};
use holdfast_engine::{Engine, StoreError};

use super::views::{Claim, Parcel, Ruling};
use crate::pay::purchase::seller_name;

/// An order with what is told of it.
#[derive(Debug)]
pub(crate) struct KnownOrder {
    pub(crate) order: Order,
    pub(crate) held: Option<HeldFunds>,
    pub(crate) refunds: Vec<Refund>,
    /// The seller's name.
    pub(crate) seller: String,
    /// What happened to the order, the oldest first.
    pub(crate) events: Vec<Event>,
}

impl KnownOrder {
    /// Loads an order; `None` when it is not there.
    pub(crate) async fn load(
        engine: &Engine,
        platform: PlatformId,
        id: OrderId,
    ) -> Result<Option<KnownOrder>, StoreError> {
        match engine.find::<Order>(platform, &id).await? {
            Some(order) => KnownOrder::around(engine, platform, order).await.map(Some),
            None => Ok(None),
        }
    }

    /// Loads what is told of an order.
    pub(crate) async fn around(
        engine: &Engine,
        platform: PlatformId,
        order: Order,
    ) -> Result<KnownOrder, StoreError> {
        let held = match order.held_funds() {
            Some(id) => engine.find::<HeldFunds>(platform, &id).await?,
            None => None,
        };
        let seller = engine.find::<Seller>(platform, &order.seller).await?;
        let refunds = RowsQuery::newest(platform, RowKind::Refund, PAGE_MAX).linked(&order.id);
        let refunds = engine.read().rows(&refunds).await?;
        Ok(KnownOrder {
            seller: seller.map_or_else(|| order.seller.to_string(), |seller| seller_name(&seller)),
            refunds: refunds.iter().filter_map(Refund::of_row).cloned().collect(),
            events: events_of(engine, platform, &order).await?,
            held,
            order,
        })
    }

    /// When the last event of a kind happened.
    pub(crate) fn at(&self, kind: EventKind) -> Option<Timestamp> {
        self.events.iter().rev().find(|event| event.kind == kind).map(|event| event.at)
    }

    /// The parcel, once shipped.
    pub(crate) fn parcel(&self) -> Option<Parcel> {
        let shipment = self.order.shipments.last()?;
        Some(Parcel {
            carrier: shipment.carrier.clone(),
            tracking_number: shipment.tracking_number.clone(),
            shipped_at: shipment.at,
            delivered_at: self.at(EventKind::OrderDelivered),
        })
    }

    /// The claim, once opened. After its ruling the order no longer holds it; its event does.
    pub(crate) fn claim(&self) -> Result<Option<Claim>, MoneyError> {
        let Some(claim) = self.opened_claim() else { return Ok(None) };
        Ok(Some(Claim {
            reason: claim.reason,
            description: claim.description.clone(),
            opened_at: claim.at,
            ruling: self.ruling()?,
        }))
    }

    fn opened_claim(&self) -> Option<&StoredClaim> {
        let mut events = self.events.iter().rev();
        let opened = events.find(|event| event.kind == EventKind::OrderClaimOpened);
        let then = opened.and_then(|event| Order::of_row(&event.object));
        claim_in(&self.order).or_else(|| then.and_then(claim_in))
    }

    fn ruling(&self) -> Result<Option<Ruling>, MoneyError> {
        let Some(at) = self.at(EventKind::OrderClaimRuled) else { return Ok(None) };
        let currency = self.order.total.currency();
        let releases = self.held.iter().flat_map(|held| &held.releases);
        let ruled = releases.filter(|release| release.reason == ReleaseReason::Ruling);
        let to_seller = Money::sum(currency, ruled.map(|release| release.amount))?;
        let refunds = self.refunds.iter().filter(|refund| refund.reason == RefundReason::Ruling);
        let shares = refunds.flat_map(|refund| &refund.shares);
        let own = shares.filter(|share| share.order == Some(self.order.id));
        let to_buyer = own.map(|share| share.total()).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Ruling { to_buyer: Money::sum(currency, to_buyer)?, to_seller, at }))
    }

    /// What is held for the order now.
    pub(crate) fn held_now(&self) -> Result<Money, MoneyError> {
        let none = Money::zero(self.order.total.currency());
        self.held.as_ref().map_or(Ok(none), HeldFunds::left)
    }
}

fn claim_in(order: &Order) -> Option<&StoredClaim> {
    match &order.state {
        OrderState::InClaim { claim } => Some(claim),
        OrderState::AwaitingShipment { .. }
        | OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => None,
    }
}

/// What happened to an order: its events among those of its payment, the oldest first.
async fn events_of(
    engine: &Engine,
    platform: PlatformId,
    order: &Order,
) -> Result<Vec<Event>, StoreError> {
    let kinds = EventKind::ALL.iter().copied();
    let query = EventsQuery {
        platform,
        payment: Some(order.intent),
        kinds: kinds.filter(|kind| kind.name().starts_with("order.")).collect(),
        created: Created::default(),
        page: Page::first(PAGE_MAX),
    };
    let mut events = engine.read().events(&query).await?;
    events.retain(|event| Order::of_row(&event.object).is_some_and(|row| row.id == order.id));
    events.reverse();
    Ok(events)
}
