//! The objects of the dialect, to hold our own against.

use serde_json::{Value, json};

use crate::shapes::Shapes;

const DIALECT: &str = include_str!("../data/stripe-objects-2026-10-28.schema.json");

/// Fields that Holdfast adds to objects of the dialect, or fills with words of its own.
pub(crate) const OWN_FIELDS: &[&str] = &[
    "LineItem.seller",
    "LineItem.excluded_payment_method_types",
    // Events of Holdfast's own objects have types of their own, and endpoints ask for them.
    "EventBase.type",
    "WebhookEndpoint.enabled_events",
    // Languages that the dialect's own page does not have, Arabic above all.
    "Session.locale",
];

/// The objects of the dialect by name.
pub(crate) struct Schema(Value);

impl Schema {
    pub(crate) fn read() -> Schema {
        Schema(serde_json::from_str(DIALECT).unwrap())
    }

    /// What is wrong with `value` as the object `name`, each with its path.
    pub(crate) fn faults(&self, name: &str, value: &Value) -> Vec<String> {
        let schema = json!({ "$ref": format!("#/$defs/{name}") });
        let faults = Shapes { document: &self.0, allowed: OWN_FIELDS }.faults(&schema, value);
        faults.into_iter().map(|fault| format!("{name}{fault}")).collect()
    }

    /// The whole document.
    pub(crate) fn document(&self) -> &Value {
        &self.0
    }

    fn object(&self, name: &str, path: &str, value: &Value, faults: &mut Vec<String>) {
        let definition = self.0.get(name).unwrap_or_else(|| panic!("no {name} in the extract"));
        let Some(object) = value.as_object() else {
            return faults.push(format!("{path} is not an object"));
        };
        if definition.get("texts").is_some() {
            let texts = object.values().all(Value::is_string);
            if !texts {
                faults.push(format!("{path} holds more than texts"));
            }
            return;
        }
        for field in definition["required"].as_array().unwrap() {
            let field = field.as_str().unwrap();
            if !object.contains_key(field) {
                faults.push(format!("{path}.{field} is missing"));
            }
        }
        for (field, value) in object {
            let path = format!("{path}.{field}");
            match definition["fields"].get(field) {
                Some(shape) => self.shape(shape, &path, value, faults),
                None if OWN_FIELDS.contains(&format!("{name}.{field}").as_str()) => {}
                None => faults.push(format!("{path} is not of the dialect")),
            }
        }
    }

    fn shape(&self, shape: &Value, path: &str, value: &Value, faults: &mut Vec<String>) {
        let (kind, inner) = shape.as_object().unwrap().iter().next().unwrap();
        let right = match (kind.as_str(), inner) {
            ("type", Value::String(name)) => match name.as_str() {
                "string" => value.is_string(),
                // The one number of the dialect that is not whole.
                "number" if path.ends_with(".percent_off") => value.is_number(),
                "number" => value.is_i64(),
                "boolean" => value.is_boolean(),
                "null" => value.is_null(),
                "object" => value.is_object(),
                other => panic!("type {other}"),
            },
            ("words", Value::Array(words)) => words.contains(value),
            ("array", inner) => match value.as_array() {
                Some(items) => {
                    let each = items.iter().enumerate();
                    each.for_each(|(at, item)| {
                        self.shape(inner, &format!("{path}[{at}]"), item, faults);
                    });
                    true
                }
                None => false,
            },
            ("ref", Value::String(name)) => return self.object(name, path, value, faults),
            ("any", Value::Array(shapes)) => return self.any(shapes, path, value, faults),
            other => panic!("shape {other:?}"),
        };
        if !right {
            faults.push(format!("{path} is {value}, not {shape}"));
        }
    }

    /// One of several shapes; if none is right, the faults of the one that comes closest.
    fn any(&self, shapes: &[Value], path: &str, value: &Value, faults: &mut Vec<String>) {
        let tries = shapes.iter().map(|shape| {
            let mut faults = Vec::new();
            self.shape(shape, path, value, &mut faults);
            faults
        });
        // A long list of faults of an object says more than one line for the wrong type.
        let best =
            tries.max_by_key(|faults| if faults.is_empty() { usize::MAX } else { faults.len() });
        faults.extend(best.unwrap_or_default());
    }
}
