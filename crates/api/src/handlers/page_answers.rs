//! What a buyer answers to the questions of a pay page, given by a program.

use std::collections::BTreeMap;

use holdfast_core::address::ShippingTo;
use holdfast_core::checkout::answers::Answers;
use holdfast_core::checkout::problem::{AddressOf, AddressPart, AnswerProblem, Question};
use holdfast_core::checkout::questions::TYPED_CHARS_MAX;
use holdfast_core::checkout::{CheckoutSession, Given};

use crate::codes;
use crate::error::ApiError;
use crate::fields::{self, person};
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
    /// Whether the request says anything of them.
    is_said: bool,
    /// Where the goods go.
    shipping: Option<Box<ShippingTo>>,
}

impl SaidAnswers {
    /// Takes `custom_fields`, `consent` and `collected_information`.
    pub(super) fn take(params: &mut Params) -> Result<SaidAnswers, ApiError> {
        let is_said = params.has("custom_fields") || params.has("consent");
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
        let collected = params.map("collected_information", |collected| {
            let shipping = person::shipping(collected, "shipping_details")?;
            let mut name = |of: &str| collected.text(of, fields::NAME_CHARS_MAX);
            let names = (name("business_name")?, name("individual_name")?);
            Ok((names, person::applied(shipping, &None)))
        })?;
        let ((business_name, individual_name), shipping) = collected.unwrap_or_default();
        let is_said = is_said || business_name.is_some() || individual_name.is_some();
        let fields = fields.unwrap_or_default();
        let given = Answers {
            fields: fields.iter().cloned().collect::<BTreeMap<_, _>>(),
            accepts_terms,
            wants_news,
            business_name,
            individual_name,
        };
        Ok(SaidAnswers { fields, given, is_said, shipping: shipping.map(Box::new) })
    }

    /// Refuses what the session does not ask, and answers that will not do, by their parameter.
    /// Of a kept card's holder more may be known than `given` says.
    pub(super) fn refuse_wrong(
        &self,
        row: &CheckoutSession,
        given: Given,
        is_kept: bool,
    ) -> Result<(), ApiError> {
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
        let problems = row.problems(&given.or(&row.given));
        match problems.iter().find(|(question, _)| !is_kept || !is_of_holder(*question)) {
            Some((question, problem)) => Err(self.wrong(*question, *problem)),
            None => Ok(()),
        }
    }

    /// What the buyer says; what is not said stays as it was.
    pub(super) fn given(&self) -> Given {
        let answers = self.is_said.then(|| Box::new(self.given.clone()));
        Given { shipping: self.shipping.clone(), answers, ..Given::default() }
    }

    fn wrong(&self, question: Question<'_>, problem: AnswerProblem) -> ApiError {
        let param = match question {
            Question::Field(key) => match self.fields.iter().position(|(known, _)| known == key) {
                Some(at) => format!("custom_fields[{at}][value]"),
                None => "custom_fields".to_owned(),
            },
            Question::BusinessName => "collected_information[business_name]".to_owned(),
            Question::IndividualName => "collected_information[individual_name]".to_owned(),
            Question::Phone => "payment_method_data[billing_details][phone]".to_owned(),
            Question::Address(of, part) => address_param(of, part),
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

/// Whether it is asked of the cardholder, whoever answers the rest.
fn is_of_holder(question: Question<'_>) -> bool {
    match question {
        Question::Phone | Question::Address(AddressOf::Billing, _) => true,
        Question::Address(AddressOf::Shipping, _)
        | Question::Field(_)
        | Question::BusinessName
        | Question::IndividualName
        | Question::Terms => false,
    }
}

fn address_param(of: AddressOf, part: AddressPart) -> String {
    let whose = match of {
        AddressOf::Shipping => "collected_information[shipping_details]",
        AddressOf::Billing => "payment_method_data[billing_details]",
    };
    let part = match part {
        AddressPart::Name => "[name]",
        AddressPart::Country => "[address][country]",
        AddressPart::Line1 => "[address][line1]",
        AddressPart::Line2 => "[address][line2]",
        AddressPart::City => "[address][city]",
        AddressPart::State => "[address][state]",
        AddressPart::PostalCode => "[address][postal_code]",
    };
    format!("{whose}{part}")
}
