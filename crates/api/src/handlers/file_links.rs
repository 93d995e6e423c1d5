//! `/v1/file_links`: addresses under which a file may be read without a key, and reading by them.

use axum::extract::{Path, State};
use holdfast_core::file::{File, FileContent, FileLink};
use holdfast_core::id::{FileLinkId, Id};
use holdfast_core::key::RowKind;
use holdfast_core::time::Timestamp;

use crate::api::Api;
use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::invalid;
use crate::list::{Cursor, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params, TIMESTAMP_MAX};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::refusals;
use crate::render::file;
use crate::reply::Reply;

use super::files;

/// `POST /v1/file_links`.
pub(crate) async fn create(call: Call) -> Answer {
    let (id, expires_at, metadata, expanded) = call.read(|params| {
        let id = files::file_id(params)?.ok_or_else(|| params.missing("file"))?;
        let expires_at = files::expiry(&call, params)?;
        let metadata = metadata::of_new(params)?;
        Ok((id, expires_at, metadata, Expand::take(params, file_expanded)?))
    })?;
    let file = files::named(&call, id).await?;
    let link = FileLink {
        id: call.api.engine().fresh_id(),
        created: call.api.engine().now(),
        file: file.id,
        expires_at,
        secret: call.api.secret(),
        metadata,
    };
    let id = call.keep_new(link, None).await?;
    let row = call.present::<FileLink>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/file_links/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, file_expanded))?;
    let row = call.named::<FileLink>("file_link").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/file_links/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (expires, metadata, expanded) = call.read(|params| {
        let expires = Expires::take(&call, params)?;
        Ok((expires, MetadataChange::take(params)?, Expand::take(params, file_expanded)?))
    })?;
    let now = call.api.engine().now();
    let edit = |link: &mut FileLink| {
        match expires {
            Change::Keep => {}
            // What has ended stays so: whoever has the address has been told.
            Change::Unset | Change::Set(_) if link.is_expired(now) => {
                let message = "The link has expired. Make another one.";
                return Err(ApiError::param(
                    codes::PARAMETER_INVALID_VALUE,
                    "expires_at",
                    message.to_owned(),
                ));
            }
            Change::Unset => link.expires_at = None,
            Change::Set(at) => link.expires_at = Some(at),
        }
        link.metadata = metadata.clone().applied(&link.metadata)?;
        Ok(())
    };
    let row = call.edit::<FileLink>("file_link", None, edit).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/file_links`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, id, expired, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", file_expanded))?;
        let id = files::file_id(params)?;
        let expired = params.boolean("expired")?;
        Ok((Page::take(params)?, id, expired, expanded.unwrap_or_default()))
    })?;
    if let Some(id) = id {
        files::named(&call, id).await?;
    }
    let narrowed = Narrowed::linked(RowKind::FileLink, id.as_ref());
    let rows = match expired {
        None => paging::rows::<FileLink>(&call, &page, narrowed).await?,
        Some(expired) => standing(&call, &page, (narrowed, expired)).await?,
    };
    let mut objects = Vec::new();
    for row in rows {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// How many pages are looked through for links of one kind: more than anybody has.
const SCAN_PAGES_MAX: usize = 100;

/// The links of a page that have ended, or that have not. Which that are changes with the time,
/// so that no index knows it.
async fn standing(
    call: &Call,
    page: &Page,
    (narrowed, expired): (Narrowed, bool),
) -> Result<Vec<FileLink>, Halt> {
    if matches!(page.cursor(), Cursor::Before(_)) {
        return Err(ApiError::exclusive("expired", "ending_before").into());
    }
    let now = call.api.engine().now();
    let mut found = Vec::new();
    let mut at = page.clone();
    for _ in 0..SCAN_PAGES_MAX {
        let rows = paging::rows::<FileLink>(call, &at, narrowed.clone()).await?;
        let is_last = rows.len() < at.fetch();
        let last = rows.last().map(|row| row.id.to_string());
        found.extend(rows.into_iter().filter(|row| row.is_expired(now) == expired));
        match last {
            Some(last) if !is_last && found.len() < page.fetch() => at = page.after(last),
            Some(_) | None => break,
        }
    }
    found.truncate(page.fetch());
    Ok(found)
}

/// `GET /links/{token}`: the file, for whoever has the address. No key is asked for.
pub(crate) async fn open(
    State(api): State<Api>,
    Path(token): Path<String>,
) -> Result<Reply, ApiError> {
    let missing = || ApiError::not_found("file_link", "");
    // Whatever is wrong with an address, nobody is told what.
    let (id, secret) = token.rsplit_once('_').ok_or_else(missing)?;
    let id = FileLinkId::parse(id).ok_or_else(missing)?;
    let (engine, platform) = (api.engine(), api.platform());
    let store = |error| refusals::store(&error);
    let link = engine.find::<FileLink>(platform, &id).await.map_err(store)?;
    let link = link.filter(|link| link.secret.matches(secret)).ok_or_else(missing)?;
    if link.is_expired(engine.now()) {
        return Err(ApiError::gone("The link has expired."));
    }
    let file = engine.find::<File>(platform, &link.file).await.map_err(store)?;
    let content = engine.find::<FileContent>(platform, &link.file).await.map_err(store)?;
    match (file, content) {
        (Some(file), Some(content)) => Ok(Reply::file(&file, content.bytes)),
        (None, _) | (_, None) => Err(missing()),
    }
}

/// When a link is to end: never, now, or at a time to come.
struct Expires;

impl Expires {
    fn take(call: &Call, params: &mut Params) -> Result<Change<Timestamp>, ApiError> {
        let now = call.api.engine().now();
        match params.text_change("expires_at", SECONDS_CHARS_MAX)? {
            Change::Keep => Ok(Change::Keep),
            Change::Unset => Ok(Change::Unset),
            Change::Set(word) if word == "now" => Ok(Change::Set(now)),
            Change::Set(text) => {
                let seconds = text.parse::<i64>().ok();
                let seconds = seconds.filter(|it| (0..=TIMESTAMP_MAX).contains(it));
                let at = seconds.map(Timestamp::from_seconds).filter(|at| *at > now);
                let must = "must be now, empty, or a time in the future in seconds since 1970";
                at.map(Change::Set).ok_or_else(|| invalid(params, "expires_at", must))
            }
        }
    }
}

/// The digits of the latest time that is read.
const SECONDS_CHARS_MAX: usize = 12;

fn file_expanded(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("file", |_| Ok(()))?.is_some())
}

async fn shown(call: &Call, row: &FileLink, expanded: bool) -> Result<objects::FileLink, Halt> {
    let origin = Some(call.api.origin());
    let mut object = file::link(row, origin, call.api.engine().now());
    if expanded {
        let file = call.present::<File>(&row.file).await?;
        object.file = Expandable::Object(Box::new(file::object(&file, origin)));
    }
    Ok(object)
}
