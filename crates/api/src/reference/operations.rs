//! One operation as OpenAPI describes it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::pipeline::{Operation, Who};

use super::explore::{self, Parameters};
use super::{parameters, words};

/// The operation as it is in the document.
pub(super) fn described(
    api: &Api,
    operation: &'static Operation,
    generator: &mut SchemaGenerator,
) -> Value {
    let read = explore::parameters(api, operation);
    let mut described = json!({
        "operationId": words::id(operation),
        "summary": words::summary(operation),
        "tags": [operation.resource],
        "parameters": given_outside(operation, &read),
        "responses": responses(operation, generator),
    });
    if let Some((_, more)) = operation.doc.trim().split_once(". ") {
        described["description"] = more.into();
    }
    if !read.cut_short.is_empty() {
        // A test fails for each: something may be read that is not told here.
        described["x-cut-short"] = read.cut_short.clone().into();
    }
    if operation.method == "POST" {
        described["requestBody"] = body(&read);
    }
    if operation.who == Who::Browser {
        described["security"] = json!([{ "bearer": [] }, { "basic": [] }, { "publishable": [] }]);
    }
    described
}

/// What is given in the path, the headers and, where there is no body, the query.
fn given_outside(operation: &Operation, read: &Parameters) -> Vec<Value> {
    let mut outside: Vec<Value> = path_names(operation.path)
        .map(|name| {
            let mut schema = json!({ "type": "string", "maxLength": 255 });
            if let Some(prefix) = read.path_id {
                schema["description"] = format!("`{prefix}...`").into();
            }
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    if operation.method != "POST" {
        outside.extend(parameters::query(read));
    }
    outside.push(json!({
        "name": "Stripe-Version",
        "in": "header",
        "description": "The dated version of the dialect that the answer is written in.",
        "schema": {
            "type": "string",
            "pattern": r"^20(1[1-9]|[2-9]\d)-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])(\.[a-z]{1,32})?$",
            "examples": [crate::version::DEFAULT],
        },
    }));
    if operation.method == "POST" {
        outside.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The client's own name for this request, which is then done once.",
            "schema": {
                "type": "string",
                "pattern": "^[!-~]+$",
                "minLength": 1,
                "maxLength": 255,
            },
        }));
    }
    if operation.who == Who::Seller {
        outside.push(json!({
            "name": "Stripe-Account",
            "in": "header",
            "description": "The seller in whose name the platform calls.",
            "schema": { "type": "string", "pattern": "^acct_[0-9A-Za-z]+$" },
        }));
    }
    outside
}

/// The names in the braces of a path.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn body(read: &Parameters) -> Value {
    let schema = parameters::schema(read, "");
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let nested = properties.iter().filter(|(_, schema)| {
        ["object", "array"].iter().any(|word| {
            schema["type"] == *word
                || schema["anyOf"]
                    .as_array()
                    .is_some_and(|any| any.iter().any(|schema| schema["type"] == *word))
        })
    });
    let nested =
        nested.map(|(name, _)| (name.clone(), json!({ "style": "deepObject", "explode": true })));
    let encoding: Map<String, Value> = nested.collect();
    let is_required = schema.get("required").is_some() || schema.get("anyOf").is_some();
    let mut form = json!({ "schema": schema });
    if !encoding.is_empty() {
        form["encoding"] = encoding.into();
    }
    json!({
        "required": is_required,
        "content": { "application/x-www-form-urlencoded": form },
    })
}

fn responses(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let schema = operation.answer.map(|answer| answer(generator).to_value());
    let mut json = json!({ "schema": schema.unwrap_or_else(|| json!({})) });
    if let Some(example) = example(operation) {
        json["example"] = example.clone();
    }
    let error = json!({ "schema": { "$ref": "#/components/schemas/Error" } });
    json!({
        "200": told("It was done.", &json),
        "4XX": told("The request is wrong, or the card was declined: `code` says which.", &error),
        "5XX": told("The server failed. Repeat it with the same `Idempotency-Key`.", &error),
    })
}

/// An answer of some kind, with its schema.
fn told(what: &str, json: &Value) -> Value {
    let content = json!({ "application/json": json });
    json!({ "description": what, "content": content })
}

/// Real answers, recorded by the tests: `cargo xtask generate` does it again.
const EXAMPLES: &str = include_str!("../../data/examples.json");

/// The recorded answer of an operation.
pub(super) fn example(operation: &Operation) -> Option<&'static Value> {
    static READ: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    let examples = READ.get_or_init(|| serde_json::from_str(EXAMPLES).unwrap_or_default());
    examples.get(&format!("{} {}", operation.method, operation.path))
}
