//! Which references an answer holds, read from the types of the wire: a field of the type
//! `Expandable` may be an id or the whole object, and its schema says so.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::reference;
use crate::routes::OPERATIONS;

/// What may stand at one place of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The schemas of all that may stand there, each with its name if it has one.
    members: Vec<(Option<&'static str>, &'static Value)>,
}

/// The schemas of all answers.
struct Schemas {
    /// By the name of the operation.
    answers: BTreeMap<&'static str, Value>,
    /// By the name of the type.
    types: Map<String, Value>,
}

fn schemas() -> &'static Schemas {
    static SCHEMAS: OnceLock<Schemas> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let mut generator = reference::generator();
        let mut answers = BTreeMap::new();
        for operation in OPERATIONS {
            if let Some(answer) = operation.answer {
                answers.insert(operation.name, answer(&mut generator).to_value());
            }
        }
        Schemas { answers, types: generator.take_definitions(true) }
    })
}

impl Shape {
    /// The answer of an operation, by its name; `None` where nobody says what it is.
    pub(crate) fn of_answer(operation: &str) -> Option<Shape> {
        let mut members = Vec::new();
        collect(None, schemas().answers.get(operation)?, &mut members);
        Some(Shape { members })
    }

    /// What may stand in a field, of whichever object has it. A list is what it is a list of.
    pub(crate) fn field(&self, name: &str) -> Shape {
        let mut members = Vec::new();
        for (_, schema) in &self.members {
            if let Some(field) = schema["properties"].get(name) {
                collect(None, field, &mut members);
            }
        }
        Shape { members }
    }

    /// Whether an id may stand here, and the whole object instead.
    pub(crate) fn is_reference(&self) -> bool {
        let is_id = self.members.iter().any(|(_, schema)| schema["type"] == "string");
        is_id && self.types().next().is_some()
    }

    /// The names of the types of objects that may stand here.
    pub(crate) fn types(&self) -> impl Iterator<Item = &'static str> {
        let objects = self.members.iter().filter(|(_, schema)| schema["properties"].is_object());
        objects.filter_map(|(name, _)| *name)
    }

    /// Whether a path of names leads to a reference.
    pub(crate) fn leads(&self, path: &str) -> bool {
        path.split('.').fold(self.clone(), |shape, name| shape.field(name)).is_reference()
    }

    /// The paths of the references of the answer itself, or of the objects of the list that it is.
    pub(crate) fn references(&self) -> Vec<String> {
        let listed = self.field("data");
        let (objects, before) =
            if listed.members.is_empty() { (self.clone(), "") } else { (listed, "data.") };
        let mut paths = Vec::new();
        for (_, schema) in &objects.members {
            for name in schema["properties"].as_object().into_iter().flat_map(Map::keys) {
                if objects.field(name).is_reference() {
                    paths.push(format!("{before}{name}"));
                }
            }
        }
        paths
    }
}

/// Writes down the schemas that a value may have, through names, choices and lists.
fn collect(
    name: Option<&'static str>,
    schema: &'static Value,
    members: &mut Vec<(Option<&'static str>, &'static Value)>,
) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = target.rsplit('/').next().unwrap_or_default();
        if let Some((name, schema)) = schemas().types.get_key_value(target) {
            collect(Some(name), schema, members);
        }
        return;
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return any.iter().for_each(|schema| collect(None, schema, members));
    }
    if schema["items"].is_object() {
        return collect(None, &schema["items"], members);
    }
    members.push((name, schema));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_references_or_not() {
        let table = [
            ("charges::retrieve", "balance_transaction", true),
            ("charges::retrieve", "balance_transaction.source", true),
            ("charges::retrieve", "payment_intent.latest_charge.on_behalf_of", true),
            ("charges::retrieve", "transfer_data.destination", true),
            ("charges::retrieve", "customer.invoice_settings.default_payment_method", true),
            ("charges::retrieve", "data.balance_transaction", false),
            ("charges::retrieve", "billing_details", false),
            ("charges::retrieve", "id", false),
            ("charges::retrieve", "amount", false),
            ("charges::retrieve", "status", false),
            ("charges::retrieve", "transfer_data", false),
            ("charges::retrieve", "unicorn", false),
            ("charges::list", "data.balance_transaction", true),
            ("charges::list", "data.refunds.data.balance_transaction", true),
            ("charges::list", "data", false),
            ("charges::list", "balance_transaction", false),
            ("search::charges", "data.customer", true),
            ("products::retrieve", "default_price.product", true),
            ("balance_transactions::list", "data.source.payment_intent", true),
            ("balance_transactions::list", "data.source.destination", true),
            ("events::retrieve", "data.object", false),
        ];
        for (operation, path, expected) in table {
            let shape = Shape::of_answer(operation).unwrap();
            assert_eq!(shape.leads(path), expected, "{operation} {path}");
        }
        assert!(Shape::of_answer("unicorns::list").is_none());
    }
}
