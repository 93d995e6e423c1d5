//! Reports: asked for, made, or found to be impossible.

use crate::effect::EffectKind;
use crate::event::EventKind;
use crate::file::{Bytes, FileKind, FilePurpose, NewFile};
use crate::id::ReportRunId;
use crate::report::{
    ReportCommand, ReportError, ReportParameters, ReportRun, ReportState, ReportType, SETTLES_AFTER,
};
use crate::view::Stop;

use super::draft::Draft;
use super::file;

/// Carries out a command about reports.
pub(super) fn carry_out(draft: &mut Draft<'_>, command: &ReportCommand) -> Result<(), Stop> {
    match command {
        ReportCommand::Create(report_type, parameters) => {
            create(draft, *report_type, parameters);
            Ok(())
        }
        ReportCommand::Finish(run, result) => finish(draft, *run, result),
    }
}

fn create(draft: &mut Draft<'_>, report_type: ReportType, parameters: &ReportParameters) {
    let run = ReportRun {
        id: draft.id(),
        created: draft.now,
        report_type,
        parameters: parameters.clone(),
        state: ReportState::Pending,
    };
    let due = parameters.to.after(SETTLES_AFTER).max(draft.now);
    draft.effect_at(due, EffectKind::Report(run.id));
    draft.put(run);
}

/// Keeps the result. A report that was made twice, because somebody stopped in between, has the
/// first result.
fn finish(
    draft: &mut Draft<'_>,
    id: ReportRunId,
    result: &Result<Bytes, ReportError>,
) -> Result<(), Stop> {
    let mut run: ReportRun = draft.get(&id)?;
    if run.state != ReportState::Pending {
        return Ok(());
    }
    let at = draft.now;
    let kind = match result {
        Ok(bytes) => {
            let filename = format!("{}_{}.csv", run.id, run.report_type.id());
            let new = NewFile {
                purpose: FilePurpose::FinanceReportRun,
                filename: Some(filename),
                title: Some(format!("{} {}", run.report_type.title(), run.id)),
                kind: FileKind::Csv,
                bytes: bytes.clone(),
                link: None,
            };
            let file = Box::new(file::store(draft, &new)?);
            run.state = ReportState::Succeeded { at, file };
            EventKind::ReportingReportRunSucceeded
        }
        Err(error) => {
            run.state = ReportState::Failed { at, error: error.message().to_owned() };
            EventKind::ReportingReportRunFailed
        }
    };
    draft.event(kind, &run);
    draft.put(run);
    Ok(())
}
