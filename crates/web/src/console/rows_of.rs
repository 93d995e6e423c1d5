//! From stored rows to the rows of the console's tables, with the names that they need, loaded in
//! batches: a list of fifty payments costs three reads, not a hundred and fifty.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::event::Event;
use holdfast_core::id::{AttemptId, CheckoutSessionId, SellerId};
use holdfast_core::key::RowKey;
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::row::{Record, Row};
use holdfast_core::seller::Seller;
use holdfast_engine::StoreError;

use super::status::PaymentStatus;
use super::surface::Console;
use super::views::{EventRow, OrderRow, PaymentRow};
use crate::address::wire_session;
use crate::order::view_of::status;
use crate::pay::purchase::seller_name;
use crate::pay::view_of::{card, ship_by};

/// Sellers' names by their ids.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<SellerId, String>);

impl Names {
    /// The name of a seller; its id when it is not known.
    pub(crate) fn of(&self, id: SellerId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

impl Console {
    /// The rows under keys, each once; those that are not there are left out.
    pub(crate) async fn load_all<R: Record>(
        &self,
        ids: impl IntoIterator<Item = R::Id>,
    ) -> Result<Vec<R>, StoreError> {
        let keys: BTreeSet<RowKey> = ids.into_iter().map(|id| R::key(&id)).collect();
        let keys: Vec<RowKey> = keys.into_iter().collect();
        let found = self.parts.engine.load(self.parts.platform, &keys).await?;
        let rows = found.iter().flatten().filter_map(|stored| R::of_row(&stored.row));
        Ok(rows.cloned().collect())
    }

    /// The names of sellers.
    pub(crate) async fn names(
        &self,
        ids: impl IntoIterator<Item = SellerId>,
    ) -> Result<Names, StoreError> {
        let sellers = self.load_all::<Seller>(ids).await?;
        Ok(Names(sellers.iter().map(|seller| (seller.id, seller_name(seller))).collect()))
    }

    /// Payments as a table shows them.
    pub(crate) async fn payment_rows(&self, rows: &[Row]) -> Result<Vec<PaymentRow>, StoreError> {
        let intents: Vec<&PaymentIntent> = rows.iter().filter_map(PaymentIntent::of_row).collect();
        let sessions = intents.iter().filter_map(|intent| intent.session);
        let sessions = self.load_all::<CheckoutSession>(sessions).await?;
        let attempts = intents.iter().filter_map(|intent| intent.attempt());
        let attempts = self.load_all::<Attempt>(attempts).await?;
        let sellers =
            sessions.iter().flat_map(|session| &session.lines).filter_map(|line| line.seller);
        let names = self.names(sellers).await?;
        let around = Around {
            sessions: sessions.into_iter().map(|session| (session.id, session)).collect(),
            attempts: attempts.into_iter().map(|attempt| (attempt.id, attempt)).collect(),
            names,
        };
        Ok(intents.into_iter().map(|intent| around.payment_row(intent)).collect())
    }

    /// Orders as a table shows them.
    pub(crate) async fn order_rows(&self, orders: &[Order]) -> Result<Vec<OrderRow>, StoreError> {
        let names = self.names(orders.iter().map(|order| order.seller)).await?;
        Ok(orders.iter().map(|order| order_row(order, names.of(order.seller))).collect())
    }
}

/// What the rows of payments name.
struct Around {
    sessions: BTreeMap<CheckoutSessionId, CheckoutSession>,
    attempts: BTreeMap<AttemptId, Attempt>,
    names: Names,
}

impl Around {
    fn payment_row(&self, intent: &PaymentIntent) -> PaymentRow {
        let attempt = intent.attempt().and_then(|id| self.attempts.get(&id));
        PaymentRow {
            id: intent.id.to_string(),
            status: payment_status(&intent.state),
            unknown: attempt.is_some_and(|it| matches!(it.state, AttemptState::Unknown { .. })),
            amount: intent.amount,
            created: intent.created,
            card: attempt.and_then(|attempt| attempt.card.as_ref()).map(card),
            sellers: self.sellers(intent),
        }
    }

    fn sellers(&self, intent: &PaymentIntent) -> String {
        let session = intent.session.and_then(|id| self.sessions.get(&id));
        let mut names: Vec<String> = Vec::new();
        for line in session.into_iter().flat_map(|session| &session.lines) {
            let Some(seller) = line.seller else { continue };
            let name = self.names.of(seller);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }
}

/// An order as a table shows it.
pub(crate) fn order_row(order: &Order, seller: String) -> OrderRow {
    OrderRow {
        id: order.id.to_string(),
        status: status(order),
        seller,
        total: order.total,
        created: order.created,
        ship_by: ship_by(order),
        can_ship: order.awaits_shipment(),
    }
}

/// An event as a list shows it.
pub(crate) fn event_row(console: &Console, event: &Event) -> EventRow {
    let session = CheckoutSession::of_row(&event.object).map(|session| session.id);
    let object = session.map(|id| wire_session(id, console.is_test()));
    EventRow {
        id: event.id.to_string(),
        kind: event.kind.name().to_owned(),
        at: event.at,
        object: object.unwrap_or_else(|| event.object.key().id()),
    }
}

/// How a payment stands.
pub(crate) fn payment_status(state: &IntentState) -> PaymentStatus {
    match state {
        IntentState::RequiresPaymentMethod { .. } => PaymentStatus::RequiresPaymentMethod,
        IntentState::RequiresConfirmation { .. } => PaymentStatus::RequiresConfirmation,
        IntentState::Processing { .. } => PaymentStatus::Processing,
        IntentState::RequiresAction { .. } => PaymentStatus::RequiresAction,
        IntentState::RequiresCapture { .. } => PaymentStatus::RequiresCapture,
        IntentState::Succeeded { .. } => PaymentStatus::Succeeded,
        IntentState::Canceled { .. } => PaymentStatus::Canceled,
    }
}
