//! The bank has approved: the session is complete and each seller has an order to ship.

use std::collections::BTreeMap;

use crate::address::BillingDetails;
use crate::checkout::{CheckoutSession, SellerPart, SessionState, Settling};
use crate::customer::{Customer, TaxExempt};
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{CheckoutSessionId, CustomerId, OrderId};
use crate::money::Money;
use crate::order::{Funding, Order, OrderState};
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::time::Timestamp;
use crate::view::Stop;

use super::discount;
use super::draft::Draft;

/// Completes a session and makes its orders. What each seller gets is fixed from here on.
pub(super) fn complete(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    intent: &PaymentIntent,
    attempt: &Attempt,
) -> Result<Vec<OrderId>, Stop> {
    let mut session: CheckoutSession = draft.get(&id)?;
    let ship_by = ship_by(draft, attempt);
    let mut orders = Vec::new();
    for part in session.parts()? {
        let order = order(draft, &session, intent, part, ship_by)?;
        draft.effect_at(ship_by, EffectKind::Timer(Timer::ShipBy(order.id)));
        draft.event(EventKind::OrderCreated, &order);
        orders.push(order.id);
        draft.put(order);
    }
    if session.settling == Settling::Waiting {
        session.settling = Settling::No;
        draft.event(EventKind::CheckoutSessionAsyncPaymentSucceeded, &session);
    } else {
        session.state = SessionState::Complete { at: draft.now };
        draft.event(EventKind::CheckoutSessionCompleted, &session);
    }
    draft.put(session);
    Ok(orders)
}

/// Completes a session whose card is kept.
pub(super) fn kept(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let mut session: CheckoutSession = draft.get(&id)?;
    session.state = SessionState::Complete { at: draft.now };
    draft.event(EventKind::CheckoutSessionCompleted, &session);
    draft.put(session);
    Ok(())
}

/// Who the buyer of a session is, once the bank agrees: whom the platform named, or a customer
/// made of what the buyer gave where the platform wants one. Made once: the next command that asks
/// finds it in the session, and of two at a time one is decided anew.
pub(super) fn buyer(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    billing: Option<&BillingDetails>,
) -> Result<Option<CustomerId>, Stop> {
    let mut session: CheckoutSession = draft.get(&id)?;
    if !session.makes_customer() {
        return Ok(session.customer);
    }
    let said = billing.cloned().unwrap_or_default();
    let answers = session.answers();
    let name = answers.individual_name.clone().or(answers.business_name.clone());
    let shipping = session.given.shipping.as_deref().cloned();
    let name = name.or_else(|| shipping.as_ref().map(|to| to.name.clone()));
    let customer = Customer {
        id: draft.id(),
        created: draft.now,
        deleted: false,
        name: session.given.name.clone().or(said.name).or(name),
        business_name: answers.business_name,
        individual_name: answers.individual_name,
        email: session.email().map(str::to_owned).or(said.email),
        phone: session.given.phone.clone().or(said.phone),
        description: None,
        address: session.given.address.clone().or(said.address),
        shipping,
        preferred_locales: Vec::new(),
        default_method: None,
        tax_exempt: TaxExempt::default(),
        discount: None,
        metadata: BTreeMap::new(),
    };
    session.customer = Some(customer.id);
    draft.event(EventKind::CustomerCreated, &customer);
    draft.put(customer);
    let customer = session.customer;
    draft.put(session);
    Ok(customer)
}

/// Completes a session whose payment the processor decides later. Orders are made when it has.
pub(super) fn begin(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let mut session: CheckoutSession = draft.get(&id)?;
    session.state = SessionState::Complete { at: draft.now };
    session.settling = Settling::Waiting;
    draft.event(EventKind::CheckoutSessionCompleted, &session);
    draft.put(session);
    Ok(())
}

/// The processor said no to the payment of a completed session.
pub(super) fn fail(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let mut session: CheckoutSession = draft.get(&id)?;
    discount::give_back(draft, &mut session)?;
    session.settling = Settling::Failed;
    draft.event(EventKind::CheckoutSessionAsyncPaymentFailed, &session);
    draft.put(session);
    Ok(())
}

/// The rule's business days, but never later than the moment at which an authorization without a
/// shipment is given back: a seller must not be promised a day on which the money is gone.
fn ship_by(draft: &Draft<'_>, attempt: &Attempt) -> Timestamp {
    let rules = draft.rules();
    let by_rule = draft.now.after_business_days(rules.ship_by_business_days);
    match attempt.authorization() {
        Some(hold) => by_rule.min(hold.expires_at.before(rules.authorization_margin)),
        None => by_rule,
    }
}

fn order(
    draft: &mut Draft<'_>,
    session: &CheckoutSession,
    intent: &PaymentIntent,
    part: SellerPart,
    ship_by: Timestamp,
) -> Result<Order, Stop> {
    Ok(Order {
        id: draft.id(),
        created: draft.now,
        intent: intent.id,
        session: session.id,
        seller: part.seller,
        total: part.total()?,
        refunded: Money::zero(session.currency),
        discounts: if part.discount()?.is_zero() { Vec::new() } else { part.discounts },
        lines: part.lines,
        items: part.items,
        shipping: part.shipping,
        customer_email: session.email().map(str::to_owned),
        ship_to: session.ship_to().map(Box::new),
        secret: session.secret.clone(),
        metadata: session.payment_metadata.clone(),
        shipments: Vec::new(),
        funding: Funding::Authorized,
        state: OrderState::AwaitingShipment { ship_by, cancel_request: None },
    })
}
