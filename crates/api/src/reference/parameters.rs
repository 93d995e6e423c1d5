//! What an operation reads, as JSON Schema and as parameters of OpenAPI.

use serde_json::{Map, Value, json};

use crate::expand::DEPTH_MAX;
use crate::metadata::{KEY_CHARS_MAX, KEYS_MAX, VALUE_CHARS_MAX};
use crate::params::{ReadAs, Seen};

use super::explore::{Parameters, parent};

/// The object at `path`, with its parameters as properties.
pub(super) fn schema(read: &Parameters, path: &str) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for seen in within(read, path) {
        let name = own_name(&seen.path);
        properties.insert(name.to_owned(), one(read, seen));
        if read.required.contains(&seen.path) {
            required.push(name);
        }
    }
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    let groups =
        read.one_of.iter().filter(|group| group.first().is_some_and(|first| parent(first) == path));
    for group in groups {
        let any = group.iter().map(|path| json!({ "required": [own_name(path)] }));
        schema["anyOf"] = any.collect();
    }
    schema
}

/// The parameters of a query.
pub(super) fn query(read: &Parameters) -> Vec<Value> {
    let mut parameters = Vec::new();
    for seen in within(read, "") {
        let schema = one(read, seen);
        let is_texts = seen.shapes.iter().any(|shape| matches!(shape, ReadAs::Texts { .. }));
        let is_map = seen.shapes.iter().any(|shape| matches!(shape, ReadAs::Map));
        let is_required = read.required.contains(&seen.path);
        let named = |name: &str, schema: Value| {
            let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
            if is_required {
                parameter["required"] = true.into();
            }
            parameter
        };
        if is_texts {
            parameters.push(named(&format!("{}[]", seen.path), schema));
        } else if is_map {
            // A query has no nested names of its own, so each is a parameter.
            for inner in within(read, &seen.path) {
                parameters.push(named(&inner.path, one(read, inner)));
            }
            if seen.shapes.len() > 2 {
                parameters.push(named(&seen.path, one_value(read, seen)));
            }
        } else {
            parameters.push(named(&seen.path, schema));
        }
    }
    parameters
}

fn within<'a>(read: &'a Parameters, path: &'a str) -> impl Iterator<Item = &'a Seen> {
    let has_name = |seen: &&Seen| !seen.path.ends_with("[]");
    read.all.iter().filter(move |seen| parent(&seen.path) == path).filter(has_name)
}

/// The last name of a path: `c` of `a[][b][c]`.
fn own_name(path: &str) -> &str {
    path.rsplit('[').next().unwrap_or(path).trim_end_matches(']')
}

fn one(read: &Parameters, seen: &Seen) -> Value {
    of_shapes(read, seen, |_| true)
}

/// Where a parameter may be one value or an object: the one value.
fn one_value(read: &Parameters, seen: &Seen) -> Value {
    of_shapes(read, seen, |shape| !matches!(shape, ReadAs::Map))
}

fn of_shapes(read: &Parameters, seen: &Seen, wanted: impl Fn(&ReadAs) -> bool) -> Value {
    let shapes = seen.shapes.iter().filter(|shape| wanted(shape));
    let mut any: Vec<Value> = shapes.filter_map(|shape| of(read, seen, shape)).collect();
    let mut schema = if any.len() == 1 { any.remove(0) } else { json!({ "anyOf": any }) };
    if let Some(doc) = seen.note.doc {
        schema["description"] = doc.into();
    }
    schema
}

fn of(read: &Parameters, seen: &Seen, shape: &ReadAs) -> Option<Value> {
    Some(match shape {
        ReadAs::Text { chars_max } => text(seen, *chars_max),
        ReadAs::Integer { least, most } => json!({
            "type": "integer",
            "minimum": seen.note.least.unwrap_or(*least),
            "maximum": seen.note.most.unwrap_or(*most),
        }),
        ReadAs::Boolean => json!({ "type": "boolean" }),
        ReadAs::Choice(words) => json!({ "type": "string", "enum": words }),
        ReadAs::Timestamp => json!({
            "type": "integer",
            "minimum": 0,
            "maximum": crate::params::TIMESTAMP_MAX,
            "description": "Seconds since 1970.",
        }),
        ReadAs::Texts { items_max, chars_max } => json!({
            "type": "array",
            "items": text(seen, *chars_max),
            "maxItems": if is_expand_of_nothing(seen) { &0 } else { items_max },
        }),
        ReadAs::List { items_max } => json!({
            "type": "array",
            "items": schema(read, &format!("{}[]", seen.path)),
            "maxItems": items_max,
        }),
        ReadAs::Map => schema(read, &seen.path),
        ReadAs::Pairs => json!({
            "type": "object",
            "maxProperties": KEYS_MAX,
            "propertyNames": { "type": "string", "minLength": 1, "maxLength": KEY_CHARS_MAX },
            "additionalProperties": { "type": "string", "maxLength": VALUE_CHARS_MAX },
        }),
        ReadAs::Unset => json!({ "type": "string", "maxLength": 0 }),
        // Read as something else right after.
        ReadAs::Scalar => return None,
    })
}

/// Clients expand by habit where nothing can be expanded; the empty array is taken there.
fn is_expand_of_nothing(seen: &Seen) -> bool {
    seen.path == "expand" && seen.note.words.is_empty()
}

/// What may be expanded of an answer, and below that the references of what was expanded.
fn expandable(words: &[String]) -> Value {
    let known = json!({ "type": "string", "enum": words });
    let further = words.iter().filter(|word| word.split('.').count() < DEPTH_MAX);
    let further: Vec<&str> = further.map(String::as_str).collect();
    let below = DEPTH_MAX - 1;
    let pattern = format!("^({})(\\.[a-z0-9_]+){{1,{below}}}$", further.join("|"));
    json!({ "anyOf": [known, { "type": "string", "pattern": pattern }] })
}

fn text(seen: &Seen, chars_max: usize) -> Value {
    if seen.path == "expand" {
        return expandable(&seen.note.words);
    }
    if !seen.note.words.is_empty() {
        return json!({ "type": "string", "enum": seen.note.words });
    }
    let mut schema = json!({ "type": "string", "minLength": 1, "maxLength": chars_max });
    if let Some(pattern) = &seen.note.pattern {
        schema["pattern"] = pattern.as_str().into();
    }
    if let Some(format) = seen.note.format {
        schema["format"] = format.into();
    }
    if let Some(example) = &seen.note.example {
        schema["examples"] = json!([example]);
    }
    schema
}
