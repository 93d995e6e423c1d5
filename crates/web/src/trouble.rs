//! What goes wrong with a request, and the page that says so. Never a bare error.

use axum::http::StatusCode;
use axum::response::Response;
use holdfast_core::money::MoneyError;
use holdfast_engine::{StoreError, SubmitError};

use crate::page::{Problem, Shell, page, pages};
use crate::texts::Texts;

/// Why a request is not answered as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing was done.
    Problem(Problem),
    /// The store failed while something was being done: whether it was done is not known.
    Unsettled,
    /// A field of a form is not as our forms send it.
    Field(BadField),
    /// The form as a whole is too large.
    TooLarge,
}

/// A field of a form that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadField {
    /// The field's name.
    pub name: &'static str,
    /// The text that says what is wrong with it.
    pub key: &'static str,
    /// How long it may be.
    pub max: usize,
}

impl BadField {
    /// What is wrong, in words that name the field.
    pub fn sentence(&self, t: &Texts) -> String {
        t.with_all(self.key, &[("field", &self.name), ("max", &self.max)])
    }
}

pages! { Shell;
    /// A form whose field cannot be taken, in the frame of the buyer's pages.
    BadFieldPage(BadField) = "bad_field.html";
}

impl Trouble {
    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Trouble::Problem(problem) => problem.status(),
            Trouble::Unsettled => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::Field(_) => StatusCode::BAD_REQUEST,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The problem that the page names, where it is not a field's.
    pub(crate) fn problem(self) -> Problem {
        match self {
            Trouble::Problem(problem) => problem,
            // Its text sends the reader to look how things stand, which is right here: that of
            // `Busy` says that nothing was changed.
            Trouble::Unsettled => Problem::Failure,
            Trouble::Field(_) | Trouble::TooLarge => Problem::BadForm,
        }
    }

    /// The page, in the frame of the buyer's pages.
    pub(crate) fn page(self, t: &Texts, shell: &Shell) -> Response {
        match self {
            Trouble::Field(field) => page(self.status(), &BadFieldPage { t, shell, v: &field }),
            Trouble::Problem(_) | Trouble::Unsettled | Trouble::TooLarge => {
                let v = &self.problem();
                page(self.status(), &crate::page::ProblemPage { t, shell, v })
            }
        }
    }

    /// What a command's failure means for whoever submitted it. Refusals are answers, which each
    /// handler has taken out before; one that it did not expect is a form of ours no longer.
    pub(crate) fn of_submit(error: &SubmitError) -> Trouble {
        match error {
            SubmitError::Refused(_) => Trouble::Problem(Problem::BadForm),
            SubmitError::Store(error) => {
                tracing::error!(%error, "a command may not have been carried out");
                Trouble::Unsettled
            }
            SubmitError::Busy => Trouble::Problem(Problem::Busy),
            SubmitError::Bug(_) => Trouble::Problem(Problem::Failure),
        }
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Trouble {
        Trouble::Problem(problem)
    }
}

/// Nothing is changed by reading.
impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        tracing::error!(%error, "a page could not be read from the store");
        if error.retryable() { Problem::Busy.into() } else { Problem::Failure.into() }
    }
}

/// Sums that do not fit cannot have got into a row.
impl From<MoneyError> for Trouble {
    fn from(error: MoneyError) -> Trouble {
        tracing::error!(?error, "a stored sum cannot be reckoned with");
        Problem::Failure.into()
    }
}
