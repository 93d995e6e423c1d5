//! What a buyer answers to the questions of a pay page, given by a program.

use std::collections::BTreeMap;

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::checkout::answers::{AnswerProblem, Answers, Question};
use holdfast_core::checkout::questions::TYPED_CHARS_MAX;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::params::Params;

use super::session_page::KEY_CHARS_MAX;

/// More answers than a page has fields; what is answered twice is refused.
const ANSWERS_MAX: usize = 10;
/// The longest answer that is read; each field has its own bound.
const ANSWER_CHARS_MAX: usize = TYPED_CHARS_MAX as usize;

/// The answers of a request.
pub(super) struct SaidAnswers {
    /// Keys and values, in their order.
    fields: Vec<(String, String)>,
    given: Answers,
    /// Whether the request says anything.
    is_said: bool,
}

impl SaidAnswers {
    /// Takes `custom_fields`, `consent` and `collected_information`.
    pub(super) fn take(params: &mut Params) -> Result<SaidAnswers, ApiError> {
        let names = ["custom_fields", "consent", "collected_information"];
        let is_said = names.iter().any(|name| params.has(name));
        let fields = params.list("custom_fields", ANSWERS_MAX, |field| {
            let key = field.required_text("key", KEY_CHARS_MAX)?;
            Ok((key, field.required_text("value", ANSWER_CHARS_MAX)?))
        })?;
        let consent = params.map("consent", |consent| {
            let terms = consent.choice("terms_of_service", &[("accepted", true)])?;
            let news = [("opt_in", true), ("opt_out", false)];
            Ok((terms == Some(true), consent.choice("promotions", &news)? == Some(true)))
        })?;
        let (accepts_terms, wants_news) = consent.unwrap_or_default();
        let names = params.map("collected_information", |names| {
            let mut name = |of: &str| names.text(of, fields::NAME_CHARS_MAX);
            Ok((name("business_name")?, name("individual_name")?))
        })?;
        let (business_name, individual_name) = names.unwrap_or_default();
        let fields = fields.unwrap_or_default();
        let given = Answers {
            fields: fields.iter().cloned().collect::<BTreeMap<_, _>>(),
            accepts_terms,
            wants_news,
            business_name,
            individual_name,
        };
        Ok(SaidAnswers { fields, given, is_said })
    }

    /// Refuses what the session does not ask, and answers that will not do, by their parameter.
    pub(super) fn refuse_wrong(&self, row: &CheckoutSession) -> Result<(), ApiError> {
        let questions = &row.page.questions;
        for (at, (key, _)) in self.fields.iter().enumerate() {
            let is_asked = questions.fields.iter().any(|field| field.key == *key);
            let is_first = self.fields.iter().position(|(known, _)| known == key) == Some(at);
            if !is_asked || !is_first {
                let message = "The session asks nothing by this key, or it is answered twice.";
                let param = format!("custom_fields[{at}][key]");
                return Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, &param, message));
            }
        }
        let before = row.answers();
        let given = if self.is_said { &self.given } else { &before };
        match questions.problems(given).first() {
            Some((question, problem)) => Err(self.wrong(*question, *problem)),
            None => Ok(()),
        }
    }

    /// The answers; `None` where nothing is said, so that earlier ones stay.
    pub(super) fn answers(self) -> Option<Box<Answers>> {
        self.is_said.then(|| Box::new(self.given))
    }

    fn wrong(&self, question: Question<'_>, problem: AnswerProblem) -> ApiError {
        let param = match question {
            Question::Field(key) => match self.fields.iter().position(|(known, _)| known == key) {
                Some(at) => format!("custom_fields[{at}][value]"),
                None => "custom_fields".to_owned(),
            },
            Question::BusinessName => "collected_information[business_name]".to_owned(),
            Question::IndividualName => "collected_information[individual_name]".to_owned(),
            Question::Terms => "consent[terms_of_service]".to_owned(),
        };
        let must = match problem {
            AnswerProblem::Missing => return ApiError::missing(&param),
            AnswerProblem::TooShort { least } => format!("must have {least} characters or more"),
            AnswerProblem::TooLong { most } => format!("must have {most} characters or fewer"),
            AnswerProblem::NotDigits => "must be digits".to_owned(),
            AnswerProblem::CardLike => "must not hold the number of a card".to_owned(),
            AnswerProblem::NotOffered => "must be one of the values that are offered".to_owned(),
        };
        let message = format!("Invalid {param}: it {must}.");
        ApiError::param(codes::PARAMETER_INVALID_VALUE, &param, message)
    }
}
