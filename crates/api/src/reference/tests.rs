use super::*;

#[test]
fn every_operation_says_what_it_answers() {
    for operation in OPERATIONS {
        assert!(
            operation.answer.is_some(),
            "{} {}: name the type of the answer in its row of routes.rs, behind the handler: \
             `{} -> PaymentIntent;`, and derive `JsonSchema` for that type",
            operation.method,
            operation.path,
            operation.name,
        );
    }
}

#[test]
fn names_for_programs_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for operation in OPERATIONS {
        assert!(seen.insert(words::id(operation)), "{} {}", operation.method, operation.path);
    }
}
