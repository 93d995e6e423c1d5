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
    tags.map(|tag| json!({ "name": tag, "x-displayName": sentence(&plural_noun(tag)) })).collect()
}

/// A line about an operation: the first of its row's comment, or one made of what it does and of
/// what, as its path says.
pub(super) fn summary(operation: &Operation) -> String {
    let first = operation.doc.trim().split(". ").next().unwrap_or_default();
    if !first.is_empty() {
        return first.trim_end_matches('.').to_owned();
    }
    let (module, verb) = operation.name.split_once("::").unwrap_or_default();
    let Subject { plural, owner } = Subject::of(operation);
    let one = singular(&plural);
    let a = with_article(&one);
    let (of, to) = match owner {
        Some(owner) => (format!(" of {owner}"), format!(" for {owner}")),
        None => (String::new(), String::new()),
    };
    match verb {
        _ if module == "search" => format!("Search {plural}"),
        "create" => format!("Create {a}{to}"),
        "list" if of.is_empty() => format!("List {plural}"),
        "list" => format!("List the {plural}{of}"),
        "retrieve" => format!("Retrieve {a}{of}"),
        "update" => format!("Update {a}{of}"),
        "delete" => format!("Delete {a}{of}"),
        // Whatever else is done to an object is the last word of its path.
        _ => format!("{} {a}", sentence(&spaced(last_word(operation.path)))),
    }
}

/// What an operation is about.
struct Subject {
    /// `external accounts`.
    plural: String,
    /// Whose they are: `an account`.
    owner: Option<String>,
}

impl Subject {
    fn of(operation: &Operation) -> Subject {
        // The collections of the path, each but the last followed by an id.
        let words: Vec<&str> = operation.path.trim_start_matches("/v1/").split('/').collect();
        let resource = plural_noun(operation.resource);
        let first = words.iter().position(|word| is_id(word)).unwrap_or(words.len());
        let inner = words.get(first + 1).copied();
        let is_nested = words.get(first + 2).is_some_and(|word| is_id(word))
            || operation.name.ends_with("::list")
            || operation.name.ends_with("::create");
        match inner {
            Some(inner) if is_nested => {
                let outer = plural_noun(words.get(first - 1).copied().unwrap_or_default());
                let owner = Some(with_article(&singular(&outer)));
                Subject { plural: plural_noun(inner), owner }
            }
            Some(_) | None => Subject { plural: resource, owner: None },
        }
    }
}

fn is_id(word: &str) -> bool {
    word.starts_with('{')
}

fn last_word(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// The name of an operation for programs: unique, and the same for ever.
pub(super) fn id(operation: &Operation) -> String {
    let path = operation.path.trim_start_matches("/v1/");
    let parts = path.split('/').map(|part| part.trim_matches(['{', '}']));
    let path = parts.collect::<Vec<_>>().join("_");
    format!("{}_{path}", operation.method.to_ascii_lowercase())
}

/// The name of a resource as people write it.
fn plural_noun(resource: &str) -> String {
    match resource {
        "api_keys" => "API keys".to_owned(),
        _ => spaced(resource),
    }
}

fn singular(plural: &str) -> String {
    match plural {
        "held funds" => plural.to_owned(),
        _ => match plural.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
        },
    }
}

fn with_article(noun: &str) -> String {
    match noun.as_bytes().first().map(u8::to_ascii_lowercase) {
        // What cannot be counted, and what there is only one of.
        _ if noun == "held funds" => noun.to_owned(),
        _ if noun == "balance" => format!("the {noun}"),
        Some(b'a' | b'e' | b'i' | b'o') => format!("an {noun}"),
        Some(_) | None => format!("a {noun}"),
    }
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
