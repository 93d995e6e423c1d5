//! Files, their links, and reports.

use holdfast_core::file;
use holdfast_core::report::{self, ReportState};
use holdfast_core::time::Timestamp;

use crate::objects::{
    Expandable, File, FileLink, FileLinkWord, FileWord, ReportRun, ReportRunParameters,
    ReportRunWord, ReportType, ReportTypeWord,
};

use super::{LIVEMODE, currency};

/// A file. Its address is known where the API's own origin is.
pub(crate) fn object(row: &file::File, origin: Option<&str>) -> File {
    File {
        id: row.id.to_string(),
        object: FileWord,
        created: row.created.seconds(),
        expires_at: None,
        filename: row.filename.clone(),
        links: None,
        purpose: row.purpose.name(),
        size: row.size,
        title: row.title.clone(),
        kind: Some(row.kind.name()),
        url: origin.map(|origin| format!("{origin}/v1/files/{}/contents", row.id)),
    }
}

/// A link. The address holds its secret, so that it is only shown to whoever has the key.
pub(crate) fn link(row: &file::FileLink, origin: Option<&str>, now: Timestamp) -> FileLink {
    let expired = row.is_expired(now);
    let address = |origin| format!("{origin}/links/{}_{}", row.id, row.secret.reveal());
    FileLink {
        id: row.id.to_string(),
        object: FileLinkWord,
        created: row.created.seconds(),
        expired,
        expires_at: row.expires_at.map(Timestamp::seconds),
        file: Expandable::Id(row.file.to_string()),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        url: origin.filter(|_| !expired).map(address),
    }
}

/// A report that can be made, as of a moment.
pub(crate) fn report_type(row: report::ReportType, now: Timestamp) -> ReportType {
    let (_, version) = row.id().rsplit_once('.').unwrap_or_default();
    ReportType {
        id: row.id().to_owned(),
        object: ReportTypeWord,
        data_available_end: now.seconds(),
        data_available_start: 0,
        default_columns: Some(row.columns().to_vec()),
        livemode: LIVEMODE,
        name: row.title().to_owned(),
        updated: now.seconds(),
        version: version.parse().unwrap_or(1),
    }
}

/// One making of a report.
pub(crate) fn report_run(row: &report::ReportRun, origin: Option<&str>) -> ReportRun {
    let parameters = &row.parameters;
    let columns = Some(parameters.columns.clone()).filter(|columns| !columns.is_empty());
    let (result, error, succeeded_at) = match &row.state {
        ReportState::Pending => (None, None, None),
        ReportState::Succeeded { at, file } => {
            (Some(object(file, origin)), None, Some(at.seconds()))
        }
        ReportState::Failed { error, .. } => (None, Some(error.clone()), None),
    };
    ReportRun {
        id: row.id.to_string(),
        object: ReportRunWord,
        created: row.created.seconds(),
        error,
        livemode: LIVEMODE,
        parameters: ReportRunParameters {
            columns,
            connected_account: parameters.seller.map(|seller| seller.to_string()),
            currency: parameters.currency.map(currency),
            interval_end: parameters.to.seconds(),
            interval_start: parameters.from.seconds(),
            reporting_category: parameters.category.clone(),
            timezone: parameters.timezone.clone(),
        },
        report_type: row.report_type.id(),
        result,
        status: row.state.name(),
        succeeded_at,
    }
}
