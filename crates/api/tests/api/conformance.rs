//! Every answer that the tests see is what the API says of itself, and what the dialect says of
//! its objects. Examples for the reference are kept from them where somebody asks for it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::schema::Schema;
use crate::shapes::Shapes;

/// What was asked and answered.
pub(crate) struct Seen<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) json: &'a Value,
    /// Whether the newest version was spoken.
    pub(crate) is_newest: bool,
}

/// Where answers are kept as examples, one file each: `cargo xtask generate` says so.
const EXAMPLES: &str = "HOLDFAST_EXAMPLES";

/// Fails where an answer is not as `document`, the API's own, or the dialect has it.
pub(crate) fn check(document: &Value, seen: &Seen<'_>) {
    let path = seen.path.split('?').next().unwrap_or_default();
    if !path.starts_with("/v1/") || seen.json.is_null() {
        return;
    }
    let mut faults = match seen.status {
        200 => own(document, seen, path),
        400.. => refused(document, seen),
        _ => Vec::new(),
    };
    if seen.is_newest {
        dialect(seen.json, &mut faults);
    }
    let asked = format!("{} {}", seen.method, seen.path);
    assert!(faults.is_empty(), "{asked}: {}\n{:#}", faults.join("\n"), seen.json);
}

#[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where examples go")]
fn own(document: &Value, seen: &Seen<'_>, path: &str) -> Vec<String> {
    let Some((template, operation)) = operation(document, seen.method, path) else {
        return vec!["the document has no such operation".into()];
    };
    if let Ok(folder) = std::env::var(EXAMPLES) {
        keep(&folder, seen, template);
    }
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    Shapes { document, allowed: &[] }.faults(schema, seen.json)
}

fn refused(document: &Value, seen: &Seen<'_>) -> Vec<String> {
    let schema = json!({ "$ref": "#/components/schemas/Error" });
    let mut faults = Shapes { document, allowed: &[] }.faults(&schema, seen.json);
    let codes = document["x-error-codes"].as_array().unwrap();
    if let Some(code) = seen.json["error"]["code"].as_str()
        && !codes.iter().any(|row| row["code"] == code)
    {
        faults.push(format!("{code} is not on the page of error codes: see codes.rs"));
    }
    faults
}

/// The operation of a path, with the path as the document has it.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<(&'a str, &'a Value)> {
    let paths = document["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (own, asked) = (template.split('/'), path.split('/'));
        template.split('/').count() == path.split('/').count()
            && own.zip(asked).all(|(own, asked)| own.starts_with('{') || own == asked)
    };
    let method = method.to_ascii_lowercase();
    let found = paths
        .iter()
        .filter(|(template, operations)| fits(template) && operations.get(&method).is_some());
    // A path without a name in braces is the better one: `/v1/customers/search`.
    let (template, operations) = found.min_by_key(|(path, _)| path.contains('{'))?;
    Some((template, &operations[&method]))
}

/// Keeps an answer as an example, if it says more than the one that is there.
fn keep(folder: &str, seen: &Seen<'_>, template: &str) {
    let name = format!("{} {template}", seen.method).replace('/', "+");
    let file = std::path::Path::new(folder).join(format!("{name}.json"));
    let mut json = seen.json.clone();
    if let Some(data) = json.get_mut("data").and_then(Value::as_array_mut) {
        data.truncate(1);
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let known: Value = serde_json::from_str(&known).unwrap_or_default();
    // Many tests see the same operation: the fullest answer is kept, and of several the first.
    if filled(&json) > filled(&known) {
        std::fs::write(file, format!("{json:#}\n")).unwrap();
    }
}

/// How much an answer says.
fn filled(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        Value::Array(items) => items.iter().map(filled).sum(),
        Value::Object(fields) => fields.values().map(filled).sum(),
    }
}

/// Holds an answer, and every object in it, to the shapes of the dialect.
fn dialect(json: &Value, faults: &mut Vec<String>) {
    static READ: OnceLock<(Schema, BTreeMap<String, String>)> = OnceLock::new();
    let (schema, words) = READ.get_or_init(|| {
        let schema = Schema::read();
        let words = words(schema.document());
        (schema, words)
    });
    each_object(json, &mut |word, object| {
        let Some(name) = words.get(word) else { return };
        faults.extend(schema.faults(name, object).into_iter().map(|it| format!("dialect: {it}")));
    });
}

/// The name of the schema of each word that stands in `object`.
fn words(document: &Value) -> BTreeMap<String, String> {
    let roots = document["roots"].as_object().unwrap().values();
    let names = roots.map(|root| root["$ref"].as_str().unwrap().rsplit('/').next().unwrap());
    let word = |name: &str| {
        let word = &document["$defs"][name]["properties"]["object"]["const"];
        word.as_str().map(|word| (word.to_owned(), name.to_owned()))
    };
    names.filter_map(word).collect()
}

fn each_object(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            if let (Some(word), None) = (fields.get("object"), fields.get("deleted"))
                && let Some(word) = word.as_str()
            {
                see(word, value);
            }
            // What an event shows is written in the version of its endpoint.
            fields.values().for_each(|inner| each_object(inner, see));
        }
        Value::Array(items) => items.iter().for_each(|inner| each_object(inner, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
