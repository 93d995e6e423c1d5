//! `reporting.report_type` and `reporting.report_run`: reports of balance changes.

use schemars::JsonSchema;
use serde::Serialize;

use super::File;

object_words! {
    /// `reporting.report_type`
    ReportTypeWord = "reporting.report_type";
    /// `reporting.report_run`
    ReportRunWord = "reporting.report_run";
}

/// A report that can be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportType {
    /// `balance.summary.1`, ...
    pub id: String,
    /// `reporting.report_type`
    pub object: ReportTypeWord,
    /// Until when there is something to report.
    pub data_available_end: i64,
    /// From when on.
    pub data_available_start: i64,
    /// Its columns.
    pub default_columns: Option<Vec<&'static str>>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The name for people.
    pub name: String,
    /// When it was brought up to date.
    pub updated: i64,
    /// The number at the end of the id.
    pub version: u32,
}

/// One making of a report.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ReportRun {
    /// `frr_...`
    pub id: String,
    /// `reporting.report_run`
    pub object: ReportRunWord,
    /// When it was asked for.
    pub created: i64,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// Whether it is real money.
    pub livemode: bool,
    /// What was asked for.
    pub parameters: ReportRunParameters,
    /// Which report.
    pub report_type: &'static str,
    /// The table, once it is made.
    pub result: Option<File>,
    /// `pending`, `succeeded` or `failed`.
    pub status: &'static str,
    /// When it was made.
    pub succeeded_at: Option<i64>,
}

/// What was asked for, as it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportRunParameters {
    /// The columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The seller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connected_account: Option<String>,
    /// The currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The first second after it.
    pub interval_end: i64,
    /// The first second.
    pub interval_start: i64,
    /// The category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_category: Option<String>,
    /// The time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}
