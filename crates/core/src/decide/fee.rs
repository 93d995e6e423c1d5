//! The platform's fee on a charge that went on to a seller: taken, and given back.

use std::collections::BTreeMap;

use crate::command::CreateFeeRefund;
use crate::event::EventKind;
use crate::fee::{ApplicationFee, FeeRefund};
use crate::id::{ApplicationFeeId, AttemptId, PaymentIntentId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::sale::{Onward, Sale};
use crate::transfer::Transfer;
use crate::view::Stop;

use super::draft::{About, Draft};

/// Takes a fee of what a transfer has just given a seller.
pub(super) fn take(
    draft: &mut Draft<'_>,
    transfer: &Transfer,
    (attempt, intent): (AttemptId, PaymentIntentId),
    amount: Money,
) -> Result<ApplicationFeeId, Stop> {
    let mut sale: Sale = draft.get(&attempt)?;
    let pending = sale.charge_fee(transfer.id, amount)?;
    let mut fee = ApplicationFee {
        id: draft.id(),
        created: draft.now,
        seller: transfer.destination,
        attempt,
        intent,
        transfer: transfer.id,
        amount,
        refunded: Money::zero(amount.currency()),
        refunds: 0,
        entry: None,
    };
    let mut about = About::payment(intent, &fee.id);
    about.settles_at = sale.settles_at().filter(|_| pending.is_positive());
    let postings = taken(&fee, pending, amount.checked_sub(pending)?);
    fee.entry = draft.post(EntryReason::ApplicationFee, about, postings);
    draft.event(EventKind::ApplicationFeeCreated, &fee);
    let id = fee.id;
    draft.put(fee);
    draft.put(sale);
    Ok(id)
}

/// Unsettled and settled money from a seller to the platform's fees.
fn taken(fee: &ApplicationFee, pending: Money, rest: Money) -> Postings {
    Postings::new()
        .debit(Account::SellerPending(fee.seller), pending)
        .credit(Account::PlatformPending, pending)
        .debit(Account::SellerAvailable(fee.seller), rest)
        .credit(Account::PlatformFees, rest)
}

/// Gives some of a fee back because the platform asks for it, all that is left when no amount is
/// given.
///
/// Refuses `NotFound`, `FeeRefundExceedsFee`, `AmountTooSmall`, `CurrencyMismatch`.
pub(super) fn refund(draft: &mut Draft<'_>, create: &CreateFeeRefund) -> Result<(), Stop> {
    let fee: ApplicationFee = draft.get(&create.fee)?;
    draft.need([Sale::key(&fee.attempt)])?;
    let left = fee.left()?;
    let amount = create.amount.unwrap_or(left);
    if left.is_zero() || amount.exceeds(left)? {
        return Err(Refusal::FeeRefundExceedsFee.into());
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    give_back(draft, fee, amount, create.metadata.clone())
}

/// Books a fee's refund that is within what is left of the fee.
pub(super) fn give_back(
    draft: &mut Draft<'_>,
    mut fee: ApplicationFee,
    amount: Money,
    metadata: BTreeMap<String, String>,
) -> Result<(), Stop> {
    fee.refunded = fee.refunded.checked_add(amount)?;
    fee.refunds = fee.refunds.saturating_add(1);
    assert!(fee.left()?.minor() >= 0, "more was given back than the fee was");
    let mut sale: Sale = draft.get(&fee.attempt)?;
    let pending = sale.return_fee(amount, fee.transfer, fee.seller)?;
    let mut refund = FeeRefund {
        id: draft.id(),
        created: draft.now,
        fee: fee.id,
        amount,
        intent: fee.intent,
        metadata,
        entry: None,
    };
    let postings = taken(&fee, pending, amount.checked_sub(pending)?).reversed();
    let about = About::payment(fee.intent, &refund.id);
    refund.entry = draft.post(EntryReason::ApplicationFeeRefund, about, postings);
    draft.event(EventKind::ApplicationFeeRefunded, &fee);
    draft.put(fee);
    draft.put(refund);
    draft.put(sale);
    Ok(())
}

/// Gives the seller that part of a transfer's fee back which goes with `amount` of the transfer:
/// exact over all of it, so that the last part takes what is left.
pub(super) fn with_reversal(
    draft: &mut Draft<'_>,
    transfer: &Transfer,
    amount: Money,
) -> Result<(), Stop> {
    let onward = fee_of(draft, transfer)?;
    let Some(id) = onward.and_then(|onward| onward.fee) else { return Ok(()) };
    let fee: ApplicationFee = draft.get(&id)?;
    let reversed = transfer.reversed.checked_add(amount)?;
    let rest = transfer.amount.checked_sub(reversed)?;
    let parts = fee.amount.allocate(&[reversed.minor(), rest.minor()])?;
    let target = parts.first().copied().unwrap_or(fee.amount);
    let due = target.checked_sub(fee.refunded)?;
    if due.is_positive() { give_back(draft, fee, due, BTreeMap::new()) } else { Ok(()) }
}

/// The platform's fee on a transfer, when its charge took one.
fn fee_of(draft: &Draft<'_>, transfer: &Transfer) -> Result<Option<Onward>, Stop> {
    let Some(source) = transfer.source else { return Ok(None) };
    let sale: Sale = draft.get(&source)?;
    Ok(sale.onward.into_iter().find(|onward| onward.transfer == transfer.id))
}
