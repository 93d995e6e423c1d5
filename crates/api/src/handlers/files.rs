//! `/v1/files`: evidence that the platform uploads, and the reports that are made for it.

use holdfast_core::command::Command;
use holdfast_core::file::{
    Bytes, File, FileContent, FileKind, FileLink, FilePurpose, MadeBy, NewFile, NewFileLink,
};
use holdfast_core::key::RowKind;
use holdfast_core::row::Record as _;
use holdfast_core::time::Timestamp;
use holdfast_engine::query::RowsQuery;

use crate::body_limits::FILE_BYTES_MAX;
use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{LIMIT_DEFAULT, List, Page};
use crate::metadata;
use crate::multipart::Upload;
use crate::objects;
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::file;
use crate::reply::Reply;

/// `POST /v1/files`, as `multipart/form-data`.
pub(crate) async fn create(call: Call) -> Answer {
    let asked = call.read(|params| Asked::take(&call, params))?;
    let upload = call.upload().ok_or_else(|| call.given().missing("file"))?;
    let kind = kind_of(upload)?;
    let new = NewFile {
        purpose: asked.purpose,
        filename: upload.filename.clone(),
        title: None,
        kind,
        bytes: Bytes::new(upload.bytes.clone()),
        link: asked.link,
    };
    let with_link = new.link.is_some();
    let id = call.make::<File>(Command::StoreFile(Box::new(new)), RowKind::File).await?;
    let row = call.present::<File>(&id).await?;
    let mut object = shown(&call, &row);
    if with_link {
        object.links = Some(links(&call, &row).await?);
    }
    Ok(Reply::ok(&object))
}

/// `GET /v1/files/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let with_links = call.read(|params| Expand::take(params, links_expanded))?;
    let row = call.named::<File>("file").await?;
    let mut object = shown(&call, &row);
    if with_links {
        object.links = Some(links(&call, &row).await?);
    }
    Ok(Reply::ok(&object))
}

/// `GET /v1/files/{id}/contents`: the file itself.
pub(crate) async fn contents(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let row = call.named::<File>("file").await?;
    let content = call.present::<FileContent>(&row.id).await?;
    Ok(Reply::file(&row, content.bytes))
}

/// `GET /v1/files`.
pub(crate) async fn list(call: Call) -> Answer {
    let words: Vec<_> = FilePurpose::ALL.iter().map(|it| (it.name(), *it)).collect();
    let (page, purpose) = call.read(|params| {
        Expand::take(params, |expand| expand.property("data", links_expanded))?;
        let purpose = params.choice("purpose", &words)?;
        Ok((Page::take(params)?, purpose))
    })?;
    let narrowed = Narrowed::all(RowKind::File).state(purpose.map(FilePurpose::name));
    let rows = paging::rows::<File>(&call, &page, narrowed).await?;
    let objects = rows.iter().map(|row| shown(&call, row)).collect();
    Ok(Reply::ok(&page.list::<objects::File>(call.path, objects)))
}

struct Asked {
    purpose: FilePurpose,
    link: Option<NewFileLink>,
}

impl Asked {
    fn take(call: &Call, params: &mut Params) -> Result<Asked, ApiError> {
        Expand::take(params, links_expanded)?;
        let uploads = FilePurpose::ALL.iter().filter(|it| it.made_by() == MadeBy::Upload);
        let words: Vec<_> = uploads.map(|it| (it.name(), *it)).collect();
        let purpose = params.required_choice("purpose", &words)?;
        // The pipeline has put the digest of an upload into its place.
        params.required_text("file", DIGEST_CHARS)?;
        let link = params.map("file_link_data", |data| {
            let create = data.boolean("create")?.ok_or_else(|| data.missing("create"))?;
            let link = NewFileLink {
                expires_at: expiry(call, data)?,
                secret: call.api.secret(),
                metadata: metadata::of_new(data)?,
            };
            Ok(create.then_some(link))
        })?;
        Ok(Asked { purpose, link: link.flatten() })
    }
}

/// The digits of a SHA-256.
const DIGEST_CHARS: usize = 64;

/// What an upload is, by its content.
fn kind_of(upload: &Upload) -> Result<FileKind, ApiError> {
    let refuse = |must: &str| {
        let message = format!("Invalid file: it {must}.");
        ApiError::param(codes::PARAMETER_INVALID_VALUE, "file", message)
    };
    if upload.bytes.len() > FILE_BYTES_MAX {
        return Err(refuse("must have at most 5 MB"));
    }
    FileKind::of_content(&upload.bytes)
        .ok_or_else(|| refuse("must be a PDF document or a JPEG or PNG picture"))
}

/// The links of a file may be asked for.
fn links_expanded(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("links", |_| Ok(()))?.is_some())
}

fn shown(call: &Call, row: &File) -> objects::File {
    file::object(row, Some(call.api.origin()))
}

/// The newest links of a file; the list of its own has the rest.
async fn links(call: &Call, row: &File) -> Result<List<objects::FileLink>, Halt> {
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or_default();
    let query = RowsQuery::newest(call.api.platform(), RowKind::FileLink, limit).linked(&row.id);
    let rows = call.api.engine().read().rows(&query).await?;
    let now = call.api.engine().now();
    let shown = |link: &FileLink| file::link(link, Some(call.api.origin()), now);
    let links = rows.iter().filter_map(FileLink::of_row).map(shown);
    Ok(List::whole(format!("/v1/file_links?file={}", row.id), links.collect()))
}

/// The file that a parameter names.
pub(super) async fn named(call: &Call, id: holdfast_core::id::FileId) -> Result<File, Halt> {
    let missing = || ApiError::not_found("file", &id.to_string()).with_param("file");
    Ok(call.find::<File>(&id).await?.ok_or_else(missing)?)
}

/// The file of a field's id.
pub(super) fn file_id(params: &mut Params) -> Result<Option<holdfast_core::id::FileId>, ApiError> {
    fields::id(params, "file", "file")
}

/// When a new link to a file ends.
pub(super) fn expiry(call: &Call, params: &mut Params) -> Result<Option<Timestamp>, ApiError> {
    let Some(seconds) = params.timestamp("expires_at")? else { return Ok(None) };
    let at = Timestamp::from_seconds(seconds);
    if at <= call.api.engine().now() {
        return Err(fields::invalid(params, "expires_at", "must be in the future"));
    }
    Ok(Some(at))
}
