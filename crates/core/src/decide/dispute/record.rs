//! What the network says of the disputes of an authorization.

use crate::dispute::command::{ComplaintsRequest, LookCause};
use crate::dispute::report::{Complaints, ComplaintsOutcome, DisputeReport, WarningReport};
use crate::dispute::{Dispute, DisputeMovement, Disputed, EarlyFraudWarning, Evidence};
use crate::effect::EffectKind;
use crate::event::EventKind;
use crate::id::AttemptId;
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::row::Record;
use crate::view::Stop;

use super::super::draft::{About, Draft};
use super::{CAPTURE_LOOKS, DEADLINE_GRACE, DEADLINE_LOOK, funds, look};

/// Records what a look has found. Hearing the same again changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    request: &ComplaintsRequest,
    outcome: &ComplaintsOutcome,
) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&request.attempt)?;
    let complaints = match outcome {
        ComplaintsOutcome::Known(complaints) if makes_sense(&attempt, complaints) => complaints,
        // The network knows nothing of a payment that it never had, however often it is asked.
        ComplaintsOutcome::Unknown if !attempt.may_be_disputed() => return Ok(()),
        ComplaintsOutcome::Known(_) | ComplaintsOutcome::Unknown => {
            let tries = request.tries.saturating_add(1);
            let wait = draft.rules().wait_before_look(tries);
            look(draft, wait, (request.attempt, request.cause, tries));
            return Ok(());
        }
    };
    let known = attempt.disputes.iter().map(|it| Dispute::key(&it.dispute));
    draft.need(known.chain([PaymentIntent::key(&attempt.intent)]))?;
    for report in &complaints.disputes {
        heard(draft, attempt.id, report)?;
    }
    for report in &complaints.warnings {
        warned(draft, attempt.id, report)?;
    }
    keep_looking(draft, request, complaints)
}

/// Money is not moved on a belief: what is about other money than was taken is no answer.
fn makes_sense(attempt: &Attempt, complaints: &Complaints) -> bool {
    let reports = |report: &DisputeReport| is_sensible(attempt, report);
    complaints.disputes.iter().all(reports)
}

/// Whether a report can be about this attempt.
pub(super) fn is_sensible(attempt: &Attempt, report: &DisputeReport) -> bool {
    let captured = attempt.authorization().map(|hold| hold.captured);
    let taken = captured.is_some_and(|captured| report.amount.exceeds(captured) == Ok(false));
    let withdrawn = report.withdrawn.exceeds(report.amount) == Ok(false);
    taken && withdrawn && report.amount.is_positive() && report.withdrawn.minor() >= 0
}

/// Records what the network says of one dispute, a new one too.
fn heard(draft: &mut Draft<'_>, id: AttemptId, report: &DisputeReport) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    for disputed in &attempt.disputes {
        let dispute: Dispute = draft.get(&disputed.dispute)?;
        if dispute.reference == report.reference {
            return apply(draft, dispute, report);
        }
    }
    open(draft, attempt, report)
}

fn open(draft: &mut Draft<'_>, mut attempt: Attempt, report: &DisputeReport) -> Result<(), Stop> {
    let none = Money::zero(report.amount.currency());
    let dispute = Dispute {
        id: draft.id(),
        created: draft.now,
        intent: attempt.intent,
        attempt: attempt.id,
        reference: report.reference.clone(),
        amount: report.amount,
        withdrawn: none,
        reason: report.reason.clone(),
        network_code: report.network_code.clone(),
        brand: attempt.card.as_ref().map(|card| card.brand.clone()),
        revision: 0,
        state: report.state,
        evidence: Evidence::default(),
        response: None,
        submissions: 0,
        movements: Vec::new(),
        metadata: Default::default(),
    };
    attempt.disputes.push(Disputed { dispute: dispute.id, withdrawn: none, freezes: false });
    draft.put(attempt);
    draft.event(EventKind::ChargeDisputeCreated, &dispute);
    apply(draft, dispute, report)
}

