//! Answers that will not do, as the page shows them beside their questions.

use holdfast_core::checkout::problem::{AnswerProblem, Question};

use super::asks::AskProblem;

/// A question whose answer will not do, and why.
pub(super) type Problem<'a> = (Question<'a>, AnswerProblem);

pub(super) fn problem_of(problems: &[Problem<'_>], of: Question<'_>) -> Option<AnswerProblem> {
    problems.iter().find(|(question, _)| *question == of).map(|(_, problem)| *problem)
}

/// What stands beside a question. There is only one way to choose badly.
pub(super) fn beside(problem: Option<AnswerProblem>, is_choice: bool) -> Option<AskProblem> {
    problem.map(|problem| if is_choice { AskProblem::NotChosen } else { shown(problem) })
}

pub(super) fn shown(problem: AnswerProblem) -> AskProblem {
    match problem {
        AnswerProblem::Missing => AskProblem::Missing,
        AnswerProblem::TooShort { least } => AskProblem::TooShort(least),
        AnswerProblem::TooLong { most } => AskProblem::TooLong(most),
        AnswerProblem::NotDigits => AskProblem::NotDigits,
        AnswerProblem::NotOffered => AskProblem::NotChosen,
        AnswerProblem::CardLike => AskProblem::CardLike,
    }
}
