//! Reads the OpenAPI document into what the pages show.

use serde_json::Value;

use super::views::{Code, Field, Kind, Object, Operation, Prose, Reference, Resource};

/// The form that bodies of requests have.
const FORM: &str = "/requestBody/content/application~1x-www-form-urlencoded/schema";
/// Where the answer of an operation is.
const ANSWER: &str = "/responses/200/content/application~1json";
/// The deepest nesting of parameters that is shown; the dialect's own has six names.
const DEPTH_MAX: usize = 8;

/// The reference that `document` describes.
pub(super) fn reference(document: &Value) -> Reference {
    let text = |at: &str| document.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let tags = document["tags"].as_array().into_iter().flatten();
    Reference {
        introduction: Prose::of(text("/info/description")),
        version: text("/info/version").to_owned(),
        resources: tags.map(|tag| resource(document, tag)).collect(),
        objects: objects(document),
        codes: codes(document),
    }
}

fn resource(document: &Value, tag: &Value) -> Resource {
    let text = |at: &str| tag[at].as_str().unwrap_or_default();
    let name = text("name");
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, described) in methods.as_object().into_iter().flatten() {
            if described["tags"][0] == name {
                operations.push(operation(method, path, described));
            }
        }
    }
    let (title, path) = (text("x-displayName").to_owned(), format!("/docs/{name}"));
    Resource { name: name.to_owned(), title, path, operations }
}

fn operation(method: &str, path: &str, described: &Value) -> Operation {
    let owned = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
    let is_of_browsers = described["security"]
        .as_array()
        .is_some_and(|keys| keys.iter().any(|key| key.get("publishable").is_some()));
    let answer = described.pointer(ANSWER);
    let example = answer.and_then(|answer| answer.get("example"));
    Operation {
        id: owned("operationId"),
        summary: owned("summary"),
        description: described["description"].as_str().map(Prose::of),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        keys: match is_of_browsers {
            true => "A secret key, or a publishable key with the object's client secret.",
            false => "A secret key, or a restricted key with this resource.",
        },
        parameters: parameters(described),
        answer: answer.map(|answer| kind(&answer["schema"])),
        example: example.and_then(|example| serde_json::to_string_pretty(example).ok()),
    }
}

fn parameters(described: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for parameter in described["parameters"].as_array().into_iter().flatten() {
        let place = parameter["in"].as_str().unwrap_or_default();
        let name = parameter["name"].as_str().unwrap_or_default();
        let description = parameter["description"]
            .as_str()
            .or_else(|| parameter["schema"]["description"].as_str());
        fields.push(Field {
            name: if place == "header" { format!("{name} (header)") } else { name.to_owned() },
            kind: kind(&parameter["schema"]),
            required: parameter["required"] == true,
            description: description.map(Prose::of),
        });
    }
    if let Some(form) = described.pointer(FORM) {
        nested(&mut fields, "", form, 0);
    }
    fields
}

/// The properties of an object, and theirs, each with its whole name.
fn nested(fields: &mut Vec<Field>, outer: &str, object: &Value, depth: usize) {
    let required: Vec<&str> =
        object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, schema) in object["properties"].as_object().into_iter().flatten() {
        let whole = if outer.is_empty() { name.clone() } else { format!("{outer}[{name}]") };
        fields.push(Field {
            name: whole.clone(),
            kind: kind(schema),
            required: required.contains(&name.as_str()),
            description: schema["description"].as_str().map(Prose::of),
        });
        if depth == DEPTH_MAX {
            continue;
        }
        let any = schema["anyOf"].as_array().into_iter().flatten();
        for schema in std::iter::once(schema).chain(any) {
            nested(fields, &whole, schema, depth + 1);
            if schema["items"].is_object() {
                nested(fields, &format!("{whole}[]"), &schema["items"], depth + 1);
            }
        }
    }
}

fn objects(document: &Value) -> Vec<Object> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let mut objects = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let mut fields = Vec::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            fields.push(Field {
                name: name.clone(),
                kind: kind(schema),
                required: required.contains(&name.as_str()),
                description: schema["description"].as_str().map(Prose::of),
            });
        }
        let description = schema["description"].as_str().map(Prose::of);
        objects.push(Object { name: name.clone(), description, fields });
    }
    objects.sort_by(|a, b| a.name.cmp(&b.name));
    objects
}

fn codes(document: &Value) -> Vec<(String, Vec<Code>)> {
    let mut groups: Vec<(String, Vec<Code>)> = Vec::new();
    for row in document["x-error-codes"].as_array().into_iter().flatten() {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let (meaning, advice) = (Prose::of(text("meaning")), Prose::of(text("advice")));
        let code = Code { code: text("code").to_owned(), meaning, advice };
        let group = text("group").to_owned();
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, codes)) => codes.push(code),
            None => groups.push((group, vec![code])),
        }
    }
    groups
}

/// What a schema says of a value, as people read it.
fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return Kind { words: name.to_owned(), object: Some(format!("/docs/objects/{name}")) };
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let kinds: Vec<Kind> = any.iter().map(kind).collect();
        let words: Vec<&str> = kinds.iter().map(|kind| kind.words.as_str()).collect();
        let object = kinds.iter().find_map(|kind| kind.object.clone());
        return Kind { words: words.join(" or "), object };
    }
    if schema["type"] == "array" {
        let of = kind(&schema["items"]);
        return Kind { words: format!("array of {}", of.words), object: of.object };
    }
    Kind { words: words(schema), object: None }
}

fn words(schema: &Value) -> String {
    if let Some(word) = schema.get("const") {
        return format!("always {word}");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", words.join(", "));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec!["any value"],
    };
    let bound = |name: &str| schema[name].as_i64();
    match (bound("minimum"), bound("maximum"), bound("maxLength")) {
        _ if types == ["string"] && bound("maxLength") == Some(0) => "empty, to unset".into(),
        (Some(least), Some(i64::MAX) | None, _) => format!("{} from {least}", types.join(" or ")),
        (Some(least), Some(most), _) => format!("{} from {least} to {most}", types.join(" or ")),
        (_, _, Some(most)) => format!("{} of at most {most} characters", types.join(" or ")),
        _ => types.join(" or "),
    }
}
