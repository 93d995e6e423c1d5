//! Disputes: what the network says of them is recorded, what the platform answers is sent.

mod funds;
mod record;
mod respond;

use crate::dispute::command::{ComplaintsRequest, DisputeCommand, LookCause};
use crate::effect::EffectKind;
use crate::id::AttemptId;
use crate::payment::attempt::Attempt;
use crate::time::Span;
use crate::view::Stop;

use super::draft::Draft;

/// How long after a capture it is looked for disputes: a test card's comes within seconds, and its
/// notice is given time to be quicker.
const CAPTURE_LOOKS: [Span; 3] = [Span::seconds(10), Span::seconds(60), Span::seconds(600)];
/// How long after a deadline its outcome is looked up when nobody told of it.
const DEADLINE_GRACE: Span = Span::seconds(5);
/// The wait between looks at what the network should have decided and has not.
const DEADLINE_LOOK: Span = Span::seconds(60);

/// Carries out a command about disputes.
pub(super) fn carry_out(draft: &mut Draft<'_>, command: &DisputeCommand) -> Result<(), Stop> {
    match command {
        DisputeCommand::Update(update) => respond::update(draft, update),
        DisputeCommand::Accept(dispute) => respond::accept(draft, *dispute),
        DisputeCommand::Record(request, outcome) => record::record(draft, request, outcome),
        DisputeCommand::RecordResponse(dispute, number, outcome) => {
            respond::record(draft, *dispute, *number, outcome)
        }
    }
}

/// Money was taken from a card whose network announces disputes.
pub(super) fn watch(draft: &mut Draft<'_>, attempt: AttemptId) {
    look(draft, CAPTURE_LOOKS[0], (attempt, LookCause::Capture, 0));
}

/// Somebody said that something was raised about an attempt.
///
/// Refuses `NotFound` when there is no such attempt.
pub(super) fn hint(draft: &mut Draft<'_>, id: AttemptId) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    look(draft, Span::ZERO, (attempt.id, LookCause::Hint, 0));
    Ok(())
}

fn look(draft: &mut Draft<'_>, wait: Span, (attempt, cause, tries): (AttemptId, LookCause, u32)) {
    let request = ComplaintsRequest { attempt, cause, tries };
    draft.effect_at(draft.now.after(wait), EffectKind::Complaints(request));
}
