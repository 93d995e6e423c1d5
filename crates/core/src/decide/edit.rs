//! What the platform says about a payment: its words at any time, its terms before a card is
//! charged.

use crate::command::Keep;
use crate::money::Money;
use crate::payment::intent::{IntentState, PaymentIntent};
use crate::refusal::Refusal;
use crate::row::{Record, Row};
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::Draft;

/// Writes a payment as the platform wants it.
///
/// Refuses `Changed` when somebody wrote it in between or a bank is asked to hold more, and
/// `PaymentUnexpectedState` for what its state does not allow any more: the sum, the card and how
/// it is charged once a card is being charged, or where a session has set them; the money's way
/// once it is taken or given up. A way that does not fit the sum is refused as `Notes::check_way`
/// says.
pub(super) fn payment(draft: &mut Draft<'_>, keep: &Keep) -> Result<(), Stop> {
    let Row::PaymentIntent(new) = &keep.row else { return Err(Refusal::NotFound.into()) };
    let old: PaymentIntent = draft.get(&new.id)?;
    draft.expect(&PaymentIntent::key(&new.id), keep.expected)?;
    old.refuse_growing()?;
    let rest =
        |row: &PaymentIntent| (row.created, row.session, row.state.clone(), row.orders.clone());
    assert!(rest(&old) == rest(new) && old.secret == new.secret, "an edit of more than words");
    let same_way = old.notes.same_way(&new.notes);
    if !same_way || old.amount != new.amount {
        new.notes.check_way(new.amount)?;
    }
    if !may_become(&old, new) {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    if let (Some(data), false) = (&new.notes.transfer_data, same_way) {
        draft.rely_on::<Seller>(&data.destination)?;
    }
    // Nothing is taken yet where the currency may change.
    let captured = Money::new(old.captured.minor(), new.amount.currency());
    draft.put(PaymentIntent { captured, ..new.clone() });
    Ok(())
}

fn may_become(old: &PaymentIntent, new: &PaymentIntent) -> bool {
    let same_terms = old.amount == new.amount
        && old.capture_method == new.capture_method
        && (old.customer, old.method, old.future_usage)
            == (new.customer, new.method, new.future_usage)
        && old.notes.same_charge(&new.notes);
    let same_way = old.notes.same_way(&new.notes);
    let is_session = old.session.is_some();
    match old.state {
        IntentState::RequiresPaymentMethod { .. } | IntentState::RequiresConfirmation { .. } => {
            same_terms || !is_session
        }
        IntentState::RequiresCapture { .. } => same_terms,
        IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => same_terms && same_way,
    }
}
