//! What the platform answers to a dispute: evidence, or that the cardholder may have the money.

use crate::dispute::command::{LookCause, RespondRequest, UpdateDispute};
use crate::dispute::evidence::CHARS_MAX;
use crate::dispute::report::ResponseOutcome;
use crate::dispute::{Dispute, Evidence, Response, ResponseKind};
use crate::effect::{Ask, EffectKind};
use crate::event::EventKind;
use crate::id::DisputeId;
use crate::payment::asked::Asked;
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::time::Span;
use crate::view::Stop;

use super::super::capture;
use super::super::draft::Draft;
use super::{look, record as network};

/// Keeps evidence and notes, and gives the evidence to the bank if that is wanted.
///
/// Refuses `DisputeUnexpectedState` for evidence that nobody waits for (any more), then
/// `EvidenceTooLong` for more than 150,000 characters, `EvidenceMissing` when there is none to
/// give. Notes may always be written.
pub(super) fn update(draft: &mut Draft<'_>, update: &UpdateDispute) -> Result<(), Stop> {
    let before: Dispute = draft.get(&update.dispute)?;
    let mut dispute = before.clone();
    if !update.evidence.is_empty() || update.submit {
        expects_response(draft, &dispute)?;
    }
    for (field, text) in &update.evidence {
        dispute.evidence.set(*field, text.clone());
    }
    if dispute.evidence.chars() > CHARS_MAX {
        return Err(Refusal::EvidenceTooLong.into());
    }
    if let Some(metadata) = &update.metadata {
        dispute.metadata.clone_from(metadata);
    }
    if update.submit {
        if dispute.evidence.is_empty() {
            return Err(Refusal::EvidenceMissing.into());
        }
        start(draft, &mut dispute, ResponseKind::Evidence);
    }
    // The bank's taking of evidence is an event of its own.
    if dispute != before && !update.submit {
        draft.event(EventKind::ChargeDisputeUpdated, &dispute);
    }
    draft.put(dispute);
    Ok(())
}

/// Lets the cardholder have the money.
///
/// Refuses `DisputeUnexpectedState` unless a response is waited for.
pub(super) fn accept(draft: &mut Draft<'_>, id: DisputeId) -> Result<(), Stop> {
    let mut dispute: Dispute = draft.get(&id)?;
    expects_response(draft, &dispute)?;
    start(draft, &mut dispute, ResponseKind::Accept);
    draft.put(dispute);
    Ok(())
}

fn expects_response(draft: &Draft<'_>, dispute: &Dispute) -> Result<(), Refusal> {
    let expects = dispute.state.due_by().is_some_and(|due_by| draft.now < due_by);
    if expects && !dispute.is_asking() { Ok(()) } else { Err(Refusal::DisputeUnexpectedState) }
}

/// Puts a response on disk, with the request that is to be sent.
fn start(draft: &mut Draft<'_>, dispute: &mut Dispute, kind: ResponseKind) {
    let number = dispute.response.as_ref().map_or(1, |last| last.number.saturating_add(1));
    let response = Response { created: draft.now, number, kind, state: Asked::Sending };
    draft.effect_now(request(dispute, &response, Ask::First));
    dispute.response = Some(response);
}

fn request(dispute: &Dispute, response: &Response, ask: Ask) -> EffectKind {
    let evidence = match response.kind {
        ResponseKind::Evidence => dispute.evidence.clone(),
        ResponseKind::Accept => Evidence::default(),
    };
    EffectKind::Respond(RespondRequest {
        dispute: dispute.id,
        number: response.number,
        reference: dispute.reference.clone(),
        kind: response.kind,
        evidence,
        ask,
    })
}

/// Records what the network answered. Repeating an answer changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    id: DisputeId,
    number: u32,
    outcome: &ResponseOutcome,
) -> Result<(), Stop> {
    let mut dispute: Dispute = draft.get(&id)?;
    let keys = [Attempt::key(&dispute.attempt), PaymentIntent::key(&dispute.intent)];
    draft.need(keys)?;
    let open = dispute.response.clone().filter(|it| it.number == number && it.state.is_open());
    let Some(mut response) = open else { return Ok(()) };
    let attempt: Attempt = draft.get(&dispute.attempt)?;
    match outcome {
        ResponseOutcome::Taken(report)
            if report.reference == dispute.reference && network::is_sensible(&attempt, report) =>
        {
            let reference = report.reference.clone();
            response.state = Asked::Succeeded { reference, at: draft.now };
            if response.kind == ResponseKind::Evidence {
                dispute.submissions = dispute.submissions.saturating_add(1);
            }
            dispute.response = Some(response);
            network::apply(draft, dispute, report)
        }
        ResponseOutcome::Refused { code } => {
            response.state = Asked::Failed { code: code.clone(), at: draft.now };
            dispute.response = Some(response);
            // The dispute is not where it was believed to be.
            look(draft, Span::ZERO, (dispute.attempt, LookCause::Hint, 0));
            draft.put(dispute);
            Ok(())
        }
        ResponseOutcome::Taken(_) | ResponseOutcome::NeverSent | ResponseOutcome::Unknown => {
            ask_again(draft, dispute, response, *outcome == ResponseOutcome::NeverSent);
            Ok(())
        }
    }
}

/// A response is wanted, whatever happens: it is looked up and, if need be, sent again under the
/// same key until the network has said yes or no.
fn ask_again(
    draft: &mut Draft<'_>,
    mut dispute: Dispute,
    mut response: Response,
    never_sent: bool,
) {
    let is_first = never_sent && response.state == Asked::Sending;
    let ask = if is_first { Ask::First } else { Ask::Again };
    let looks = response.state.looks();
    let wait = capture::wait_to_ask(draft, looks, response.created, is_first);
    draft.effect_at(draft.now.after(wait), request(&dispute, &response, ask));
    if !is_first {
        response.state = Asked::Unknown { looks: looks.saturating_add(1) };
    }
    dispute.response = Some(response);
    draft.put(dispute);
}
