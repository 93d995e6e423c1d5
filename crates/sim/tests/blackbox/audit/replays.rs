//! A request that was answered once is answered the same for ever, and does nothing again.

use crate::api::Api;
use crate::history::Operation;
use crate::http::Answer;

/// The refusals of a key that comes with another parameter: as another request, or before that
/// because the operation has no such parameter.
const REFUSALS: &[&str] = &["idempotency_key_reused", "parameter_unknown"];
/// How many of the keys are tried with other parameters as well.
const EVERY: usize = 10;

/// Sends every acknowledged request once more, under its key and with its parameters.
pub(crate) async fn told_again(api: &Api, operations: &[Operation]) -> Vec<String> {
    let mut problems = Vec::new();
    for (place, operation) in operations.iter().enumerate() {
        let Some(told) = operation.acknowledged() else { continue };
        let Operation { key, path, form, .. } = operation;
        let again = api.post(path, form, key).await.expect("an answer");
        if again != *told {
            let (told, again) = (told.text(), again.text());
            problems.push(format!("{key} {path}: {told}\nwas then answered {again}"));
        }
        if place % EVERY == 0 {
            let other = form.clone().with("metadata[other]", "1");
            let refused = api.post(path, &other, key).await.expect("an answer");
            if !is_refused(&refused) {
                problems.push(format!("{key} {path}, changed: {}", refused.text()));
            }
        }
    }
    problems
}

fn is_refused(answer: &Answer) -> bool {
    let code = &answer.json()["error"]["code"];
    answer.status == 400 && code.as_str().is_some_and(|code| REFUSALS.contains(&code))
}
