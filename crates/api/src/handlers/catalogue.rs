//! What the operations of the catalogue share: things that are found by a word of the platform's
//! own, and rows that are written together.

use holdfast_core::catalogue::name::Name;
use holdfast_core::command::Keep;
use holdfast_core::event::EventKind;
use holdfast_core::id::Id;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;

use crate::error::ApiError;
use crate::fields;
use crate::list::{Cursor, Page};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

/// The longest word that the platform may give to a thing, in characters.
const WORD_CHARS_MAX: usize = 100;

/// A thing that may have a word of the platform's own, beside its id.
pub(super) trait Wordy: Record
where
    Self::Id: Id,
{
    /// Its kind, in keys of names and in messages.
    const OBJECT: &'static str;
    /// Whether it was deleted.
    fn is_deleted(&self) -> bool;
}

/// A word that the platform gives to a new thing instead of an id: letters, digits, `_` and `-`,
/// but nothing that could be an id of ours.
pub(super) fn own_id<I: Id>(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(word) = params.text("id", WORD_CHARS_MAX)? else { return Ok(None) };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !word.bytes().all(plain) || I::parse(&word).is_some() {
        let must = "must be letters, digits, _ and -, and no id that Holdfast could give itself";
        return Err(fields::invalid(params, "id", must));
    }
    Ok(Some(word))
}

/// The thing that an id or a word names, deleted or not.
pub(super) async fn find<R: Wordy>(call: &Call, text: &str) -> Result<Option<R>, Halt>
where
    R::Id: Id,
{
    let id = match R::Id::parse(text) {
        Some(id) => Some(id),
        None => named(call, R::OBJECT, text).await?,
    };
    match id {
        Some(id) => call.find::<R>(&id).await,
        None => Ok(None),
    }
}

/// The thing that the path names, unless it was deleted.
pub(super) async fn of_path<R: Wordy>(call: &Call) -> Result<R, Halt>
where
    R::Id: Id,
{
    let found = find::<R>(call, &call.path_id).await?.filter(|row| !row.is_deleted());
    Ok(found.ok_or_else(|| ApiError::not_found(R::OBJECT, &call.path_id))?)
}

/// The thing that a parameter names, unless it was deleted.
pub(super) async fn of_param<R: Wordy>(call: &Call, text: &str, param: &str) -> Result<R, Halt>
where
    R::Id: Id,
{
    let found = find::<R>(call, text).await?.filter(|row| !row.is_deleted());
    Ok(found.ok_or_else(|| ApiError::not_found(R::OBJECT, text).with_param(param))?)
}

/// The id that a name stands for.
pub(super) async fn named<I: Id>(call: &Call, kind: &str, word: &str) -> Result<Option<I>, Halt> {
    if word.len() > 4 * WORD_CHARS_MAX {
        return Ok(None);
    }
    let name = call.find::<Name>(&Name::key_of(call.api.platform(), kind, word)).await?;
    Ok(name.and_then(|name| I::parse(&name.target?)))
}

/// A row that is new.
pub(super) fn new<R: Record>(row: R, event: EventKind) -> Keep {
    Keep { row: row.into_row(), expected: 0, event: Some(event) }
}

/// The row of a name that is to stand for `target`. Whoever gives it to something else at the
/// same moment is refused `Changed`.
pub(super) async fn give_name(
    call: &Call,
    kind: &str,
    word: &str,
    target: String,
) -> Result<Keep, Halt> {
    let (engine, platform) = (call.api.engine(), call.api.platform());
    let key = Name::key_of(platform, kind, word);
    let found = engine.load(platform, &[Name::key(&key)]).await?;
    let stored = found.into_iter().next().flatten();
    let expected = stored.as_ref().map_or(0, |stored| stored.version);
    let created = stored.as_ref().and_then(|stored| Name::of_row(&stored.row));
    let created = created.map_or_else(|| engine.now(), |name| name.created);
    let row = Name { key, created, target: Some(target) }.into_row();
    Ok(Keep { row, expected, event: None })
}

/// The error for a word that names something else.
pub(super) fn taken(param: &str, word: &str) -> ApiError {
    let message = format!("There is one with the {param} '{word}' already.");
    ApiError::param(crate::codes::RESOURCE_ALREADY_EXISTS, param, message)
}

/// What a command that gives a word was refused for: somebody else gave it meanwhile.
pub(super) fn or_taken(halt: Halt, param: &str, word: &str) -> Halt {
    match halt {
        Halt::Refused(Refusal::Changed) => taken(param, word).into(),
        Halt::Refused(_) | Halt::Error(_) | Halt::Replay(_) => halt,
    }
}

/// The rows of a page whose cursor may be a word of the platform's own.
pub(super) async fn rows<R: Wordy>(
    call: &Call,
    page: &Page,
    narrowed: Narrowed,
) -> Result<Vec<R>, Halt>
where
    R::Id: Id,
{
    let word = match page.cursor() {
        Cursor::After(word) | Cursor::Before(word) if R::Id::parse(word).is_none() => word,
        Cursor::Start | Cursor::After(_) | Cursor::Before(_) => {
            return paging::rows(call, page, narrowed).await;
        }
    };
    match named::<R::Id>(call, R::OBJECT, word).await? {
        Some(id) => paging::rows(call, &page.at(&id.to_string()), narrowed).await,
        None => paging::rows(call, page, narrowed).await,
    }
}

/// Lists hold what was not deleted: the active, the inactive, or both.
pub(super) fn there(narrowed: Narrowed, active: Option<bool>) -> Narrowed {
    match active {
        Some(true) => narrowed.state(Some("active")),
        Some(false) => narrowed.state(Some("inactive")),
        None => narrowed.state(Some("active")).state(Some("inactive")),
    }
}