/// Brings a dispute in line with what the network says of it. Older news than what is known
/// changes nothing.
pub(super) fn apply(
    draft: &mut Draft<'_>,
    mut dispute: Dispute,
    report: &DisputeReport,
) -> Result<(), Stop> {
    if report.revision <= dispute.revision {
        draft.put(dispute);
        return Ok(());
    }
    let is_new = dispute.revision == 0;
    let before = dispute.withdrawn;
    let as_before = dispute.state.name() == report.state.name()
        && dispute.state.changes_by() == report.state.changes_by();
    let has_changed = is_new || !as_before;
    dispute.revision = report.revision;
    if has_changed {
        dispute.state = report.state.known_at(draft.now);
    }
    dispute.withdrawn = report.withdrawn;
    if has_changed && !is_new {
        let over = dispute.state.changes_by().is_none();
        let kind =
            if over { EventKind::ChargeDisputeClosed } else { EventKind::ChargeDisputeUpdated };
        draft.event(kind, &dispute);
    }
    post(draft, &mut dispute, before)?;
    draft.put(dispute.clone());
    note(draft, &dispute)?;
    if let Some(by) = dispute.state.changes_by().filter(|_| has_changed) {
        let (attempt, cause) = (dispute.attempt, LookCause::Deadline);
        let request = ComplaintsRequest { attempt, cause, tries: 0 };
        let due = by.after(DEADLINE_GRACE).max(draft.now);
        draft.effect_at(due, EffectKind::Complaints(request));
    }
    Ok(())
}

/// Posts what the network has taken back since, or returned.
fn post(draft: &mut Draft<'_>, dispute: &mut Dispute, before: Money) -> Result<(), Stop> {
    // What the platform has more of by it.
    let amount = before.checked_sub(dispute.withdrawn)?;
    let (reason, kind) = if amount.is_positive() {
        (EntryReason::DisputeReinstated, EventKind::ChargeDisputeFundsReinstated)
    } else {
        (EntryReason::DisputeWithdrawn, EventKind::ChargeDisputeFundsWithdrawn)
    };
    let size = if amount.is_positive() { amount } else { dispute.withdrawn.checked_sub(before)? };
    let postings = Postings::new()
        .debit(Account::PlatformDisputes, size)
        .credit(Account::ProcessorClearing, size);
    let postings = if amount.is_positive() { postings.reversed() } else { postings };
    let about = About::payment(dispute.intent, &dispute.id);
    if let Some(entry) = draft.post(reason, about, postings) {
        dispute.movements.push(DisputeMovement { entry, at: draft.now, amount });
        draft.event(kind, dispute);
    }
    Ok(())
}

/// Writes on the charge what its refunds and orders have to know, and freezes or hands over the
/// money of its orders.
fn note(draft: &mut Draft<'_>, dispute: &Dispute) -> Result<(), Stop> {
    let mut attempt: Attempt = draft.get(&dispute.attempt)?;
    let was_frozen = attempt.is_frozen();
    for disputed in attempt.disputes.iter_mut().filter(|it| it.dispute == dispute.id) {
        disputed.withdrawn = dispute.withdrawn;
        disputed.freezes = dispute.state.freezes();
    }
    let is_frozen = attempt.is_frozen();
    draft.put(attempt.clone());
    match (was_frozen, is_frozen) {
        (false, true) => funds::freeze(draft, &attempt),
        (true, false) => funds::hand_over(draft, &attempt),
        (true, true) | (false, false) => Ok(()),
    }
}

fn warned(draft: &mut Draft<'_>, id: AttemptId, report: &WarningReport) -> Result<(), Stop> {
    let mut attempt: Attempt = draft.get(&id)?;
    if attempt.fraud_warnings.contains(&report.reference) {
        return Ok(());
    }
    let warning = EarlyFraudWarning {
        id: draft.id(),
        created: draft.now,
        intent: attempt.intent,
        attempt: attempt.id,
        reference: report.reference.clone(),
        fraud_type: report.fraud_type.clone(),
    };
    attempt.fraud_warnings.push(report.reference.clone());
    draft.event(EventKind::RadarEarlyFraudWarningCreated, &warning);
    draft.put(warning);
    draft.put(attempt);
    Ok(())
}

/// Looks again where something is to be expected and has not come.
fn keep_looking(
    draft: &mut Draft<'_>,
    request: &ComplaintsRequest,
    complaints: &Complaints,
) -> Result<(), Stop> {
    let attempt = request.attempt;
    match request.cause {
        LookCause::Capture => {
            let found = !complaints.disputes.is_empty() || !complaints.warnings.is_empty();
            let next = request.tries.saturating_add(1);
            let wait = usize::try_from(next).ok().and_then(|next| CAPTURE_LOOKS.get(next));
            if let Some(wait) = wait.filter(|_| !found) {
                look(draft, *wait, (attempt, request.cause, next));
            }
        }
        LookCause::Deadline => {
            let row: Attempt = draft.get(&attempt)?;
            let now = draft.now;
            let mut is_late = false;
            for disputed in &row.disputes {
                let dispute: Dispute = draft.get(&disputed.dispute)?;
                let by = dispute.state.changes_by();
                is_late |= by.is_some_and(|by| by.after(DEADLINE_GRACE) <= now);
            }
            if is_late {
                look(draft, DEADLINE_LOOK, (attempt, request.cause, 0));
            }
        }
        LookCause::Hint => {}
    }
    Ok(())
}
