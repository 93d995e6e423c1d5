//! Idempotency: the claim to a key in the same changes as the command, and the reply kept later.

use crate::command::{Claim, KeepReply, Subject};
use crate::refusal::Refusal;
use crate::replay::Replay;
use crate::view::Stop;

use super::draft::Draft;

/// Claims the client's key. Two commands under one key cannot both be committed: the row must
/// not exist, so that the second one conflicts and is given the first one's reply.
pub(super) fn claim(draft: &mut Draft<'_>, claim: &Claim) {
    let subject = match &claim.subject {
        Subject::Known(key) => Some(key.clone()),
        Subject::Made(kind) => draft.made(*kind),
    };
    let created = draft.now;
    let (key, fingerprint) = (claim.key.clone(), claim.fingerprint.clone());
    draft.create(Replay { key, created, fingerprint, subject, reply: None });
}

/// Keeps the reply, unless one was kept already: the first one counts. A refusal also claims the
/// key, unless another process was quicker: what it was told then counts.
pub(super) fn keep(draft: &mut Draft<'_>, keep: &KeepReply) -> Result<(), Stop> {
    let reply = Some(keep.reply.clone());
    let replay: Option<Replay> = draft.find(&keep.key)?;
    match (replay, &keep.refused) {
        (Some(replay), None) if replay.reply.is_none() => draft.put(Replay { reply, ..replay }),
        (Some(_), _) => {}
        (None, None) => return Err(Refusal::NotFound.into()),
        (None, Some(fingerprint)) => draft.create(Replay {
            key: keep.key.clone(),
            created: draft.now,
            fingerprint: fingerprint.clone(),
            subject: None,
            reply,
        }),
    }
    Ok(())
}
