//! Files: stored with their content, whole or not at all.

use crate::event::EventKind;
use crate::file::{File, FileContent, FileLink, NewFile};
use crate::refusal::Refusal;
use crate::view::Stop;

use super::draft::Draft;

/// Stores a file, and a link to it if one is wanted.
///
/// Refuses `AmountTooLarge` for a size that no number of ours holds; the edge has bounded it.
pub(super) fn store(draft: &mut Draft<'_>, new: &NewFile) -> Result<File, Stop> {
    let size = u32::try_from(new.bytes.len()).map_err(|_| Refusal::AmountTooLarge)?;
    let file = File {
        id: draft.id(),
        created: draft.now,
        purpose: new.purpose,
        filename: new.filename.clone(),
        title: new.title.clone(),
        kind: new.kind,
        size,
    };
    let content = FileContent { id: file.id, created: draft.now, bytes: new.bytes.clone() };
    draft.create(content);
    draft.create(file.clone());
    draft.event(EventKind::FileCreated, &file);
    if let Some(link) = &new.link {
        let link = FileLink {
            id: draft.id(),
            created: draft.now,
            file: file.id,
            expires_at: link.expires_at,
            secret: link.secret.clone(),
            metadata: link.metadata.clone(),
        };
        draft.create(link);
    }
    Ok(file)
}
