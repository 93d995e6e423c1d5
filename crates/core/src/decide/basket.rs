//! What may still be changed of an open session, until a card is being charged.

use crate::checkout::CheckoutSession;
use crate::command::{Keep, NewDiscount};
use crate::id::{CheckoutSessionId, LineId};
use crate::refusal::Refusal;
use crate::row::{Record, Row};
use crate::view::Stop;

use super::discount;
use super::draft::Draft;
use super::session::{refuse_bad_sums, refuse_closed, refuse_sellers, unpaid_intent};

/// The largest sum that buyers may come to by what they choose, in minor units: networks write
/// amounts in twelve digits.
const TOTAL_MAX: i64 = 999_999_999_999;

/// Chooses another way to ship. Refused once a card is being charged: the total is then fixed.
pub(super) fn ship_by(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    choice: u16,
) -> Result<(), Stop> {
    let mut session = changeable(draft, id)?;
    if usize::from(choice) >= session.shipping_options.len() {
        return Err(Refusal::UnknownShippingOption.into());
    }
    session.shipping_choice = Some(choice);
    draft.put(session);
    Ok(())
}

/// Writes what the shop changes of an open session. Of other ways to ship the first is chosen:
/// whoever has seen another total is shown the new one first. Refused while a card is being
/// charged; and what is sold, and what is said of the payment, does not change once a payment was
/// made of it.
///
/// Refuses `Changed` when somebody wrote the session in between, and what a new session is refused
/// for.
pub(super) fn revise(draft: &mut Draft<'_>, keep: &Keep) -> Result<(), Stop> {
    let Row::CheckoutSession(new) = &keep.row else { return Err(Refusal::NotFound.into()) };
    let old = changeable(draft, new.id)?;
    draft.expect(&CheckoutSession::key(&new.id), keep.expected)?;
    let is_other_sale = old.lines != new.lines
        || old.terms != new.terms
        || old.payment_metadata != new.payment_metadata;
    if is_other_sale && old.intent.is_some() {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    let mut session = CheckoutSession {
        metadata: new.metadata.clone(),
        lines: new.lines.clone(),
        terms: new.terms.clone(),
        payment_metadata: new.payment_metadata.clone(),
        ..old
    };
    if session.shipping_options != new.shipping_options {
        let before = u16::try_from(session.shipping_options.len()).unwrap_or(u16::MAX);
        session.shipping_before = session.shipping_before.saturating_add(before);
        session.shipping_choice = if new.shipping_options.is_empty() { None } else { Some(0) };
        session.shipping_options.clone_from(&new.shipping_options);
    }
    // Not told by the sums: shipping alone may cost something.
    if session.lines.is_empty() {
        return Err(Refusal::AmountTooSmall.into());
    }
    let sellers: Vec<_> = session.lines.iter().map(|line| line.seller).collect();
    refuse_sellers(draft, &sellers, &session.terms, None)?;
    refuse_bad_sums(&session)?;
    draft.put(session);
    Ok(())
}

/// Takes another quantity of a line, or the line out of the basket where that is none. Refused
/// while a card is being charged, as another way to ship is.
///
/// Refuses `NotFound` for a line that is not there, `QuantityNotOffered` for a quantity that the
/// shop does not let the buyer take, or that would leave the basket empty, `AmountTooLarge` for a
/// sum that cannot be charged, and the sums that a new session is refused for.
pub(super) fn take(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    line: LineId,
    quantity: u32,
) -> Result<(), Stop> {
    let mut session = changeable(draft, id)?;
    let at = session.lines.iter().position(|known| known.id == line).ok_or(Refusal::NotFound)?;
    let offered = session.quantities(&session.lines[at]);
    if !offered.is_some_and(|offered| offered.contains(&quantity)) {
        return Err(Refusal::QuantityNotOffered.into());
    }
    if quantity == 0 {
        session.lines.remove(at);
    } else {
        session.lines[at].quantity = quantity;
    }
    refuse_bad_sums(&session)?;
    if session.totals()?.total.minor() > TOTAL_MAX {
        return Err(Refusal::AmountTooLarge.into());
    }
    draft.put(session);
    Ok(())
}

/// The buyer enters a promotion code, in place of the one before. Refused while a card is being
/// charged, as another way to ship is.
///
/// Refuses `CodesNotAllowed`, what [`discount::apply`] does, and the sums that a new session is
/// refused for.
pub(super) fn enter(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    new: NewDiscount,
) -> Result<(), Stop> {
    let mut session = taking_codes(draft, id)?;
    discount::apply(draft, &mut session, new)?;
    refuse_bad_sums(&session)?;
    draft.put(session);
    Ok(())
}

/// The buyer takes the promotion code away. Refused as entering one is.
pub(super) fn remove(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let mut session = taking_codes(draft, id)?;
    discount::give_back(draft, &mut session)?;
    session.discount = None;
    draft.put(session);
    Ok(())
}

/// A session whose buyer may enter codes.
fn taking_codes(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<CheckoutSession, Stop> {
    let session = changeable(draft, id)?;
    if session.page.allow_codes == Some(true) && session.setup.is_none() {
        return Ok(session);
    }
    Err(Refusal::CodesNotAllowed.into())
}

/// A session of which no card is being charged.
fn changeable(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<CheckoutSession, Stop> {
    let session: CheckoutSession = draft.get(&id)?;
    refuse_closed(draft, &session)?;
    if let Some(intent) = unpaid_intent(draft, &session)? {
        // Read, so that a *Pay now* at the same moment conflicts instead of charging another sum.
        draft.put(intent);
    }
    Ok(session)
}
