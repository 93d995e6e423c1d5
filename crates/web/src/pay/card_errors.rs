//! What the card zone finds wrong with a card form, as it comes back in an address without script.

/// The problems of the card form's fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardErrors {
    /// Of the card number.
    pub number: Option<CardProblem>,
    /// Of the expiry date.
    pub exp: Option<CardProblem>,
    /// Of the security code.
    pub cvc: Option<CardProblem>,
    /// Of the name.
    pub name: Option<CardProblem>,
    /// Of the form as a whole.
    pub form: Option<CardProblem>,
}

/// One problem. The codes are the card zone's; the script finds the texts by them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardProblem {
    /// The number is too short, or missing.
    InvalidNumber,
    /// The number's check digit is wrong.
    IncorrectNumber,
    /// A brand that is not accepted.
    UnsupportedBrand,
    /// No month of a year.
    InvalidExpiryMonth,
    /// No year.
    InvalidExpiryYear,
    /// The card is over.
    ExpiredCard,
    /// The security code has another length, or is missing.
    InvalidCvc,
    /// The name is too long.
    InvalidName,
    /// The card zone could not say.
    ProcessingError,
}

/// How much of the `errors` parameter is read: every field once.
const PROBLEMS_MAX: usize = 8;

impl CardErrors {
    /// Reads `number.incorrect_number,cvc.invalid_cvc`.
    ///
    /// The parameter comes through the buyer's browser, so all it can do is to choose among our own
    /// texts. What cannot be read becomes a problem of the form as a whole.
    pub fn parse(parameter: &str) -> CardErrors {
        let mut errors = CardErrors::default();
        for part in parameter.split(',').take(PROBLEMS_MAX) {
            let (field, code) = part.split_once('.').unwrap_or((part, ""));
            let slot = match field {
                "number" => &mut errors.number,
                "exp" => &mut errors.exp,
                "cvc" => &mut errors.cvc,
                "name" => &mut errors.name,
                _ => &mut errors.form,
            };
            *slot = Some(CardProblem::parse(code));
        }
        errors
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        *self == CardErrors::default()
    }

    /// The first field with a problem, which gets the focus.
    pub fn first(&self) -> Option<&'static str> {
        [("number", self.number), ("exp", self.exp), ("cvc", self.cvc), ("name", self.name)]
            .into_iter()
            .find_map(|(field, problem)| problem.map(|_| field))
    }
}

impl CardProblem {
    /// All problems.
    pub const ALL: [CardProblem; 9] = [
        CardProblem::InvalidNumber,
        CardProblem::IncorrectNumber,
        CardProblem::UnsupportedBrand,
        CardProblem::InvalidExpiryMonth,
        CardProblem::InvalidExpiryYear,
        CardProblem::ExpiredCard,
        CardProblem::InvalidCvc,
        CardProblem::InvalidName,
        CardProblem::ProcessingError,
    ];

    /// The card zone's code.
    pub fn code(self) -> &'static str {
        match self {
            CardProblem::InvalidNumber => "invalid_number",
            CardProblem::IncorrectNumber => "incorrect_number",
            CardProblem::UnsupportedBrand => "unsupported_brand",
            CardProblem::InvalidExpiryMonth => "invalid_expiry_month",
            CardProblem::InvalidExpiryYear => "invalid_expiry_year",
            CardProblem::ExpiredCard => "expired_card",
            CardProblem::InvalidCvc => "invalid_cvc",
            CardProblem::InvalidName => "invalid_name",
            CardProblem::ProcessingError => "processing_error",
        }
    }

    /// The text that says what to do.
    pub fn key(self) -> &'static str {
        match self {
            CardProblem::InvalidNumber => "card-error-number-invalid",
            CardProblem::IncorrectNumber => "card-error-number-incorrect",
            CardProblem::UnsupportedBrand => "card-error-brand",
            CardProblem::InvalidExpiryMonth => "card-error-month",
            CardProblem::InvalidExpiryYear => "card-error-year",
            CardProblem::ExpiredCard => "card-error-expired",
            CardProblem::InvalidCvc => "card-error-code",
            CardProblem::InvalidName => "card-error-name",
            CardProblem::ProcessingError => "card-error-processing",
        }
    }

    fn parse(code: &str) -> CardProblem {
        let known = CardProblem::ALL.into_iter().find(|problem| problem.code() == code);
        known.unwrap_or(CardProblem::ProcessingError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_chooses_among_our_texts_and_nothing_else() {
        let none = CardErrors::default();
        let lost = Some(CardProblem::ProcessingError);
        let number = Some(CardProblem::IncorrectNumber);
        let table = [
            ("number.incorrect_number", CardErrors { number, ..none }),
            (
                "number.incorrect_number,cvc.invalid_cvc",
                CardErrors { number, cvc: Some(CardProblem::InvalidCvc), ..none },
            ),
            ("exp.expired_card", CardErrors { exp: Some(CardProblem::ExpiredCard), ..none }),
            ("number.<script>", CardErrors { number: lost, ..none }),
            ("form.processing_error", CardErrors { form: lost, ..none }),
            ("anything", CardErrors { form: lost, ..none }),
            ("", CardErrors { form: lost, ..none }),
        ];
        for (parameter, expected) in table {
            assert_eq!(CardErrors::parse(parameter), expected, "{parameter}");
        }
        let long = format!("{}cvc.invalid_cvc", "number.incorrect_number,".repeat(PROBLEMS_MAX));
        assert_eq!(CardErrors::parse(&long), CardErrors { number, ..none });
    }

    #[test]
    fn the_focus_goes_to_the_first_field_with_a_problem() {
        let errors = CardErrors::parse("cvc.invalid_cvc,exp.expired_card");
        assert_eq!(errors.first(), Some("exp"));
        assert_eq!(CardErrors::parse("form.processing_error").first(), None);
        assert!(CardErrors::default().is_empty() && !errors.is_empty());
    }
}
