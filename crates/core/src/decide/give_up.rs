//! Questions of a bank to a cardholder that need no answer any more.

use crate::currency::Currency;
use crate::effect::{Ask, EffectKind, HoldChange, HoldOf, HoldRequest};
use crate::id::SetupAttemptId;
use crate::money::Money;
use crate::payment::attempt::{Attempt, Challenge};

use super::draft::Draft;

/// Tells the network that a cardholder need not be asked any more: a late confirmation then finds
/// the question closed. A challenge that the network has not named runs out by itself.
pub(super) fn payment(draft: &mut Draft<'_>, attempt: &Attempt, challenge: &Challenge) {
    question(draft, HoldOf::Payment(attempt.id), attempt.amount, challenge);
}

/// As [`payment`], for the question whether a card may be kept.
pub(super) fn setup(draft: &mut Draft<'_>, id: SetupAttemptId, challenge: &Challenge) {
    question(draft, HoldOf::Setup(id), NOTHING, challenge);
}

/// What a bank would hold that is asked whether a card may be kept, in the network's own currency.
const NOTHING: Money = Money::zero(Currency::USD);

fn question(draft: &mut Draft<'_>, attempt: HoldOf, amount: Money, challenge: &Challenge) {
    let Some(authorization) = challenge.authorization.clone() else { return };
    let (change, ask) = (HoldChange::GiveUp { tries: 0, until: challenge.expires_at }, Ask::First);
    draft.effect_now(EffectKind::Hold(HoldRequest { attempt, authorization, amount, change, ask }));
}
