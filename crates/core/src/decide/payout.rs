//! Payouts: out of a balance, to the bank, and back where the bank says no.

use crate::bank::{BankBehaviour, PayoutFailure, RefusedByBank};
use crate::command::{CreatePayout, PayoutCommand};
use crate::effect::{Ask, EffectKind, PayoutRequest, Timer};
use crate::event::EventKind;
use crate::id::{BankAccountId, Id, PayoutId};
use crate::ledger::{EntryReason, Postings};
use crate::payout::{Payout, PayoutMethod, PayoutOutcome, PayoutOwner, PayoutState};
use crate::refusal::Refusal;
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::view::Stop;

use super::capture;
use super::draft::{About, Draft};

/// Carries out what is asked about payouts.
pub(super) fn apply(draft: &mut Draft<'_>, command: &PayoutCommand) -> Result<(), Stop> {
    match command {
        PayoutCommand::Create(create) => self::create(draft, create),
        PayoutCommand::Cancel(id) => cancel(draft, *id),
        PayoutCommand::Record(id, outcome) => record(draft, *id, outcome),
    }
}

/// Takes the amount out of the balance, and plans the way to the bank.
///
/// Refuses `NotFound` for another's bank account, `PayoutsNotAllowed` without one of the currency,
/// `CurrencyMismatch` for one of another, `BankAccountUnusable` for one that its bank has refused,
/// `InstantPayoutsUnsupported`, `InstantPayoutsLimitExceeded`; the commit refuses
/// `BalanceInsufficient`.
fn create(draft: &mut Draft<'_>, create: &CreatePayout) -> Result<(), Stop> {
    let to = destination(draft, create)?;
    if create.method == PayoutMethod::Instant {
        if !to.takes_instant {
            return Err(Refusal::InstantPayoutsUnsupported.into());
        }
        if create.amount.exceeds(draft.rules().instant_payout_max(create.amount.currency()))? {
            return Err(Refusal::InstantPayoutsLimitExceeded.into());
        }
    }
    let (state, arrives_at) = plan(draft, create.method);
    let mut payout = Payout {
        id: draft.id(),
        created: draft.now,
        owner: create.owner,
        amount: create.amount,
        from_fees: create.from_fees,
        method: create.method,
        source: create.source,
        destination: to.id,
        behaviour: to.behaviour,
        description: create.description.clone(),
        statement_descriptor: create.statement_descriptor.clone(),
        metadata: create.metadata.clone(),
        arrives_at,
        entry: None,
        failure_entry: None,
        state,
    };
    payout.entry = draft.post(EntryReason::Payout, about(&payout), payout.postings()?);
    match payout.state {
        PayoutState::Pending { send_at } => {
            draft.effect_at(send_at, EffectKind::Timer(Timer::Payout(payout.id)));
        }
        PayoutState::Sending { .. }
        | PayoutState::InTransit { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Failed { .. }
        | PayoutState::Canceled { .. } => {
            draft.effect_now(request(&payout, Ask::First));
        }
    }
    draft.event(EventKind::PayoutCreated, &payout);
    draft.put(payout);
    Ok(())
}

/// Where a payout goes.
struct Destination {
    id: BankAccountId,
    behaviour: BankBehaviour,
    takes_instant: bool,
}

fn destination(draft: &Draft<'_>, create: &CreatePayout) -> Result<Destination, Stop> {
    let currency = create.amount.currency();
    let seller = match create.owner {
        PayoutOwner::Seller(id) => draft.get::<Seller>(&id)?,
        PayoutOwner::Platform => {
            let own = BankAccountId::from_number(draft.platform().number());
            if create.destination.is_some_and(|named| named != own) {
                return Err(Refusal::NotFound.into());
            }
            // The platform's account at the sandbox's bank takes every currency.
            let behaviour = BankBehaviour::Pays;
            return Ok(Destination { id: own, behaviour, takes_instant: true });
        }
    };
    let account = match create.destination {
        Some(id) => seller.bank_account(id).ok_or(Refusal::NotFound)?,
        None => seller.default_bank_account(currency).ok_or(Refusal::PayoutsNotAllowed)?,
    };
    if account.currency != currency {
        return Err(Refusal::CurrencyMismatch.into());
    }
    if account.refused.is_some() {
        return Err(Refusal::BankAccountUnusable.into());
    }
    let (id, takes_instant) = (account.id, account.takes_instant());
    Ok(Destination { id, behaviour: account.behaviour, takes_instant })
}

/// How a payout begins and when it should be there.
fn plan(draft: &Draft<'_>, method: PayoutMethod) -> (PayoutState, Timestamp) {
    let rules = draft.rules();
    match method {
        PayoutMethod::Standard => {
            let send_at = draft.now.after(rules.payout_delay);
            let arrives_at = send_at.after_business_days(rules.payout_business_days);
            (PayoutState::Pending { send_at }, arrives_at)
        }
        PayoutMethod::Instant => {
            (PayoutState::Sending { looks: 0 }, draft.now.after(rules.instant_payout_arrival))
        }
    }
}

/// Calls a payout off before it has left. Refuses `NotFound`, `PayoutUnexpectedState`.
fn cancel(draft: &mut Draft<'_>, id: PayoutId) -> Result<(), Stop> {
    let mut payout: Payout = draft.get(&id)?;
    if !matches!(payout.state, PayoutState::Pending { .. }) {
        return Err(Refusal::PayoutUnexpectedState.into());
    }
    let back = payout.postings()?.reversed();
    payout.failure_entry = draft.post(EntryReason::PayoutCanceled, about(&payout), back);
    payout.state = PayoutState::Canceled { at: draft.now };
    draft.event(EventKind::PayoutCanceled, &payout);
    draft.put(payout);
    Ok(())
}

/// A moment of a payout has come: it leaves, or it should have arrived.
pub(super) fn ring(draft: &mut Draft<'_>, id: PayoutId) -> Result<(), Stop> {
    let mut payout: Payout = draft.get(&id)?;
    match payout.state {
        PayoutState::Pending { send_at } if draft.now >= send_at => {
            payout.state = PayoutState::Sending { looks: 0 };
            draft.effect_now(request(&payout, Ask::First));
            draft.event(EventKind::PayoutUpdated, &payout);
            draft.put(payout);
        }
        PayoutState::InTransit { .. } => {
            draft.effect_now(request(&payout, Ask::Look));
        }
        // Too early, on the way already, or over.
        PayoutState::Pending { .. }
        | PayoutState::Sending { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Failed { .. }
        | PayoutState::Canceled { .. } => {}
    }
    Ok(())
}

/// Records what the bank answered. Repeating an answer changes nothing.
fn record(draft: &mut Draft<'_>, id: PayoutId, outcome: &PayoutOutcome) -> Result<(), Stop> {
    let payout: Payout = draft.get(&id)?;
    let is_sent =
        matches!(payout.state, PayoutState::Sending { .. } | PayoutState::InTransit { .. });
    if !is_sent {
        return Ok(());
    }
    match outcome {
        PayoutOutcome::Accepted { reference, arrives_at } => {
            accepted(draft, payout, reference, *arrives_at);
            Ok(())
        }
        PayoutOutcome::Paid { reference } => paid(draft, payout, reference),
        PayoutOutcome::Failed { code } => failed(draft, payout, code),
        PayoutOutcome::NeverSent | PayoutOutcome::Unknown => {
            ask_again(draft, payout, outcome);
            Ok(())
        }
    }
}

/// The bank has it. When it should be there, the bank is asked whether it is.
fn accepted(draft: &mut Draft<'_>, mut payout: Payout, reference: &str, arrives_at: Timestamp) {
    let looks = match payout.state {
        PayoutState::InTransit { looks, .. } => looks.saturating_add(1),
        PayoutState::Sending { .. }
        | PayoutState::Pending { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Failed { .. }
        | PayoutState::Canceled { .. } => 0,
    };
    let is_news = arrives_at != payout.arrives_at;
    payout.arrives_at = arrives_at;
    payout.state = PayoutState::InTransit { reference: reference.to_owned(), looks };
    // Its clock may be a little behind ours.
    let soon = draft.now.after(draft.rules().wait_before_look(looks));
    let when = arrives_at.max(soon);
    draft.effect_at(when, EffectKind::Timer(Timer::Payout(payout.id)));
    if is_news {
        draft.event(EventKind::PayoutUpdated, &payout);
    }
    draft.put(payout);
}

fn paid(draft: &mut Draft<'_>, mut payout: Payout, reference: &str) -> Result<(), Stop> {
    let postings = Postings::new()
        .debit(payout.paying(), payout.amount)
        .credit(crate::ledger::Account::ProcessorClearing, payout.amount);
    draft.post(EntryReason::PayoutPaid, about(&payout), postings);
    payout.state = PayoutState::Paid { reference: reference.to_owned(), at: draft.now };
    draft.event(EventKind::PayoutPaid, &payout);
    draft.put(payout);
    Ok(())
}

/// The bank did not pay it: the money is back where it came from.
fn failed(draft: &mut Draft<'_>, mut payout: Payout, code: &str) -> Result<(), Stop> {
    let back = payout.postings()?.reversed();
    payout.failure_entry = draft.post(EntryReason::PayoutFailed, about(&payout), back);
    payout.state = PayoutState::Failed { code: code.to_owned(), at: draft.now };
    draft.event(EventKind::PayoutFailed, &payout);
    if PayoutFailure::of(code).is_some_and(|failure| failure.is_of_account) {
        stop_account(draft, &payout, code)?;
    }
    draft.put(payout);
    Ok(())
}

/// Stops payouts to the seller's account for whose sake the bank refused one. Those that are on
/// their way to it go on: the bank answers them itself.
fn stop_account(draft: &mut Draft<'_>, payout: &Payout, code: &str) -> Result<(), Stop> {
    let PayoutOwner::Seller(owner) = payout.owner else { return Ok(()) };
    let Some(before) = draft.find::<Seller>(&owner)? else { return Ok(()) };
    let mut seller = before.clone();
    let refused = RefusedByBank { code: code.to_owned(), at: draft.now };
    if !seller.refuse_bank_account(payout.destination, refused) {
        return Ok(());
    }
    draft.was(&before);
    draft.event(EventKind::AccountExternalAccountUpdated, &seller);
    if seller.may_be_paid_out() != before.may_be_paid_out() {
        draft.event(EventKind::AccountUpdated, &seller);
    }
    draft.put(seller);
    Ok(())
}

/// Nobody knows what became of it: it is looked up, and sent again under the same reference only
/// if the bank never had it. It is never failed by a guess.
fn ask_again(draft: &mut Draft<'_>, mut payout: Payout, outcome: &PayoutOutcome) {
    let (ask, wait) = match &mut payout.state {
        PayoutState::Sending { looks } => {
            let is_first = *outcome == PayoutOutcome::NeverSent && *looks == 0;
            let wait = capture::wait_to_ask(draft, *looks, payout.created, is_first);
            if !is_first {
                *looks = looks.saturating_add(1);
            }
            (if is_first { Ask::First } else { Ask::Again }, wait)
        }
        PayoutState::InTransit { looks, .. } => {
            let wait = draft.rules().wait_before_look(*looks);
            *looks = looks.saturating_add(1);
            (Ask::Look, wait)
        }
        PayoutState::Pending { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Failed { .. }
        | PayoutState::Canceled { .. } => return,
    };
    draft.effect_at(draft.now.after(wait), request(&payout, ask));
    draft.put(payout);
}

fn request(payout: &Payout, ask: Ask) -> EffectKind {
    let Payout { id, amount, method, behaviour, .. } = *payout;
    EffectKind::Payout(PayoutRequest { payout: id, amount, method, account: behaviour, ask })
}

fn about(payout: &Payout) -> About {
    About { payment: None, source: payout.id.to_string(), settles_at: None }
}
