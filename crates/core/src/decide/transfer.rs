//! The platform's money moved to sellers, and moved back.

use std::collections::BTreeMap;

use crate::command::{CreateReversal, CreateTransfer};
use crate::event::EventKind;
use crate::id::{AttemptId, PaymentIntentId, RefundId, SellerId, TransferReversalId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::sale::Sale;
use crate::seller::Seller;
use crate::transfer::{Transfer, TransferReversal};
use crate::view::Stop;

use super::draft::{About, Draft};
use super::fee;

/// Moves the platform's money to a seller because the platform asks for it.
///
/// Refuses `NotFound` for the seller or the charge, `SourceUnusable` for a charge that has taken
/// nothing or whose money is held for orders, `CurrencyMismatch`, `TransferExceedsCharge`,
/// `TooManyTransfers`, `AmountTooSmall`; the commit refuses `BalanceInsufficient`.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateTransfer) -> Result<(), Stop> {
    draft.get::<Seller>(&create.destination)?;
    let mut money = NewTransfer {
        amount: Money::zero(create.currency),
        destination: create.destination,
        source: None,
        group: create.group.clone(),
        description: create.description.clone(),
        metadata: create.metadata.clone(),
    };
    let mut left = None;
    if let Some(source) = create.source {
        let (intent, most) = source_of(draft, source)?;
        money.source = Some((source, intent.id));
        money.group = money.group.or(intent.transfer_group);
        left = Some(most);
    }
    money.amount = create.amount.or(left).ok_or(Refusal::AmountTooSmall)?;
    if money.amount.currency() != create.currency {
        return Err(Refusal::CurrencyMismatch.into());
    }
    if let Some(left) = left
        && money.amount.exceeds(left)?
    {
        return Err(Refusal::TransferExceedsCharge.into());
    }
    make(draft, money)?;
    Ok(())
}

/// The payment of a charge that money may come out of, and how much still may.
fn source_of(draft: &Draft<'_>, source: AttemptId) -> Result<(PaymentIntent, Money), Stop> {
    let attempt: Attempt = draft.get(&source)?;
    draft.need([PaymentIntent::key(&attempt.intent), Sale::key(&source)])?;
    let intent: PaymentIntent = draft.get(&attempt.intent)?;
    let sale: Option<Sale> = draft.find(&source)?;
    let (Some(hold), Some(sale)) = (attempt.authorization(), sale) else {
        return Err(Refusal::SourceUnusable.into());
    };
    Ok((intent, hold.captured.checked_sub(sale.transferred)?))
}

/// A transfer that nothing speaks against any more.
pub(super) struct NewTransfer {
    pub(super) amount: Money,
    pub(super) destination: SellerId,
    /// The charge that it comes out of, and its payment.
    pub(super) source: Option<(AttemptId, PaymentIntentId)>,
    pub(super) group: Option<String>,
    pub(super) description: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// Books a transfer. Out of a charge it takes what is unsettled first; that is settled at the
/// seller when the charge is.
pub(super) fn make(draft: &mut Draft<'_>, new: NewTransfer) -> Result<Transfer, Stop> {
    if !new.amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    let none = Money::zero(new.amount.currency());
    let mut transfer = Transfer {
        id: draft.id(),
        created: draft.now,
        amount: new.amount,
        reversed: none,
        reversals: 0,
        destination: new.destination,
        source: new.source.map(|(source, _)| source),
        intent: new.source.map(|(_, intent)| intent),
        group: new.group,
        description: new.description,
        metadata: new.metadata,
        entry: None,
    };
    let mut about =
        About { payment: transfer.intent, source: transfer.id.to_string(), settles_at: None };
    let mut pending = none;
    if let Some(source) = transfer.source {
        let mut sale: Sale = draft.get(&source)?;
        pending = sale.pass(transfer.amount, transfer.id, transfer.destination)?;
        sale.transferred = sale.transferred.checked_add(transfer.amount)?;
        about.settles_at = sale.settles_at().filter(|_| pending.is_positive());
        draft.put(sale);
    }
    let rest = transfer.amount.checked_sub(pending)?;
    let seller = transfer.destination;
    transfer.entry = draft.post(EntryReason::Transfer, about, moved(seller, pending, rest));
    draft.event(EventKind::TransferCreated, &transfer);
    draft.put(transfer.clone());
    Ok(transfer)
}

/// Unsettled and settled money from the platform to a seller.
fn moved(seller: SellerId, pending: Money, rest: Money) -> Postings {
    Postings::new()
        .debit(Account::PlatformPending, pending)
        .credit(Account::SellerPending(seller), pending)
        .debit(Account::PlatformAvailable, rest)
        .credit(Account::SellerAvailable(seller), rest)
}

/// Moves some of a transfer back because the platform asks for it, all that is left when no amount
/// is given.
///
/// Refuses `NotFound`, `ReversalExceedsTransfer`, `AmountTooSmall`, `CurrencyMismatch`; the commit
/// refuses `BalanceInsufficient` when the seller has it no more.
pub(super) fn reverse(draft: &mut Draft<'_>, create: &CreateReversal) -> Result<(), Stop> {
    let transfer: Transfer = draft.get(&create.transfer)?;
    draft.need(transfer.source.map(|source| Sale::key(&source)))?;
    let left = transfer.left()?;
    let amount = create.amount.unwrap_or(left);
    if left.is_zero() || amount.exceeds(left)? {
        return Err(Refusal::ReversalExceedsTransfer.into());
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    if create.with_fee {
        fee::with_reversal(draft, &transfer, amount)?;
    }
    let back = Back {
        amount,
        refund: None,
        description: create.description.clone(),
        metadata: create.metadata.clone(),
    };
    take_back(draft, transfer, back)?;
    Ok(())
}

/// What is moved back of a transfer, and why.
pub(super) struct Back {
    pub(super) amount: Money,
    pub(super) refund: Option<RefundId>,
    pub(super) description: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// Books a reversal that is within what is left of the transfer.
pub(super) fn take_back(
    draft: &mut Draft<'_>,
    mut transfer: Transfer,
    back: Back,
) -> Result<TransferReversalId, Stop> {
    let amount = back.amount;
    transfer.reversed = transfer.reversed.checked_add(amount)?;
    transfer.reversals = transfer.reversals.saturating_add(1);
    assert!(transfer.left()?.minor() >= 0, "more was moved back than was transferred");
    let mut pending = Money::zero(amount.currency());
    if let Some(source) = transfer.source {
        let mut sale: Sale = draft.get(&source)?;
        pending = sale.take_back(transfer.id, amount)?;
        sale.transferred = sale.transferred.checked_sub(amount)?;
        draft.put(sale);
    }
    let mut reversal = TransferReversal {
        id: draft.id(),
        created: draft.now,
        transfer: transfer.id,
        amount,
        refund: back.refund,
        intent: transfer.intent,
        description: back.description,
        metadata: back.metadata,
        entry: None,
    };
    let postings = moved(transfer.destination, pending, amount.checked_sub(pending)?).reversed();
    let (payment, source) = (transfer.intent, reversal.id.to_string());
    let about = About { payment, source, settles_at: None };
    reversal.entry = draft.post(EntryReason::TransferReversal, about, postings);
    let id = reversal.id;
    draft.event(EventKind::TransferReversed, &transfer);
    draft.put(transfer);
    draft.put(reversal);
    Ok(id)
}
