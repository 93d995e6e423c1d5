//! Discounts of sessions: applied, counted when a bank is first asked, given back unpaid.

use crate::catalogue::coupon::Coupon;
use crate::catalogue::name::Name;
use crate::catalogue::promotion_code::PromotionCode;
use crate::checkout::CheckoutSession;
use crate::checkout::discount::AppliedDiscount;
use crate::command::{DiscountBy, NewDiscount};
use crate::id::CustomerId;
use crate::key::RowKey;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::view::Stop;

use super::draft::Draft;

/// Gives a session a discount, in place of the one that it has.
///
/// Refuses `NotFound`, `DiscountOver`, `RedemptionsExhausted`, `CodeOfAnotherCustomer`,
/// `FirstPurchaseOnly`. Whether it is for the basket, its sums say.
pub(super) fn apply(
    draft: &mut Draft<'_>,
    session: &mut CheckoutSession,
    new: NewDiscount,
) -> Result<(), Stop> {
    let (coupon, code) = match new.by {
        DiscountBy::Coupon(coupon) => (coupon, None),
        DiscountBy::Code(code) => {
            let code: PromotionCode = draft.get(&code)?;
            (code.coupon.id, Some(code))
        }
    };
    let coupon: Coupon = draft.get(&coupon)?;
    if coupon.is_over(draft.now) || code.as_ref().is_some_and(|code| code.is_over(draft.now)) {
        return Err(Refusal::DiscountOver.into());
    }
    if coupon.is_used_up() || code.as_ref().is_some_and(PromotionCode::is_used_up) {
        return Err(Refusal::RedemptionsExhausted.into());
    }
    if let Some(code) = &code {
        if code.customer.is_some() && code.customer != session.customer {
            return Err(Refusal::CodeOfAnotherCustomer.into());
        }
        if code.first_time_only && !new.is_first_purchase {
            return Err(Refusal::FirstPurchaseOnly.into());
        }
    }
    give_back(draft, session)?;
    let id = draft.id();
    let applied = AppliedDiscount::of(id, &coupon, code.as_ref(), draft.now);
    session.discount = Some(Box::new(applied));
    Ok(())
}

/// Counts a session's discount as redeemed, as its first payment is tried. The counters are rows
/// that are written in the same changes, so that two buyers cannot have the last one.
///
/// Refuses `RedemptionsExhausted`, and `FirstPurchaseOnly` where the customer has used up the
/// first purchase in another session.
pub(super) fn redeem(draft: &mut Draft<'_>, session: &mut CheckoutSession) -> Result<(), Stop> {
    let Some(mut discount) = session.discount.clone().filter(|discount| !discount.redeemed) else {
        return Ok(());
    };
    need(draft, session)?;
    let mut coupon: Coupon = draft.get(&discount.coupon.id)?;
    if coupon.is_used_up() {
        return Err(Refusal::RedemptionsExhausted.into());
    }
    coupon.times_redeemed = coupon.times_redeemed.saturating_add(1);
    draft.put(coupon);
    if let Some(id) = discount.promotion_code {
        let mut code: PromotionCode = draft.get(&id)?;
        if code.is_used_up() {
            return Err(Refusal::RedemptionsExhausted.into());
        }
        code.times_redeemed = code.times_redeemed.saturating_add(1);
        draft.put(code);
    }
    if let Some(key) = first_purchase(draft, session) {
        let known: Option<Name> = draft.find(&key)?;
        if known.as_ref().is_some_and(|known| known.target.is_some()) {
            return Err(Refusal::FirstPurchaseOnly.into());
        }
        let created = known.map_or(draft.now, |known| known.created);
        draft.put(Name { key, created, target: Some(session.id.to_string()) });
    }
    discount.redeemed = true;
    session.discount = Some(discount);
    Ok(())
}

/// Counts a session's discount as not redeemed: nothing was paid with it.
pub(super) fn give_back(draft: &mut Draft<'_>, session: &mut CheckoutSession) -> Result<(), Stop> {
    let Some(mut discount) = session.discount.clone().filter(|discount| discount.redeemed) else {
        return Ok(());
    };
    need(draft, session)?;
    let mut coupon: Coupon = draft.get(&discount.coupon.id)?;
    coupon.times_redeemed = coupon.times_redeemed.saturating_sub(1);
    draft.put(coupon);
    if let Some(id) = discount.promotion_code {
        let mut code: PromotionCode = draft.get(&id)?;
        code.times_redeemed = code.times_redeemed.saturating_sub(1);
        draft.put(code);
    }
    if let Some(key) = first_purchase(draft, session) {
        // A buyer who became a customer by this very purchase has no such name.
        let name: Option<Name> = draft.find(&key)?;
        if let Some(name) = name.filter(|name| name.target == Some(session.id.to_string())) {
            draft.put(Name { target: None, ..name });
        }
    }
    discount.redeemed = false;
    session.discount = Some(discount);
    Ok(())
}

/// Asks for the rows in which a session's discount is counted, in one round.
fn need(draft: &Draft<'_>, session: &CheckoutSession) -> Result<(), Stop> {
    draft.need(keys(draft, session))
}

/// The rows in which a session's discount is counted.
pub(super) fn keys(draft: &Draft<'_>, session: &CheckoutSession) -> Vec<RowKey> {
    let Some(discount) = &session.discount else { return Vec::new() };
    let coupon = RowKey::Coupon(discount.coupon.id);
    let code = discount.promotion_code.map(RowKey::PromotionCode);
    let name = first_purchase(draft, session).map(|key| Name::key(&key));
    std::iter::once(coupon).chain(code).chain(name).collect()
}

/// The name of a customer's first purchase, where the session's discount is for that alone.
/// Buyers whom the platform does not name are taken for new.
fn first_purchase(draft: &Draft<'_>, session: &CheckoutSession) -> Option<String> {
    let is_first = session.discount.as_ref().is_some_and(|discount| discount.first_time_only);
    let customer: CustomerId = session.customer.filter(|_| is_first)?;
    Some(Name::key_of(draft.platform(), "first_purchase", &customer.to_string()))
}
