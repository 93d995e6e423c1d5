//! What the platform alone decides about: names, notes and settings.

use crate::command::Keep;
use crate::view::Stop;

use super::draft::Draft;

/// Writes the row, if nobody wrote it in between.
///
/// Refuses `Changed` when it has another version than the one it was made from: whoever asked
/// looks again.
pub(super) fn keep(draft: &mut Draft<'_>, keep: &Keep) -> Result<(), Stop> {
    draft.replace(keep.row.clone(), keep.expected)?;
    if let Some(event) = keep.event {
        draft.event_of(event, keep.row.key());
    }
    Ok(())
}
