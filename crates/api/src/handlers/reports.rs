//! `/v1/reporting`: reports of balance changes, as files.

use holdfast_core::command::Command;
use holdfast_core::id::SellerId;
use holdfast_core::key::RowKind;
use holdfast_core::report::{ReportCommand, ReportParameters, ReportRun, ReportType};
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::{self, invalid};
use crate::list::{List, Page};
use crate::objects;
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::file;
use crate::reply::Reply;

/// The most columns that are asked for: some reports have thirteen.
const COLUMNS_MAX: usize = 40;
/// The longest name of a column, a category or a time zone.
const WORD_CHARS_MAX: usize = 60;

/// `GET /v1/reporting/report_types`.
pub(crate) async fn types(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let now = call.api.engine().now();
    let types = ReportType::ALL.into_iter().map(|it| file::report_type(it, now)).collect();
    Ok(Reply::ok(&List::whole(call.path.to_owned(), types)))
}

/// `GET /v1/reporting/report_types/{id}`.
pub(crate) async fn retrieve_type(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let missing = || ApiError::not_found("report_type", &call.path_id);
    let found = ReportType::parse(&call.path_id).ok_or_else(missing)?;
    Ok(Reply::ok(&file::report_type(found, call.api.engine().now())))
}

/// `POST /v1/reporting/report_runs`. The answer comes at once; the report when it is made.
pub(crate) async fn create(call: Call) -> Answer {
    let (report_type, parameters) = call.read(|params| {
        Expand::take(params, result_expanded)?;
        let words = ReportType::ALL.map(|it| (it.id(), it));
        let report_type = params.required_choice("report_type", &words)?;
        let now = call.api.engine().now();
        let parameters = params.map("parameters", |params| taken(params, report_type, now))?;
        let parameters = parameters.ok_or_else(|| params.missing("parameters"))?;
        Ok((report_type, parameters))
    })?;
    if let Some(seller) = parameters.seller {
        let missing = || {
            let param = "parameters[connected_account]";
            ApiError::not_found("account", &seller.to_string()).with_param(param)
        };
        call.find::<Seller>(&seller).await?.ok_or_else(missing)?;
    }
    let create = ReportCommand::Create(report_type, Box::new(parameters));
    let id = call.make::<ReportRun>(Command::Report(create), RowKind::ReportRun).await?;
    let row = call.present::<ReportRun>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row)))
}

/// `GET /v1/reporting/report_runs/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, result_expanded))?;
    let row = call.named::<ReportRun>("report_run").await?;
    Ok(Reply::ok(&shown(&call, &row)))
}

/// `GET /v1/reporting/report_runs`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(|params| {
        Expand::take(params, |expand| expand.property("data", result_expanded))?;
        Page::take(params)
    })?;
    let narrowed = Narrowed::all(RowKind::ReportRun);
    let rows = paging::rows::<ReportRun>(&call, &page, narrowed).await?;
    let objects: Vec<_> = rows.iter().map(|row| shown(&call, row)).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

fn taken(
    params: &mut Params,
    report_type: ReportType,
    now: Timestamp,
) -> Result<ReportParameters, ApiError> {
    params.example("interval_start", "1000");
    let start = params.timestamp("interval_start")?;
    let start = start.ok_or_else(|| params.missing("interval_start"))?;
    params.example("interval_end", "2000");
    let end = params.timestamp("interval_end")?;
    let end = end.ok_or_else(|| params.missing("interval_end"))?;
    if start >= end {
        return Err(invalid(params, "interval_end", "must be after interval_start"));
    }
    if end > now.seconds() {
        return Err(invalid(params, "interval_end", "must not be in the future"));
    }
    let columns = params.texts("columns", COLUMNS_MAX, WORD_CHARS_MAX)?.unwrap_or_default();
    let known = report_type.columns();
    if let Some(unknown) = columns.iter().find(|name| !known.contains(&name.as_str())) {
        let must = format!("has no column {unknown}; there are {}", known.join(", "));
        return Err(invalid(params, "columns", &must));
    }
    let timezone = params.text("timezone", WORD_CHARS_MAX)?;
    if timezone.as_deref().is_some_and(|zone| !matches!(zone, "UTC" | "Etc/UTC")) {
        return Err(invalid(params, "timezone", "must be UTC or Etc/UTC"));
    }
    let seller: Option<SellerId> = fields::id(params, "connected_account", "account")?;
    Ok(ReportParameters {
        from: Timestamp::from_seconds(start),
        to: Timestamp::from_seconds(end),
        currency: fields::optional_currency(params, "currency")?,
        columns,
        seller,
        timezone,
        category: params.text("reporting_category", WORD_CHARS_MAX)?,
    })
}

/// The result is a whole object always.
fn result_expanded(expand: &mut Expand) -> Result<(), ApiError> {
    expand.property("result", |_| Ok(())).map(|_| ())
}

fn shown(call: &Call, row: &ReportRun) -> objects::ReportRun {
    file::report_run(row, Some(call.api.origin()))
}
