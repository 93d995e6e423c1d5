//! The words of the reference that no other code has: names of resources and sentences about
//! operations whose row says nothing of its own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::pipeline::Operation;
use crate::routes::OPERATIONS;

/// The resources, in the order of the table.
pub(super) fn tags() -> Vec<Value> {
    let mut known = BTreeSet::new();
    let tags = OPERATIONS.iter().map(|operation| operation.resource);
    let tags = tags.filter(|tag| known.insert(*tag));
    tags.map(|tag| json!({ "name": tag })).collect()
}

/// A line about an operation: the first of its row's comment, or one made of its name.
pub(super) fn summary(operation: &Operation) -> String {
    let first = operation.doc.trim().split(". ").next().unwrap_or_default();
    if !first.is_empty() {
        return first.trim_end_matches('.').to_owned();
    }
    let verb = operation.name.split_once("::").map_or("", |(_, verb)| verb);
    let plural = operation.resource.replace('_', " ");
    let single = article(&singular(&plural));
    match verb {
        "create" => format!("Make {single}"),
        "list" => format!("List {plural}"),
        "search" => format!("Search {plural}"),
        "retrieve" => format!("Look at {single}"),
        "update" => format!("Change {single}"),
        _ => format!("{} {single}", sentence(&verb.replace('_', " "))),
    }
}

/// The name of an operation for programs: unique, and the same for ever.
pub(super) fn id(operation: &Operation) -> String {
    let path = operation.path.trim_start_matches("/v1/");
    let parts = path.split('/').map(|part| part.trim_matches(['{', '}']));
    let path = parts.collect::<Vec<_>>().join("_");
    format!("{}_{path}", operation.method.to_ascii_lowercase())
}

fn singular(plural: &str) -> String {
    match plural {
        "held funds" => plural.to_owned(),
        "balance" => "balance".to_owned(),
        _ => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
    }
}

fn article(noun: &str) -> String {
    match noun.as_bytes().first() {
        _ if ["held funds", "balance"].contains(&noun) => format!("the {noun}"),
        Some(b'a' | b'e' | b'i' | b'o') => format!("an {noun}"),
        Some(_) | None => format!("a {noun}"),
    }
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
