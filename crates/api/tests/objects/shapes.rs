//! A small strict checker of JSON Schema, as far as the schemas of answers use it.

use serde_json::{Map, Value};

/// A document with its schemas.
pub(crate) struct Shapes<'a> {
    pub(crate) document: &'a Value,
    /// Fields that may be there though their schema has them not, `Name.field`.
    pub(crate) allowed: &'a [&'a str],
}

impl Shapes<'_> {
    /// What is wrong with a value, each with its path. A field that no schema has is wrong.
    pub(crate) fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, ("", ""), value, &mut faults);
        faults
    }

    fn check(
        &self,
        schema: &Value,
        (name, path): (&str, &str),
        value: &Value,
        faults: &mut Vec<String>,
    ) {
        if let Some(target) = schema["$ref"].as_str() {
            let pointer = target.trim_start_matches('#');
            let inner = self.document.pointer(pointer);
            let inner = inner.unwrap_or_else(|| panic!("no schema {target}"));
            let name = pointer.rsplit('/').next().unwrap_or_default();
            return self.check(inner, (name, path), value, faults);
        }
        if let Some(any) = schema["anyOf"].as_array() {
            return self.any(any, path, value, faults);
        }
        let is_word = match (schema.get("const"), schema["enum"].as_array()) {
            (Some(word), _) => word == value,
            (None, Some(words)) => words.contains(value),
            (None, None) => true,
        };
        if !is_word || !is_of_type(schema, value) {
            let shown: String = value.to_string().chars().take(200).collect();
            let wanted: String = schema.to_string().chars().take(200).collect();
            return faults.push(format!("{path} is {shown}, not {wanted}"));
        }
        if let Some(items) = value.as_array() {
            for (at, item) in items.iter().enumerate() {
                let path = format!("{path}[{at}]");
                self.check(&schema["items"], ("", &path), item, faults);
            }
        }
        if value.is_object() && schema["type"].is_string() {
            self.object(schema, (name, path), value, faults);
        }
    }

    fn object(
        &self,
        schema: &Value,
        (name, path): (&str, &str),
        value: &Value,
        faults: &mut Vec<String>,
    ) {
        for field in schema["required"].as_array().into_iter().flatten() {
            if value.get(field.as_str().unwrap()).is_none() {
                faults.push(format!("{path}.{} is missing", field.as_str().unwrap()));
            }
        }
        for (field, inner) in value.as_object().into_iter().flatten() {
            let path = format!("{path}.{field}");
            if self.allowed.contains(&format!("{name}.{field}").as_str()) {
                continue;
            }
            match (schema["properties"].get(field), schema.get("additionalProperties")) {
                (Some(schema), _) => self.check(schema, ("", &path), inner, faults),
                (None, Some(Value::Bool(true))) => {}
                (None, Some(schema)) if schema.is_object() => {
                    self.check(schema, ("", &path), inner, faults);
                }
                // An object of which nothing is said may hold anything.
                (None, None) if schema["properties"].as_object().is_none_or(Map::is_empty) => {}
                (None, _) => faults.push(format!("{path} has no schema ({name})")),
            }
        }
    }

    /// One of several shapes; if none is right, the faults of the one that comes closest.
    fn any(&self, shapes: &[Value], path: &str, value: &Value, faults: &mut Vec<String>) {
        let mut closest: Option<Vec<String>> = None;
        for shape in shapes {
            let mut found = Vec::new();
            self.check(shape, ("", path), value, &mut found);
            if found.is_empty() {
                return;
            }
            // A long list of faults of an object says more than one line for the wrong type.
            if closest.as_ref().is_none_or(|closest| found.len() > closest.len()) {
                closest = Some(found);
            }
        }
        faults.extend(closest.unwrap_or_default());
    }
}

fn is_of_type(schema: &Value, value: &Value) -> bool {
    let is = |word: &str| match word {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    };
    match &schema["type"] {
        Value::String(word) => is(word),
        Value::Array(words) => words.iter().any(|word| is(word.as_str().unwrap())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

#[test]
fn the_check_finds_faults() {
    let document = serde_json::json!({ "a": {
        "type": "object",
        "properties": { "n": { "type": "integer" }, "w": { "anyOf": [
            { "type": "null" }, { "enum": ["x"] },
        ] } },
        "required": ["n"],
    } });
    let schema = serde_json::json!({ "$ref": "#/a" });
    for (value, faults) in [
        (serde_json::json!({ "n": 1, "w": null }), 0),
        (serde_json::json!({ "n": 1, "w": "x" }), 0),
        (serde_json::json!({ "n": 1, "w": "y" }), 1),
        (serde_json::json!({ "n": "1" }), 1),
        (serde_json::json!({}), 1),
        (serde_json::json!({ "n": 1, "more": 1 }), 1),
        (serde_json::json!([]), 1),
    ] {
        let found = Shapes { document: &document, allowed: &[] }.faults(&schema, &value);
        assert_eq!(found.len(), faults, "{value}: {found:?}");
    }
}
