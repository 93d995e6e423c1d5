//! Reports of balance changes: a run is a row, and its result a file.

pub mod csv;
pub mod reckon;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::file::{Bytes, File};
use crate::id::{ReportRunId, SellerId};
use crate::listed::Listed;
use crate::time::{Span, Timestamp};

/// How long after the end of its interval a report is made at the earliest: longer than any
/// command takes from its clock to its commit, so that nothing of the interval is still to come.
pub const SETTLES_AFTER: Span = Span::seconds(5);

/// One making of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRun {
    /// Its id.
    pub id: ReportRunId,
    /// When it was asked for.
    pub created: Timestamp,
    /// Which report.
    pub report_type: ReportType,
    /// What of it.
    pub parameters: ReportParameters,
    /// How far it is.
    pub state: ReportState,
}

/// What is to be reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportParameters {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
    /// Only this currency.
    pub currency: Option<Currency>,
    /// The columns, in their order; those of the report itself when empty.
    pub columns: Vec<String>,
    /// Whose balance; the platform's own when not given.
    pub seller: Option<SellerId>,
    /// Whether the time zone was given, which the answer then repeats.
    pub timezone: Option<String>,
    /// Only this category.
    pub category: Option<String>,
}

/// How far a report is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// It will be made.
    Pending,
    /// It is made.
    Succeeded {
        /// When.
        at: Timestamp,
        /// The result.
        file: Box<File>,
    },
    /// It cannot be made.
    Failed {
        /// When that was found.
        at: Timestamp,
        /// Why, for people.
        error: String,
    },
}

impl ReportState {
    /// The word of the wire.
    pub fn name(&self) -> &'static str {
        match self {
            ReportState::Pending => "pending",
            ReportState::Succeeded { .. } => "succeeded",
            ReportState::Failed { .. } => "failed",
        }
    }
}

/// The reports that there are. The names are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportType {
    /// The balance before and after, and what changed it.
    #[serde(rename = "balance.summary.1")]
    BalanceSummary,
    /// Each change of the balance.
    #[serde(rename = "balance_change_from_activity.itemized.1")]
    ChangeItemized,
    /// The changes of the balance by category.
    #[serde(rename = "balance_change_from_activity.summary.1")]
    ChangeSummary,
}

impl ReportType {
    /// All reports.
    pub const ALL: [ReportType; 3] =
        [ReportType::BalanceSummary, ReportType::ChangeItemized, ReportType::ChangeSummary];

    /// The id on the wire.
    pub fn id(self) -> &'static str {
        match self {
            ReportType::BalanceSummary => "balance.summary.1",
            ReportType::ChangeItemized => "balance_change_from_activity.itemized.1",
            ReportType::ChangeSummary => "balance_change_from_activity.summary.1",
        }
    }

    /// The report of an id.
    pub fn parse(id: &str) -> Option<ReportType> {
        ReportType::ALL.into_iter().find(|report| report.id() == id)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            ReportType::BalanceSummary => "Balance summary",
            ReportType::ChangeItemized => "Itemized balance change from activity",
            ReportType::ChangeSummary => "Balance change from activity summary",
        }
    }

    /// Its columns, in their order.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            ReportType::BalanceSummary => &["category", "description", "net_amount", "currency"],
            ReportType::ChangeItemized => &[
                "balance_transaction_id",
                "created_utc",
                "created",
                "available_on_utc",
                "available_on",
                "currency",
                "gross",
                "fee",
                "net",
                "reporting_category",
                "source_id",
                "description",
                "payment_intent_id",
            ],
            ReportType::ChangeSummary => {
                &["reporting_category", "currency", "count", "gross", "fee", "net"]
            }
        }
    }
}

/// See [`crate::command::Command::Report`].
#[derive(Clone, Debug)]
pub enum ReportCommand {
    /// Make a report.
    Create(ReportType, Box<ReportParameters>),
    /// It is made, or cannot be.
    Finish(ReportRunId, Result<Bytes, ReportError>),
}

/// Why a report cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportError {
    /// It has more lines than a file may have.
    TooManyLines,
    /// A sum does not fit.
    SumTooLarge,
}

impl ReportError {
    /// Why, for people.
    pub fn message(self) -> &'static str {
        match self {
            ReportError::TooManyLines => {
                "The interval has more lines than one file may have. Ask for a shorter one."
            }
            ReportError::SumTooLarge => "A sum of the report does not fit.",
        }
    }
}

impl Listed for ReportRun {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }
}
